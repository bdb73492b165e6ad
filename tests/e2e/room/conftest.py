"""A served site for the room's tests: one server a worker, one group and session a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser

from app import create_app
from app.accounts.models import User
from app.extensions import db
from tests.conftest import settings_for
from tests.e2e.room.seat import Seat, sign_in_cookie
from tests.support.builders import World
from tests.support.server import LiveServer

TEXT = (
    "Invites States in a position to do so to offer assistance, upon request, to a State affected by a major "
    "disruptive incident;",
    "Calls upon States to name a point of contact, and to keep its details current;",
    "Encourages States to report every two years on how they give effect to the framework[^1];",
    *(f"Recommends measure {number} to States, in the light of national circumstances;" for number in range(4, 16)),
)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LiveServer, World]]:
    place = tmp_path_factory.mktemp("room")
    url = f"sqlite:///{place / 'room.sqlite3'}"
    with LiveServer(url, place) as server:
        app = create_app(settings_for(url, place), TESTING=True)
        yield server, World(app)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@dataclass
class Meeting:
    """A group with a chair, Kenya and Brazil, and a session on a text of fifteen paragraphs."""

    app: Flask
    server: LiveServer
    world: World
    chromium: Browser
    session: int
    chair: User
    kenya: User
    brazil: User

    def seat(self, user: User | None, **options: Any) -> Seat:
        cookie = sign_in_cookie(self.app, user) if user else None
        return Seat(self.chromium, self.server.url, cookie, **options)


_number = iter(range(1_000_000))


@pytest.fixture
def meet(served: tuple[LiveServer, World], chromium: Browser) -> Callable[..., Meeting]:
    """Make a meeting: `meet(state="open", openness="public")`."""
    server, world = served

    def make(state: str = "open", openness: str = "public") -> Meeting:
        group = world.group(f"room-{next(_number)}", members=("KEN", "BRA"), openness=openness)
        chair = world.chair_of(group)
        session = world.session(group, state=state, version=world.version(group, *TEXT), title="3rd meeting")
        kenya, brazil = (world.user(f"{code}{session.id}@x.example", party=code.upper()) for code in ("ken", "bra"))
        return Meeting(world.app, server, world, chromium, session.id, chair, kenya, brazil)

    return make


@pytest.fixture
def meeting(meet: Callable[..., Meeting]) -> Meeting:
    """An open, public session."""
    return meet()
