"""What a process was not told of: a word that was lost, and what happens while a socket is on its way in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import redis
from flask import Flask

from app.extensions import db
from app.groups import services as groups
from app.groups.models import Group
from app.live import entering, rooms
from app.live.missed import Missed
from app.live.rooms import Rooms, Visitor
from app.policy import PUBLIC, Actor
from app.record import bus, transaction
from tests.support.builders import World
from tests.support.server import LiveServer
from tests.support.sockets import Delegate

pytestmark = pytest.mark.database

NOBODY: dict[str, object] = {"user": None, "name": "", "delegation": None, "on_behalf_of": None, "role": "system"}


def write(channel: str) -> str:
    """An event, and the word that its process would send."""
    with transaction() as tx:
        said = tx.append(channel, "room.noted", NOBODY, {"body": "Words."})
    return f"{said.channel} {said.seq} {said.as_json()}"


# --- A word that was lost ------------------------------------------------------------------------------------------


def test_what_nobody_told_of_is_noticed_once_and_what_is_late_is_not(app: Flask) -> None:
    missed = Missed()
    with app.app_context():
        write("session:1")
        assert not missed.look(), "what was there before is no news"
        missed.hear("event", write("session:1"))
        assert not missed.look()
        late = write("session:1")
        assert not missed.look(), "its word may be on the way"
        missed.hear("event", late)
        assert not missed.look()
        write("group:1")
        assert not missed.look()
        assert missed.look()
        assert not any(missed.look() for _turn in range(6))


def test_who_may_not_stay_is_out_although_the_process_that_said_so_died(
    app: Flask, world: World, database_url: str, tmp_path: Path
) -> None:
    from tests.support.services import valkey

    queue = valkey().url(5)
    redis.Redis.from_url(queue).flushdb()
    group = world.group(openness="members", members=("KEN", "BRA"))
    session = world.session(group)
    chair = world.actor(world.chair_of(group))
    with LiveServer(database_url, tmp_path, REDIS_URL=queue) as server:
        kenya = Delegate(server.url, world.token(world.user(party="KEN"))).connect()
        brazil = Delegate(server.url, world.token(world.user(party="BRA"))).connect()
        assert kenya.join(session.id)["ok"]
        assert brazil.join(session.id)["ok"]
        with world.context():
            # This process commits and tells nobody: as one that is killed in that moment.
            write(session.channel)
            groups.remove_member(chair, db.session.get_one(Group, group.id), "BRA")
        assert brazil.wait_for(1, "removed", timeout=20)
        kenya.wait_for(1, timeout=20)
        assert kenya.write("comment", session.id, body="Among us.")["ok"]
        assert [event["data"]["body"] for event in kenya.wait_for(2)] == ["Words.", "Among us."]
        assert all(event["data"]["body"] != "Among us." for event in brazil.heard)
        kenya.close()
        brazil.close()


def test_a_process_that_hears_again_looks_for_what_it_missed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    here, sent = Rooms(), list[str]()
    out = list[str]()
    here.wire(app, lambda channel, text: sent.append(text), lambda visitor, *_: out.append(visitor.sid), may_stay)
    stays, goes = Visitor("stays", lambda: PUBLIC), Visitor("goes", lambda: PUBLIC)
    with app.app_context():
        for visitor, channel in ((stays, "session:1"), (goes, "session:2")):
            here.arrive(visitor)
            here.enter(visitor, channel)
        write("session:1")
        write("session:2")
    monkeypatch.setattr(bus, "_listeners", {"again": [here.on_again]})
    bus.again()
    assert out == ["goes"]
    assert ['"session:1"' in text for text in sent] == [True]


def may_stay(_actor: Actor, channel: str) -> bool:
    return channel == "session:1"


# --- On the way in -------------------------------------------------------------------------------------------------


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """Let something happen while the log is asked for its end, as it does where the database is another process."""
    ask = rooms.last_seq
    todo = [act]

    def slow(channel: str) -> int:
        found = ask(channel)
        if todo:
            todo.pop()()
        return found

    monkeypatch.setattr(rooms, "last_seq", slow)


def test_a_socket_that_goes_on_its_way_in_is_not_kept(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    here = Rooms()
    early, late = Visitor("early", lambda: PUBLIC), Visitor("late", lambda: PUBLIC)
    here.arrive(early)
    here.arrive(late)
    with app.app_context():
        here.gone("early")
        here.enter(early, "session:1")
        meanwhile(monkeypatch, lambda: here.gone("late") and None)
        here.enter(late, "session:1")
    assert here.channels() == ()
    assert not early.channels | late.channels
    assert here._sent == {}


def test_two_who_come_in_at_once_do_not_hear_anything_twice(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    here, sent = Rooms(), list[str]()
    here.wire(app, lambda channel, text: sent.append(text), lambda *_: None, lambda *_: True)
    one, other = Visitor("one", lambda: PUBLIC), Visitor("other", lambda: PUBLIC)
    here.arrive(one)
    here.arrive(other)

    def other_comes_and_somebody_speaks() -> None:
        here.enter(other, "session:1")
        here.on_event("event", write("session:1"))

    with app.app_context():
        meanwhile(monkeypatch, other_comes_and_somebody_speaks)
        here.enter(one, "session:1")
        here.on_event("event", write("session:1"))
    assert [text.count('"seq":1,') for text in sent] == [1, 0]


def test_who_is_sent_out_on_the_way_in_does_not_come_in_behind_it(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    joined: list[str] = []
    visitor = Visitor("public", lambda: PUBLIC)
    rooms.rooms.arrive(visitor)
    monkeypatch.setattr(entering, "join_room", lambda channel, **_: joined.append(channel))
    monkeypatch.setattr(entering, "may_read_channel", lambda *_: True)
    try:
        with app.app_context():
            meanwhile(monkeypatch, lambda: rooms.rooms.leave(visitor, "session:1"))
            entering.enter(visitor, ["session:1"])
        assert joined == []
    finally:
        rooms.rooms.gone(visitor.sid)
