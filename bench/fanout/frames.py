"""Websocket frames as the load client needs them: short masked ones out, unmasked text in."""

from __future__ import annotations

from collections.abc import Iterator


def masked(payload: bytes) -> bytes:
    """A text frame of a client. The mask is zero: it hides nothing here, and costs nothing."""
    size = len(payload)
    if size < 126:
        return bytes((0x81, 0x80 | size)) + b"\0\0\0\0" + payload
    return b"\x81\xfe" + size.to_bytes(2, "big") + b"\0\0\0\0" + payload


class Reader:
    """Cuts the stream of a server into texts. What is no text ends it: no server under test sends anything else."""

    def __init__(self) -> None:
        self._rest = b""

    def texts(self, data: bytes) -> Iterator[bytes]:
        buffer = self._rest + data if self._rest else data
        at = 0
        while (span := _span(buffer, at)) is not None:
            start, end = span
            if buffer[at] != 0x81:
                raise ConnectionError(f"a frame of kind {buffer[at]:#x}")
            yield buffer[start:end]
            at = end
        self._rest = buffer[at:]


def _span(buffer: bytes, at: int) -> tuple[int, int] | None:
    """Where the payload of the frame at `at` begins and ends, or None while it is not all there."""
    have = len(buffer) - at
    if have < 2:
        return None
    size, start = buffer[at + 1], at + 2
    if size == 126:
        size, start = int.from_bytes(buffer[at + 2 : at + 4], "big"), at + 4
    elif size == 127:
        size, start = int.from_bytes(buffer[at + 2 : at + 10], "big"), at + 10
    end = start + size
    return (start, end) if start - at <= have and end <= len(buffer) else None
