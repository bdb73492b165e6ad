"""What was acknowledged survives a killed process, once and in order; and the same across several processes."""

from __future__ import annotations

import threading
import time
import uuid
from pathlib import Path

import pytest
import redis
from flask import Flask

from app.extensions import db
from app.record import events_after, verify_channel
from tests.support.builders import World
from tests.support.server import LiveServer
from tests.support.sockets import Delegate

pytestmark = pytest.mark.database


def test_an_acknowledged_comment_survives_a_killed_process(
    app: Flask, world: World, database_url: str, tmp_path: Path
) -> None:
    group = world.group(members=("KEN",))
    session = world.session(group)
    token = world.token(world.user(party="KEN"))
    server = LiveServer(database_url, tmp_path).start()
    kenya = Delegate(server.url, token).connect()
    kenya.join(session.id)
    acknowledged: list[tuple[str, int]] = []

    def speak() -> None:
        try:
            for number in range(500):
                answer = kenya.write("comment", session.id, id=str(uuid.uuid4()), body=f"Words {number}.")
                if answer["ok"]:
                    acknowledged.append((f"Words {number}.", answer["seq"]))
        except Exception:  # the line dies with the server: that is the test
            return

    speaker = threading.Thread(target=speak, daemon=True)
    speaker.start()
    while len(acknowledged) < 25:
        time.sleep(0.005)
    server.kill()
    speaker.join(20)
    with LiveServer(database_url, tmp_path) as again:
        back = Delegate(again.url, token).connect()
        kept = {e["data"]["body"]: e["seq"] for e in back.join(session.id)["events"] if e["type"] == "comment.added"}
        back.close()
    assert len(acknowledged) >= 25
    assert all(kept.get(words) == seq for words, seq in acknowledged)
    with app.app_context():
        events = events_after(session.channel, 0)
        assert [event.seq for event in events] == list(range(1, len(events) + 1))
        assert verify_channel(session.channel) is None
        db.session.remove()


def test_rooms_span_processes_by_a_real_queue(app: Flask, world: World, database_url: str, tmp_path: Path) -> None:
    from tests.support.services import valkey

    queue = valkey().url(3)
    redis.Redis.from_url(queue).flushdb()
    group = world.group(members=("KEN", "BRA", "CHE"))
    session = world.session(group)
    people = [world.user(party=code) for code in ("KEN", "BRA", "CHE")]
    servers = [LiveServer(database_url, tmp_path, REDIS_URL=queue).start() for _ in range(2)]
    try:
        seats = [
            Delegate(servers[number % 2].url, world.token(user)).connect() for number, user in enumerate(people * 2)
        ]
        for seat in seats:
            assert seat.join(session.id)["ok"]

        def speak(seat: Delegate, name: int) -> None:
            for number in range(10):
                assert seat.write("comment", session.id, body=f"{name}.{number}")["ok"]

        threads = [threading.Thread(target=speak, args=(seat, name)) for name, seat in enumerate(seats)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for seat in seats:
            heard = seat.wait_for(60, timeout=20)
            seqs = [event["seq"] for event in heard]
            assert seqs == list(range(seqs[0], seqs[0] + 60))
        presence = seats[0].wait_for(1, "presence")
        deadline = time.monotonic() + 10
        while presence[-1]["delegations"] != ["BRA", "CHE", "KEN"] and time.monotonic() < deadline:
            time.sleep(0.05)
        assert presence[-1]["delegations"] == ["BRA", "CHE", "KEN"]
        for seat in seats:
            seat.close()
    finally:
        for server in servers:
            server.stop()
