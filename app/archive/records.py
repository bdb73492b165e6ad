"""The record of a session, read from its log alone: by paragraph and in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.core.rules.summary import Segment, summarise
from app.drafts import queries as drafts
from app.live.models import LiveSession
from app.live.queries import heard
from app.live.segments import channel_of
from app.live.views import RoomParagraph, room_paragraphs
from app.policy import Actor
from app.record import events_of


@dataclass(slots=True)
class Said:
    """A paragraph, or the text as a whole when `paragraph` is None, and the comments on it in order."""

    paragraph: RoomParagraph | None
    comments: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Sitting:
    """The part of a session with one version on the table."""

    version: dict[str, Any] | None
    said: list[Said] = field(default_factory=list)

    @property
    def spoken(self) -> list[Said]:
        return [said for said in self.said if said.comments]


@dataclass(frozen=True, slots=True)
class Record:
    sittings: list[Sitting]
    events: list[dict[str, Any]]
    comments: int
    delegations: list[str]
    """Codes of the delegations that spoke, sorted."""
    head: str
    """The hash of the last event of the session's own channel."""
    opaque: list[Segment] = field(default_factory=list)
    """The closed segments of which the reader may know only when they were."""


def read(actor: Actor, session: LiveSession) -> Record:
    """Build the record from every event of the session's channels that the actor may read.

    A closed segment that the actor may not read is one line: when it was.
    """
    words = heard(actor, session)
    events = [envelope.as_dict() for envelope in events_of([channel_of(session, word) for word in words])]
    own = [event for event in events if event["channel"] == session.channel]
    comments = [event for event in events if event["type"] == "comment.added"]
    return Record(
        sittings=_sittings(session, comments),
        events=events,
        comments=len(comments),
        delegations=sorted({event["actor"]["delegation"] for event in comments if event["actor"].get("delegation")}),
        head=own[-1]["hash"] if own else "",
        opaque=[segment for segment in summarise(own).closed_segments if segment.openness not in words],
    )


def _sittings(session: LiveSession, comments: list[dict[str, Any]]) -> list[Sitting]:
    """One for each version that was spoken of, in the order in which they came on the table."""
    order: list[str | None] = []
    for event in comments:
        version = event["data"].get("version")
        if version not in order:
            order.append(version)
    present = str(session.version_id) if session.version_id else None
    if present not in order:
        order.append(present)
    return [_sitting(version, [e for e in comments if e["data"].get("version") == version]) for version in order]


def _sitting(version_id: str | None, comments: list[dict[str, Any]]) -> Sitting:
    whole = Said(None, [event for event in comments if not event["data"].get("paragraph")])
    if version_id is None:
        return Sitting(None, [whole])
    version = drafts.version_by_id(int(version_id))
    counts: dict[str, int] = {}
    by_paragraph: dict[str, list[dict[str, Any]]] = {}
    for event in comments:
        wid = event["data"].get("paragraph")
        if wid:
            counts[wid] = counts.get(wid, 0) + 1
            by_paragraph.setdefault(wid, []).append(event)
    rows = room_paragraphs(drafts.version_paragraphs(version.id), counts)
    said = [Said(row, by_paragraph.get(row.id, [])) for row in rows]
    table = {
        "label": version.label,
        "draft_id": str(version.draft_id),
        "draft_title": version.draft.title,
        "number": version.number,
    }
    return Sitting(table, [whole, *said])
