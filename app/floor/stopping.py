"""What the session's own acts do to the floor: a suspension stops the clock, the end of a segment ends the speech."""

from __future__ import annotations

import json

from sqlalchemy import select

from app.core.rules.speakers import Floor, finish, pause
from app.extensions import db
from app.floor.models import SpeakersList
from app.floor.services import held_list, record
from app.live.models import LiveSession
from app.live.segments import channel_now, is_attributed
from app.record import Envelope, on_append, transaction


def register() -> None:
    on_append("session.", follow)


def follow(envelope: Envelope) -> None:
    """Inside the transaction of the session's act: the floor is never out of step with the session."""
    if envelope.type in ("session.suspended", "session.closed", "session.mode", "session.openness"):
        session = db.session.get_one(LiveSession, int(envelope.channel.split(":")[1]))
        channels = select(SpeakersList.channel).where(SpeakersList.session_id == session.id)
        for channel in db.session.scalars(channels.order_by(SpeakersList.channel)).all():
            _stop(session, channel, envelope)


def _stop(session: LiveSession, channel: str, envelope: Envelope) -> None:
    with transaction() as tx:
        row = held_list(session, channel)
        floor = Floor.from_dict(row.state)
        here = channel == channel_now(session) and is_attributed(session)
        if envelope.type == "session.suspended":
            said = pause(floor, tx.now, "suspension")
        elif envelope.type == "session.closed" or not here:
            said = finish(floor, tx.now)
        else:
            return
        if said:
            author = json.loads(envelope.body)["actor"]
            record(row, [tx.append(channel, event.type, author, event.data) for event in said], said)
