"""The commands of decisions: what they refuse, what follows from them, and who learns what and when."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

import pytest
from flask import Flask

from app.agreement.queries import board_of
from app.decisions import services, statements
from app.decisions.models import DecisionRow
from app.drafts import services as drafts
from app.drafts.models import Version
from app.errors import Closed, Conflict, DomainError, Forbidden, Invalid, NotFound
from app.extensions import db
from app.live import services as live
from app.policy import PUBLIC, PartyKind
from app.record import events_after, transaction
from app.record.cli import faults_of
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


def test_a_body_that_decides_by_consensus_takes_no_vote_by_any_door(consensus_body: Meeting) -> None:
    with pytest.raises(Closed):
        consensus_body.decide("vote", "text")
    with pytest.raises(Closed):
        consensus_body.decide("vote", "procedural", motion="suspend_meeting")
    decision = consensus_body.decide("consensus", "text")
    with pytest.raises(Closed):
        consensus_body.chairs("put_to_vote", decision)


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


def test_a_text_that_a_newer_version_replaced_is_not_decided_on(meeting: Meeting) -> None:
    from app.drafts import services as drafts

    with meeting.world.context():
        drafts.issue_version(meeting.chair, meeting.version.draft_id, label="Rev.1")
    with pytest.raises(Closed, match="newer"):
        meeting.decide("consensus", "text")


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


def test_the_numbers_count_within_a_segment(meeting: Meeting) -> None:
    first, second = (meeting.decide("consensus", f"paragraph:op-{number}") for number in (1, 2))
    mode(meeting, openness="members")
    inside = meeting.decide("consensus", "text")
    with meeting.world.context():
        numbers = [db.session.get_one(DecisionRow, each).number for each in (first, second, inside)]
    assert numbers == [1, 2, 1]
