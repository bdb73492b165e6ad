"""Two delegations propose on the same words, the chair resolves it, and both see what became of their words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app import create_app
from app.extensions import db
from tests.conftest import settings_for
from tests.e2e.room.seat import sign_in_cookie
from tests.e2e.test_every_page import faults
from tests.support.builders import World
from tests.support.server import LiveServer

pytestmark = pytest.mark.e2e
BASE = "Invites States to offer assistance to a State affected by a cyberattack;"
INCIDENT = BASE.replace("cyberattack", "major ICT incident")
ACT = BASE.replace("cyberattack", "malicious ICT act")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[tuple[LiveServer, Flask, World]]:
    url = f"sqlite:///{tmp_path / 'stage.sqlite3'}"
    with LiveServer(url, tmp_path) as server:
        app = create_app(settings_for(url, tmp_path), TESTING=True)
        yield server, app, World(app)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def seat(chromium: Browser, server: LiveServer, app: Flask, user, **options: object) -> Page:
    context = chromium.new_context(base_url=server.url, reduced_motion="reduce", locale="en", **options)  # type: ignore[arg-type]
    context.add_cookies([{"name": "chapeau", "value": sign_in_cookie(app, user), "url": server.url}])
    return context.new_page()


def propose(page: Page, draft: int, text: str, why: str) -> str:
    """Propose other words for the first paragraph, looked at before it is released. Gives its address."""
    page.goto(f"/drafts/{draft}/v/1/bracketed")
    page.get_by_role("link", name="Propose a change to OP1").click()
    page.fill("#text", text)
    page.fill("#rationale", why)
    page.get_by_role("button", name="See it as others will").click()
    expect(page.locator(".seen")).to_contain_text("cyberattack")
    expect(page.locator("#rationale")).to_have_value(why)
    assert faults(page) == []
    page.get_by_role("button", name="Release in our name").click()
    expect(page.locator("h1")).to_contain_text("OP1")
    return page.url


def test_the_chair_resolves_what_two_delegations_ask(chromium: Browser, stage: tuple[LiveServer, Flask, World]) -> None:
    server, app, world = stage
    group = world.group("table", members=("CHE", "NOR"))
    version = world.version(group, BASE, "Decides to meet again.")
    chair = seat(chromium, server, app, world.chair_of(group))
    che = seat(chromium, server, app, world.user(party="CHE"))
    nor = seat(chromium, server, app, world.user(party="NOR"), viewport={"width": 390, "height": 800})
    draft = version.draft_id

    theirs = propose(che, draft, INCIDENT, "One term throughout.")
    propose(nor, draft, ACT, "The norms speak of acts.")
    nor.goto(f"/drafts/{draft}/v/1/bracketed?show=open")
    bracket = nor.locator(".alt").first
    for words in ("cyberattack", "major ICT incident", "malicious ICT act"):
        expect(bracket).to_contain_text(words)
    nor.goto(theirs)
    nor.get_by_label("Can live with").check()
    nor.fill("#note", "If norm (h) is named.")
    nor.get_by_role("button", name="Say it").click()
    expect(nor.locator("main")).to_contain_text("If norm (h) is named.")

    chair.goto(f"/drafts/{draft}/desk/proposals")
    expect(chair.locator(".chair-desk article.proposal")).to_have_count(2)
    assert faults(chair) == []
    chair.locator("body").press("1")
    expect(chair.locator("article.taken")).to_have_count(1)
    expect(chair.locator("#text")).to_have_value(INCIDENT)
    other = chair.locator("article.proposal:not(.taken)")
    other.get_by_text("Leave…").click()
    other.get_by_label("Why (its sponsors read it)").fill("“Incident” found wider agreement.")
    other.get_by_role("button", name="Not reflected").click()
    expect(chair.locator("table.fates")).to_contain_text("not reflected")
    chair.get_by_role("link", name="Preview and issue…").click()
    chair.get_by_role("button", name="Issue", exact=True).click()
    expect(chair.locator("main")).to_contain_text("major ICT incident")

    che.goto(f"/drafts/{draft}/my-proposals")
    expect(che.locator("main tbody tr")).to_contain_text(["reflected"])
    nor.goto(f"/drafts/{draft}/my-proposals")
    expect(nor.locator("main")).to_contain_text("not reflected")
    expect(nor.locator("main")).to_contain_text("“Incident” found wider agreement.")
    nor.goto(f"/drafts/{draft}/v/2/who-wrote-what")
    expect(nor.locator(".origin").first).to_contain_text("Switzerland")
    nor.goto(f"/drafts/{draft}/compare")
    expect(nor.locator(".origin").first).to_contain_text("Reflects 1 of 2")


def test_a_draft_is_seen_by_its_delegation_alone(chromium: Browser, stage: tuple[LiveServer, Flask, World]) -> None:
    server, app, world = stage
    group = world.group("table", members=("CHE", "NOR"))
    version = world.version(group, BASE)
    che = seat(chromium, server, app, world.user(party="CHE"))
    che.goto(f"/drafts/{version.draft_id}/v/1/p/p1/propose")
    che.fill("#text", INCIDENT)
    che.get_by_role("button", name="Keep in the delegation").click()
    expect(che.locator("main")).to_contain_text("Only your delegation sees this.")
    address = che.url
    for other in (world.chair_of(group), world.user(party="NOR")):
        page = seat(chromium, server, app, other)
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 404
    che.once("dialog", lambda dialog: dialog.accept())
    che.get_by_role("button", name="Release in our name").click()
    expect(che.locator("main")).not_to_contain_text("Only your delegation sees this.")


def test_what_is_refused_keeps_the_words(chromium: Browser, stage: tuple[LiveServer, Flask, World]) -> None:
    server, app, world = stage
    group = world.group("table", members=("CHE",))
    version = world.version(group, BASE)
    che = seat(chromium, server, app, world.user(party="CHE"))
    che.goto(f"/drafts/{version.draft_id}/v/1/p/p1/propose")
    che.fill("#rationale", "A long reason that nobody wants to type twice.")
    che.get_by_role("button", name="Release in our name").click()
    expect(che.get_by_role("alert")).to_contain_text("These are the words that stand there")
    expect(che.locator("#rationale")).to_have_value("A long reason that nobody wants to type twice.")
