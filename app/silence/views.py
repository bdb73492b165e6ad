"""What the pages and the API tell of a silence procedure, for one reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import format_datetime, get_timezone

from app.core.rules import silence as rules
from app.core.rules.silence import State
from app.drafts.models import VersionParagraph
from app.drafts.views import ParagraphView, view
from app.policy import Actor
from app.record import Envelope, timestamp
from app.silence import queries
from app.silence.models import ObjectionRow, SilenceProcedure
from app.silence.words import TONES, state_label
from app.web.times import in_order


def as_dict(actor: Actor, silence: SilenceProcedure, now: datetime) -> dict[str, Any]:
    """The procedure as the API tells it: of objections no more than the actor may know."""
    labels = {row.wid: row.label for row in queries.paragraphs_under(silence)}
    return {
        "id": str(silence.id),
        "group": silence.group.slug,
        "draft": str(silence.draft_id),
        "version": str(silence.version_id),
        "version_label": silence.version.label,
        "state": silence.state,
        "outcome": silence.outcome,
        "deadline": timestamp(silence.deadline),
        "time_zone": silence.time_zone,
        "now": timestamp(now),
        "scope": None
        if silence.scope is None
        else [{"paragraph": wid, "label": labels.get(wid, "")} for wid in silence.scope],
        "message": silence.message,
        "consequence": silence.consequence,
        "extensions": silence.extensions,
        "told": silence.told_at is not None,
        "opened_at": timestamp(silence.opened_at) if silence.opened_at else None,
        "ended_at": timestamp(silence.ended_at) if silence.ended_at else None,
        "reason": silence.reason,
        "predecessor": str(silence.predecessor_id) if silence.predecessor_id else None,
        "letters": [
            {
                "number": letter.number,
                "kind": letter.kind,
                "body": letter.body,
                "at": timestamp(letter.at),
                "objections": [{"parties": None, **said} for said in letter.objections],
            }
            for letter in silence.letters
        ],
        "objections": [objection_as_dict(row) for row in queries.objections_for(actor, silence)],
        "channel": silence.channel,
    }


def objection_as_dict(row: ObjectionRow) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "party": row.party.code,
        "on_behalf_of": row.on_behalf_of or None,
        "late": row.late,
        "paragraphs": row.paragraphs,
        "reason": row.reason,
        "received_at": timestamp(row.received_at),
        "withdrawn_at": timestamp(row.withdrawn_at) if row.withdrawn_at else None,
    }


@dataclass(frozen=True, slots=True)
class Moment:
    """A deadline as people in different places read it."""

    at: datetime
    there: str
    """Where the body sits."""
    utc: str
    here: str
    """In the reader's zone; empty where that is one of the others."""
    iso: str


def moment_in(at: datetime, zone: str) -> Moment:
    form = in_order("EEE d MMM y, HH:mm")
    mine = get_timezone()
    known = {str(mine)} & {zone, "UTC", "Etc/UTC"}
    return Moment(
        at=at,
        there=f"{format_datetime(at.astimezone(ZoneInfo(zone)), form, rebase=False)} {place_of(zone)}",
        utc=f"{format_datetime(at.astimezone(UTC), form, rebase=False)} UTC",
        here="" if known else f"{format_datetime(at, form)} {place_of(str(mine))}",
        iso=timestamp(at),
    )


def place_of(zone: str) -> str:
    """`America/New_York` as people say it."""
    return zone.rpartition("/")[2].replace("_", " ")


@dataclass(frozen=True, slots=True)
class Line:
    """A procedure in a list."""

    silence: SilenceProcedure
    label: str
    tone: str
    until: Moment
    running: bool


def line(silence: SilenceProcedure) -> Line:
    return Line(
        silence,
        state_label(silence),
        TONES.get(silence.state, "open"),
        moment_in(silence.deadline, silence.time_zone),
        silence.state == State.RUNNING,
    )


@dataclass(frozen=True, slots=True)
class OnParagraph:
    """A paragraph on the chair's board, and who objects to it with which words."""

    paragraph: ParagraphView | None
    objections: list[tuple[ObjectionRow, dict[str, str]]]


def board(silence: SilenceProcedure, rows: list[VersionParagraph]) -> list[OnParagraph]:
    """The objections in time by paragraph, those to the whole text first."""
    in_time = [row for row in silence.objections if not row.late]
    found = []
    whole: list[tuple[ObjectionRow, dict[str, str]]] = [(row, {}) for row in in_time if not row.paragraphs]
    if whole:
        found.append(OnParagraph(None, whole))
    for paragraph in rows:
        on_it = [(row, said) for row in in_time for said in row.paragraphs if said["paragraph"] == paragraph.wid]
        if on_it:
            found.append(OnParagraph(view(paragraph), on_it))
    return found


def history(log: list[Envelope]) -> list[dict[str, Any]]:
    return [event.as_dict() for event in log]


def acts_open_to(actor: Actor, silence: SilenceProcedure) -> frozenset[str]:
    """What this reader may do now, as far as state and role decide."""
    may: set[str] = set()
    if queries.may_open(actor, silence.group):
        may |= set(rules.acts_in(silence.state, rules.Who.CHAIR))
    if queries.may_prepare(actor, silence.group):
        may |= set(rules.acts_in(silence.state, rules.Who.SECRETARIAT))
    if queries.may_break(actor, silence.group):
        may |= set(rules.acts_in(silence.state, rules.Who.PARTY))
    return frozenset(str(act) for act in may)
