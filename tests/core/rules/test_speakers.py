"""The speakers' list: its order, its clock, and that nothing out of turn or by the wrong person succeeds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.core.rules.rulesets import ruleset
from app.core.rules.speakers import (
    ALLOWED,
    LEVELS,
    SECTIONS,
    STILL_IN_CLOSED,
    Act,
    Asked,
    Entry,
    Floor,
    FloorRules,
    Kind,
    Light,
    Refused,
    Said,
    Who,
    Why,
    decide,
    evolve,
    finish,
    fold,
    key,
    light,
    pause,
    speeches,
)

RULES = FloorRules.of(ruleset("gm-consensus-1"))
NINE = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)


class Meeting:
    """A list with a clock and a log, as a service keeps them."""

    def __init__(self, rules: FloorRules = RULES) -> None:
        self.rules, self.floor, self.now = rules, Floor(), NINE
        self.log: list[tuple[str, dict[str, Any], str]] = []
        self._ids = count(1)

    def act(self, act: Act, who: Who = Who.CHAIR, **asked: Any) -> list[str]:
        said = decide(self.floor, self.rules, act, who, Asked(**asked), self.now)
        for event in said:
            self.take(event)
        return [event.type for event in said]

    def take(self, event: Said) -> None:
        at = self.now.isoformat()
        self.log.append((event.type, dict(event.data), at))
        self.floor = evolve(self.floor, event.type, event.data, at)

    def ask(self, code: str, kind: Kind = Kind.GENERAL, who: Who = Who.DELEGATE, **more: Any) -> list[str]:
        entry = Entry(request=f"r{next(self._ids)}", delegation=code, kind=kind, **more)
        return self.act(Act.REQUEST, who, delegation=code, entry=entry)

    def give(self, code: str | None = None, **more: Any) -> list[str]:
        return self.act(Act.GIVE, delegation=code, **more)

    def pass_(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    @property
    def order(self) -> str:
        return " ".join(entry.delegation for entry in self.floor.waiting)

    @property
    def speaker(self) -> str | None:
        return self.floor.speaking.entry.delegation if self.floor.speaking else None


def refused(why: Why, act: Any) -> None:
    with pytest.raises(Refused) as refusal:
        act()
    assert refusal.value.why is why


def meeting_of(*codes: str) -> Meeting:
    meeting = Meeting()
    for code in codes:
        meeting.ask(code)
    return meeting


# --- The order -----------------------------------------------------------------------------------------------------


def test_groups_come_before_states_before_observers_whoever_asked_first() -> None:
    meeting = Meeting()
    meeting.ask("ICRC", category="special_observer")
    meeting.ask("KEN")
    meeting.ask("VAT", category="observer_state")
    meeting.ask("BRA")
    meeting.ask("EGY", category="group", on_behalf_of="African Group")
    assert meeting.order == "EGY KEN BRA VAT ICRC"


def test_rights_of_reply_come_after_the_list_and_points_of_order_before_it() -> None:
    meeting = Meeting()
    meeting.ask("FRA", Kind.RIGHT_OF_REPLY)
    meeting.ask("KEN")
    meeting.ask("CHE", Kind.EXPLANATION)
    meeting.ask("BRA", Kind.POINT_OF_ORDER)
    assert meeting.order == "BRA KEN CHE FRA"


def test_protocol_counts_inside_a_category_where_custom_asks_for_it() -> None:
    plain, protocol = Meeting(), Meeting(replace(RULES, by_level=True))
    for meeting in (plain, protocol):
        meeting.ask("KEN")
        meeting.ask("TON", level="minister")
        meeting.ask("FJI", level="head_of_state")
    assert plain.order == "KEN TON FJI"
    assert protocol.order == "FJI TON KEN"


def test_what_the_chair_moved_stays_where_it_is_and_others_find_their_place() -> None:
    meeting = meeting_of("KEN", "BRA", "CHE")
    meeting.act(Act.MOVE, delegation="CHE", to=0)
    meeting.ask("EGY", category="group", on_behalf_of="African Group")
    meeting.ask("FJI")
    assert meeting.order == "CHE EGY KEN BRA FJI"


def test_two_swap_and_an_absent_one_goes_to_the_end_before_the_replies() -> None:
    meeting = meeting_of("KEN", "BRA", "CHE")
    meeting.ask("FRA", Kind.RIGHT_OF_REPLY)
    meeting.act(Act.SWAP, delegation="KEN", other="CHE")
    assert meeting.order == "CHE BRA KEN FRA"
    meeting.act(Act.ABSENT, delegation="CHE")
    assert meeting.order == "BRA KEN CHE FRA"
    meeting.ask("FJI")
    assert meeting.order == "BRA KEN FJI CHE FRA"


def test_nobody_swaps_with_themselves() -> None:
    meeting = meeting_of("KEN")
    refused(Why.NOT_ALONE, lambda: meeting.act(Act.SWAP, delegation="KEN", other="KEN"))


REQUESTS = st.lists(
    st.tuples(st.sampled_from(list(Kind)), st.sampled_from(RULES.order), st.sampled_from(LEVELS)), max_size=25
)


@given(REQUESTS, st.booleans())
def test_without_the_chairs_hand_the_list_is_sorted_by_the_rules(requests: list[Any], by_level: bool) -> None:
    meeting = Meeting(replace(RULES, by_level=by_level))
    for number, (kind, category, level) in enumerate(requests):
        meeting.ask(f"S{number}", kind, category=category, level=level)
    waiting = list(meeting.floor.waiting)
    assert waiting == sorted(waiting, key=lambda entry: key(entry, meeting.rules))
    assert len(waiting) == len(requests)


# --- One for each voice, two replies each --------------------------------------------------------------------------


def test_a_delegation_waits_once_and_once_more_for_its_group() -> None:
    meeting = meeting_of("EGY")
    refused(Why.ON_THE_LIST, lambda: meeting.ask("EGY"))
    meeting.ask("EGY", category="group", on_behalf_of="Arab Group")
    refused(Why.ON_THE_LIST, lambda: meeting.ask("SAU", category="group", on_behalf_of="Arab Group"))
    assert meeting.order == "EGY EGY"


def test_two_rights_of_reply_each_of_ten_and_of_five_minutes() -> None:
    meeting = Meeting()
    limits = []
    for _number in range(2):
        meeting.ask("FRA", Kind.RIGHT_OF_REPLY)
        refused(Why.ON_THE_LIST if not limits else Why.NO_MORE_REPLIES, lambda: meeting.ask("FRA", Kind.RIGHT_OF_REPLY))
        meeting.give()
        assert meeting.floor.speaking is not None
        limits.append(meeting.floor.speaking.limit)
        meeting.act(Act.END)
    assert limits == [600, 300]
    refused(Why.NO_MORE_REPLIES, lambda: meeting.ask("FRA", Kind.RIGHT_OF_REPLY))
    meeting.ask("KEN", Kind.RIGHT_OF_REPLY)


def test_a_delegation_has_two_rights_of_reply_in_whose_name_ever() -> None:
    meeting = Meeting()
    meeting.ask("EGY", Kind.RIGHT_OF_REPLY)
    meeting.give()
    meeting.ask("EGY", Kind.RIGHT_OF_REPLY)
    more = {"category": "group", "on_behalf_of": "Arab Group"}
    refused(Why.NO_MORE_REPLIES, lambda: meeting.ask("EGY", Kind.RIGHT_OF_REPLY, **more))
    meeting.ask("SAU", Kind.RIGHT_OF_REPLY, **more)


def test_limits_by_category() -> None:
    meeting = Meeting()
    meeting.ask("KEN")
    meeting.ask("EGY", category="group", on_behalf_of="African Group")
    meeting.ask("NGO", category="stakeholder")
    meeting.ask("CHE", Kind.EXPLANATION)
    meeting.ask("BRA", Kind.POINT_OF_ORDER)
    limits = {}
    while meeting.floor.waiting:
        meeting.give()
        assert meeting.floor.speaking is not None
        limits[meeting.speaker] = meeting.floor.speaking.limit
    assert limits == {"BRA": None, "EGY": 720, "KEN": 480, "NGO": 180, "CHE": 600}


def test_the_chair_limits_one_speech() -> None:
    meeting = meeting_of("KEN")
    meeting.give(limit=120)
    assert meeting.floor.speaking is not None
    assert meeting.floor.speaking.limit == 120


# --- Closing -------------------------------------------------------------------------------------------------------


def test_a_closed_list_takes_only_replies_and_points_of_order() -> None:
    meeting = meeting_of("KEN")
    meeting.act(Act.ANNOUNCE_CLOSING)
    meeting.ask("BRA")
    meeting.act(Act.CLOSE)
    for kind in Kind:
        if kind in STILL_IN_CLOSED:
            meeting.ask("CHE", kind)
        else:
            refused(Why.LIST_CLOSED, lambda kind=kind: meeting.ask("CHE", kind))
    refused(Why.LIST_STATE, lambda: meeting.act(Act.CLOSE))
    refused(Why.LIST_STATE, lambda: meeting.act(Act.ANNOUNCE_CLOSING))
    meeting.act(Act.OPEN)
    meeting.ask("CHE")


# --- Speaking ------------------------------------------------------------------------------------------------------


def test_giving_the_floor_ends_the_speech_before() -> None:
    meeting = meeting_of("KEN", "BRA")
    assert meeting.give() == ["floor.given"]
    meeting.pass_(95.5)
    assert meeting.give() == ["floor.ended", "floor.given"]
    assert meeting.log[-2][1]["seconds"] == 95.5
    assert meeting.speaker == "BRA"
    refused(Why.NOBODY_WAITS, meeting.give)


def test_a_point_of_order_stops_the_clock_and_the_speech_goes_on_after_it() -> None:
    meeting = meeting_of("KEN")
    meeting.give()
    meeting.pass_(100)
    meeting.ask("BRA", Kind.POINT_OF_ORDER)
    assert meeting.act(Act.INTERRUPT) == ["floor.interrupted", "floor.given"]
    assert meeting.speaker == "BRA"
    meeting.pass_(60)
    refused(Why.POINT_IS_HEARD, lambda: meeting.act(Act.INTERRUPT))
    refused(Why.NOT_ON_THE_LIST, lambda: meeting.give("CHE"))
    assert meeting.act(Act.RESUME) == ["floor.ended", "floor.resumed"]
    assert meeting.speaker == "KEN"
    meeting.pass_(20)
    assert meeting.floor.speaking is not None
    assert meeting.floor.speaking.seconds(meeting.now) == 120
    meeting.act(Act.END)
    assert [(s.delegation, s.seconds) for s in speeches(meeting.log)] == [("KEN", 120), ("BRA", 60)]


def test_giving_the_floor_to_a_point_of_order_interrupts_and_ends_nothing() -> None:
    meeting = meeting_of("KEN", "CHE")
    meeting.give()
    meeting.ask("BRA", Kind.POINT_OF_ORDER)
    assert meeting.give() == ["floor.interrupted", "floor.given"]
    meeting.ask("FJI", Kind.POINT_OF_ORDER)
    assert meeting.give() == ["floor.ended", "floor.given"]
    refused(Why.IS_INTERRUPTED, lambda: meeting.give("CHE"))
    meeting.act(Act.END)
    assert meeting.speaker is None
    assert meeting.floor.interrupted is not None
    refused(Why.IS_INTERRUPTED, lambda: meeting.give("CHE"))
    meeting.act(Act.END)
    meeting.give("CHE")
    assert meeting.speaker == "CHE"


def test_the_chair_stops_a_speaker_without_a_point_of_order() -> None:
    meeting = meeting_of("KEN")
    refused(Why.NOBODY_SPEAKS, lambda: meeting.act(Act.INTERRUPT))
    meeting.give()
    assert meeting.act(Act.INTERRUPT) == ["floor.interrupted"]
    refused(Why.IS_INTERRUPTED, lambda: meeting.act(Act.INTERRUPT))
    meeting.act(Act.RESUME)
    refused(Why.NOT_INTERRUPTED, lambda: meeting.act(Act.RESUME))


def test_a_point_of_order_raised_from_the_floor_needs_no_place_on_the_list() -> None:
    meeting = meeting_of("KEN")
    meeting.give()
    entry = Entry(request="x", delegation="BRA")
    meeting.act(Act.INTERRUPT, delegation="BRA", entry=entry)
    assert meeting.speaker == "BRA"
    assert meeting.floor.speaking is not None
    assert meeting.floor.speaking.entry.kind == Kind.POINT_OF_ORDER


def test_a_delegation_withdraws_its_own_and_nobody_elses() -> None:
    meeting = meeting_of("KEN", "BRA")
    others = meeting.floor.waiting[0].request
    refused(Why.NOT_ON_THE_LIST, lambda: meeting.act(Act.WITHDRAW, Who.DELEGATE, delegation="BRA", request=others))
    meeting.act(Act.WITHDRAW, Who.DELEGATE, delegation="BRA")
    assert meeting.order == "KEN"
    refused(Why.NOT_ON_THE_LIST, lambda: meeting.act(Act.WITHDRAW, Who.DELEGATE, delegation="BRA"))


def test_a_delegation_asks_for_itself_and_the_secretariat_for_anybody() -> None:
    meeting = Meeting()
    entry = Entry(request="x", delegation="KEN")
    refused(Why.NOT_YOURS, lambda: meeting.act(Act.REQUEST, Who.DELEGATE, delegation="BRA", entry=entry))
    meeting.act(Act.REQUEST, Who.CHAIR, entry=entry)
    assert meeting.order == "KEN"


@pytest.mark.parametrize(
    ("limit", "used", "wanted"),
    [
        (480, 0, Light.GREEN), (480, 419.9, Light.GREEN), (480, 420, Light.YELLOW), (480, 480, Light.RED),
        (100, 74, Light.GREEN), (100, 75, Light.YELLOW), (None, 1000, None),
    ],
)  # fmt: skip
def test_the_light_at_the_rostrum(limit: int | None, used: float, wanted: Light | None) -> None:
    assert light(limit, used) is wanted


# --- On any path ---------------------------------------------------------------------------------------------------

CODES = st.sampled_from(["KEN", "BRA", "CHE", "EGY", "FJI"])


class AnyMeeting(RuleBasedStateMachine):
    """Whatever is asked by whomever in whatever order: the list stays one, and the log alone gives it again."""

    def __init__(self) -> None:
        super().__init__()
        self.meeting = Meeting()

    @rule(code=CODES, kind=st.sampled_from(list(Kind)), group=st.sampled_from([None, "African Group"]))
    def asks(self, code: str, kind: Kind, group: str | None) -> None:
        floor = self.meeting.floor
        waiting = floor.waiting
        voice = group or code
        known = any(entry.kind == kind and entry.voice == voice for entry in waiting)
        category = "group" if group else "member_state"
        more = {"on_behalf_of": group, "category": category}
        try:
            self.meeting.ask(code, kind, **more)
        except Refused:
            asked_for = sum(entry.kind == kind and entry.delegation == code for entry in waiting)
            spent = kind == Kind.RIGHT_OF_REPLY and floor.replies.get(code, 0) + asked_for >= RULES.replies_max
            assert known or spent or (floor.list == "closed" and kind not in STILL_IN_CLOSED)
        else:
            assert not known
            assert floor.list != "closed" or kind in STILL_IN_CLOSED
            rest = [entry for entry in self.meeting.floor.waiting if entry in waiting]
            assert rest == list(waiting), "a request moved others"

    @rule(act=st.sampled_from(list(Act)), code=CODES, other=CODES)
    def the_wrong_person_tries(self, act: Act, code: str, other: str) -> None:
        if (act, Who.DELEGATE) in ALLOWED:
            return
        before = self.meeting.floor
        refused(Why.NOT_YOURS, lambda: self.meeting.act(act, Who.DELEGATE, delegation=code, other=other))
        assert self.meeting.floor == before

    @rule(code=CODES, whose=CODES)
    def withdraws(self, code: str, whose: str) -> None:
        theirs = [entry.request for entry in self.meeting.floor.waiting if entry.delegation == whose]
        try:
            self.meeting.act(Act.WITHDRAW, Who.DELEGATE, delegation=code, request=theirs[0] if theirs else "nothing")
        except Refused:
            assert code != whose or not theirs
        else:
            assert code == whose

    @rule(act=st.sampled_from([a for a in Act if a is not Act.REQUEST]), code=st.none() | CODES, other=CODES,
          to=st.integers(-2, 9))  # fmt: skip
    def the_chair_acts(self, act: Act, code: str | None, other: str, to: int) -> None:
        floor, logged = self.meeting.floor, len(self.meeting.log)
        try:
            self.meeting.act(act, delegation=code, other=other, to=to)
        except Refused:
            assert self.meeting.floor == floor
            assert len(self.meeting.log) == logged

    @rule(end=st.booleans())
    def the_session_stops(self, end: bool) -> None:
        floor, now = self.meeting.floor, self.meeting.now
        for event in finish(floor, now) if end else pause(floor, now, "suspension"):
            self.meeting.take(event)
        assert self.meeting.floor.speaking is None
        assert not (end and self.meeting.floor.interrupted)

    @rule(seconds=st.integers(0, 900))
    def time_passes(self, seconds: int) -> None:
        self.meeting.pass_(seconds)

    @invariant()
    def the_log_alone_gives_the_state(self) -> None:
        assert fold(self.meeting.log) == self.meeting.floor
        assert Floor.from_dict(self.meeting.floor.as_dict()) == self.meeting.floor

    @invariant()
    def one_speaks_and_only_a_point_of_order_while_one_is_interrupted(self) -> None:
        floor = self.meeting.floor
        if floor.interrupted and floor.speaking:
            assert floor.speaking.entry.kind == Kind.POINT_OF_ORDER
        open_turns = [speech for speech in speeches(self.meeting.log) if speech.ended is None]
        assert len(open_turns) == bool(floor.speaking) + bool(floor.interrupted)

    @invariant()
    def each_voice_waits_once_and_replies_twice(self) -> None:
        waiting = [(entry.kind, entry.voice) for entry in self.meeting.floor.waiting]
        assert len(waiting) == len(set(waiting))
        given_ = [speech.delegation for speech in speeches(self.meeting.log) if speech.kind == Kind.RIGHT_OF_REPLY]
        assert all(given_.count(code) <= RULES.replies_max for code in given_)

    @invariant()
    def who_is_absent_waits_at_the_end_of_a_list_that_nobody_moved(self) -> None:
        if any(entry.moved for entry in self.meeting.floor.waiting):
            return
        parts = [(SECTIONS.index(Kind(entry.kind)), entry.absent) for entry in self.meeting.floor.waiting]
        assert parts == sorted(parts)


AnyMeeting.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestAnyMeeting = AnyMeeting.TestCase
