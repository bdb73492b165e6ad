"""Displays: opened by a code, seeing as far as they were opened for, gone when revoked or when the session ends."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import create_app
from app.core.rules.speakers import Act
from app.errors import Closed, Forbidden, Invalid, NotFound
from app.extensions import db
from app.live.models import LiveSession
from app.screens import queries, services
from app.screens.codes import ALPHABET, LENGTH, new_code, read_code, read_token, token_of
from tests.conftest import settings_for
from tests.floor.conftest import Meeting, meeting_in
from tests.support.builders import World
from tests.support.clients import Browser
from tests.support.racing import at_once


@pytest.fixture
def meeting(world: World) -> Meeting:
    return meeting_in(world)


def opened(meeting: Meeting, who: str = "chair", *, in_room: bool = False) -> tuple[int, str]:
    actor = meeting.actor(who)
    with meeting.world.context():
        display, code = services.open_display(actor, meeting.session, in_room=in_room)
        return display.id, code


def entered(app: Flask, code: str) -> tuple[Browser, str]:
    """A screen that typed the code, and the address it was led to."""
    screen = Browser(app)
    answer = screen.post("/display", {"code": code})
    assert answer.status_code == 302, answer.text
    return screen, answer.headers["Location"]


def test_codes_are_eight_letters_that_nobody_mistakes() -> None:
    codes = {new_code() for _number in range(200)}
    assert len(codes) == 200
    assert all(len(code) == LENGTH and set(code) <= set(ALPHABET) for code in codes)
    assert not set(ALPHABET) & set("ILOSZ0123456789")
    assert read_code(" abcd-efgh ") == "ABCDEFGH"


def test_a_token_is_ours_and_whole() -> None:
    token = token_of("secret", 7, "f" * 64)
    assert read_token("secret", token) == (7, "f" * 16)
    assert read_token("another secret", token) is None
    assert read_token("secret", token[:-2]) is None


def test_a_code_opens_the_view_without_an_account(app: Flask, meeting: Meeting) -> None:
    _id, code = opened(meeting)
    meeting.ask("ken")
    for who in ("bra", "che", "vat", "icrc", "ngo", "pse"):
        meeting.ask(who)
    meeting.give()
    screen, address = entered(app, f"{code[:4].lower()} {code[4:]}")
    page = screen.get(address)
    assert "Calls upon States to cooperate;" in page.text
    assert "On the floor" in page.text
    assert page.text.count("<li>") == 5
    assert "and 1 more" in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert screen.get(f"{address}/stage").status_code == 200


def test_the_focus_alone_is_shown_with_its_brackets_and_names(app: Flask, world: World) -> None:
    meeting = meeting_in(world, texts=("Invites States to cooperate;", "Decides to meet again."))
    from app.live import services as live
    from app.proposals import services as proposals

    kenya, chair = meeting.actor("ken"), meeting.actor("chair")
    with meeting.world.context():
        live.move_focus(chair, meeting.session, "p1")
        given = {"kind": "replace", "paragraph": "p1", "text": "Urges States to cooperate;"}
        from app.extensions import db
        from app.live.models import LiveSession

        proposals.propose(kenya, db.session.get_one(LiveSession, meeting.session).version_id or 0, given)
    _id, code = opened(meeting)
    screen, address = entered(app, code)
    text = screen.get(f"{address}/stage").text
    assert "Decides to meet again." not in text
    assert re.search(r"<ins>Urges", text)
    assert "<bdi>Ken</bdi>" in text


def test_a_wrong_code_opens_nothing(app: Flask, meeting: Meeting) -> None:
    opened(meeting)
    for wrong in ("", "AAAAAAAA", "x" * 500, "١٢٣"):
        answer = Browser(app).post("/display", {"code": wrong})
        assert answer.status_code == 422
        assert "No display is open with this code" in answer.text
    assert Browser(app).get("/display/nothing").status_code == 404


def test_tries_are_few(database_url: str, tmp_path: Path) -> None:
    strict = create_app(
        settings_for(database_url, tmp_path, ratelimit_enabled=True), TESTING=True, WTF_CSRF_ENABLED=False
    )
    screen = Browser(strict)
    answers = [screen.post("/display", {"code": "AAAAAAAA"}).status_code for _number in range(12)]
    assert answers[0] == 422
    assert answers[-1] == 429


@pytest.mark.parametrize(
    ("openness", "in_room", "shows"),
    [("observers", False, True), ("members", False, False), ("invited", False, False), ("members", True, True),
     ("invited", True, True)],
)  # fmt: skip
def test_what_a_display_shows_of_a_closed_segment(
    app: Flask, meeting: Meeting, openness: str, in_room: bool, shows: bool
) -> None:
    _id, code = opened(meeting, in_room=in_room)
    screen, address = entered(app, code)
    meeting.mode(openness=openness, mode="informal")
    if openness == "members":
        meeting.ask("ken")
        meeting.give()
    text = screen.get(f"{address}/stage").text
    assert ("Calls upon States" in text) is shows
    assert ("Ken" in text) is (shows and openness == "members")
    assert ("1st meeting" in text) is shows
    assert ("The meeting is closed" in text) is not shows
    meeting.mode(openness="public", mode="formal")
    assert "Calls upon States" in screen.get(f"{address}/stage").text


def test_a_display_shows_its_own_session_and_no_page_beside(app: Flask, world: World) -> None:
    meeting = meeting_in(world, openness="members")
    _id, code = opened(meeting, in_room=True)
    screen, address = entered(app, code)
    assert "Calls upon States" in screen.get(address).text
    for path in (f"/sessions/{meeting.session}", f"/api/v1/sessions/{meeting.session}/floor", "/groups/floor"):
        assert screen.get(path).status_code == 404, path


def test_only_the_chair_opens_one_for_closed_segments(meeting: Meeting) -> None:
    opened(meeting, "secretariat")
    with pytest.raises(Forbidden) as refused:
        opened(meeting, "secretariat", in_room=True)
    assert refused.value.field == "in_room"
    for who in ("ken", "icrc"):
        with pytest.raises(Forbidden):
            opened(meeting, who)


def test_it_is_gone_when_it_is_revoked_or_the_session_closed(app: Flask, meeting: Meeting) -> None:
    id_, code = opened(meeting)
    _other, other_code = opened(meeting)
    screen, address = entered(app, code)
    other, other_address = entered(app, other_code)
    chair = meeting.actor("chair")
    with meeting.world.context():
        services.revoke(chair, meeting.session, id_)
        services.revoke(chair, meeting.session, id_)
        with pytest.raises(NotFound):
            services.revoke(chair, meeting.session, 999)
    assert screen.get(address).status_code == 404
    assert Browser(app).post("/display", {"code": code}).status_code == 422
    assert other.get(other_address).status_code == 200
    meeting.conduct("close")
    assert other.get(other_address).status_code == 404
    with pytest.raises(Closed):
        opened(meeting)


def test_the_chairs_page_shows_a_code_once(app: Flask, meeting: Meeting) -> None:
    chair = Browser(app, meeting.chair)
    path = f"/sessions/{meeting.session}/displays"
    assert chair.post(path, {"in_room": "1"}).status_code == 302
    first = chair.get(path).text
    code = re.search(r'class="code" dir="ltr">(\w{4}) (\w{4})<', first)
    assert code
    assert "closed segments too" in first
    assert 'class="code"' not in chair.get(path).text
    entered(app, code.group(1) + code.group(2))
    revoke = re.search(rf'action="({path}/\d+/revoke)"', first)
    assert revoke
    assert chair.post(revoke.group(1), follow_redirects=True).status_code == 200
    assert Browser(app).post("/display", {"code": code.group(1) + code.group(2)}).status_code == 422
    assert Browser(app, meeting.people["ken"]).get(path).status_code == 403
    assert Browser(app, meeting.people["ken"]).post(path).status_code == 403


def test_steering_is_told_and_not_recorded(app: Flask, meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.record import bus, last_seq

    told: list[Any] = []
    monkeypatch.setattr(bus, "publish", lambda topic, text: told.append((topic, text)))
    chair, kenya = Browser(app, meeting.chair), Browser(app, meeting.people["ken"])
    path = f"/sessions/{meeting.session}/displays/steer"
    with meeting.world.context():
        before = last_seq(f"session:{meeting.session}")
    assert chair.post(path, {"scale": "150"}).status_code == 302
    assert chair.post(path, {"scroll": "down"}).status_code == 302
    assert kenya.post(path, {"scale": "150"}).status_code == 403
    assert [topic for topic, _text in told] == ["display", "display"]
    assert '"scale": 150' in told[0][1]
    with meeting.world.context():
        assert last_seq(f"session:{meeting.session}") == before
        actor = meeting.actor("chair")
        for wrong in ({"scale": 1000}, {"scale": "big"}, {"scroll": "sideways"}):
            with pytest.raises(Invalid):
                services.steer(actor, meeting.session, **wrong)


def test_a_display_reads_and_does_nothing(meeting: Meeting) -> None:
    from app.extensions import db
    from app.floor import services as floor
    from app.screens.models import Display

    id_, _code = opened(meeting, in_room=True)
    with meeting.world.context():
        actor = queries.actor_of(db.session.get_one(Display, id_))
        with pytest.raises(Exception, match="Sign in"):
            floor.request_floor(actor, meeting.session)
        with pytest.raises(Exception, match="Sign in"):
            floor.manage(actor, meeting.session, Act.CLOSE)


def test_displays_over_the_api(app: Flask, meeting: Meeting) -> None:
    chair = Browser(app, meeting.chair)
    path = f"/sessions/{meeting.session}/displays"
    answer = chair.api("POST", path, {"in_room": True})
    made = answer.json or {}
    assert answer.status_code == 201
    assert made["address"].endswith("/display")
    entered(app, made["code"])
    listed = (chair.api("GET", path).json or {})["items"]
    assert [(line["id"], line["in_room"], "code" in line) for line in listed] == [(made["id"], True, False)]
    assert chair.api("POST", f"{path}/steer", {"scale": 200, "scroll": "top"}).status_code == 200
    assert chair.api("POST", f"{path}/steer", {"scale": 7}).status_code == 422
    assert Browser(app, meeting.people["ken"]).api("GET", path).status_code == 403
    assert chair.api("POST", f"{path}/{made['id']}/revoke").status_code == 200
    assert (chair.api("GET", path).json or {})["items"] == []


@pytest.mark.database
def test_the_limit_holds_when_several_are_opened_at_once(app: Flask, meeting: Meeting) -> None:
    chair = meeting.actor("chair")
    with meeting.world.context():
        for _number in range(services.DISPLAYS_LIMIT - 2):
            services.open_display(chair, meeting.session)
    outcomes = at_once(app, [lambda: services.open_display(chair, meeting.session)] * 6)
    assert sum(isinstance(outcome, Closed) for outcome in outcomes) == 4
    with meeting.world.context():
        session = db.session.get_one(LiveSession, meeting.session)
        assert len(services.open_displays(session)) == services.DISPLAYS_LIMIT
