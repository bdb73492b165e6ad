"""The page of a thread in a real browser: posts come in, nothing moves, what was seen is read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.accounts.models import User
from app.groups import queries, services
from app.groups.models import Group, Thread
from tests.support.builders import World
from tests.support.clients import session_cookie
from tests.support.server import LiveServer

pytestmark = pytest.mark.e2e


@pytest.fixture
def group(world: World) -> Group:
    world.party("BRA", name="Brazil")
    return world.group("support", members=("KEN", "BRA"))


@pytest.fixture
def kenya(world: World, group: Group) -> User:
    return world.user(party="KEN")


@pytest.fixture
def brazil(world: World, group: Group) -> User:
    return world.user(party="BRA")


@pytest.fixture
def thread(world: World, group: Group, kenya: User) -> Thread:
    with world.context():
        thread = services.start_thread(world.actor(kenya), group, "Points of contact", "Who answers at night?")
        for number in range(2, 9):
            services.post(world.actor(kenya), thread, f"Word {number}\n\n" + "More of it. " * 60)
        return thread


@pytest.fixture
def server(database_url: str, tmp_path: Path, thread: Thread) -> Iterator[LiveServer]:
    with LiveServer(database_url, tmp_path) as running:
        yield running


def open_thread(
    chromium: Browser, server: LiveServer, world: World, user: User, thread: Thread, **options: Any
) -> Page:
    """A window in which this person reads the thread, connected."""
    context = chromium.new_context(viewport={"width": 1000, "height": 700}, reduced_motion="reduce", **options)
    context.add_cookies([{"name": "chapeau", "value": session_cookie(world.app, user), "url": server.url}])
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"{error}"))
    with page.expect_websocket():
        page.goto(f"{server.url}/threads/{thread.id}?page=1")
    return page


def test_posts_come_in_and_nothing_moves(
    chromium: Browser, server: LiveServer, world: World, kenya: User, brazil: User, thread: Thread
) -> None:
    writer = open_thread(chromium, server, world, kenya, thread)
    reader = open_thread(chromium, server, world, brazil, thread)
    writer.locator("textarea").fill("I am writing")
    stood = writer.locator("#reply").bounding_box()

    sender = open_thread(chromium, server, world, brazil, thread)
    sender.locator('[data-slot="quote"]').first.click()
    expect(sender.locator("#quoting")).to_contain_text("Who answers at night?")
    sender.locator("textarea").fill("**We** do")
    sender.get_by_role("button", name="Post").click()

    came = writer.locator("#post-9")
    expect(came.locator("strong")).to_have_text("We")
    expect(came.locator('[data-slot="delegation"]')).to_have_text("Brazil")
    expect(came.locator('[data-slot="quoted"]')).to_contain_text("Who answers at night?")
    assert stood is not None
    now = writer.locator("#reply").bounding_box()
    assert now is not None
    assert abs(now["y"] - stood["y"]) < 2
    assert writer.locator("textarea").input_value() == "I am writing"

    expect(reader.locator("#new-posts")).to_have_text("1 new post")
    assert reader.evaluate("scrollY") == 0
    reader.locator("#new-posts").click()
    expect(reader.locator("#new-posts")).to_be_hidden()


def test_a_lost_line_is_caught_up(
    chromium: Browser, server: LiveServer, world: World, kenya: User, brazil: User, thread: Thread
) -> None:
    reader = open_thread(chromium, server, world, kenya, thread)
    reader.context.set_offline(True)
    sender = open_thread(chromium, server, world, brazil, thread)
    for words in ("One", "Two"):
        sender.locator("textarea").fill(words)
        sender.get_by_role("button", name="Post").click()
        expect(sender.locator("article.post").last).to_contain_text(words)
    assert reader.locator("#post-9").count() == 0
    reader.context.set_offline(False)
    expect(reader.locator("#post-10")).to_be_attached(timeout=30_000)
    assert [
        int(number) for number in reader.locator("article.post").evaluate_all("all => all.map(a => a.dataset.number)")
    ] == [*range(1, 11)]


def test_what_was_seen_is_read(
    chromium: Browser, server: LiveServer, world: World, brazil: User, group: Group, thread: Thread
) -> None:
    reader = open_thread(chromium, server, world, brazil, thread)
    with reader.expect_response(lambda answer: answer.url.endswith("/read") and answer.status == 204):
        reader.locator("#post-3 footer").scroll_into_view_if_needed()
    with world.context():
        unread = queries.thread_lines(world.actor(brazil), group)[0].unread
    assert 0 < unread <= 5


def test_without_javascript_the_page_works(
    chromium: Browser, server: LiveServer, world: World, brazil: User, thread: Thread
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    context.add_cookies([{"name": "chapeau", "value": session_cookie(world.app, brazil), "url": server.url}])
    page = context.new_page()
    page.goto(f"{server.url}/threads/{thread.id}")
    page.locator("#post-1").get_by_role("link", name="Quote").click()
    page.locator("textarea").fill("By plain form")
    page.get_by_role("button", name="Post").click()
    expect(page.locator("#post-9")).to_contain_text("By plain form")
    expect(page.locator('#post-9 [data-slot="quoted"]')).to_contain_text("Who answers at night?")
