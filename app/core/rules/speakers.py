"""The speakers' list (domain brief §5, §10.6): who asked, in which order, who speaks and for how long.

`decide` says which events an act leaves, or refuses it; `evolve` folds an event into the state. The order is decided
once and stands in the events as places, so that the list can be computed again from the log alone, by any program,
whatever the rules say later. There is no clock in here: a moment comes in with each act.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from app.core.rules.rulesets import RuleSet


class Kind(StrEnum):
    """What somebody asks the floor for."""

    GENERAL = "general"
    RIGHT_OF_REPLY = "right_of_reply"
    POINT_OF_ORDER = "point_of_order"
    EXPLANATION = "explanation"


SECTIONS = (Kind.POINT_OF_ORDER, Kind.GENERAL, Kind.EXPLANATION, Kind.RIGHT_OF_REPLY)
"""The list in its parts: a point of order jumps it, rights of reply come after it."""
STILL_IN_CLOSED = frozenset({Kind.RIGHT_OF_REPLY, Kind.POINT_OF_ORDER})

LEVELS = ("head_of_state", "head_of_government", "minister", "delegate")
"""Protocol, highest first: it counts inside a category, where the body's custom asks for it."""


class Act(StrEnum):
    REQUEST = "request"
    WITHDRAW = "withdraw"
    MOVE = "move"
    SWAP = "swap"
    ABSENT = "absent"
    GIVE = "give"
    INTERRUPT = "interrupt"
    RESUME = "resume"
    END = "end"
    ANNOUNCE_CLOSING = "announce_closing"
    CLOSE = "close"
    OPEN = "open"


class Who(StrEnum):
    DELEGATE = "delegate"
    """A delegation, of its own entry."""
    CHAIR = "chair"
    """Whoever manages the list: the chair, who presides for the chair, the secretariat."""


ENTRY_TRANSITIONS: tuple[tuple[str, Act, str, str], ...] = (
    ("new", Act.REQUEST, "inscribed", "delegate, chair"),
    ("new", Act.GIVE, "speaking", "chair"),
    ("new", Act.INTERRUPT, "speaking", "chair"),
    ("inscribed", Act.WITHDRAW, "withdrawn", "delegate, chair"),
    ("inscribed", Act.MOVE, "inscribed", "chair"),
    ("inscribed", Act.SWAP, "inscribed", "chair"),
    ("inscribed", Act.ABSENT, "inscribed", "chair"),
    ("inscribed", Act.GIVE, "speaking", "chair"),
    ("inscribed", Act.INTERRUPT, "speaking", "chair"),
    ("speaking", Act.INTERRUPT, "interrupted", "chair"),
    ("speaking", Act.END, "spoke", "chair"),
    ("interrupted", Act.RESUME, "speaking", "chair"),
    ("interrupted", Act.END, "spoke", "chair"),
)
"""An entry's life: from, act, to, who."""

LIST_TRANSITIONS: tuple[tuple[str, Act, str, str], ...] = (
    ("open", Act.ANNOUNCE_CLOSING, "closing", "chair"),
    ("open", Act.CLOSE, "closed", "chair"),
    ("closing", Act.CLOSE, "closed", "chair"),
    ("closing", Act.OPEN, "open", "chair"),
    ("closed", Act.OPEN, "open", "chair"),
)
"""The list's own life."""

_LIST_NEXT = {(before, act): after for before, act, after, _who in LIST_TRANSITIONS}
_LIST_EVENT = {
    Act.ANNOUNCE_CLOSING: "list.closing_announced",
    Act.CLOSE: "list.closed",
    Act.OPEN: "list.opened",
}
_LIST_AFTER = {"list.closing_announced": "closing", "list.closed": "closed", "list.opened": "open"}
ALLOWED = {
    (act, Who(who))
    for _before, act, _after, whose in (*ENTRY_TRANSITIONS, *LIST_TRANSITIONS)
    for who in whose.split(", ")
}
"""Who may do an act at all."""


class Why(StrEnum):
    """Why an act is refused."""

    NOT_YOURS = "not_yours"
    LIST_CLOSED = "list_closed"
    LIST_STATE = "list_state"
    ON_THE_LIST = "on_the_list"
    NO_MORE_REPLIES = "no_more_replies"
    NOT_ON_THE_LIST = "not_on_the_list"
    NOBODY_WAITS = "nobody_waits"
    NOBODY_SPEAKS = "nobody_speaks"
    IS_INTERRUPTED = "is_interrupted"
    NOT_INTERRUPTED = "not_interrupted"
    POINT_IS_HEARD = "point_is_heard"
    NOT_ALONE = "not_alone"


class Refused(Exception):
    def __init__(self, why: Why) -> None:
        super().__init__(str(why))
        self.why = why


@dataclass(frozen=True, slots=True)
class FloorRules:
    """What the body's rules say of the floor. Seconds."""

    order: tuple[str, ...]
    limits: Mapping[str, tuple[int, ...]]
    replies_max: int
    by_level: bool = False
    """Does protocol count inside a category?"""

    @classmethod
    def of(cls, ruleset: RuleSet, *, by_level: bool = False) -> FloorRules:
        return cls(ruleset.speaker_order, ruleset.time_limits, ruleset.replies_max, by_level)

    def limit(self, entry: Entry, turn: int = 1) -> int | None:
        """Seconds that this entry has, None without a limit: a point of order is heard and ruled on at once."""
        limits = self.limits.get(_limited_as(entry))
        return limits[min(turn, len(limits)) - 1] if limits else None


def _limited_as(entry: Entry) -> str:
    special = {Kind.RIGHT_OF_REPLY: "right_of_reply", Kind.EXPLANATION: "eov", Kind.POINT_OF_ORDER: "point_of_order"}
    if entry.kind in special:
        return special[Kind(entry.kind)]
    return entry.category if entry.category in ("group", "stakeholder") else "national"


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody who asked for the floor."""

    request: str
    delegation: str
    kind: str = Kind.GENERAL
    category: str = "member_state"
    on_behalf_of: str | None = None
    joint: tuple[str, ...] = ()
    """Parties that join in the statement."""
    level: str = LEVELS[-1]
    number: int = 0
    """First come: the how many-th request of this list it was."""
    moved: bool = False
    """The chair put it where it is."""
    absent: bool = False

    @property
    def voice(self) -> str:
        """In whose name it is: one pending statement for each."""
        return self.on_behalf_of or self.delegation


@dataclass(frozen=True, slots=True)
class Turn:
    """A speech: its seconds count from `since`, on top of those `used` before an interruption."""

    entry: Entry
    limit: int | None
    began: str
    since: str | None
    used: float = 0.0

    def seconds(self, at: datetime) -> float:
        """How long it has lasted at this moment, interruptions left out."""
        running = (at - datetime.fromisoformat(self.since)).total_seconds() if self.since else 0.0
        return round(self.used + max(0.0, running), 3)


@dataclass(frozen=True, slots=True)
class Floor:
    """The speakers' list of one channel."""

    list: str = "open"
    waiting: tuple[Entry, ...] = ()
    speaking: Turn | None = None
    interrupted: Turn | None = None
    requests: int = 0
    replies: Mapping[str, int] = field(default_factory=dict)
    """Delegation to the rights of reply that it has been given."""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Floor:
        return cls(
            list=data["list"],
            waiting=tuple(_entry(item) for item in data["waiting"]),
            speaking=_turn(data["speaking"]),
            interrupted=_turn(data["interrupted"]),
            requests=data["requests"],
            replies=dict(data["replies"]),
        )


def _entry(data: Mapping[str, Any]) -> Entry:
    return Entry(**{**data, "joint": tuple(data["joint"])})


def _turn(data: Mapping[str, Any] | None) -> Turn | None:
    return Turn(**{**data, "entry": _entry(data["entry"])}) if data else None


@dataclass(frozen=True, slots=True)
class Asked:
    """What an act says beside its name. `entry` is a new one; `request` or `delegation` name one on the list."""

    request: str | None = None
    delegation: str | None = None
    entry: Entry | None = None
    other: str | None = None
    to: int | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """An event that an act leaves."""

    type: str
    data: Mapping[str, Any]


# --- The order -----------------------------------------------------------------------------------------------------


def key(entry: Entry, rules: FloorRules) -> tuple[int, bool, int, int, int]:
    """Where an entry belongs: its part of the list, absent ones last, by category, protocol, first come."""
    order = [*rules.order]
    rank = order.index(entry.category) if entry.category in order else len(order)
    level = LEVELS.index(entry.level) if rules.by_level and entry.level in LEVELS else 0
    return SECTIONS.index(Kind(entry.kind)), entry.absent, rank, level, entry.number


def place_for(entry: Entry, waiting: Sequence[Entry], rules: FloorRules) -> int:
    """Where a new entry goes. Nobody who waits changes places by it, and what the chair has moved stays moved.

    It goes behind the last one that it belongs behind, and behind those that the chair has put there.
    """
    own = key(entry, rules)
    by_rule = [(place, key(other, rules)) for place, other in enumerate(waiting) if not other.moved]
    before = [place for place, theirs in by_rule if theirs <= own]
    if before:
        place = before[-1] + 1
        while place < len(waiting) and waiting[place].moved and waiting[place].kind == entry.kind:
            place += 1
        return place
    after = [place for place, theirs in by_rule if theirs > own]
    return after[0] if after else len(waiting)


# --- Deciding ------------------------------------------------------------------------------------------------------

Decision = Callable[[Floor, FloorRules, Who, Asked, datetime], list[Said]]


def decide(floor: Floor, rules: FloorRules, act: Act, who: Who, asked: Asked, at: datetime) -> list[Said]:
    """The events that `act` leaves at this moment. Raises Refused."""
    if (act, who) not in ALLOWED:
        raise Refused(Why.NOT_YOURS)
    if act in _LIST_EVENT:
        if (floor.list, act) not in _LIST_NEXT:
            raise Refused(Why.LIST_STATE)
        return [Said(_LIST_EVENT[act], {"waiting": len(floor.waiting)})]
    return _DECISIONS[act](floor, rules, who, asked, at)


def _request(floor: Floor, rules: FloorRules, who: Who, asked: Asked, at: datetime) -> list[Said]:
    entry = asked.entry
    assert entry is not None
    if who is Who.DELEGATE and asked.delegation != entry.delegation:
        raise Refused(Why.NOT_YOURS)
    if floor.list == "closed" and entry.kind not in STILL_IN_CLOSED:
        raise Refused(Why.LIST_CLOSED)
    same = [other for other in floor.waiting if other.kind == entry.kind]
    asked_for = sum(other.delegation == entry.delegation for other in same)  # in whose name ever
    if entry.kind == Kind.RIGHT_OF_REPLY and floor.replies.get(entry.delegation, 0) + asked_for >= rules.replies_max:
        raise Refused(Why.NO_MORE_REPLIES)
    if any(other.voice == entry.voice for other in same):
        raise Refused(Why.ON_THE_LIST)
    entry = replace(entry, number=floor.requests + 1, moved=False, absent=False)
    place = place_for(entry, floor.waiting, rules)
    return [Said("floor.requested", _named(entry) | {"level": entry.level, "place": place})]


def _withdraw(floor: Floor, rules: FloorRules, who: Who, asked: Asked, at: datetime) -> list[Said]:
    if who is Who.DELEGATE and asked.request:
        own = [entry for entry in floor.waiting if entry.delegation == asked.delegation]
        if not any(entry.request == asked.request for entry in own):
            raise Refused(Why.NOT_ON_THE_LIST)
    _place, entry = _found(floor, asked)
    return [Said("floor.withdrawn", _short(entry))]


def _move(floor: Floor, rules: FloorRules, who: Who, asked: Asked, at: datetime) -> list[Said]:
    _place, entry = _found(floor, asked)
    to = min(max(asked.to or 0, 0), len(floor.waiting) - 1)
    return [Said("floor.moved", _short(entry) | {"to": to})]


def _swap(floor: Floor, rules: FloorRules, who: Who, asked: Asked, at: datetime) -> list[Said]:
    _place, entry = _found(floor, asked)
    _other_place, other = _found(floor, Asked(request=asked.other, delegation=asked.other))
    if other.request == entry.request:
        raise Refused(Why.NOT_ALONE)
    return [Said("floor.swapped", _short(entry) | {"other": other.request, "other_delegation": other.delegation})]


def _absent(floor: Floor, rules: FloorRules, who: Who, asked: Asked, at: datetime) -> list[Said]:
    """To the end of its part of the list."""
    place, entry = _found(floor, asked)
    rest = [*floor.waiting[:place], *floor.waiting[place + 1 :]]
    part = SECTIONS.index(Kind(entry.kind))
    same = [here for here, other in enumerate(rest) if SECTIONS.index(Kind(other.kind)) <= part]
    return [Said("floor.absent", _short(entry) | {"to": same[-1] + 1 if same else 0})]


def _give(floor: Floor, rules: FloorRules, who: Who, asked: Asked, at: datetime) -> list[Said]:
    """To who is named, on the list or not; else to the next. Who speaks has ended, unless a point of order comes."""
    entry = _next(floor, asked)
    if entry.kind == Kind.POINT_OF_ORDER and _is_statement(floor.speaking):
        return [_paused(floor, at, "point_of_order"), _given(floor, rules, entry, asked, at)]
    if entry.kind != Kind.POINT_OF_ORDER and floor.interrupted:
        raise Refused(Why.IS_INTERRUPTED)
    ended = [_ended(floor.speaking, at)] if floor.speaking else []
    return [*ended, _given(floor, rules, entry, asked, at)]


def _interrupt(floor: Floor, rules: FloorRules, who: Who, asked: Asked, at: datetime) -> list[Said]:
    """For a point of order, of who is named or waits with one; without any, the chair stops the speaker."""
    if floor.speaking is None:
        raise Refused(Why.IS_INTERRUPTED if floor.interrupted else Why.NOBODY_SPEAKS)
    if not _is_statement(floor.speaking):
        raise Refused(Why.POINT_IS_HEARD)
    points = [entry for entry in floor.waiting if entry.kind == Kind.POINT_OF_ORDER]
    if asked.delegation:
        points = [entry for entry in points if entry.delegation == asked.delegation]
        if not points and asked.entry:
            points = [replace(asked.entry, kind=Kind.POINT_OF_ORDER)]
    if not points:
        return [_paused(floor, at, "chair")]
    return [_paused(floor, at, "point_of_order"), _given(floor, rules, points[0], asked, at)]


def _resume(floor: Floor, rules: FloorRules, who: Who, asked: Asked, at: datetime) -> list[Said]:
    turn = floor.interrupted
    if turn is None:
        raise Refused(Why.NOT_INTERRUPTED)
    ended = [_ended(floor.speaking, at)] if floor.speaking else []
    return [*ended, Said("floor.resumed", _short(turn.entry) | {"used": turn.used, "limit": turn.limit})]


def _end(floor: Floor, rules: FloorRules, who: Who, asked: Asked, at: datetime) -> list[Said]:
    turn = floor.speaking or floor.interrupted
    if turn is None:
        raise Refused(Why.NOBODY_SPEAKS)
    return [_ended(turn, at)]


def pause(floor: Floor, at: datetime, by: str) -> list[Said]:
    """What a suspension of the session leaves: the clock stops, and a point of order is over."""
    if floor.speaking is None:
        return []
    return [_paused(floor, at, by) if _is_statement(floor.speaking) else _ended(floor.speaking, at)]


def finish(floor: Floor, at: datetime) -> list[Said]:
    """What the end of the session, or of its segment, leaves: nobody speaks any more."""
    return [_ended(turn, at) for turn in (floor.speaking, floor.interrupted) if turn]


_DECISIONS: dict[Act, Decision] = {
    Act.REQUEST: _request,
    Act.WITHDRAW: _withdraw,
    Act.MOVE: _move,
    Act.SWAP: _swap,
    Act.ABSENT: _absent,
    Act.GIVE: _give,
    Act.INTERRUPT: _interrupt,
    Act.RESUME: _resume,
    Act.END: _end,
}


def _found(floor: Floor, asked: Asked) -> tuple[int, Entry]:
    for place, entry in enumerate(floor.waiting):
        if asked.request == entry.request:
            return place, entry
    for place, entry in enumerate(floor.waiting):
        if asked.delegation == entry.delegation and (asked.request is None or asked.request == asked.delegation):
            return place, entry
    raise Refused(Why.NOT_ON_THE_LIST)


def _next(floor: Floor, asked: Asked) -> Entry:
    if asked.request or asked.delegation:
        try:
            return _found(floor, asked)[1]
        except Refused:
            if asked.entry is None:
                raise
            return asked.entry
    if not floor.waiting:
        raise Refused(Why.NOBODY_WAITS)
    return floor.waiting[0]


def _is_statement(turn: Turn | None) -> bool:
    return turn is not None and turn.entry.kind != Kind.POINT_OF_ORDER


def _paused(floor: Floor, at: datetime, by: str) -> Said:
    turn = floor.speaking
    assert turn is not None
    return Said("floor.interrupted", _short(turn.entry) | {"by": by, "used": turn.seconds(at)})


def _given(floor: Floor, rules: FloorRules, entry: Entry, asked: Asked, at: datetime) -> Said:
    turn = floor.replies.get(entry.delegation, 0) + 1 if entry.kind == Kind.RIGHT_OF_REPLY else 1
    limit = asked.limit if asked.limit is not None else rules.limit(entry, turn)
    return Said("floor.given", _named(entry) | {"limit": limit, "started_at": _stamp(at)})


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _ended(turn: Turn, at: datetime) -> Said:
    return Said("floor.ended", _short(turn.entry) | {"seconds": turn.seconds(at), "limit": turn.limit})


def _short(entry: Entry) -> dict[str, Any]:
    return {"request": entry.request, "delegation": entry.delegation, "kind": str(entry.kind)}


def _named(entry: Entry) -> dict[str, Any]:
    return _short(entry) | {
        "category": entry.category,
        "on_behalf_of": entry.on_behalf_of,
        "joint": list(entry.joint),
    }


# --- Folding -------------------------------------------------------------------------------------------------------


def evolve(floor: Floor, type_: str, data: Mapping[str, Any], at: str) -> Floor:
    """The state after an event of the log. What is no event of the floor changes nothing."""
    if type_ in _LIST_AFTER:
        return replace(floor, list=_LIST_AFTER[type_])
    folding = _FOLDS.get(type_)
    return folding(floor, data, at) if folding else floor


def fold(events: Iterable[tuple[str, Mapping[str, Any], str]]) -> Floor:
    """The state that a log of (type, data, at) leads to."""
    floor = Floor()
    for type_, data, at in events:
        floor = evolve(floor, type_, data, at)
    return floor


def _on_requested(floor: Floor, data: Mapping[str, Any], at: str) -> Floor:
    entry = replace(_read(data), number=floor.requests + 1)
    place = data["place"]
    waiting = (*floor.waiting[:place], entry, *floor.waiting[place:])
    return replace(floor, waiting=waiting, requests=floor.requests + 1)


def _on_withdrawn(floor: Floor, data: Mapping[str, Any], at: str) -> Floor:
    return replace(floor, waiting=_without(floor, data["request"]))


def _on_moved(floor: Floor, data: Mapping[str, Any], at: str) -> Floor:
    return _put(floor, data, moved=True)


def _on_absent(floor: Floor, data: Mapping[str, Any], at: str) -> Floor:
    return _put(floor, data, absent=True)


def _put(floor: Floor, data: Mapping[str, Any], *, moved: bool = False, absent: bool = False) -> Floor:
    rest, to = _without(floor, data["request"]), data["to"]
    entry = next(entry for entry in floor.waiting if entry.request == data["request"])
    entry = replace(entry, moved=moved, absent=absent)
    return replace(floor, waiting=(*rest[:to], entry, *rest[to:]))


def _on_swapped(floor: Floor, data: Mapping[str, Any], at: str) -> Floor:
    by_request = {entry.request: replace(entry, moved=True) for entry in floor.waiting}
    one, other = data["request"], data["other"]
    turned = {one: by_request[other], other: by_request[one]}
    return replace(floor, waiting=tuple(turned.get(entry.request, entry) for entry in floor.waiting))


def _on_given(floor: Floor, data: Mapping[str, Any], at: str) -> Floor:
    entry = next((e for e in floor.waiting if e.request == data["request"]), None) or _read(data)
    replies = dict(floor.replies)
    if entry.kind == Kind.RIGHT_OF_REPLY:
        replies[entry.delegation] = replies.get(entry.delegation, 0) + 1
    turn = Turn(entry, data["limit"], began=at, since=at)
    return replace(floor, waiting=_without(floor, entry.request), speaking=turn, replies=replies)


def _on_interrupted(floor: Floor, data: Mapping[str, Any], at: str) -> Floor:
    assert floor.speaking is not None
    return replace(floor, speaking=None, interrupted=replace(floor.speaking, since=None, used=data["used"]))


def _on_resumed(floor: Floor, data: Mapping[str, Any], at: str) -> Floor:
    assert floor.interrupted is not None
    return replace(floor, interrupted=None, speaking=replace(floor.interrupted, since=at))


def _on_ended(floor: Floor, data: Mapping[str, Any], at: str) -> Floor:
    if floor.speaking is not None and floor.speaking.entry.request == data["request"]:
        return replace(floor, speaking=None)
    return replace(floor, interrupted=None)


_FOLDS: dict[str, Callable[[Floor, Mapping[str, Any], str], Floor]] = {
    "floor.requested": _on_requested,
    "floor.withdrawn": _on_withdrawn,
    "floor.moved": _on_moved,
    "floor.swapped": _on_swapped,
    "floor.absent": _on_absent,
    "floor.given": _on_given,
    "floor.interrupted": _on_interrupted,
    "floor.resumed": _on_resumed,
    "floor.ended": _on_ended,
}
EVENTS = (*_FOLDS, *_LIST_AFTER)
"""Types of the events of the floor."""


def _read(data: Mapping[str, Any]) -> Entry:
    return Entry(
        request=data["request"],
        delegation=data["delegation"],
        kind=data["kind"],
        category=data["category"],
        on_behalf_of=data["on_behalf_of"],
        joint=tuple(data["joint"]),
        level=data.get("level", LEVELS[-1]),
    )


def _without(floor: Floor, request: str) -> tuple[Entry, ...]:
    return tuple(entry for entry in floor.waiting if entry.request != request)


# --- What is shown -------------------------------------------------------------------------------------------------


class Light(StrEnum):
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


WARNING = 60
"""Seconds before the end at which the light turns yellow; of a short speech, its last quarter."""


def light(limit: int | None, used: float) -> Light | None:
    """The light at the rostrum after so many seconds. None without a limit."""
    if limit is None:
        return None
    if used >= limit:
        return Light.RED
    return Light.YELLOW if limit - used <= min(WARNING, limit / 4) else Light.GREEN


@dataclass(frozen=True, slots=True)
class Speech:
    """One turn at the floor, as the log tells it."""

    delegation: str
    kind: str
    on_behalf_of: str | None
    joint: tuple[str, ...]
    began: str
    ended: str | None
    seconds: float | None
    limit: int | None


def speeches(events: Iterable[tuple[str, Mapping[str, Any], str]]) -> list[Speech]:
    """Who spoke, in order, from a log of (type, data, at). Who still speaks has no end."""
    found: dict[str, Speech] = {}
    for type_, data, at in events:
        if type_ == "floor.given":
            said = (data["delegation"], data["kind"], data["on_behalf_of"], tuple(data["joint"]))
            found[data["request"]] = Speech(*said, began=at, ended=None, seconds=None, limit=data["limit"])
        elif type_ == "floor.ended" and data["request"] in found:
            speech = found[data["request"]]
            found[data["request"]] = replace(speech, ended=at, seconds=data["seconds"])
    return list(found.values())
