"""The load: members of a room on real websockets, in one process, written for little but counting.

Speaks Engine.IO 4 and Socket.IO 5 by hand: the client's own work must stay small beside the server's. Prints one JSON
object. Loopback only.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

from bench.fanout.frames import Reader, masked

PATIENCE = 60.0
WINDOW = 2
BODY = ("All States should refrain from knowingly allowing their territory to be used for such acts. " * 4)[:300]


class Member(asyncio.Protocol):
    """One client: shakes hands, enters the namespace, joins the session, then counts what comes."""

    def __init__(self, load: Load, token: str) -> None:
        self._load = load
        self._token = token
        self._reader: Reader | None = None
        self._head = b""
        self._acks: dict[int, Callable[[Any], None]] = {}
        self._next_ack = 0
        self.last = 0
        self.joined: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:{self._load.port}\r\n"
            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            f"Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        if self._reader is None:
            self._head += data
            head, end, data = self._head.partition(b"\r\n\r\n")
            if not end:
                return
            if b" 101 " not in head:
                self._fail(head.decode("latin-1"))
                return
            self._reader = Reader()
        for text in self._reader.texts(data):
            self._take(text)

    def connection_lost(self, error: Exception | None) -> None:
        self._fail("the connection was lost")
        self._load.lost_connections += 1

    def command(self, name: str, message: dict[str, Any], then: Callable[[Any], None]) -> None:
        self._acks[self._next_ack] = then
        self._send(f"42/live,{self._next_ack}{json.dumps([name, message])}")
        self._next_ack += 1

    def _take(self, text: bytes) -> None:
        if text.startswith(b'42/live,["event"'):
            self._load.delivered(self, text)
        elif text.startswith(b"43/live,"):
            number, _bracket, answer = text[8:].partition(b"[")
            self._acks.pop(int(number))(json.loads(b"[" + answer)[0])
        elif text == b"2":
            self._send("3")
        elif text.startswith(b"0"):
            self._send(f"40/live,{json.dumps({'token': self._token})}")
        elif text.startswith(b"40/live"):
            self.command("join", {"session": self._load.session, "after": self._load.after}, self._on_join)
        elif text.startswith(b"44"):
            self._fail(text.decode())

    def _on_join(self, answer: Any) -> None:
        if answer.get("ok"):
            self.last = answer["seq"]
            self.joined.set_result(answer["seq"])
        else:
            self._fail(json.dumps(answer))

    def _send(self, text: str) -> None:
        self.transport.write(masked(text.encode()))

    def _fail(self, why: str) -> None:
        if not self.joined.done():
            self.joined.set_exception(RuntimeError(why))


class Load:
    """One run: members join, then comments are posted two at a time until all have reached everybody."""

    def __init__(self, port: int, session: str, tokens: list[str], members: int, comments: int, after: int) -> None:
        self.port, self.session, self.after = port, session, after
        self._tokens, self._count, self._comments = tokens, members, comments
        self._members: list[Member] = []
        self._arrived: dict[int, int] = {}
        """Number of an event to the members that it has reached."""
        self._complete = 0
        self._turn = asyncio.Event()
        self.acks: list[float] = []
        self.refused: list[Any] = []
        self.out_of_order = self.lost_connections = self.deliveries = 0

    async def run(self) -> dict[str, Any]:
        for number in range(self._count):
            self._members.append(await self._join(self._tokens[number % len(self._tokens)]))
        print("joined", flush=True)
        await asyncio.to_thread(sys.stdin.readline)  # the other side looks at the memory now
        began = time.perf_counter()
        await asyncio.wait_for(self._post_all(), PATIENCE)
        seconds = time.perf_counter() - began
        return {
            "members": self._count,
            "comments": self._comments,
            "deliveries": self.deliveries,
            "seconds": seconds,
            "acks": sorted(self.acks),
            "whole": self._whole(),
            "refused": self.refused[:1],
        }

    async def _join(self, token: str) -> Member:
        loop = asyncio.get_running_loop()
        _transport, member = await loop.create_connection(lambda: Member(self, token), "127.0.0.1", self.port)
        await asyncio.wait_for(member.joined, PATIENCE)
        return member

    async def _post_all(self) -> None:
        posted = 0
        while min(self._complete, len(self.acks)) < self._comments and not self.refused:
            while posted < min(self._comments, self._complete + WINDOW):
                self._post(self._members[posted % min(8, self._count)])
                posted += 1
            self._turn.clear()
            await self._turn.wait()

    def _post(self, member: Member) -> None:
        began = time.perf_counter()

        def answered(answer: Any) -> None:
            if answer.get("ok"):
                self.acks.append(time.perf_counter() - began)
            else:
                self.refused.append(answer)
            self._turn.set()

        member.command("comment", {"session": self.session, "id": str(uuid.uuid4()), "body": BODY}, answered)

    def delivered(self, member: Member, text: bytes) -> None:
        """Count an event that reached a member; each must be the next of its channel."""
        at = text.index(b'"seq":') + 6
        seq = int(text[at : text.index(b",", at)])
        if seq != member.last + 1:
            self.out_of_order += 1
        member.last = seq
        self.deliveries += 1
        arrived = self._arrived[seq] = self._arrived.get(seq, 0) + 1
        if arrived == self._count:
            self._complete += 1
            self._turn.set()

    def _whole(self) -> bool:
        """Was every comment acknowledged, and did each reach everybody, once and in order?"""
        return (
            len(self.acks) == self._comments
            and self.deliveries == self._comments * self._count
            and not (self.out_of_order or self.lost_connections or self.refused)
        )


def main() -> None:
    given = json.loads(sys.stdin.readline())
    print(json.dumps(asyncio.run(_run(given))), flush=True)


async def _run(given: dict[str, Any]) -> dict[str, Any]:
    return await Load(**given).run()


if __name__ == "__main__":
    main()
