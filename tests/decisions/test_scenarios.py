"""Scenarios 7 and 8 of the domain brief, as they would be told."""

from __future__ import annotations

from app.decisions import services
from app.decisions.models import DecisionRow
from app.decisions.quorum import count_now
from app.drafts.models import Version
from app.extensions import db
from app.live.models import LiveSession
from app.record import events_after
from tests.decisions.meeting import Meeting
from tests.support.builders import World

STATES = [f"S{number:03}" for number in range(193)]


def test_a_separate_recorded_vote_keeps_op1_then_the_whole_is_adopted_and_a_corrected_intent_leaves_the_tally(
    world: World,
) -> None:
    """A/C.1/75: OP1 was kept by 92 to 52 with 24 abstentions, then the whole was voted on."""
    meeting = Meeting(world, STATES)
    in_favour, against, abstaining = STATES[:92], STATES[92:144], STATES[144:168]
    whole = meeting.decide("vote", "text", "Adopts the draft resolution as a whole.")

    # A representative asks for a separate vote on operative paragraph 1. It comes before the whole.
    op1 = meeting.decide("vote", "paragraph:op-1", "Retains operative paragraph 1.", moved_by="S100")
    assert meeting.row(op1).label == "OP1"
    meeting.chairs("open_vote", op1)
    for choice, states in (("yes", in_favour), ("no", against), ("abstain", abstaining)):
        for state in states:
            meeting.votes(state, choice)
    meeting.chairs("close_vote")
    meeting.chairs("announce")

    announced = next(event for event in reversed(meeting.log()) if event["type"] == "vote.announced")
    assert announced["data"]["tally"] == {"yes": 92, "no": 52, "abstain": 24, "not_voting": 25}
    assert announced["data"]["ballots"]["S000"] == "yes"
    assert meeting.last()["type"] == "decision.adopted"

    meeting.chairs("open_vote", whole)
    for state in STATES[:109]:
        meeting.votes(state, "yes", whole)
    for state in STATES[109:154]:
        meeting.votes(state, "no", whole)
    meeting.chairs("close_vote", whole)
    meeting.chairs("announce", whole)
    assert meeting.row(whole).tally == {"yes": 109, "no": 45, "abstain": 0, "not_voting": 39}
    assert meeting.row(whole).state == "adopted"
    with world.context():
        assert db.session.get_one(Version, meeting.version.id).state == "adopted"
        [adopted] = events_after(f"draft:{meeting.version.draft_id}", 0, types=["version.adopted"])
        assert adopted.as_dict()["data"]["decision"] == whole

    # Subsequently the delegation of S120 advised that it had intended to abstain.
    before = meeting.row(whole).tally
    meeting.says("S120", "note_intent", decision=whole, choice="abstain", note="We pressed the wrong button.")
    assert meeting.row(whole).tally == before
    assert meeting.last()["data"]["choice"] == "abstain"
    meeting.assert_log_and_rows_agree()


def test_iran_joins_consensus_and_disassociates_from_a_paragraph(world: World) -> None:
    """OEWG, July 2024: Iran did not oppose, and dissociated itself from paragraph 27; the chair took note."""
    meeting = Meeting(world, ["IRN", "MEX", "KEN"], ruleset="gm-consensus-1")
    decision = meeting.decide("consensus", "text", "May I take it that the group wishes to adopt the report?")
    meeting.chairs("gavel", decision)
    meeting.says("IRN", "dissociate", paragraphs=["op-2"], body="We join consensus and disassociate from paragraph 2.")
    meeting.says("MEX", "explain", body="Our understanding is that the list is illustrative.")

    row = meeting.row(decision)
    assert (row.state, row.kind, row.objections) == ("adopted", "consensus", [])
    with world.context():
        dissociation, explanation = db.session.get_one(DecisionRow, decision).statements
        assert dissociation.paragraphs == [{"paragraph": "p2", "label": "OP2"}]
        assert (explanation.party, explanation.when) == ("MEX", "after")
        assert db.session.get_one(Version, meeting.version.id).state == "adopted"
    types = [event["type"] for event in meeting.log() if event["type"] != "agreement.marked"][-4:]
    assert types == ["decision.proposed", "decision.adopted", "dissociation.made", "explanation.given"]
    meeting.assert_log_and_rows_agree()


def test_the_quorum_counts_delegations_and_warns(world: World) -> None:
    meeting = Meeting(world, ["IRN", "MEX", "KEN", "BRA"], ruleset="gm-consensus-1")
    decision = meeting.decide("consensus", "text")
    with world.context():
        services.take_roll(meeting.chair, meeting.session.id, ["MEX", "KEN"])
        assert count_now(db.session.get_one(LiveSession, meeting.session.id)).may_decide is False
    meeting.chairs("gavel", decision)  # the chair decides; the platform warns, and keeps what it counted
    assert meeting.row(decision).quorum == {"present": 2, "members": 4, "needed": 3, "met": False}
    assert meeting.row(decision).state == "adopted"
