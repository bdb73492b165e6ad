"""The states of a session (domain brief §10.4): a table of (from, act, to)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    SCHEDULED = "scheduled"
    OPEN = "open"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    POSTPONED = "postponed"
    """To a time that is not known yet."""
    CANCELLED = "cancelled"


class Act(StrEnum):
    OPEN = "open"
    SUSPEND = "suspend"
    RESUME = "resume"
    CLOSE = "close"


OVER = (State.CLOSED, State.CANCELLED)
"""Nothing takes place in it any more."""

TRANSITIONS: tuple[tuple[State, Act, State], ...] = (
    (State.SCHEDULED, Act.OPEN, State.OPEN),
    (State.OPEN, Act.SUSPEND, State.SUSPENDED),
    (State.SUSPENDED, Act.RESUME, State.OPEN),
    (State.OPEN, Act.CLOSE, State.CLOSED),
    (State.SUSPENDED, Act.CLOSE, State.CLOSED),
)

EVENT = {
    Act.OPEN: "session.opened",
    Act.SUSPEND: "session.suspended",
    Act.RESUME: "session.resumed",
    Act.CLOSE: "session.closed",
}
"""The type of event that each act leaves in the session's channel."""

_NEXT = {(before, act): after for before, act, after in TRANSITIONS}


class Change(StrEnum):
    """A change of the programme: a session that has not begun is moved, put off, called off."""

    RESCHEDULE = "reschedule"
    POSTPONE = "postpone"
    CANCEL = "cancel"


CHANGES: tuple[tuple[State, Change, State], ...] = (
    (State.SCHEDULED, Change.RESCHEDULE, State.SCHEDULED),
    (State.SCHEDULED, Change.POSTPONE, State.POSTPONED),
    (State.SCHEDULED, Change.CANCEL, State.CANCELLED),
    (State.POSTPONED, Change.RESCHEDULE, State.SCHEDULED),
    (State.POSTPONED, Change.CANCEL, State.CANCELLED),
)
CHANGE_EVENT = {
    Change.RESCHEDULE: "session.rescheduled",
    Change.POSTPONE: "session.postponed",
    Change.CANCEL: "session.cancelled",
}
_NEXT_CHANGE = {(before, change): after for before, change, after in CHANGES}


def after_change(state: str, change: str) -> State | None:
    """The state that a change of the programme leads to, or None where it is out of order."""
    return _NEXT_CHANGE.get((State(state), Change(change)))


def after(state: str, act: str) -> State | None:
    """The state that `act` leads to from `state`, or None where the act is out of order."""
    return _NEXT.get((State(state), Act(act)))


def acts_in(state: str) -> tuple[Act, ...]:
    """What may be done in `state`."""
    return tuple(act for before, act, _after in TRANSITIONS if before == state)


YEARS = range(1945, 2201)
"""In which a body meets. At the ends of the calendar a moment cannot be written in every zone, or three hours later."""


def is_datable(moment: datetime) -> bool:
    """Can something be set for this moment?"""
    return moment.year in YEARS


OPENNESS_ORDER = ("invited", "members", "observers", "public")
"""From the most closed to the most open."""


def is_wider(openness: str, than: str) -> bool:
    """Does `openness` let in somebody whom `than` keeps out?"""
    return OPENNESS_ORDER.index(openness) > OPENNESS_ORDER.index(than)


def narrowest(*words: str) -> str:
    """The openness that lets in the fewest."""
    return min(words, key=OPENNESS_ORDER.index)


class Mode(StrEnum):
    """A chair goes from formal to informal and back within one meeting (domain brief §4.5, §10.4)."""

    FORMAL = "formal"
    INFORMAL = "informal"


class Attribution(StrEnum):
    ON_RECORD = "on_record"
    NOT_FOR_ATTRIBUTION = "not_for_attribution"
    """The Chatham House rule: the words are kept, the names are not."""
