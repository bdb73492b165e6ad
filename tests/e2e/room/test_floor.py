"""The floor and the display in real browsers: one tap, one clock, at the thumb, and for who cannot see colours."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from app.floor import services as floor
from app.live import services as live
from app.screens import queries, services
from tests.e2e.room.conftest import Meeting
from tests.e2e.room.seat import inside, until
from tests.support.axe import faults

pytestmark = pytest.mark.e2e
AXE = next((Path(__file__).resolve().parents[2] / "vendor" / "axe").glob("*/axe.min.js"))
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def seconds(text: str) -> int:
    minutes, rest = text.removeprefix("+").split(":")
    return int(minutes) * 60 + int(rest)


def clock(page: Page, place: str = ".light") -> int:
    """What the clock shows, read at one moment."""
    return seconds(page.locator(f"{place} [data-slot=time]").inner_text())


def scrolled(text: Locator) -> float:
    return float(text.evaluate("element => element.scrollTop"))


def display_of(meeting: Meeting, *, in_room: bool = False) -> str:
    """The address of an open display."""
    actor = meeting.world.actor(meeting.chair)
    with meeting.world.context():
        display, _code = services.open_display(actor, meeting.session, in_room=in_room)
        return f"/display/{queries.token_for(display)}"


def test_one_tap_and_the_list_moves_on_every_screen(meeting: Meeting) -> None:
    with (
        meeting.seat(meeting.chair) as chair,
        meeting.seat(meeting.kenya) as kenya,
        meeting.seat(meeting.brazil, **PHONE) as brazil,
    ):
        for seat in (chair, kenya, brazil):
            seat.enter(meeting.session)
        brazil.page.get_by_role("button", name="Request the floor").first.tap()
        expect(brazil.page.locator(".own-entry")).to_contain_text("Place 1 of 1")
        kenya.page.get_by_role("button", name="Request the floor").first.click()
        expect(kenya.page.locator(".own-entry")).to_contain_text("Place 2 of 2")
        expect(chair.page.locator(".floor-next")).to_contain_text("Brazil, Kenya")
        chair.page.get_by_role("button", name="Give the floor to Brazil").click()
        expect(brazil.page.get_by_text("You have the floor")).to_be_visible()
        expect(kenya.page.locator(".speaker")).to_contain_text("Brazil")
        expect(kenya.page.locator(".own-entry")).to_contain_text("Place 1 of 1")
        kenya.page.get_by_role("button", name="Withdraw").click()
        expect(kenya.page.locator(".own-entry")).to_have_count(0)
        chair.page.get_by_role("button", name="End", exact=True).click()
        expect(brazil.page.locator(".speaker")).to_contain_text("Nobody has the floor")


def test_all_screens_count_the_same_to_within_a_second(meeting: Meeting) -> None:
    """A machine whose clock is seven minutes off shows what the others show, and so does the display."""
    ahead = "const real = Date.now; Date.now = () => real() + 420_000;"
    with meeting.seat(meeting.chair) as chair, meeting.seat(meeting.kenya) as kenya, meeting.seat(None) as screen:
        kenya.page.add_init_script(ahead)
        chair.enter(meeting.session)
        kenya.enter(meeting.session)
        screen.page.goto(display_of(meeting))
        kenya.page.get_by_role("button", name="Request the floor").first.click()
        chair.page.get_by_role("button", name="Give the floor to Kenya").click()
        for seat in (chair, kenya, screen):
            expect(seat.page.locator(".light").first).to_have_attribute("data-light", "green")
        for _look in range(3):
            shown = [clock(seat.page) for seat in (chair, kenya, screen)]
            assert max(shown) - min(shown) <= 1, shown
            assert 470 <= min(shown) <= 480
            chair.page.wait_for_timeout(700)


def test_a_point_of_order_stops_the_clock(meeting: Meeting) -> None:
    with meeting.seat(meeting.chair) as chair, meeting.seat(meeting.kenya) as kenya:
        chair.enter(meeting.session)
        kenya.enter(meeting.session)
        chair.page.locator(".floor-list > summary").click()
        chair.page.locator(".floor-for select[name=delegation]").select_option("BRA")
        chair.page.get_by_role("button", name="Give the floor now").click()
        expect(kenya.page.locator(".speaker")).to_contain_text("Brazil")
        kenya.page.get_by_text("Other ways to ask").click()
        kenya.page.get_by_label("Point of order").check()
        kenya.page.locator(".ask-more").get_by_role("button", name="Request the floor").click()
        chair.page.locator(".floor-list > summary").click()
        chair.page.get_by_role("button", name="Hear the point of order of Kenya").click()
        expect(kenya.page.locator(".speaker")).to_contain_text("Point of order")
        chair.page.get_by_role("button", name="End", exact=True).click()
        expect(kenya.page.locator(".speaker")).to_contain_text("clock stopped")
        stopped = clock(kenya.page)
        kenya.page.wait_for_timeout(1500)
        assert clock(kenya.page) == stopped
        chair.page.get_by_role("button", name="Resume").click()
        expect(kenya.page.locator(".speaker")).to_contain_text("On the floor")
        expect(kenya.page.locator(".speaker")).to_contain_text("Brazil")


def test_the_chair_orders_and_closes_the_list_with_the_keyboard(meeting: Meeting) -> None:
    actor = meeting.world.actor(meeting.chair)
    with meeting.world.context():
        floor.request_for(actor, meeting.session, "KEN")
        floor.request_for(actor, meeting.session, "BRA")
    with meeting.seat(meeting.chair) as chair, meeting.seat(meeting.kenya) as kenya:
        chair.enter(meeting.session)
        kenya.enter(meeting.session)
        chair.page.locator(".floor-list > summary").press("Enter")
        later = chair.page.locator(".floor-entry").first.get_by_role("button", name="Later")
        later.press("Enter")
        expect(chair.page.locator(".floor-entry").first).to_contain_text("Brazil")
        expect(chair.page.locator(".floor-entry").nth(1).get_by_role("button", name="Earlier")).to_be_focused()
        chair.page.get_by_role("button", name="Close the list").click()
        expect(kenya.page.locator(".floor-list")).to_contain_text("list closed")
        kenya.page.get_by_role("button", name="Withdraw").click()
        expect(kenya.page.locator(".own-entry")).to_have_count(0)
        expect(kenya.page.locator(".floor-act > form[data-floor='floor.request']")).to_be_hidden()


def test_a_missed_event_of_the_floor_is_caught_up_once(meeting: Meeting) -> None:
    with meeting.seat(meeting.chair) as chair, meeting.seat(meeting.kenya) as kenya:
        chair.enter(meeting.session)
        kenya.enter(meeting.session)
        kenya.cut()
        actor = meeting.world.actor(meeting.chair)
        with meeting.world.context():
            floor.request_for(actor, meeting.session, "KEN")
            floor.request_for(actor, meeting.session, "BRA")
            floor.give(actor, meeting.session)
        kenya.mend()
        expect(kenya.page.get_by_text("You have the floor")).to_be_visible()
        expect(kenya.page.locator(".floor-next")).to_contain_text("Brazil")
        expect(kenya.page.locator("[data-slot=count]").first).to_have_text("1")
        chair.page.reload()
        kenya.page.reload()
        assert abs(clock(kenya.page) - clock(chair.page)) <= 1


def test_the_floor_at_the_thumb(meeting: Meeting) -> None:
    with meeting.seat(meeting.kenya, **PHONE) as kenya:
        kenya.enter(meeting.session)
        ask = kenya.page.get_by_role("button", name="Request the floor").first.bounding_box()
        thumb = kenya.page.locator(".thumb").bounding_box()
        assert ask
        assert thumb
        assert ask["y"] > 844 * 0.8
        assert ask["height"] >= 44
        assert ask["y"] + ask["height"] <= thumb["y"] + 1
        assert inside(kenya.page)


@pytest.mark.parametrize(
    ("who", "options"),
    [("chair", {}), ("chair", PHONE), ("kenya", {}), ("kenya", PHONE), ("kenya", {"color_scheme": "dark"}),
     ("kenya", {"locale": "ar"} | PHONE)],
    ids=["chair", "chair-phone", "delegate", "delegate-phone", "dark", "arabic-phone"],
)  # fmt: skip
def test_axe_finds_nothing_in_the_floor(meeting: Meeting, who: str, options: dict[str, Any]) -> None:
    actor = meeting.world.actor(meeting.chair)
    with meeting.world.context():
        floor.request_for(actor, meeting.session, "KEN", kind="right_of_reply", joint=["BRA"])
        floor.request_for(actor, meeting.session, "BRA")
        floor.give(actor, meeting.session, delegation="BRA")
    with meeting.seat(getattr(meeting, who), **options) as seat:
        seat.enter(meeting.session)
        assert faults(seat.page) == []
        seat.page.locator(".floor-list > summary").click()
        assert faults(seat.page) == []
        assert inside(seat.page)
        if who == "kenya":
            seat.page.locator(".floor-list > summary").click()
            seat.page.locator(".more-ways > summary").click()
            assert faults(seat.page) == []
            assert inside(seat.page)


def test_the_display_follows_the_room(meeting: Meeting) -> None:
    with meeting.seat(meeting.chair) as chair, meeting.seat(meeting.kenya) as kenya, meeting.seat(None) as screen:
        chair.enter(meeting.session)
        kenya.enter(meeting.session)
        screen.page.goto("/display")
        chair.page.goto(f"/sessions/{meeting.session}/displays")
        chair.page.get_by_role("button", name="Make a code").click()
        screen.page.get_by_label("Code").fill(chair.page.locator(".new-code .code").inner_text().lower())
        screen.page.get_by_role("button", name="Show").click()
        expect(screen.page.locator(".stage-text")).to_contain_text("Recommends measure 15")
        chair.enter(meeting.session)
        chair.paragraph("p2").hover()
        chair.paragraph("p2").get_by_role("button", name="Move the room here").click()
        expect(screen.page.locator(".stage-text")).not_to_contain_text("Recommends measure 15")
        expect(screen.page.locator(".stage-text")).to_contain_text("name a point of contact")
        kenya.page.get_by_role("button", name="Request the floor").first.click()
        expect(screen.page.locator(".stage-next")).to_contain_text("Kenya")
        chair.page.get_by_role("button", name="Give the floor to Kenya").click()
        expect(screen.page.locator(".stage-speaker")).to_contain_text("Kenya")
        chair.page.locator(".displays > summary").click()
        chair.page.locator(".displays select").select_option("200")
        chair.page.locator(".displays").get_by_role("button", name="Set").click()
        expect(screen.page.locator("body")).to_have_css("--scale", "2")


def test_the_display_scrolls_at_the_chairs_word_and_goes_when_switched_off(meeting: Meeting) -> None:
    address = display_of(meeting)
    with meeting.seat(meeting.chair) as chair, meeting.seat(None) as screen:
        screen.page.goto(address)
        chair.enter(meeting.session)
        text = screen.page.locator(".stage-text")
        chair.page.locator(".displays > summary").click()
        chair.page.get_by_role("button", name="Scroll down").click()
        until(screen.page, lambda: scrolled(text) > 100)
        chair.page.get_by_role("button", name="To the top").click()
        until(screen.page, lambda: scrolled(text) == 0)
        chair.page.goto(f"/sessions/{meeting.session}/displays")
        chair.page.get_by_role("button", name="Switch off").first.click()
        screen.page.wait_for_url(re.compile(r"/display$"))


def test_the_display_goes_dark_behind_a_closed_door_and_comes_back(meeting: Meeting) -> None:
    address, hanging = display_of(meeting), display_of(meeting, in_room=True)
    actor = meeting.world.actor(meeting.chair)
    with meeting.seat(None) as outside, meeting.seat(None) as inside_:
        outside.page.goto(address)
        inside_.page.goto(hanging)
        expect(outside.page.locator(".stage-text")).to_contain_text("Invites States")
        with meeting.world.context():
            live.set_mode(actor, meeting.session, mode="informal", openness="members")
            floor.give(actor, meeting.session, delegation="KEN")
        expect(outside.page.locator(".stage")).to_contain_text("The meeting is closed", timeout=10_000)
        expect(outside.page.locator(".stage")).not_to_contain_text("Invites")
        expect(inside_.page.locator(".stage-speaker")).to_contain_text("Kenya", timeout=10_000)
        with meeting.world.context():
            live.set_mode(actor, meeting.session, mode="formal", openness="public")
        expect(outside.page.locator(".stage-text")).to_contain_text("Invites States", timeout=10_000)


@pytest.mark.parametrize(
    "options",
    [{"viewport": {"width": 1920, "height": 1080}}, {"viewport": {"width": 390, "height": 844}},
     {"viewport": {"width": 1440, "height": 900}, "locale": "ar"}],
    ids=["projector", "phone", "arabic"],
)  # fmt: skip
@pytest.mark.parametrize("ground", ["dark", "light"])
def test_axe_finds_nothing_on_a_display(meeting: Meeting, options: dict[str, Any], ground: str) -> None:
    actor = meeting.world.actor(meeting.chair)
    with meeting.world.context():
        live.move_focus(actor, meeting.session, "p1")
        floor.request_for(actor, meeting.session, "KEN", kind="right_of_reply")
        floor.give(actor, meeting.session, delegation="BRA")
    with meeting.seat(None, **options) as seat:
        seat.page.goto(f"{display_of(meeting)}?ground={ground}")
        expect(seat.page.locator(".stage-text")).to_contain_text("Invites States")
        assert faults(seat.page) == []
        assert inside(seat.page)


def test_the_public_sees_the_floor_and_has_nothing_to_press(meeting: Meeting) -> None:
    with meeting.seat(None) as public:
        public.enter(meeting.session)
        expect(public.page.locator(".floor-now")).to_be_visible()
        expect(public.page.locator(".floor-act")).to_have_count(0)
