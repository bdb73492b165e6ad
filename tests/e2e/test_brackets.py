"""A text with brackets comes in by the form: what was understood is shown, what is open is answered, on a telephone."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.e2e.test_every_page import _context, demo, faults  # noqa: F401  (a fixture)
from tests.support.server import LiveServer

pytestmark = pytest.mark.e2e

SOURCE = """1. Parties [shall] [should] act to end [extreme - US; G77 delete] poverty [soon – Ruritania].

2. [To this end, they

3. do [one [or two]] things. – EU]

4. And this is [never closed.
"""


def bring_in(page: Page) -> None:
    page.goto("/groups/support-after-incidents/drafts/new")
    page.get_by_label("Title").fill("A text in brackets")
    page.get_by_label("Markdown").check()
    page.get_by_label("Text", exact=True).fill(SOURCE)
    page.get_by_role("button", name="Bring it in").click()
    page.wait_for_url("**/report")


@pytest.mark.parametrize(("width", "colours"), [(390, "light"), (390, "dark"), (1440, "light")])
def test_an_import_is_confirmed_answered_and_read(
    chromium: Browser,
    demo: tuple[LiveServer, Flask],  # noqa: F811
    width: int,
    colours: str,
) -> None:
    context = _context(chromium, demo, "chair", color_scheme=colours, viewport={"width": width, "height": 844})
    page = context.new_page()
    bring_in(page)
    assert faults(page) == []
    expect(page.get_by_role("heading", name="3 questions that the words leave open")).to_be_visible()
    for details in page.locator(".questions details").all():
        details.evaluate("box => { box.open = true }")
    page.get_by_text("Alternatives: one or the other").click()
    page.get_by_text("Yes, a name").click()
    page.get_by_role("button", name="Keep the answers").click()
    expect(page.get_by_text("Your answers are kept. No word has changed.")).to_be_visible()
    expect(page.locator("#brackets .chip", has_text="Ruritania")).to_be_visible()
    assert faults(page) == []
    shown = page.locator(".document .paragraph").first
    shown.get_by_role("button", name="US; G77 delete").click()
    expect(page.get_by_text("United States of America", exact=True).locator("visible=true")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.locator(".holder-card:popover-open")).to_have_count(0)
    heights = page.locator(".question-choices label").evaluate_all("all => all.map(one => one.offsetHeight)")
    assert min(heights) >= 44
    context.close()


def test_the_words_are_those_of_the_source_for_who_copies_them(
    chromium: Browser,
    demo: tuple[LiveServer, Flask],  # noqa: F811
) -> None:
    context = _context(chromium, demo, "chair")
    page = context.new_page()
    bring_in(page)
    copied = page.evaluate(
        "() => { const words = document.querySelector('.document .paragraph .text-p');"
        " getSelection().selectAllChildren(words); return getSelection().toString(); }"
    )
    assert " ".join(copied.split()) == SOURCE.split("\n")[0].removeprefix("1. ")
    context.close()
