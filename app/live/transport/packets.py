"""Packets and frames: what a client may send, and the bytes that go out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from engineio import packet as engine
from engineio.exceptions import EngineIOError
from socketio import packet as sio

SEPARATOR = "\x1e"
"""Between the packets of one long-polling request."""
PACKETS_AT_ONCE = 16
"""In one long-polling request or answer: what the library's own client accepts."""
RESERVED = frozenset({"connect", "connect_error", "disconnect", "disconnecting"})
"""The library calls handlers of these names itself. A client that names them would run them at will."""


class BadPacketError(EngineIOError):  # type: ignore[misc]
    """The client said something that the protocol does not know. Nothing of what it said is in the message."""


class LivePacket(sio.Packet):  # type: ignore[misc]
    """Socket.IO packets of this house: text only, and strict about what comes in.

    Pass it to SocketIO as `serializer`. This protocol has no binary: packets that announce attachments, which would
    pile up while they wait, are refused before they are read. Anything malformed raises BadPacketError.
    """

    uses_binary_events = False

    class json:  # noqa: N801 - the library looks for this name
        """Arabic, Chinese or Russian text goes out in UTF-8: half the bytes of the escapes that are the default."""

        loads = staticmethod(json.loads)

        @staticmethod
        def dumps(data: Any, **options: Any) -> str:
            return json.dumps(data, ensure_ascii=False, **options)

    def decode(self, encoded_packet: Any) -> int:
        """Read a packet into this object. Returns 0: the number of attachments that follow."""
        if not isinstance(encoded_packet, str) or encoded_packet[:1] not in tuple("0123"):
            raise BadPacketError("unknown or binary packet")
        try:
            attachments: int = super().decode(encoded_packet)
        except (ValueError, TypeError, IndexError, RecursionError):
            raise BadPacketError("unreadable packet") from None
        if attachments or not self._well_formed():
            raise BadPacketError("malformed packet")
        return 0

    def _well_formed(self) -> bool:
        data = self.data
        if self.packet_type == sio.CONNECT:
            return data is None or isinstance(data, dict)
        if self.packet_type == sio.EVENT:
            return isinstance(data, list) and bool(data) and isinstance(data[0], str) and data[0] not in RESERVED
        if self.packet_type == sio.ACK:
            return isinstance(data, list) and self.id is not None
        return True


def read_packet(text: str) -> engine.Packet:
    """One Engine.IO packet from a client. Raises BadPacketError."""
    kind = text[:1]
    if kind == "4" and len(text) > 1:
        return engine.Packet(engine.MESSAGE, text[1:])
    if kind in tuple("12356"):
        return engine.Packet(int(kind), text[1:])
    raise BadPacketError("unknown or binary packet")


def read_payload(body: bytes) -> Iterator[engine.Packet]:
    """The packets of one long-polling request. Raises BadPacketError."""
    try:
        texts = body.decode("utf-8").split(SEPARATOR)
    except UnicodeDecodeError:
        raise BadPacketError("not UTF-8") from None
    if len(texts) > PACKETS_AT_ONCE:
        raise BadPacketError("too many packets at once")
    for text in texts:
        yield read_packet(text)


def frame_of(packet: engine.Packet) -> bytes:
    """The websocket frame of an Engine.IO packet: built once, however many clients the packet goes to."""
    known: bytes | None = getattr(packet, "live_frame", None)
    if known is None:
        # A lone surrogate has no UTF-8; one in a broadcast would end the connection of everybody in the room.
        known = packet.live_frame = text_frame(packet.encode().encode("utf-8", "replace"))
    return known


def text_frame(payload: bytes) -> bytes:
    """A whole, unmasked, uncompressed text frame around `payload`, which is UTF-8 (RFC 6455, section 5.2)."""
    size = len(payload)
    if size < 126:
        return bytes((0x81, size)) + payload
    if size < 65536:
        return b"\x81\x7e" + size.to_bytes(2, "big") + payload
    return b"\x81\x7f" + size.to_bytes(8, "big") + payload
