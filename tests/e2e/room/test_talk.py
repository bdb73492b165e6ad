"""The talk beside the text: what is shown, what waits, what is kept from one page to the next."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.room.conftest import Meeting
from tests.support.axe import faults
from tests.support.sockets import Delegate

pytestmark = pytest.mark.e2e

LONG = "A long intervention. " * 60


def test_who_reads_further_up_is_not_torn_away(meeting: Meeting) -> None:
    with meeting.seat(meeting.kenya) as kenya, meeting.seat(meeting.brazil) as brazil:
        kenya.enter(meeting.session)
        brazil.enter(meeting.session)
        brazil.say(LONG)
        kenya.sees("A long intervention.")
        brazil.say(LONG)
        kenya.sees("A long intervention.", times=2)
        kenya.page.locator(".feed").evaluate("feed => { feed.scrollTop = 0; }")
        brazil.say("And one thing more.")
        behind = kenya.page.locator(".behind")
        expect(behind).to_have_text("You are behind: 1 new")
        assert kenya.page.locator(".feed").evaluate("feed => feed.scrollTop") == 0
        behind.click()
        expect(kenya.card("And one thing more.")).to_be_in_viewport()
        expect(behind).to_be_hidden()


def test_a_first_render_and_a_live_update_draw_the_same_card(meeting: Meeting) -> None:
    with meeting.seat(meeting.kenya) as kenya, meeting.seat(meeting.brazil) as brazil:
        kenya.enter(meeting.session)
        brazil.enter(meeting.session)
        brazil.say("A point with **weight** and\n\n- a list\n- of two")
        kenya.sees("A point with weight")
        live = _parts(kenya.card("A point with weight").inner_html())
        kenya.enter(meeting.session)
        assert _parts(kenya.card("A point with weight").inner_html()) == live


def _parts(html: str) -> list[str]:
    """The words and the marks that carry meaning, without the address of the time."""
    html = re.sub(r"</?a class=\"plain push\"[^>]*>|<time[^>]*>", "", html)
    return re.findall(r"<(?:strong|li|ul|p)\b|[^<>\s][^<>]*(?=<)", html)


def test_a_draft_is_kept_for_each_paragraph(meeting: Meeting) -> None:
    with meeting.seat(meeting.kenya) as kenya:
        kenya.enter(meeting.session)
        for paragraph, words in (("p2", "On the second."), ("p3", "On the third.")):
            kenya.paragraph(paragraph).hover()
            kenya.paragraph(paragraph).locator('[data-tool="comment"]').click()
            kenya.write(words)
        kenya.page.reload()
        kenya.is_("live")
        for paragraph, words in (("p2", "On the second."), ("p3", "On the third.")):
            kenya.paragraph(paragraph).hover()
            kenya.paragraph(paragraph).locator('[data-tool="comment"]').click()
            expect(kenya.page.locator(".compose textarea")).to_have_value(words)


def test_a_state_speaks_for_its_group_of_states(meeting: Meeting) -> None:
    meeting.world.speaks_for("KEN")
    with meeting.seat(meeting.kenya) as kenya, meeting.seat(meeting.brazil) as brazil:
        kenya.enter(meeting.session)
        brazil.enter(meeting.session)
        kenya.page.locator("#compose-behalf").select_option(label="African Group")
        kenya.say("The Group has spoken.")
        expect(brazil.card("The Group has spoken.").locator("[data-slot=behalf]")).to_have_text(
            "on behalf of African Group"
        )


def test_too_long_a_comment_cannot_be_sent_and_is_not_cut(meeting: Meeting) -> None:
    with meeting.seat(meeting.kenya) as kenya:
        kenya.enter(meeting.session)
        kenya.write("𝄞" * 9_990)
        expect(kenya.page.locator(".counter")).to_have_text("10 characters left")
        kenya.write("x" * 10_001)
        expect(kenya.page.locator(".counter")).to_have_text("1 character too long")
        expect(kenya.page.get_by_role("button", name="Send")).to_be_disabled()
        assert len(kenya.page.input_value(".compose textarea")) == 10_001


def test_a_page_whose_token_is_too_old_gets_a_new_one_by_itself(meeting: Meeting) -> None:
    with meeting.seat(meeting.kenya) as kenya:
        served: list[int] = []

        def age(route: Route) -> None:
            answer = route.fetch()
            old = not served
            served.append(answer.status)
            body = answer.text()
            if old:
                body = re.sub(r'(name="csrf-token" content=")[^"]+', r"\1too-old", body)
            route.fulfill(response=answer, body=body)

        kenya.page.route(re.compile(r"/sessions/\d+$"), age)
        kenya.enter(meeting.session)
        assert len(served) == 2


def test_what_was_said_before_can_be_read_on(meeting: Meeting) -> None:
    """A page begins with the last 500 events; what came before is fetched when it is asked for."""
    with meeting.world.context():
        from app.live import services

        actor = meeting.world.actor(meeting.brazil)
        for number in range(520):
            services.comment(actor, meeting.session, id=f"00000000-0000-4000-8000-{number:012}", body=f"Word {number}.")
    with meeting.seat(meeting.kenya) as kenya:
        kenya.enter(meeting.session)
        kenya.sees("Word 0.", times=0)
        kenya.page.get_by_role("button", name="Show what was said before").click()
        kenya.sees("Word 0.")
        assert kenya.order() == list(range(1, 523))
        expect(kenya.page.locator(".earlier")).to_be_hidden()


def test_a_room_without_a_text_still_talks(meeting: Meeting) -> None:
    group = meeting.world.group(f"{meeting.session}-bare", members=("KEN",))
    session = meeting.world.session(group)
    with meeting.seat(meeting.kenya) as kenya:
        kenya.enter(session.id)
        kenya.say("We have no text yet.")
        kenya.sees("We have no text yet.")


def test_the_box_says_who_reads_it_once_the_doors_were_changed(meet: Callable[..., Meeting]) -> None:
    """Before the session begins nobody starts a segment: the announcement itself tells the page."""
    meeting = meet(state="scheduled")
    chair = Delegate(meeting.server.url, meeting.world.token(meeting.chair)).connect()
    with meeting.seat(meeting.kenya) as kenya:
        kenya.enter(meeting.session)
        assert chair.write("mode", meeting.session, openness="members")["ok"]
        assert chair.write("open", meeting.session)["ok"]
        expect(kenya.page.locator(".meeting-bar .pill").first).to_contain_text("closed session")
        expect(kenya.page.locator(".compose-note")).to_have_text("Visible to the delegations in this session")
    chair.close()


def test_a_proposal_from_the_floor_is_a_card_with_its_change(meeting: Meeting) -> None:
    """Live and drawn anew it is the same card; it stands in the talk, not among the Chair's acts."""
    with meeting.seat(meeting.kenya) as kenya, meeting.seat(meeting.brazil) as brazil:
        brazil.enter(meeting.session)
        kenya.page.goto(f"{meeting.server.url}/sessions/{meeting.session}/propose/p1")
        words = kenya.page.locator("textarea[name=text]")
        words.fill(words.input_value().replace("offer assistance", "provide assistance"))
        kenya.page.fill("[name=rationale]", "An offer that is never made good helps nobody.")
        kenya.page.get_by_role("button", name="Release in our name").click()
        brazil.page.click("#tab-all")
        card = brazil.page.locator(".ev.proposed")
        expect(card).to_contain_text("never made good")
        expect(card.locator("del")).to_contain_text("offer")
        expect(card.locator("ins")).to_contain_text("provide")
        expect(card.get_by_role("link", name="co-sponsor")).to_have_attribute("href", re.compile(r"/proposals/\w+$"))
        live = card.inner_text()
        assert faults(brazil.page) == []
        brazil.page.reload()
        brazil.page.click("#tab-all")
        expect(card).to_have_count(1)
        assert card.inner_text() == live
        brazil.page.click("#tab-acts")
        expect(card).to_be_hidden()
