"""A room that never rests: what is drawn in bursts is drawn while they last, and who reads at the end stays there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.room.conftest import Meeting
from tests.support.sockets import Delegate

pytestmark = pytest.mark.e2e
STANCES = ("support", "can_live", "flexible")
WORDS = "We have listened with care to those who spoke before us. " * 6


@pytest.fixture
def kenya(meeting: Meeting) -> Iterator[Delegate]:
    """A delegation that is quick: it has a socket and no browser."""
    delegate = Delegate(meeting.server.url, meeting.world.token(meeting.kenya)).connect()
    delegate.join(meeting.session)
    yield delegate
    delegate.close()


def test_who_stands_where_is_drawn_while_stances_come_without_a_pause(meeting: Meeting, kenya: Delegate) -> None:
    with meeting.seat(meeting.brazil) as brazil:
        brazil.enter(meeting.session)
        first = brazil.paragraph("p1")
        first.scroll_into_view_if_needed()
        seen = False
        for number in range(60):
            kenya.write("position", meeting.session, target="paragraph:p1", stance=STANCES[number % 3])
            brazil.page.wait_for_timeout(80)
            seen = seen or first.locator("b", has_text="1").count() > 0
        assert seen


def test_who_reads_at_the_end_stays_there_however_fast_it_comes(meeting: Meeting, kenya: Delegate) -> None:
    with meeting.seat(meeting.brazil) as brazil:
        brazil.enter(meeting.session)
        brazil.everything()
        for number in range(30):
            kenya.write("comment", meeting.session, body=f"Statement {number}. {WORDS}")
            brazil.page.wait_for_timeout(10)
        expect(brazil.card("Statement 29.")).to_be_in_viewport(timeout=15_000)
        expect(brazil.page.locator(".behind")).to_be_hidden()
        brazil.page.locator(".feed").hover()
        brazil.page.mouse.wheel(0, -3000)
        brazil.page.wait_for_timeout(300)
        kenya.write("comment", meeting.session, body="One more.")
        expect(brazil.page.locator(".behind")).to_be_visible()
