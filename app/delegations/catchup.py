"""What a person missed of a session since they looked away: counted from the channels that they may read now."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.delegations import seen
from app.live.models import LiveSession
from app.policy import Actor
from app.proposals.queries import proposals_of
from app.record import PAGE, Envelope, events_after, last_seq
from app.web.wording import act_text, event_anchor, quiet_acts

AWAY = timedelta(minutes=2)
"""Who looked away for less has missed nothing that the page would not show by itself."""
ACTS = 8
"""Acts that are told one by one: the newest."""
PAGES = 10
"""Of 500 events each: more is told as a number only."""
_FLOOR = ("floor.", "list.")


@dataclass(slots=True)
class OnParagraph:
    """What happened to one paragraph. `first` is where it begins in the record."""

    wid: str
    label: str
    comments: int = 0
    stances: int = 0
    own: int = 0
    """Of the stances, those on proposals of the reader's delegation."""
    proposals: int = 0


@dataclass(slots=True)
class Missed:
    """A digest of one session. `since` is None where the person has not been there yet."""

    session: LiveSession
    since: datetime | None
    until: datetime
    seqs: dict[str, int]
    events: int = 0
    comments: int = 0
    stances_on_own: int = 0
    speakers: int = 0
    decisions: list[dict[str, Any]] = field(default_factory=list)
    acts: list[dict[str, Any]] = field(default_factory=list)
    paragraphs: dict[str, OnParagraph] = field(default_factory=dict)
    focus: str | None = None
    """Where the chair moved last; empty for the whole text, None where the chair did not move."""
    first: str = ""
    """The anchor of the first event that was missed."""

    @property
    def tells(self) -> bool:
        """Whether there is anything to read in it: what is only kept for the machines is an event and says nothing."""
        return bool(self.line or self.paragraphs)

    @property
    def away(self) -> bool:
        return self.tells and (self.since is None or self.until - self.since >= AWAY)

    @property
    def busiest(self) -> list[OnParagraph]:
        return sorted(self.paragraphs.values(), key=lambda one: -(one.comments + one.stances + one.proposals))

    @property
    def line(self) -> str:
        """The digest in a few words."""
        return ", ".join(self._words())

    def _words(self) -> Iterator[str]:
        if self.comments:
            yield ngettext("%(num)s comment", "%(num)s comments", self.comments)
        if self.focus is not None:
            yield _("the Chair moved to %(label)s", label=self.focus or _("the whole text"))
        if self.decisions:
            yield ngettext("%(num)s decision step", "%(num)s decision steps", len(self.decisions))
        if proposals := sum(one.proposals for one in self.paragraphs.values()):
            yield ngettext("%(num)s proposal", "%(num)s proposals", proposals)
        if stances := sum(one.stances - one.own for one in self.paragraphs.values()):
            yield ngettext("%(num)s stance", "%(num)s stances", stances)
        if self.stances_on_own:
            yield ngettext(
                "%(num)s stance on what you proposed", "%(num)s stances on what you proposed", self.stances_on_own
            )
        if self.speakers:
            yield ngettext("%(num)s speaker", "%(num)s speakers", self.speakers)
        if others := len(self.acts):
            yield ngettext("%(num)s other act", "%(num)s other acts", others)


def missed(actor: Actor, session: LiveSession, now: datetime) -> Missed:
    """Ask the right of each channel now, and read what came in them after what the person saw."""
    channels = seen.channels_of(actor, session)
    rows = seen.seen_in(actor, channels)
    heads = {channel: last_seq(channel) for channel in channels}
    looked = [row.at for row in rows.values()]
    found = Missed(session, max(looked) if looked else None, now, heads)
    own = {row.id for row in proposals_of(actor)}
    events = [event for channel in channels for event in _after(channel, rows[channel].seq if channel in rows else 0)]
    for event in sorted(events, key=lambda event: (event.at, event.channel, event.seq)):
        _take(found, event, own)
    found.acts, found.decisions = found.acts[-ACTS:], found.decisions[-ACTS:]
    return found


def all_missed(actor: Actor, now: datetime) -> list[Missed]:
    """Of every session that they follow or have been in: those where most happened first."""
    found = [missed(actor, session, now) for session in seen.visited(actor)]
    return sorted(found, key=lambda one: -one.events)


def unread(actor: Actor, session: LiveSession) -> int:
    """How many events came since the person looked: numbers alone, no event is read."""
    channels = seen.channels_of(actor, session)
    rows = seen.seen_in(actor, channels)
    return sum(max(0, last_seq(channel) - (rows[channel].seq if channel in rows else 0)) for channel in channels)


def _after(channel: str, seq: int) -> list[Envelope]:
    found: list[Envelope] = []
    for _page in range(PAGES):
        page = events_after(channel, found[-1].seq if found else seq)
        found += page
        if len(page) < PAGE:
            break
    return found


def _take(found: Missed, event: Envelope, own: Collection[str]) -> None:
    said = json.loads(event.body)
    data = said["data"]
    found.events += 1
    found.first = found.first or event_anchor(event.channel, event.seq)
    here = _paragraph(found, data)
    if event.type == "comment.added":
        found.comments += 1
        if here:
            here.comments += 1
    elif event.type == "position.taken":
        mine = str(data.get("target", "")).removeprefix("proposal:") in own
        found.stances_on_own += mine
        if here:
            here.stances += 1
            here.own += mine
    elif event.type == "proposal.added":
        if here:
            here.proposals += 1
    elif event.type == "focus.moved":
        found.focus = str(data.get("label") or "")
    elif event.type.startswith(_FLOOR):
        found.speakers += event.type == "floor.given"
    elif event.type.startswith("decision."):
        found.decisions.append(_line(event, said))
    elif event.type not in quiet_acts:
        found.acts.append(_line(event, said))


def _paragraph(found: Missed, data: dict[str, Any]) -> OnParagraph | None:
    wid = data.get("paragraph")
    if not isinstance(wid, str):
        return None
    return found.paragraphs.setdefault(wid, OnParagraph(wid, str(data.get("label") or data.get("number") or "¶")))


def _line(event: Envelope, said: dict[str, Any]) -> dict[str, Any]:
    return {"text": act_text(said), "at": said["at"], "paragraph": said["data"].get("paragraph")}
