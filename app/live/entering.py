"""How a socket comes into rooms, and goes out of them again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask_babel import gettext as _
from flask_socketio import join_room, leave_room

from app.errors import NotFound
from app.extensions import db
from app.live.channels import may_read_channel
from app.live.commands import NAMESPACE
from app.live.presence import presence
from app.live.rooms import Visitor, rooms


def enter(visitor: Visitor, channels: Sequence[str]) -> None:
    """Put a socket into rooms. Raises NotFound, and takes it out again, unless it may be in all of them now.

    Asked inside: a right that ended between the first question and the door was taken from those who were in.
    """
    for channel in channels:
        rooms.enter(visitor, channel)
        if channel in visitor.channels:  # gone, or sent out, while the log was asked: it does not come in behind that
            join_room(channel, sid=visitor.sid, namespace=NAMESPACE)
    db.session.rollback()  # what was read at the door is not read from memory
    actor = visitor.who()
    if not all(may_read_channel(actor, channel) for channel in channels):
        leave(visitor, channels)
        raise NotFound(_("This session was not found, or is not open to you."))


def leave(visitor: Visitor, channels: Iterable[str]) -> None:
    """Take a socket out of those of the rooms that it is in."""
    for channel in [channel for channel in channels if channel in visitor.channels]:
        rooms.leave(visitor, channel)
        leave_room(channel, sid=visitor.sid, namespace=NAMESPACE)
        presence.touch(channel)
