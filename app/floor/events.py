"""The socket commands of the floor."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from app.floor import services
from app.live.commands import command, once_in_session
from app.live.rooms import Visitor
from app.policy import Actor
from app.record import timestamp

Message = dict[str, Any]
NAMED = ("request", "delegation")


def register() -> None:
    """The commands register themselves when this module is read."""


@command("clock")
def clock(actor: Actor, visitor: Visitor, message: Message) -> Message:
    """The server's time: a client asks a few times, keeps the fastest answer, and counts down from it."""
    return {"now": timestamp(datetime.now(UTC))}


def _members(message: Message, *names: str) -> Message:
    return {name: message.get(name) for name in names}


@command("floor.request", writes=True)
def request(actor: Actor, visitor: Visitor, message: Message) -> Message:
    said = _members(message, "kind", "on_behalf_of", "joint", "level")
    return once_in_session(actor, message, "floor.request", lambda s: services.request_floor(actor, s, **said))


@command("floor.for", writes=True)
def request_for(actor: Actor, visitor: Visitor, message: Message) -> Message:
    said = _members(message, "delegation", "kind", "on_behalf_of", "joint", "level")
    return once_in_session(actor, message, "floor.for", lambda s: services.request_for(actor, s, **said))


@command("floor.withdraw", writes=True)
def withdraw(actor: Actor, visitor: Visitor, message: Message) -> Message:
    said = _members(message, *NAMED)
    return once_in_session(actor, message, "floor.withdraw", lambda s: services.withdraw(actor, s, **said))


@command("floor.give", writes=True)
def give(actor: Actor, visitor: Visitor, message: Message) -> Message:
    said = _members(message, *NAMED, "limit")
    return once_in_session(actor, message, "floor.give", lambda s: services.give(actor, s, **said))


@command("floor.interrupt", writes=True)
def interrupt(actor: Actor, visitor: Visitor, message: Message) -> Message:
    said = _members(message, "delegation")
    return once_in_session(actor, message, "floor.interrupt", lambda s: services.interrupt(actor, s, **said))


def _managed(verb: str) -> None:
    act = services.MANAGED[verb]

    @command(verb, writes=True)
    def managed(actor: Actor, visitor: Visitor, message: Message) -> Message:
        said = _members(message, *NAMED, "to") | {"other": message.get("with")}
        return once_in_session(actor, message, verb, lambda s: services.manage(actor, s, act, **said))


for _verb in services.MANAGED:
    _managed(_verb)
