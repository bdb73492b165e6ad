"""Stances, levels, packages and bridging texts through the commands: who may, when, and what the log says of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.agreement import queries, services, tables
from app.core.rules import agreement as rules
from app.core.rules.agreement import Act, Level, Who
from app.drafts import queries as texts
from app.errors import Closed, Conflict, DomainError, Forbidden, Invalid, NotFound
from app.extensions import db
from app.live import services as live
from app.live.models import LiveSession
from app.live.segments import channel_now
from app.policy import Action, Actor, DelegationRole, Office
from app.proposals.models import ProposalRow
from app.proposals.queries import get_proposal
from app.record import transaction
from tests.agreement.conftest import WORDS, Room
from tests.support.builders import World

pytestmark = pytest.mark.database


def test_a_group_speaks_for_its_members_and_a_member_may_say_otherwise(room: Room) -> None:
    room.world.speaks_for("KEN")
    with room.world.context(), transaction():
        from app.accounts.models import Party, StateGroup, StateGroupMember

        group = db.session.query(StateGroup).one()
        party = db.session.query(Party).filter_by(code="FJI").one()
        db.session.add(StateGroupMember(state_group_id=group.id, party_id=party.id))
    room.say("KEN", "oppose", on_behalf_of="african-group")
    via = room.summary(reader=room.as_("FJI")).own
    assert via is not None
    assert (via.code, via.via) == ("oppose", "African Group")
    assert room.summary().blocking == "African Group"
    with pytest.raises(Invalid):
        room.mark("agreed_ad_ref")
    room.mark("agreed_ad_ref", reason="The Group reserves its position.")
    assert [one["for"] for one in room.standing().blocking] == [2], "it stands for Kenya and Fiji"
    room.say("FJI", "support")
    own = room.summary(reader=room.as_("FJI")).own
    assert own is not None
    assert (own.code, own.via) == ("support", "")


def test_what_awaits_instructions_does_not_stand_in_the_way_of_an_agreement_that_awaits_them(room: Room) -> None:
    room.say("KEN", "reserve")
    room.mark("agreed_ad_ref")
    with pytest.raises(Invalid) as refused:
        room.mark("agreed")
    assert refused.value.extra["blocking"][0]["holder"] == "KEN"
    room.mark("agreed", reason="Instructions came by telephone.")


def test_each_office_marks_what_is_its_own(room: Room) -> None:
    facilitator, secretariat = room.officer(Office.FACILITATOR), room.officer(Office.SECRETARIAT)
    with pytest.raises(Forbidden):
        room.mark("agreed_ad_ref", who=facilitator)
    with pytest.raises(Forbidden):
        room.mark("agreed_in_informals", who=room.as_("KEN"))
    with pytest.raises(Forbidden):
        room.mark("open", who=room.as_("KEN"))
    room.mark("agreed_in_informals", who=facilitator)
    room.mark("agreed_ad_ref", who=secretariat)
    with room.world.context():
        last = queries.history_of(room.draft, ("",))[-1].as_dict()
    assert last["data"]["on_instruction"] is True
    with pytest.raises(Forbidden):
        room.do(services.reopen, facilitator, "p2", "It was mine.")
    with pytest.raises(Invalid):
        room.mark("adopted")


def test_only_the_formal_meeting_agrees_for_good(room: Room) -> None:
    with room.world.context():
        live.set_mode(room.chair, room.session, mode="informal")
    room.mark("agreed_ad_ref")
    with pytest.raises(Closed):
        room.mark("agreed")
    with room.world.context(), pytest.raises(Closed) as outside:
        services.mark(room.chair, tables.outside(room.chair, room.version, Action.READ_TEXT), "p2", "agreed")
    assert outside.value.extra["state"] == "outside"
    with room.world.context():
        live.set_mode(room.chair, room.session, mode="formal")
    room.mark("agreed")


def test_a_bracket_is_lifted_by_its_holders_one_by_one(room: Room) -> None:
    room.mark("bracketed", holders=["KEN", "IRN"])
    with pytest.raises(Forbidden):
        room.mark("open", who=room.as_("BRA"))
    room.mark("open", who=room.as_("KEN"))
    assert (room.standing().level, room.standing().holders) == (Level.BRACKETED, ("IRN",))
    room.mark("open", who=room.as_("IRN"))
    assert (room.standing().level, room.standing().holders) == (Level.OPEN, ())


def test_the_members_of_a_package_move_together(room: Room) -> None:
    room.do(services.form_package, room.chair, "Reporting", ["OP1", "OP3"])
    with pytest.raises(Conflict):
        room.do(services.form_package, room.chair, "Other", ["OP3", "OP4"])
    room.say("IRN", "oppose", "paragraph:p3")
    with pytest.raises(Invalid):
        room.mark("agreed_ad_ref", "p1")
    room.mark("agreed_ad_ref", "p1", reason="A package is taken whole.")
    assert [room.standing(wid).level for wid in ("p1", "p3")] == [Level.AGREED_AD_REF] * 2
    room.edit("p3", "Recommends that States name technical points of contact;")
    room.issue()
    assert [(room.standing(wid).level, room.standing(wid).reopened) for wid in ("p1", "p3")] == [(Level.OPEN, True)] * 2
    assert room.standing("p3").reason == "+ technical"
    assert room.standing("p1").package == "Reporting"
    room.do(services.dissolve_package, room.chair, "Reporting")
    assert room.standing("p1").package == ""


def test_an_editorial_change_keeps_what_was_said_with_a_notice(room: Room) -> None:
    secretariat = room.officer(Office.SECRETARIAT)
    room.say("KEN", "support")
    room.mark("agreed_ad_ref")
    room.edit("p2", WORDS[1].replace("incident", "occurrence"))
    with room.world.context(), pytest.raises(Forbidden):
        services.mark_editorial(room.chair, room.draft, "p2", "A synonym.")
    with room.world.context():
        services.mark_editorial(secretariat, room.draft, "p2", "The glossary's word.")
    room.edit("p2", WORDS[1].replace("incident", "event"))
    room.issue()
    assert room.standing().reopened, "another edit undoes the mark: it was about exact words"

    room.mark("agreed_ad_ref")
    room.say("KEN", "support")
    room.edit("p2", WORDS[1].replace("incident", "occurrence"))
    with room.world.context():
        services.mark_editorial(secretariat, room.draft, "p2", "The glossary's word.")
    room.issue()
    own = room.summary(reader=room.as_("KEN")).own
    assert own is not None
    assert (room.standing().level, own.stale) == (Level.AGREED_AD_REF, False)
    with room.world.context():
        notice = next(e for e in queries.history_of(room.draft, ("",))[::-1] if e.type == "agreement.editorial")
    assert notice.as_dict()["data"]["note"] == "The glossary's word."
    assert room.from_the_log() == room.from_the_rows()


def test_a_bridging_text_keeps_every_version_and_its_stances_go_stale(room: Room) -> None:
    action = Action.SHOW_BRIDGING
    first = WORDS[1].replace("offer", "offer and provide")
    room.do(services.show, room.chair, "p2", first, action=action)
    [bridging] = room.reading().bridgings["p2"]
    room.say("KEN", "support", f"bridging:{bridging.id}")
    second = first.replace("major", "major disruptive")
    with pytest.raises(Conflict) as stale:
        room.do(services.amend, room.chair, bridging.id, second, revision=9, action=action)
    assert (stale.value.extra["yours"], stale.value.extra["theirs"]) == (second, first)
    room.do(services.amend, room.chair, bridging.id, second, revision=1, action=action)
    [shown] = room.summary().bridgings
    assert [one["revision"] for one in shown.wordings] == [2, 1]
    assert (shown.text, shown.lines[0].count, shown.lines[0].who[0][3]) == (second, 0, True)
    room.do(services.take_down, room.chair, bridging.id, action=action)
    with pytest.raises(Closed):
        room.say("KEN", "support", f"bridging:{bridging.id}")
    with pytest.raises(Closed):
        room.do(services.amend, room.chair, bridging.id, first, action=action)
    room.do(services.take_down, room.chair, bridging.id, again=True, action=action)
    envelope = room.do(services.propose_bridging, room.chair, bridging.id, action=action)
    with room.world.context():
        proposal = get_proposal(room.as_("KEN"), envelope.as_dict()["data"]["proposal"])
        assert (proposal.text, proposal.office) == (second, "chair")


def test_who_does_not_speak_takes_no_stance(room: Room) -> None:
    for role in (DelegationRole.EXPERT, DelegationRole.VIEWER):
        with pytest.raises(Forbidden):
            room.say(room.as_("KEN", role), "support")
    with pytest.raises(Forbidden):
        room.say(room.chair, "support")
    with pytest.raises(Invalid):
        room.say("KEN", "enthusiastic")
    with pytest.raises(Invalid):
        room.say("KEN", "conditional")
    with pytest.raises(Invalid):
        room.say("KEN", "conditional", condition="OP2")
    with pytest.raises(NotFound):
        room.say("KEN", "support", "bridging:nothing")
    with room.world.context():
        live.set_mode(room.chair, room.session, attribution="not_for_attribution")
    with pytest.raises(Closed):
        room.say("KEN", "support")


def test_no_bridging_text_becomes_a_proposal_where_no_names_are_kept(room: Room) -> None:
    """A proposal bears the name of who made it, an officer's too."""
    action = Action.SHOW_BRIDGING
    room.do(services.show, room.chair, "p2", "Invites States to share experience;", action=action)
    [bridging] = room.reading().bridgings["p2"]
    with room.world.context():
        live.set_mode(room.chair, room.session, attribution="not_for_attribution")
    with pytest.raises(Closed):
        room.do(services.propose_bridging, room.chair, bridging.id, action=action)
    with room.world.context():
        live.set_mode(room.chair, room.session, attribution="on_record", openness="members")
        behind_the_door = channel_now(db.session.get_one(LiveSession, room.session))
    envelope = room.do(services.show, room.chair, "p2", "Invites all to share experience;", action=action)
    behind = envelope.as_dict()["data"]["bridging"]
    room.do(services.propose_bridging, room.chair, behind, action=action)
    with room.world.context():
        assert db.session.query(ProposalRow).one().made_in == behind_the_door


def test_no_bracket_names_its_holders_where_no_names_are_kept(room: Room) -> None:
    with room.world.context():
        live.set_mode(room.chair, room.session, attribution="not_for_attribution")
    with pytest.raises(Closed):
        room.mark("bracketed", holders=["KEN"])
    room.mark("bracketed")
    assert (room.standing().level, room.standing().holders) == (Level.BRACKETED, ())


def test_the_decision_on_the_whole_adopts_every_paragraph_once(room: Room) -> None:
    room.mark("agreed_ad_ref")
    with room.world.context(), transaction() as tx:
        version = texts.get_version(room.chair, room.version)
        assert services.adopt_text(tx, room.chair, version) is not None
        assert services.adopt_text(tx, room.chair, version) is None
    assert {room.standing(f"p{n}").level for n in (1, 2, 3, 4)} == {Level.ADOPTED}
    with pytest.raises(Closed):
        room.do(services.reopen, room.chair, "p2", "Second thoughts.")
    assert room.from_the_log() == room.from_the_rows()


def test_an_unbroken_silence_agrees_what_is_not_further_ad_referendum(room: Room) -> None:
    room.mark("agreed", "p1")
    with room.world.context(), transaction() as tx:
        version = texts.get_version(room.chair, room.version)
        services.agree_text_ad_ref(tx, room.chair, version, only=frozenset({"p1", "p2"}))
    assert [room.standing(f"p{n}").level for n in (1, 2, 3)] == [Level.AGREED, Level.AGREED_AD_REF, Level.OPEN]


def test_silence_on_one_member_of_a_package_agrees_them_all_and_keeps_who_stood_in_the_way(room: Room) -> None:
    room.do(services.form_package, room.chair, "Reporting", ["OP1", "OP3"])
    room.say("IRN", "oppose", "paragraph:p3")
    with room.world.context(), transaction() as tx:
        version = texts.get_version(room.chair, room.version)
        services.agree_text_ad_ref(tx, room.chair, version, only=frozenset({"p1"}), reason="Silence was not broken.")
    assert [room.standing(f"p{n}").level for n in (1, 2, 3)] == [Level.AGREED_AD_REF, Level.OPEN, Level.AGREED_AD_REF]
    assert [one["holder"] for one in room.standing("p3").blocking] == ["IRN"]
    assert room.from_the_log() == room.from_the_rows()


def test_agreement_is_of_the_newest_words(room: Room) -> None:
    room.edit("p2", "Invites States to provide assistance;")
    room.issue(table=False)
    with pytest.raises(Closed):
        room.mark("agreed_ad_ref")


# --- Any path ------------------------------------------------------------------------------------------------------

PEOPLE = ("chair", "vice_chair", "facilitator", "secretariat", "KEN", "expert")
WHO = {
    "chair": {Who.OFFICER, Who.CHAIR},
    "vice_chair": {Who.OFFICER, Who.CHAIR},
    "secretariat": {Who.OFFICER, Who.CHAIR},
    "facilitator": {Who.OFFICER},
    "KEN": {Who.HOLDER},
    "expert": set[Who](),
}
ACTS = st.tuples(
    st.sampled_from(PEOPLE), st.sampled_from([*rules.ACT_OF, "reopen"]), st.sampled_from(["p1", "p2"]), st.booleans()
)


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(path=st.lists(ACTS, max_size=12))
def test_no_act_out_of_its_state_or_by_the_wrong_person_succeeds(world: World, path: list[Any]) -> None:
    room = _room(world)
    for name, level, wid, in_session in path:
        actor = _actor(room, name)
        before = room.standing(wid)
        act = Act.REOPEN if level == "reopen" else rules.ACT_OF[Level(level)]
        mine = WHO[name] - ({Who.HOLDER} if "KEN" not in before.holders else set())
        wanted = rules.after(before.level, act, sorted(mine)) if act is not Act.AGREE or in_session else None
        try:
            _do(room, actor, act, level, wid, in_session)
        except DomainError:
            assert wanted is None, (name, act, before.level)
            assert room.standing(wid) == before
        else:
            assert room.standing(wid).level == wanted, (name, act, before.level)
    assert room.from_the_log() == room.from_the_rows()


_numbers = iter(range(1_000_000))


def _room(world: World) -> Room:
    return Room(world, slug=f"path-{next(_numbers)}")


def _actor(room: Room, name: str) -> Actor:
    if name == "chair":
        return room.chair
    if name == "KEN":
        return room.as_("KEN")
    return room.as_("KEN", DelegationRole.EXPERT) if name == "expert" else room.officer(Office(name))


def _do(room: Room, actor: Actor, act: Act, level: str, wid: str, in_session: bool) -> None:
    with room.world.context(), transaction():
        if in_session:
            table = tables.in_session(actor, room.session, Action.READ_TEXT)
        else:
            table = tables.outside(actor, room.version, Action.READ_TEXT)
        if act is Act.REOPEN:
            services.reopen(actor, table, wid, "A reason.")
        else:
            services.mark(actor, table, wid, level, holders=["KEN"])
