"""How a body decides (domain brief §5, §10.7): a table of (kind, from, act, to, who), and what folds the log.

The numbers are those of the rules of procedure of the General Assembly. Nothing here knows the time or a database:
`replay` gives the same decisions from the log alone that the commands keep in their rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from typing import Any

from app.core.rules.rulesets import Majority


class Kind(StrEnum):
    CONSENSUS = "consensus"
    """Without a vote: the absence of a formal objection."""
    VOTE = "vote"
    """A recorded vote: each delegation's choice is published with its name (rule 127)."""


class State(StrEnum):
    PROPOSED = "proposed"
    OBJECTED = "objected"
    """Somebody stands against consensus: the gavel waits."""
    OPEN = "open"
    """Voting goes on, and nobody interrupts it (rule 128)."""
    CLOSED = "closed"
    ANNOUNCED = "announced"
    ADOPTED = "adopted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    OBJECT = "object"
    RELENT = "relent"
    GAVEL = "gavel"
    PUT_TO_VOTE = "put_to_vote"
    OPEN = "open"
    BALLOT = "ballot"
    CLOSE = "close"
    ANNOUNCE = "announce"
    ADOPT = "adopt"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    EXPLAIN_BEFORE = "explain_before"
    EXPLAIN_AFTER = "explain_after"
    DISSOCIATE = "dissociate"
    NOTE_INTENT = "note_intent"


class Who(StrEnum):
    CHAIR = "chair"
    MEMBER = "member"
    """A member State of the body."""
    OBJECTOR = "objector"
    VOTER = "voter"
    """A member State that could vote when the voting began."""
    SPONSOR = "sponsor"
    """Who proposed or moved it; where the chair did, the chair."""
    RULES = "rules"
    """Nobody chooses: it follows."""


class Choice(StrEnum):
    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"
    NOT_VOTING = "not_voting"


BOTH = (Kind.CONSENSUS, Kind.VOTE)
DECIDED = (State.ADOPTED, State.REJECTED)
PENDING = (State.PROPOSED, State.OBJECTED)
VOTING = (State.OPEN, State.CLOSED)
"""While a vote is in these states nothing else comes between (rule 128)."""

TRANSITIONS: tuple[tuple[tuple[Kind, ...], State, Act, State, Who], ...] = (
    ((Kind.CONSENSUS,), State.PROPOSED, Act.OBJECT, State.OBJECTED, Who.MEMBER),
    ((Kind.CONSENSUS,), State.OBJECTED, Act.OBJECT, State.OBJECTED, Who.MEMBER),
    ((Kind.CONSENSUS,), State.OBJECTED, Act.RELENT, State.PROPOSED, Who.OBJECTOR),
    ((Kind.CONSENSUS,), State.PROPOSED, Act.GAVEL, State.ADOPTED, Who.CHAIR),
    ((Kind.CONSENSUS,), State.PROPOSED, Act.PUT_TO_VOTE, State.PROPOSED, Who.CHAIR),
    ((Kind.CONSENSUS,), State.OBJECTED, Act.PUT_TO_VOTE, State.PROPOSED, Who.CHAIR),
    (BOTH, State.PROPOSED, Act.WITHDRAW, State.WITHDRAWN, Who.SPONSOR),
    (BOTH, State.OBJECTED, Act.WITHDRAW, State.WITHDRAWN, Who.SPONSOR),
    (BOTH, State.PROPOSED, Act.EXPLAIN_BEFORE, State.PROPOSED, Who.MEMBER),
    (BOTH, State.OBJECTED, Act.EXPLAIN_BEFORE, State.OBJECTED, Who.MEMBER),
    ((Kind.VOTE,), State.PROPOSED, Act.OPEN, State.OPEN, Who.CHAIR),
    ((Kind.VOTE,), State.OPEN, Act.BALLOT, State.OPEN, Who.VOTER),
    ((Kind.VOTE,), State.OPEN, Act.CLOSE, State.CLOSED, Who.CHAIR),
    ((Kind.VOTE,), State.CLOSED, Act.ANNOUNCE, State.ANNOUNCED, Who.CHAIR),
    ((Kind.VOTE,), State.ANNOUNCED, Act.ADOPT, State.ADOPTED, Who.RULES),
    ((Kind.VOTE,), State.ANNOUNCED, Act.REJECT, State.REJECTED, Who.RULES),
    (BOTH, State.PROPOSED, Act.REJECT, State.REJECTED, Who.RULES),
    (BOTH, State.OBJECTED, Act.REJECT, State.REJECTED, Who.RULES),
    (BOTH, State.ADOPTED, Act.EXPLAIN_AFTER, State.ADOPTED, Who.MEMBER),
    (BOTH, State.REJECTED, Act.EXPLAIN_AFTER, State.REJECTED, Who.MEMBER),
    (BOTH, State.ADOPTED, Act.DISSOCIATE, State.ADOPTED, Who.MEMBER),
    ((Kind.VOTE,), State.ADOPTED, Act.NOTE_INTENT, State.ADOPTED, Who.VOTER),
    ((Kind.VOTE,), State.REJECTED, Act.NOTE_INTENT, State.REJECTED, Who.VOTER),
)
"""The last objector to relent brings a proposal back; while another objects, it stays where it is. `reject` before a
vote is rule 129: all operative parts were rejected one by one, and so is the whole."""

_NEXT = {(kind, before, act): (after, who) for kinds, before, act, after, who in TRANSITIONS for kind in kinds}


@dataclass(frozen=True, slots=True)
class Motion:
    """A procedural motion. Lower `precedence` is decided first (rule 119); `debate` names who may speak to it."""

    precedence: int
    rule: int
    majority: Majority = Majority.SIMPLE
    debate: str = "none"


MOTIONS: Mapping[str, Motion] = {
    "appeal": Motion(0, 113),
    "suspend_meeting": Motion(1, 118),
    "adjourn_meeting": Motion(2, 118),
    "adjourn_debate": Motion(3, 116, debate="two for, two against"),
    "close_debate": Motion(4, 117, debate="two against"),
    "division": Motion(5, 129, debate="two for, two against"),
    "reconsideration": Motion(5, 123, Majority.TWO_THIRDS, debate="two against"),
    "other": Motion(6, 121),
}
SUBSTANCE = 7
"""Where a decision on substance stands among motions: after all of them."""


class Part(IntEnum):
    """What of a text is decided on, in the order in which it is."""

    PROPOSAL = 1
    """An amendment."""
    PARAGRAPH = 2
    TEXT = 3


@dataclass(frozen=True, slots=True)
class Tally:
    yes: int
    no: int
    abstain: int
    not_voting: int

    @property
    def voting(self) -> int:
        """Present and voting: who casts an affirmative or a negative vote (rule 126)."""
        return self.yes + self.no

    def as_dict(self) -> dict[str, int]:
        return {"yes": self.yes, "no": self.no, "abstain": self.abstain, "not_voting": self.not_voting}


def tally(ballots: Mapping[str, str], eligible: Iterable[str]) -> Tally:
    """Count. Whoever could vote and sent no ballot did not vote; a ballot of anybody else is a ValueError."""
    voters = set(eligible)
    if stray := set(ballots) - voters:
        raise ValueError(f"ballots of parties that may not vote: {sorted(stray)}")
    choices = [Choice(choice) for choice in ballots.values()]
    yes, no, abstain = (choices.count(choice) for choice in (Choice.YES, Choice.NO, Choice.ABSTAIN))
    return Tally(yes, no, abstain, len(voters) - yes - no - abstain)


def carried(count: Tally, majority: str) -> bool:
    """Does it carry? A tie does not (rule 133), nor does a vote in which nobody said yes."""
    if majority == Majority.TWO_THIRDS:
        return count.yes > 0 and count.yes * 3 >= count.voting * 2
    return count.yes > count.no


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as the log tells of it. `ballots` are empty until they are announced: before, only who has voted."""

    id: str
    number: int
    kind: str
    target: str
    state: str = State.PROPOSED
    motion: str | None = None
    majority: str = Majority.SIMPLE
    sponsor: str | None = None
    version: str | None = None
    objections: tuple[str, ...] = ()
    eligible: frozenset[str] = frozenset()
    voted: frozenset[str] = frozenset()
    ballots: Mapping[str, str] = field(default_factory=dict)
    tally: Mapping[str, int] = field(default_factory=dict)
    explained: tuple[tuple[str, str], ...] = ()
    """Who explained their position, and when: before or after."""
    dissociated: tuple[tuple[str, tuple[str, ...]], ...] = ()
    intents: tuple[tuple[str, str], ...] = ()

    @property
    def precedence(self) -> int:
        return MOTIONS[self.motion].precedence if self.motion else SUBSTANCE

    def is_part_of(self, whole: Decision) -> bool:
        """Is this a separate decision on a paragraph of the text that `whole` is about (rule 129)?"""
        return whole.target == "text" and self.target.startswith("paragraph:") and self.version == whole.version

    def comes_before(self, other: Decision) -> bool:
        """Does this have to be decided before `other`?

        A motion that has precedence does; of one text first the amendments (rule 130), then separate paragraphs (rule
        129), then the whole. Which amendment is furthest removed in substance from the text, and so the first of them,
        no rule can count: the chair opens them in that order.
        """
        if self.precedence != other.precedence:
            return self.precedence < other.precedence
        if self.motion or self.version != other.version:
            return False
        return self._part < other._part

    @property
    def _part(self) -> Part:
        return Part[self.target.partition(":")[0].upper()]


@dataclass(frozen=True, slots=True)
class By:
    """Who acts, as far as a decision cares."""

    party: str | None = None
    chair: bool = False
    member: bool = False
    """A delegate of a member State, who may act in its name."""
    rules: bool = False

    def is_(self, who: Who, decision: Decision) -> bool:
        return {
            Who.CHAIR: self.chair,
            Who.MEMBER: self.member and self.party is not None,
            Who.OBJECTOR: self.member and self.party in decision.objections,
            Who.VOTER: self.member and self.party in decision.eligible,
            Who.SPONSOR: (self.member and self.party == decision.sponsor) if decision.sponsor else self.chair,
            Who.RULES: self.rules,
        }[who]


class Refused(StrEnum):
    """Why an act is refused."""

    STATE = "state"
    WHO = "who"
    FIRST = "first"
    """Something else has to be decided first."""


def refusal(decision: Decision, act: Act, by: By, others: Iterable[Decision] = ()) -> Refused | None:
    """Why `by` may not do `act` now, or None. `others` are the decisions of the same segment."""
    found = _NEXT.get((Kind(decision.kind), State(decision.state), act))
    if found is None:
        return Refused.STATE
    if not by.is_(found[1], decision):
        return Refused.WHO
    if act in (Act.GAVEL, Act.OPEN) and first_of(decision, others) is not None:
        return Refused.FIRST
    return None


def first_of(decision: Decision, others: Iterable[Decision]) -> Decision | None:
    """What has to be decided before this one: a vote that goes on, and whatever the rules put first."""
    for other in others:
        if other.id == decision.id:
            continue
        if other.state in VOTING or (other.state in PENDING and other.comes_before(decision)):
            return other
    return None


def whole_is_rejected(parts: Iterable[Decision], operative: Iterable[str]) -> bool:
    """Were all operative paragraphs rejected, each in a separate decision? Then the whole is (rule 129).

    `parts` come in the order in which they were proposed: what was decided last of a paragraph counts.
    """
    last = {part.target.removeprefix("paragraph:"): part.state for part in parts if part.state in DECIDED}
    paragraphs = set(operative)
    return bool(paragraphs) and all(last.get(paragraph) == State.REJECTED for paragraph in paragraphs)


def after(decision: Decision, act: Act) -> State:
    """The state that an act leads to that is not refused."""
    return _NEXT[Kind(decision.kind), State(decision.state), act][0]


# --- The log ------------------------------------------------------------------------------------------------------

EVENTS = {
    "objection.made": Act.OBJECT,
    "objection.withdrawn": Act.RELENT,
    "vote.called": Act.PUT_TO_VOTE,
    "vote.opened": Act.OPEN,
    "ballot.cast": Act.BALLOT,
    "vote.closed": Act.CLOSE,
    "vote.announced": Act.ANNOUNCE,
    "decision.adopted": Act.ADOPT,
    "decision.rejected": Act.REJECT,
    "decision.withdrawn": Act.WITHDRAW,
    "explanation.given": Act.EXPLAIN_AFTER,
    "dissociation.made": Act.DISSOCIATE,
    "intent.noted": Act.NOTE_INTENT,
}
"""Type of event to the act that left it. `decision.proposed` makes a decision; a gavel leaves `decision.adopted`."""
PROPOSED = "decision.proposed"


def begin(data: Mapping[str, Any]) -> Decision:
    """The decision that `decision.proposed` tells of."""
    return Decision(
        id=data["decision"],
        number=data["number"],
        kind=data["kind"],
        target=data["target"],
        motion=data["motion"],
        majority=data["majority"],
        sponsor=data["sponsor"],
        version=data["version"],
    )


def evolve(decision: Decision, type_: str, data: Mapping[str, Any], party: str | None) -> Decision:
    """The decision after an event of the log. Raises ValueError where the log says what cannot be."""
    act = _act(decision, type_, data)
    found = _NEXT.get((Kind(decision.kind), State(decision.state), act))
    if found is None:
        raise ValueError(f"{type_} in state {decision.state} of a decision by {decision.kind}")
    return _changed(replace(decision, state=found[0]), act, data, party or "")


def _act(decision: Decision, type_: str, data: Mapping[str, Any]) -> Act:
    act = EVENTS[type_]
    if act is Act.ADOPT and decision.kind == Kind.CONSENSUS:
        return Act.GAVEL
    if act is Act.EXPLAIN_AFTER and data["when"] == "before":
        return Act.EXPLAIN_BEFORE
    return act


def _changed(decision: Decision, act: Act, data: Mapping[str, Any], party: str) -> Decision:
    match act:
        case Act.OBJECT:
            others = tuple(code for code in decision.objections if code != party)
            return replace(decision, objections=(*others, party))
        case Act.RELENT:
            left = tuple(code for code in decision.objections if code != party)
            return replace(decision, objections=left, state=State.OBJECTED if left else State.PROPOSED)
        case Act.PUT_TO_VOTE:
            return replace(decision, kind=Kind.VOTE, majority=data["majority"])
        case Act.OPEN:
            return replace(decision, eligible=frozenset(data["eligible"]))
        case Act.BALLOT:
            return replace(decision, voted=decision.voted | {party})
        case Act.ANNOUNCE:
            return _announced(decision, data["ballots"])
        case Act.EXPLAIN_BEFORE | Act.EXPLAIN_AFTER:
            return replace(decision, explained=(*decision.explained, (party, data["when"])))
        case Act.DISSOCIATE:
            paragraphs = tuple(each["paragraph"] for each in data["paragraphs"])
            return replace(decision, dissociated=(*decision.dissociated, (party, paragraphs)))
        case Act.NOTE_INTENT:
            return replace(decision, intents=(*decision.intents, (party, data["choice"])))
    return decision


def _announced(decision: Decision, ballots: Mapping[str, str]) -> Decision:
    """The tally is counted again from the ballots: it is never taken on trust."""
    if set(ballots) != decision.voted:
        raise ValueError("the ballots announced are not of those who voted")
    count = tally(ballots, decision.eligible)
    return replace(decision, ballots=dict(ballots), tally=count.as_dict())


def replay(events: Iterable[Mapping[str, Any]]) -> dict[str, Decision]:
    """Every decision of a channel, from its events alone. Events of other kinds are passed over."""
    found: dict[str, Decision] = {}
    for event in events:
        type_, data = event["type"], event["data"]
        if type_ == PROPOSED:
            found[data["decision"]] = begin(data)
        elif type_ in EVENTS:
            decision = evolve(found[data["decision"]], type_, data, event["actor"]["delegation"])
            if decision.state in DECIDED and found[decision.id].state == State.ANNOUNCED:
                _check_outcome(decision)
            found[decision.id] = decision
    return found


def _check_outcome(decision: Decision) -> None:
    if carried(Tally(**decision.tally), decision.majority) != (decision.state == State.ADOPTED):
        raise ValueError(f"decision {decision.id}: the outcome does not follow from the tally")
