"""The Engine.IO server and socket of this house, and the broadcast with one ready frame."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

import engineio
import gevent
from engineio import exceptions, packet
from engineio import socket as engineio_socket
from engineio.async_drivers import gevent as gevent_driver
from wsproto.frame_protocol import CloseReason

from app.live.transport.packets import (
    PACKETS_AT_ONCE,
    BadPacketError,
    frame_of,
    read_packet,
    read_payload,
    text_frame,
)
from app.live.transport.wire import MAX_BACKLOG_FRAMES, LiveWebSocket, PeerError, Wire

if TYPE_CHECKING:
    from flask_socketio import SocketIO

log = logging.getLogger(__name__)

NAMESPACE = "/live"


def install(socketio: SocketIO) -> None:
    """Give a Flask-SocketIO server this transport. Call it after `init_app`; only gevent mode has use for it."""
    engine = socketio.server.eio
    if engine.async_mode != "gevent":
        return
    engine.__class__ = LiveEngine  # the same object with the same settings; only its sockets are ours
    engine._async = {**gevent_driver._async, "websocket": LiveWebSocket}
    engine.rooms = socketio.server.manager.rooms


def emit_envelope(socketio: SocketIO, room: str, envelope: bytes, *, namespace: str = NAMESPACE) -> None:
    """Send `event` with the envelope, JSON in UTF-8, to every socket in a room of this process.

    Websockets get one frame, built once, straight away. Others (long polling, threading mode, test clients) get it
    through the library's queue. Returns when all have it or have it waiting; no client can hold it up.
    """
    server = socketio.server
    text = b"2" + namespace.encode() + b',["event",' + envelope + b"]"
    frame = text_frame(b"4" + text)
    sockets = server.eio.sockets
    ordinary: packet.Packet | None = None
    for _sid, engine_sid in server.manager.get_participants(namespace, room):
        session = sockets.get(engine_sid)
        if isinstance(session, LiveSocket) and session.wire is not None:
            session.wire.write(frame)
            continue
        ordinary = ordinary or packet.Packet(packet.MESSAGE, text.decode("utf-8"))
        server._send_eio_packet(engine_sid, ordinary)


def say_goodbye(socketio: SocketIO, patience: float) -> None:
    """Close every connection as the server goes away, within `patience` seconds; clients know to come back."""
    for session in list(socketio.server.eio.sockets.values()):
        if session.wire is not None:
            session.wire.finish(CloseReason.GOING_AWAY, patience)
        else:
            session.close(reason=socketio.server.reason.SERVER_DISCONNECT)


class LiveSocket(engineio_socket.Socket):  # type: ignore[misc]
    """An Engine.IO socket that writes to its websocket at once, instead of through a queue and a greenlet of its own.

    Until the websocket is there (long polling, or in the middle of the upgrade from it) packets queue as in the
    library, and go out first, in order, when it comes.
    """

    last_ping: float | None
    upgrading: bool

    def __init__(self, server: LiveEngine, sid: str) -> None:
        super().__init__(server, sid)
        self.wire: Wire | None = None

    def send(self, pkt: packet.Packet) -> None:
        if not self.check_ping_timeout():
            return
        if self.wire is not None:
            self.wire.write(frame_of(pkt))
        elif self.queue.qsize() < MAX_BACKLOG_FRAMES:
            self.queue.put(pkt)
        else:
            log.warning("cut a client off: it polls too slowly (%d packets waited)", self.queue.qsize())
            self.close(abort=True, reason=self.server.reason.TRANSPORT_ERROR)

    def poll(self) -> list[packet.Packet | None]:
        """What waits for a client that polls, as much as one answer may hold. None in the queue means the end."""
        packets: list[packet.Packet | None] = []
        try:
            packets.append(self.queue.get(timeout=self.server.ping_interval + self.server.ping_timeout))
            while packets[-1] is not None and len(packets) < PACKETS_AT_ONCE:
                packets.append(self.queue.get_nowait())
        except self.server.get_queue_empty_exception():
            if not packets:
                raise exceptions.QueueEmpty() from None
        if packets[-1] is None:
            self.queue.put(packets.pop())  # the end stays the last word, for whoever polls again
        return packets

    def receive(self, pkt: packet.Packet) -> None:
        """Take a packet of the client. Raises BadPacketError on one that the protocol does not know."""
        if pkt.packet_type != packet.MESSAGE:
            super().receive(pkt)
            return
        try:
            self.server.handlers["message"](self.sid, pkt.data)
        except BadPacketError:
            raise
        except Exception:
            log.exception("a message of a client could not be handled")

    def handle_post_request(self, environ: dict[str, Any]) -> None:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length > self.server.max_http_buffer_size:
            raise exceptions.ContentTooLongError()
        for pkt in read_payload(environ["wsgi.input"].read(length)):
            self.receive(pkt)

    def close(self, wait: bool = True, abort: bool = False, reason: str | None = None) -> None:
        """Never waits: a client that does not poll any more would not empty the queue, and a wire has none."""
        super().close(wait=False, abort=abort, reason=reason)
        if self.wire is not None:
            self.wire.finish()

    def schedule_ping(self) -> None:
        """A timer in the loop, where the library keeps a sleeping greenlet for each client."""
        if self.last_ping:
            self.last_ping = None
            gevent.spawn_later(self.server.ping_interval, self._send_ping)

    def _send_ping(self) -> None:
        if self.closing or self.closed:
            return
        if not self.server.is_member(self.sid):
            self.close(wait=False, reason=self.server.reason.SERVER_DISCONNECT)
            return
        self.last_ping = time.time()
        self.send(packet.Packet(packet.PING))

    def _websocket_handler(self, wire: Wire) -> list[bytes]:
        texts = wire.messages()
        reason = self.server.reason.TRANSPORT_CLOSE
        try:
            if self.connected and not self._probed(wire, texts):
                return []
            self._go_live(wire)
            for text in texts:
                self.receive(read_packet(text))
        except PeerError as error:
            reason = self._expel(wire, error.code)
        except exceptions.EngineIOError:
            reason = self._expel(wire, CloseReason.PROTOCOL_ERROR)
        finally:
            if self.wire is wire:  # a failed upgrade leaves the long polling as it was
                self.close(wait=False, abort=True, reason=reason)
        return []

    def _probed(self, wire: Wire, texts: Any) -> bool:
        """The upgrade from long polling: the client tries the websocket, then says that it has changed over."""
        if self.upgrading or self.wire is not None:
            return False
        self.upgrading = True  # a poll that comes in meanwhile is answered with nothing
        try:
            if next(texts, None) != "2probe":
                return False
            wire.write(text_frame(b"3probe"))
            self.queue.put(packet.Packet(packet.NOOP))  # ends the poll that is waiting
            return next(texts, None) == "5"
        finally:
            self.upgrading = False

    def _go_live(self, wire: Wire) -> None:
        """From here on the wire carries everything, after what was queued before. Nothing in here waits."""
        self.connected = self.upgraded = True
        while not self.queue.empty():
            pkt = self.queue.get_nowait()
            self.queue.task_done()
            if pkt is not None and pkt.packet_type != packet.NOOP:
                wire.write(frame_of(pkt))
        self.wire = wire

    def _expel(self, wire: Wire, code: int) -> str:
        log.info("closed a websocket that broke the protocol: %d", code)
        wire.finish(code)
        reason: str = self.server.reason.TRANSPORT_ERROR
        return reason


class LiveEngine(engineio.Server):  # type: ignore[misc]
    """The Engine.IO server with LiveSockets. Made by `install` from the library's own."""

    start_service_task: bool
    rooms: dict[str, dict[str | None, Any]]
    """The rooms of the Socket.IO server: namespace, room, and who is in it."""

    def is_member(self, sid: str) -> bool:
        """Has this connection entered a namespace? One that did not by its first heartbeat only takes up space."""
        return any(sid in everybody[None].inv for everybody in self.rooms.values() if None in everybody)

    def _handle_connect(
        self, environ: dict[str, Any], start_response: Any, transport: str, jsonp_index: int | None = None
    ) -> Any:
        if self.start_service_task:
            self.start_service_task = False
            self.service_task_handle = self.start_background_task(self._service_task)
        sid = self.generate_id()
        session = self.sockets[sid] = LiveSocket(self, sid)
        session.send(packet.Packet(packet.OPEN, self._opening(sid, transport)))
        self._trigger_event("connect", sid, environ, run_async=False)
        session.schedule_ping()
        if transport == "websocket":
            try:
                return session.handle_get_request(environ, start_response)
            finally:
                if not session.closed:  # the handshake failed
                    session.close(wait=False, abort=True, reason=self.reason.TRANSPORT_ERROR)
                self.sockets.pop(sid, None)
        session.connected = True
        return self._ok(session.poll(), jsonp_index=jsonp_index)

    def _opening(self, sid: str, transport: str) -> dict[str, Any]:
        return {
            "sid": sid,
            "upgrades": self._upgrades(sid, transport),
            "pingTimeout": int(self.ping_timeout * 1000),
            "pingInterval": int(self.ping_interval * 1000),
            "maxPayload": self.max_http_buffer_size,
        }
