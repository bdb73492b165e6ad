"""A small server on the transport, for its tests: rooms, floods on demand, and a look inside."""

from __future__ import annotations

from app.serving import listen, patch, serve

patch()

import json  # noqa: E402
import logging  # noqa: E402
import os  # noqa: E402
import socket  # noqa: E402
from typing import Any  # noqa: E402

from flask import Flask, request  # noqa: E402
from flask_socketio import SocketIO, join_room  # noqa: E402

from app.live import transport  # noqa: E402

logging.basicConfig(level=logging.INFO)
app = Flask(__name__)
socketio = SocketIO(
    app,
    async_mode="gevent",
    async_handlers=False,
    serializer=transport.LivePacket,
    ping_interval=float(os.environ.get("PING_INTERVAL", "25")),
    max_http_buffer_size=4096,
    namespaces=["/live"],
)
transport.install(socketio)
disconnected: list[str] = []


def envelope(number: int, size: int = 0) -> bytes:
    return json.dumps({"seq": number, "body": "ж" * (size // 2)}, ensure_ascii=False).encode()


def sid() -> str:
    return str(request.sid)  # type: ignore[attr-defined]


@socketio.on("connect", namespace="/live")
def connect(auth: Any = None) -> None:
    """Everybody is welcome."""


@socketio.on("disconnect", namespace="/live")
def disconnect(*_reason: Any) -> None:
    disconnected.append(sid())


@socketio.on("join", namespace="/live")
def join(room: str) -> str:
    join_room(room)
    return sid()


@socketio.on("say", namespace="/live")
def say(room: str, first: int, count: int, size: int) -> int:
    for number in range(first, first + count):
        transport.emit_envelope(socketio, room, envelope(number, size))
    return count


@socketio.on("mix", namespace="/live")
def mix(room: str, first: int, size: int) -> dict[str, Any]:
    """Three ways of sending, in a known order: a ready frame, an ordinary emit, and this ack."""
    transport.emit_envelope(socketio, room, envelope(first, size))
    socketio.emit("event", {"seq": first + 1, "body": "x" * size}, to=room, namespace="/live")
    return {"seq": first + 2}


@socketio.on("inside", namespace="/live")
def inside() -> dict[str, Any]:
    """What the server knows of its clients."""
    wires = [session.wire for session in socketio.server.eio.sockets.values() if session.wire is not None]
    return {
        "sessions": len(socketio.server.eio.sockets),
        "disconnected": disconnected,
        "waiting": [wire._waiting_bytes for wire in wires],
        "nodelay": [wire._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) for wire in wires],
        "buffers": [wire._socket.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) for wire in wires],
    }


if __name__ == "__main__":
    serve(app, socketio, listen("127.0.0.1", 0), ready=lambda port: print("port", port, flush=True))
