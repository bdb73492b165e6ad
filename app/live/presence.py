"""Who is present in a room, by delegation. Not recorded; told at most once a second; only to those in the room."""

from __future__ import annotations

import json
import os
import time
import uuid
from collections.abc import Callable, Iterable

from app.record import TOPIC_PRESENCE, bus

PROCESS = f"{os.getpid()}-{uuid.uuid4().hex[:8]}"
INTERVAL = 1.0
"""Seconds between two messages about one room, at least."""
FORGET = 45.0
"""Seconds after which a process that said nothing is taken for dead."""
REPEAT = 15.0


class Presence:
    """Merges what each process says of its own sockets. `tell(channel, codes)` sends to this process's room."""

    def __init__(self) -> None:
        self._heard: dict[str, dict[str, tuple[float, frozenset[str]]]] = {}
        self._told: dict[str, tuple[str, ...]] = {}
        self._changed: set[str] = set()
        self._said: dict[str, float] = {}
        self.local: Callable[[str], Iterable[str]] = lambda channel: ()
        self.tell: Callable[[str, tuple[str, ...]], None] = lambda channel, codes: None

    def touch(self, channel: str) -> None:
        """Somebody came or went."""
        self._changed.add(channel)

    def present(self, channel: str) -> tuple[str, ...]:
        """The codes of the delegations in the room, in any process, sorted."""
        limit = time.monotonic() - FORGET
        codes = set(self.local(channel))
        for process, (at, theirs) in list(self._heard.get(channel, {}).items()):
            if at < limit:
                self._forget(channel, process)
            elif process != PROCESS:
                codes |= theirs
        return tuple(sorted(codes))

    def tick(self, channels: Iterable[str]) -> None:
        """Once a second: tell other processes about ours, and each room about all."""
        now = time.monotonic()
        channels = set(channels)
        for empty in (self._said.keys() | self._told.keys()) - channels:  # nobody of this process is there any more
            self._said.pop(empty, None)
            self._told.pop(empty, None)
        stale = {channel for channel in channels if now - self._said.get(channel, 0) > REPEAT}
        for channel in self._changed | stale:
            if channel in channels:
                self._said[channel] = now
            bus.publish(TOPIC_PRESENCE, json.dumps([channel, PROCESS, sorted(set(self.local(channel)))]))
        self._changed.clear()
        for channel in channels:
            codes = self.present(channel)
            if self._told.get(channel) != codes:
                self._told[channel] = codes
                self.tell(channel, codes)

    def on_presence(self, _topic: str, text: str) -> None:
        channel, process, codes = json.loads(text)
        if codes:
            self._heard.setdefault(channel, {})[process] = (time.monotonic(), frozenset(codes))
        elif channel in self._heard:
            self._forget(channel, process)

    def _forget(self, channel: str, process: str) -> None:
        self._heard[channel].pop(process, None)
        if not self._heard[channel]:
            del self._heard[channel]


presence = Presence()
