"""One directory for one run of the tests, shared by all its processes and gone when the run ends.

The first process that asks makes it and owns it; processes started later (workers of pytest-xdist, servers under
test) find it through the environment.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

VARIABLE = "CHAPEAU_TEST_RUN"

# Ends what the run started, also when the owner was killed and could not: one small shell that watches the owner.
GUARD = """
trap '' INT
while kill -0 "$1" 2>/dev/null; do sleep 1; done
for file in "$2"/*.pid; do [ -f "$file" ] && kill -INT "$(cat "$file")" 2>/dev/null; done
sleep 1
rm -rf "$2"
"""


def run_dir() -> Path:
    """The directory of this run. Others may walk through it (a server may run as another user) but not list it."""
    if known := os.environ.get(VARIABLE):
        return Path(known)
    path = Path(tempfile.mkdtemp(prefix="chapeau-"))
    path.chmod(0o711)
    os.environ[VARIABLE] = str(path)
    guard = subprocess.Popen(
        ["/bin/sh", "-c", GUARD, "guard", str(os.getpid()), str(path)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    atexit.register(_clear, os.getpid(), path, guard)
    return path


@contextlib.contextmanager
def locked(name: str) -> Iterator[None]:
    """Only one process of the run is inside at a time."""
    with (run_dir() / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def spawn(command: list[str], name: str, user: int | None = None) -> subprocess.Popen[bytes]:
    """Start a server that outlives the worker which asked for it and ends with the run. Its output: NAME.log."""
    with (run_dir() / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, user=user, start_new_session=True, cwd="/"
        )
    (run_dir() / f"{name}.pid").write_text(str(process.pid))
    return process


def stop_all() -> None:
    """End the servers of this run. Runs by itself at the end."""
    for file in run_dir().glob("*.pid"):
        _stop(int(file.read_text()))
        file.unlink()


def _clear(owner: int, path: Path, guard: subprocess.Popen[bytes]) -> None:
    if os.getpid() != owner:  # a fork of the owner ends: the run goes on
        return
    stop_all()
    guard.kill()
    guard.wait()
    shutil.rmtree(path, ignore_errors=True)


def _stop(pid: int) -> None:
    """Ask a server to end now (SIGINT: PostgreSQL's fast shutdown), then insist."""
    for which, patience in ((signal.SIGINT, 5.0), (signal.SIGKILL, 2.0)):
        try:
            os.kill(pid, which)
        except ProcessLookupError:
            return
        if _gone(pid, patience):
            return
    print(f"process {pid} of the tests would not end", file=sys.stderr)


def _gone(pid: int, patience: float) -> bool:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            if os.waitpid(pid, os.WNOHANG)[0]:
                return True
        except ChildProcessError:  # started by a worker that ended before: no child of ours
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                return True
        time.sleep(0.02)
    return False
