"""Fan-out: how fast a comment reaches everybody in the room, and what that costs the server.

Three servers take the same load in turn, from a client process of their own:

- `library`    Flask-SocketIO on gevent as it comes, comments kept in memory: the reference;
- `transport`  the same few lines on our transport;
- `house`      the whole application: rights, transaction, hash chain, then the room.

Members are real websockets. Two comments are in flight at any time. Read the ratios, not the seconds: a machine gives
what it gives. CPU a delivery is the steadier measure, since the load generator shares the machine.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from bench.fanout.servers import house, small
from bench.fanout.table import print_table


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark. Returns 1 if anything was lost, doubled or out of order."""
    parser = argparse.ArgumentParser(prog="chapeau bench fanout", description="Fan-out of comments to a live room.")
    parser.add_argument("-n", "--members", type=int, default=200)
    parser.add_argument("-m", "--comments", type=int, default=200)
    parser.add_argument("--only", choices=["library", "transport", "house"], action="append")
    given = parser.parse_args(arguments)
    wanted = given.only or ["library", "transport", "house"]
    results = []
    for name in wanted:
        with house() if name == "house" else small(name) as server:
            results.append(server.load(name, given.members, given.comments))
    print_table(results)
    return 0 if all(result.whole for result in results) else 1
