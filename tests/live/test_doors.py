"""Doors that close and open: nothing said behind them comes out by another act, and no name by any."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from flask import Flask

from app.archive import queries as archive
from app.decisions import services as decisions
from app.delegations import events as delegation_events
from app.errors import Closed, Conflict, DomainError, Invalid, NotFound, TooLarge
from app.extensions import db
from app.groups import services as groups
from app.groups.models import Group
from app.live import acting, entering, events, services
from app.live.commands import handlers
from app.live.models import Comment, LiveSession
from app.live.queries import heard, may_hear, may_read
from app.live.rooms import Visitor, rooms
from app.live.services import saying
from app.policy import PUBLIC, Actor
from app.proposals import services as proposals
from app.record import events_after, transaction
from app.record.models import IdempotentWrite
from app.web.viewer import speaker_name
from tests.support.builders import World
from tests.support.clients import Browser

pytestmark = pytest.mark.database

SECRET = "Zanzibarite"


class Hall:
    """A group that is open to all, with a session, two members and a chair."""

    def __init__(self, world: World, openness: str = "public", state: str = "open") -> None:
        self.world = world
        self.group = world.group("doors", openness="public", members=("KEN", "BRA"))
        self.version = world.version(self.group, "Invites States to offer assistance;")
        self.session = world.session(self.group, version=self.version, openness=openness, state=state).id
        self.channel = f"session:{self.session}"
        self.kenya_user = world.user(party="KEN")
        self.chair_user = world.chair_of(self.group)
        self.chair, self.kenya = world.actor(self.chair_user), world.actor(self.kenya_user)
        self.brazil = world.actor(world.user(party="BRA"))

    @property
    def row(self) -> LiveSession:
        return db.session.get_one(LiveSession, self.session, populate_existing=True)

    def say(self, body: str = SECRET, id: str | None = None) -> int:
        return services.comment(self.kenya, self.session, id=id or str(uuid.uuid4()), body=body)

    def open_group(self, openness: str) -> None:
        group = db.session.get_one(Group, self.group.id)
        groups.update_group(self.chair, group, title=group.title, mandate="", pillars=[], openness=openness)

    def said(self, channel: str | None = None) -> list[dict[str, Any]]:
        return [event.as_dict() for event in events_after(channel or self.channel, 0)]


# --- Names ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["scheduled", "open"])
def test_opening_the_doors_does_not_switch_the_names_on(world: World, state: str) -> None:
    hall = Hall(world, openness="members", state=state)
    with world.context():
        services.set_mode(hall.chair, hall.session, attribution="not_for_attribution")
        services.set_mode(hall.chair, hall.session, openness="observers")
        assert hall.row.attribution == "not_for_attribution"
        if state == "scheduled":
            services.conduct(hall.chair, hall.session, "open")
        services.set_mode(hall.chair, hall.session, mode="informal")
        hall.say()
        assert hall.said()[-1]["actor"]["name"] == ""
        services.set_mode(hall.chair, hall.session, attribution="on_record")
        began = hall.said()[-1]["data"]
        assert (began["before"]["attribution"], began["attribution"]) == ("not_for_attribution", "on_record")
        services.set_mode(hall.chair, hall.session, attribution="not_for_attribution")
        services.conduct(hall.chair, hall.session, "close")
        assert hall.row.attribution == "on_record"


def test_the_record_says_how_it_was_before_the_doors_were_opened(world: World) -> None:
    hall = Hall(world, openness="members")
    with world.context():
        services.set_mode(hall.chair, hall.session, mode="informal", openness="observers")
        assert hall.said()[-1]["data"]["before"] == {
            "mode": "formal",
            "openness": "members",
            "attribution": "on_record",
        }


def once_by_form(hall: Hall, key: str) -> None:
    Browser(hall.world.app, hall.kenya_user).post(f"/sessions/{hall.session}/comments", {"id": key, "body": SECRET})


def once_by_api(hall: Hall, key: str) -> None:
    Browser(hall.world.app, hall.kenya_user).api("POST", f"/sessions/{hall.session}/comments", {"id": key, "body": "B"})


def once_by_socket(hall: Hall, key: str) -> None:
    with hall.world.app.test_request_context():
        visitor = Visitor(sid="s", who=lambda: hall.kenya)
        events.comment(hall.kenya, visitor, {"session": hall.session, "id": key, "body": SECRET})


@pytest.mark.parametrize("send", [once_by_form, once_by_api, once_by_socket])
def test_no_name_is_kept_of_what_is_said_in_the_moment_in_which_the_names_go_off(
    world: World, monkeypatch: pytest.MonkeyPatch, send: Callable[[Hall, str], None]
) -> None:
    """The chair switches them off after the request came in, and before its transaction begins."""
    hall, key = Hall(world), str(uuid.uuid4())
    hold, held = acting.held_session, []

    def chair_is_faster(session_id: int, *, exclusive: bool = False) -> LiveSession:
        if not held:
            held.append(exclusive)
            hold(session_id, exclusive=True).attribution = "not_for_attribution"
            db.session.flush()
        return hold(session_id, exclusive=exclusive)

    for module in (acting, saying):
        monkeypatch.setattr(module, "held_session", chair_is_faster)
    send(hall, key)
    with world.context():
        assert db.session.get_one(Comment, key).actor["name"] == ""
        assert [row.user_key for row in db.session.query(IdempotentWrite)] == ["nobody"]


def test_a_repeated_act_over_the_api_keeps_no_name_where_none_is_kept(world: World) -> None:
    hall, key = Hall(world), str(uuid.uuid4())
    with world.context():
        services.set_mode(hall.chair, hall.session, attribution="not_for_attribution")
    browser = Browser(world.app, hall.chair_user)
    address = f"/sessions/{hall.session}/focus"
    sent = {"Idempotency-Key": key}
    answers = [browser.api("POST", address, {"paragraph": "p1"}, headers=sent) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].get_json() == answers[1].get_json()
    with world.context():
        assert db.session.get(IdempotentWrite, ("nobody", key)) is not None
        assert db.session.get(IdempotentWrite, (hall.chair.key, key)) is None


def test_what_was_taken_before_the_names_came_back_is_not_taken_again(world: World) -> None:
    hall, key = Hall(world), str(uuid.uuid4())
    kenya = Browser(world.app, hall.kenya_user)
    sent = {"id": key, "body": "Once."}
    with world.context():
        services.set_mode(hall.chair, hall.session, attribution="not_for_attribution")
    assert kenya.api("POST", f"/sessions/{hall.session}/comments", sent).status_code == 201
    for change in (lambda: services.set_mode(hall.chair, hall.session, attribution="on_record"),
                   lambda: services.conduct(hall.chair, hall.session, "suspend")):  # fmt: skip
        with world.context():
            change()
        again = kenya.api("POST", f"/sessions/{hall.session}/comments", sent)
        assert (again.status_code, again.json["field"]) == (409, "id")
    with world.context():
        assert len([event for event in hall.said() if event["type"] == "comment.added"]) == 1


def test_nobody_is_not_called_the_system(world: World) -> None:
    with world.app.test_request_context():
        assert speaker_name({"name": "", "delegation": None, "role": "delegate"}) == "No name is kept"
        assert speaker_name({"name": "", "delegation": None, "role": "chair"}) == "Chair"
        assert speaker_name({"name": "", "delegation": None, "role": "system"}) == "System"


# --- What was said to fewer ----------------------------------------------------------------------------------------


def object_(hall: Hall) -> None:
    made = {"id": str(uuid.uuid4()), "kind": "consensus", "target": "procedural", "words": "That we meet"}
    decisions.propose(hall.chair, hall.session, made)
    decisions.object_(hall.kenya, hall.session, None, SECRET)


def something_new(hall: Hall) -> None:
    acting_in = hall.row
    with transaction() as tx:
        acting.append_act(tx, hall.kenya, acting_in, "semaphore.waved", {"with": SECRET})


@pytest.mark.parametrize("say", [Hall.say, object_, something_new])
def test_whatever_was_said_to_fewer_keeps_the_doors_closed(world: World, say: Callable[[Hall], Any]) -> None:
    hall = Hall(world, openness="members")
    with world.context():
        say(hall)
        with pytest.raises(Closed) as refused:
            services.set_openness(hall.chair, hall.session, "public")
        assert refused.value.field == "openness"
        assert not may_read(PUBLIC, hall.row)


def test_what_the_chair_arranged_keeps_no_door_closed(world: World) -> None:
    hall = Hall(world, openness="members")
    with world.context():
        services.move_focus(hall.chair, hall.session, "p1")
        services.table_version(hall.chair, hall.session, hall.version.id)
        services.conduct(hall.chair, hall.session, "suspend")
        services.set_openness(hall.chair, hall.session, "public")
        assert may_read(PUBLIC, hall.row)


@pytest.mark.parametrize("state", ["open", "closed"])
def test_what_was_said_while_the_group_was_closed_stays_when_it_opens_again(world: World, state: str) -> None:
    hall = Hall(world)
    with world.context():
        hall.open_group("members")
        assert hall.row.openness == "members"
        hall.say()
        if state == "closed":
            services.conduct(hall.chair, hall.session, "close")
        hall.open_group("public")
        assert archive.search(PUBLIC, SECRET).total == 0
        assert not may_read(PUBLIC, hall.row)
        with pytest.raises(Closed):
            services.set_openness(hall.chair, hall.session, "public")
        assert archive.search(hall.brazil, SECRET).total == 1


def test_a_session_in_which_nothing_was_said_opens_again_by_the_chair(world: World) -> None:
    hall = Hall(world)
    with world.context():
        hall.say("For all.")
        hall.open_group("members")
        hall.open_group("public")
        assert not may_read(PUBLIC, hall.row)
        services.set_openness(hall.chair, hall.session, "public")
        assert may_read(PUBLIC, hall.row)


def test_the_group_does_not_narrow_what_is_narrower_or_published(world: World) -> None:
    hall = Hall(world, state="closed")
    invited = world.session(hall.group, openness="invited").id
    with world.context():
        services.publish(hall.chair, hall.session)
        before = hall.said(), hall.said(f"session:{invited}")
        hall.open_group("members")
        hall.open_group("public")
        assert (hall.said(), hall.said(f"session:{invited}")) == before


@pytest.mark.parametrize(("segment", "left"), [("observers", None), ("members", None), ("invited", "invited")])
def test_a_closed_segment_follows_the_group(world: World, segment: str, left: str | None) -> None:
    hall = Hall(world)
    with world.context():
        services.set_mode(hall.chair, hall.session, openness=segment, attribution="not_for_attribution")
        hall.open_group("members")
        row = hall.row
        assert (row.openness, row.segment_openness, row.attribution) == ("members", left, "not_for_attribution")
        opened, began = hall.said()[-2:]
        assert (opened["type"], opened["data"]) == ("session.openness", {"openness": "members", "before": "public"})
        assert (began["type"], began["data"]["before"]["openness"]) == ("session.mode", segment)
        assert began["data"]["openness"] == (left or "members")
        assert began["actor"] == opened["actor"]
        assert began["actor"]["role"] == "chair"


def test_what_was_said_in_a_segment_stays_where_the_session_is_narrowed_to_it(world: World) -> None:
    hall = Hall(world)
    with world.context():
        services.set_mode(hall.chair, hall.session, openness="members")
        hall.say()
        services.conduct(hall.chair, hall.session, "close")
        services.set_openness(hall.chair, hall.session, "members")
        assert "members" in heard(hall.brazil, hall.row)
        assert archive.search(hall.brazil, SECRET).total == 1
        assert heard(PUBLIC, hall.row) == []
        services.set_openness(hall.chair, hall.session, "invited")
        assert may_hear(hall.brazil, hall.row, "members") == may_read(hall.brazil, hall.row)
        services.publish(hall.chair, hall.session)
        assert hall.said(f"{hall.channel}:members")[-1]["type"] == "segment.published"


# --- Stances behind a door -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("openness", ["public", "members"])
@pytest.mark.parametrize(
    ("more", "error", "field"),
    [
        ({"note": {"a": [1]}}, Invalid, "note"),
        ({"note": "x" * 401}, TooLarge, "note"),
        ({"note": "\u202eevil"}, Invalid, "note"),
        ({"condition": {"kind": "if"}}, Invalid, "condition"),
        ({"stance": ["oppose"]}, Invalid, "stance"),
    ],
)
def test_a_stance_is_checked_alike_on_both_sides_of_the_door(
    world: World, openness: str, more: dict[str, Any], error: type[DomainError], field: str
) -> None:
    hall = Hall(world)
    with world.context():
        made = {"kind": "replace", "paragraph": "p1", "text": "Calls upon all States;"}
        target = f"proposal:{proposals.propose(hall.kenya, hall.version.id, made).id}"
        services.set_mode(hall.chair, hall.session, openness=openness)
        said = {"stance": "oppose"} | more
        with pytest.raises(error) as refused:
            services.take_position(hall.brazil, hall.session, target, **said)
        assert refused.value.field == field


@pytest.mark.parametrize("openness", ["public", "members"])
def test_no_stance_is_taken_on_what_is_over_or_on_ones_own(world: World, openness: str) -> None:
    hall = Hall(world)
    with world.context():
        made = {"kind": "replace", "paragraph": "p1", "text": "Calls upon all States;"}
        row = proposals.propose(hall.kenya, hall.version.id, made)
        target = f"proposal:{row.id}"
        services.set_mode(hall.chair, hall.session, openness=openness)
        with pytest.raises(Conflict):
            services.take_position(hall.kenya, hall.session, target, "oppose")
        services.take_position(hall.brazil, hall.session, target, "oppose", note="  Not yet. ")
        channel = hall.channel if openness == "public" else f"{hall.channel}:members"
        assert hall.said(channel)[-1]["data"]["note"] == "Not yet."
        proposals.withdraw(hall.kenya, row.id)
        with pytest.raises(Closed):
            services.take_position(hall.brazil, hall.session, target, "oppose")


# --- At the door ---------------------------------------------------------------------------------------------------


@pytest.fixture
def visitor(world: World, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A socket of Kenya's; the server of sockets itself is not there."""
    inside: set[str] = set()
    monkeypatch.setattr(entering, "join_room", lambda channel, **more: inside.add(channel))
    monkeypatch.setattr(entering, "leave_room", lambda channel, **more: inside.discard(channel))
    kenya = world.user(party="KEN")
    visitor = Visitor(sid="at-the-door", who=lambda: world.actor(kenya))
    rooms.arrive(visitor)
    with world.app.test_request_context():
        yield visitor
    rooms.gone(visitor.sid)
    assert inside == visitor.channels == set()


def put_out(hall: Hall) -> None:
    groups.remove_member(hall.chair, db.session.get_one(Group, hall.group.id), "KEN")


def close_the_door(hall: Hall) -> None:
    services.set_mode(hall.chair, hall.session, openness="members")


@pytest.mark.parametrize(
    ("module", "code", "openness", "change"),
    [
        (events, "KEN", "members", put_out),
        (events, "FJI", "public", close_the_door),
        (delegation_events, "KEN", "members", put_out),
    ],
)
def test_who_loses_the_right_between_the_question_and_the_door_stays_out(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    visitor: Visitor,
    module: Any,
    code: str,
    openness: str,
    change: Callable[[Hall], None],
) -> None:
    hall, delegate = Hall(world, openness=openness), world.user(party=code)
    visitor.who = lambda: world.actor(delegate)
    ask_name = "place_of" if module is events else "_room"
    ask = getattr(module, ask_name)

    def and_then_it_changes(actor: Actor, message: dict[str, Any]) -> Any:
        allowed = ask(actor, message)
        assert together(world.app, 1, lambda _one: change(hall)) == []
        return allowed

    monkeypatch.setattr(module, ask_name, and_then_it_changes)
    with pytest.raises(NotFound):
        module.join(visitor.who(), visitor, {"session": hall.session})


def test_what_is_said_between_the_question_and_the_reading_is_not_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The right that was asked for is that of the words that are read after it, on either database."""
    hall = Hall(world)

    def close_and_speak() -> None:
        with world.context():
            hall.open_group("members")
            hall.say()
            db.session.remove()

    read = events.events_after

    def read_late(channel: str, after: int, **more: Any) -> Any:
        other = threading.Thread(target=close_and_speak)
        other.start()
        other.join()
        return read(channel, after, **more)

    monkeypatch.setattr(events, "events_after", read_late)
    with world.app.test_request_context():
        visitor = Visitor(sid="outside", who=lambda: PUBLIC)
        answer = handlers["events"](PUBLIC, visitor, {"session": str(hall.session), "after": 0})
    assert answer["events"]
    assert SECRET not in str(answer)


def test_who_goes_leaves_every_room_of_the_session(world: World, visitor: Visitor) -> None:
    hall = Hall(world)
    events.join(visitor.who(), visitor, {"session": hall.session})
    assert hall.channel in visitor.channels
    events.leave(visitor.who(), visitor, {"session": hall.session})


# --- Many at once --------------------------------------------------------------------------------------------------


def together(app: Flask, count: int, do: Callable[[int], Any]) -> list[str]:
    """Do it in as many threads at the same moment. Returns what went wrong."""
    faults: list[str] = []
    start = threading.Barrier(count)

    def run(number: int) -> None:
        with app.app_context():
            try:
                start.wait()
                do(number)
            except Exception as fault:
                faults.append(repr(fault))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults


def test_the_focus_is_moved_by_many_at_once(world: World) -> None:
    hall, places = Hall(world), ("p1", None)
    for _round in range(4):
        move = lambda number: services.move_focus(hall.chair, hall.session, places[number % 2])  # noqa: E731
        assert together(world.app, 4, move) == []


def test_acts_that_carry_a_key_do_not_wait_for_each_other_for_ever(world: World) -> None:
    """Some change the session, and some only say something in it."""
    hall = Hall(world)

    def act(number: int) -> None:
        key = str(uuid.uuid4())

        def do() -> tuple[int, dict[str, Any]]:
            done = hall.say(id=key) if number % 2 else services.move_focus(hall.chair, hall.session, None)
            return 200, {"seq": done}

        acting.once_in(hall.kenya, hall.session, key, "act", number, do)

    for _round in range(3):
        assert together(world.app, 4, act) == []


def test_a_session_that_is_announced_while_the_group_closes_is_not_wider(world: World) -> None:
    hall = Hall(world)

    def act(number: int) -> None:
        if number:
            with suppress(Invalid):  # where the group was faster
                group = db.session.get_one(Group, hall.group.id)
                services.schedule_session(hall.chair, group, "Second", "public")
        else:
            hall.open_group("members")

    assert together(world.app, 4, act) == []
    with world.context():
        assert {row.openness for row in db.session.query(LiveSession)} == {"members"}
