"""A tiny app behind the real server, for the tests of serving. Its limits are short, so that tests need not wait."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from app.serving import Supervisor, listen, patch, serve


def site(orphaned: int | None = None, listener_port: int = 0) -> None:
    """One process."""
    listener = listen("127.0.0.1", listener_port)
    run(listener, orphaned)


def run(listener: object, orphaned: int | None = None) -> None:
    patch()
    from flask import Flask, request
    from flask_socketio import SocketIO

    from app import webserver
    from app.live import transport

    webserver.HEADER_SECONDS = 0.6
    webserver.IDLE_SECONDS = 30.0
    app = Flask(__name__)
    socketio = SocketIO(app, async_mode="gevent", serializer=transport.LivePacket)
    transport.install(socketio)

    @app.post("/echo")
    def echo() -> bytes:
        return request.get_data()

    @app.get("/pid")
    def pid() -> str:
        return str(os.getpid())

    @app.get("/slow")
    def slow() -> str:
        time.sleep(1)
        return "done"

    @app.get("/who")
    def who() -> dict[str, str]:
        return {name: str(value) for name, value in request.environ.items() if name.isupper()}

    serve(
        app,
        socketio,
        listener,  # type: ignore[arg-type]
        several=orphaned is not None,
        orphaned=orphaned,
        ready=lambda port: print("port", port, flush=True),
    )


def several() -> int:
    """Two processes under the supervisor. Their numbers and process ids are noted in the directory given."""
    listener = listen("127.0.0.1", 0)
    notes = Path(sys.argv[2])

    def work(number: int, orphaned: int) -> int:
        note = notes / f"worker-{number}"
        made = note.with_suffix(".made")
        made.write_text(str(os.getpid()))
        made.replace(note)  # whole or not at all: the test reads it while the next process writes it
        run(listener, orphaned)
        return 0

    def first() -> int:
        (notes / "first").write_text(str(os.getpid()))
        return 0

    return Supervisor(2, work).run(first)


def failing() -> int:
    """Two processes that cannot run."""
    print("port 0", flush=True)
    return Supervisor(2, lambda number, orphaned: 3).run()


if __name__ == "__main__":
    sys.exit({"one": site, "several": several, "failing": failing}[sys.argv[1]]())  # type: ignore[operator]
