"""Decisions in real browsers: the chair's sheet, the hammer, the ballot on a phone, the board on all screens."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from app.accounts.models import User
from app.extensions import db
from app.groups.models import Group
from app.groups.services import update_group
from app.live.models import LiveSession
from app.policy import DelegationRole, GroupId
from tests.e2e.room.conftest import Meeting
from tests.support.axe import faults

pytestmark = pytest.mark.e2e
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def voting(meeting: Meeting) -> Meeting:
    """The same meeting under the rules of the First Committee."""
    with meeting.world.context():
        group = db.session.get_one(Group, db.session.get_one(LiveSession, meeting.session).group_id)
        chair = meeting.world.actor(meeting.chair)
        assert GroupId(group.id) in chair.offices
        update_group(chair, group, title="First Committee", mandate="", pillars=[], ruleset="first-committee-1")
    return meeting


def head(meeting: Meeting, code: str) -> User:
    return meeting.world.user(f"head.{code.lower()}{meeting.session}@x.example", party=code, role=DelegationRole.HEAD)


def put(page: Page, kind: str, words: str, target: str = "text") -> None:
    """The chair fills the sheet."""
    page.get_by_role("link", name="Decide…").click()
    sheet = page.get_by_role("dialog", name="Decide")
    sheet.locator(f"input[name=kind][value={kind}]").check()
    sheet.get_by_label("On what").select_option(target)
    sheet.get_by_label("Words of the decision").fill(words)
    sheet.get_by_role("button", name="Put it before the meeting").click()
    expect(sheet).to_be_hidden()


def test_the_hammer_waits_for_an_objection_and_falls_when_it_is_withdrawn(meeting: Meeting) -> None:
    with meeting.seat(meeting.chair) as chair, meeting.seat(meeting.kenya, **PHONE) as kenya:
        chair.enter(meeting.session), kenya.enter(meeting.session)
        put(chair.page, "consensus", "May I take it that the meeting adopts the text?")
        gavel = chair.page.get_by_role("button", name="I see no objection. It is so decided.")
        expect(gavel).to_be_disabled()

        kenya.page.get_by_role("button", name="We object").click()
        kenya.page.get_by_role("dialog").get_by_role("button", name="We object").click()
        expect(chair.page.locator("#decision-now")).to_contain_text("There is an objection")
        expect(gavel).to_be_hidden()
        kenya.page.get_by_role("button", name="Withdraw our objection").click()
        expect(gavel).to_be_enabled(timeout=10_000)
        gavel.click()
        expect(kenya.page.locator("#decision-now")).to_contain_text("Adopted without a vote")

        kenya.page.get_by_text("Dissociate from a paragraph").click()
        kenya.page.locator("#decision-now label", has_text="OP2").click()
        kenya.page.get_by_label("In our words").fill("We join the consensus and dissociate from paragraph 2.")
        kenya.page.locator("[data-kept=dissociate] button").click()
        expect(chair.page.locator(".statement")).to_contain_text("Dissociates itself from OP2")


def test_a_vote_from_the_sheet_to_the_board_on_all_screens(voting: Meeting) -> None:
    kenya_head, brazil_head = head(voting, "KEN"), head(voting, "BRA")
    with (
        voting.seat(voting.chair) as chair,
        voting.seat(kenya_head, **PHONE) as kenya,
        voting.seat(brazil_head) as brazil,
        voting.seat(None) as public,
    ):
        for seat in (chair, kenya, brazil, public):
            seat.enter(voting.session)
        put(chair.page, "vote", "Adopts the text as a whole.")
        expect(brazil.page.get_by_text("Explain our position")).to_be_visible()
        brazil.page.get_by_text("Explain our position").click()
        brazil.page.get_by_role("textbox", name="Explanation of position").fill("Brazil will vote in favour")
        chair.page.get_by_role("button", name="Open the voting").click()

        kenya.page.get_by_role("button", name="Yes", exact=True).click()
        asked = kenya.page.get_by_role("dialog", name="Your delegation’s ballot")
        expect(asked.locator("[data-slot=choice]")).to_have_text("Yes")
        asked.get_by_role("button", name="Cast this ballot").click()
        expect(kenya.page.locator(".ballot-ask")).to_contain_text("Yes")
        seat = public.page.locator('.vote-seat[data-party="KEN"] .how')
        expect(seat).to_have_text("has voted")
        expect(public.page.locator("[data-slot=voted]")).to_have_text("1")

        brazil.page.get_by_role("button", name="No", exact=True).click()
        brazil.page.get_by_role("dialog").get_by_role("button", name="Cast this ballot").click()
        expect(chair.page.locator("[data-slot=voted]")).to_have_text("2")
        brazil.page.get_by_role("button", name="Abstain").click()
        brazil.page.get_by_role("dialog").get_by_role("button", name="Cast this ballot").click()
        expect(brazil.page.locator(".ballot-ask")).to_contain_text("Abstain")

        chair.page.get_by_role("button", name="Close the voting").click()
        chair.page.get_by_role("button", name="Announce the result").click()
        expect(public.page.locator(".tally-words")).to_have_text(
            "1 in favour, 0 against, 1 abstention. Adopted by a recorded vote."
        )
        expect(seat).to_have_text("Yes")


def test_what_is_typed_below_a_card_outlives_a_new_card(voting: Meeting) -> None:
    with voting.seat(voting.chair) as chair, voting.seat(voting.kenya) as kenya:
        chair.enter(voting.session), kenya.enter(voting.session)
        put(chair.page, "consensus", "May I take it that the meeting adopts the text?")
        kenya.page.get_by_text("Explain our position").click()
        words = kenya.page.get_by_role("textbox", name="Explanation of position")
        words.fill("Kenya joins the consensus.")
        with voting.seat(voting.brazil) as brazil:
            brazil.enter(voting.session)
            brazil.page.get_by_role("button", name="We object").click()
            brazil.page.get_by_role("dialog").get_by_role("button", name="We object").click()
            # What a page sends passes through this process: whoever leaves before the answer takes it along unsent.
            expect(brazil.page.get_by_role("button", name="Withdraw our objection")).to_be_visible()
        expect(kenya.page.locator("#decision-now")).to_contain_text("There is an objection")
        expect(words).to_have_value("Kenya joins the consensus.")


def test_without_scripts_a_ballot_is_a_form(voting: Meeting) -> None:
    kenya_head = head(voting, "KEN")
    with voting.seat(voting.chair) as chair, voting.seat(kenya_head, java_script_enabled=False) as kenya:
        chair.enter(voting.session)
        put(chair.page, "vote", "Adopts the text as a whole.")
        chair.page.get_by_role("button", name="Open the voting").click()
        expect(chair.page.locator("[data-slot=voted]")).to_have_text("0")
        kenya.page.goto(f"/sessions/{voting.session}/decisions")
        kenya.page.get_by_role("button", name="Yes", exact=True).click()
        expect(kenya.page.locator(".ballot-ask")).to_contain_text("Yes")
        expect(chair.page.locator("[data-slot=voted]")).to_have_text("1")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_a_vote(voting: Meeting, scheme: str) -> None:
    kenya_head = head(voting, "KEN")
    options: dict[str, Any] = {"color_scheme": scheme, "reduced_motion": "reduce"}
    with voting.seat(voting.chair, **options) as chair, voting.seat(kenya_head, **PHONE, **options) as kenya:
        chair.enter(voting.session), kenya.enter(voting.session)
        chair.page.get_by_role("link", name="Decide…").click()
        assert faults(chair.page) == []
        chair.page.keyboard.press("Escape")
        put(chair.page, "vote", "Adopts the text as a whole.")
        chair.page.get_by_role("button", name="Open the voting").click()
        expect(kenya.page.locator(".ballot")).to_be_visible()
        assert faults(kenya.page) == []
        kenya.page.get_by_role("button", name="Yes", exact=True).click()
        assert faults(kenya.page) == []
        kenya.page.get_by_role("button", name="Cast this ballot").click()
        chair.page.get_by_role("button", name="Close the voting").click()
        chair.page.get_by_role("button", name="Announce the result").click()
        expect(kenya.page.locator(".tally-words")).to_be_visible()
        for page in (chair.page, kenya.page):
            assert faults(page) == []
        kenya.page.get_by_role("link", name="Address of this decision").click()
        expect(kenya.page.locator("h1")).to_be_visible()
        kenya.page.wait_for_load_state()  # a heading may be there before the styles are
        assert faults(kenya.page) == []
        chair.page.goto(f"/sessions/{voting.session}/decisions")
        assert faults(chair.page) == []


def test_a_card_whose_request_failed_is_asked_for_again(meeting: Meeting) -> None:
    lost: list[str] = []

    def lose_two(route: Route) -> None:
        if len(lost) == 2:
            return route.fallback()
        lost.append(route.request.url)
        return route.abort()

    with meeting.seat(meeting.chair) as chair, meeting.seat(meeting.kenya) as kenya:
        chair.enter(meeting.session), kenya.enter(meeting.session)
        kenya.page.wait_for_load_state("networkidle")
        kenya.page.route("**/decisions/now", lose_two)
        put(chair.page, "consensus", "May I take it that the meeting adopts the text?")
        expect(kenya.page.locator("#decision-now")).to_contain_text("May I take it")
        assert len(lost) == 2
