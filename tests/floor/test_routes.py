"""The floor by forms and over the API: what works without JavaScript, and what a program gets."""

from __future__ import annotations

import re
import uuid
from typing import Any

from flask import Flask

from app.web.wording import quiet_acts
from tests.floor.conftest import Meeting, meeting_in
from tests.support.builders import World
from tests.support.clients import Browser


def post(browser: Browser, meeting: Meeting, verb: str, **form: Any) -> Any:
    return browser.post(f"/sessions/{meeting.session}/floor/{verb}", form, follow_redirects=True)


def page(browser: Browser, meeting: Meeting) -> str:
    return browser.get(f"/sessions/{meeting.session}").text


def test_a_delegate_asks_sees_its_place_and_withdraws_without_scripts(app: Flask, meeting: Meeting) -> None:
    kenya, brazil = Browser(app, meeting.people["ken"]), Browser(app, meeting.people["bra"])
    post(brazil, meeting, "floor.request")
    text = post(kenya, meeting, "floor.request").text
    assert "Place 2 of 2" in text
    assert re.search(r'data-floor="floor.request" hidden', text)
    request = re.search(r'class="own-entry" data-request="([^"]+)"', text)
    assert request
    assert "Place 2 of 2" not in post(kenya, meeting, "floor.withdraw", request=request.group(1)).text
    assert meeting.order == "BRA"


def test_the_form_says_what_cannot_be_done_now(app: Flask, meeting: Meeting) -> None:
    kenya = Browser(app, meeting.people["ken"])
    post(kenya, meeting, "floor.request")
    assert "You are on the speakers’ list already." in post(kenya, meeting, "floor.request").text
    assert post(kenya, meeting, "floor.give").status_code == 403
    assert post(kenya, meeting, "floor.nonsense").status_code == 404
    assert post(Browser(app), meeting, "floor.request").status_code == 401
    assert meeting.order == "KEN"


def test_a_form_pressed_twice_gives_the_floor_once(app: Flask, meeting: Meeting) -> None:
    for who in ("ken", "bra"):
        meeting.ask(who)
    chair, key = Browser(app, meeting.chair), str(uuid.uuid4())
    post(chair, meeting, "floor.give", id=key)
    post(chair, meeting, "floor.give", id=key)
    assert (meeting.speaker, meeting.order) == ("KEN", "BRA")


def test_the_chair_runs_the_list_by_forms(app: Flask, meeting: Meeting) -> None:
    chair = Browser(app, meeting.chair)
    for code in ("KEN", "BRA", "CHE"):
        post(chair, meeting, "floor.for", delegation=code)
    post(chair, meeting, "floor.for", delegation="VAT", joint=["KEN", "BRA"])
    assert meeting.order == "VAT KEN BRA CHE"
    text = page(chair, meeting)
    assert "joined by" in text
    requests = re.findall(r'class="floor-entry" data-request="([^"]+)"', text)
    assert len(requests) == 4
    post(chair, meeting, "floor.move", request=requests[3], to="0")
    post(chair, meeting, "floor.swap", **{"request": requests[0], "with": requests[1]})
    assert meeting.order == "CHE KEN VAT BRA"
    post(chair, meeting, "floor.absent", request=requests[3])
    post(chair, meeting, "floor.give")
    assert meeting.speaker == "KEN"
    post(chair, meeting, "floor.interrupt", delegation="BRA")
    post(chair, meeting, "floor.resume")
    post(chair, meeting, "floor.end")
    assert "list closing soon" in post(chair, meeting, "list.announce_closing").text
    assert "list closed" in post(chair, meeting, "list.close").text
    assert "list open" in post(chair, meeting, "list.open").text


def test_who_may_not_ask_has_no_button(app: Flask, meeting: Meeting) -> None:
    public = page(Browser(app), meeting)
    assert "Speakers’ list" in public
    assert "floor.request" not in public.split('id="floor-data"')[0]
    assert "Put on the list" not in page(Browser(app, meeting.people["ken"]), meeting)
    assert "Put on the list" in page(Browser(app, meeting.secretariat), meeting)


def test_only_kinds_that_the_rules_grant_are_offered(app: Flask, meeting: Meeting) -> None:
    def offered(who: str) -> list[str]:
        return re.findall(r'type="radio" name="kind" value="(\w+)"', page(Browser(app, meeting.people[who]), meeting))

    assert offered("ken") == ["general", "right_of_reply", "point_of_order", "explanation"]
    assert offered("vat") == ["general", "right_of_reply"]
    assert offered("icrc") == ["general"]


def test_the_floor_over_the_api(app: Flask, meeting: Meeting) -> None:
    kenya, chair = Browser(app, meeting.people["ken"]), Browser(app, meeting.chair)
    path = f"/sessions/{meeting.session}/floor"
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first = kenya.api("POST", f"{path}/requests", {}, headers=key)
    again = kenya.api("POST", f"{path}/requests", {}, headers=key)
    assert (first.status_code, again.json) == (200, first.json)
    assert kenya.api("POST", f"{path}/requests", {}).status_code == 409
    assert chair.api("POST", f"{path}/requests", {"delegation": "BRA"}).status_code == 200
    assert chair.api("POST", f"{path}/give", {"delegation": "BRA", "limit": 300}).status_code == 200
    floor = Browser(app).api("GET", path).json
    assert floor is not None
    assert (floor["speaking"]["delegation"], floor["speaking"]["limit"]) == ("BRA", 300)
    assert [entry["delegation"] for entry in floor["waiting"]] == ["KEN"]
    assert chair.api("POST", f"{path}/close-list", {}).status_code == 200
    refused = Browser(app, meeting.people["che"]).api("POST", f"{path}/requests", {})
    assert (refused.status_code, (refused.json or {})["code"]) == (409, "closed")
    for verb in ("interrupt", "resume", "end", "open-list", "announce-closing"):
        assert chair.api("POST", f"{path}/{verb}", {}).status_code == 200, verb


def test_nothing_of_a_closed_segments_floor_reaches_outside(app: Flask, world: World) -> None:
    """Page, API and log of who is outside are the same bytes whether somebody spoke behind the door or not."""
    meeting = meeting_in(world)
    outside = Browser(app, meeting.people["icrc"])
    meeting.mode(openness="members")
    paths = [f"/sessions/{meeting.session}", f"/api/v1/sessions/{meeting.session}/floor", "/sessions",
             f"/api/v1/sessions/{meeting.session}/events", f"/api/v1/sessions/{meeting.session}"]  # fmt: skip

    def seen() -> list[tuple[int, str]]:
        answers = [outside.get(path) for path in paths]
        return [(answer.status_code, re.sub(r'csrf[^>]*>|"seconds".*', "", answer.text)) for answer in answers]

    before = seen()
    meeting.ask("ken")
    meeting.ask("bra", kind="point_of_order")
    meeting.give("KEN")
    meeting.interrupt()
    assert seen() == before
    assert before[1][0] == 404


def test_the_talk_does_not_repeat_what_the_list_shows(app: Flask, meeting: Meeting) -> None:
    meeting.ask("ken")
    meeting.give()
    feed = page(Browser(app), meeting).split('id="feed"')[1].split("</ol>")[0]
    assert "asked for the floor" not in feed
    assert "Chair gave the floor to Ken" in feed
    assert "floor.requested" in quiet_acts
