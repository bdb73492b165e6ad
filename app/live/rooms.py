"""The rooms of this process: who is in which, and how events reach them once, in order, and nobody else.

A hint from the bus says that an event was committed. If it is the next one of its channel it is sent; if one is
missing, the log is read; if it was sent already, it is dropped. So each socket sees each event of its channel once
and in order, with any number of processes and however hints are lost or doubled.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from flask import Flask

from app.extensions import db
from app.policy import Actor
from app.record import events_after, last_seq

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Visitor:
    """One socket: how to tell whose it is now, and the channels it is in."""

    sid: str
    who: Callable[[], Actor]
    channels: set[str] = field(default_factory=set)
    user_key: str = "public"
    delegation: str | None = None
    """Both as they were at the last command: for presence, and to know whom a change of rights may touch."""
    only: str | None = None
    """Of a display: the one session that it may enter."""


Send = Callable[[str, str], None]
"""Sends the JSON text of an envelope to a channel's room."""
Remove = Callable[[Visitor, str, str], None]
"""Tells a visitor that the right to be in a channel ended, and why, and takes the socket out of the room."""
MayRead = Callable[[Actor, str], bool]
"""May the actor read the channel, asked fresh?"""


class Rooms:
    """Registry of visitors and feeds. One a process."""

    def __init__(self) -> None:
        self._visitors: dict[str, Visitor] = {}
        self._members: dict[str, set[str]] = {}
        self._sent: dict[str, int] = {}
        """Channel to the seq of the last event sent into its room here."""
        self._app: Flask | None = None
        self._send: Send = lambda channel, text: None
        self._remove: Remove = lambda visitor, channel, reason: None
        self._may_read: MayRead = lambda actor, channel: False

    def wire(self, app: Flask, send: Send, remove: Remove, may_read: MayRead) -> None:
        self._app, self._send, self._remove, self._may_read = app, send, remove, may_read

    def arrive(self, visitor: Visitor) -> None:
        self._visitors[visitor.sid] = visitor

    def visitor(self, sid: str) -> Visitor | None:
        return self._visitors.get(sid)

    def gone(self, sid: str) -> set[str]:
        """Forget a socket. Returns the channels that it was in."""
        visitor = self._visitors.pop(sid, None)
        if visitor is None:
            return set()
        left = set(visitor.channels)
        for channel in left:
            self._leave(visitor, channel)
        return left

    def enter(self, visitor: Visitor, channel: str) -> None:
        """Put a socket into a room. Every event after the log's present end will reach it live.

        Not one that went while its command was waiting: nobody would take it out again.
        """
        if self._visitors.get(visitor.sid) is not visitor:
            return
        visitor.channels.add(channel)
        self._members.setdefault(channel, set()).add(visitor.sid)
        if channel in self._sent:
            return
        seq = last_seq(channel)  # others come, go and speak in the meantime: what they set is newer
        if self._members.get(channel):
            self._sent.setdefault(channel, seq)

    def leave(self, visitor: Visitor, channel: str) -> None:
        if channel in visitor.channels:
            self._leave(visitor, channel)

    def channels(self) -> tuple[str, ...]:
        """The rooms of this process that somebody is in."""
        return tuple(self._members)

    def members(self, channel: str) -> Iterator[Visitor]:
        for sid in tuple(self._members.get(channel, ())):
            if visitor := self._visitors.get(sid):
                yield visitor

    def _leave(self, visitor: Visitor, channel: str) -> None:
        visitor.channels.discard(channel)
        members = self._members.get(channel, set())
        members.discard(visitor.sid)
        if not members:
            self._members.pop(channel, None)
            self._sent.pop(channel, None)

    def on_event(self, _topic: str, text: str) -> None:
        """A hint: `channel seq envelope`."""
        channel, number, envelope = text.split(" ", 2)
        sent = self._sent.get(channel)
        seq = int(number)
        if sent is None or seq <= sent:
            return
        if seq == sent + 1:
            self._sent[channel] = seq
            self._send(channel, envelope)
        else:
            self._catch_up(channel)

    def _catch_up(self, channel: str) -> None:
        """Send what the log has and the room has not seen."""
        assert self._app is not None
        with self._app.app_context():
            while channel in self._sent and (page := events_after(channel, self._sent[channel])):
                for envelope in page:
                    if envelope.seq == self._sent.get(channel, -1) + 1:
                        self._sent[channel] = envelope.seq
                        self._send(channel, envelope.as_json())
            db.session.remove()

    def on_rights(self, _topic: str, whose: str) -> None:
        """Rights changed: of `user:ID`, `group:ID` or `session:ID`. Who may not stay is out when this returns."""
        assert self._app is not None
        with self._app.app_context():
            for visitor in list(self._visitors.values()):
                if visitor.channels and _touches(whose, visitor):
                    self._check(visitor, whose)
            db.session.remove()

    def on_again(self, _topic: str, _text: str) -> None:
        """Hints may have been lost. Who may not stay is out first; then each room gets what the log has for it."""
        assert self._app is not None
        with self._app.app_context():
            for visitor in list(self._visitors.values()):
                if visitor.channels:
                    self._check(visitor, "")
            db.session.remove()
        for channel in self.channels():
            self._catch_up(channel)

    def _check(self, visitor: Visitor, whose: str) -> None:
        actor = visitor.who()
        for channel in tuple(visitor.channels):
            if not self._may_read(actor, channel):
                self._leave(visitor, channel)
                self._remove(visitor, channel, whose)


def _touches(whose: str, visitor: Visitor) -> bool:
    if whose.startswith("user:"):
        return visitor.user_key == whose
    return not whose.startswith("session:") or whose in visitor.channels


rooms = Rooms()
