"""One websocket on its TCP connection: writes that never wait, a bounded backlog, a strict reader."""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import io
import logging
import socket
import struct
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import gevent
from wsproto.frame_protocol import CloseReason, Frame, FrameProtocol, Opcode, ParseFailed

log = logging.getLogger(__name__)

UPGRADE = "chapeau.upgrade"
"""Key of the WSGI environment: a callable that hands over the connection as (gevent socket, buffered reader)."""

MAX_BACKLOG_BYTES = 1024 * 1024
MAX_BACKLOG_FRAMES = 1000
"""What may wait for one client beyond the kernel's buffer. Past either the client is cut: it reconnects and catches up
from the log with `join`, at most 500 events at a time, which costs the others nothing."""
SEND_BUFFER = 128 * 1024
"""Bytes in the kernel for one client. Left to itself, Linux lets a client that stops reading have 4 MiB."""
CHUNK = 64 * 1024
"""Bytes that the writer hands to the kernel at once."""
TURN = 0.005
"""Seconds for which the frames of one client are handled before the others have their turn."""
WAITED = 0.001
"""Seconds after which a read has waited, so that the others had theirs."""
GOODBYE = 5.0
"""Seconds that a client has to answer a close."""
RESET = struct.pack("ii", 1, 0)
"""SO_LINGER that drops what the kernel still holds for a client."""
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class PeerError(Exception):
    """The client broke the websocket protocol or a limit; `code` is the reason to close with."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class LiveWebSocket:
    """What python-engineio calls as its `websocket` async class: shakes hands, then runs the handler on a Wire."""

    def __init__(self, handler: Callable[[Wire], list[bytes]], server: Any) -> None:
        self._handler = handler
        self._limit: int = server.max_http_buffer_size

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        accept = _accept_key(environ)
        if accept is None:
            start_response("426 Upgrade Required", [("Sec-WebSocket-Version", "13"), ("Content-Length", "0")])
            return []
        connection, reader = environ[UPGRADE]()
        wire = Wire(connection, reader, self._limit)
        wire.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )
        try:
            return self._handler(wire)
        finally:
            wire.close()


def _accept_key(environ: dict[str, Any]) -> bytes | None:
    """The answer to the client's key, or None if this is no handshake of version 13."""
    if environ["REQUEST_METHOD"] != "GET" or environ.get("HTTP_SEC_WEBSOCKET_VERSION") != "13":
        return None
    if environ.get("HTTP_UPGRADE", "").lower() != "websocket" or UPGRADE not in environ:
        return None
    key = environ.get("HTTP_SEC_WEBSOCKET_KEY", "").encode("latin-1")
    with contextlib.suppress(binascii.Error):
        if len(base64.b64decode(key, validate=True)) == 16:
            return base64.b64encode(hashlib.sha1(key + GUID, usedforsecurity=False).digest())
    return None


class Wire:
    """The connection of one client after the handshake.

    `write` may be called from any greenlet and never waits. What the kernel does not take at once waits in order for
    a writer, a greenlet that lives only as long as something waits.
    """

    __slots__ = ("_closing", "_limit", "_reader", "_send", "_socket", "_waiting", "_waiting_bytes", "_writer", "open")

    def __init__(self, connection: Any, reader: io.BufferedReader, limit: int) -> None:
        self._socket = connection
        # The plain socket below gevent's: its send says at once when the kernel is full, gevent's would wait.
        self._send = connection._sock.send
        self._reader = reader
        self._limit = limit
        self._waiting: deque[bytes | memoryview] = deque()
        self._waiting_bytes = 0
        self._writer: gevent.Greenlet | None = None
        self._closing = False
        self.open = True
        connection.settimeout(None)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)

    def write(self, frame: bytes) -> None:
        """Send a frame after all that was given before. On a connection that is gone or closing it is dropped."""
        if not self.open or self._closing:
            return
        if self._writer is None:
            try:
                sent = self._send(frame)
            except BlockingIOError:
                sent = 0
            except OSError:
                self._break()
                return
            if sent == len(frame):
                return
            self._wait_for_room(memoryview(frame)[sent:])
        elif self._waiting_bytes > MAX_BACKLOG_BYTES or len(self._waiting) >= MAX_BACKLOG_FRAMES:
            self.cut("it reads too slowly")
        else:
            self._waiting.append(frame)
            self._waiting_bytes += len(frame)

    def messages(self) -> Iterator[str]:
        """The texts that the client sends, until either side ends. Raises PeerError on what is not allowed.

        A read that finds bytes does not wait, so a client that never stops would have the loop for itself.
        """
        protocol = FrameProtocol(client=False, extensions=[])
        parts: list[str] = []
        size = 0
        turn = asked = time.monotonic()
        try:
            while data := self._read():
                if time.monotonic() - asked > WAITED:
                    turn = time.monotonic()
                protocol.receive_bytes(data)
                for frame in protocol.received_frames():
                    if time.monotonic() - turn > TURN:
                        gevent.sleep(TURN)
                        turn = time.monotonic()
                    if frame.opcode is Opcode.TEXT:
                        if frame.payload:  # empty ones without end would pile up
                            parts.append(str(frame.payload))
                        size += len(frame.payload)
                        if size > self._limit:
                            raise PeerError(CloseReason.MESSAGE_TOO_BIG)
                        if frame.message_finished:
                            text, parts, size = "".join(parts), [], 0
                            yield text
                    elif not self._control(frame, protocol):
                        return
                asked = time.monotonic()
        except ParseFailed as error:
            raise PeerError(error.code) from None

    def finish(self, code: int = CloseReason.NORMAL_CLOSURE, patience: float = GOODBYE) -> None:
        """Close in good order: after what waits comes the close frame, and the client has `patience` seconds."""
        if not self.open or self._closing:
            return
        self.write(bytes(FrameProtocol(client=False, extensions=[]).close(code)))
        self._closing = True
        gevent.spawn_later(patience, self._break)
        if self._writer is None:
            self._shut(socket.SHUT_WR)

    def cut(self, why: str) -> None:
        """Drop the client at once, with all that waits for it. `why` carries nothing that the client said."""
        if not self.open:
            return
        log.warning("cut a client off: %s (%d frames, %d bytes waited)", why, len(self._waiting), self._waiting_bytes)
        with contextlib.suppress(OSError):  # the client was faster
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self._break()

    def close(self) -> None:
        """Forget the connection; the server closes it when the request returns."""
        self._break()

    def _read(self) -> bytes:
        """Some bytes, or none when the connection is at its end, however it ended."""
        try:
            return self._reader.read1(16384)
        except (OSError, ValueError):  # ValueError: closed under the reader
            return b""

    def _control(self, frame: Frame, protocol: FrameProtocol) -> bool:
        """Answer a frame that carries no text. False when the connection is at its end."""
        if frame.opcode is Opcode.PING and isinstance(frame.payload, bytes | bytearray):
            self.write(bytes(protocol.pong(bytes(frame.payload))))
        elif frame.opcode is Opcode.CLOSE:
            self.finish()
            return False
        elif frame.opcode is Opcode.BINARY:
            raise PeerError(CloseReason.UNSUPPORTED_DATA)
        return True

    def _wait_for_room(self, rest: memoryview) -> None:
        self._waiting.append(rest)
        self._waiting_bytes += len(rest)
        self._writer = gevent.spawn(self._drain)

    def _drain(self) -> None:
        """Write what waits, waiting for the kernel; then be gone."""
        try:
            while self._waiting:
                chunk, size = self._next_chunk()
                self._socket.sendall(chunk)
                self._waiting_bytes -= size
        except OSError:
            self._break()
        finally:
            self._writer = None
        if self._closing:
            self._shut(socket.SHUT_WR)

    def _next_chunk(self) -> tuple[bytes | memoryview, int]:
        """The next frames, joined up to CHUNK bytes: a slow client costs few system calls."""
        first = self._waiting.popleft()
        size = len(first)
        if size >= CHUNK or not self._waiting:
            return first, size
        joined = bytearray(first)
        while self._waiting and len(joined) < CHUNK:
            joined += self._waiting.popleft()
        return bytes(joined), len(joined)

    def _break(self) -> None:
        """End both directions: reader and writer, wherever they wait, come back."""
        if self.open:
            self.open = False
            self._waiting.clear()
            self._waiting_bytes = 0
            self._shut(socket.SHUT_RDWR)

    def _shut(self, direction: int) -> None:
        with contextlib.suppress(OSError):  # not connected any more: that is what was wanted
            self._socket.shutdown(direction)
