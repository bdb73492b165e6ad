"""A member of a room, written against the wire: every frame in its order, and bad manners on demand."""

from __future__ import annotations

import json
import socket
import struct
from typing import Any

import websocket
from websocket import ABNF


class Member:
    """A websocket to the namespace /live. `receive_buffer` small makes a client that can be slow."""

    def __init__(self, port: int, *, room: str | None = None, receive_buffer: int | None = None) -> None:
        options = [(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)] if receive_buffer else []
        self.ws = websocket.create_connection(
            f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket", timeout=10, sockopt=options
        )
        self.opening = json.loads(self.next()[1:])
        self._acks = 0
        self.ws.send("40/live,{}")
        assert self.next().startswith("40/live,")
        self.sid = self.call("join", room) if room else None

    def next(self) -> str:
        """The next text frame. Answers the heartbeat, as every client does."""
        while True:
            frame = self.ws.recv_frame()
            assert frame.opcode != ABNF.OPCODE_CLOSE, f"closed with {close_code(frame)}"
            if frame.opcode == ABNF.OPCODE_TEXT:
                text: str = frame.data.decode("utf-8")
                if text != "2":
                    return text
                self.ws.send("3")

    def send(self, event: str, *arguments: Any) -> int:
        """Send a command. Returns the number of its ack."""
        self._acks += 1
        self.ws.send(f"42/live,{self._acks}{json.dumps([event, *arguments])}")
        return self._acks

    def call(self, event: str, *arguments: Any) -> Any:
        """Send a command and return what its ack says. What comes before is dropped."""
        wanted = f"43/live,{self.send(event, *arguments)}"
        while not (text := self.next()).startswith(wanted):
            pass
        return json.loads(text[len(wanted) :])[0]

    def seqs(self, count: int) -> list[int]:
        """The numbers of the next `count` frames, events and acks alike."""
        return [seq_of(self.next()) for _ in range(count)]

    def closed_with(self) -> int | None:
        """Read to the end of the connection. Returns the close code, None if it just ended."""
        try:
            while True:
                frame = self.ws.recv_frame()
                if frame.opcode == ABNF.OPCODE_CLOSE:
                    return close_code(frame)
        except (websocket.WebSocketConnectionClosedException, ConnectionError):
            return None

    def vanish(self) -> None:
        """Be gone without a word, as a phone in a tunnel is, and let the server find a reset."""
        self.ws.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.ws.sock.close()

    def leave(self) -> None:
        self.ws.close(timeout=1)


def close_code(frame: ABNF) -> int | None:
    return struct.unpack("!H", frame.data[:2])[0] if len(frame.data) >= 2 else None


def seq_of(text: str) -> int:
    body = json.loads(text[text.index("[") :])
    return int((body[1] if text.startswith("42") else body[0])["seq"])
