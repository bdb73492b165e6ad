"""The room over real sockets, as the contract describes it."""

from __future__ import annotations

import json
import time
import urllib.request
import uuid
from typing import Any

import pytest
import socketio

from app.live.commands import handlers
from app.policy import DelegationRole, Office
from tests.support.rooms import Rooms
from tests.support.sockets import NAMESPACE, Delegate

pytestmark = pytest.mark.database
_slugs = (f"group-{number}" for number in range(1000))


def room(rooms: Rooms, *, openness: str = "public", state: str = "open", members: tuple[str, ...] = ("KEN", "BRA")):
    group = rooms.world.group(next(_slugs), openness=openness, members=members)
    session = rooms.world.session(group, state=state, version=rooms.world.version(group))
    return group, session


def test_a_comment_reaches_everybody_in_the_room_once(rooms: Rooms) -> None:
    _group, session = room(rooms)
    kenya, brazil = (rooms.of(rooms.world.user(party=code)) for code in ("KEN", "BRA"))
    joined = kenya.join(session.id)
    assert joined["ok"]
    assert joined["seq"] == len(joined["events"])
    you = joined["you"]
    assert (you["role"], you["delegation"], you["speaks_for"]) == ("delegate", "KEN", [])
    assert {"comment", "propose", "position"} <= set(you["can"])
    assert not {"focus", "close", "mode", "decide"} & set(you["can"])
    brazil.join(session.id)
    answer = kenya.write("comment", session.id, body="Kenya supports OP1.", paragraph="op-1")
    assert answer["ok"]
    for delegate in (kenya, brazil):
        event = delegate.wait_for(1)[0]
        assert (event["seq"], event["type"]) == (answer["seq"], "comment.added")
        assert event["data"]["paragraph"] == "p1"
        assert event["actor"]["delegation"] == "KEN"
    time.sleep(0.2)
    assert len(kenya.heard) == len(brazil.heard) == 1


def test_the_envelope_is_the_same_in_the_room_the_catch_up_and_the_api(rooms: Rooms) -> None:
    _group, session = room(rooms)
    kenya = rooms.of(rooms.world.user(party="KEN"))
    kenya.join(session.id)
    seq = kenya.write("comment", session.id, body="Words.")["seq"]
    live = kenya.wait_for(1)[0]
    caught_up = kenya.call("events", session=str(session.id), after=seq - 1)["events"][0]
    with urllib.request.urlopen(f"{rooms.server.url}/api/v1/sessions/{session.id}/events?after={seq - 1}") as answer:
        over_http = json.load(answer)["items"][0]
    assert live == caught_up == over_http


def test_a_command_sent_twice_takes_effect_once(rooms: Rooms) -> None:
    _group, session = room(rooms)
    kenya = rooms.of(rooms.world.user(party="KEN"))
    kenya.join(session.id)
    sent = {"id": str(uuid.uuid4()), "body": "Once."}
    first, second = kenya.write("comment", session.id, **sent), kenya.write("comment", session.id, **sent)
    assert first == second
    assert len([e for e in kenya.join(session.id)["events"] if e["type"] == "comment.added"]) == 1


def test_a_comment_that_is_sent_again_another_way_takes_effect_once(rooms: Rooms) -> None:
    _group, session = room(rooms)
    user = rooms.world.user(party="KEN")
    kenya, token = rooms.of(user), rooms.world.token(user)
    api = f"{rooms.server.url}/api/v1/sessions/{session.id}/comments"

    def post(said: dict[str, Any], **more: str) -> tuple[int, int]:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **more}
        with urllib.request.urlopen(urllib.request.Request(api, json.dumps(said).encode(), headers)) as answer:
            return answer.status, json.load(answer)["seq"]

    said = {"id": str(uuid.uuid4()), "body": "Once."}
    seq = kenya.write("comment", session.id, **said, paragraph=None)["seq"]
    assert post(said) == post(said) == (201, seq)
    key = {"Idempotency-Key": str(uuid.uuid4())}
    assert post({"body": "Twice?"}, **key) == post({"body": "Twice?"}, **key) == (201, seq + 1)
    assert post({"body": "Twice!"}) != post({"body": "Twice!"})
    assert kenya.join(session.id)["seq"] == seq + 3


def test_a_cut_line_catches_up_without_gap_or_double(rooms: Rooms) -> None:
    _group, session = room(rooms)
    kenya, brazil = (rooms.of(rooms.world.user(party=code)) for code in ("KEN", "BRA"))
    kenya.join(session.id)
    joined = brazil.join(session.id)
    kenya.write("comment", session.id, body="Heard live.")
    last = brazil.wait_for(1)[0]["seq"]
    brazil.cut()
    for number in range(5):
        kenya.write("comment", session.id, body=f"Missed {number}.")
    brazil.connect()
    missed = brazil.join(session.id, after=last)
    assert [event["data"]["body"] for event in missed["events"]] == [f"Missed {number}." for number in range(5)]
    assert [event["seq"] for event in missed["events"]] == list(range(last + 1, last + 6))
    assert joined["seq"] < last


def test_a_long_history_comes_in_pages(rooms: Rooms) -> None:
    _group, session = room(rooms)
    user = rooms.world.user(party="KEN")
    from app.live import services

    with rooms.world.context():
        actor = rooms.world.actor(user)
        for number in range(510):
            services.comment(actor, session.id, id=str(uuid.uuid4()), body=f"{number}")
    kenya = rooms.of(user)
    joined = kenya.join(session.id)
    assert len(joined["events"]) == 500
    assert joined["more"]
    rest = kenya.call("events", session=str(session.id), after=joined["events"][-1]["seq"])
    assert not rest["more"]
    seqs = [event["seq"] for event in joined["events"] + rest["events"]]
    assert seqs == list(range(1, joined["seq"] + 1))


def test_the_focus_and_the_acts_of_the_chair(rooms: Rooms) -> None:
    group, session = room(rooms)
    chair = rooms.of(rooms.world.chair_of(group))
    kenya = rooms.of(rooms.world.user(party="KEN"))
    assert set(chair.join(session.id)["you"]["can"]) >= {"focus", "suspend", "close", "comment"}
    kenya.join(session.id)
    assert chair.write("focus", session.id, paragraph="p2")["ok"]
    assert kenya.wait_for(1)[0]["data"] == {"paragraph": "p2", "label": "OP2"}
    assert chair.write("suspend", session.id)["ok"]
    refused = kenya.write("comment", session.id, body="Too early.")
    assert refused["error"]["code"] == "closed"
    assert chair.write("resume", session.id)["ok"]
    assert chair.write("close", session.id)["ok"]
    assert [e["type"] for e in kenya.wait_for(4)] == [
        "focus.moved",
        "session.suspended",
        "session.resumed",
        "session.closed",
    ]


def test_a_delegate_may_not_conduct(rooms: Rooms) -> None:
    _group, session = room(rooms)
    kenya = rooms.of(rooms.world.user(party="KEN", role=DelegationRole.HEAD))
    kenya.join(session.id)
    for command in ("focus", "suspend", "resume", "close", "open"):
        assert kenya.write(command, session.id, paragraph="p1")["error"]["code"] == "forbidden"


@pytest.mark.parametrize(
    ("message", "code", "field"),
    [
        ({"session": "x"}, "invalid", "session"),
        ({"session": "999999"}, "not_found", None),
        ({}, "invalid", "session"),
        ({"session": "1 OR 1=1"}, "invalid", "session"),
    ],
)
def test_a_bad_join_is_answered_not_dropped(rooms: Rooms, message: dict, code: str, field: str | None) -> None:
    kenya = rooms.of(rooms.world.user(party="KEN"))
    answer = kenya.call("join", **message)
    assert (answer["ok"], answer["error"]["code"], answer["error"].get("field")) == (False, code, field)
    assert kenya.client.connected


@pytest.mark.parametrize("message", [None, "text", 7, [], ["a"], {"session": {}}, {"session": "1", "after": "x"}])
def test_nonsense_is_answered(rooms: Rooms, message: object) -> None:
    kenya = rooms.of(rooms.world.user(party="KEN"))
    answer = kenya.client.call("join", message, namespace=NAMESPACE, timeout=10)
    assert answer["ok"] is False


def test_a_write_without_an_id_is_refused(rooms: Rooms) -> None:
    _group, session = room(rooms)
    kenya = rooms.of(rooms.world.user(party="KEN"))
    answer = kenya.call("comment", session=str(session.id), body="No id.")
    assert (answer["error"]["code"], answer["error"]["field"]) == ("invalid", "id")


def test_who_loses_the_right_hears_nothing_more(rooms: Rooms) -> None:
    from app.live import services

    group, session = room(rooms)
    kenya = rooms.of(rooms.world.user(party="KEN"))
    observer = rooms.of(rooms.world.officer(group, Office.OBSERVER))
    chair = rooms.of(rooms.world.chair_of(group))
    for delegate in (kenya, observer, chair):
        assert delegate.join(session.id)["ok"]
    # The chair narrows the room over HTTP, in the server's own process.
    token = rooms.world.token(rooms.world.chair_of(group))
    request = urllib.request.Request(
        f"{rooms.server.url}/api/v1/sessions/{session.id}/openness",
        data=json.dumps({"openness": "members"}).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        method="POST",
    )
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200
    kenya.write("comment", session.id, body="Among members.")
    assert kenya.wait_for(2)[-1]["data"]["body"] == "Among members."
    removed = observer.wait_for(1, "removed")[0]
    assert removed["session"] == str(session.id)
    time.sleep(0.3)
    assert observer.heard == []
    assert observer.join(session.id)["error"]["code"] == "not_found"
    assert services is not None


def test_a_closed_session_stays_closed_to_outsiders(rooms: Rooms) -> None:
    group, session = room(rooms, openness="members")
    for outsider in (rooms.world.user(party="FJI"), rooms.world.officer(group, Office.OBSERVER)):
        delegate = rooms.of(outsider)
        assert delegate.join(session.id)["error"]["code"] == "not_found"
        assert delegate.call("events", session=str(session.id), after=0)["error"]["code"] == "not_found"
        assert delegate.write("comment", session.id, body="Let me in.")["error"]["code"] == "not_found"


def test_presence_is_told_by_delegation(rooms: Rooms) -> None:
    _group, session = room(rooms)
    kenya, brazil = (rooms.of(rooms.world.user(party=code)) for code in ("KEN", "BRA"))
    kenya.join(session.id)
    brazil.join(session.id)
    deadline = time.monotonic() + 8
    while time.monotonic() < deadline and not any(m["delegations"] == ["BRA", "KEN"] for m in kenya.presence):
        time.sleep(0.05)
    assert kenya.presence[-1] == {"session": str(session.id), "delegations": ["BRA", "KEN"]}
    brazil.call("leave", session=str(session.id))
    deadline = time.monotonic() + 8
    while time.monotonic() < deadline and kenya.presence[-1]["delegations"] != ["KEN"]:
        time.sleep(0.05)
    assert kenya.presence[-1]["delegations"] == ["KEN"]


@pytest.mark.parametrize("auth", [{}, {"token": "chp_wrong"}, {"token": 7}, {"csrf": "forged"}])
def test_a_handshake_without_identity_is_refused(rooms: Rooms, auth: dict) -> None:
    stranger = Delegate(rooms.server.url, "none")
    with pytest.raises(socketio.exceptions.ConnectionError):
        stranger.client.connect(
            rooms.server.url, namespaces=[NAMESPACE], auth=auth, transports=["websocket"], wait_timeout=5
        )


def test_a_foreign_origin_is_refused(rooms: Rooms) -> None:
    kenya = Delegate(rooms.server.url, rooms.world.token(rooms.world.user(party="KEN")))
    with pytest.raises(socketio.exceptions.ConnectionError):
        kenya.client.connect(
            rooms.server.url,
            namespaces=[NAMESPACE],
            auth={"token": kenya.token},
            headers={"Origin": "https://evil.example"},
            transports=["websocket"],
            wait_timeout=5,
        )


def test_every_handler_carries_the_house_decorator() -> None:
    from app.extensions import socketio as server

    registered = {name for name, _handler, namespace in server.handlers if namespace == NAMESPACE}
    # "*" answers what is not there, and does nothing else.
    assert registered == set(handlers) | {"connect", "disconnect", "*"}


def test_a_command_that_is_not_there_is_answered(rooms: Rooms) -> None:
    group = rooms.world.group("unknown", members=("KEN",))
    kenya = rooms.of(rooms.world.user(party="KEN"))
    session = rooms.world.session(group)
    kenya.join(session.id)
    answer = kenya.write("floor.sing", session.id)
    assert (answer["ok"], answer["error"]["code"]) == (False, "invalid")


def test_what_is_too_long_or_cannot_be_kept_is_answered(rooms: Rooms) -> None:
    group = rooms.world.group("long", members=("KEN",))
    kenya = rooms.of(rooms.world.user(party="KEN"))
    session = rooms.world.session(group)
    for body, code in (("x" * 200_000, "too_large"), ("half \ud800", "invalid"), ("a\x00b", "invalid")):
        answer = kenya.write("comment", session.id, body=body)
        assert (answer["ok"], answer["error"]["code"], answer["error"]["field"]) == (False, code, "body")
