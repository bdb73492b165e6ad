"""Sockets of people in the rooms of one server, all closed at the end."""

from __future__ import annotations

from tests.support.builders import World
from tests.support.server import LiveServer
from tests.support.sockets import Delegate


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
