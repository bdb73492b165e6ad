"""The segment that a session is in: to whom it is open now, where what happens now is recorded, under whose name.

A session has its own channel, for those to whom it was announced. A segment that is open to fewer is recorded in a
channel of its own, `session:ID:OPENNESS`, which only they can read: in the session's channel stand its beginning and
its end, and nothing between. So what is closed is closed on every path that reads a channel.
"""

from __future__ import annotations

from typing import Any

from app.core.rules.sessions import OPENNESS_ORDER, is_wider, narrowest
from app.live.models import LiveSession
from app.policy import Actor, GroupId, envelope_actor, role_in

NOBODY: dict[str, Any] = {"user": None, "name": "", "delegation": None, "on_behalf_of": None, "role": "delegate"}
"""The author of what is said where nothing is attributed. `author_in` puts an officer's role in it, and no name.

Who opens and closes the session, and who begins a segment, is named in any case.
"""


def is_closed_segment(session: LiveSession) -> bool:
    """Is the present segment open to fewer than the session?"""
    return session.segment_openness is not None and is_wider(session.openness, session.segment_openness)


def openness_now(session: LiveSession) -> str:
    """To whom the session is open at this moment: never more than its group is."""
    return narrowest(announced_now(session), session.group.openness)


def announced_now(session: LiveSession) -> str:
    """To whom the chair opened it last, whatever became of the group since."""
    announced = session.segment_openness if is_closed_segment(session) else session.openness
    assert announced is not None
    return announced


def channel_now(session: LiveSession) -> str:
    """The channel in which what happens now is recorded."""
    return channel_of(session, session.segment_openness or "" if is_closed_segment(session) else "")


def channel_of(session: LiveSession, openness: str) -> str:
    """The channel of the segments with this openness; of the session itself for the empty one."""
    return f"{session.channel}:{openness}" if openness else session.channel


def closed_channels(session: LiveSession) -> dict[str, str]:
    """Every openness that a closed segment of this session can have had, and its channel.

    The session may have been wider then than it is now: what was said in the segment is still there.
    """
    return {word: channel_of(session, word) for word in OPENNESS_ORDER if word != "public"}


def openness_of_channel(channel: str) -> str:
    """The openness of a closed segment's channel; empty for the channel of a session."""
    return channel.split(":")[2] if channel.count(":") > 1 else ""


def focus_now(session: LiveSession) -> str | None:
    """Where the room is, for those who are in it."""
    return session.segment_focus if is_closed_segment(session) else session.focus


def is_attributed(session: LiveSession) -> bool:
    """False under the Chatham House rule: what is said is kept, and nobody's name with it."""
    return session.attribution == "on_record"


def author_in(actor: Actor, session: LiveSession, on_behalf_of: str | None = None) -> dict[str, Any]:
    """The `actor` member of an event in this session now: nobody, where nothing is attributed."""
    author = envelope_actor(actor, role_in(actor, GroupId(session.group_id)), on_behalf_of)
    if is_attributed(session):
        return author
    return dict(NOBODY) if author["role"] == "delegate" else NOBODY | {"role": author["role"]}
