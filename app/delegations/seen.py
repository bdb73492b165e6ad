"""How far a person has seen each room, and which rooms they follow. Their own affair: rows, no events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select

from app.core.rules.sessions import State
from app.delegations.models import Follow, Seen
from app.errors import Closed, Unauthenticated
from app.extensions import db, upsert
from app.live.models import LiveSession
from app.live.queries import get_session, heard, may_read, readable_session, sessions
from app.live.segments import channel_of
from app.policy import Actor
from app.record import last_seq, transaction

AT_ONCE = 6
"""Sessions that a telephone shows side by side."""


def note_seen(actor: Actor, session_id: int, seqs: Mapping[str, Any]) -> None:
    """Keep how far a person has seen the channels of a session: never backwards, never past the log.

    Channels that they may not read are left out in silence: a page that was open is slower than a change of rights.
    """
    if actor.user_id is None:
        raise Unauthenticated(_("Sign in to do this."))
    with transaction() as tx:
        session = readable_session(actor, session_id)
        for channel in channels_of(actor, session):
            seq = seqs.get(channel)
            if isinstance(seq, int) and not isinstance(seq, bool) and seq >= 0:
                _keep(actor, channel, min(seq, last_seq(channel)), tx.now)


def _keep(actor: Actor, channel: str, seq: int, now: datetime) -> None:
    upsert(
        Seen,
        {"user_id": actor.user_id, "channel": channel, "seq": seq, "at": now},
        key=("user_id", "channel"),
        # The greater of both: two telephones of one person may tell in any order.
        change=lambda new: {"seq": db.case((Seen.seq > new.seq, Seen.seq), else_=new.seq), "at": new.at},
    )


def channels_of(actor: Actor, session: LiveSession) -> list[str]:
    """The channels of a session that the actor may read at this moment."""
    return [channel_of(session, word) for word in heard(actor, session)]


def seen_in(actor: Actor, channels: Sequence[str]) -> dict[str, Seen]:
    query = select(Seen).where(Seen.user_id == actor.user_id, Seen.channel.in_(channels))
    return {row.channel: row for row in db.session.scalars(query)}


def follow(actor: Actor, session_id: int, on: bool = True) -> None:
    """Follow a session beside others, six at the most, or leave it."""
    if actor.user_id is None:
        raise Unauthenticated(_("Sign in to do this."))
    with transaction() as tx:
        session = get_session(actor, session_id)
        mine = [row.session_id for row in _follows(actor)]
        if not on:
            db.session.execute(delete(Follow).where(Follow.user_id == actor.user_id, Follow.session_id == session.id))
        elif session.id not in mine:
            if len([one for one in followed(actor) if one.state != State.CLOSED]) >= AT_ONCE:
                raise Closed(_("You follow %(number)s sessions already. Leave one first.", number=AT_ONCE))
            db.session.add(Follow(user_id=actor.user_id, session_id=session.id, since=tx.now))


def follows(actor: Actor, session: LiveSession) -> bool:
    return actor.user_id is not None and db.session.get(Follow, (actor.user_id, session.id)) is not None


def followed(actor: Actor) -> list[LiveSession]:
    """The sessions that the actor follows and may still read, in the order in which they took them up."""
    return [row.session for row in _follows(actor) if may_read(actor, row.session)]


def visited(actor: Actor) -> list[LiveSession]:
    """Those that they follow, and those in which they have been: what they may have missed something of."""
    query = select(Seen.channel).where(Seen.user_id == actor.user_id).order_by(Seen.at.desc())
    ids = dict.fromkeys(int(channel.split(":")[1]) for channel in db.session.scalars(query))
    found = {session.id: session for session in followed(actor)}
    for identity in ids:
        session = db.session.get(LiveSession, identity)
        if identity not in found and session is not None and may_read(actor, session):
            found[identity] = session
    return list(found.values())


def to_follow(actor: Actor) -> list[LiveSession]:
    """Sessions that run or are announced and that they could follow too."""
    mine = {row.session_id for row in _follows(actor)}
    running = sessions(actor, states=(State.OPEN, State.SUSPENDED, State.SCHEDULED))
    return [session for session in running if session.id not in mine]


def _follows(actor: Actor) -> list[Follow]:
    if actor.user_id is None:
        return []
    query = select(Follow).where(Follow.user_id == actor.user_id).order_by(Follow.since, Follow.session_id)
    return list(db.session.scalars(query))
