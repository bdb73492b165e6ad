"""Every page of the demo world, in both colours, on a desk and on a telephone: axe finds nothing, nothing runs over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext

from app import create_app
from app.accounts.queries import user_by_email
from app.demo.loader import load
from app.extensions import db
from tests.conftest import settings_for
from tests.e2e.room.seat import sign_in_cookie
from tests.support.axe import OF_COLOURS, faults
from tests.support.server import LiveServer

pytestmark = pytest.mark.e2e

PUBLIC = (
    "/",
    "/groups",
    "/groups/support-after-incidents",
    "/texts",
    "/drafts/2/v/3",
    "/drafts/2/compare",
    "/drafts/2/compare?view=side&only=0",
    "/drafts/2/v/3/p/op-13",
    "/drafts/2/v/3/bracketed",
    "/drafts/2/v/3/bracketed?show=open&party=KEN",
    "/drafts/2/v/3/bracketed?norm=h",
    "/drafts/2/v/3/comments",
    "/drafts/2/v/3/who-wrote-what",
    "/drafts/2/v/3/p/op-13/proposals",
    "/drafts/2/v/3/p/op-13/stances",
    "/drafts/2/stocktaking",
    "/language?text=on+the+request+of+the+State",
    "/sessions",
    "/programme",
    "/programme?from=2026-12-07",
    "/silence",
    "/silence/1",
    "/sessions/1/record",
    "/sessions/1/record?order=time",
    "/sessions/1/decisions",
    "/decisions/b9e49bf1-2758-58a5-955d-7ada4c23d948",
    "/sessions/2",
    "/archive",
    "/search?q=assistance",
    "/threads/1",
    "/sign-in",
    "/display",
    "/states",
    "/states/groups/african-group",
    "/about",
    "/accessibility",
    "/api",
    "/nothing-here",
)
OF = {
    "ken.head": (
        "/silence/1",
        "/silence/1/break",
        "/",
        "/account",
        "/people",
        "/sessions/2",
        "/threads/1",
        "/groups/support-after-incidents/threads/new",
        "/drafts/2/v/3/p/op-13/propose",
        "/drafts/2/my-proposals",
        "/drafts/2/v/3/word",
        "/sessions/2/propose/op-13",
        "/sessions/2/agreement/op-13",
        "/sessions/2/statements",
        "/sessions/2/statements/new",
        "/drafts/2/v/3/notes",
    ),
    "ken": ("/inbox", "/catch-up", "/follow", "/sessions/2"),
    "chair": (
        "/drafts/2/v/3/stances",
        "/drafts/2/v/3/stances?view=list&show=spoken",
        "/drafts/2/v/3/p/op-13/stances",
        "/sessions/2/agreement/op-13",
        "/silence/1/board",
        "/sessions/3/schedule",
        "/drafts/2/desk",
        "/drafts/2/issue",
        "/comments/4b88d1db-3b2c-5ebe-a410-9cb8695917c3/attach",
        "/drafts/2/desk/proposals",
        "/groups/support-after-incidents",
        "/groups/support-after-incidents/drafts/new",
        "/groups/support-after-incidents/sessions/new",
        "/groups/support-after-incidents/members",
        "/groups/support-after-incidents/edit",
        "/sessions/2",
        "/sessions/2/displays",
        "/sessions/2/decisions",
    ),
    "secretariat": ("/people?party=KEN", "/groups/new", "/language"),
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LiveServer, Flask]]:
    place = tmp_path_factory.mktemp("demo")
    url = f"sqlite:///{place / 'demo.sqlite3'}"
    with LiveServer(url, place) as server:
        app = create_app(settings_for(url, place), TESTING=True)
        with app.app_context():
            load()
        yield server, app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _context(chromium: Browser, demo: tuple[LiveServer, Flask], who: str, **options: object) -> BrowserContext:
    server, app = demo
    context = chromium.new_context(base_url=server.url, reduced_motion="reduce", **options)  # type: ignore[arg-type]
    if who != "public":
        with app.app_context():
            user = user_by_email(f"{who}@chapeau.example")
        assert user is not None
        context.add_cookies([{"name": "chapeau", "value": sign_in_cookie(app, user), "url": server.url}])
    return context


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("who", ["public", *OF])
def test_axe_finds_nothing(chromium: Browser, demo: tuple[LiveServer, Flask], who: str, width: int) -> None:
    """By every rule in light colours; then, on the same page, in dark ones by the rules that ask for colours."""
    wrong: dict[str, list[str]] = {}
    context = _context(chromium, demo, who, viewport={"width": width, "height": 900})
    page = context.new_page()
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    for address in PUBLIC if who == "public" else OF[who]:
        page.emulate_media(color_scheme="light")
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == (404 if address == "/nothing-here" else 200), address
        found = faults(page)
        page.emulate_media(color_scheme="dark")
        found += [f"dark: {fault}" for fault in faults(page, *OF_COLOURS)]
        if found:
            wrong[address] = found
    context.close()
    assert wrong == {}
    assert failures == []


def test_arabic_reads_from_the_right_and_fits(chromium: Browser, demo: tuple[LiveServer, Flask]) -> None:
    wrong: dict[str, list[str]] = {}
    for width in (1440, 390):
        context = _context(chromium, demo, "public", locale="ar", viewport={"width": width, "height": 900})
        page = context.new_page()
        for address in PUBLIC:
            page.goto(address)
            assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["ar", "rtl"]
            if found := faults(page):
                wrong[f"{address} at {width}"] = found
        context.close()
    assert wrong == {}


def test_reading_needs_no_javascript(chromium: Browser, demo: tuple[LiveServer, Flask]) -> None:
    context = _context(chromium, demo, "public", java_script_enabled=False)
    page = context.new_page()
    for address in PUBLIC[:-1]:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        assert page.locator("main").inner_text().strip()
    page.goto("/sessions/2")
    assert "Invites States in a position to do so" in page.locator(".paper").inner_text()
    assert page.locator(".feed").inner_text().strip()
    context.close()


def test_a_page_asks_no_third_party_for_anything(chromium: Browser, demo: tuple[LiveServer, Flask]) -> None:
    context = _context(chromium, demo, "ken.head")
    page = context.new_page()
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url.split("/")[2] if "//" in request.url else "data"))
    for address in ("/", "/sessions/2", "/drafts/2/compare"):
        page.goto(address)
        page.wait_for_timeout(300)
    context.close()
    assert asked <= {demo[0].url.split("/")[2], "data"}
