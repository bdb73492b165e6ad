"""How a body decides: majorities, precedence, and that nothing out of its state or by the wrong person succeeds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from app.core.rules.decisions import (
    DECIDED,
    EVENTS,
    MOTIONS,
    PROPOSED,
    SUBSTANCE,
    TRANSITIONS,
    Act,
    By,
    Choice,
    Decision,
    Kind,
    Refused,
    State,
    Tally,
    Who,
    begin,
    carried,
    evolve,
    first_of,
    refusal,
    replay,
    tally,
    whole_is_rejected,
)
from app.core.rules.rulesets import Majority

STATES = ("BRA", "FJI", "KEN", "MEX", "NOR")
CHAIR = By(chair=True)
RULES = By(rules=True)


def member(code: str) -> By:
    return By(code, member=True)


def proposed(kind: str = "vote", **more: Any) -> dict[str, Any]:
    return {
        "decision": "d1",
        "number": 1,
        "kind": kind,
        "target": "text",
        "motion": None,
        "majority": Majority.SIMPLE,
        "sponsor": None,
        "version": "7",
    } | more


# --- Counting


def test_whoever_sends_no_ballot_does_not_vote() -> None:
    count = tally({"KEN": "yes", "MEX": "no", "NOR": "abstain", "FJI": "not_voting"}, STATES)
    assert count == Tally(yes=1, no=1, abstain=1, not_voting=2)


@given(st.dictionaries(st.sampled_from(STATES), st.sampled_from(list(Choice))))
def test_the_tally_is_the_sum_of_the_ballots(ballots: dict[str, str]) -> None:
    count = tally(ballots, STATES)
    assert sum(count.as_dict().values()) == len(STATES)
    assert count.yes == sum(choice == "yes" for choice in ballots.values())


def test_a_ballot_of_nobody_who_may_vote_is_no_ballot() -> None:
    with pytest.raises(ValueError, match="VAT"):
        tally({"VAT": "yes"}, STATES)


@pytest.mark.parametrize(
    ("yes", "no", "abstain", "majority", "outcome"),
    [
        (92, 52, 24, Majority.SIMPLE, True),
        (2, 1, 100, Majority.SIMPLE, True),  # who abstains does not count as voting (rule 126)
        (50, 50, 0, Majority.SIMPLE, False),  # a tie is a rejection (rule 133)
        (0, 0, 193, Majority.SIMPLE, False),
        (2, 1, 0, Majority.TWO_THIRDS, True),
        (66, 34, 0, Majority.TWO_THIRDS, False),
        (0, 0, 3, Majority.TWO_THIRDS, False),
    ],
)
def test_what_carries(yes: int, no: int, abstain: int, majority: str, outcome: bool) -> None:
    assert carried(Tally(yes, no, abstain, 0), majority) is outcome


# --- What comes first


def test_motions_have_precedence_in_the_order_of_rule_119() -> None:
    order = ["suspend_meeting", "adjourn_meeting", "adjourn_debate", "close_debate"]
    ranks = [MOTIONS[motion].precedence for motion in order]
    assert ranks == sorted(set(ranks))
    assert max(motion.precedence for motion in MOTIONS.values()) < SUBSTANCE


def test_a_motion_waits_for_one_that_has_precedence_and_not_the_other_way_round() -> None:
    close = begin(proposed("consensus", target="procedural", motion="close_debate", version=None))
    suspend = begin(proposed("consensus", decision="d2", target="procedural", motion="suspend_meeting", version=None))
    assert refusal(close, Act.GAVEL, CHAIR, [suspend]) is Refused.FIRST
    assert refusal(suspend, Act.GAVEL, CHAIR, [close]) is None


def test_a_separate_part_comes_before_the_whole_and_only_of_the_same_text() -> None:
    whole = begin(proposed())
    part = begin(proposed(decision="d2", target="paragraph:p1"))
    elsewhere = begin(proposed(decision="d3", target="paragraph:p1", version="8"))
    assert first_of(whole, [whole, part, elsewhere]) == part
    assert first_of(whole, [elsewhere]) is None
    assert first_of(part, [whole]) is None


def test_amendments_come_before_the_paragraphs_and_the_text_that_they_would_change() -> None:
    whole = begin(proposed())
    part = begin(proposed(decision="d2", target="paragraph:p1"))
    amendment = begin(proposed(decision="d3", target="proposal:1f"))
    elsewhere = begin(proposed(decision="d4", target="proposal:2f", version="8"))
    assert first_of(whole, [whole, part, amendment]) == part
    assert first_of(whole, [whole, amendment]) == amendment
    assert first_of(part, [whole, part, amendment]) == amendment
    assert first_of(amendment, [whole, part, amendment, elsewhere]) is None
    assert first_of(whole, [elsewhere]) is None
    assert refusal(whole, Act.OPEN, CHAIR, [amendment]) is Refused.FIRST
    rejected = replace(amendment, state=State.REJECTED)
    assert first_of(whole, [rejected]) is None


def test_a_motion_comes_before_an_amendment() -> None:
    amendment = begin(proposed(target="proposal:1f"))
    suspend = begin(proposed("consensus", decision="d2", target="procedural", motion="suspend_meeting", version=None))
    assert first_of(amendment, [suspend]) == suspend
    assert first_of(suspend, [amendment]) is None


def test_nothing_opens_while_another_vote_goes_on() -> None:
    whole = begin(proposed())
    other = evolve(begin(proposed(decision="d2", target="proposal:p")), "vote.opened", {"eligible": STATES}, None)
    assert refusal(whole, Act.OPEN, CHAIR, [other]) is Refused.FIRST


def test_the_whole_is_rejected_with_all_its_operative_paragraphs_and_not_with_some() -> None:
    parts = [
        Decision("a", 1, Kind.VOTE, "paragraph:p1", State.REJECTED),
        Decision("b", 2, Kind.VOTE, "paragraph:p2", State.REJECTED),
    ]
    assert whole_is_rejected(parts, ["p1", "p2"])
    assert not whole_is_rejected(parts, ["p1", "p2", "p3"])
    assert not whole_is_rejected([], [])
    again = Decision("c", 3, Kind.VOTE, "paragraph:p2", State.ADOPTED)
    assert not whole_is_rejected([*parts, again], ["p1", "p2"])


# --- The table


def test_the_table_is_read_without_contradiction() -> None:
    keys = [(kind, before, act) for kinds, before, act, _after, _who in TRANSITIONS for kind in kinds]
    assert len(keys) == len(set(keys))


def test_nothing_changes_an_announced_tally() -> None:
    """From a decided state lead only acts that stay in it."""
    for _kinds, before, _act, after, _who in TRANSITIONS:
        assert before not in (*DECIDED, State.WITHDRAWN) or after == before


def test_a_log_that_lies_about_its_outcome_is_found_out() -> None:
    log = [
        (PROPOSED, proposed(), None),
        ("vote.opened", {"decision": "d1", "eligible": ["KEN", "MEX"]}, None),
        ("ballot.cast", {"decision": "d1"}, "KEN"),
        ("vote.closed", {"decision": "d1"}, None),
        ("vote.announced", {"decision": "d1", "ballots": {"KEN": "no"}}, None),
        ("decision.adopted", {"decision": "d1", "how": "vote"}, None),
    ]
    with pytest.raises(ValueError, match="does not follow"):
        replay(as_events(log))
    with pytest.raises(ValueError, match="not of those who voted"):
        replay(as_events([*log[:4], ("vote.announced", {"decision": "d1", "ballots": {"MEX": "yes"}}, None)]))


def as_events(log: list[tuple[str, dict[str, Any], str | None]]) -> list[dict[str, Any]]:
    return [{"type": type_, "data": data, "actor": {"delegation": party}} for type_, data, party in log]


# --- Every path

ANYBODY = st.sampled_from([CHAIR, RULES, By(), *(member(code) for code in STATES), By("KEN"), member("VAT")])


class OneDecision(RuleBasedStateMachine):
    """Anybody tries anything. What the table refuses changes nothing; what it allows is logged, and folds alike."""

    def __init__(self) -> None:
        super().__init__()
        self.decision: Decision | None = None
        self.secret: dict[str, str] = {}
        self.log: list[tuple[str, dict[str, Any], str | None]] = []

    @precondition(lambda self: self.decision is None)
    @rule(kind=st.sampled_from(list(Kind)), sponsor=st.sampled_from([None, "KEN"]))
    def propose(self, kind: Kind, sponsor: str | None) -> None:
        data = proposed(kind, sponsor=sponsor)
        self.decision = begin(data)
        self.log.append((PROPOSED, data, None))

    @precondition(lambda self: self.decision is not None)
    @rule(act=st.sampled_from(list(Act)), by=ANYBODY, choice=st.sampled_from(list(Choice)))
    def try_(self, act: Act, by: By, choice: Choice) -> None:
        assert self.decision is not None
        wanted = [
            row for row in TRANSITIONS if (self.decision.kind in row[0], row[1:3]) == (True, (self.decision.state, act))
        ]
        refused = refusal(self.decision, act, by)
        if not wanted:
            assert refused is Refused.STATE
            return
        if not self.may(by, wanted[0][4]):
            assert refused is Refused.WHO
            return
        assert refused is None
        if act in (Act.ADOPT, Act.REJECT) and self.decision.state == State.ANNOUNCED:
            act = Act.ADOPT if carried(Tally(**self.decision.tally), self.decision.majority) else Act.REJECT
        self.do(act, by, choice)

    @precondition(lambda self: self.decision is not None)
    @rule(number=st.integers(0, 1_000), party=st.sampled_from(STATES), choice=st.sampled_from(list(Choice)))
    def go_on(self, number: int, party: str, choice: Choice) -> None:
        """Some act that the table allows now, by somebody who may: so that deep states are reached too."""
        assert self.decision is not None
        allowed = [
            (act, by)
            for act in Act
            for by in (CHAIR, RULES, member(party), member("KEN"))
            if refusal(self.decision, act, by) is None
        ]
        if allowed:
            act, by = allowed[number % len(allowed)]
            self.try_(act, by, choice)

    def may(self, by: By, who: Who) -> bool:
        """The rights again, in other words than those of the machine."""
        assert self.decision is not None
        voice = by.party if by.member else None
        return {
            Who.CHAIR: by.chair,
            Who.RULES: by.rules,
            Who.MEMBER: voice is not None,
            Who.OBJECTOR: voice is not None and voice in self.decision.objections,
            Who.VOTER: voice is not None and voice in self.decision.eligible,
            Who.SPONSOR: voice == "KEN" if self.decision.sponsor else by.chair,
        }[who]

    def do(self, act: Act, by: By, choice: Choice) -> None:
        assert self.decision is not None
        data: dict[str, Any] = {"decision": "d1"}
        if act is Act.BALLOT:
            self.secret[by.party or ""] = choice
        data |= {
            Act.OPEN: {"eligible": sorted(STATES)},
            Act.ANNOUNCE: {"ballots": dict(self.secret)},
            Act.PUT_TO_VOTE: {"majority": Majority.SIMPLE},
            Act.EXPLAIN_BEFORE: {"when": "before"},
            Act.EXPLAIN_AFTER: {"when": "after"},
            Act.DISSOCIATE: {"paragraphs": [{"paragraph": "p1", "label": "OP1"}]},
            Act.NOTE_INTENT: {"choice": choice},
        }.get(act, {})
        type_ = "decision.adopted" if act is Act.GAVEL else _type_of(act)
        before = self.decision
        self.decision = evolve(before, type_, data, by.party)
        self.log.append((type_, data, by.party))
        if before.tally:
            assert self.decision.tally == before.tally
            assert self.decision.ballots == before.ballots

    @invariant()
    def the_log_alone_tells_the_same(self) -> None:
        if self.decision is not None:
            assert replay(as_events(self.log)) == {"d1": self.decision}

    @invariant()
    def the_outcome_follows(self) -> None:
        if self.decision is None:
            return
        if self.decision.tally and self.decision.state in DECIDED:
            assert carried(tally(self.secret, STATES), self.decision.majority) == (self.decision.state == State.ADOPTED)
        if self.decision.kind == Kind.CONSENSUS and self.decision.state == State.ADOPTED:
            assert self.decision.objections == ()


def _type_of(act: Act) -> str:
    same = {Act.EXPLAIN_BEFORE: Act.EXPLAIN_AFTER}.get(act, act)
    return next(type_ for type_, found in EVENTS.items() if found == same)


TestOneDecision = OneDecision.TestCase
TestOneDecision.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
