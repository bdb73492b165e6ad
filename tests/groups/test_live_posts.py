"""Posts reach those who are reading the thread, and nobody else: over a real server and real sockets."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from app.accounts.models import User
from app.groups import services
from app.groups.models import Group, Thread
from app.policy import DelegationRole
from tests.support.builders import World
from tests.support.clients import session_cookie
from tests.support.server import LiveServer
from tests.support.sockets import Delegate

pytestmark = pytest.mark.database


@pytest.fixture
def group(world: World) -> Group:
    return world.group("support", openness="observers", members=("KEN", "BRA"))


@pytest.fixture
def kenya(world: World, group: Group) -> User:
    return world.user(party="KEN")


@pytest.fixture
def thread(world: World, group: Group, kenya: User) -> Thread:
    with world.context():
        return services.start_thread(world.actor(kenya), group, "Points of contact", "Who answers at night?")


@pytest.fixture
def server(database_url: str, tmp_path: Path, thread: Thread) -> Iterator[LiveServer]:
    with LiveServer(database_url, tmp_path) as running:
        yield running


def post(server: LiveServer, token: str, thread: Thread, body: str) -> int:
    answer = requests.post(
        f"{server.url}/api/v1/threads/{thread.id}/posts",
        json={"body": body},
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid.uuid4())},
        timeout=20,
    )
    assert answer.status_code == 201, answer.text
    return int(answer.json()["number"])


def test_readers_hear_posts_until_the_group_is_closed_to_them(
    server: LiveServer, world: World, group: Group, thread: Thread, kenya: User
) -> None:
    brazil, outsider = world.user(party="BRA", role=DelegationRole.VIEWER), world.user(party="GHA")
    token = world.token(kenya)
    reader = Delegate(server.url, world.token(brazil)).connect()
    stranger = Delegate(server.url, world.token(outsider)).connect()
    joined = reader.call("join", thread=str(thread.id), after=0)
    assert [event["type"] for event in joined["events"]] == ["post.added"]
    refused = stranger.call("join", thread=str(thread.id), after=0)
    assert refused["error"]["code"] == "not_found"

    post(server, token, thread, "First")
    [heard] = reader.wait_for(1)
    assert (heard["type"], heard["seq"], heard["data"]["number"]) == ("post.added", 2, 2)

    change_openness(server, world, group, "invited")
    [gone] = reader.wait_for(1, "removed")
    assert gone["thread"] == str(thread.id)
    post(server, token, thread, "Second")
    assert reader.call("events", thread=str(thread.id), after=0)["error"]["code"] == "not_found"
    assert len(reader.heard) == 1
    for socket in (reader, stranger):
        socket.close()


def change_openness(server: LiveServer, world: World, group: Group, openness: str) -> None:
    """The chair's act, in the server's own process as in life."""
    chair = world.chair_of(group)
    with requests.Session() as browser:
        browser.cookies.set("chapeau", session_cookie(world.app, chair), domain="127.0.0.1", path="/")
        form = browser.get(f"{server.url}/groups/{group.slug}/edit", timeout=20).text
        token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', form)[-1]
        said = {"title": group.title, "mandate": "", "openness": openness, "csrf_token": token}
        answer = browser.post(f"{server.url}/groups/{group.slug}/edit", data=said, timeout=20, allow_redirects=False)
    assert answer.status_code == 302, answer.text


def test_posts_that_come_at_once_are_all_there_and_numbered(
    server: LiveServer, world: World, thread: Thread, kenya: User
) -> None:
    token = world.token(kenya)
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda n: post(server, token, thread, f"Word {n}"), range(24)))
    assert sorted(numbers) == list(range(2, 26))
