"""Pages of proposals cost a number of statements that does not grow with what is on them."""

from __future__ import annotations

import pytest

from tests.proposals.conftest import Table
from tests.support.builders import World
from tests.support.clients import Browser
from tests.support.queries import count_queries

pytestmark = pytest.mark.database


def cost(world: World, number: int, size: int, path: str) -> int:
    table = Table(world, *[f"Calls upon States to act {n};" for n in range(size)], slug=f"table-{number}-{size}")
    for n in range(size):
        id_ = table.propose("KEN", f"Urges States to act {n};", paragraph=f"p{n + 1}")
        if n % 2:
            from app.proposals import services

            table.do(services.take_position, table.as_("BRA"), id_, "support")
    who = table.world.chair_of(table.group) if "desk" in path or "issue" in path else None
    browser = Browser(world.app, who)
    address = path.format(draft=table.draft)
    with count_queries(world.app) as counted:
        assert browser.get(address).status_code == 200
    return len(counted)


@pytest.mark.parametrize(
    "path",
    [
        "/drafts/{draft}/v/1/bracketed",
        "/drafts/{draft}/v/1",
        "/drafts/{draft}/v/1/who-wrote-what",
        "/drafts/{draft}/desk/proposals/p1",
        "/drafts/{draft}/issue",
    ],
)
def test_a_page_costs_the_same_for_few_and_for_many(world: World, path: str) -> None:
    assert cost(world, 1, 3, path) == cost(world, 2, 24, path)
