"""A real server for the tests of the room: one for a whole file, with a database of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from app import create_app
from app.extensions import db
from tests.conftest import settings_for
from tests.support.builders import World
from tests.support.server import LiveServer
from tests.support.sockets import Delegate


@pytest.fixture(scope="module")
def served(template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LiveServer, World]]:
    """A server process, and builders that write into the same database."""
    from tests.conftest import fresh_database

    folder = tmp_path_factory.mktemp("served")
    with fresh_database(template_database, folder) as url:
        app: Flask = create_app(settings_for(url, folder), TESTING=True)
        with LiveServer(url, folder) as server:
            yield server, World(app)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


class Rooms:
    """Opens sockets of people, and closes them all at the end."""

    def __init__(self, server: LiveServer, world: World) -> None:
        self.server, self.world = server, world
        self._open: list[Delegate] = []

    def of(self, user: object) -> Delegate:
        delegate = Delegate(self.server.url, self.world.token(user)).connect()  # type: ignore[arg-type]
        self._open.append(delegate)
        return delegate

    def close(self) -> None:
        for delegate in self._open:
            delegate.close()


@pytest.fixture
def rooms(served: tuple[LiveServer, World]) -> Iterator[Rooms]:
    rooms = Rooms(*served)
    yield rooms
    rooms.close()
