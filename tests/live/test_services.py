"""The commands of a session: what they do, and what they refuse without losing a word."""

from __future__ import annotations

import uuid

import pytest

from app.core.rules.sessions import TRANSITIONS, Act, State
from app.errors import Closed, Conflict, DomainError, Forbidden, Invalid, NotFound, TooLarge
from app.live import services
from app.live.queries import comment_counts, comments
from app.policy import PUBLIC, DelegationRole, Office
from app.record import events_after
from tests.support.builders import World

pytestmark = pytest.mark.database


def new_id() -> str:
    return str(uuid.uuid4())


def say(world: World, user, session, body="Kenya supports this.", **more):
    with world.context():
        return services.comment(world.actor(user), session.id, id=new_id(), body=body, **more)


def test_a_comment_is_an_event_and_a_row(world: World) -> None:
    group = world.group(members=("KEN",))
    kenya = world.user(party="KEN")
    version = world.version(group, "Invites States to offer assistance;", "Decides to meet again.")
    session = world.session(group, version=version)
    seq = say(world, kenya, session, "Replace **offer**.", paragraph="p1", quote={"exact": "offer"})
    with world.context():
        event = events_after(session.channel, seq - 1)[0].as_dict()
        assert event["type"] == "comment.added"
        assert event["actor"]["delegation"] == "KEN"
        assert event["actor"]["role"] == "delegate"
        assert event["data"]["html"] == "<p>Replace <strong>offer</strong>.</p>"
        assert event["data"]["quote"]["exact"] == "offer"
        assert event["data"]["quote"]["start"] == 18
        assert [row.body for row in comments(session.id)] == ["Replace **offer**."]
        assert comment_counts(PUBLIC, session) == {"p1": 1}


def test_white_space_of_copying_counts_for_nothing_in_a_quotation(world: World) -> None:
    group = world.group(members=("KEN",))
    session = world.session(group, version=world.version(group, "Invites States to offer assistance;"))
    seq = say(world, world.user(party="KEN"), session, paragraph="p1", quote={"exact": " to\n offer ", "start": True})
    with world.context():
        kept = events_after(session.channel, seq - 1)[0].as_dict()["data"]["quote"]
    assert kept == {"exact": "to offer", "start": 15, "prefix": "Invites States ", "suffix": " assistance;"}


def test_a_paragraph_may_be_named_by_its_label(world: World) -> None:
    group = world.group(members=("KEN",))
    session = world.session(group, version=world.version(group))
    seq = say(world, world.user(party="KEN"), session, paragraph="op-2")
    with world.context():
        assert events_after(session.channel, seq - 1)[0].as_dict()["data"]["paragraph"] == "p2"


def test_a_state_speaks_for_a_group_only_when_it_may(world: World) -> None:
    group = world.group(members=("KEN", "BRA"))
    world.speaks_for("KEN", "african-group", "African Group")
    session = world.session(group)
    seq = say(world, world.user(party="KEN"), session, on_behalf_of="african-group")
    with world.context():
        assert events_after(session.channel, seq - 1)[0].as_dict()["actor"]["on_behalf_of"] == "African Group"
    with pytest.raises(Forbidden):
        say(world, world.user(party="BRA"), session, on_behalf_of="african-group")


@pytest.mark.parametrize("state", ["scheduled", "suspended", "closed"])
def test_only_an_open_session_takes_comments(world: World, state: str) -> None:
    group = world.group(members=("KEN",))
    session = world.session(group, state=state)
    with pytest.raises(Closed):
        say(world, world.user(party="KEN"), session)


@pytest.mark.parametrize("role", [DelegationRole.EXPERT, DelegationRole.VIEWER])
def test_experts_and_viewers_do_not_speak(world: World, role: DelegationRole) -> None:
    group = world.group(members=("KEN",))
    session = world.session(group)
    with pytest.raises(Forbidden):
        say(world, world.user(party="KEN", role=role), session)


def test_who_may_not_know_of_a_session_learns_nothing(world: World) -> None:
    group = world.group(members=("KEN",), openness="members")
    session = world.session(group)
    for outsider in (world.user(party="BRA"), world.officer(group, Office.OBSERVER), None):
        with pytest.raises(NotFound):
            say(world, outsider, session)


@pytest.mark.parametrize(
    ("more", "error", "field"),
    [
        ({"body": ""}, Invalid, "body"),
        ({"body": "   \n"}, Invalid, "body"),
        ({"body": 7}, Invalid, "body"),
        ({"body": "a" * 10_001}, TooLarge, "body"),
        ({"body": "a\x00b"}, Invalid, "body"),
        ({"body": "a\u202eb"}, Invalid, "body"),
        ({"body": "a\ud800b"}, Invalid, "body"),
        ({"paragraph": "p9"}, Invalid, "paragraph"),
        ({"paragraph": ["p1"]}, Invalid, "paragraph"),
        ({"quote": {"exact": "offer"}}, Invalid, "quote"),
        ({"paragraph": "p1", "quote": {"exact": "nowhere"}}, Invalid, "quote"),
        ({"paragraph": "p1", "quote": {"exact": ""}}, Invalid, "quote"),
        ({"paragraph": "p1", "quote": "offer"}, Invalid, "quote"),
    ],
)
def test_bad_input_is_blamed_on_its_field(world: World, more: dict, error: type[DomainError], field: str) -> None:
    group = world.group(members=("KEN",))
    session = world.session(group, version=world.version(group, "Invites States to offer assistance;"))
    before = 0
    with pytest.raises(error) as caught:
        say(world, world.user(party="KEN"), session, **({"body": "Words."} | more))
    assert caught.value.field == field
    with world.context():
        assert [e for e in events_after(session.channel, before) if e.type == "comment.added"] == []


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("act", list(Act))
def test_every_act_from_every_state(world: World, state: State, act: Act) -> None:
    group = world.group()
    chair = world.chair_of(group)
    session = world.session(group, state=state)
    after = {(before, does): leads for before, does, leads in TRANSITIONS}.get((state, act))
    with world.context():
        if after is None:
            with pytest.raises(Closed):
                services.conduct(world.actor(chair), session.id, act)
        else:
            assert services.conduct(world.actor(chair), session.id, act).state == after


def test_the_focus_moves_and_is_recorded(world: World) -> None:
    group = world.group()
    chair = world.chair_of(group)
    session = world.session(group, version=world.version(group))
    with world.context():
        seq = services.move_focus(world.actor(chair), session.id, "p2")
        event = events_after(session.channel, seq - 1)[0].as_dict()
        assert event["data"] == {"paragraph": "p2", "label": "OP2"}
        services.move_focus(world.actor(chair), session.id, None)
        with pytest.raises(Invalid):
            services.move_focus(world.actor(chair), session.id, "p9")


def test_a_delegate_conducts_nothing(world: World) -> None:
    group = world.group(members=("KEN",))
    head = world.user(party="KEN", role=DelegationRole.HEAD)
    session = world.session(group, version=world.version(group))
    with world.context():
        for act in Act:
            with pytest.raises(Forbidden):
                services.conduct(world.actor(head), session.id, act)
        with pytest.raises(Forbidden):
            services.move_focus(world.actor(head), session.id, "p1")


def test_a_session_is_never_more_open_than_its_group(world: World) -> None:
    group = world.group(openness="members")
    chair = world.chair_of(group)
    with world.context(), pytest.raises(Invalid):
        services.schedule_session(world.actor(chair), group, "A meeting", "public")


def test_only_an_issued_version_of_the_group_is_tabled(world: World) -> None:
    group, other = world.group("one"), world.group("other")
    foreign = world.version(other)
    chair = world.chair_of(group)
    with world.context(), pytest.raises(Invalid):
        services.schedule_session(world.actor(chair), group, "A meeting", "public", version_id=foreign.id)


def test_a_record_is_published_once_and_only_when_closed(world: World) -> None:
    group = world.group()
    chair = world.chair_of(group)
    session = world.session(group)
    with world.context():
        with pytest.raises(Closed):
            services.publish(world.actor(chair), session.id)
        services.conduct(world.actor(chair), session.id, "close")
        services.publish(world.actor(chair), session.id)
        with pytest.raises(Conflict):
            services.publish(world.actor(chair), session.id)


def test_a_session_never_opens_wider_than_it_was_once_something_was_said(world: World) -> None:
    group = world.group("doors", openness="public", members=("KEN",))
    version = world.version(group)
    session = world.session(group, version=version, openness="members").id
    chair, kenya = world.actor(world.chair_of(group)), world.actor(world.user(party="KEN"))
    with world.context():
        services.set_openness(chair, session, "public")  # nothing was said: the door may open
    session = world.session(group, version=version, openness="members").id
    with world.context():
        services.comment(kenya, session, id=str(uuid.uuid4()), body="For members.")
        for wider in ("observers", "public"):
            with pytest.raises(Closed):
                services.set_openness(chair, session, wider)
        services.set_openness(chair, session, "invited")
        with pytest.raises(Closed):
            services.set_openness(chair, session, "public")
        services.set_openness(chair, session, "members")


@pytest.mark.parametrize("wrong", [{"paragraph": {}}, {"quote": {}}, {"on_behalf_of": {}}, {"quote": "words"}])
def test_what_is_of_the_wrong_kind_is_refused_not_dropped(world: World, wrong: dict) -> None:
    group = world.group("kinds", members=("KEN",))
    session = world.session(group, version=world.version(group)).id
    kenya = world.actor(world.user(party="KEN"))
    with world.context(), pytest.raises(Invalid):
        services.comment(kenya, session, id=str(uuid.uuid4()), body="Words.", **wrong)
