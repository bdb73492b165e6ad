"""The life of a proposal (domain brief §10.3): a table of (from, act, to, who)."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    DRAFT = "draft"
    """Inside the delegation: nobody else knows that it exists."""
    LIVE = "live"
    REFLECTED = "reflected"
    PARTLY_REFLECTED = "partly_reflected"
    NOT_REFLECTED = "not_reflected"
    OVERTAKEN = "overtaken"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    """Its words went into another proposal, which its sponsors joined."""
    DISCARDED = "discarded"
    """A draft that never left its delegation."""


class Act(StrEnum):
    RELEASE = "release"
    REVISE = "revise"
    WITHDRAW = "withdraw"
    DISCARD = "discard"
    REFLECT = "reflect"
    PARTLY_REFLECT = "partly_reflect"
    LEAVE = "leave"
    OVERTAKE = "overtake"
    MERGE = "merge"
    READOPT = "readopt"
    """Another party takes up what its sponsor withdrew."""


class Who(StrEnum):
    SPONSOR = "sponsor"
    CHAIR = "chair"
    PARTY = "party"


TRANSITIONS: tuple[tuple[State, Act, State, Who], ...] = (
    (State.DRAFT, Act.REVISE, State.DRAFT, Who.SPONSOR),
    (State.DRAFT, Act.RELEASE, State.LIVE, Who.SPONSOR),
    (State.DRAFT, Act.DISCARD, State.DISCARDED, Who.SPONSOR),
    (State.LIVE, Act.REVISE, State.LIVE, Who.SPONSOR),
    (State.LIVE, Act.WITHDRAW, State.WITHDRAWN, Who.SPONSOR),
    (State.LIVE, Act.REFLECT, State.REFLECTED, Who.CHAIR),
    (State.LIVE, Act.PARTLY_REFLECT, State.PARTLY_REFLECTED, Who.CHAIR),
    (State.LIVE, Act.LEAVE, State.NOT_REFLECTED, Who.CHAIR),
    (State.LIVE, Act.OVERTAKE, State.OVERTAKEN, Who.CHAIR),
    (State.LIVE, Act.MERGE, State.MERGED, Who.CHAIR),
    (State.WITHDRAWN, Act.READOPT, State.LIVE, Who.PARTY),
)

FATES = {
    Act.REFLECT: State.REFLECTED,
    Act.PARTLY_REFLECT: State.PARTLY_REFLECTED,
    Act.LEAVE: State.NOT_REFLECTED,
    Act.OVERTAKE: State.OVERTAKEN,
}
"""What the chair may say became of a proposal when a version is issued."""
FATE_STATES = frozenset(FATES.values())
IN_THE_TEXT = (State.REFLECTED, State.PARTLY_REFLECTED)
"""Fates of those whose words the version took in, all or some."""
PUBLIC_STATES = frozenset(State) - {State.DRAFT, State.DISCARDED}

_NEXT = {(before, act): after for before, act, after, _who in TRANSITIONS}


def after(state: str, act: str) -> State | None:
    """The state that `act` leads to from `state`, or None where the act is out of order."""
    return _NEXT.get((State(state), Act(act)))


class Code(StrEnum):
    """What a party may say of a proposal that is not its own (domain brief §4.4)."""

    SUPPORT = "support"
    CAN_LIVE = "can_live"
    FLEXIBLE = "flexible"
    RESERVE = "reserve"
    CONCERN = "concern"
    RETAIN = "retain"
    OPPOSE = "oppose"
    CONDITIONAL = "conditional"


PRINTED = {Code.RETAIN: "retain", Code.OPPOSE: "oppose", Code.RESERVE: "reserve", Code.SUPPORT: "support"}
"""The stances that a compilation prints, and the verb."""
IN_THE_WAY = frozenset({Code.OPPOSE, Code.RETAIN, Code.CONDITIONAL, Code.RESERVE, Code.CONCERN})
