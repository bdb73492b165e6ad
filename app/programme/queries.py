"""Reads of the programme: meetings and deadlines by day, and for who may not know more, that the room is taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.core.rules.sessions import State
from app.core.rules.silence import State as Silence
from app.drafts.models import Version
from app.extensions import db
from app.live.models import LiveSession
from app.live.queries import may_know, openness_of
from app.policy import Actor
from app.silence.models import SilenceProcedure
from app.silence.queries import silences

HEADQUARTERS = "America/New_York"
"""Days and meetings are those of the house where the rooms are."""
USUAL = timedelta(hours=3)
"""A meeting lasts so long where nothing is said: 10 to 13, 15 to 18."""
OPAQUE = ("observers", "members")
"""A closed meeting stands in the programme of outsiders as a slot without a name; one by invitation does not."""
PARTS = ("morning", "afternoon", "evening")
NOON, EVENING = time(14), time(18, 30)


@dataclass(frozen=True, slots=True)
class Slot:
    """A meeting in the programme; without `session` a closed one, of which only the time is told."""

    starts_at: datetime
    ends_at: datetime
    session: LiveSession | None


@dataclass(frozen=True, slots=True)
class Deadline:
    at: datetime
    silence: SilenceProcedure


@dataclass(frozen=True, slots=True)
class Day:
    """A day at Headquarters: its meetings by part of the day, and the deadlines that fall on it."""

    date: date
    parts: dict[str, list[Slot]]
    deadlines: list[Deadline]

    @property
    def empty(self) -> bool:
        return not self.deadlines and not any(self.parts.values())


def today() -> date:
    return datetime.now(ZoneInfo(HEADQUARTERS)).date()


def days(actor: Actor, first: date, count: int, *, group_id: int | None = None) -> list[Day]:
    """So many days of the programme, as this reader may know it."""
    zone = ZoneInfo(HEADQUARTERS)
    since = datetime.combine(first, time(), zone).astimezone(UTC)
    until = datetime.combine(first + timedelta(days=count), time(), zone).astimezone(UTC)
    found = {
        first + timedelta(days=number): Day(first + timedelta(days=number), {part: [] for part in PARTS}, [])
        for number in range(count)
    }
    for slot in slots(actor, since, until, group_id=group_id):
        local = slot.starts_at.astimezone(zone)
        found[local.date()].parts[part_of(local.time())].append(slot)
    for deadline in deadlines(actor, since, until, group_id=group_id):
        found[deadline.at.astimezone(zone).date()].deadlines.append(deadline)
    return list(found.values())


def part_of(clock: time) -> str:
    return PARTS[0] if clock < NOON else PARTS[1] if clock < EVENING else PARTS[2]


def slots(actor: Actor, since: datetime, until: datetime, *, group_id: int | None = None) -> list[Slot]:
    """The meetings that begin in this time, in order."""
    query = _sessions().where(LiveSession.starts_at >= since, LiveSession.starts_at < until)
    if group_id is not None:
        query = query.where(LiveSession.group_id == group_id)
    found = [slot for session in db.session.scalars(query) if (slot := _slot(actor, session))]
    return sorted(found, key=lambda slot: (slot.starts_at, slot.ends_at))


def _slot(actor: Actor, session: LiveSession) -> Slot | None:
    assert session.starts_at is not None
    if may_know(actor, session):
        return Slot(session.starts_at, end_of(session), session)
    off = session.state in (State.POSTPONED, State.CANCELLED)
    if off or openness_of(session) not in OPAQUE:
        return None
    return Slot(session.starts_at, end_of(session), None)


def end_of(session: LiveSession) -> datetime:
    """When it ends: as announced, else after the usual time."""
    assert session.starts_at is not None
    return session.ends_at or session.starts_at + USUAL


def without_time(actor: Actor, *, group_id: int | None = None) -> list[LiveSession]:
    """The sessions to come that have no time: not yet given one, or postponed."""
    query = _sessions().where(
        LiveSession.state.in_((State.SCHEDULED, State.POSTPONED)),
        (LiveSession.starts_at.is_(None)) | (LiveSession.state == State.POSTPONED),
    )
    if group_id is not None:
        query = query.where(LiveSession.group_id == group_id)
    return [session for session in db.session.scalars(query.order_by(LiveSession.id)) if may_know(actor, session)]


def deadlines(actor: Actor, since: datetime, until: datetime, *, group_id: int | None = None) -> list[Deadline]:
    """The deadlines of silence procedures in this time that the reader may know of."""
    counted = (Silence.PREPARED, Silence.DISCARDED, Silence.WITHDRAWN, Silence.VOID)
    return [
        Deadline(silence.deadline, silence)
        for silence in sorted(silences(actor, group_id=group_id), key=lambda silence: silence.deadline)
        if since <= silence.deadline < until and silence.state not in counted
    ]


def known_since(actor: Actor, since: datetime) -> list[LiveSession]:
    """The sessions with a time that the actor may know of, those over before `since` left out: for a calendar."""
    query = _sessions().where(LiveSession.starts_at >= since).order_by(LiveSession.starts_at, LiveSession.id)
    return [session for session in db.session.scalars(query) if may_know(actor, session)]


def _sessions() -> Select[LiveSession]:
    return select(LiveSession).options(
        joinedload(LiveSession.group), joinedload(LiveSession.version).joinedload(Version.draft)
    )
