"""A server of the tests in a process of its own: gevent patches a whole process, and the tests' must stay plain."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parents[2]
START = 20.0
"""Seconds until a server must have said its port."""


class ServerProcess:
    """Runs `python -m MODULE` that prints `port N` when it serves. Use it as a context manager."""

    def __init__(self, module: str, *arguments: str, **env: str) -> None:
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env={**os.environ, **env, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        self.port = self._wait_for_port()

    @property
    def pid(self) -> int:
        return self._process.pid

    def log(self) -> str:
        """What the process has printed so far, both streams."""
        return os.pread(self._log.fileno(), 1 << 24, 0).decode("utf-8", "replace")

    def signal(self, what: signal.Signals) -> None:
        self._process.send_signal(what)

    def wait(self, seconds: float = 10.0) -> int:
        """Wait for the end. Returns the exit status."""
        return self._process.wait(seconds)

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._log.close()

    def __enter__(self) -> ServerProcess:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _wait_for_port(self) -> int:
        deadline = time.monotonic() + START
        while time.monotonic() < deadline and self._process.poll() is None:
            for line in self.log().splitlines():
                if line.startswith("port "):
                    return int(line.split()[1])
            time.sleep(0.02)
        said = self.log()
        self.stop()
        raise RuntimeError(f"the server did not start:\n{said}")
