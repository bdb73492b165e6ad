"""Reads of silence procedures. Who may read the text may know of its silence; who objects, only few may know."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.core.rules import silence as rules
from app.core.rules.silence import State
from app.drafts import queries as texts
from app.drafts.models import Draft, Version, VersionParagraph
from app.errors import NotFound
from app.extensions import db
from app.groups.models import Group
from app.policy import Action, Actor, GroupId, can
from app.record import Envelope, events_after, events_of
from app.silence.models import ObjectionRow, SilenceProcedure

HIDDEN = (State.PREPARED, State.DISCARDED)


def may_prepare(actor: Actor, group: Group) -> bool:
    """Also: may the actor see who objects, before the chair publishes it?"""
    return can(actor, Action.PREPARE_SILENCE, GroupId(group.id), group.openness)


def may_open(actor: Actor, group: Group) -> bool:
    return can(actor, Action.OPEN_SILENCE, GroupId(group.id), group.openness)


def may_break(actor: Actor, group: Group) -> bool:
    return can(actor, Action.BREAK_SILENCE, GroupId(group.id), group.openness)


def may_see(actor: Actor, silence: SilenceProcedure) -> bool:
    if silence.state in HIDDEN:
        return may_prepare(actor, silence.group)
    return texts.may_read(actor, silence.group)


def get_silence(actor: Actor, silence_id: int) -> SilenceProcedure:
    """A procedure that the actor may know of, with its text. Raises NotFound."""
    silence = db.session.scalar(_with_all().where(SilenceProcedure.id == silence_id))
    if silence is None or not may_see(actor, silence):
        raise NotFound(_("This silence procedure was not found, or is not open to you."))
    return silence


def for_the_chair(actor: Actor, silence_id: int) -> SilenceProcedure:
    """A procedure of which the actor may read the objections. Raises NotFound: to others there are none."""
    silence = get_silence(actor, silence_id)
    if not may_prepare(actor, silence.group):
        raise NotFound(_("This silence procedure was not found, or is not open to you."))
    return silence


def silences(actor: Actor, *, group_id: int | None = None, states: Sequence[str] = ()) -> list[SilenceProcedure]:
    """The procedures that the actor may know of: running ones first by deadline, then the newest."""
    query = _with_all()
    if group_id is not None:
        query = query.where(SilenceProcedure.group_id == group_id)
    if states:
        query = query.where(SilenceProcedure.state.in_(states))
    known = [silence for silence in db.session.scalars(query) if may_see(actor, silence)]
    return sorted(known, key=_listing_order)


def on_draft(actor: Actor, draft_id: int) -> list[SilenceProcedure]:
    """The procedures on a text that the actor may know of, newest first."""
    rows = db.session.scalars(
        _with_all().where(SilenceProcedure.draft_id == draft_id).order_by(SilenceProcedure.id.desc())
    )
    return [silence for silence in rows if may_see(actor, silence)]


def running_on(draft_id: int, now: datetime) -> SilenceProcedure | None:
    """The procedure that holds the text at this moment."""
    query = select(SilenceProcedure).where(
        SilenceProcedure.draft_id == draft_id,
        SilenceProcedure.state == State.RUNNING,
        SilenceProcedure.deadline > now - rules.SETTLING,
    )
    return db.session.scalar(query)


def successor_of(actor: Actor, silence: SilenceProcedure) -> SilenceProcedure | None:
    found = db.session.scalar(_with_all().where(SilenceProcedure.predecessor_id == silence.id))
    return found if found is not None and may_see(actor, found) else None


def objections_for(actor: Actor, silence: SilenceProcedure) -> list[ObjectionRow]:
    """All of them for the chair and the secretariat; for a delegation its own; for everybody else none."""
    if may_prepare(actor, silence.group):
        return list(silence.objections)
    if actor.party_id is None:
        return []
    return [row for row in silence.objections if row.party_id == actor.party_id]


def paragraphs_under(silence: SilenceProcedure) -> list[VersionParagraph]:
    """The paragraphs that may be objected to, in order."""
    rows = texts.version_paragraphs(silence.version_id)
    return [row for row in rows if silence.scope is None or row.wid in silence.scope]


def changed_since(actor: Actor, version: Version, earlier: Version) -> list[str]:
    """The paragraphs of `version` that are new or say something else than in `earlier`."""
    pair = texts.compare_versions(actor, version.draft_id, earlier.id, version.id)
    return [row.new.id for row in pair.comparison.rows if row.new is not None and row.kind not in ("same", "moved")]


def public_log(silence: SilenceProcedure) -> list[Envelope]:
    return events_of([silence.channel])


def chair_log(silence: SilenceProcedure) -> list[Envelope]:
    """The caller has asked `may_prepare`."""
    return events_of([silence.chair_channel])


def outages(silence: SilenceProcedure) -> list[dict[str, str]]:
    """When the platform was down shortly before the deadline. The caller has asked `may_prepare`."""
    found = events_after(silence.chair_channel, 0, types=["silence.outage"])
    return [json.loads(event.body)["data"] for event in found]


def recomputed(silence: SilenceProcedure, now: datetime) -> tuple[rules.Silence, State]:
    """The procedure and its outcome from the log alone: what the rows must agree with."""
    public = list(as_events(public_log(silence)))
    confidential = list(as_events(chair_log(silence)))
    return rules.fold(public, confidential), rules.outcome(public, confidential, now, inclusive=silence.inclusive)


def as_events(log: Iterable[Envelope]) -> Iterable[rules.Event]:
    for envelope in log:
        yield envelope.type, json.loads(envelope.body)["data"], datetime.fromisoformat(envelope.at)


DATED = ("silence.announced", "silence.extended", "silence.withdrawn", "silence.voided")
"""What makes, moves or calls off a deadline."""


def datings(silences: Iterable[SilenceProcedure]) -> dict[str, list[datetime]]:
    """Channel of a procedure to when its deadline was announced, moved, called off. For calendars."""
    found: dict[str, list[datetime]] = {}
    for event in events_of([silence.channel for silence in silences], types=DATED):
        found.setdefault(event.channel, []).append(datetime.fromisoformat(event.at))
    return found


# --- What waits for somebody ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reminder:
    """Something about a silence that this person should know now. `kind` is deadline, objection, outage or ended."""

    kind: str
    silence: SilenceProcedure
    at: datetime
    """Since when it waits, or for `deadline` when the time is up."""
    count: int = 0


def reminders_for(actor: Actor, now: datetime) -> list[Reminder]:
    """For delegations that may object: deadlines that are near. For the chair: objections, outages, what ended."""
    if not actor.signed_in:
        return []
    found: list[Reminder] = []
    for silence in silences(actor, states=[State.RUNNING, State.UNBROKEN, State.BROKEN]):
        if silence.state == State.RUNNING:
            involved = may_break(actor, silence.group) or may_prepare(actor, silence.group)
            if involved and rules.reminder(silence.deadline, now) is not None:
                found.append(Reminder("deadline", silence, silence.deadline))
        if may_prepare(actor, silence.group):
            found += _for_the_chair(silence)
    return found


def _for_the_chair(silence: SilenceProcedure) -> list[Reminder]:
    if silence.state != State.RUNNING:
        assert silence.ended_at is not None
        return [Reminder("ended", silence, silence.ended_at)]
    found = []
    standing = [row for row in silence.objections if not row.late and row.withdrawn_at is None]
    if standing:
        found.append(Reminder("objection", silence, standing[-1].received_at, len(standing)))
    if down := outages(silence):
        found.append(Reminder("outage", silence, datetime.fromisoformat(down[-1]["until"]), len(down)))
    return found


def _with_all() -> Any:
    return select(SilenceProcedure).options(
        joinedload(SilenceProcedure.group),
        joinedload(SilenceProcedure.version).joinedload(Version.draft).joinedload(Draft.group),
        selectinload(SilenceProcedure.objections).joinedload(ObjectionRow.party),
        selectinload(SilenceProcedure.letters),
    )


def _listing_order(silence: SilenceProcedure) -> tuple[bool, float]:
    running = silence.state == State.RUNNING
    return not running, silence.deadline.timestamp() if running else -silence.id
