"""A Socket.IO client of the tests: it speaks the contract, keeps what it hears, and can lose its line."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import socketio

NAMESPACE = "/live"


class Delegate:
    """One socket of one person, by token. `heard` is every event of the room in the order of arrival."""

    def __init__(self, url: str, token: str) -> None:
        self.url, self.token = url, token
        self.heard: list[dict[str, Any]] = []
        self.removed: list[dict[str, Any]] = []
        self.presence: list[dict[str, Any]] = []
        self._news = threading.Condition()
        self.client = self._client()

    def _client(self) -> socketio.Client:
        client = socketio.Client(reconnection=False)
        client.on("event", lambda message: self._hear(self.heard, message), namespace=NAMESPACE)
        client.on("removed", lambda message: self._hear(self.removed, message), namespace=NAMESPACE)
        client.on("presence", lambda message: self._hear(self.presence, message), namespace=NAMESPACE)
        return client

    def connect(self, **auth: Any) -> Delegate:
        self.client.connect(
            self.url, namespaces=[NAMESPACE], auth=auth or {"token": self.token}, transports=["websocket"]
        )
        return self

    def call(self, command: str, **message: Any) -> dict[str, Any]:
        """Send a command and return its ack."""
        answer: dict[str, Any] = self.client.call(command, message, namespace=NAMESPACE, timeout=15)
        return answer

    def write(self, command: str, session: Any, **message: Any) -> dict[str, Any]:
        """Send a command that writes, with a new id unless one is given."""
        return self.call(command, **({"session": str(session), "id": str(uuid.uuid4())} | message))

    def join(self, session: Any, after: int = 0) -> dict[str, Any]:
        return self.call("join", session=str(session), after=after)

    def cut(self) -> None:
        """Lose the line, and come back as a new connection of the same person."""
        self.client.disconnect()
        self.client = self._client()

    def wait_for(self, count: int, kind: str = "heard", timeout: float = 10) -> list[dict[str, Any]]:
        """Wait until so many messages were heard."""
        messages: list[dict[str, Any]] = getattr(self, kind)
        with self._news:
            if not self._news.wait_for(lambda: len(messages) >= count, timeout):
                raise AssertionError(f"{len(messages)} of {count} messages: {messages}")
        return messages

    def _hear(self, messages: list[dict[str, Any]], message: dict[str, Any]) -> None:
        with self._news:
            messages.append(message)
            self._news.notify_all()

    def close(self) -> None:
        self.client.disconnect()
