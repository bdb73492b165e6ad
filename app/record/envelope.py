"""The envelope of an event: its canonical form, its hash, its place in the chain. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

GENESIS = "0" * 64
"""`prev` of the first event of a channel."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One event of one channel. `body` is the canonical JSON text of channel, seq, type, at, actor and data."""

    channel: str
    seq: int
    type: str
    at: str
    body: str
    prev: str
    hash: str

    def as_json(self) -> str:
        """The envelope as it travels, built from the text that was hashed and never parsed again."""
        return f'{self.body[:-1]},"prev":"{self.prev}","hash":"{self.hash}"}}'

    def as_dict(self) -> dict[str, Any]:
        return {**json.loads(self.body), "prev": self.prev, "hash": self.hash}


def canonical(value: Any) -> str:
    """JSON with sorted keys, no spaces and no escapes but the necessary: one text for one value.

    Raises ValueError for what JSON cannot say (NaN, infinity) or UTF-8 cannot carry (lone surrogates).
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    text.encode("utf-8")
    return text


def digest(prev: str, body: str) -> str:
    """SHA-256 over `prev` and the canonical JSON of the rest, as lower-case hexadecimal."""
    return hashlib.sha256((prev + body).encode("utf-8")).hexdigest()


def seal(
    channel: str, seq: int, type_: str, at: datetime, actor: Mapping[str, Any], data: Mapping[str, Any], prev: str
) -> Envelope:
    """Make the event that follows `prev` in its channel."""
    moment = timestamp(at)
    body = canonical(
        {"channel": channel, "seq": seq, "type": type_, "at": moment, "actor": dict(actor), "data": dict(data)}
    )
    return Envelope(channel, seq, type_, moment, body, prev, digest(prev, body))


def timestamp(at: datetime) -> str:
    """RFC 3339 in UTC with microseconds and `Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass(frozen=True, slots=True)
class Fault:
    """The first event of a channel that does not hold, and why."""

    channel: str
    seq: int
    reason: str


def first_fault(channel: str, events: Iterable[Envelope]) -> tuple[Fault | None, int, str]:
    """Walk a channel from its beginning. Returns the first fault or None, the last good seq and its hash."""
    seq, prev = 0, GENESIS
    for event in events:
        reason = _fault_of(event, channel, seq + 1, prev)
        if reason:
            return Fault(channel, event.seq, reason), seq, prev
        seq, prev = event.seq, event.hash
    return None, seq, prev


def _fault_of(event: Envelope, channel: str, expected_seq: int, prev: str) -> str | None:
    if event.seq != expected_seq:
        return f"event {expected_seq} is missing"
    if event.prev != prev:
        return "it does not follow the event before it"
    if digest(prev, event.body) != event.hash:
        return "its words do not match its hash"
    said = json.loads(event.body)
    if (said["channel"], said["seq"], said["type"], said["at"]) != (channel, event.seq, event.type, event.at):
        return "its columns do not match its words"
    return None
