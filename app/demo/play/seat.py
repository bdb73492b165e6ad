"""One client of the live room: Engine.IO 4 and Socket.IO 5 over one websocket, and what it heard, with its order."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections import Counter
from collections.abc import Mapping
from typing import Any

from simple_websocket import AioClient, ConnectionClosed

NAMESPACE = "/live"
PATIENCE = 30.0
"""Seconds that an answer may take."""
AGAIN = 0.4
"""Seconds until somebody whom a closed door put out tries it again."""


class Seat:
    """One socket of one person, by token.

    `kept` is what it knows of each channel: seq to hash. A live event must be the next of its channel: `doubled` counts
    those that were known already, `disordered` those that came before their turn.
    """

    def __init__(self, name: str, url: str, session: int, token: str) -> None:
        self.name, self._token = name, token
        self._url = url.replace("http", "ws", 1).rstrip("/") + "/socket.io/?EIO=4&transport=websocket"
        self.session = str(session)
        self.kept: dict[str, dict[int, str]] = {}
        self.since: list[dict[str, Any]] = []
        """Every event that came live, in the order of arrival."""
        self.deliveries = self.doubled = self.disordered = self.removed = 0
        self.lost_line = False
        self.acks: list[float] = []
        """Seconds until the answer, of commands that write."""
        self._early: list[dict[str, Any]] | None = None
        """What comes live while the answer to `join` is on its way."""
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._next = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._in = asyncio.Event()
        self.news = asyncio.Condition()

    # --- The line

    async def connect(self) -> Seat:
        """Shake hands, enter the namespace, join the session and catch up."""
        self._socket = await AioClient.connect(self._url, receive_bytes=65536)
        self._connected: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._start(self._listen())
        # At once, without waiting for the greeting: it may have come in one piece with the handshake, which the
        # library then shows with the next frame only.
        await self._socket.send(f"40{NAMESPACE},{json.dumps({'token': self._token})}")
        await asyncio.wait_for(self._connected, PATIENCE)
        answer = await self.join()
        if not answer["ok"]:
            raise ConnectionError(f"{self.name} may not join: {answer['error']['message']}")
        return self

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await self._socket.close()

    async def _listen(self) -> None:
        try:
            while True:
                await self._take(await self._socket.receive())
        except ConnectionClosed:
            self.lost_line = True
            for answer in self._answers.values():
                if not answer.done():
                    answer.set_exception(ConnectionError(f"the line of {self.name} was lost"))

    async def _take(self, text: str) -> None:
        if text == "2":
            await self._socket.send("3")
        elif text.startswith(f"40{NAMESPACE}"):
            self._connected.set_result(None)
        elif text.startswith(f"44{NAMESPACE}"):
            self._connected.set_exception(ConnectionError(f"{self.name} was not let in: {text}"))
        elif text.startswith(f"43{NAMESPACE},"):
            number, _bracket, answer = text[len(f"43{NAMESPACE},") :].partition("[")
            waiting = self._answers.pop(int(number))
            if not waiting.done():
                waiting.set_result(json.loads("[" + answer)[0])
        elif text.startswith(f"42{NAMESPACE},"):
            name, message = json.loads(text[len(f"42{NAMESPACE},") :])
            await self._hear(name, message)

    async def _hear(self, name: str, message: dict[str, Any]) -> None:
        if name == "event":
            self.deliveries += 1
            self.since.append(message)
            if self._early is not None:
                self._early.append(message)
            else:
                self._count(message)
            async with self.news:
                self.news.notify_all()
        elif name == "removed":
            self.removed += 1
            self._in.clear()
            self._start(self._come_back())

    def _count(self, event: Mapping[str, Any]) -> None:
        known = self.kept.setdefault(event["channel"], {})
        if event["seq"] in known:
            self.doubled += 1
        elif event["seq"] != max(known, default=0) + 1:
            self.disordered += 1
        known[event["seq"]] = event["hash"]

    def _start(self, doing: Any) -> None:
        task = asyncio.get_running_loop().create_task(doing)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # --- Commands

    async def call(self, verb: str, **message: Any) -> dict[str, Any]:
        """Send a command and return its answer."""
        number, self._next = self._next, self._next + 1
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send(f"42{NAMESPACE},{number}{json.dumps([verb, {'session': self.session, **message}])}")
        return await asyncio.wait_for(answer, PATIENCE)

    async def write(self, verb: str, **message: Any) -> dict[str, Any]:
        """Send a command that writes, once, however often the room asks to wait. The time to the answer is kept."""
        message = {"id": str(uuid.uuid4()), **message}
        while True:
            began = time.perf_counter()
            answer = await self.call(verb, **message)
            if answer["ok"] or answer["error"]["code"] != "rate_limited":
                self.acks.append(time.perf_counter() - began)
                return answer
            await asyncio.sleep(float(answer["error"].get("retry_after", 1)))

    async def join(self) -> dict[str, Any]:
        """Enter the room, and catch up with what its channels hold."""
        self._early = []
        channel = f"session:{self.session}"
        after = {name: max(known, default=0) for name, known in self.kept.items()}
        answer = await self.call("join", after=after.get(channel, 0), segments=after)
        if answer["ok"]:
            await self._catch_up(channel, answer)
            for segment in answer["segments"]:
                await self._catch_up(segment["channel"], segment)
        early, self._early = self._early, None
        fresh = [event for event in early if event["seq"] not in self.kept.get(event["channel"], {})]
        repeated = Counter((event["channel"], event["seq"]) for event in early)
        self.doubled += sum(count - 1 for count in repeated.values())
        for event in {(event["channel"], event["seq"]): event for event in fresh}.values():
            self._count(event)
        if answer["ok"]:
            self._in.set()
        return answer

    async def _catch_up(self, channel: str, page: dict[str, Any]) -> None:
        """Keep a page of a channel, and those that follow."""
        known = self.kept.setdefault(channel, {})
        while True:
            known.update((event["seq"], event["hash"]) for event in page["events"])
            if not page["more"]:
                return
            page = await self.call("events", channel=channel, after=max(known))

    async def _come_back(self) -> None:
        """Put out by a closed door: try it until it opens."""
        while not self._in.is_set():
            await asyncio.sleep(AGAIN)
            await self.join()

    async def log(self, channel: str) -> list[dict[str, Any]]:
        """Everything that a channel holds, asked anew."""
        found: list[dict[str, Any]] = []
        while True:
            page = await self.call("events", channel=channel, after=len(found))
            found += page["events"]
            if not page["more"]:
                return found
