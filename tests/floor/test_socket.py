"""The floor over the socket, against a real server: the contract's commands, and a clock that all share."""

from __future__ import annotations

import time
import uuid
from datetime import datetime
from typing import Any

import pytest

from tests.floor.conftest import Meeting
from tests.support.rooms import Rooms
from tests.support.sockets import Delegate

pytestmark = pytest.mark.database


@pytest.fixture
def meeting(rooms: Rooms) -> Meeting:
    """A meeting of its own for each test, on the served database."""
    world = rooms.world
    group = world.group(f"floor-{uuid.uuid4().hex[:8]}", members=("KEN", "BRA"))
    people = {code.lower(): world.user(party=code) for code in ("KEN", "BRA")}
    chair = world.chair_of(group)
    return Meeting(world, group, world.session(group).id, chair, chair, people)


def events_of(delegate: Delegate, type_: str, count: int = 1) -> list[dict[str, Any]]:
    """Wait until so many events of a type were heard."""
    for _try in range(100):
        found = [event for event in delegate.heard if event["type"] == type_]
        if len(found) >= count:
            return found
        time.sleep(0.05)
    raise AssertionError([event["type"] for event in delegate.heard])


def test_the_commands_of_the_contract(rooms: Rooms, meeting: Meeting) -> None:
    chair, kenya, brazil = rooms.of(meeting.chair), rooms.of(meeting.people["ken"]), rooms.of(meeting.people["bra"])
    for delegate in (chair, kenya, brazil):
        delegate.join(meeting.session)
    asked = kenya.write("floor.request", meeting.session)
    assert asked["ok"]
    assert asked["seq"] > 0
    assert brazil.write("floor.request", meeting.session, kind="right_of_reply")["ok"]
    assert kenya.write("floor.request", meeting.session)["error"]["code"] == "conflict"
    assert kenya.write("floor.give", meeting.session)["error"]["code"] == "forbidden"
    given = chair.write("floor.give", meeting.session)
    assert events_of(kenya, "floor.given")[0]["seq"] == given["seq"]
    assert chair.write("floor.end", meeting.session)["ok"]
    assert brazil.write("floor.withdraw", meeting.session)["ok"]
    assert chair.write("list.close", meeting.session)["ok"]
    assert kenya.write("floor.request", meeting.session)["error"]["code"] == "closed"
    assert kenya.write("floor.request", meeting.session, kind="poetry")["error"] | {"message": ""} == {
        "code": "invalid",
        "message": "",
        "field": "kind",
    }
    assert chair.write("list.open", meeting.session)["ok"]


def test_the_list_by_the_chairs_commands(rooms: Rooms, meeting: Meeting) -> None:
    chair = rooms.of(meeting.chair)
    for code in ("KEN", "BRA"):
        assert chair.write("floor.for", meeting.session, delegation=code)["ok"]
    assert chair.write("floor.move", meeting.session, delegation="BRA", to=0)["ok"]
    assert meeting.order == "BRA KEN"
    assert chair.write("floor.swap", meeting.session, **{"delegation": "BRA", "with": "KEN"})["ok"]
    assert meeting.order == "KEN BRA"
    assert chair.write("floor.absent", meeting.session, delegation="KEN")["ok"]
    assert meeting.order == "BRA KEN"
    assert chair.write("floor.give", meeting.session, delegation="KEN")["ok"]
    assert chair.write("floor.interrupt", meeting.session)["ok"]
    assert chair.write("floor.resume", meeting.session)["ok"]
    assert chair.write("list.announce_closing", meeting.session)["ok"]
    assert meeting.speaker == "KEN"


def test_a_command_sent_twice_takes_effect_once(rooms: Rooms, meeting: Meeting) -> None:
    kenya, id_ = rooms.of(meeting.people["ken"]), str(uuid.uuid4())
    first = kenya.write("floor.request", meeting.session, id=id_)
    assert kenya.write("floor.request", meeting.session, id=id_) == first
    assert meeting.order == "KEN"


def test_two_screens_see_the_same_end_within_a_second(rooms: Rooms, meeting: Meeting) -> None:
    """Each knows only the server's `now` and the event: what is left is the same, however late either came."""
    chair, early = rooms.of(meeting.chair), rooms.of(meeting.people["ken"])
    early.join(meeting.session)
    chair.write("floor.request", meeting.session)
    assert chair.write("floor.give", meeting.session, delegation="BRA")["ok"]
    event = events_of(early, "floor.given")[0]
    time.sleep(1.2)
    late = rooms.of(meeting.people["bra"])
    joined = late.join(meeting.session)
    caught_up = next(said for said in joined["events"] if said["type"] == "floor.given")

    def end(given: dict[str, Any], offset: float) -> float:
        """When this screen's own clock will show the end, said in the server's time."""
        return datetime.fromisoformat(given["data"]["started_at"]).timestamp() + given["data"]["limit"] - offset

    def offset(delegate: Delegate) -> float:
        sent = time.time()
        answer = delegate.call("clock")
        return datetime.fromisoformat(answer["now"]).timestamp() - (sent + time.time()) / 2

    assert event == caught_up
    assert abs(end(event, offset(early)) - end(caught_up, offset(late))) < 1
    assert abs(offset(early)) < 1
    assert abs(datetime.fromisoformat(joined["now"]).timestamp() - time.time()) < 2


def test_racing_requests_are_one_list(rooms: Rooms, meeting: Meeting) -> None:
    """Thirty delegations press at the same moment: each is on the list once, and the log gives the same list."""
    import threading

    codes = [f"Z{number:02}" for number in range(12)]
    sockets = []
    for code in codes:
        meeting.world.join(meeting.group, code)
        sockets.append(rooms.of(meeting.world.user(party=code)))
    answers: list[dict[str, Any]] = []
    pressed = [
        threading.Thread(target=lambda s=socket: answers.append(s.write("floor.request", meeting.session)))
        for socket in sockets
        for _twice in range(2)
    ]
    for press in pressed:
        press.start()
    for press in pressed:
        press.join()
    assert sorted(answer["ok"] for answer in answers) == [False] * 12 + [True] * 12
    waiting = meeting.floor()["waiting"]
    assert sorted(entry["delegation"] for entry in waiting) == codes
    channel = f"session:{meeting.session}"
    assert meeting.refolded(channel) == meeting.kept(channel)
