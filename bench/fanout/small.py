"""The smallest live room there is, on either transport: `join` and `comment` of the contract, kept in memory."""

from __future__ import annotations

import sys

from app.serving import listen, patch, serve

patch()

import json  # noqa: E402
from itertools import count  # noqa: E402
from typing import Any  # noqa: E402

from flask import Flask  # noqa: E402
from flask_socketio import SocketIO, join_room  # noqa: E402

from app.live import transport  # noqa: E402

numbers = count(1)


def room_server(ours: bool) -> tuple[Flask, SocketIO]:
    """A server with the room's two commands. `ours`: on our transport, else as the library comes."""
    app = Flask(__name__)
    ours_only: dict[str, Any] = {"serializer": transport.LivePacket, "async_handlers": False} if ours else {}
    socketio = SocketIO(app, async_mode="gevent", cors_allowed_origins="*", **ours_only)
    if ours:
        transport.install(socketio)

    @socketio.on("connect", namespace="/live")
    def connect(auth: Any = None) -> None:
        """Everybody is welcome."""

    @socketio.on("join", namespace="/live")
    def join(message: dict[str, Any]) -> dict[str, Any]:
        join_room(message["session"])
        return {"ok": True, "seq": 0, "events": [], "more": False}

    @socketio.on("comment", namespace="/live")
    def comment(message: dict[str, Any]) -> dict[str, Any]:
        event = _event(message, next(numbers))
        if ours:
            transport.emit_envelope(socketio, message["session"], json.dumps(event).encode())
        else:
            socketio.emit("event", event, to=message["session"], namespace="/live")
        return {"ok": True, "seq": event["seq"]}

    return app, socketio


def _event(message: dict[str, Any], seq: int) -> dict[str, Any]:
    """An envelope of the size and shape of the record's."""
    return {
        "channel": f"session:{message['session']}",
        "seq": seq,
        "type": "comment.added",
        "at": "2026-11-23T11:05:02.123456Z",
        "actor": {"user": "31", "name": "A. Okoro", "delegation": "KEN", "on_behalf_of": None, "role": "delegate"},
        "data": {"id": message["id"], "body": message["body"], "html": f"<p>{message['body']}</p>"},
        "prev": "0" * 64,
        "hash": "0" * 64,
    }


def main() -> None:
    ours = sys.argv[1] == "transport"
    app, socketio = room_server(ours)
    listener = listen("127.0.0.1", 0)
    if ours:
        serve(app, socketio, listener, ready=lambda port: print("port", port, flush=True))
        return
    from gevent.pywsgi import WSGIServer

    print("port", listener.getsockname()[1], flush=True)
    # As `socketio.run(app)` does it, without TCP_NODELAY and with the library's own websocket.
    WSGIServer(_gevent(listener), app, log=None).serve_forever()


def _gevent(listener: Any) -> Any:
    from gevent import socket

    return socket.socket(listener.family, listener.type, fileno=listener.detach())


if __name__ == "__main__":
    main()
