"""Serves the site: the one module that sets up gevent, and what `./chapeau serve` runs.

One process serves thousands of sockets from one loop. With WEB_CONCURRENCY above 1 a small supervisor, which itself
loads neither gevent nor the app, forks that many processes around one listening socket and replaces those that die.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from config import Settings, SettingsError, load_settings

if TYPE_CHECKING:
    from flask_socketio import SocketIO

BACKLOG = 1024
GRACE = 5.0
"""Seconds that running requests have to end when the server is asked to stop."""
GOODBYE = 1.0
"""Seconds that websockets have to answer the close; a client that is there answers at once."""
QUICK_DEATH = 5.0
"""A process that dies within so many seconds of its start counts as failing."""
FAILURES = 5
"""After so many failures in a row the supervisor gives up: whoever runs it must see that."""
DESCRIPTORS = 65536


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to stop. Returns the exit status."""
    try:
        settings = _settings(arguments)
        listener = listen(settings.host, settings.port)
    except (SettingsError, OSError) as error:
        return _refused(error)
    _raise_descriptor_limit()
    if settings.processes == 1:
        try:
            return run(settings, listener)
        except SettingsError as error:
            return _refused(error)
    return Supervisor(settings.processes, lambda number, orphaned: run(settings, listener, number, orphaned)).run(
        first=lambda: _prepare_only(settings)
    )


def _refused(error: Exception) -> int:
    print(f"Chapeau cannot start: {error}", file=sys.stderr)
    return 2


def _settings(arguments: Sequence[str] | None) -> Settings:
    parser = argparse.ArgumentParser(prog="chapeau serve", description="Serve the site.")
    parser.add_argument("--host", help="address to listen on (default: HOST, else 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (default: PORT, else 8000)")
    given = parser.parse_args(arguments)
    env = dict(os.environ)
    if given.host is not None:
        env["HOST"] = given.host
    if given.port is not None:
        env["PORT"] = str(given.port)
    return load_settings(env)


def listen(host: str, port: int) -> socket.socket:
    """A listening TCP socket. Raises OSError that names the address."""
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
    except OSError as error:
        listener.close()
        raise OSError(f"{host} port {port}: {error.strerror}") from None
    listener.listen(BACKLOG)
    listener.setblocking(False)
    return listener


def _raise_descriptor_limit() -> None:
    """Each socket takes a file descriptor, and many systems allow 1024 unless one asks for more."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, DESCRIPTORS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(ValueError, OSError):  # some systems name a hard limit that they do not grant
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


# --- One process ---------------------------------------------------------------------------------------------------


def patch() -> None:
    """Make the standard library cooperate with gevent's loop: before anything that makes locks is imported."""
    from gevent import monkey

    monkey.patch_all()


def run(settings: Settings, listener: socket.socket, number: int = 0, orphaned: int | None = None) -> int:
    """Serve from this process. Process 0 prepares the database and greets.

    `orphaned` is a file descriptor that reads as ended when the supervisor is gone.
    """
    patch()
    from app import create_app, startup
    from app.extensions import socketio

    app = create_app(settings)
    _join_bus(settings)
    demo = _prepare(app, settings) if number == 0 else False
    startup.begin(app)
    serve(
        app,
        socketio,
        listener,
        several=settings.processes > 1,
        orphaned=orphaned,
        ready=lambda port: startup.greet(settings, demo, settings.host, port) if number == 0 else None,
    )
    return 0


def _join_bus(settings: Settings) -> None:
    """Hear of what other processes commit."""
    if settings.redis_url:
        import redis

        from app.record import bus

        bus.connect(redis.Redis.from_url(settings.redis_url))
        threading.Thread(target=bus.pump, name="bus", daemon=True).start()


def _prepare_only(settings: Settings) -> int:
    """Migrate and load before several processes start to serve."""
    patch()
    from app import create_app

    try:
        _prepare(create_app(settings), settings)
    except SettingsError as error:
        return _refused(error)
    return 0


def _prepare(app: Any, settings: Settings) -> bool:
    """`startup.prepare`; raises SettingsError where the database does not answer."""
    from sqlalchemy.exc import OperationalError

    from app import startup

    try:
        return startup.prepare(app, settings)
    except OperationalError as error:
        why = str(error.orig).strip().splitlines()[0]
        raise SettingsError(f"the database does not answer. Check DATABASE_URL. ({why})") from None


def serve(
    app: Any,
    socketio: SocketIO,
    listener: socket.socket,
    *,
    several: bool = False,
    orphaned: int | None = None,
    ready: Callable[[int], None] = lambda port: None,
) -> None:
    """Serve a WSGI app and its sockets on `listener` until SIGTERM or SIGINT, then end what runs in good order.

    Needs `patch` before. `ready` is called with the port once the loop accepts.
    """
    import gevent
    from gevent.event import Event

    from app.live.transport import say_goodbye
    from app.webserver import WebServer

    stop = Event()
    gevent.signal_handler(signal.SIGTERM, stop.set)
    if orphaned is None:
        gevent.signal_handler(signal.SIGINT, stop.set)
    else:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal, for the whole group: the supervisor says it
        gevent.spawn(_stop_when_orphaned, orphaned, stop)
    server = WebServer(listener, app, several=several)
    server.start()
    gc.collect()
    gc.freeze()  # what is loaded stays: the collector need not walk through it while people wait
    ready(server.server_port)
    stop.wait()
    if orphaned is None:
        gevent.signal_handler(signal.SIGINT, os._exit, 1)  # asked twice from a terminal: at once
    server.stop_accepting()
    say_goodbye(socketio, GOODBYE)
    server.end(GRACE)


def _stop_when_orphaned(descriptor: int, stop: Any) -> None:
    from gevent.os import make_nonblocking, nb_read

    make_nonblocking(descriptor)
    while nb_read(descriptor, 1):
        continue
    stop.set()


# --- Several processes ---------------------------------------------------------------------------------------------


class Supervisor:
    """Keeps `count` processes alive, each running `work(number, orphaned)`, and passes signals on.

    It stays small on purpose: no threads, no gevent, no app, so that a fork copies nothing that must not be copied.
    """

    def __init__(self, count: int, work: Callable[[int, int], int]) -> None:
        self._count = count
        self._work = work
        self._children: dict[int, tuple[int, float]] = {}
        """Process id to the number that it serves under, and when it was started."""
        self._stopping = False
        self._failures = 0
        # Nobody writes to this pipe. The children see its end when this process is gone, however it went.
        self._alive, self._lifeline = os.pipe()

    def run(self, first: Callable[[], int] = lambda: 0) -> int:
        """Run `first` in a process of its own; if it ends well, start the others. Returns the exit status."""
        if status := self._wait_for(self._fork(lambda: first())):
            return status
        for wanted in (signal.SIGTERM, signal.SIGINT):
            signal.signal(wanted, self._stop)
        signal.signal(signal.SIGALRM, self._kill)
        for number in range(self._count):
            self._start(number)
        while self._children:
            pid, status = os.waitpid(-1, 0)
            if pid in self._children:
                self._ended(*self._children.pop(pid), os.waitstatus_to_exitcode(status))
        return 1 if self._failures >= FAILURES else 0

    def _start(self, number: int) -> None:
        pid = self._fork(lambda: self._work(number, self._alive))
        self._children[pid] = (number, time.monotonic())

    def _ended(self, number: int, started: float, status: int) -> None:
        if self._stopping:
            return
        quick = time.monotonic() - started < QUICK_DEATH
        self._failures = self._failures + 1 if quick else 0
        print(f"Process {number} ended with status {status}", file=sys.stderr, flush=True)
        if self._failures >= FAILURES:
            print("The processes keep failing: giving up", file=sys.stderr, flush=True)
            self._stop()
            return
        if quick:
            time.sleep(0.2 * self._failures)
        if not self._stopping:
            self._start(number)

    def _stop(self, *_signal: object) -> None:
        """Ask all to end, and end those that do not by an alarm."""
        self._stopping = True
        self._tell(signal.SIGTERM)
        signal.alarm(int(GRACE) + 5)

    def _kill(self, *_signal: object) -> None:
        self._tell(signal.SIGKILL)

    def _tell(self, what: signal.Signals) -> None:
        for pid in list(self._children):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, what)

    def _fork(self, work: Callable[[], int]) -> int:
        assert threading.active_count() == 1, "a fork would copy locks that other threads hold"
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid:
            return pid
        status = 1
        try:
            os.close(self._lifeline)
            for wanted in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
                signal.signal(wanted, signal.SIG_DFL)
            status = work()
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    @staticmethod
    def _wait_for(pid: int) -> int:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


if __name__ == "__main__":
    sys.exit(main())
