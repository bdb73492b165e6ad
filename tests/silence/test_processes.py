"""One end, whatever happens to processes: four of them and one killed, or none awake at the deadline."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
import requests
from flask import Flask

from app.core.rules.silence import SETTLING
from app.extensions import db
from app.record import events_after, verify_channel
from app.silence import queries, services
from tests.silence.conftest import Table
from tests.support.server import LiveServer

pytestmark = pytest.mark.database


def open_for(table: Table, seconds: float) -> tuple[int, datetime]:
    """Put the text under silence for a moment."""
    deadline = datetime.now(UTC) + timedelta(seconds=seconds)
    given = {"deadline": deadline, "short_reason": "A test has little time."}
    with table.world.context():
        chair = table.as_("chair")
        return services.open_silence(chair, services.prepare(chair, table.version.id, given).id).id, deadline


def log_of(app: Flask, channel: str) -> list[dict[str, Any]]:
    """Read the record itself: no page, whose reader would end what is due."""
    with app.app_context():
        try:
            return [event.as_dict() for event in events_after(channel, 0)]
        finally:
            db.session.remove()


def wait_for_end(app: Flask, silence: int, patience: float) -> list[dict[str, Any]]:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if ends := [event for event in log_of(app, f"silence:{silence}") if event["type"] == "silence.ended"]:
            return ends
        time.sleep(0.05)
    raise AssertionError("the silence procedure did not end")


@pytest.fixture
def four(app: Flask, database_url: str, tmp_path: Path) -> Iterator[list[LiveServer]]:
    from tests.support.services import valkey

    queue = valkey().url(4)
    redis.Redis.from_url(queue).flushdb()
    with ExitStack() as stack:
        yield [stack.enter_context(LiveServer(database_url, tmp_path, REDIS_URL=queue)) for _number in range(4)]


def test_four_processes_and_one_killed_a_moment_before(app: Flask, table: Table, four: list[LiveServer]) -> None:
    token = table.world.token(table.people["brazil"])
    silence, deadline = open_for(table, 8)
    answer = requests.post(
        f"{four[1].url}/api/v1/silence/{silence}/break",
        json={"paragraphs": [{"paragraph": "p2", "reason": "Not agreed."}]},
        headers={"Authorization": f"Bearer {token}"},
        timeout=10,
    )
    assert answer.status_code == 200
    time.sleep(max(0.0, (deadline - datetime.now(UTC)).total_seconds() - 0.2))
    four[0].kill()
    ends = wait_for_end(app, silence, 12)
    time.sleep(1)
    ends = [event for event in log_of(app, f"silence:{silence}") if event["type"] == "silence.ended"]
    assert [event["data"]["outcome"] for event in ends] == ["broken"]
    lateness = datetime.fromisoformat(ends[0]["at"]) - deadline - SETTLING
    assert timedelta(0) <= lateness < timedelta(seconds=3)
    with app.app_context():
        row = queries.get_silence(table.as_("chair"), silence)
        folded, outcome = queries.recomputed(row, datetime.now(UTC))
        assert (folded.ends, str(outcome)) == (1, row.outcome)
        assert verify_channel(row.channel) is None
        db.session.remove()


def test_a_server_that_slept_through_the_deadline_ends_it_when_it_wakes(
    app: Flask, table: Table, database_url: str, tmp_path: Path
) -> None:
    silence, deadline = open_for(table, 1)
    time.sleep(max(0.0, (deadline + SETTLING - datetime.now(UTC)).total_seconds()) + 0.1)
    assert [event["type"] for event in log_of(app, f"silence:{silence}")] == ["silence.announced"]
    with LiveServer(database_url, tmp_path):
        ends = wait_for_end(app, silence, 10)
    assert [event["data"] for event in ends] == [
        {"deadline": deadline.isoformat().replace("+00:00", "Z"), "outcome": "unbroken"}
    ]


def test_whoever_reads_first_ends_it(table: Table) -> None:
    from tests.support.clients import Browser

    silence, deadline = open_for(table, 0.5)
    time.sleep(max(0.0, (deadline + SETTLING - datetime.now(UTC)).total_seconds()) + 0.05)
    browser = Browser(table.world.app)
    assert browser.api("GET", f"/silence/{silence}").json["state"] == "unbroken"
    assert json.loads(browser.get(f"/silence/{silence}.json").data)["outcome"] == "unbroken"
    assert [e["type"] for e in log_of(table.world.app, f"silence:{silence}")] == ["silence.announced", "silence.ended"]
