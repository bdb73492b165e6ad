"""What `./chapeau test` runs: linters, layer contracts, every test on SQLite, then the database's on PostgreSQL.

With arguments, they go to pytest alone: `./chapeau test tests/live -k focus`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

LINTERS = (
    ("ruff", [str(BIN / "ruff"), "check", "."]),
    ("ruff format", [str(BIN / "ruff"), "format", "--check", "."]),
    ("mypy", [str(BIN / "mypy")]),
    ("layers", [str(BIN / "lint-imports")]),
)
PYTEST = [sys.executable, "-m", "pytest"]


def main(arguments: list[str]) -> int:
    if arguments:
        return subprocess.call([*PYTEST, *arguments], cwd=ROOT)
    steps: list[tuple[str, list[str], dict[str, str]]] = [(name, command, {}) for name, command in LINTERS]
    # A browser that is missing is brought here; where none can be had, the tests say so at their end.
    steps.append(("browser", [sys.executable, "-m", "tests.support.browser", "--ensure"], {}))
    steps.append(("tests on SQLite", [*PYTEST, "-n", "auto", "-q"], {}))
    on_postgresql = {"CHAPEAU_TEST_DATABASE": "postgresql"}
    steps.append(("tests on PostgreSQL", [*PYTEST, "-n", "auto", "-q", "-m", "database"], on_postgresql))
    failed = [name for name, command, env in steps if not _run(name, command, env)]
    if "browser" in failed and os.environ.get("CI") != "true":
        failed.remove("browser")
    if failed:
        print(f"\nFailed: {', '.join(failed)}")
    return 1 if failed else 0


def _run(name: str, command: list[str], env: dict[str, str]) -> bool:
    print(f"\n== {name}", flush=True)
    begin = time.monotonic()
    code = subprocess.call(command, cwd=ROOT, env=os.environ | env)
    print(f"== {name}: {'ok' if code == 0 else 'FAILED'} in {time.monotonic() - begin:.0f} s", flush=True)
    return code == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
