"""The HTTP server: gevent's, with limits on what a client may send and how long it may take, and no banner."""

from __future__ import annotations

import contextlib
import io
import logging
import socket
import time
from typing import Any

import gevent
from gevent import pywsgi
from gevent.pool import Pool

from app.live.transport.wire import UPGRADE

log = logging.getLogger(__name__)

HEADER_SECONDS = 10.0
"""From the first byte of a request to the end of its headers, however slowly they drip."""
IDLE_SECONDS = 75.0
"""A connection that is kept alive may be silent so long between requests; a new one only HEADER_SECONDS."""
READ_SECONDS = 30.0
"""The body of a request may pause so long."""
SEND_SECONDS = 600.0
"""One piece of a response may take so long: a large export over a thin line."""
PAUSE = 0.001
"""Seconds in which the others have their turn when the next request of a connection is there already."""
HEADER_BYTES = 32 * 1024
BODY_BYTES = 24 * 1024 * 1024
"""Past this the server does not even read. The app's own limit is lower, and answers more kindly."""
LINGER_SECONDS = 1.0
LINGER_BYTES = 256 * 1024
"""How long, and how much, a client whose request was refused is heard out."""

_ANSWERS = {
    400: "Bad Request",
    408: "Request Timeout",
    411: "Length Required",
    413: "Content Too Large",
    431: "Request Header Fields Too Large",
}


_TOO_LARGE = '{"type": "about:blank", "title": "too large", "status": 413, "code": "too_large"}'


class RefusedError(ValueError):
    """A request that is not given to the app; `status` says why."""

    def __init__(self, status: int) -> None:
        super().__init__(_ANSWERS[status])
        self.status = status


class WebServer(pywsgi.WSGIServer):  # type: ignore[misc]
    """Serves a WSGI app on a listening socket. `several`: other processes accept from the same socket."""

    base_env = {**pywsgi.WSGIServer.base_env, "SERVER_SOFTWARE": "chapeau"}

    def __init__(self, listener: socket.socket, app: Any, *, several: bool = False) -> None:
        self.idle: set[Handler] = set()
        """The handlers that wait for a next request: they can be closed at any moment."""
        family, kind = listener.family, listener.type
        ours = gevent.socket.socket(family, kind, fileno=listener.detach()) if _plain(listener) else listener
        super().__init__(
            ours, app, spawn=Pool(), log=None, handler_class=Handler, environ={"wsgi.multiprocess": several}
        )

    def handle(self, sock: Any, address: Any) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        super().handle(sock, address)

    def end(self, patience: float) -> None:
        """Close the listener and the idle connections, give running requests `patience` seconds, then end them."""
        for handler in list(self.idle):
            handler.hang_up()
        self.stop(timeout=patience)


def _plain(listener: socket.socket) -> bool:
    """Was this socket made before gevent took over, as the supervisor's is?"""
    return not isinstance(listener, gevent.socket.socket)


class Handler(pywsgi.WSGIHandler):  # type: ignore[misc]
    """One connection: its requests in turn, or a websocket."""

    _headers_due: gevent.Timeout | None = None
    _first = True

    def handle_one_request(self) -> Any:
        if not self._request_begins():
            return None
        self._headers_due = gevent.Timeout.start_new(HEADER_SECONDS, RefusedError(408))
        try:
            return super().handle_one_request()
        except RefusedError as refused:  # before the request line was there
            self._handle_client_error(refused)
            return None
        finally:
            self._headers_are_in()

    def hang_up(self) -> None:
        """Close a connection that waits for its next request."""
        with contextlib.suppress(OSError):  # the client was faster
            self.socket.shutdown(socket.SHUT_RDWR)

    def MessageClass(self, *arguments: Any) -> Any:
        """Read the headers, within their limits, and refuse what proxies and servers could read differently."""
        headers = super().MessageClass(_Bounded(self.rfile), *arguments[1:])
        if len(headers.get_all("content-length", [])) > 1 or len(headers.get_all("host", [])) > 1:
            raise RefusedError(400)
        if "transfer-encoding" in headers:
            raise RefusedError(411)  # nobody who comes here sends chunks; unread ones would be the next request
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            raise RefusedError(400)
        if int(length) > BODY_BYTES:
            raise RefusedError(413)
        return headers

    def get_environ(self) -> dict[str, Any]:
        self._headers_are_in()
        self.socket.settimeout(READ_SECONDS)
        environ: dict[str, Any] = super().get_environ()
        if self._connection_upgrade_requested():
            self.close_connection = True  # websocket or not, no other request follows on this connection
            environ[UPGRADE] = self._hand_over
        return environ

    def log_error(self, msg: str, *args: Any) -> None:
        """The library writes what the client sent into the log. We note that there was something."""
        log.info("a request was refused")

    def _request_begins(self) -> bool:
        """Wait for the first byte of a request; False when there will be none."""
        self.server.idle.add(self)
        try:
            self.socket.settimeout(HEADER_SECONDS if self._first else IDLE_SECONDS)
            asked, first, self._first = time.monotonic(), self._first, False
            begins = bool(self.rfile.peek(1))
            if not first and time.monotonic() - asked < PAUSE:
                gevent.sleep(PAUSE)  # it did not wait: many in a row would have the loop for themselves
            return begins
        except (OSError, ValueError):
            return False
        finally:
            self.server.idle.discard(self)

    def _headers_are_in(self) -> None:
        if self._headers_due is not None:
            self._headers_due.close()
            self._headers_due = None

    def _hand_over(self) -> tuple[Any, io.BufferedReader]:
        """Give the connection away: from here on nothing of HTTP is written to it."""
        self.headers_sent = True
        return self.socket, self.rfile

    def _sendall(self, data: Any) -> None:
        self.socket.settimeout(SEND_SECONDS)
        try:
            super()._sendall(data)
        finally:
            self.socket.settimeout(READ_SECONDS)

    def _handle_client_error(self, ex: Exception) -> None:
        """Answer a request that the app does not get, and end the connection."""
        status = ex.status if isinstance(ex, RefusedError) else 400
        self.log_error("")
        kind, body = self._refusal(status)
        answer = (
            f"HTTP/1.1 {status} {_ANSWERS[status]}\r\nConnection: close\r\n{kind}Content-Length: {len(body)}\r\n\r\n"
        )
        answer += body
        with contextlib.suppress(OSError, gevent.Timeout):  # gone, or still talking when the time is up
            self._headers_are_in()
            self.socket.sendall(answer.encode("ascii"))
            self.socket.shutdown(socket.SHUT_WR)
            with gevent.Timeout(LINGER_SECONDS):
                self._hear_out()

    def _refusal(self, status: int) -> tuple[str, str]:
        """The header and the body that say why: to a program that sends the API too much, a problem document."""
        if status != 413 or not str(self.path).startswith("/api/"):
            return "", ""
        return "Content-Type: application/problem+json\r\n", _TOO_LARGE

    def _hear_out(self) -> None:
        """Read what still comes: a connection closed with bytes unread is reset, and the answer lost with it."""
        left = LINGER_BYTES
        while left > 0 and (heard := self.socket.recv(16384)):
            left -= len(heard)


class _Bounded:
    """The lines of the headers, up to HEADER_BYTES of them."""

    def __init__(self, reader: io.BufferedReader) -> None:
        self._reader = reader
        self._left = HEADER_BYTES

    def readline(self, limit: int = -1) -> bytes:
        line = self._reader.readline(self._left + 1 if limit < 0 else min(limit, self._left + 1))
        self._left -= len(line)
        if self._left < 0:
            raise RefusedError(431)
        return line
