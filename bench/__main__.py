"""`python -m bench [NAME]`: run the benchmarks, all or one, and print a table for each."""

from __future__ import annotations

import argparse
import importlib
import sys

BENCHMARKS = {
    "anchors": "where comments go when norms change, against a search by likeness",
    "fanout": "one comment to a room of many, against Flask-SocketIO as it comes",
    "text": "open, compile, compare and rebase texts that grow, against git's word diff; pages of large drafts",
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="chapeau bench", description=__doc__)
    parser.add_argument("name", nargs="?", choices=sorted(BENCHMARKS), help="the benchmark (default: all)")
    given, rest = parser.parse_known_args()
    for name in [given.name] if given.name else sorted(BENCHMARKS):
        print(f"\n{name}: {BENCHMARKS[name]}\n")
        if status := importlib.import_module(f"bench.{name}").main(rest):
            return int(status)
    return 0


if __name__ == "__main__":
    sys.exit(main())
