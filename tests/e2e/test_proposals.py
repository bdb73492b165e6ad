"""Two delegations propose on the same words, the chair resolves it, and both see what became of their words."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app import create_app
from app.drafts import queries as texts
from app.drafts import services as drafts
from app.extensions import db
from app.live import services as live
from app.proposals import language, services
from tests.conftest import settings_for
from tests.e2e.room.seat import sign_in_cookie
from tests.support.axe import faults
from tests.support.builders import World
from tests.support.server import LiveServer

pytestmark = pytest.mark.e2e
BASE = "Invites States to offer assistance to a State affected by a cyberattack;"
INCIDENT = BASE.replace("cyberattack", "major ICT incident")
ACT = BASE.replace("cyberattack", "malicious ICT act")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[tuple[LiveServer, Flask, World]]:
    url = f"sqlite:///{tmp_path / 'stage.sqlite3'}"
    with LiveServer(url, tmp_path) as server:
        app = create_app(settings_for(url, tmp_path), TESTING=True)
        yield server, app, World(app)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def seat(chromium: Browser, server: LiveServer, app: Flask, user, **options: object) -> Page:
    context = chromium.new_context(base_url=server.url, reduced_motion="reduce", locale="en", **options)  # type: ignore[arg-type]
    context.add_cookies([{"name": "chapeau", "value": sign_in_cookie(app, user), "url": server.url}])
    return context.new_page()


def propose(page: Page, draft: int, text: str, why: str) -> str:
    """Propose other words for the first paragraph, looked at before it is released. Gives its address."""
    page.goto(f"/drafts/{draft}/v/1/bracketed")
    page.get_by_role("link", name="Propose a change to OP1").click()
    page.fill("#text", text)
    page.fill("#rationale", why)
    page.get_by_role("button", name="See it as others will").click()
    expect(page.locator(".seen")).to_contain_text("cyberattack")
    expect(page.locator("#rationale")).to_have_value(why)
    assert faults(page) == []
    page.get_by_role("button", name="Release in our name").click()
    expect(page.locator("h1")).to_contain_text("OP1")
    return page.url


def test_the_chair_resolves_what_two_delegations_ask(chromium: Browser, stage: tuple[LiveServer, Flask, World]) -> None:
    server, app, world = stage
    group = world.group("table", members=("CHE", "NOR"))
    version = world.version(group, BASE, "Decides to meet again.")
    chair = seat(chromium, server, app, world.chair_of(group))
    che = seat(chromium, server, app, world.user(party="CHE"))
    nor = seat(chromium, server, app, world.user(party="NOR"), viewport={"width": 390, "height": 800})
    draft = version.draft_id

    theirs = propose(che, draft, INCIDENT, "One term throughout.")
    propose(nor, draft, ACT, "The norms speak of acts.")
    nor.goto(f"/drafts/{draft}/v/1/bracketed?show=open")
    bracket = nor.locator(".alt").first
    for words in ("cyberattack", "major ICT incident", "malicious ICT act"):
        expect(bracket).to_contain_text(words)
    nor.goto(theirs)
    nor.get_by_label("Can live with").check()
    nor.fill("#note", "If norm (h) is named.")
    nor.get_by_role("button", name="Say it").click()
    expect(nor.locator("main")).to_contain_text("If norm (h) is named.")

    chair.goto(f"/drafts/{draft}/desk/proposals")
    expect(chair.locator(".chair-desk article.proposal")).to_have_count(2)
    assert faults(chair) == []
    chair.locator("body").press("1")
    expect(chair.locator("article.taken")).to_have_count(1)
    expect(chair.locator("#text")).to_have_value(INCIDENT)
    other = chair.locator("article.proposal:not(.taken)")
    other.get_by_text("Leave…").click()
    other.get_by_label("Why (its sponsors read it)").fill("“Incident” found wider agreement.")
    other.get_by_role("button", name="Not reflected").click()
    expect(chair.locator("table.fates")).to_contain_text("not reflected")
    chair.get_by_role("link", name="Preview and issue…").click()
    chair.get_by_role("button", name="Issue", exact=True).click()
    expect(chair.locator("main")).to_contain_text("major ICT incident")

    che.goto(f"/drafts/{draft}/my-proposals")
    expect(che.locator("main tbody tr")).to_contain_text(["reflected"])
    nor.goto(f"/drafts/{draft}/my-proposals")
    expect(nor.locator("main")).to_contain_text("not reflected")
    expect(nor.locator("main")).to_contain_text("“Incident” found wider agreement.")
    nor.goto(f"/drafts/{draft}/v/2/who-wrote-what")
    expect(nor.locator(".origin").first).to_contain_text("Switzerland")
    nor.goto(f"/drafts/{draft}/compare")
    expect(nor.locator(".origin").first).to_contain_text("Reflects 1 of 2")


def test_words_typed_on_a_phone_stay_until_they_are_released(
    chromium: Browser, stage: tuple[LiveServer, Flask, World]
) -> None:
    server, app, world = stage
    version = world.version(world.group("table", members=("CHE",)), BASE)
    phone = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
    page = seat(chromium, server, app, world.user(party="CHE"), **phone)
    form = f"/drafts/{version.draft_id}/v/1/p/p1/propose"
    page.goto(form)
    page.fill("#text", INCIDENT)
    page.fill("#rationale", "One term throughout.")
    bar = page.locator(".actions.sticky")
    assert bar.evaluate("bar => bar.offsetHeight") < 70  # one row
    page.goto("/texts")
    page.goto(form)
    expect(page.locator("#text")).to_have_value(INCIDENT)
    page.get_by_role("button", name="See it as others will").tap()
    expect(page.locator(".seen")).to_be_in_viewport()
    expect(page.locator(".seen")).to_be_focused()
    page.goto(form)
    expect(page.locator("#text")).to_have_value(INCIDENT)  # a look at it does not take it
    page.get_by_role("button", name="Release in our name").tap()
    expect(page.locator("h1")).to_contain_text("OP1")
    page.goto(form)
    expect(page.locator("#text")).to_have_value(BASE)
    expect(page.locator("#rationale")).to_have_value("")
    page.goto(f"/drafts/{version.draft_id}/my-proposals")
    words = page.locator(".card.fates td").nth(1)
    assert words.evaluate("words => words.offsetWidth") > 300  # the words have the width of the screen


def test_a_draft_is_seen_by_its_delegation_alone(chromium: Browser, stage: tuple[LiveServer, Flask, World]) -> None:
    server, app, world = stage
    group = world.group("table", members=("CHE", "NOR"))
    version = world.version(group, BASE)
    che = seat(chromium, server, app, world.user(party="CHE"))
    che.goto(f"/drafts/{version.draft_id}/v/1/p/p1/propose")
    che.fill("#text", INCIDENT)
    che.get_by_role("button", name="Keep in the delegation").click()
    expect(che.locator("main")).to_contain_text("Only your delegation sees this.")
    address = che.url
    for other in (world.chair_of(group), world.user(party="NOR")):
        page = seat(chromium, server, app, other)
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 404
    che.once("dialog", lambda dialog: dialog.accept())
    che.get_by_role("button", name="Release in our name").click()
    expect(che.locator("main")).not_to_contain_text("Only your delegation sees this.")


def test_what_is_refused_keeps_the_words(chromium: Browser, stage: tuple[LiveServer, Flask, World]) -> None:
    server, app, world = stage
    group = world.group("table", members=("CHE",))
    version = world.version(group, BASE)
    che = seat(chromium, server, app, world.user(party="CHE"))
    che.goto(f"/drafts/{version.draft_id}/v/1/p/p1/propose")
    che.fill("#rationale", "A long reason that nobody wants to type twice.")
    che.get_by_role("button", name="Release in our name").click()
    expect(che.get_by_role("alert")).to_contain_text("These are the words that stand there")
    expect(che.locator("#rationale")).to_have_value("A long reason that nobody wants to type twice.")


def test_the_chair_settles_fates_by_paragraph_and_nothing_typed_is_lost(
    chromium: Browser, stage: tuple[LiveServer, Flask, World]
) -> None:
    server, app, world = stage
    group = world.group("table", members=("CHE", "NOR"))
    version = world.version(group, BASE, "Decides to meet again.")
    with app.app_context():
        for code, paragraph, text in (("CHE", "p1", INCIDENT), ("NOR", "p1", ACT), ("NOR", "p2", "Decides to meet.")):
            actor = world.actor(world.user(party=code))
            services.propose(actor, version.id, {"kind": "replace", "paragraph": paragraph, "text": text})
    for width, colours in ((1440, "light"), (390, "dark")):
        chair = seat(chromium, server, app, world.chair_of(group), viewport={"width": width, "height": 900})
        chair.emulate_media(color_scheme=colours)  # type: ignore[arg-type]
        chair.goto(f"/drafts/{version.draft_id}/issue")
        assert faults(chair) == []
    expect(chair.locator("[data-slot=undecided]")).to_have_text("3")
    line = chair.locator("details.fate", has_text="Nor").first
    line.get_by_role("radio", name="not reflected", exact=True).check()
    expect(chair.locator("[data-slot=undecided]")).to_have_text("3")  # it lacks its reason, and is asked for it
    expect(line.locator("textarea")).to_be_focused()
    chair.keyboard.type("No agreement.")
    expect(chair.locator("[data-slot=undecided]")).to_have_text("2")
    chair.fill("#letter", "A long covering note.")
    chair.get_by_role("button", name="Confirm all suggested on OP1").click()
    expect(chair.locator("[data-slot=undecided]")).to_have_text("1")
    expect(chair.locator("#letter")).to_have_value("A long covering note.")
    chair.get_by_label("Only the undecided").check()
    expect(chair.locator("details.fate:visible")).to_have_count(1)
    expect(chair.get_by_role("heading", name="OP1")).to_be_hidden()
    again = seat(chromium, server, app, world.chair_of(group))
    again.goto(f"/drafts/{version.draft_id}/issue")
    expect(again.locator("[data-slot=decided]")).to_have_text("2")
    expect(again.locator("details.fate.decided textarea").last).to_have_value("No agreement.")


def test_fates_are_settled_without_javascript(chromium: Browser, stage: tuple[LiveServer, Flask, World]) -> None:
    server, app, world = stage
    group = world.group("table", members=("CHE",))
    version = world.version(group, BASE)
    with app.app_context():
        actor = world.actor(world.user(party="CHE"))
        services.propose(actor, version.id, {"kind": "replace", "paragraph": "p1", "text": INCIDENT})
    chair = seat(chromium, server, app, world.chair_of(group), java_script_enabled=False)
    chair.goto(f"/drafts/{version.draft_id}/issue")
    chair.fill("#letter", "A long covering note.")
    chair.get_by_role("radio", name="overtaken").check()
    chair.get_by_role("button", name="Confirm all suggested on OP1").click()
    expect(chair.locator("[data-slot=undecided]")).to_have_text("0")
    expect(chair.locator("#letter")).to_have_value("A long covering note.")
    chair.get_by_role("button", name="Issue", exact=True).click()
    expect(chair).to_have_url(re.compile(r"/v/2"))
    che = seat(chromium, server, app, world.user(party="CHE"))
    che.goto(f"/drafts/{version.draft_id}/my-proposals")
    expect(che.locator("main tbody tr")).to_contain_text(["overtaken"])


def test_the_desk_on_a_phone_shows_proposals_first_and_its_strip_by_keyboard(
    chromium: Browser, stage: tuple[LiveServer, Flask, World]
) -> None:
    server, app, world = stage
    group = world.group("table", members=("CHE",))
    version = world.version(group, BASE, *(f"Decides to meet for the {n}th time;" for n in range(4, 30)))
    with app.app_context():
        actor = world.actor(world.user(party="CHE"))
        services.propose(actor, version.id, {"kind": "replace", "paragraph": "p1", "text": INCIDENT})
    chair = seat(chromium, server, app, world.chair_of(group), viewport={"width": 390, "height": 844})
    chair.goto(f"/drafts/{version.draft_id}/desk/proposals")
    assert faults(chair) == []
    proposal, text = (chair.locator(which).bounding_box() for which in ("article.proposal", "#reads"))
    assert proposal
    assert text
    assert proposal["y"] < text["y"]
    last = chair.locator(".desk-strip a").last
    expect(last).not_to_be_in_viewport()
    last.focus()
    expect(last).to_be_in_viewport()
    chair.get_by_role("navigation", name="On this page").get_by_role("link", name="Stances").click()
    expect(chair.locator("#stand")).to_be_in_viewport()


def test_filters_do_not_stack_on_a_phone(chromium: Browser, stage: tuple[LiveServer, Flask, World]) -> None:
    server, app, world = stage
    group = world.group("table", members=("CHE",))
    version = world.version(group, BASE)
    with app.app_context():
        chair = world.actor(world.chair_of(group))
        working = texts.draft_line(chair, version.draft_id).working
        assert working is not None
        row = texts.version_paragraphs(working.id)[0]
        drafts.edit_paragraph(chair, working.id, "p1", BASE, row.revision, pillars=["norms"], norm="h")
        drafts.issue_version(chair, version.draft_id)
    page = seat(chromium, server, app, world.user(party="CHE"), viewport={"width": 390, "height": 844})
    page.goto(f"/drafts/{version.draft_id}/v/2/bracketed")
    tops = page.locator(".filters select").evaluate_all("all => all.map(one => one.getBoundingClientRect().top)")
    assert len(tops) == 4
    assert len(set(tops)) == 1
    page.get_by_label("Norm", exact=True).select_option("h")
    page.wait_for_url("**norm=h**")
    assert faults(page) == []
    page.get_by_role("link", name="Do not narrow by this").click()
    expect(page.locator(".narrowed")).to_have_count(0)


def test_an_orphan_is_attached_by_selecting_words(chromium: Browser, stage: tuple[LiveServer, Flask, World]) -> None:
    server, app, world = stage
    group = world.group("table", members=("CHE",))
    version = world.version(group, BASE, "Decides to meet again.")
    session = world.session(group, version=version)
    user = world.user(party="CHE")
    said = {"id": str(uuid.uuid4()), "body": "One term.", "paragraph": "p1", "quote": {"exact": "a cyberattack"}}
    with app.app_context():
        live.comment(world.actor(user), session.id, **said)
        chair = world.actor(world.chair_of(group))
        working = texts.draft_line(chair, version.draft_id).working
        assert working is not None
        row = texts.version_paragraphs(working.id)[0]
        drafts.edit_paragraph(chair, working.id, "p1", "Invites States to help;", row.revision)
        drafts.issue_version(chair, version.draft_id)
    for options in ({}, {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}):
        che = seat(chromium, server, app, user, **options)
        che.goto(f"/drafts/{version.draft_id}/v/2/comments")
        assert faults(che) == []
        che.get_by_role("link", name="Attach it again").click()
        expect(che).to_have_url(re.compile(r"/attach"))
        assert faults(che) == []
    che.evaluate(
        """() => {
          const words = document.querySelector('#p-p2 .words').firstChild;
          const at = words.data.indexOf('meet');
          document.getSelection().setBaseAndExtent(words, at, words, at + 10);
        }"""
    )
    expect(che.locator("#words")).to_have_value("meet again")
    expect(che.locator("#paragraph")).to_have_value("p2")
    che.get_by_role("button", name="Attach to these words").click()
    expect(che.locator("mark.anchor")).to_have_text("meet again")
    che.get_by_text("Attached by hand").click()
    expect(che.locator(".by-hand")).to_contain_text("a cyberattack")


def test_a_passage_is_chosen_and_what_is_refused_comes_back(stage, chromium: Browser) -> None:
    server, app, world = stage
    group = world.group(members=("KEN", "CHE"))
    draft = world.version(group, BASE).draft_id
    with world.context():
        language.keep(world.actor(world.user(platform_role="secretariat")), "A/RES/70/237", ACT)
    ken = seat(chromium, server, app, world.user(party="KEN"))
    ken.goto(f"/drafts/{draft}/v/1/p/p1/propose")
    expect(ken.get_by_label("Agreed language")).to_be_hidden()
    ken.get_by_label("What you ask for").select_option("revert")
    ken.get_by_label("Agreed language").select_option(index=1)
    ken.get_by_role("button", name="See it as others will").click()
    expect(ken.locator("#text")).to_have_value(ACT)
    expect(ken.locator(".seen")).to_contain_text("verbatim")
    assert faults(ken) == []
    ken.get_by_role("button", name="Release in our name").click()
    expect(ken).to_have_url(re.compile(r"/proposals/"))
    address = ken.url
    swiss = seat(chromium, server, app, world.user(party="CHE"))
    swiss.goto(address)
    swiss.get_by_label("Study reserve").check()
    swiss.get_by_label("A word on it").fill("Not before our capital \u202e has read it")
    swiss.get_by_role("button", name="Say it").click()
    expect(swiss.get_by_role("alert")).to_be_visible()
    expect(swiss.get_by_label("Study reserve")).to_be_checked()
    expect(swiss.get_by_label("A word on it")).to_have_value("Not before our capital \u202e has read it")
    assert faults(swiss) == []
    pen = seat(chromium, server, app, world.chair_of(group))
    pen.goto(f"/drafts/{draft}/desk/proposals/p1")
    pen.get_by_text("Leave…").click()
    pen.get_by_label("Why (its sponsors read it)").fill("Nobody \u202e spoke for it")
    pen.get_by_role("button", name="Not reflected").click()
    expect(pen.get_by_role("alert")).to_be_visible()
    expect(pen.get_by_label("Why (its sponsors read it)")).to_have_value("Nobody \u202e spoke for it")
    assert faults(pen) == []
