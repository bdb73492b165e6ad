"""Commenting on words: chosen with the mouse or without, marked for everybody, placed as the server places them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from app.core.text import Quote, locate
from tests.e2e.room.conftest import TEXT, Meeting
from tests.e2e.room.seat import Seat

pytestmark = pytest.mark.e2e

SELECT = """(words, phrase) => {
  const walker = document.createTreeWalker(words, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.data.indexOf(phrase);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(walker.currentNode, at);
    range.setEnd(walker.currentNode, at + phrase.length);
    document.getSelection().removeAllRanges();
    document.getSelection().addRange(range);
    return;
  }
  throw new Error("these words do not stand here");
}"""


def select(seat: Seat, paragraph: str, phrase: str) -> None:
    seat.paragraph(paragraph).locator(".words").evaluate(SELECT, phrase)


def test_selected_words_are_quoted_and_marked_for_all(meeting: Meeting) -> None:
    with meeting.seat(meeting.kenya) as kenya, meeting.seat(meeting.brazil) as brazil:
        kenya.enter(meeting.session)
        brazil.enter(meeting.session)
        select(kenya, "p1", "upon request")
        kenya.page.get_by_role("button", name="Comment on these words").click()
        expect(kenya.page.locator(".chip.quote")).to_contain_text("“upon request”")
        kenya.say("These words must stay.")
        expect(brazil.paragraph("p1").locator("mark.anchor")).to_have_text("upon request")
        brazil.paragraph("p1").locator("mark.anchor").click()
        expect(brazil.card("These words must stay.").locator("[data-slot=quote]")).to_have_text("upon request")


def test_words_after_a_raised_footnote_mark_keep_their_place(meeting: Meeting) -> None:
    with meeting.seat(meeting.kenya) as kenya:
        kenya.enter(meeting.session)
        select(kenya, "p2", "details")
        kenya.page.get_by_role("button", name="Comment on these words").click()
        kenya.say("Once.")
        expect(kenya.paragraph("p2").locator("mark.anchor")).to_have_text("details")
        select(kenya, "p3", "give effect to the framework")
        kenya.page.get_by_role("button", name="Comment on these words").click()
        kenya.say("Before the note.")
        expect(kenya.paragraph("p3").locator("mark.anchor")).to_have_text("give effect to the framework")
        expect(kenya.paragraph("p3").locator("sup")).to_have_text("1")


def test_overlapping_words_are_marked_each_with_its_comments(meeting: Meeting) -> None:
    with meeting.seat(meeting.kenya) as kenya:
        kenya.enter(meeting.session)
        for phrase in ("offer assistance", "assistance, upon"):
            choose(kenya, "p1", phrase.split()[0].strip(","), phrase.split()[-1].strip(","))
            kenya.say(f"About {phrase}.")
            kenya.sees(f"About {phrase}.")
        marks = kenya.paragraph("p1").locator("mark.anchor")
        expect(marks).to_have_text(["offer ", "assistance", ", upon"])
        assert [len(ids.split()) for ids in marks.evaluate_all("all => all.map(m => m.dataset.comments)")] == [1, 2, 1]


def choose(seat: Seat, paragraph: str, first: str, last: str) -> None:
    """Choose words in the dialog, from the first word to the last."""
    seat.paragraph(paragraph).hover()
    seat.paragraph(paragraph).get_by_role("button", name="Quote words").click()
    words = seat.page.locator(".pick-words")
    words.get_by_role("button", name=first, exact=True).click()
    words.get_by_role("button", name=last, exact=True).click()
    seat.page.locator("#pick-words").get_by_role("button", name="Comment on these words").click()


def test_words_are_chosen_without_a_mouse(meeting: Meeting) -> None:
    with meeting.seat(meeting.kenya) as kenya:
        kenya.enter(meeting.session)
        kenya.paragraph("p2").get_by_role("button", name="Quote words").focus()
        for key in ("Enter", "ArrowRight", "ArrowRight", "Enter", "ArrowRight", "ArrowRight", "Enter"):
            kenya.page.keyboard.press(key)
        expect(kenya.page.locator(".picked")).to_have_text("“States to name”")
        kenya.page.keyboard.press("Tab")
        kenya.page.keyboard.press("Tab")
        kenya.page.keyboard.press("Enter")
        expect(kenya.page.locator(".chip.quote")).to_contain_text("“States to name”")
        expect(kenya.page.locator(".compose textarea")).to_be_focused()


def test_the_browser_places_quotes_as_the_server_does(meeting: Meeting) -> None:
    cases = [
        ("", Quote("a")),
        ("to be or not to be", Quote("to be", 13)),
        ("to be or not to be", Quote("to be", 0)),
        ("to be or not to be", Quote("to be", 0, "", " or")),
        ("to be or not to be", Quote("to be", 1, "not ", "")),
        ("𝄞 the 𝄞 note, the note", Quote("note", 8)),
        ("𝄞 the 𝄞 note, the note", Quote("note", 18)),
        ("𝄞 the 𝄞 note, the note", Quote("note", 5, "the ", "")),
        ("aaa", Quote("aa")),
        (TEXT[0], Quote("offer assistance", 37)),
        (TEXT[0], Quote("refuse assistance", 37)),
    ]
    asked = [[text, {"exact": q.exact, "start": q.start, "prefix": q.prefix, "suffix": q.suffix}] for text, q in cases]
    with meeting.seat(meeting.kenya) as kenya:
        kenya.enter(meeting.session)
        answers = kenya.page.evaluate(
            """async (cases) => {
              const main = document.querySelector('script[src$="room/main.js"]').src;
              const { locate, toCodePoints } = await import(main.replace("main.js", "quotes.js"));
              return cases.map(([text, quote]) => locate(text, quote)?.map((at) => toCodePoints(text, at)) ?? null);
            }""",
            asked,
        )
    assert [tuple(answer) if answer else None for answer in answers] == [locate(text, quote) for text, quote in cases]
