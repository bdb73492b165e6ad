"""The whole story, in real browsers: a text from zero draft to the archive, with five accounts at once."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from app import create_app
from app.accounts.services import add_user
from app.extensions import db
from app.policy import Actor, Office, PlatformRole
from tests.conftest import settings_for
from tests.e2e.room.seat import Seat
from tests.support.builders import World
from tests.support.server import ROOT, LiveServer

pytestmark = pytest.mark.e2e
PASSWORD = "correct horse battery"

TEXT = """# Draft elements on support to States

Recalling the framework for responsible State behaviour,

Noting with concern major disruptive incidents,

1. Invites States in a position to do so to offer assistance, upon request;

2. Calls upon States to name a point of contact;

3. Decides to meet again in December.
"""


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[tuple[LiveServer, World, Path]]:
    database = tmp_path / "story.sqlite3"
    url = f"sqlite:///{database}"
    with LiveServer(url, tmp_path) as server:
        app = create_app(settings_for(url, tmp_path))  # real passwords, at their real price
        yield server, World(app), database
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def people(world: World, app: Flask) -> None:
    """A group with a chair, three delegations and an observer, who sign in by password."""
    group = world.group("support", openness="public", members=("KEN", "BRA", "CHE"), title="Support after incidents")
    secretariat = Actor(name="test", platform_role=PlatformRole.SECRETARIAT)
    for name, code in (("chair", None), ("ken", "KEN"), ("bra", "BRA"), ("che", "CHE"), ("observer", None)):
        with app.app_context():
            user = add_user(
                secretariat,
                f"{name}@chapeau.example",
                f"{name[0].upper()}. Person",
                party_code=code,
                delegation_role="negotiator" if code else None,
                password=PASSWORD,
            )
        if code is None:
            world.officer(group, Office(name), user)


def sign_in(seat: Seat, name: str) -> Seat:
    seat.page.goto("/sign-in")
    seat.page.fill("#email", f"{name}@chapeau.example")
    seat.page.fill("#password", PASSWORD)
    seat.page.click("form.form button.primary")
    expect(seat.page.locator(".site summary .avatar")).to_be_visible()
    return seat


def verify(database: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "record", "verify"],
        cwd=ROOT,
        env={
            "DATABASE_URL": f"sqlite:///{database}",
            "INSTANCE_PATH": str(database.parent),
            "SECRET_KEY": "a-secret-for-tests-only-0123456789abcdef",
            "PATH": "/usr/bin:/bin",
        },
        capture_output=True,
        text=True,
    )


def test_a_text_from_zero_draft_to_the_archive(stage: tuple[LiveServer, World, Path], chromium: Browser) -> None:
    server, world, database = stage
    people(world, world.app)
    with (
        Seat(chromium, server.url, None) as chair,
        Seat(chromium, server.url, None) as kenya,
        Seat(chromium, server.url, None) as brazil,
        Seat(chromium, server.url, None) as switzerland,
        Seat(chromium, server.url, None) as observer,
    ):
        seats = {"chair": chair, "ken": kenya, "bra": brazil, "che": switzerland, "observer": observer}
        for name, seat in seats.items():
            sign_in(seat, name)
        bring_a_text_in(chair)
        issue(chair, "Zero draft")
        announce(chair, "Closed consultations", "members")
        session = announce(chair, "1st meeting", "public", version="Zero draft")
        chair.is_("live")
        chair.page.click("[data-act=open] button")
        expect(chair.page.locator("[data-act=suspend]")).to_be_visible()
        hold_the_meeting(session, chair, kenya, brazil, switzerland, observer)
        the_observer_knows_only_what_is_open(observer)
        close_and_publish(chair, session)
        change_a_paragraph(chair)
        issue(chair, "Rev.1")
        the_observer_reads(observer, session)
    assert_the_record_holds_until_altered(database)


def bring_a_text_in(chair: Seat) -> None:
    page = chair.page
    page.goto("/groups/support/drafts/new")
    page.fill("#title", "Draft elements on support")
    page.check("input[name=format][value=markdown]")
    page.fill("#source", TEXT)
    page.click("form.form button.primary")
    expect(page.locator("h1")).to_contain_text("6 paragraphs came in")


def issue(chair: Seat, label: str) -> None:
    page = chair.page
    page.goto("/drafts/1/issue")
    expect(page.locator("h1")).to_have_text(f"Issue {label}")
    page.fill("#letter", f"I have the honour to circulate **{label}**.")
    page.click(".issue-bar button.primary")
    expect(page.locator(".flashes")).to_contain_text(f"{label} is issued")
    expect(page.locator(".seal")).to_contain_text(re.compile("SHA-256 [0-9a-f]{64}"))


def announce(chair: Seat, title: str, openness: str, version: str | None = None) -> int:
    page = chair.page
    page.goto("/groups/support/sessions/new")
    page.fill("#title", title)
    page.check(f"input[name=openness][value={openness}]")
    if version:
        page.select_option("#version", label=f"Draft elements on support · {version}")
    page.click("form.form button.primary")
    page.wait_for_url(re.compile(r"/sessions/\d+$"))
    return int(page.url.rsplit("/", 1)[1])


def hold_the_meeting(session: int, chair: Seat, kenya: Seat, brazil: Seat, switzerland: Seat, observer: Seat) -> None:
    for seat in (kenya, brazil, switzerland, observer):
        seat.enter(session)
        seat.everything()
    chair.everything()
    chair.page.locator(".para", has_text="offer assistance").get_by_role("button", name="Move the room here").click()
    for seat in (kenya, switzerland, observer):
        expect(seat.page.locator(".para.focus")).to_contain_text("offer assistance")
    kenya.say("Kenya prefers “provide”.")
    brazil.sees("Kenya prefers “provide”.")
    brazil.cut()
    brazil.say("Brazil agrees with Kenya.")
    switzerland.say("Switzerland can live with both.")
    kenya.sees("Switzerland can live with both.")
    brazil.mend()
    for seat in (chair, kenya, brazil, switzerland, observer):
        for words in ("Kenya prefers “provide”.", "Switzerland can live with both.", "Brazil agrees with Kenya."):
            seat.sees(words)
        assert seat.order() == sorted(set(seat.order()))
    expect(observer.page.locator(".compose textarea")).to_have_count(0)


def the_observer_knows_only_what_is_open(observer: Seat) -> None:
    observer.page.goto("/sessions")
    expect(observer.page.locator("main")).to_contain_text("1st meeting")
    expect(observer.page.locator("main")).not_to_contain_text("Closed consultations")
    answer = observer.page.goto("/sessions/1")
    assert answer is not None
    assert answer.status == 404


def close_and_publish(chair: Seat, session: int) -> None:
    page = chair.page
    page.on("dialog", lambda dialog: dialog.accept())
    page.request.post(
        f"/sessions/{session}/close", form={"csrf_token": page.get_attribute("meta[name=csrf-token]", "content") or ""}
    )
    page.goto(f"/sessions/{session}/record")
    page.get_by_role("button", name="Publish the record").click()
    expect(page.locator(".pill.published")).to_be_visible()


def change_a_paragraph(chair: Seat) -> None:
    page = chair.page
    page.goto("/drafts/1/desk")
    area = page.locator("textarea", has_text="offer assistance")
    area.fill("Invites States in a position to do so to provide assistance, upon request;")
    area.press("Control+Enter")
    expect(page.locator(".desk-paragraph", has_text="provide assistance").locator(".pill.bracketed")).to_be_visible()


def the_observer_reads(observer: Seat, session: int) -> None:
    page = observer.page
    page.goto("/drafts/1/compare")
    expect(page.locator(".toolbar .summary")).to_contain_text("Zero draft → Rev.1: 1 changed")
    expect(page.locator(".diff-row del")).to_contain_text("offer")
    expect(page.locator(".diff-row ins")).to_contain_text("provide")
    page.locator(".diff-row .num").click()
    expect(page).to_have_url(re.compile(r"/drafts/1/v/2/p/p\w{10}$"))
    expect(page.locator("h1")).to_have_text("OP1")
    expect(page.locator("main")).to_contain_text("Zero draft · OP1")
    page.goto(f"/sessions/{session}/record")
    for words in ("Kenya prefers “provide”.", "Switzerland can live with both.", "Brazil agrees with Kenya."):
        expect(page.locator(".record-paragraph .ev", has_text=words)).to_have_count(1)
    page.goto("/search?q=prefers")
    expect(page.locator(".hit")).to_have_count(1)


def assert_the_record_holds_until_altered(database: Path) -> None:
    assert verify(database).returncode == 0
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE event SET body = replace(body, 'prefers', 'prefera') WHERE type = 'comment.added'")
    altered = verify(database)
    assert altered.returncode == 1
    assert "event" in altered.stderr
