"""The room on a phone: one thing at a time, nothing wider than the screen, everything big enough for a thumb."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.room.conftest import Meeting
from tests.e2e.room.seat import Seat

pytestmark = pytest.mark.e2e

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
# Links inside of sentences, labels and times are as high as their line.
SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, select, textarea, summary, input")]
  .filter((target) => target.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .filter((target) => !target.closest(".words, .num, .follow a, .ev .who, .ev .body, .visually-hidden, .skip"))
  .map((target) => ({ target, box: target.getBoundingClientRect() }))
  .filter(({ box }) => box.width > 0 && (box.height < 43.5 || box.width < 24))
  .map(({ target, box }) => `${target.outerHTML.slice(0, 90)} ${Math.round(box.width)}x${Math.round(box.height)}`)"""


def fits(seat: Seat) -> None:
    assert seat.page.evaluate("document.documentElement.scrollWidth") <= 390
    for pane in (".paper", ".stream", ".rail", ".feed"):
        assert seat.page.locator(pane).evaluate("pane => pane.scrollWidth <= Math.max(pane.clientWidth, 1)"), pane


def panel(seat: Seat, name: str) -> None:
    seat.page.locator(f'.thumb a[data-panel="{name}"]').tap()


def test_one_part_at_a_time_and_nothing_sticks_out(meeting: Meeting) -> None:
    with meeting.seat(meeting.kenya, **PHONE) as kenya:
        kenya.enter(meeting.session)
        for name, shown in (("text", ".paper"), ("talk", ".stream"), ("outline", ".rail")):
            panel(kenya, name)
            for pane in (".paper", ".stream", ".rail"):
                expect(kenya.page.locator(pane)).to_be_visible(visible=pane == shown)
            fits(kenya)
        panel(kenya, "me")
        expect(kenya.page.locator("#me .menu-body").first).to_be_visible()
        expect(kenya.page.locator("#me .menu-body").first).to_be_in_viewport(ratio=1)


def test_the_paragraph_stays_on_top_while_typing(meeting: Meeting) -> None:
    with meeting.seat(meeting.chair) as chair, meeting.seat(meeting.kenya, **PHONE) as kenya:
        chair.enter(meeting.session)
        kenya.enter(meeting.session)
        chair.page.keyboard.press("j")
        expect(kenya.paragraph("p1")).to_have_class(re.compile(r"\bfocus\b"))
        kenya.paragraph("p1").get_by_role("link", name="Comment on OP1").tap()
        expect(kenya.page.locator(".compose textarea")).to_be_focused()
        expect(kenya.page.locator(".compose textarea")).to_have_attribute("placeholder", "Comment on OP1")
        expect(kenya.page.locator(".peek")).to_contain_text("OP1")
        expect(kenya.page.locator(".peek")).to_contain_text("Invites States")
        expect(kenya.page.locator(".peek")).to_be_in_viewport()
        expect(kenya.page.locator(".thumb")).to_be_hidden()
        kenya.page.set_viewport_size({"width": 390, "height": 420})
        expect(kenya.page.locator(".peek p")).to_be_in_viewport()
        expect(kenya.page.get_by_role("button", name="Send")).to_be_in_viewport(ratio=1)
        fits(kenya)


def test_the_talk_says_how_much_is_new(meeting: Meeting) -> None:
    with meeting.seat(meeting.brazil) as brazil, meeting.seat(meeting.kenya, **PHONE) as kenya:
        brazil.enter(meeting.session)
        kenya.enter(meeting.session)
        for number in range(2):
            brazil.say(f"Brazil says {number}.")
        new = kenya.page.locator(".thumb [data-slot=new]")
        expect(new).to_have_text("2")
        panel(kenya, "talk")
        expect(new).to_be_hidden()


def test_a_thumb_can_hit_everything(meeting: Meeting) -> None:
    with meeting.seat(meeting.chair, **PHONE) as chair, meeting.seat(meeting.kenya, **PHONE) as kenya:
        chair.enter(meeting.session)
        chair.page.get_by_role("button", name="Next").tap()
        expect(chair.paragraph("p1")).to_have_class(re.compile(r"\bfocus\b"))
        chair.paragraph("p3").locator(".words").tap()
        kenya.enter(meeting.session)
        panel(kenya, "talk")
        kenya.say("Kenya on OP1.")
        kenya.page.locator(".compose textarea").blur()
        for seat in (chair, kenya):
            for name in ("text", "talk", "outline", "me"):
                panel(seat, name)
                assert seat.page.evaluate(SMALL_TARGETS) == [], name


def test_the_bars_of_the_chair_leave_the_screen_to_the_text(meeting: Meeting) -> None:
    with meeting.seat(meeting.chair, **PHONE) as chair:
        chair.enter(meeting.session)
        chair.page.get_by_role("button", name="Next").tap()
        paragraph = chair.paragraph("p1")
        expect(paragraph).to_have_class(re.compile(r"\bfocus\b"))
        expect(chair.page.locator(".quorum .brief")).to_be_visible()
        expect(chair.page.locator(".quorum .full")).to_be_hidden()
        expect(chair.page.locator(".follow")).to_be_hidden()
        assert chair.page.locator(".paper").evaluate("paper => paper.getBoundingClientRect().top") <= 175
        label, tools = paragraph.locator(".num").first, paragraph.locator(".tools")
        assert abs(middle(label) - middle(tools)) < 4  # in one row
        chair.paragraph("p3").locator(".words").tap()
        expect(chair.page.locator(".follow")).to_be_visible()  # one looks elsewhere, and can come back


def test_the_box_takes_room_when_somebody_writes(meeting: Meeting) -> None:
    with meeting.seat(meeting.kenya, **PHONE) as kenya:
        kenya.enter(meeting.session)
        panel(kenya, "talk")
        box, send = kenya.page.locator(".compose textarea"), kenya.page.get_by_role("button", name="Send")
        expect(send).to_be_hidden()
        assert kenya.page.locator(".compose").evaluate("box => box.offsetHeight") < 120
        box.tap()
        expect(send).to_be_visible()
        box.fill("Kept while it is looked at.")
        box.blur()
        expect(send).to_be_visible()  # what is written can be sent


def test_a_long_state_of_the_session_leaves_its_title_readable(meet: Callable[..., Meeting]) -> None:
    meeting = meet(state="scheduled", openness="observers")
    with meeting.seat(meeting.kenya, **PHONE) as kenya:
        kenya.enter(meeting.session)
        title, state = kenya.page.locator(".meeting strong"), kenya.page.locator(".meeting-bar > .pill").first
        expect(state).to_contain_text("members and observers")
        assert title.evaluate("title => title.clientWidth") >= 80
        assert title.evaluate("title => title.getBoundingClientRect().right") <= state.evaluate(
            "state => state.getBoundingClientRect().left"
        )


def middle(part: Locator) -> float:
    box = part.bounding_box()
    assert box is not None
    return box["y"] + box["height"] / 2


def test_without_scripts_the_room_reads_and_its_forms_post(meeting: Meeting) -> None:
    with meeting.seat(meeting.kenya, java_script_enabled=False) as kenya:
        kenya.page.goto(f"/sessions/{meeting.session}")
        expect(kenya.page.locator(".paper")).to_contain_text("Invites States")
        kenya.page.locator("#compose-paragraph").select_option(label="OP2")
        kenya.write("Sent by the plain form.")
        kenya.page.get_by_role("button", name="Send").click()
        expect(kenya.card("Sent by the plain form.").locator("[data-slot=label]")).to_have_text("OP2")
    with meeting.seat(meeting.chair, java_script_enabled=False) as chair:
        chair.page.goto(f"/sessions/{meeting.session}")
        chair.page.get_by_role("button", name="Suspend").click()
        expect(chair.page.locator(".meeting-bar .pill").first).to_contain_text("Suspended")
