"""Pages cost a number of statements that does not grow with their rows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts.models import User
from app.groups import services
from app.groups.models import Group, Thread
from app.policy import Office
from tests.support.builders import World
from tests.support.clients import Browser
from tests.support.queries import count_queries


@pytest.fixture
def group(world: World) -> Group:
    return world.group("support", members=("KEN", "BRA"))


@pytest.fixture
def kenya(world: World, group: Group) -> User:
    return world.user(party="KEN")


@pytest.fixture
def thread(world: World, group: Group, kenya: User) -> Thread:
    with world.context():
        return services.start_thread(world.actor(kenya), group, "First", "Words")


def assert_flat(app: Flask, user: User, path: str, grow: Callable[[], None], limit: int) -> None:
    """The page costs the same before and after `grow`, and no more than `limit` statements."""
    browser = Browser(app, user)
    assert browser.get(path).status_code == 200  # what is made once, such as compiled statements, is made now
    with count_queries(app) as before:
        browser.get(path)
    grow()
    with count_queries(app) as after:
        browser.get(path)
    assert 0 < len(before) == len(after) <= limit, "\n\n".join(after)


def test_the_list_of_groups(app: Flask, world: World, group: Group, kenya: User, thread: Thread) -> None:
    def grow() -> None:
        for number in range(5):
            more = world.group(f"more-{number}")
            with world.context():
                services.start_thread(world.actor(world.chair_of(more)), more, "Thread", "Words")

    assert_flat(app, kenya, "/groups", grow, limit=10)


def test_a_group(app: Flask, world: World, group: Group, kenya: User, thread: Thread) -> None:
    chair = world.chair_of(group)

    def grow() -> None:
        for number in range(6):
            world.join(group, f"S{number:02}")
            world.officer(group, Office.OBSERVER)
            with world.context():
                made = services.start_thread(world.actor(chair), group, f"Thread {number}", "Words")
                services.post(world.actor(kenya), made, "More words")

    assert_flat(app, kenya, "/groups/support", grow, limit=20)


def test_a_thread(app: Flask, world: World, group: Group, kenya: User, thread: Thread) -> None:
    version = world.version(group, "One;", "Two;", "Three.")
    with world.context():
        quoted = services.post(world.actor(kenya), thread, "Quoted", version_id=version.id, paragraph="p1").id
        services.post(world.actor(kenya), thread, "Quoting", quotes_id=quoted)

    def grow() -> None:
        last = quoted
        with world.context():
            for number in range(30):
                place = {"version_id": version.id, "paragraph": f"p{number % 3 + 1}"}
                last = services.post(world.actor(kenya), thread, "Words", quotes_id=last, **place).id

    assert_flat(app, kenya, f"/threads/{thread.id}", grow, limit=20)


def test_a_history(app: Flask, world: World, group: Group, kenya: User, thread: Thread) -> None:
    with world.context():
        post = services.post(world.actor(kenya), thread, "Words")
        services.edit_post(world.actor(kenya), post.id, "Other words", 1)

    def grow() -> None:
        with world.context():
            for revision in range(2, 10):
                services.edit_post(world.actor(kenya), post.id, f"Words {revision}", revision)

    assert_flat(app, kenya, f"/posts/{post.id}/history", grow, limit=10)
