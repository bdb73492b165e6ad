"""The doors of the room: who may not stay is out at once, learns nothing, and comes back when they open."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.room.conftest import Meeting
from tests.e2e.room.seat import Seat
from tests.support.axe import faults

pytestmark = pytest.mark.e2e
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


def begin(chair: Seat, **choices: str) -> None:
    """The chair begins a segment by the form in the bar."""
    chair.page.click("#segment summary")
    for name, word in choices.items():
        chair.page.check(f"#segment input[name={name}][value={word}]")
    chair.page.click("#segment button")


def room_is_gone(page: Page) -> None:
    expect(page.get_by_text("in a closed segment since")).to_be_visible()
    expect(page.locator(".feed, .paper")).to_have_count(0)


def test_the_doors_close_and_open(meeting: Meeting) -> None:
    with (
        meeting.seat(meeting.chair) as chair,
        meeting.seat(meeting.kenya, **PHONE) as kenya,
        meeting.seat(None) as public,
    ):
        for seat in (chair, kenya, public):
            seat.enter(meeting.session)
        chair.everything()
        chair.say("For everybody.")
        public.everything()
        public.sees("For everybody.")

        begin(chair, mode="informal", openness="members")
        room_is_gone(public.page)
        assert faults(public.page) == []
        expect(kenya.page.locator(".meeting-bar .pill").first).to_contain_text("closed session")
        chair.say("For members only.")
        kenya.page.click("[data-panel=talk]")
        kenya.everything()
        kenya.sees("For members only.")

        begin(chair, mode="formal", openness="public")
        expect(chair.page.locator(".meeting-bar .pill").first).to_contain_text("public session")
        expect(public.page.locator(".feed")).to_be_visible(timeout=20_000)
        public.everything()
        public.sees("For everybody.")
        public.sees("For members only.", 0)

        kenya.page.reload()
        kenya.is_("live")
        kenya.page.click("[data-panel=talk]")
        kenya.everything()
        kenya.sees("For members only.")


def test_in_a_room_without_names_a_comment_has_none(meeting: Meeting) -> None:
    with meeting.seat(meeting.chair) as chair, meeting.seat(meeting.kenya) as kenya:
        chair.enter(meeting.session)
        kenya.enter(meeting.session)
        begin(chair, openness="members", attribution="not_for_attribution")
        expect(kenya.page.locator(".names-off")).to_be_visible()
        kenya.everything()
        kenya.say("Between ourselves.")
        kenya.sees("Between ourselves.")
        chair.everything()
        chair.sees("Between ourselves.")
        expect(chair.card("Between ourselves.").locator("[data-slot=delegation]")).to_have_text(
            re.compile("^(?!.*Kenya)")
        )
        assert faults(chair.page) == []


def test_a_cut_line_brings_both_channels_once_and_in_order(meeting: Meeting) -> None:
    with meeting.seat(meeting.chair) as chair, meeting.seat(meeting.kenya) as kenya:
        chair.enter(meeting.session)
        kenya.enter(meeting.session)
        chair.everything()
        kenya.everything()
        kenya.cut()
        chair.say("First, in public.")
        begin(chair, openness="members")
        expect(chair.page.locator(".meeting-bar .pill").first).to_contain_text("closed session")
        chair.say("Second, among members.")
        begin(chair, openness="public")
        expect(chair.page.locator(".meeting-bar .pill").first).to_contain_text("public session")
        chair.say("Third, in public.")
        chair.sees("Third, in public.")
        kenya.mend()
        for words in ("First, in public.", "Second, among members.", "Third, in public."):
            kenya.sees(words)
        said = kenya.page.locator(".feed > li[data-kind=comment] [data-slot=body]").all_text_contents()
        assert [words.strip() for words in said] == ["First, in public.", "Second, among members.", "Third, in public."]
