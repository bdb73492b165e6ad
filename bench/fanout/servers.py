"""The servers under load: started, loaded, measured and stopped."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from app.web.numbers import LARGEST
from bench.fanout.table import Result

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0
POSTERS = ("ken", "bra", "che", "ind", "fra", "egy", "mex", "sgp")
"""Delegations of the demo world whose tokens the members of the house share."""


class Server:
    """A running server, the session that members join, and tokens to join with."""

    def __init__(self, process: subprocess.Popen[str], port: int, session: str, tokens: list[str]) -> None:
        self._process = psutil.Process(process.pid)
        self._given = {"port": port, "session": session, "tokens": tokens}

    def load(self, name: str, members: int, comments: int) -> Result:
        """Put the load on it. Raises RuntimeError with what the client says when it cannot."""
        idle = self._process.memory_info().rss
        with subprocess.Popen(
            [sys.executable, "-m", "bench.fanout.client"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        ) as client:  # fmt: skip
            assert client.stdin is not None
            assert client.stdout is not None
            after = LARGEST  # nothing of what was said before: members come for what is new
            _tell(client, json.dumps(self._given | {"members": members, "comments": comments, "after": after}))
            if client.stdout.readline().strip() != "joined":
                raise RuntimeError(f"{name}: {client.communicate()[1][-1000:]}")
            time.sleep(0.5)
            per_member = (self._process.memory_info().rss - idle) / members
            before = sum(self._process.cpu_times()[:2])
            _tell(client, "go")
            said, error = client.communicate(timeout=PATIENCE)
            cpu = sum(self._process.cpu_times()[:2]) - before
        if not said:
            raise RuntimeError(f"{name}: {error[-1000:]}")
        return Result.of(name, json.loads(said), cpu, per_member)


def _tell(client: subprocess.Popen[str], line: str) -> None:
    assert client.stdin is not None
    client.stdin.write(line + "\n")
    client.stdin.flush()


@contextlib.contextmanager
def small(kind: str) -> Iterator[Server]:
    """The smallest room: `library` or `transport`."""
    command = [sys.executable, "-m", "bench.fanout.small", kind]
    with _running(command, {}, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline().split()[1])
        yield Server(process, port, "1", ["anybody"])


@contextlib.contextmanager
def house() -> Iterator[Server]:
    """The whole application on a database of its own, with the demo world and its open session."""
    with tempfile.TemporaryDirectory(prefix="chapeau-bench-") as instance:
        port = _free_port()
        env = {"INSTANCE_PATH": instance, "RATELIMIT_ENABLED": "0", "PORT": str(port), "HOST": "127.0.0.1",
               "DATABASE_URL": "", "REDIS_URL": "", "WEB_CONCURRENCY": "1"}  # fmt: skip
        with _running([sys.executable, "-m", "app.serving"], env, stdout=subprocess.DEVNULL) as process:
            base = f"http://127.0.0.1:{port}"
            _wait_until_ready(process, f"{base}/readyz")
            tokens = [_token(f"{code}@chapeau.example", env) for code in POSTERS]
            yield Server(process, port, _open_session(base, tokens[0]), tokens)


@contextlib.contextmanager
def _running(command: list[str], env: dict[str, str], stdout: int) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | env, stdout=stdout, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_until_ready(process: subprocess.Popen[str], url: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.2)
    raise RuntimeError("the application did not become ready")


def _token(email: str, env: dict[str, str]) -> str:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "token", "issue", email]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | env, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _open_session(base: str, token: str) -> str:
    """The id of the demo world's open session."""
    request = urllib.request.Request(f"{base}/api/v1/sessions?state=open", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        sessions: list[dict[str, Any]] = json.load(answer)["items"]
    return str(sessions[0]["id"])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
