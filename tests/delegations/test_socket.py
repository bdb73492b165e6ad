"""The delegation's own room at the socket: colleagues hear of each other, nobody else does, and rights end it."""

from __future__ import annotations

import time
from typing import Any

from app.groups.services import remove_member
from app.policy import DelegationRole
from tests.support.rooms import Rooms
from tests.support.waiting import eventually

_number = iter(range(1_000))


def test_only_colleagues_are_told_where_one_is(rooms: Rooms) -> None:
    world = rooms.world
    group = world.group(f"g{next(_number)}", members=("KEN", "BRA"))
    session = world.session(group, version=world.version(group)).id
    people = {
        "kenya": world.user(party="KEN"), "expert": world.user(party="KEN", role=DelegationRole.EXPERT),
        "brazil": world.user(party="BRA"), "chair": world.chair_of(group),
    }  # fmt: skip
    seats = {name: rooms.of(user) for name, user in people.items()}
    heard: dict[str, list[Any]] = {name: [] for name in seats}
    for name, seat in seats.items():
        seat.client.on("colleague", heard[name].append, namespace="/live")
        seat.call("join", session=session, after=0)
    answers = {name: seat.call("delegation.join", session=session) for name, seat in seats.items()}
    assert answers["kenya"]["channel"] == answers["expert"]["channel"] == f"delegation:KEN:{group.id}"
    assert answers["brazil"]["channel"] == f"delegation:BRA:{group.id}"
    assert answers["chair"]["error"]["code"] == "forbidden"
    assert seats["kenya"].call("delegation.at", session=session, paragraph="p1", doing="writing")["ok"]
    eventually(lambda: heard["expert"])
    assert heard["expert"][0]["paragraph"] == "p1"
    assert heard["kenya"] == heard["brazil"] == heard["chair"] == []
    again = seats["expert"].call("delegation.join", session=session)
    assert [one["doing"] for one in again["colleagues"]] == ["writing"]
    assert seats["brazil"].call("delegation.join", session=session)["colleagues"] == []


def test_who_leaves_the_group_hears_no_more(rooms: Rooms) -> None:
    world = rooms.world
    group = world.group(f"g{next(_number)}", members=("KEN", "BRA"))
    session = world.session(group, version=world.version(group)).id
    kenya = world.user(party="KEN")
    seat = rooms.of(kenya)
    assert seat.call("delegation.join", session=session)["ok"]
    chair = world.actor(world.chair_of(group))
    with world.context():
        remove_member(chair, group, "KEN")
    time.sleep(1.2)  # rights are remembered for a second where no message of a change comes
    assert seat.call("delegation.join", session=session)["error"]["code"] == "forbidden"
    assert seat.call("delegation.at", session=session, paragraph="p1", doing="writing")["error"]["code"] == "forbidden"
