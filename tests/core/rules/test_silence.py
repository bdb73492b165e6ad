"""The silence procedure as a machine: no act out of its state, and one outcome that the log alone decides."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.core.rules import silence as rules
from app.core.rules.silence import Act, State, Who

OPENED = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)
DEADLINE = OPENED + timedelta(hours=72)


def test_the_table_has_no_dead_end_before_its_end() -> None:
    reached = {State.PREPARED} | {after for _before, _act, after, _who in rules.TRANSITIONS}
    assert reached == set(State)
    ends = {state for state in State if not rules.acts_in(state)}
    assert ends == {State.DISCARDED, State.WITHDRAWN, State.VOID, State.FORMALISED, State.SUCCEEDED, State.CLOSED}


def test_only_the_clock_ends_it_and_only_when_it_runs() -> None:
    assert [before for before, act, _to, _who in rules.TRANSITIONS if act == Act.END] == [State.RUNNING] * 2
    assert rules.WHO[Act.END] is Who.CLOCK
    assert rules.after(State.RUNNING, Act.END, broken=True) is State.BROKEN
    assert rules.after(State.RUNNING, Act.END) is State.UNBROKEN


@pytest.mark.parametrize("state", [State.BROKEN, State.CONSULTING])
def test_a_withdrawn_objection_restores_nothing(state: State) -> None:
    assert rules.after(state, Act.WITHDRAW_BREAK) is state


def test_the_deadline_counts_as_in_time() -> None:
    assert rules.in_time(DEADLINE, DEADLINE)
    assert not rules.in_time(DEADLINE, DEADLINE, inclusive=False)
    assert not rules.in_time(DEADLINE + timedelta(microseconds=1), DEADLINE)


def test_an_extension_comes_before_the_end_and_makes_it_longer() -> None:
    later = DEADLINE + timedelta(hours=24)
    assert rules.may_extend(DEADLINE, DEADLINE, later)
    assert not rules.may_extend(DEADLINE, DEADLINE + timedelta(microseconds=1), later)
    assert not rules.may_extend(DEADLINE, OPENED, DEADLINE)


def test_the_chair_is_warned_of_short_notice_and_of_days_off() -> None:
    assert rules.warnings(OPENED, DEADLINE, date(2026, 11, 19), 72) == ()
    assert rules.warnings(OPENED, DEADLINE, date(2026, 11, 19), 73) == (rules.Warn.SHORT,)
    assert rules.warnings(OPENED, DEADLINE, date(2026, 11, 26), 72) == (rules.Warn.HOLIDAY,)
    assert rules.warnings(OPENED, DEADLINE, date(2026, 11, 28), 73) == (rules.Warn.SHORT, rules.Warn.WEEKEND)


@pytest.mark.parametrize(
    ("before", "due"),
    [
        (timedelta(hours=25), None),
        (timedelta(hours=24), timedelta(hours=24)),
        (timedelta(hours=2, seconds=1), timedelta(hours=24)),
        (timedelta(minutes=90), timedelta(hours=2)),
        (timedelta(minutes=3), timedelta(minutes=15)),
        (timedelta(0), timedelta(minutes=15)),
        (-timedelta(seconds=1), None),
    ],
)
def test_reminders_come_due_one_after_the_other(before: timedelta, due: timedelta | None) -> None:
    assert rules.reminder(DEADLINE, DEADLINE - before) == due


PARTIES = ("KEN", "KEN African Group", "BRA", "CHE")
SPANS = st.integers(min_value=0, max_value=200).map(lambda hours: timedelta(hours=hours))


class SilenceMachine(RuleBasedStateMachine):
    """Acts at random, at random moments. What the table refuses is not recorded; what it allows is an event."""

    @initialize()
    def prepare(self) -> None:
        self.now = OPENED
        self.public: list[rules.Event] = []
        self.confidential: list[rules.Event] = []
        self.state = State.PREPARED
        self.deadline = DEADLINE
        self.broken = False
        self.ended_by_clock: State | None = None

    def note(self, type_: str, **data: Any) -> None:
        where = self.confidential if type_ in CONFIDENTIAL else self.public
        where.append((type_, data, self.now))

    def go(self, act: Act) -> bool:
        """Do the act if the table allows it."""
        found = rules.after(self.state, act, broken=self.broken)
        if found is None:
            return False
        self.state = found
        return True

    @rule(span=st.integers(min_value=1, max_value=4000))
    def time_passes(self, span: int) -> None:
        self.now += timedelta(minutes=span)

    @rule()
    def open(self) -> None:
        if self.go(Act.OPEN):
            self.deadline = self.now + timedelta(hours=72)
            self.note("silence.announced", deadline=self.deadline.isoformat())

    @rule(span=SPANS)
    def extend(self, span: timedelta) -> None:
        to = self.deadline + span
        if rules.possible(self.state, Act.EXTEND) and rules.may_extend(self.deadline, self.now, to):
            self.deadline = to
            self.note("silence.extended", deadline=to.isoformat())

    @rule(party=st.sampled_from(PARTIES))
    def object(self, party: str) -> None:
        data = {"by": party, "paragraphs": [{"paragraph": "p1"}], "received": self.now.isoformat()}
        if self.state is State.RUNNING and rules.in_time(self.now, self.deadline):
            self.broken = True
            self.note("silence.broken", **data)
        elif self.go(Act.OBJECT_LATE):
            self.note("silence.late_objection", **data)

    @rule(party=st.sampled_from(PARTIES))
    def take_back(self, party: str) -> None:
        there = party in rules.fold(self.public, self.confidential).objections
        if there and self.go(Act.WITHDRAW_BREAK):
            self.note("silence.break_withdrawn", by=party)

    @rule()
    def clock(self) -> None:
        if self.state is State.RUNNING and self.now >= rules.due_at(self.deadline) and self.go(Act.END):
            assert self.ended_by_clock is None
            self.ended_by_clock = self.state
            self.note("silence.ended", deadline=self.deadline.isoformat(), outcome=str(self.state))

    @rule(act=st.sampled_from([Act.WITHDRAW, Act.VOID]))
    def stop(self, act: Act) -> None:
        if self.state is State.RUNNING and self.now > self.deadline:
            return
        if self.go(act):
            self.note("silence.withdrawn" if act is Act.WITHDRAW else "silence.voided", reason="A defect.")

    @rule(act=st.sampled_from([Act.CONFIRM, Act.FORMALISE, Act.CONSULT, Act.SUCCEED, Act.CLOSE]))
    def conclude(self, act: Act) -> None:
        if self.go(act):
            self.note(CONCLUSIONS[act])

    @invariant()
    def the_log_tells_the_state(self) -> None:
        silence = rules.fold(self.public, self.confidential)
        assert silence.state is self.state
        assert silence.ends == (1 if self.ended_by_clock else 0)

    @precondition(lambda self: self.state is not State.PREPARED)
    @invariant()
    def the_outcome_can_be_computed_again(self) -> None:
        silence = rules.fold(self.public, self.confidential)
        assert silence.deadline == self.deadline
        computed = rules.outcome(self.public, self.confidential, self.now)
        if self.ended_by_clock is not None:
            assert computed is self.ended_by_clock
            assert computed is (State.BROKEN if self.broken else State.UNBROKEN)
        elif self.state is State.RUNNING and self.now <= self.deadline:
            assert computed is State.RUNNING

    @precondition(lambda self: self.state in (State.CONFIRMED, State.FORMALISED))
    @invariant()
    def what_is_confirmed_was_not_broken(self) -> None:
        assert not self.broken


CONFIDENTIAL = {"silence.broken", "silence.break_withdrawn", "silence.late_objection"}
CONCLUSIONS = {
    Act.CONFIRM: "silence.confirmed",
    Act.FORMALISE: "silence.formalised",
    Act.CONSULT: "silence.consulting",
    Act.SUCCEED: "silence.succeeded",
    Act.CLOSE: "silence.closed",
}
TestSilenceMachine = SilenceMachine.TestCase
TestSilenceMachine.settings = settings(max_examples=80, stateful_step_count=30, deadline=None, database=None)
