"""The channels that a socket may be in: of a session or of a thread. What they are, and who may read them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.errors import DomainError, Invalid
from app.groups.queries import get_thread
from app.live.queries import heard, readable_session, require_present, session_as_dict, you_in
from app.live.segments import channel_of
from app.policy import Actor, GroupId, role_in, role_name
from app.web.numbers import whole


@dataclass(frozen=True, slots=True)
class Place:
    """A channel, the channels of its closed segments that the visitor may read, and what `join` tells of it."""

    channel: str
    said: dict[str, Any]
    you: dict[str, Any]
    segments: tuple[str, ...] = ()

    @property
    def channels(self) -> tuple[str, ...]:
        return (self.channel, *self.segments)


def place_of(actor: Actor, message: dict[str, Any]) -> Place:
    """The channel that a message names by `session` or `thread`.

    Raises NotFound when it is not open to the actor, or its present segment is not.
    """
    if "session" in message:
        session = readable_session(actor, _number(message["session"], "session"))
        require_present(actor, session)
        segments = tuple(channel_of(session, word) for word in heard(actor, session)[1:])
        said = {"session": session_as_dict(session, actor)}
        return Place(session.channel, said, you_in(actor, session), segments)
    if "thread" in message:
        thread = get_thread(actor, _number(message["thread"], "thread"))
        role = role_name(role_in(actor, GroupId(thread.group_id)))
        you: dict[str, Any] = {"role": role, "delegation": actor.party_code, "can": []}
        return Place(thread.channel, {"thread": {"id": str(thread.id), "title": thread.title}}, you)
    raise Invalid(_("Say which session."), field="session")


other_rooms: dict[str, Callable[[Actor, str], bool]] = {}
"""Kinds of channels that features above let sockets into, and who may read one: asked again as for any other."""


def may_read_channel(actor: Actor, channel: str) -> bool:
    """Asked again for every socket in a room when rights change."""
    kind, _colon, rest = channel.partition(":")
    if kind in other_rooms:
        return other_rooms[kind](actor, channel)
    try:
        return channel in place_of(actor, {kind: rest.partition(":")[0]}).channels
    except DomainError:
        return False


def _number(value: Any, field: str) -> int:
    number = whole(value)
    if number is None:
        raise Invalid(_("This is no id."), field=field)
    return number
