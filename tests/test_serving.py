"""The server as clients meet it: its limits, its end, and the processes under the supervisor."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from tests.support.processes import ROOT, ServerProcess
from tests.support.waiting import eventually

APP = "tests.serving_app"


@pytest.fixture(scope="module")
def server() -> Iterator[ServerProcess]:
    with ServerProcess(APP, "one") as process:
        yield process


def connect(server: ServerProcess) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=5)


def answer(connection: socket.socket) -> bytes:
    """All that comes until the server closes."""
    said = b""
    while piece := connection.recv(65536):
        said += piece
    return said


def ask(server: ServerProcess, request: bytes) -> bytes:
    with connect(server) as connection:
        connection.sendall(request)
        return answer(connection)


# --- Limits --------------------------------------------------------------------------------------------------------


def test_headers_that_drip_are_ended_by_the_clock(server: ServerProcess) -> None:
    began = time.monotonic()
    with connect(server) as connection:
        connection.sendall(b"GET /pid HTTP/1.1\r\n")
        connection.settimeout(0.1)
        said = b""
        while not said and time.monotonic() - began < 5:
            connection.sendall(b"X")
            with contextlib.suppress(TimeoutError):
                said = connection.recv(4096)
    assert said.startswith(b"HTTP/1.1 408 ")
    assert time.monotonic() - began < 2


def test_a_request_line_that_drips_is_ended_by_the_clock(server: ServerProcess) -> None:
    with connect(server) as connection:
        connection.sendall(b"GET /p")
        assert answer(connection).startswith(b"HTTP/1.1 408 ")


def test_a_connection_that_says_nothing_is_not_kept(server: ServerProcess) -> None:
    with connect(server) as connection:
        assert answer(connection) == b""


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\n" + b"X-A: " + b"y" * 40_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + (b"X-A: " + b"y" * 500 + b"\r\n") * 90 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n", 400),
        (b"POST /echo HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", 413),
        (b"POST /echo HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST /echo HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
        (b"POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", 411),
        (b"POST /echo HTTP/1.1\r\nTransfer-Encoding: x\r\nContent-Length: 3\r\n\r\nabc", 411),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"NONSENSE\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400),
    ],
)
def test_what_no_client_should_send_is_refused(server: ServerProcess, request_bytes: bytes, status: int) -> None:
    assert ask(server, request_bytes).startswith(b"HTTP/1.1 %d " % status)
    assert "Traceback" not in server.log()


def test_a_program_that_sends_far_too_much_is_told_so_in_its_own_terms(server: ServerProcess) -> None:
    said = ask(server, b"POST /api/v1/groups HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n")
    head, _blank, body = said.partition(b"\r\n\r\n")
    assert b"Content-Type: application/problem+json" in head
    assert json.loads(body)["code"] == "too_large"


def test_what_a_client_sent_is_not_in_the_log(server: ServerProcess) -> None:
    ask(server, b"SECRET-WORD\r\n\r\n")
    assert "SECRET-WORD" not in server.log()


def test_answers_tell_nothing_about_the_software(server: ServerProcess) -> None:
    said = ask(server, b"GET /pid HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").lower()
    assert said.startswith(b"http/1.1 200 ok")
    for word in (b"server:", b"gevent", b"python", b"werkzeug"):
        assert word not in said


def test_a_header_with_an_underscore_cannot_pose_as_another(server: ServerProcess) -> None:
    said = ask(server, b"GET /who HTTP/1.1\r\nHost: a\r\nX_Forwarded_For: 6.6.6.6\r\nConnection: close\r\n\r\n")
    assert b"6.6.6.6" not in said


def test_a_connection_carries_several_requests(server: ServerProcess) -> None:
    with requests.Session() as session:
        for body in (b"one", b"two" * 50_000, b""):
            assert session.post(f"http://127.0.0.1:{server.port}/echo", data=body, timeout=5).content == body


def test_who_sends_requests_without_end_has_no_more_than_a_turn(server: ServerProcess) -> None:
    requests_ahead = b"GET /pid HTTP/1.1\r\nHost: here\r\n\r\n" * 500
    over = threading.Event()
    with connect(server) as flooder, contextlib.ExitStack() as stack:

        def pour() -> None:
            with contextlib.suppress(OSError):
                while not over.is_set():
                    flooder.sendall(requests_ahead)

        def drain() -> None:
            with contextlib.suppress(OSError):
                while flooder.recv(65536):
                    pass

        for work in (pour, drain):
            thread = threading.Thread(target=work)
            thread.start()
            stack.callback(thread.join)
        stack.callback(flooder.shutdown, socket.SHUT_RDWR)
        stack.callback(over.set)
        time.sleep(0.2)
        for _turn in range(5):
            assert requests.get(f"http://127.0.0.1:{server.port}/pid", timeout=5).ok


def test_a_plain_request_that_asks_for_an_upgrade_is_the_last_of_its_connection(server: ServerProcess) -> None:
    smuggled = b"GET /pid HTTP/1.1\r\n\r\n"
    said = ask(
        server,
        b"GET /who HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nContent-Length: %d\r\n\r\n" % len(smuggled) + smuggled,
    )
    assert said.count(b"HTTP/1.1 ") == 1


# --- The end -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_at_once_with_idle_connections_open(how: signal.Signals) -> None:
    with ServerProcess(APP, "one") as server, requests.Session() as session:
        session.get(f"http://127.0.0.1:{server.port}/pid", timeout=5)
        began = time.monotonic()
        server.signal(how)
        assert server.wait() == 0
        assert time.monotonic() - began < 2


def test_a_running_request_is_answered_before_the_end() -> None:
    with ServerProcess(APP, "one") as server, connect(server) as connection:
        connection.sendall(b"GET /slow HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        time.sleep(0.2)
        server.signal(signal.SIGTERM)
        assert answer(connection).endswith(b"done")
        assert server.wait() == 0


def test_a_port_in_use_is_said_in_one_line(server: ServerProcess) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app.serving", "--port", str(server.port)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2
    assert f"port {server.port}" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_database_that_does_not_answer_is_said_in_one_line(tmp_path: Path, processes: str) -> None:
    with socket.socket() as closed, socket.socket() as spare:  # bound, and never listening: who connects is refused
        closed.bind(("127.0.0.1", 0))
        spare.bind(("127.0.0.1", 0))
        port = spare.getsockname()[1]
        spare.close()
        nobody = f"127.0.0.1:{closed.getsockname()[1]}"
        env = {
            "DATABASE_URL": f"postgresql://chapeau:secret@{nobody}/chapeau",
            "REDIS_URL": f"redis://{nobody}/0",
            "WEB_CONCURRENCY": processes,
            "INSTANCE_PATH": str(tmp_path),
            "PORT": str(port),
        }
        done = subprocess.run(
            [sys.executable, "-m", "app.serving"],
            cwd=ROOT,
            env=os.environ | env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 2, done.stderr
    assert "Check DATABASE_URL" in done.stderr
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr


# --- Several processes ---------------------------------------------------------------------------------------------


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[ServerProcess, Callable[[int], int]]]:
    """Two processes under a supervisor, and the process id of each by its number."""
    with ServerProcess(APP, "several", str(tmp_path)) as server:
        yield server, lambda number: int((tmp_path / f"worker-{number}").read_text())


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def answering(server: ServerProcess) -> set[int]:
    return {int(requests.get(f"http://127.0.0.1:{server.port}/pid", timeout=5).text) for _ in range(5)}


def test_a_process_that_is_killed_comes_back(pair: tuple[ServerProcess, Callable[[int], int]]) -> None:
    server, pid_of = pair
    eventually(lambda: server.log().count("port ") == 2)
    before = {pid_of(0), pid_of(1)}
    assert answering(server) <= before
    os.kill(pid_of(1), signal.SIGKILL)
    eventually(lambda: pid_of(1) not in before and server.log().count("port ") == 3)
    os.kill(pid_of(0), signal.SIGKILL)
    eventually(lambda: pid_of(0) not in before)
    assert answering(server).isdisjoint(before)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_all_processes_end_with_the_supervisor(
    pair: tuple[ServerProcess, Callable[[int], int]], how: signal.Signals
) -> None:
    server, pid_of = pair
    eventually(lambda: server.log().count("port ") == 2)
    server.signal(how)
    assert server.wait() == 0
    assert not alive(pid_of(0))
    assert not alive(pid_of(1))


def test_no_process_outlives_a_supervisor_that_was_killed(pair: tuple[ServerProcess, Callable[[int], int]]) -> None:
    server, pid_of = pair
    eventually(lambda: server.log().count("port ") == 2)
    server.signal(signal.SIGKILL)
    eventually(lambda: not alive(pid_of(0)) and not alive(pid_of(1)))


def test_what_must_come_first_has_ended_before_the_others_begin(tmp_path: Path) -> None:
    with ServerProcess(APP, "several", str(tmp_path)):
        first = int((tmp_path / "first").read_text())
        assert first not in {int(path.read_text()) for path in tmp_path.glob("worker-*")}
        assert not alive(first)


def test_processes_that_keep_failing_are_given_up() -> None:
    with ServerProcess(APP, "failing") as server:
        assert server.wait(15) == 1
        assert "giving up" in server.log()
