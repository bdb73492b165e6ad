"""The commands of decisions: what they refuse, what follows from them, and who learns what and when."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import ORMExecuteState

from app.agreement.queries import board_of
from app.decisions import services, statements, views
from app.decisions.models import DecisionRow
from app.drafts import services as drafts
from app.drafts.models import Version
from app.errors import Closed, Conflict, DomainError, Forbidden, Invalid, NotFound
from app.extensions import db
from app.floor import services as floor
from app.live import services as live
from app.live.models import LiveSession
from app.policy import PUBLIC, PartyKind
from app.proposals import desk
from app.proposals import services as proposals
from app.proposals.desk import Planned
from app.proposals.queries import proposals_of
from app.record import events_after, transaction
from app.record.cli import faults_of
from app.silence import services as silence
from tests.decisions.meeting import Meeting
from tests.support.builders import World
from tests.support.clients import Browser

pytestmark = pytest.mark.database

STATES = ("BRA", "FJI", "KEN", "MEX")


@pytest.fixture
def meeting(world: World) -> Meeting:
    return Meeting(world, STATES)


@pytest.fixture
def consensus_body(world: World) -> Meeting:
    return Meeting(world, STATES, ruleset="gm-consensus-1")


def mode(meeting: Meeting, **said: str) -> None:
    with meeting.world.context():
        live.set_mode(meeting.chair, meeting.session.id, **said)


def offered(meeting: Meeting, code: str, decision: str) -> set[str]:
    """What the page offers a delegation, or the chair."""
    actor = meeting.chair if code == "chair" else meeting.heads[code]
    with meeting.world.context():
        return views.offered(actor, db.session.get_one(LiveSession, meeting.session.id), meeting.row(decision))


def amendment(meeting: Meeting, code: str = "KEN", **given: str) -> str:
    """A proposal of a delegation on the text of the meeting."""
    words = {"kind": "replace", "paragraph": "p1", "text": "Calls upon States to cooperate more;"}
    with meeting.world.context():
        return proposals.propose(meeting.heads[code], meeting.version.id, words | given).id


def issue(meeting: Meeting, label: str = "Rev.1") -> None:
    with meeting.world.context():
        drafts.issue_version(meeting.chair, meeting.version.draft_id, label=label)


# --- When decisions are taken


@pytest.mark.parametrize("said", [{"mode": "informal"}, {"attribution": "not_for_attribution"}])
def test_decisions_are_taken_in_formal_mode_and_on_the_record(meeting: Meeting, said: dict[str, str]) -> None:
    mode(meeting, **said)
    with pytest.raises(Closed):
        meeting.decide("consensus", "text")


@pytest.mark.parametrize("act", ["suspend", "close"])
def test_decisions_are_taken_while_the_session_is_open(meeting: Meeting, act: str) -> None:
    decision = meeting.decide("consensus", "text")
    with meeting.world.context():
        live.conduct(meeting.chair, meeting.session.id, act)
    with pytest.raises(Closed):
        meeting.chairs("gavel", decision)


def test_a_delegation_acts_on_a_decision_in_formal_mode_alone(meeting: Meeting) -> None:
    decision = meeting.decide("consensus", "paragraph:op-1", moved_by="KEN")
    meeting.does("MEX", "object_", decision)
    mode(meeting, mode="informal")
    acts: list[Callable[[], object]] = [
        lambda: meeting.does("BRA", "object_", decision),
        lambda: meeting.does("MEX", "relent", decision),
        lambda: meeting.does("KEN", "withdraw", decision),
    ]
    for act in acts:
        with pytest.raises(Closed, match="informal"):
            act()
    for code in ("BRA", "MEX", "KEN"):
        assert offered(meeting, code, decision) == {"explain"}
    mode(meeting, mode="formal")
    assert offered(meeting, "MEX", decision) == {"object", "object.withdraw", "explain"}
    assert offered(meeting, "KEN", decision) == {"object", "explain", "decision.withdraw"}
    for act in acts:
        act()


def test_nothing_is_withdrawn_once_the_session_is_over(meeting: Meeting) -> None:
    decision = meeting.decide("consensus", "text")
    with meeting.world.context():
        live.conduct(meeting.chair, meeting.session.id, "close")
    with pytest.raises(Closed):
        meeting.chairs("withdraw", decision)


def test_no_name_is_said_where_none_is_kept(meeting: Meeting) -> None:
    pending = meeting.decide("consensus", "paragraph:op-1")
    adopted = meeting.decide("consensus", "paragraph:op-2")
    meeting.chairs("gavel", adopted)
    mode(meeting, attribution="not_for_attribution")
    for decision in (pending, adopted):
        assert offered(meeting, "KEN", decision) == set()
        with pytest.raises(Closed, match="No names"):
            meeting.says("KEN", "explain", decision=decision, body="Who speaks here is not to be known.")
    with pytest.raises(Closed, match="No names"):
        meeting.says("KEN", "dissociate", decision=adopted, paragraphs=["op-2"])
    with pytest.raises(Closed, match="No names"):
        meeting.does("KEN", "object_", pending)
    mode(meeting, attribution="on_record")
    assert offered(meeting, "KEN", adopted) == {"dissociate", "explain"}
    meeting.says("KEN", "dissociate", decision=adopted, paragraphs=["op-2"])


def test_a_body_that_decides_by_consensus_takes_no_vote_on_substance_by_any_door(consensus_body: Meeting) -> None:
    with pytest.raises(Closed):
        consensus_body.decide("vote", "text")
    decision = consensus_body.decide("consensus", "text")
    with pytest.raises(Closed):
        consensus_body.chairs("put_to_vote", decision)


def test_a_body_of_consensus_votes_on_motions(consensus_body: Meeting) -> None:
    """Its procedure is that of the General Assembly: an appeal is put to the vote at once (rule 113)."""
    consensus_body.whole_vote("procedural", {"KEN": "no", "MEX": "no"}, "Overrules the Chair.", motion="appeal")
    contested = consensus_body.decide("consensus", "procedural", motion="adjourn_meeting")
    consensus_body.does("KEN", "object_", contested)
    assert "vote.call" in offered(consensus_body, "chair", contested)
    consensus_body.chairs("put_to_vote", contested)
    assert consensus_body.row(contested).majority == "simple_majority_present_voting"
    consensus_body.chairs("withdraw", contested)
    substance = consensus_body.decide("consensus", "text")
    assert "vote.call" not in offered(consensus_body, "chair", substance)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "acclamation"}, "kind"),
        ({"target": "everything"}, "target"),
        ({"target": "paragraph:op-9"}, "target"),
        ({"target": "proposal:nothing"}, "target"),
        ({"target": None}, "target"),
        ({"target": "procedural", "motion": "lunch"}, "motion"),
        ({"words": " "}, "words"),
        ({"majority": "unanimity"}, "majority"),
        ({"moved_by": "VAT"}, "moved_by"),
        ({"id": "1"}, "id"),
    ],
)
def test_what_cannot_be_decided_is_said_by_its_field(meeting: Meeting, given: dict[str, str], field: str) -> None:
    whole = {"id": str(uuid.uuid4()), "kind": "vote", "target": "text", "words": "Adopts the text."} | given
    with meeting.world.context(), pytest.raises(Invalid) as refused:
        services.propose(meeting.chair, meeting.session.id, whole)
    assert refused.value.field == field
    assert [event["type"] for event in meeting.log()][-1] == "session.opened"


def test_an_id_makes_one_decision(meeting: Meeting) -> None:
    decision = meeting.decide("consensus", "text")
    with meeting.world.context(), pytest.raises(Conflict):
        services.propose(
            meeting.chair,
            meeting.session.id,
            {"id": decision, "kind": "consensus", "target": "text", "words": "Again."},
        )


# --- Consensus


def test_an_objection_stays_the_hammer_until_it_is_withdrawn(consensus_body: Meeting) -> None:
    decision = consensus_body.decide("consensus", "text")
    consensus_body.does("KEN", "object_", decision, "We await instructions.")
    consensus_body.does("MEX", "object_", decision)
    with pytest.raises(Closed, match="objection"):
        consensus_body.chairs("gavel", decision)
    consensus_body.does("KEN", "relent", decision)
    with pytest.raises(Closed):
        consensus_body.chairs("gavel", decision)
    with pytest.raises(Forbidden):
        consensus_body.does("BRA", "relent", decision)
    consensus_body.does("MEX", "relent", decision)
    consensus_body.chairs("gavel", decision)
    assert consensus_body.row(decision).state == "adopted"
    consensus_body.assert_log_and_rows_agree()


def test_where_the_rules_allow_it_a_contested_text_goes_to_the_vote(meeting: Meeting) -> None:
    decision = meeting.decide("consensus", "text")
    meeting.does("KEN", "object_", decision)
    meeting.chairs("put_to_vote", decision)
    meeting.chairs("open_vote", decision)
    meeting.votes("KEN", "no")
    meeting.votes("BRA", "yes")
    meeting.chairs("close_vote")
    meeting.chairs("announce")
    assert meeting.row(decision).state == "rejected"  # a tie is a rejection
    meeting.assert_log_and_rows_agree()


def test_the_sponsor_withdraws_until_the_voting_begins(meeting: Meeting) -> None:
    moved = meeting.decide("vote", "paragraph:op-1", moved_by="KEN")
    with pytest.raises(Forbidden):
        meeting.does("MEX", "withdraw", moved)
    with pytest.raises(Forbidden):
        meeting.chairs("withdraw", moved)
    meeting.does("KEN", "withdraw", moved)
    assert meeting.row(moved).state == "withdrawn"
    again = meeting.decide("vote", "paragraph:op-1", moved_by="KEN")
    meeting.chairs("open_vote", again)
    with pytest.raises(Closed):
        meeting.does("KEN", "withdraw", again)


# --- Voting


def test_a_ballot_may_be_changed_while_the_voting_is_open_and_never_after(meeting: Meeting) -> None:
    decision = meeting.decide("vote", "text")
    with pytest.raises(Closed):
        meeting.votes("KEN", "yes", decision)
    meeting.chairs("open_vote", decision)
    meeting.votes("KEN", "yes")
    meeting.votes("KEN", "no")
    meeting.chairs("close_vote")
    with pytest.raises(Closed):
        meeting.votes("KEN", "yes", decision)
    meeting.chairs("announce")
    with pytest.raises(Closed):
        meeting.chairs("announce", decision)
    assert meeting.row(decision).tally == {"yes": 0, "no": 1, "abstain": 0, "not_voting": 3}


def test_the_chair_does_not_vote_nor_does_an_observer_state(meeting: Meeting) -> None:
    decision = meeting.decide("vote", "text")
    meeting.world.join(meeting.group, "VAT", PartyKind.OBSERVER_STATE)
    holy_see = meeting.world.actor(meeting.world.user(party="VAT", kind=PartyKind.OBSERVER_STATE))
    meeting.chairs("open_vote", decision)
    for nobody in (meeting.chair, holy_see):
        with meeting.world.context(), pytest.raises(Forbidden):
            services.vote(nobody, meeting.session.id, "yes", decision)
    assert "VAT" not in meeting.row(decision).eligible


def test_who_joins_the_group_after_the_voting_began_does_not_vote(meeting: Meeting) -> None:
    decision = meeting.decide("vote", "text")
    meeting.chairs("open_vote", decision)
    meeting.world.join(meeting.group, "NOR")
    late = meeting.world.actor(meeting.world.user(party="NOR", entrusted=True))
    with meeting.world.context(), pytest.raises(Forbidden):
        services.vote(late, meeting.session.id, "yes", decision)


def test_the_page_shows_what_is_before_the_meeting_above_what_was_decided(meeting: Meeting, app: Flask) -> None:
    decided, pending = meeting.decide("consensus", "paragraph:op-1"), meeting.decide("consensus", "paragraph:op-2")
    meeting.chairs("gavel", decided)
    page = Browser(app).get(f"/sessions/{meeting.session.id}/decisions").text
    assert re.findall(r'id="decision-([\w-]{36})"', page) == [pending, decided]


def test_how_a_delegation_votes_is_nobody_elses_to_know_before_the_announcement(meeting: Meeting, app: Flask) -> None:
    decision = meeting.decide("vote", "text")
    meeting.chairs("open_vote", decision)
    meeting.votes("KEN", "abstain")
    cast = meeting.last()
    assert (cast["type"], cast["actor"]["delegation"], cast["data"]) == (
        "ballot.cast",
        "KEN",
        {"decision": decision, "voted": 1},
    )
    users = {code: meeting.world.user(party=code, role=None) for code in ("MEX", "KEN")}
    pages = (f"/decisions/{decision}", f"/sessions/{meeting.session.id}/decisions", f"/sessions/{meeting.session.id}")
    for code, told in (("MEX", False), ("KEN", True)):
        reader = Browser(app, users[code])
        assert reader.api("GET", f"/decisions/{decision}").json["ballots"] is None
        for page in pages:
            assert ('<span class="how">Abstain</span>' in reader.get(page).text) is told
    meeting.chairs("close_vote")
    meeting.chairs("announce")
    assert Browser(app).api("GET", f"/decisions/{decision}").json["ballots"] == {"KEN": "abstain"}


def test_nothing_interrupts_a_vote_until_its_result(meeting: Meeting) -> None:
    decision = meeting.decide("vote", "text")
    meeting.chairs("open_vote", decision)
    interruptions: list[Callable[[], object]] = [
        lambda: live.conduct(meeting.chair, meeting.session.id, "suspend"),
        lambda: live.conduct(meeting.chair, meeting.session.id, "close"),
        lambda: live.set_mode(meeting.chair, meeting.session.id, mode="informal"),
        lambda: live.table_version(meeting.chair, meeting.session.id, meeting.version.id),
        lambda: services.propose(
            meeting.chair,
            meeting.session.id,
            {"id": str(uuid.uuid4()), "kind": "consensus", "target": "procedural", "words": "Suspends."},
        ),
        lambda: statements.explain(meeting.heads["KEN"], meeting.session.id, {"id": str(uuid.uuid4()), "body": "Why"}),
    ]
    for interrupt in interruptions:
        with meeting.world.context(), pytest.raises(Closed):
            interrupt()
    with meeting.world.context(), transaction() as tx, pytest.raises(Closed):
        tx.append(meeting.session.channel, "floor.given", {"delegation": None}, {})
    meeting.chairs("close_vote")
    meeting.chairs("announce")
    with meeting.world.context():
        live.conduct(meeting.chair, meeting.session.id, "suspend")


def test_a_point_of_order_on_how_the_vote_is_conducted_is_heard(meeting: Meeting) -> None:
    decision = meeting.decide("vote", "text")
    meeting.chairs("open_vote", decision)
    with meeting.world.context():
        floor.request_floor(meeting.heads["KEN"], meeting.session.id, kind="point_of_order")
        floor.request_floor(meeting.heads["BRA"], meeting.session.id)
        floor.give(meeting.chair, meeting.session.id)
    assert meeting.last()["data"]["delegation"] == "KEN"
    with meeting.world.context(), pytest.raises(Closed):
        floor.give(meeting.chair, meeting.session.id)
    assert meeting.last()["type"] == "floor.given", "the point is heard still"


def test_nothing_is_decided_on_a_text_that_is_under_silence(meeting: Meeting) -> None:
    by_vote, by_consensus = meeting.decide("vote", "text"), meeting.decide("consensus", "paragraph:op-1")
    motion = meeting.decide("consensus", "procedural", "Suspends the meeting.")
    with meeting.world.context():
        given = {"deadline": datetime.now(UTC) + timedelta(hours=80), "message": "Rev.1 is put under silence."}
        asked = silence.prepare(meeting.chair, meeting.version.id, given).id
        silence.open_silence(meeting.chair, asked)
    for verb, decision in (("gavel", by_consensus), ("open_vote", by_vote)):
        with pytest.raises(Closed):
            meeting.chairs(verb, decision)
    meeting.chairs("gavel", motion)
    with meeting.world.context():
        silence.withdraw(meeting.chair, asked, "The meeting takes it up.")
    meeting.chairs("gavel", by_consensus)


def test_no_text_is_put_under_silence_while_it_is_voted_on(meeting: Meeting) -> None:
    decision = meeting.decide("vote", "text")
    meeting.chairs("open_vote", decision)
    given = {"deadline": datetime.now(UTC) + timedelta(hours=80), "message": "Rev.1 is put under silence."}
    with meeting.world.context():
        asked = silence.prepare(meeting.chair, meeting.version.id, given).id
        with pytest.raises(Closed):
            silence.open_silence(meeting.chair, asked)
    meeting.chairs("close_vote")
    meeting.chairs("announce")
    with meeting.world.context():
        silence.open_silence(meeting.chair, asked)


def test_the_whole_falls_with_all_its_operative_paragraphs(meeting: Meeting) -> None:
    whole = meeting.decide("vote", "text")
    meeting.whole_vote("paragraph:op-1", {"KEN": "no", "BRA": "no", "MEX": "yes"})
    assert meeting.row(whole).state == "proposed"
    meeting.whole_vote("paragraph:op-2", {"KEN": "no"})
    assert meeting.row(whole).state == "rejected"
    assert meeting.last()["data"] == {"decision": whole, "how": "parts"}
    again = meeting.decide("vote", "text")
    assert meeting.row(again).state == "rejected"
    with meeting.world.context():
        assert db.session.get_one(Version, meeting.version.id).state == "issued"
    meeting.assert_log_and_rows_agree()


def test_a_motion_to_suspend_comes_before_the_text(meeting: Meeting) -> None:
    text = meeting.decide("consensus", "text")
    motion = meeting.decide("consensus", "procedural", "Suspends the meeting.", motion="suspend_meeting")
    with pytest.raises(Closed, match="Decision 2"):
        meeting.chairs("gavel", text)
    meeting.chairs("gavel", motion)
    meeting.chairs("gavel", text)
    assert meeting.row(text).state == "adopted"


def test_reconsideration_takes_two_thirds(meeting: Meeting) -> None:
    motion = meeting.decide("vote", "procedural", "Reconsiders OP1.", motion="reconsideration")
    assert meeting.row(motion).majority == "two_thirds_present_voting"


# --- What follows


def test_an_adopted_text_and_its_paragraphs_are_marked_so(meeting: Meeting) -> None:
    meeting.chairs("gavel", meeting.decide("consensus", "text"))
    with meeting.world.context():
        version = db.session.get_one(Version, meeting.version.id)
        assert (version.state, version.issued) == ("adopted", True)
        board = board_of(version.draft_id, ("",))
        assert {str(standing.level) for standing in board.values()} == {"adopted"}


def test_an_adopted_text_is_still_an_issued_version(meeting: Meeting) -> None:
    """Its record verifies, its label stays taken, and it is proposed on as on any other."""
    meeting.chairs("gavel", meeting.decide("consensus", "text"))
    given = {"kind": "replace", "paragraph": "p1", "text": "Calls upon States to cooperate more;"}
    with meeting.world.context():
        assert faults_of(f"draft:{meeting.version.draft_id}") == []
        with pytest.raises(Conflict, match="Zero draft"):
            drafts.issue_version(meeting.chair, meeting.version.draft_id, label="Zero draft")
        assert live.propose(meeting.heads[meeting.codes[0]], meeting.session.id, given)


@pytest.mark.parametrize("target", ["text", "paragraph:op-1"])
def test_a_text_that_a_newer_version_replaced_is_not_decided_on(meeting: Meeting, target: str) -> None:
    issue(meeting)
    with pytest.raises(Closed, match="newer"):
        meeting.decide("consensus", target)


@pytest.mark.parametrize("kind", ["consensus", "vote"])
def test_what_was_proposed_before_a_newer_version_is_withdrawn_and_not_decided(meeting: Meeting, kind: str) -> None:
    decision = meeting.decide(kind, "text")
    issue(meeting)
    with pytest.raises(Closed, match="newer"):
        meeting.chairs("open_vote" if kind == "vote" else "gavel", decision)
    meeting.chairs("withdraw", decision)


@pytest.mark.parametrize("target", ["text", "paragraph:op-1", "proposal"])
def test_no_version_is_issued_between_the_voting_and_its_result(meeting: Meeting, target: str) -> None:
    decision = meeting.decide("vote", f"proposal:{amendment(meeting)}" if target == "proposal" else target)
    meeting.chairs("open_vote", decision)
    with pytest.raises(Closed, match="A vote on this text goes on"):
        issue(meeting)
    amendment(meeting, "MEX")  # who is not in the room may not learn from a refusal that it votes
    meeting.chairs("close_vote")
    with pytest.raises(Closed, match="A vote on this text goes on"):
        issue(meeting)
    meeting.chairs("announce")
    issue(meeting)


def test_a_proposal_stays_as_it_is_while_it_is_voted_on(meeting: Meeting) -> None:
    voted, other = amendment(meeting), amendment(meeting)
    decision = meeting.decide("vote", f"proposal:{voted}")

    def change(proposal: str, text: str, revision: int = 1) -> None:
        with meeting.world.context():
            proposals.revise(meeting.heads["KEN"], proposal, {"text": text}, revision)

    change(voted, "Calls upon States to cooperate closely;")
    meeting.chairs("open_vote", decision)
    with pytest.raises(Closed, match="voting on this proposal"):
        change(voted, "Calls upon States to cooperate at once;", 2)
    with meeting.world.context(), pytest.raises(Closed, match="voting on this proposal"):
        proposals.withdraw(meeting.heads["KEN"], voted)
    with meeting.world.context(), pytest.raises(Closed, match="voting on this proposal"):
        proposals.merge(meeting.chair, voted, other)
    change(other, "Calls upon States to cooperate at once;")
    meeting.chairs("close_vote")
    meeting.chairs("announce")
    with meeting.world.context():
        proposals.withdraw(meeting.heads["KEN"], voted)


def test_a_vote_on_procedure_holds_no_text(meeting: Meeting) -> None:
    meeting.chairs("open_vote", meeting.decide("vote", "procedural"))
    issue(meeting)
    meeting.chairs("close_vote")
    meeting.chairs("announce")


def test_a_decision_of_the_chair_lets_neither_an_objection_nor_an_issue_between(meeting: Meeting) -> None:
    gavelled, voted = (meeting.decide("consensus", "paragraph:op-1"), meeting.decide("vote", "paragraph:op-2"))
    for verb, decision in (("gavel", gavelled), ("open_vote", voted)):
        with locks() as held:
            meeting.chairs(verb, decision)
        of_session = [lock for lock in held if lock.startswith("session ")]
        assert of_session
        assert all("UPDATE" in lock for lock in of_session)  # not shared
        assert "version FOR NO KEY UPDATE" in held  # the row of the working copy, for which an issue waits


@contextmanager
def locks() -> Iterator[list[str]]:
    """What is locked, as PostgreSQL is told: the table and the clause."""
    held: list[str] = []

    def note(state: ORMExecuteState) -> None:
        if state.is_select:
            words = " ".join(str(state.statement.compile(dialect=postgresql.dialect())).split())
            held.extend(
                f"{table} {lock}" for table, lock in re.findall(r"FROM (\w+).* (FOR [A-Z ]*(?:UPDATE|SHARE).*)$", words)
            )

    event.listen(db.session, "do_orm_execute", note)
    try:
        yield held
    finally:
        event.remove(db.session, "do_orm_execute", note)


def test_the_chairs_form_offers_the_proposals_that_the_whole_room_may_read(meeting: Meeting, app: Flask) -> None:
    open_to_all = amendment(meeting)
    mode(meeting, openness="members")
    given = {"kind": "replace", "paragraph": "p2", "text": "Decides to meet behind closed doors;"}
    with meeting.world.context():
        live.propose(meeting.heads["MEX"], meeting.session.id, given)
        [closed] = [row.id for row in proposals_of(meeting.heads["MEX"])]
    chair = Browser(app, meeting.world.chair_of(meeting.group))
    for openness, offers in (("members", {open_to_all, closed}), ("public", {open_to_all})):
        mode(meeting, openness=openness)
        page = chair.get(f"/sessions/{meeting.session.id}/decisions").text
        assert set(re.findall(r'value="proposal:(\w+)"', page)) == offers
        assert "P1 · OP1 · Calls upon States" in page


@pytest.mark.parametrize(
    ("ruleset", "votes"),
    [("first-committee-1", ""), ("gm-consensus-1", "Here only on a procedural motion.")],
)
def test_the_chairs_form_says_on_what_a_body_votes(world: World, app: Flask, ruleset: str, votes: str) -> None:
    meeting = Meeting(world, STATES, ruleset=ruleset)
    page = Browser(app, world.chair_of(meeting.group)).get(f"/sessions/{meeting.session.id}/decisions").text
    radio = re.search(r'<input type="radio" name="kind" value="vote"([^>]*)>(.*?)</label>', page)
    assert radio is not None
    assert "disabled" not in radio[1]
    assert re.findall(r'<span class="muted">(.*?)</span>', radio[2]) == ([votes] if votes else [])
    assert ("What carries a vote" in page) is not bool(votes)


def test_amendments_are_decided_before_the_text(meeting: Meeting) -> None:
    """Rule 130; in which order among themselves the chair says, who opens them."""
    whole = meeting.decide("consensus", "text")
    first, second = (meeting.decide("vote", f"proposal:{amendment(meeting, code)}") for code in ("KEN", "MEX"))
    with pytest.raises(Closed, match="Decision 2"):
        meeting.chairs("gavel", whole)
    for decision in (second, first):
        meeting.chairs("open_vote", decision)
        meeting.votes("BRA", "no", decision)
        meeting.chairs("close_vote")
        meeting.chairs("announce")
    meeting.chairs("gavel", whole)


# --- What the desk learns


def vote_on(meeting: Meeting, proposal: str, choice: str) -> str:
    return meeting.whole_vote(f"proposal:{proposal}", {"KEN": choice, "BRA": choice}, "Amends OP1.")


def plan_of(meeting: Meeting, proposal: str) -> Planned:
    with meeting.world.context():
        draft = db.session.get_one(Version, meeting.version.id).draft
        return next(plan for plan in desk.plans(meeting.chair, draft) if plan.row.id == proposal)


def test_a_rejected_proposal_is_suggested_as_not_reflected_and_the_chair_decides(meeting: Meeting, app: Flask) -> None:
    proposal = amendment(meeting)
    vote_on(meeting, proposal, "no")
    plan = plan_of(meeting, proposal)
    words = "Rejected by a recorded vote: 0 in favour, 2 against, 0 abstentions"
    assert (plan.fate, plan.reason, plan.outcome, plan.suggested) == ("not_reflected", words, words, True)
    chair = Browser(app, meeting.world.chair_of(meeting.group))
    for page in ("desk/proposals/p1", "issue"):
        assert words in chair.get(f"/drafts/{meeting.version.draft_id}/{page}").text
    with meeting.world.context():
        proposals.plan(meeting.chair, proposal, "bracket")
    plan = plan_of(meeting, proposal)
    assert (plan.fate, plan.outcome, plan.suggested) == ("bracket", words, False)


def test_an_adopted_proposal_is_reflected_once_the_chair_has_taken_its_words(meeting: Meeting) -> None:
    proposal = amendment(meeting)
    vote_on(meeting, proposal, "yes")
    plan = plan_of(meeting, proposal)
    assert (plan.fate, plan.suggested) == ("bracket", True)
    assert plan.outcome == "Adopted by a recorded vote: 2 in favour, 0 against, 0 abstentions"
    with meeting.world.context():
        desk.take(meeting.chair, proposal)
    assert plan_of(meeting, proposal).fate == "reflected"


def test_what_was_decided_behind_a_closed_door_is_no_reason_for_all_to_read(meeting: Meeting) -> None:
    proposal = amendment(meeting)
    mode(meeting, openness="members")
    vote_on(meeting, proposal, "no")
    plan = plan_of(meeting, proposal)
    assert (plan.fate, plan.reason) == ("not_reflected", "")
    assert plan.outcome.startswith("Rejected by a recorded vote")


def test_words_that_were_revised_since_were_not_decided_on(meeting: Meeting) -> None:
    proposal = amendment(meeting)
    vote_on(meeting, proposal, "no")
    with meeting.world.context():
        proposals.revise(meeting.heads["KEN"], proposal, {"text": "Calls upon States to cooperate closely;"}, 1)
    plan = plan_of(meeting, proposal)
    assert (plan.outcome, plan.reason) == ("", "")


# --- What is said beside


def test_who_proposed_it_does_not_explain_its_vote(meeting: Meeting) -> None:
    decision = meeting.decide("vote", "paragraph:op-1", moved_by="KEN")
    with pytest.raises(Forbidden):
        meeting.says("KEN", "explain", decision=decision, body="We wrote it.")
    meeting.says("MEX", "explain", decision=decision, body="We shall vote no.")
    assert meeting.last()["data"]["when"] == "before"


def test_one_dissociates_from_paragraphs_of_what_was_adopted(meeting: Meeting) -> None:
    decision = meeting.decide("consensus", "text")
    with pytest.raises(Closed):
        meeting.says("KEN", "dissociate", decision=decision, paragraphs=["op-1"])
    meeting.chairs("gavel", decision)
    for paragraphs in ([], ["op-9"], "op-1"):
        with pytest.raises(Invalid):
            meeting.says("KEN", "dissociate", decision=decision, paragraphs=paragraphs)
    meeting.says("KEN", "dissociate", decision=decision, paragraphs=["op-1", "p1"])
    assert meeting.last()["data"]["paragraphs"] == [{"paragraph": "p1", "label": "OP1"}]


def test_an_explanation_may_be_given_for_a_group_of_states(meeting: Meeting) -> None:
    meeting.world.speaks_for("KEN", "african-group", "African Group")
    user = meeting.world.user(party="KEN")
    meeting.heads["KEN"] = meeting.world.actor(user)
    meeting.chairs("gavel", meeting.decide("consensus", "text"))
    meeting.says("KEN", "explain", body="For the Group.", on_behalf_of="african-group")
    assert meeting.last()["actor"]["on_behalf_of"] == "African Group"
    with pytest.raises(Forbidden):
        meeting.says("MEX", "explain", body="For the Group.", on_behalf_of="african-group")


def test_an_intention_may_be_noted_after_the_meeting_until_the_record_is_published(meeting: Meeting) -> None:
    decision = meeting.whole_vote("text", {"KEN": "yes"})
    with meeting.world.context():
        live.conduct(meeting.chair, meeting.session.id, "close")
    with pytest.raises(Closed):
        meeting.says("KEN", "explain", decision=decision, body="Too late.")
    meeting.says("KEN", "note_intent", decision=decision, choice="abstain")
    with meeting.world.context():
        live.publish(meeting.chair, meeting.session.id)
    with pytest.raises(DomainError):
        meeting.says("KEN", "note_intent", decision=decision, choice="no")
    assert meeting.row(decision).tally["yes"] == 1


# --- Behind a closed door


def test_a_decision_of_a_closed_segment_is_nowhere_outside(meeting: Meeting, app: Flask) -> None:
    def outside() -> list[bytes]:
        public = Browser(app)
        paths = (
            f"/sessions/{meeting.session.id}/decisions",
            f"/drafts/{meeting.version.draft_id}/v/1",
            "/search?q=armadillo",
        )
        token = re.compile(rb"[\w.-]{60,}")  # of the forms: another one in each page
        return [token.sub(b"", public.get(path).data) for path in paths]

    mode(meeting, openness="members")
    before = outside()
    decision = meeting.decide("consensus", "text", "Adopts the armadillo text.")
    meeting.does("KEN", "object_", decision)
    meeting.does("KEN", "relent", decision)
    meeting.chairs("gavel", decision)
    meeting.says("KEN", "explain", decision=decision, body="About armadillos.")
    assert outside() == before
    public = Browser(app)
    assert public.get(f"/decisions/{decision}").status_code == 404
    assert public.api("GET", f"/decisions/{decision}").status_code == 404
    assert public.api("GET", f"/sessions/{meeting.session.id}/decisions").json["items"] == []
    with meeting.world.context():
        assert db.session.get_one(Version, meeting.version.id).state == "issued"
        assert events_after(f"draft:{meeting.version.draft_id}", 0, types=["version.adopted"]) == []
        with pytest.raises(NotFound):
            statements.explain(PUBLIC, meeting.session.id, {"id": str(uuid.uuid4()), "decision": decision, "body": "?"})
    member = Browser(app, meeting.world.user(party="KEN"))
    assert member.get(f"/decisions/{decision}").status_code == 200


def test_decisions_are_found_by_those_who_may_read_them(meeting: Meeting, app: Flask) -> None:
    meeting.chairs("gavel", meeting.decide("consensus", "text", "Adopts the pangolin text."))
    meeting.says("KEN", "explain", body="We know ocelots.")
    public = Browser(app)
    assert [hit["kind"] for hit in public.api("GET", "/search?q=pangolin").json["items"]] == ["decision"]
    [hit] = public.api("GET", "/search?q=ocelots").json["items"]
    assert (hit["kind"], hit["party"]) == ("statement", "KEN")
    assert public.get(hit["url"]).status_code == 200
    mode(meeting, openness="members")
    inside = meeting.decide("consensus", "procedural", "Thanks the wombats.")
    assert public.api("GET", "/search?q=wombats").json["items"] == []
    member = Browser(app, meeting.world.user(party="KEN"))
    assert [hit["url"] for hit in member.api("GET", "/search?q=wombats").json["items"]] == [
        f"http://localhost/decisions/{inside}"
    ]


def test_a_decision_of_another_segment_is_not_acted_on(meeting: Meeting) -> None:
    decision = meeting.decide("consensus", "text")
    mode(meeting, openness="members")
    with pytest.raises(NotFound):
        meeting.chairs("gavel", decision)
    mode(meeting, openness="public")
    meeting.chairs("gavel", decision)


def test_the_roll_names_member_states_only(meeting: Meeting) -> None:
    with meeting.world.context():
        for present in (["VAT"], "KEN", None, [["KEN"]]):
            with pytest.raises(Invalid):
                services.take_roll(meeting.chair, meeting.session.id, present)
        services.take_roll(meeting.chair, meeting.session.id, ["MEX", "KEN", "KEN"])
    assert meeting.last()["data"] == {
        "present": ["KEN", "MEX"],
        "quorum": {"present": 2, "members": 4, "needed": 3, "met": False},
    }


@pytest.mark.parametrize("when", ["during", ["before"], {"before": True}])
def test_an_explanation_is_made_before_or_after(meeting: Meeting, when: object) -> None:
    meeting.decide("consensus", "text")
    with pytest.raises(Invalid) as refused:
        meeting.says("KEN", "explain", body="Why", when=when)
    assert refused.value.field == "when"


def test_no_roll_is_taken_where_no_names_are_kept(meeting: Meeting) -> None:
    mode(meeting, attribution="not_for_attribution")
    with meeting.world.context():
        with pytest.raises(Closed):
            services.take_roll(meeting.chair, meeting.session.id, ["KEN"])
        session = db.session.get_one(LiveSession, meeting.session.id)
        assert views.decide_form(meeting.chair, session)["takes_roll"] is False
    mode(meeting, attribution="on_record")
    with meeting.world.context():
        session = db.session.get_one(LiveSession, meeting.session.id)
        assert views.decide_form(meeting.chair, session)["takes_roll"] is True


def test_the_numbers_count_within_a_segment(meeting: Meeting) -> None:
    first, second = (meeting.decide("consensus", f"paragraph:op-{number}") for number in (1, 2))
    mode(meeting, openness="members")
    inside = meeting.decide("consensus", "text")
    with meeting.world.context():
        numbers = [db.session.get_one(DecisionRow, each).number for each in (first, second, inside)]
    assert numbers == [1, 2, 1]
