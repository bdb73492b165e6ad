"""What was typed into a form comes back, whatever became of the page, of the right to it, or of the limit."""

from __future__ import annotations

import re
import uuid
from pathlib import Path

import pytest
from flask import Flask

from app.groups import services as groups
from app.web.errors import TYPED
from tests.support.builders import World
from tests.support.clients import Browser
from tests.web.test_security import strict  # noqa: F401  (the fixture)

APP = Path(__file__).resolve().parents[2] / "app"
WORDS = "My long words, <b>typed</b> with care."
SHOWN = "My long words, &lt;b&gt;typed&lt;/b&gt; with care."


def test_every_field_for_words_is_known() -> None:
    names: set[str] = set()
    for pattern, kind in ((r"<textarea[^>]*? name=\"(\w+)", "*.html"), (r"(\w+) = TextAreaField", "forms.py")):
        found = [name for page in APP.rglob(kind) for name in re.findall(pattern, page.read_text())]
        assert found
        names.update(found)
    assert names == set(TYPED)


@pytest.mark.database
def test_a_comment_comes_back_when_the_right_to_the_room_has_ended(app: Flask, world: World) -> None:
    group = world.group("typed", openness="members", members=("KEN",))
    session, kenya = world.session(group), world.user(party="KEN")
    browser = Browser(app, kenya)
    with world.context():
        groups.remove_member(world.actor(world.chair_of(group)), group, "KEN")
    answer = browser.post(f"/sessions/{session.id}/comments", {"id": str(uuid.uuid4()), "body": WORDS})
    assert answer.status_code == 404
    assert SHOWN in answer.text
    assert session.title not in answer.text


def test_words_come_back_from_a_page_that_is_too_old(strict: Flask) -> None:  # noqa: F811
    world = World(strict)
    session = world.session(world.group("typed", members=("KEN",)))
    browser = Browser(strict, world.user(party="KEN"))
    answer = browser.post(f"/sessions/{session.id}/comments", {"id": str(uuid.uuid4()), "body": WORDS})
    assert answer.status_code == 403
    assert SHOWN in answer.text
    assert "data-unsent" in answer.text, "the browser keeps its own copy too"


def test_words_come_back_when_that_was_too_often(strict: Flask) -> None:  # noqa: F811
    world = World(strict)
    session = world.session(world.group("typed", members=("KEN",)))
    browser = Browser(strict, world.user(party="KEN"))
    token = re.search(r'name="csrf-token" content="([^"]+)"', browser.get("/account").text)
    assert token is not None
    said = {"csrf_token": token.group(1), "body": WORDS, "paragraph": "nowhere"}
    for _ in range(40):
        answer = browser.post(f"/sessions/{session.id}/comments", said | {"id": str(uuid.uuid4())})
        assert SHOWN in answer.text
    assert answer.status_code == 429


def test_no_secret_comes_back(strict: Flask) -> None:  # noqa: F811
    answer = Browser(strict).post("/sign-in", {"email": "a@b.example", "password": "a pass phrase of mine"})
    assert answer.status_code == 403
    assert "a pass phrase of mine" not in answer.text
