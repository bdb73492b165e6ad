"""The chair's acts, and what becomes of the room for those in it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from app.live import services
from app.live.asked import AT_ONCE
from tests.e2e.room.conftest import Meeting
from tests.support.axe import faults

pytestmark = pytest.mark.e2e


def test_the_room_follows_the_chair(meeting: Meeting) -> None:
    with meeting.seat(meeting.chair) as chair, meeting.seat(meeting.kenya) as kenya:
        chair.enter(meeting.session)
        kenya.enter(meeting.session)
        chair.paragraph("p12").hover()
        chair.paragraph("p12").get_by_role("button", name="Move the room here").click()
        expect(kenya.paragraph("p12")).to_have_class(re.compile(r"\bfocus\b"))
        expect(kenya.paragraph("p12")).to_be_in_viewport()
        expect(kenya.page.locator(".follow")).to_contain_text("The Chair is on OP12")
        expect(kenya.page.locator("#tab-paragraph")).to_contain_text("OP12")
        kenya.page.click("#tab-acts")
        expect(kenya.card("moved the discussion to OP12")).to_have_count(1)


def test_the_chair_steps_with_keys_and_moves_once(meeting: Meeting) -> None:
    with meeting.seat(meeting.chair) as chair:
        chair.enter(meeting.session)
        for key in ("j", "j", "j", "k"):
            chair.page.keyboard.press(key)
        expect(chair.paragraph("p2")).to_have_class(re.compile(r"\bfocus\b"))
        chair.page.click("#tab-acts")
        expect(chair.card("moved the discussion")).to_have_count(1)


def test_who_scrolls_away_is_left_there_and_may_return(meeting: Meeting) -> None:
    with meeting.seat(meeting.chair) as chair, meeting.seat(meeting.kenya) as kenya:
        chair.enter(meeting.session)
        kenya.enter(meeting.session)
        chair.page.keyboard.press("j")
        expect(kenya.paragraph("p1")).to_have_class(re.compile(r"\bfocus\b"))
        kenya.page.hover(".paper")
        kenya.page.mouse.wheel(0, 3000)
        expect(kenya.page.locator(".follow")).to_contain_text("You look elsewhere.")
        chair.page.keyboard.press("j")
        expect(kenya.page.locator(".follow")).to_contain_text("The Chair is on OP2")
        expect(kenya.paragraph("p15")).to_be_in_viewport()
        kenya.page.get_by_role("button", name="Return").click()
        expect(kenya.paragraph("p2")).to_be_in_viewport()
        expect(kenya.page.locator(".follow")).to_contain_text("Following")


def test_what_is_written_stays_on_its_paragraph_when_the_room_moves_on(meeting: Meeting) -> None:
    with meeting.seat(meeting.chair) as chair, meeting.seat(meeting.kenya) as kenya:
        chair.enter(meeting.session)
        kenya.enter(meeting.session)
        chair.page.keyboard.press("j")
        expect(kenya.page.locator(".compose .chips")).to_contain_text("OP1")
        kenya.write("On the first paragraph")
        chair.page.keyboard.press("j")
        expect(kenya.page.locator("#tab-paragraph")).to_contain_text("OP2")
        expect(kenya.page.locator(".compose .chips")).to_contain_text("OP1")
        kenya.page.press(".compose textarea", "Control+Enter")
        kenya.everything()
        expect(kenya.card("On the first paragraph").locator("[data-slot=label]")).to_have_text("OP1")
        expect(kenya.page.locator(".compose .chips")).to_contain_text("OP2")


def test_a_suspended_session_keeps_what_is_typed(meeting: Meeting) -> None:
    with meeting.seat(meeting.chair) as chair, meeting.seat(meeting.kenya) as kenya:
        chair.enter(meeting.session)
        kenya.enter(meeting.session)
        kenya.write("Half a thought")
        chair.page.get_by_role("button", name="Suspend").click()
        expect(kenya.page.locator(".meeting-bar .pill").first).to_contain_text("Suspended")
        expect(kenya.page.get_by_role("button", name="Send")).to_be_disabled()
        expect(kenya.page.locator(".compose-note")).to_contain_text("kept here")
        chair.page.get_by_role("button", name="Resume").click()
        expect(kenya.page.get_by_role("button", name="Send")).to_be_enabled()
        expect(kenya.page.locator(".compose textarea")).to_have_value("Half a thought")


def test_a_comment_that_came_too_late_is_kept_and_can_go_back_into_the_box(meeting: Meeting) -> None:
    with meeting.seat(meeting.chair) as chair, meeting.seat(meeting.kenya) as kenya:
        chair.enter(meeting.session)
        kenya.enter(meeting.session)
        kenya.cut()
        kenya.say("Too late.")
        chair.page.get_by_role("button", name="Suspend").click()
        expect(chair.page.get_by_role("button", name="Resume")).to_be_visible()
        kenya.mend()
        expect(kenya.card("Too late.").locator(".state")).to_contain_text("Not sent.")
        kenya.page.get_by_role("button", name="Take back into the box").click()
        expect(kenya.page.locator(".compose textarea")).to_have_value("Too late.")
        expect(kenya.card("Too late.")).to_have_count(0)


def test_closing_asks_first_and_then_leads_to_the_record(meeting: Meeting) -> None:
    with meeting.seat(meeting.chair) as chair, meeting.seat(meeting.kenya) as kenya:
        chair.enter(meeting.session)
        kenya.enter(meeting.session)
        chair.page.get_by_role("button", name="Close…").click()
        chair.page.get_by_role("button", name="Go on with the session").click()
        expect(chair.page.locator(".chair-bar")).to_be_visible()
        chair.page.get_by_role("button", name="Close…").click()
        chair.page.get_by_role("button", name="Close the session").click()
        expect(kenya.page.get_by_role("link", name="Read its record")).to_be_visible()
        expect(kenya.page.locator(".paper")).to_contain_text("Invites States")
        expect(chair.page.locator(".chair-bar")).to_be_hidden()


def test_who_may_stay_no_longer_sees_the_text_no_longer(meeting: Meeting) -> None:
    with meeting.seat(meeting.chair) as chair, meeting.seat(None) as public:
        chair.enter(meeting.session)
        public.enter(meeting.session)
        expect(public.page.locator(".paper")).to_contain_text("Invites States")
        chair.page.get_by_role("button", name="Close…").click()
        chair.page.get_by_role("button", name="Close the session").click()
        expect(public.page.locator(".removed-notice")).to_be_visible()
        assert "Invites States" not in public.page.content()
        expect(public.page.locator(".conn")).to_have_class(re.compile("removed"))


def test_a_session_is_opened_by_its_chair(meet: Callable[..., Meeting]) -> None:
    meeting = meet(state="scheduled")
    with meeting.seat(meeting.chair) as chair, meeting.seat(meeting.kenya) as kenya:
        kenya.enter(meeting.session)
        chair.enter(meeting.session)
        kenya.write("Good morning.")
        expect(kenya.page.get_by_role("button", name="Send")).to_be_disabled()
        chair.page.get_by_role("button", name="Open the session").click()
        expect(kenya.page.locator(".meeting-bar .pill").first).to_contain_text("Live")
        kenya.page.press(".compose textarea", "Control+Enter")
        kenya.sees("Good morning.")


def test_the_public_reads_and_has_no_box(meeting: Meeting) -> None:
    with meeting.seat(None) as public, meeting.seat(meeting.kenya) as kenya:
        public.enter(meeting.session)
        kenya.enter(meeting.session)
        expect(public.page.locator(".acting")).to_contain_text("read only")
        expect(public.page.locator(".compose")).to_have_count(0)
        kenya.say("Heard by all.")
        public.sees("Heard by all.")
        expect(public.page.locator(".presence")).to_contain_text("Kenya")


def test_the_chair_puts_one_proposal_before_the_room(meeting: Meeting) -> None:
    with meeting.seat(meeting.chair) as chair, meeting.seat(meeting.kenya) as kenya:
        with meeting.app.app_context():
            actor = meeting.world.actor(meeting.kenya)
            given = {"kind": "replace", "paragraph": "p2", "text": "Calls upon States to name a point of contact;"}
            services.propose(actor, meeting.session, given)
        for seat in (chair, kenya):
            seat.enter(meeting.session)
        chair.paragraph("p2").locator(".asked > summary").click()
        chair.paragraph("p2").get_by_role("button", name="P1").click()
        expect(kenya.page.locator(".follow")).to_contain_text("The Chair is on OP2 · P1")
        expect(kenya.paragraph("p2").locator(".asked-words")).to_be_visible()
        expect(kenya.paragraph("p2").locator(".asked-named")).to_contain_text("P1")
        kenya.page.click("#tab-acts")
        expect(kenya.card("moved the discussion to P1 on OP2")).to_have_count(1)
        assert faults(chair.page) == []
        chair.page.keyboard.press("j")
        expect(kenya.page.locator(".follow")).to_contain_text("The Chair is on OP3")
        expect(kenya.page.locator(".follow")).not_to_contain_text("P1")
        expect(kenya.page.locator(".asked-named")).to_have_count(0)


def test_a_folded_block_of_a_long_text_is_drawn_when_it_is_opened(meeting: Meeting) -> None:
    world, places = meeting.world, range(1, AT_ONCE + 2)
    group = world.group("a-long-text", members=("KEN", "BRA"), openness="public")
    version = world.version(group, *(f"Recommends measure {number} to States;" for number in places))
    session = world.session(group, state="open", version=version).id
    kenya = world.actor(world.user(party="KEN"))
    with world.context():
        for number in places:
            given = {"kind": "replace", "paragraph": f"p{number}", "text": f"Commends measure {number} to States;"}
            services.propose(kenya, session, given)
    with meeting.seat(meeting.brazil) as brazil:
        brazil.enter(session)
        expect(brazil.page.locator(".asked-words")).to_have_count(0)
        block = brazil.paragraph("p3").locator(".asked")
        brazil.page.route("**/asked/p3", lambda route: route.abort(), times=1)  # a bad line: it is asked for again
        block.locator("summary").click()
        expect(block.locator(".asked-words")).to_contain_text("Commends")
        expect(block).to_have_attribute("open", "")
        expect(brazil.page.locator(".asked-words")).to_have_count(1)
