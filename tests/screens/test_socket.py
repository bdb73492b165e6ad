"""A display at the socket: it hears its session and nothing else, is steered, and is cut when it is switched off."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import requests
import socketio

from app.screens import queries, services
from app.screens.models import Display
from tests.floor.conftest import Meeting
from tests.support.rooms import Rooms

pytestmark = pytest.mark.database
NAMESPACE = "/live"


@pytest.fixture
def meeting(rooms: Rooms) -> Meeting:
    world = rooms.world
    group = world.group(f"screens-{uuid.uuid4().hex[:8]}", members=("KEN",))
    chair = world.chair_of(group)
    return Meeting(world, group, world.session(group).id, chair, chair, {"ken": world.user(party="KEN")})


class Screen:
    """A display's socket."""

    def __init__(self, url: str, token: str) -> None:
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.gone = threading.Event()
        self.client = socketio.Client(reconnection=False)
        for name in ("event", "display", "removed"):
            self.client.on(name, lambda message, name=name: self.heard.append((name, message)), namespace=NAMESPACE)
        self.client.on("disconnect", lambda *_reason: self.gone.set(), namespace=NAMESPACE)
        self.client.connect(url, namespaces=[NAMESPACE], auth={"display": token}, transports=["websocket"])

    def call(self, command: str, **message: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.client.call(command, message, namespace=NAMESPACE, timeout=15)
        return answer

    def hears(self, name: str, when: Callable[[dict[str, Any]], bool] = lambda message: True) -> dict[str, Any]:
        for _try in range(100):
            for heard, message in self.heard:
                if heard == name and when(message):
                    return message
            time.sleep(0.05)
        raise AssertionError(self.heard)


def screen_of(rooms: Rooms, meeting: Meeting, *, in_room: bool = False) -> tuple[Screen, Display]:
    actor = meeting.actor("chair")
    with meeting.world.context():
        display, _code = services.open_display(actor, meeting.session, in_room=in_room)
        return Screen(rooms.server.url, queries.token_for(display)), display


def test_it_hears_its_session_and_how_it_is_steered(rooms: Rooms, meeting: Meeting) -> None:
    screen, _display = screen_of(rooms, meeting)
    assert screen.call("join", session=str(meeting.session), after=0)["you"]["can"] == []
    chair, kenya = rooms.of(meeting.chair), rooms.of(meeting.people["ken"])
    kenya.write("floor.request", meeting.session)
    screen.hears("event", lambda event: event["type"] == "floor.requested")
    assert chair.write("display.scale", meeting.session, scale=150)["ok"]
    assert screen.hears("display") == {"session": str(meeting.session), "scale": 150}
    assert chair.write("display.scroll", meeting.session, scroll="down")["ok"]
    screen.hears("display", lambda message: message.get("scroll") == "down")
    assert kenya.write("display.scale", meeting.session, scale=150)["error"]["code"] == "forbidden"
    assert chair.write("display.scale", meeting.session, scale="huge")["error"]["field"] == "scale"


def test_it_enters_no_other_room_and_writes_nothing(rooms: Rooms, meeting: Meeting) -> None:
    other = meeting.world.session(meeting.group)
    screen, _display = screen_of(rooms, meeting, in_room=True)
    for command in ("join", "events"):
        assert screen.call(command, session=str(other.id), after=0)["error"]["code"] == "not_found"
        assert screen.call(command, thread="1", after=0)["error"]["code"] == "not_found"
    for command in ("floor.request", "floor.give", "comment", "list.close", "display.scale"):
        answer = screen.call(command, session=str(meeting.session), id=str(uuid.uuid4()), body="Words.")
        assert answer["error"]["code"] in ("unauthenticated", "invalid"), (command, answer)
    assert meeting.order == ""


def test_a_wrong_token_is_not_let_in(rooms: Rooms, meeting: Meeting) -> None:
    for token in ("nonsense", "", None, 7):
        with pytest.raises(socketio.exceptions.ConnectionError):
            Screen(rooms.server.url, token)  # type: ignore[arg-type]


def test_it_is_cut_when_it_is_switched_off(rooms: Rooms, meeting: Meeting) -> None:
    screen, display = screen_of(rooms, meeting)
    with meeting.world.context():
        token = queries.token_for(display)
    browser = rooms.server.url
    chair = rooms.of(meeting.chair)
    revoked = requests.post(
        f"{browser}/api/v1/sessions/{meeting.session}/displays/{display.id}/revoke",
        headers={"Authorization": f"Bearer {chair.token}"},
        json={},
        timeout=10,
    )
    assert revoked.status_code == 200, revoked.text
    assert screen.gone.wait(5)
    with pytest.raises(socketio.exceptions.ConnectionError):
        Screen(browser, token)


@pytest.mark.parametrize("in_room", [False, True])
def test_behind_a_closed_door_it_hears_only_if_it_hangs_in_the_room(
    rooms: Rooms, meeting: Meeting, in_room: bool
) -> None:
    screen, _display = screen_of(rooms, meeting, in_room=in_room)
    screen.call("join", session=str(meeting.session), after=0)
    chair, kenya = rooms.of(meeting.chair), rooms.of(meeting.people["ken"])
    assert chair.write("mode", meeting.session, mode="informal", openness="members")["ok"]
    if in_room:
        screen.call("join", session=str(meeting.session), after=0)
    kenya.write("floor.request", meeting.session)
    chair.write("floor.give", meeting.session)
    if in_room:
        screen.hears("event", lambda event: event["type"] == "floor.given")
    else:
        screen.hears("removed")
        time.sleep(0.5)
        assert "KEN" not in repr([message for name, message in screen.heard if name == "event"])
        assert screen.call("join", session=str(meeting.session), after=0)["error"]["code"] == "not_found"


def test_it_leaves_when_the_session_is_closed(rooms: Rooms, meeting: Meeting) -> None:
    screen, _display = screen_of(rooms, meeting)
    screen.call("join", session=str(meeting.session), after=0)
    chair = rooms.of(meeting.chair)
    assert chair.write("close", meeting.session)["ok"]
    screen.hears("removed")
    assert screen.call("join", session=str(meeting.session), after=0)["ok"] is False
