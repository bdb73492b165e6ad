"""Rate limits while the store that all processes share is away: the meeting goes on, and floods are still refused."""

from __future__ import annotations

from pathlib import Path

from limits import parse
from limits.storage import MemoryStorage

from app import create_app
from app.extensions import db
from app.live.commands import Counter
from tests.conftest import settings_for
from tests.support.builders import World
from tests.support.server import free_port

TWICE = parse("2/minute")


class Shared(MemoryStorage):
    """A store that can go away, and notes how often it was asked."""

    away, asked = False, 0

    @property
    def base_exceptions(self) -> type[Exception]:
        return ConnectionError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        self.asked += 1
        if self.away:
            raise ConnectionError("gone")
        return super().incr(key, expiry, amount)


def test_commands_are_counted_here_while_the_store_is_away() -> None:
    shared = Shared()
    counter = Counter(shared)
    assert [counter.hit(TWICE, "kenya") is None for _turn in range(3)] == [True, True, False]
    shared.away = True
    assert [counter.hit(TWICE, "brazil") is None for _turn in range(3)] == [True, True, False]
    assert shared.asked == 4, "a store that is away is not asked with every command"
    shared.away, counter._away_until = False, 0.0  # as if the pause were over
    wait = counter.hit(TWICE, "kenya")
    assert wait is not None, "what was counted before still counts"
    assert 1 <= wait <= 60


def test_the_api_is_written_to_while_the_store_is_away(database_url: str, tmp_path: Path) -> None:
    queue = f"redis://127.0.0.1:{free_port()}/0"
    app = create_app(settings_for(database_url, tmp_path, redis_url=queue, ratelimit_enabled=True), TESTING=True)
    world = World(app)
    world.group("group", openness="public", members=("KEN",))
    token = world.token(world.user(party="KEN"))
    answer = app.test_client().post(
        "/api/v1/groups/group/threads",
        json={"title": "Words", "body": "More words."},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 201
    with app.app_context():
        db.engine.dispose()
