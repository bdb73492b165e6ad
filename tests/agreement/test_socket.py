"""Stances and levels over the socket: once for each id, in order, and only to those who may be there."""

from __future__ import annotations

import uuid

import pytest

from tests.support.rooms import Rooms

pytestmark = pytest.mark.database


def test_a_room_hears_who_stands_where_and_what_is_agreed(rooms: Rooms) -> None:
    world = rooms.world
    group = world.group("heard", members=("KEN", "BRA"))
    session = world.session(group, version=world.version(group)).id
    kenya, chair = rooms.of(world.user(party="KEN")), rooms.of(world.chair_of(group))
    watcher = rooms.of(world.user())
    watcher.join(session)
    stance = {"id": str(uuid.uuid4()), "target": "paragraph:p1", "stance": "oppose", "note": "Not yet."}
    first = kenya.write("position", session, **stance)
    assert first == kenya.write("position", session, **stance), "sent twice, answered alike"
    refused = chair.write("agree", session, paragraph="p1", level="agreed_ad_ref")
    assert (refused["error"]["code"], refused["error"]["field"]) == ("invalid", "reason")
    assert refused["error"]["blocking"][0]["holder"] == "KEN"
    for level in ([], {"agreed": 1}, 5, "settled"):
        refused = chair.write("agree", session, paragraph="p1", level=level)
        assert (refused["error"]["code"], refused["error"]["field"]) == ("invalid", "level")
    assert chair.write("agree", session, paragraph="p1", level="agreed_ad_ref", reason="Pending Kenya.")["ok"]
    assert kenya.write("agree", session, paragraph="p1", level="open")["error"]["code"] == "forbidden"
    assert chair.write("bridge", session, paragraph="p2", text="Decides to meet again soon.")["ok"]
    heard = watcher.wait_for(3)
    assert [event["type"] for event in heard] == ["position.taken", "agreement.marked", "bridging.shown"]
    assert [event["seq"] for event in heard] == list(range(heard[0]["seq"], heard[0]["seq"] + 3))
    assert heard[1]["data"]["paragraphs"][0]["blocking"] == [
        {"holder": "KEN", "stance": "oppose", "block": "hard", "for": 1}
    ]


def test_what_is_marked_behind_a_door_reaches_nobody_outside(rooms: Rooms) -> None:
    world = rooms.world
    group = world.group("doors", members=("KEN",))
    session = world.session(group, version=world.version(group)).id
    kenya, chair, public = rooms.of(world.user(party="KEN")), rooms.of(world.chair_of(group)), rooms.of(world.user())
    public.join(session)
    kenya.join(session)
    assert chair.write("mode", session, openness="members")["ok"]
    assert kenya.write("position", session, target="paragraph:p1", stance="oppose")["ok"]
    assert chair.write("agree", session, paragraph="p1", level="bracketed", holders=["KEN"])["ok"]
    types = [event["type"] for event in kenya.wait_for(3)]
    assert types == ["session.mode", "position.taken", "agreement.marked"]
    assert chair.write("mode", session, openness="public")["ok"]
    public.join(session)
    assert "agreement.marked" not in [event["type"] for event in public.heard]
    assert public.write("position", session, target="paragraph:p1", stance="support")["error"]["code"] == "forbidden"
