"""What took place in a session, from its log alone: segments, speakers, what was said where, decisions, levels.

A fold over envelopes, pure: whoever may read a channel can compute the same summary from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.core.rules.sessions import is_wider
from app.core.rules.speakers import Speech, speeches

Event = Mapping[str, Any]
"""An envelope as a dict: {type, at, actor, data, …}."""


@dataclass(slots=True)
class Sitting:
    """From the opening, or from a resumption, to the suspension or the close."""

    began: str
    ended: str | None = None


@dataclass(slots=True)
class Segment:
    """A part of the session with one mode."""

    mode: str
    openness: str
    attribution: str
    began: str
    closed: bool
    """Was it open to fewer than the session was announced for at that time?"""
    ended: str | None = None


@dataclass(slots=True)
class Place:
    """What was said on one paragraph, or on the text as a whole when `paragraph` is None."""

    paragraph: str | None
    label: str
    comments: int = 0
    parties: set[str] = field(default_factory=set)
    proposals: list[str] = field(default_factory=list)
    stances: int = 0


@dataclass(slots=True)
class Decided:
    """One decision in the words that were put to the room."""

    id: str
    kind: str
    target: str
    label: str
    words: str
    outcome: str = ""
    at: str = ""
    tally: dict[str, int] = field(default_factory=dict)
    explained: list[tuple[str, str]] = field(default_factory=list)
    """Party, before or after the action."""
    dissociated: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    """Party, labels of the paragraphs."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A paragraph whose level of agreement changed."""

    label: str
    level: str
    at: str
    reason: str


@dataclass(slots=True)
class Summary:
    title: str = ""
    agenda_item: str = ""
    announced: str = "public"
    """To whom the session is open but for its closed segments."""
    sittings: list[Sitting] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)
    """Labels of the versions on the table, in the order in which they came."""
    speeches: list[Speech] = field(default_factory=list)
    places: dict[str | None, Place] = field(default_factory=dict)
    decisions: dict[str, Decided] = field(default_factory=dict)
    levels: list[Marked] = field(default_factory=list)
    parties: set[str] = field(default_factory=set)
    """Every delegation that spoke, in writing or from the floor."""

    @property
    def closed_segments(self) -> list[Segment]:
        return [segment for segment in self.segments if segment.closed]

    @property
    def comments(self) -> int:
        return sum(place.comments for place in self.places.values())

    @property
    def spoken(self) -> list[Place]:
        """The places on which anything was said, in the order in which they first were."""
        return [place for place in self.places.values() if place.comments or place.proposals or place.stances]


def summarise(events: Iterable[Event]) -> Summary:
    """Fold the events of one or more channels of a session, in the order of time."""
    summary, kept = Summary(), list(events)
    for event in kept:
        if folding := _FOLDS.get(str(event["type"])):
            folding(summary, event)
        if party := event["actor"].get("delegation"):
            summary.parties.add(party)
    summary.speeches = speeches((str(e["type"]), e["data"], str(e["at"])) for e in kept)
    summary.parties |= {speech.delegation for speech in summary.speeches}
    return summary


def _scheduled(summary: Summary, event: Event) -> None:
    data = event["data"]
    summary.title, summary.agenda_item, summary.announced = data["title"], data["agenda_item"], data["openness"]


def _announced(summary: Summary, event: Event) -> None:
    summary.announced = event["data"]["openness"]


def _began(summary: Summary, event: Event) -> None:
    summary.sittings.append(Sitting(event["at"]))


def _ended(summary: Summary, event: Event) -> None:
    if summary.sittings:
        summary.sittings[-1].ended = event["at"]
    if event["type"] == "session.closed" and summary.segments:
        summary.segments[-1].ended = event["at"]


def _segment(summary: Summary, event: Event) -> None:
    data = event["data"]
    if summary.segments:
        summary.segments[-1].ended = event["at"]
    closed = is_wider(summary.announced, data["openness"])
    summary.segments.append(Segment(data["mode"], data["openness"], data["attribution"], event["at"], closed))


def _tabled(summary: Summary, event: Event) -> None:
    if (label := event["data"].get("label")) and label not in summary.versions:
        summary.versions.append(label)


def _place(summary: Summary, data: Mapping[str, Any]) -> Place:
    wid = data.get("paragraph")
    place = summary.places.setdefault(wid, Place(wid, ""))
    place.label = place.label or data.get("label") or ""
    return place


def _comment(summary: Summary, event: Event) -> None:
    place = _place(summary, event["data"])
    place.comments += 1
    if party := event["actor"].get("delegation"):
        place.parties.add(party)


def _proposal(summary: Summary, event: Event) -> None:
    place = _place(summary, event["data"])
    place.proposals.append(event["data"]["number"])
    if party := event["actor"].get("delegation"):
        place.parties.add(party)


def _stance(summary: Summary, event: Event) -> None:
    _place(summary, event["data"]).stances += 1


def _proposed(summary: Summary, event: Event) -> None:
    data = event["data"]
    decided = Decided(data["decision"], data["kind"], data["target"], data.get("label", ""), data["words"])
    summary.decisions[decided.id] = decided


def _outcome(summary: Summary, event: Event) -> None:
    if decided := summary.decisions.get(event["data"]["decision"]):
        decided.outcome, decided.at = str(event["type"]).partition(".")[2], event["at"]


def _tallied(summary: Summary, event: Event) -> None:
    if decided := summary.decisions.get(event["data"]["decision"]):
        decided.tally, decided.kind = dict(event["data"]["tally"]), "vote"


def _explained(summary: Summary, event: Event) -> None:
    if decided := summary.decisions.get(event["data"]["decision"]):
        decided.explained.append((event["actor"].get("delegation") or "", event["data"]["when"]))


def _dissociated(summary: Summary, event: Event) -> None:
    if decided := summary.decisions.get(event["data"]["decision"]):
        labels = tuple(each["label"] for each in event["data"]["paragraphs"])
        decided.dissociated.append((event["actor"].get("delegation") or "", labels))


def _level(summary: Summary, event: Event) -> None:
    data = event["data"]
    level = data.get("level") or "open"
    for each in data["paragraphs"]:
        summary.levels.append(Marked(each["label"], level, event["at"], data.get("reason") or ""))


_FOLDS = {
    "session.scheduled": _scheduled,
    "session.openness": _announced,
    "session.opened": _began,
    "session.resumed": _began,
    "session.suspended": _ended,
    "session.closed": _ended,
    "session.mode": _segment,
    "version.tabled": _tabled,
    "comment.added": _comment,
    "proposal.added": _proposal,
    "position.taken": _stance,
    "decision.proposed": _proposed,
    "decision.adopted": _outcome,
    "decision.rejected": _outcome,
    "decision.withdrawn": _outcome,
    "vote.announced": _tallied,
    "explanation.given": _explained,
    "dissociation.made": _dissociated,
    "agreement.marked": _level,
    "agreement.reopened": _level,
}
