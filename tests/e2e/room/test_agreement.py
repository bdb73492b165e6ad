"""A stance in one tap, a level with its reason, a bridging text amended: on every screen, without leaving the page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.room.conftest import Meeting

pytestmark = pytest.mark.e2e
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


def test_a_stance_in_one_tap_and_a_level_reach_every_screen(meeting: Meeting) -> None:
    with meeting.seat(meeting.chair) as chair, meeting.seat(meeting.kenya) as kenya:
        for seat in (chair, kenya):
            seat.enter(meeting.session)
        chair.paragraph("p1").hover()
        chair.paragraph("p1").get_by_role("button", name="Move the room here").click()
        row = kenya.page.locator(".stance-row")
        row.get_by_role("button", name="Cannot accept").click()
        expect(row.get_by_role("button", name="Cannot accept")).to_have_attribute("aria-pressed", "true")
        expect(chair.paragraph("p1").locator(".in-the-way.hard")).to_contain_text("Ken", timeout=10_000)

        chair.paragraph("p1").locator("a[data-sheet]").first.click()
        sheet = chair.page.locator("#agreement-sheet")
        sheet.get_by_role("button", name="Agree ad referendum").click()
        expect(sheet.locator(".sheet-problem")).to_contain_text("Say why")
        sheet.locator("input[name=reason]").fill("Pending one delegation.")
        sheet.get_by_role("button", name="Agree ad referendum").click()
        expect(sheet).not_to_be_visible()
        for seat in (chair, kenya):
            told = seat.paragraph("p1").locator(".agreement-line").first
            expect(told).to_contain_text("agreed ad referendum", timeout=10_000)
            expect(told).to_contain_text("Pending one delegation.")
            expect(seat.page.locator('.rail [data-level="agreed_ad_ref"] b')).to_have_text("1")


def test_a_delegate_on_a_phone_says_it_on_a_sheet(meeting: Meeting) -> None:
    with meeting.seat(meeting.brazil, **PHONE) as brazil:
        brazil.enter(meeting.session)
        paragraph = brazil.paragraph("p2")
        paragraph.locator(".words").tap()
        paragraph.locator("a[data-sheet]").first.tap()
        sheet = brazil.page.locator("#agreement-sheet")
        button = sheet.get_by_role("button", name="Can live with")
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        button.tap()
        expect(sheet).not_to_be_visible()
        expect(paragraph.locator("a[data-sheet]").first).to_contain_text("Can live with")


def test_a_round_of_stances_is_one_line_of_the_talk(meeting: Meeting) -> None:
    with (
        meeting.seat(meeting.chair) as chair,
        meeting.seat(meeting.kenya) as kenya,
        meeting.seat(meeting.brazil) as brazil,
    ):
        for seat in (chair, kenya, brazil):
            seat.enter(meeting.session)
        chair.paragraph("p1").hover()
        chair.paragraph("p1").get_by_role("button", name="Move the room here").click()
        chair.everything()
        round_of = ((kenya, "Study reserve"), (brazil, "Flexible"), (kenya, "Can live with"))
        for seat, stance in round_of:
            button = seat.page.locator(".stance-row").get_by_role("button", name=stance)
            button.click()
            expect(button).to_have_attribute("aria-pressed", "true")
        gathered = chair.page.locator(".feed > .stance-run")
        expect(gathered).to_have_count(1)
        expect(gathered).to_contain_text("OP1 · Can live with: Ken")
        expect(gathered).to_contain_text("Flexible: Bra")
        expect(gathered).not_to_contain_text("Study reserve")  # what Kenya said last
        expect(chair.page.locator(".feed > li[data-stance]:visible")).to_have_count(0)
        kenya.say("Said after it.")
        expect(chair.card("Said after it.")).to_be_visible()
        expect(gathered).to_have_count(1)
        chair.page.click("#tab-acts")  # each by itself, with its time
        expect(gathered).to_have_count(0)
        expect(chair.page.locator(".feed > li[data-stance]:visible")).to_have_count(3)
        chair.page.reload()
        chair.is_("live")
        chair.everything()
        expect(gathered).to_have_count(1)


def test_without_scripts_the_forms_do_it(meeting: Meeting) -> None:
    with meeting.seat(meeting.kenya, java_script_enabled=False) as kenya:
        kenya.page.goto(f"/sessions/{meeting.session}")
        kenya.paragraph("p1").locator("a[data-sheet]").first.click()
        kenya.page.get_by_role("button", name="Support").click()
        expect(kenya.page).to_have_url(re.compile(rf"/sessions/{meeting.session}#p-p1"))
        expect(kenya.paragraph("p1").locator("a[data-sheet]").first).to_contain_text("Support")


def test_a_bridging_text_is_shown_amended_and_spoken_of(meeting: Meeting) -> None:
    with meeting.seat(meeting.chair) as chair, meeting.seat(meeting.kenya) as kenya:
        for seat in (chair, kenya):
            seat.enter(meeting.session)
        for number, words in ((1, "Calls upon States to consider naming a point of contact;"), (2, "Urges States;")):
            chair.page.goto(f"/sessions/{meeting.session}/agreement/p2")
            if number == 1:
                chair.page.get_by_text("Put a bridging text on the screen").click()
                chair.page.fill("#bridge-text", words)
                chair.page.get_by_role("button", name="Show it").click()
            else:
                chair.page.locator("textarea[name=text]").last.fill(words)
                chair.page.get_by_role("button", name="Show these words").click()
            bridging = kenya.paragraph("p2").locator(".bridging")
            expect(bridging).to_contain_text(f"version {number}", timeout=10_000)
        bridging.locator("a[data-sheet]").click()
        sheet = kenya.page.locator("#agreement-sheet .bridging")
        sheet.get_by_role("button", name="Flexible").click()
        expect(bridging.locator(".stance-lines")).to_contain_text("Flexible 1")
