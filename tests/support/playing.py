"""A session that the script plays on a served site, step by step, while somebody looks."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType

from playwright.sync_api import Page

from tests.support.server import ROOT, LiveServer


class Playing:
    """`flask demo play --step` in a process of its own. Leave it as a context manager; `said` is what it printed."""

    def __init__(self, server: LiveServer, instance: Path, *options: str) -> None:
        env = os.environ | {
            "DATABASE_URL": f"sqlite:///{instance / 'played.sqlite3'}",
            "INSTANCE_PATH": str(instance),
            "SECRET_KEY": "a-secret-for-tests-only-0123456789abcdef",
        }
        command = [sys.executable, "-u", "-m", "flask", "--app", "wsgi", "demo", "play", "--url", server.url, "--step"]
        self.process = subprocess.Popen(
            [*command, *options], cwd=ROOT, env=env, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.said: list[str] = []
        self._lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip())
        self._lines.put(None)

    @property
    def session(self) -> int:
        """The session that is played, as the first line says."""
        return int(self.until("Session ").split()[1])

    def until(self, beginning: str, page: Page | None = None, patience: float = 240) -> str:
        """Wait for a line; a page goes on living meanwhile. Raises when the script ends or says nothing."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            try:
                line = self._lines.get(timeout=0.05)
            except queue.Empty:
                if page:
                    page.wait_for_timeout(20)
                continue
            if line is None:
                break
            self.said.append(line)
            if line.startswith(beginning):
                return line
        raise AssertionError(f"it never said {beginning!r}:\n" + "\n".join(self.said))

    def to(self, mark: str, page: Page | None = None) -> None:
        """Let it go on to this mark, where it stops."""
        while self.until("mark: ", page) != f"mark: {mark}":
            self.go_on()

    def go_on(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def finish(self, page: Page | None = None, patience: float = 240) -> int:
        """Let it go on to its end. Returns its exit code."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            try:
                line = self._lines.get(timeout=0.05)
            except queue.Empty:
                if page:
                    page.wait_for_timeout(20)
                continue
            if line is None:
                return self.process.wait(10)
            self.said.append(line)
            if line.startswith("mark: "):
                self.go_on()
        raise AssertionError("it did not end:\n" + "\n".join(self.said))

    def __enter__(self) -> Playing:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.process.kill()
        self.process.wait(10)
