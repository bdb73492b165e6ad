"""Segments of a session: what is said behind closed doors stays there, on every path and in every byte."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import User
from app.archive import records
from app.core.rules.sessions import OPENNESS_ORDER
from app.core.rules.summary import summarise
from app.errors import Closed, Invalid, NotFound
from app.extensions import db
from app.live import services
from app.live.models import Comment, LiveSession
from app.live.queries import heard
from app.live.segments import channel_now
from app.policy import PUBLIC, Office
from app.record import events_after
from app.record.models import IdempotentWrite
from tests.support.builders import World
from tests.support.clients import Browser
from tests.support.rooms import Rooms

pytestmark = pytest.mark.database

SECRET = "Zanzibarite"
"""A word that stands nowhere but in what is said behind the door."""


@pytest.fixture
def hall(world: World) -> Iterator[Hall]:
    with world.context():
        yield Hall(world)


class Hall:
    """A public session with a text on the table, a member, an observer, a chair."""

    def __init__(self, world: World, openness: str = "public") -> None:
        self.world = world
        self.group = world.group("hall", openness="public", members=("KEN", "BRA"))
        self.version = world.version(self.group, "Invites States to offer assistance;")
        self.session = world.session(self.group, version=self.version, openness=openness).id
        self.chair_user = world.chair_of(self.group)
        self.member_user = world.user(party="KEN")
        self.observer_user = world.officer(self.group, Office.OBSERVER)
        self.chair, self.member = world.actor(self.chair_user), world.actor(self.member_user)
        self.observer = world.actor(self.observer_user)

    @property
    def row(self) -> LiveSession:
        return db.session.get_one(LiveSession, self.session, populate_existing=True)

    def say(self, actor: Any, body: str, **more: Any) -> int:
        return services.comment(actor, self.session, id=str(uuid.uuid4()), body=body, paragraph="p1", **more)

    def mode(self, openness: str, **more: Any) -> int:
        return services.set_mode(self.chair, self.session, openness=openness, **more)

    def act_behind_the_door(self) -> None:
        """Everything that delegates and a chair do in a room."""
        self.say(self.member, f"We cannot accept {SECRET}.")
        services.propose(
            self.member,
            self.session,
            {"kind": "replace", "paragraph": "p1", "text": f"Invites States to offer {SECRET};"},
        )
        services.move_focus(self.chair, self.session, "p1")


def bodies(channel: str) -> list[str]:
    return [event.as_dict()["data"]["body"] for event in events_after(channel, 0) if event.type == "comment.added"]


def test_a_closed_segment_is_recorded_where_only_those_in_it_can_read(hall: Hall) -> None:
    hall.say(hall.member, "For all.")
    hall.mode("members", mode="informal")
    assert channel_now(hall.row) == f"session:{hall.session}:members"
    hall.say(hall.member, "For members.")
    hall.mode("public", mode="formal")
    hall.say(hall.member, "For all again.")
    assert bodies(f"session:{hall.session}") == ["For all.", "For all again."]
    assert bodies(f"session:{hall.session}:members") == ["For members."]
    assert heard(PUBLIC, hall.row) == [""]
    assert heard(hall.observer, hall.row) == ["", "observers"]
    assert heard(hall.member, hall.row) == ["", "invited", "members", "observers"]


def test_who_may_not_be_there_can_do_nothing_while_the_door_is_closed(hall: Hall) -> None:
    hall.mode("members")
    for outsider in (hall.observer, hall.world.actor(hall.world.user(party="FJI"))):
        with pytest.raises(NotFound, match="closed segment"):
            hall.say(outsider, "Let me in.")


@pytest.mark.parametrize("state", ["open", "closed", "published"])
def test_the_archive_keeps_one_opaque_line_of_it(hall: Hall, state: str) -> None:
    hall.say(hall.member, "For all.")
    hall.mode("members")
    hall.act_behind_the_door()
    hall.mode("public")
    if state != "open":
        services.conduct(hall.chair, hall.session, "close")
    if state == "published":
        services.publish(hall.chair, hall.session)
    readers = {"published": PUBLIC}.get(state, hall.observer)
    outside = records.read(readers, hall.row)
    assert [span.openness for span in outside.opaque] == ["members"]
    assert outside.opaque[0].began < (outside.opaque[0].ended or "")
    assert outside.comments == 1
    assert SECRET not in str(outside)
    inside = records.read(hall.member, hall.row)
    assert inside.opaque == []
    assert inside.comments == 2


def test_closing_the_session_ends_the_closed_segment(hall: Hall) -> None:
    hall.mode("invited")
    services.conduct(hall.chair, hall.session, "close")
    assert hall.row.segment_openness is None
    assert summarise(event.as_dict() for event in events_after(hall.row.channel, 0)).closed_segments[0].ended


def test_what_is_announced_to_fewer_can_be_narrowed_further_and_comes_back(world: World) -> None:
    with world.context():
        hall = Hall(world, openness="observers")
        for openness in OPENNESS_ORDER:
            if openness == "public":
                continue
            hall.mode(openness)
            expected = hall.row.channel if openness == "observers" else f"{hall.row.channel}:{openness}"
            assert channel_now(hall.row) == expected


@pytest.mark.parametrize(
    "wrong", [{"mode": "secret"}, {"openness": "all"}, {"attribution": "none"}, {"openness": ["members"]}]
)
def test_a_word_that_means_nothing_is_refused(hall: Hall, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as caught:
        services.set_mode(hall.chair, hall.session, **wrong)
    assert caught.value.field == next(iter(wrong))


# --- Chatham House -------------------------------------------------------------------------------------------------


def test_where_nothing_is_attributed_no_name_is_kept_anywhere(app: Flask, world: World) -> None:
    with world.context():
        hall = Hall(world)
        hall.mode("members", attribution="not_for_attribution")
    kenya = Browser(app, hall.member_user)
    said = {"id": str(uuid.uuid4()), "body": "Between ourselves.", "paragraph": "p1"}
    first = kenya.api("POST", f"/sessions/{hall.session}/comments", said)
    again = kenya.api("POST", f"/sessions/{hall.session}/comments", said)
    assert (first.status_code, first.json) == (again.status_code, again.json)
    nobody = {"user": None, "name": "", "delegation": None, "on_behalf_of": None, "role": "delegate"}
    with world.context():
        event = events_after(f"session:{hall.session}:members", 0)[-1].as_dict()
        assert event["actor"] == nobody
        row = db.session.get_one(Comment, said["id"])
        assert (row.author_id, row.actor) == (None, nobody)
        assert db.session.get(IdempotentWrite, ("nobody", said["id"])) is not None
        assert db.session.get(IdempotentWrite, (hall.member.key, said["id"])) is None
    page = kenya.get(f"/sessions/{hall.session}").text
    card = page[page.index('class="feed"') :]
    assert "Between ourselves." in card
    assert "Kenya" not in card[: card.index("</ol>")]


def test_what_needs_a_name_waits_for_the_end_of_the_segment(hall: Hall) -> None:
    hall.mode("members", attribution="not_for_attribution")
    new = {"kind": "replace", "paragraph": "p1", "text": "Urges States to cooperate;"}
    with pytest.raises(Closed):
        services.propose(hall.member, hall.session, new)
    with pytest.raises(Closed):
        hall.say(hall.member, "For a group.", on_behalf_of="AG")
    hall.mode("members", attribution="on_record")
    services.propose(hall.member, hall.session, new)


# --- Leaks ---------------------------------------------------------------------------------------------------------


def pages_of(hall: Hall) -> list[str]:
    session, draft, number = hall.session, hall.version.draft_id, hall.version.number
    base, api = f"/drafts/{draft}/v/{number}", "/api/v1"
    return [
        "/",
        "/sessions",
        f"/sessions/{session}",
        f"/sessions/{session}/record",
        f"/sessions/{session}/record.json",
        "/archive",
        f"/search?q={SECRET}",
        "/search?q=assistance",
        "/search?q=accept",
        f"/groups/{hall.group.slug}",
        "/groups",
        f"/drafts/{draft}",
        base,
        f"{base}/p/p1",
        f"{base}/bracketed",
        f"{base}/who-wrote-what",
        f"{base}/p/p1/proposals",
        f"{api}/sessions",
        f"{api}/sessions/{session}",
        f"{api}/sessions/{session}/events",
        f"{api}/sessions/{session}/events?segment=members",
        f"{api}/sessions/{session}/comments",
        f"{api}/sessions/{session}/comments?segment=members",
        f"{api}/search?q={SECRET}",
        f"{api}/search?q=assistance",
        f"{api}/versions/{hall.version.id}",
        f"{api}/versions/{hall.version.id}/proposals",
        f"{api}/versions/{hall.version.id}/compilation",
        f"{api}/versions/{hall.version.id}.json",
        f"{api}/versions/{hall.version.id}.md",
        f"{api}/drafts/{draft}/versions",
        f"{api}/groups",
        f"{api}/groups/{hall.group.slug}",
    ]


def all_that_shows(app: Flask, hall: Hall, user: User | None) -> dict[str, tuple[int, str]]:
    """Every page and answer that a person gets, but for the tokens that differ in each."""
    browser = Browser(app, user)
    shown = {}
    for path in pages_of(hall):
        answer = browser.get(path)
        text = re.sub(r'(name="csrf[-_]token" (?:content|value)="|nonce[="-]+)[^"]*', r"\1", answer.text)
        text = re.sub(r'(name="id" value=")[^"]*', r"\1", text)
        shown[path] = (answer.status_code, text)
    return shown


@pytest.mark.parametrize("who", ["public", "observer", "stranger"])
def test_a_closed_segment_changes_not_one_byte_for_those_outside(app: Flask, world: World, who: str) -> None:
    with world.context():
        hall = Hall(world)
        hall.say(hall.member, "We offer assistance.")
        hall.mode("members")
    user = {"public": None, "observer": hall.observer_user, "stranger": world.user(party="FJI")}[who]
    before = all_that_shows(app, hall, user)
    assert {path for path, (status, _text) in before.items() if status >= 400 and "segment=" not in path} == set()
    with world.context():
        hall.act_behind_the_door()
    after = all_that_shows(app, hall, user)
    assert {path for path in before if before[path] != after[path]} == set()
    with world.context():
        hall.mode("public")
    for path, (_status, text) in all_that_shows(app, hall, user).items():
        assert SECRET not in text or "search" in path, path
    member = all_that_shows(app, hall, hall.member_user)
    assert SECRET in member[f"/api/v1/sessions/{hall.session}/comments?segment=members"][1]
    assert member["/search?q=accept"][1] != after["/search?q=accept"][1]


def test_scenario_6_formal_to_informal_midway(rooms: Rooms) -> None:
    """The observer's socket stops receiving within the same event; the archive later shows an opaque segment."""
    world = rooms.world
    group = world.group("midway", openness="public", members=("KEN",))
    session = world.session(group, version=world.version(group), openness="public").id
    chair, kenya = rooms.of(world.chair_of(group)), rooms.of(world.user(party="KEN"))
    observer = rooms.of(world.officer(group, Office.OBSERVER))
    for delegate in (chair, kenya, observer):
        assert delegate.join(session)["ok"]
    assert kenya.write("comment", session, body="On the record.")["ok"]
    observer.wait_for(1)

    switched = chair.write("mode", session, mode="informal", openness="members")
    assert switched["ok"]
    assert observer.wait_for(1, "removed")[0]["session"] == str(session)
    assert kenya.write("comment", session, body=SECRET)["ok"]
    heard_inside = kenya.wait_for(3)
    assert [event["type"] for event in heard_inside] == ["comment.added", "session.mode", "comment.added"]
    assert heard_inside[-1]["channel"] == f"session:{session}:members"
    assert observer.join(session)["ok"] is False
    assert observer.call("events", session=str(session), after=0)["ok"] is False

    assert chair.write("mode", session, mode="formal", openness="public")["ok"]
    back = observer.join(session, after=1)
    assert [event["type"] for event in back["events"]] == [
        "session.opened",
        "comment.added",
        "session.mode",
        "session.mode",
    ]
    assert SECRET not in str(back)
    assert [segment["channel"] for segment in back["segments"]] == [f"session:{session}:observers"]
    assert len(observer.heard) == 1

    # A member who lost the line meanwhile catches up on both channels.
    late = rooms.of(world.user(party="KEN")).join(session)
    inside = next(s for s in late["segments"] if s["channel"].endswith(":members"))
    assert [event["data"]["body"] for event in inside["events"]] == [SECRET]
