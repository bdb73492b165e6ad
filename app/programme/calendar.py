"""The programme as a calendar (RFC 5545): entries with an identity that lasts and a sequence that follows changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from icalendar import Calendar, Event

from app.core.rules.sessions import State
from app.core.rules.silence import State as Silence
from app.live.models import LiveSession
from app.programme.queries import end_of
from app.silence.models import SilenceProcedure

PRODUCT = "-//Chapeau//Programme of work//EN"
DOMAIN = "chapeau"
"""What makes an identity ours. It names no host: the entry stays the same when the platform moves."""


def entry(session: LiveSession, url: str) -> Event:
    """A session with a time. Called off or put off, it is cancelled; moved, it has the next sequence."""
    assert session.starts_at is not None
    event = Event()
    event.add("uid", f"session-{session.id}-{int(session.created_at.timestamp())}@{DOMAIN}")
    event.add("dtstamp", _utc(session.schedule_changed_at or session.created_at))
    event.add("last-modified", _utc(session.schedule_changed_at or session.created_at))
    event.add("sequence", session.schedule_revision)
    event.add("dtstart", _utc(session.starts_at))
    event.add("dtend", _utc(end_of(session)))
    event.add("summary", f"{session.group.title}: {session.title}")
    off = session.state in (State.POSTPONED, State.CANCELLED)
    event.add("status", "CANCELLED" if off else "CONFIRMED")
    if session.place:
        event.add("location", session.place)
    if said := "\n".join(filter(None, (session.agenda_item, session.schedule_note))):
        event.add("description", said)
    event.add("url", url)
    return event


def deadline(silence: SilenceProcedure, dated: Sequence[datetime], url: str, words: str) -> Event:
    """The end of a silence procedure, as a moment of the calendar. `dated`: announced, then each time it moved."""
    # Without an end: by the standard it would have to be later than the start.
    event = Event()
    event.add("uid", f"silence-{silence.id}-{int(silence.created_at.timestamp())}@{DOMAIN}")
    event.add("dtstamp", _utc(dated[-1]))
    event.add("last-modified", _utc(dated[-1]))
    event.add("sequence", len(dated) - 1)
    event.add("dtstart", _utc(silence.deadline))
    event.add("summary", f"{words}: {silence.draft.title} {silence.version.label}")
    event.add("status", "CANCELLED" if silence.state in (Silence.WITHDRAWN, Silence.VOID) else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("url", url)
    return event


def calendar(events: Iterable[Event], name: str) -> bytes:
    """A calendar of these entries, as a file."""
    found = Calendar()
    found.add("prodid", PRODUCT)
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", name)
    for event in events:
        found.add_component(event)
    written: bytes = found.to_ical()
    return written


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
