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
MEMORY = Path("/dev/shm")
ROOM = 3 << 30
"""Bytes that the tests may need at most, with room to spare."""


def main(arguments: list[str]) -> int:
    os.environ.update(_scratch())
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


def _scratch() -> dict[str, str]:
    """Where the tests write: in memory where there is room, for they make a thousand databases of three hundred files.

    Programs are started from there too, so that a place without execution will not do.
    """
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK | os.X_OK):
        return {}
    found = os.statvfs(MEMORY)
    fits = found.f_bavail * found.f_frsize >= ROOM and not found.f_flag & os.ST_NOEXEC
    return {"TMPDIR": str(MEMORY)} if fits else {}


def _run(name: str, command: list[str], env: dict[str, str]) -> bool:
    print(f"\n== {name}", flush=True)
    begin = time.monotonic()
    code = subprocess.call(command, cwd=ROOT, env=os.environ | env)
    print(f"== {name}: {'ok' if code == 0 else 'FAILED'} in {time.monotonic() - begin:.0f} s", flush=True)
    return code == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
