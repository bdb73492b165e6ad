"""The silence procedure (domain brief §4.6, §10.5): a table of (from, act, to, who), and its fold over the log.

The chair puts a frozen text before the States with a deadline. Whoever cannot accept it says so in writing before the
deadline; one is enough. Where nobody does, the text is taken to be agreed, and the chair says so in a letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from app.core.rules.workdays import day_off

SETTLING = timedelta(seconds=2)
"""The end is written so long after the deadline, so that an objection which the server had received by then, and which
still waits for its turn in the database, comes before the end in the log."""


class State(StrEnum):
    PREPARED = "prepared"
    """Only those who may open it know of it."""
    DISCARDED = "discarded"
    RUNNING = "running"
    UNBROKEN = "unbroken"
    BROKEN = "broken"
    WITHDRAWN = "withdrawn"
    VOID = "void"
    CONFIRMED = "confirmed"
    FORMALISED = "formalised"
    CONSULTING = "consulting"
    SUCCEEDED = "succeeded"
    CLOSED = "closed"
    """Ended without agreement."""


class Act(StrEnum):
    REVISE = "revise"
    DISCARD = "discard"
    OPEN = "open"
    EXTEND = "extend"
    BREAK = "break"
    WITHDRAW_BREAK = "withdraw_break"
    TELL = "tell"
    END = "end"
    OBJECT_LATE = "object_late"
    WITHDRAW = "withdraw"
    VOID = "void"
    PUBLISH = "publish"
    CONFIRM = "confirm"
    FORMALISE = "formalise"
    CONSULT = "consult"
    SUCCEED = "succeed"
    CLOSE = "close"


class Who(StrEnum):
    SECRETARIAT = "secretariat"
    """The secretariat or the chair: it prepares, the chair opens."""
    CHAIR = "chair"
    PARTY = "party"
    CLOCK = "clock"


TRANSITIONS: tuple[tuple[State, Act, State, Who], ...] = (
    (State.PREPARED, Act.REVISE, State.PREPARED, Who.SECRETARIAT),
    (State.PREPARED, Act.DISCARD, State.DISCARDED, Who.SECRETARIAT),
    (State.PREPARED, Act.OPEN, State.RUNNING, Who.CHAIR),
    (State.RUNNING, Act.EXTEND, State.RUNNING, Who.CHAIR),
    (State.RUNNING, Act.BREAK, State.RUNNING, Who.PARTY),
    (State.RUNNING, Act.WITHDRAW_BREAK, State.RUNNING, Who.PARTY),
    (State.RUNNING, Act.TELL, State.RUNNING, Who.CHAIR),
    (State.RUNNING, Act.OBJECT_LATE, State.RUNNING, Who.PARTY),
    (State.RUNNING, Act.END, State.UNBROKEN, Who.CLOCK),
    (State.RUNNING, Act.END, State.BROKEN, Who.CLOCK),
    (State.RUNNING, Act.WITHDRAW, State.WITHDRAWN, Who.CHAIR),
    (State.RUNNING, Act.VOID, State.VOID, Who.CHAIR),
    (State.UNBROKEN, Act.OBJECT_LATE, State.UNBROKEN, Who.PARTY),
    (State.UNBROKEN, Act.VOID, State.VOID, Who.CHAIR),
    (State.UNBROKEN, Act.CONFIRM, State.CONFIRMED, Who.CHAIR),
    (State.CONFIRMED, Act.FORMALISE, State.FORMALISED, Who.CHAIR),
    (State.BROKEN, Act.OBJECT_LATE, State.BROKEN, Who.PARTY),
    (State.BROKEN, Act.WITHDRAW_BREAK, State.BROKEN, Who.PARTY),
    (State.BROKEN, Act.PUBLISH, State.BROKEN, Who.CHAIR),
    (State.BROKEN, Act.VOID, State.VOID, Who.CHAIR),
    (State.BROKEN, Act.CONSULT, State.CONSULTING, Who.CHAIR),
    (State.BROKEN, Act.SUCCEED, State.SUCCEEDED, Who.CHAIR),
    (State.BROKEN, Act.CLOSE, State.CLOSED, Who.CHAIR),
    (State.CONSULTING, Act.OBJECT_LATE, State.CONSULTING, Who.PARTY),
    (State.CONSULTING, Act.WITHDRAW_BREAK, State.CONSULTING, Who.PARTY),
    (State.CONSULTING, Act.PUBLISH, State.CONSULTING, Who.CHAIR),
    (State.CONSULTING, Act.SUCCEED, State.SUCCEEDED, Who.CHAIR),
    (State.CONSULTING, Act.CLOSE, State.CLOSED, Who.CHAIR),
)
"""A withdrawn objection leaves the silence broken: only a new procedure restores it."""

_NEXT: dict[tuple[State, Act], tuple[State, ...]] = {}
for _before, _act, _after, _who in TRANSITIONS:
    _NEXT[_before, _act] = (*_NEXT.get((_before, _act), ()), _after)
WHO = {act: who for _from, act, _to, who in TRANSITIONS}


def possible(state: str, act: str) -> bool:
    """Is `act` in order in `state`?"""
    return (State(state), Act(act)) in _NEXT


def after(state: str, act: str, *, broken: bool = False) -> State | None:
    """The state that `act` leads to, or None where it is out of order. `broken` decides where the end leads."""
    found = _NEXT.get((State(state), Act(act)))
    if found is None:
        return None
    return found[-1] if broken else found[0]


def acts_in(state: str, who: Who | None = None) -> tuple[Act, ...]:
    """What may be done in `state`, by one of these or by all."""
    acts = (act for before, act, _to, by in TRANSITIONS if before == state and (who is None or by == who))
    return tuple(dict.fromkeys(acts))


# --- Time ----------------------------------------------------------------------------------------------------------


def in_time(received: datetime, deadline: datetime, *, inclusive: bool = True) -> bool:
    """Does an objection that the server received at `received` break the silence?"""
    return received <= deadline if inclusive else received < deadline


def may_extend(deadline: datetime, received: datetime, to: datetime) -> bool:
    """An extension comes before the silence expires, and makes it longer."""
    return received <= deadline < to


def due_at(deadline: datetime) -> datetime:
    """When the end may be written."""
    return deadline + SETTLING


class Warn(StrEnum):
    SHORT = "short"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


def warnings(opens: datetime, deadline: datetime, local_day: date, min_hours: int) -> tuple[Warn, ...]:
    """What the chair should know of a deadline; `local_day` is its day where the body sits."""
    found = [Warn.SHORT] if deadline - opens < timedelta(hours=min_hours) else []
    off = day_off(local_day)
    return (*found, Warn(off)) if off else tuple(found)


REMINDERS = (timedelta(hours=24), timedelta(hours=2), timedelta(minutes=15))
"""Delegations are reminded so long before the deadline."""


def reminder(deadline: datetime, now: datetime) -> timedelta | None:
    """The nearest of the reminders that have come due, None before the first one and after the deadline."""
    left = deadline - now
    due = [span for span in REMINDERS if timedelta(0) <= left <= span]
    return min(due) if due else None


# --- The fold ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Objection:
    """What one party (or a group of States by the one that speaks for it) objects to; `paragraphs` empty: to all."""

    paragraphs: tuple[str, ...]
    received: datetime
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Silence:
    """A procedure as its log tells it. Objections by who made them: `KEN` or `KEN African Group`."""

    state: State = State.PREPARED
    deadline: datetime | None = None
    opened_at: datetime | None = None
    ended_at: datetime | None = None
    extensions: int = 0
    told: bool = False
    outcome: State | None = None
    letters: int = 0
    objections: Mapping[str, Objection] = field(default_factory=dict)
    late: Mapping[str, Objection] = field(default_factory=dict)
    ends: int = 0
    """How often the log says that it ended: once, or the record is wrong."""


Event = tuple[str, Mapping[str, Any], datetime]
"""Type, data and moment of an event of one of the two channels."""


def evolve(silence: Silence, type_: str, data: Mapping[str, Any], at: datetime) -> Silence:
    """The procedure after one more event. Types that it does not know change nothing."""
    change = _EVOLVE.get(type_)
    return change(silence, data, at) if change else silence


def fold(public: Iterable[Event], confidential: Iterable[Event]) -> Silence:
    """The procedure from its two channels: the acts that all may read, and the objections that only some may."""
    silence = Silence()
    for events in (public, confidential):
        for type_, data, at in events:
            silence = evolve(silence, type_, data, at)
    return silence


_DECISIVE = frozenset({"silence.announced", "silence.extended", "silence.withdrawn", "silence.voided"})


def outcome(public: Iterable[Event], confidential: Iterable[Event], now: datetime, *, inclusive: bool = True) -> State:
    """What became of the silence: computed from what was announced, extended and received, whatever was said of it.

    Running until its deadline; then broken if one objection was received in time, withdrawn since or not.
    """
    silence = fold((event for event in public if event[0] in _DECISIVE), confidential)
    if silence.deadline is None:
        return silence.state
    if silence.ended_at is not None and silence.ended_at <= silence.deadline:
        return silence.state
    if now <= silence.deadline:
        return State.RUNNING
    broken = any(in_time(o.received, silence.deadline, inclusive=inclusive) for o in silence.objections.values())
    return State.BROKEN if broken else State.UNBROKEN


def said_by(actor: Mapping[str, Any]) -> str:
    """How the fold names who objects: the party, and the group of States in whose name."""
    return " ".join(filter(None, (actor["delegation"], actor["on_behalf_of"])))


def _announced(silence: Silence, data: Mapping[str, Any], at: datetime) -> Silence:
    return replace(silence, state=State.RUNNING, deadline=_moment(data["deadline"]), opened_at=at)


def _extended(silence: Silence, data: Mapping[str, Any], at: datetime) -> Silence:
    return replace(silence, deadline=_moment(data["deadline"]), extensions=silence.extensions + 1)


def _ended(silence: Silence, data: Mapping[str, Any], at: datetime) -> Silence:
    state = State(data["outcome"])
    return replace(silence, state=state, outcome=state, ended_at=at, ends=silence.ends + 1)


def _stopped(state: State) -> Any:
    def change(silence: Silence, data: Mapping[str, Any], at: datetime) -> Silence:
        return replace(silence, state=state, ended_at=silence.ended_at or at)

    return change


def _into(state: State) -> Any:
    def change(silence: Silence, data: Mapping[str, Any], at: datetime) -> Silence:
        return replace(silence, state=state, letters=silence.letters + ("letter" in data))

    return change


def _letter(silence: Silence, data: Mapping[str, Any], at: datetime) -> Silence:
    return replace(silence, letters=silence.letters + 1)


def _told(silence: Silence, data: Mapping[str, Any], at: datetime) -> Silence:
    return replace(silence, told=True)


def _objected(silence: Silence, data: Mapping[str, Any], at: datetime) -> Silence:
    return replace(silence, objections={**silence.objections, data["by"]: _objection(data)})


def _objected_late(silence: Silence, data: Mapping[str, Any], at: datetime) -> Silence:
    return replace(silence, late={**silence.late, data["by"]: _objection(data)})


def _took_back(silence: Silence, data: Mapping[str, Any], at: datetime) -> Silence:
    earlier = silence.objections[data["by"]]
    return replace(silence, objections={**silence.objections, data["by"]: replace(earlier, withdrawn=True)})


def _objection(data: Mapping[str, Any]) -> Objection:
    return Objection(tuple(said["paragraph"] for said in data["paragraphs"]), _moment(data["received"]))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


_EVOLVE = {
    "silence.announced": _announced,
    "silence.extended": _extended,
    "silence.told": _told,
    "silence.ended": _ended,
    "silence.withdrawn": _stopped(State.WITHDRAWN),
    "silence.voided": _stopped(State.VOID),
    "silence.letter": _letter,
    "silence.confirmed": _into(State.CONFIRMED),
    "silence.formalised": _into(State.FORMALISED),
    "silence.consulting": _into(State.CONSULTING),
    "silence.succeeded": _into(State.SUCCEEDED),
    "silence.closed": _into(State.CLOSED),
    "silence.discarded": _into(State.DISCARDED),
    "silence.broken": _objected,
    "silence.break_withdrawn": _took_back,
    "silence.late_objection": _objected_late,
}
