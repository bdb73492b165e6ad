"""Words of every script, and what changed between two texts (law 5)."""

from __future__ import annotations

import time

import pytest
import regex
from hypothesis import given, settings

from app.core.text import Change, diff, tokens
from tests.core.text.strategies import any_text, texts


@given(text=any_text)
def test_the_tokens_joined_are_the_text(text: str) -> None:
    assert "".join(tokens(text)) == text


@given(text=any_text)
def test_no_token_begins_inside_a_grapheme(text: str) -> None:
    ends, at = set(), 0
    for grapheme in regex.findall(r"\X", text):
        at += len(grapheme)
        ends.add(at)
    at = 0
    for token in tokens(text):
        at += len(token)
        assert at in ends or token.isspace() or at == len(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("States don’t offer", ["States", "don’t", "offer"]),
        ("责任国家", ["责", "任", "国", "家"]),
        ("الدول مَسْؤُولَة", ["الدول", "مَسْؤُولَة"]),
        ("ответственное поведение", ["ответственное", "поведение"]),
        ("1.5 °C", ["1.5", "C"]),
        ("ICT-incident", ["ICT", "incident"]),
    ],
)
def test_what_a_person_calls_a_word(text: str, words: list[str]) -> None:
    assert [token for token in tokens(text) if token[0].isalnum()] == words


def apply(ops, keep: Change) -> str:
    return "".join(op.text for op in ops if op.kind in (Change.EQUAL, keep))


@given(a=any_text, b=any_text)
@settings(max_examples=200)
def test_a_diff_leads_from_one_text_to_the_other(a: str, b: str) -> None:
    ops = diff(a, b)
    assert apply(ops, Change.DELETE) == a
    assert apply(ops, Change.INSERT) == b


@given(a=texts())
def test_equal_texts_do_not_differ(a: str) -> None:
    assert [op.kind for op in diff(a, a)] == ([Change.EQUAL] if a else [])


@given(a=texts(), b=texts())
def test_a_change_never_cuts_a_word(a: str, b: str) -> None:
    for side, keep in ((a, Change.DELETE), (b, Change.INSERT)):
        ends, at = {0}, 0
        for token in tokens(side):
            at += len(token)
            ends.add(at)
        at = 0
        for op in diff(a, b):
            if op.kind in (Change.EQUAL, keep):
                at += len(op.text)
                assert at in ends


def marked(a: str, b: str) -> str:
    signs = {Change.EQUAL: "{}", Change.INSERT: "+{}+", Change.DELETE: "-{}-"}
    return "".join(signs[op.kind].format(op.text) for op in diff(a, b))


@pytest.mark.parametrize(
    ("a", "b", "seen"),
    [
        ("to offer assistance", "to provide assistance", "to -offer-+provide+ assistance"),
        (
            "a major cyberattack, on terms;",
            "a major ICT incident, on terms;",
            "a major -cyberattack-+ICT incident+, on terms;",
        ),
        ("各国应当合作", "各国应当加强合作", "各国应当+加强+合作"),
        (
            "States that bear the cost of it help",
            "States which carry a share of what comes help",
            "States -that bear the cost of it-+which carry a share of what comes+ help",
        ),
        ("one two three of four five six", "a b c of d e f", "-one two three of four five six-+a b c of d e f+"),
        ("States should offer help;", "States may offer help.", "States -should-+may+ offer help-;-+.+"),
        ("", "new", "+new+"),
        ("old", "", "-old-"),
    ],
)
def test_it_reads_as_a_person_would_mark_it(a: str, b: str, seen: str) -> None:
    assert marked(a, b) == seen


def test_a_lone_short_word_between_changes_is_no_island() -> None:
    ops = diff("Takes note of the informal list", "Requests every organ and the new register of offers")
    assert sum(op.kind is Change.EQUAL and op.text.strip() != "" for op in ops) <= 1


def test_a_megabyte_is_compared_without_taking_minutes() -> None:
    a = " ".join(f"word{number % 977}" for number in range(120_000))
    b = a.replace("word500", "other").replace("word3 ", "")
    begin = time.perf_counter()
    ops = diff(a, b)
    assert time.perf_counter() - begin < 30
    assert apply(ops, Change.DELETE) == a
    assert apply(ops, Change.INSERT) == b


def test_a_word_that_changes_in_every_line_of_a_long_list_is_marked_in_every_line() -> None:
    """No word of such a list stands once, and yet each has its own place."""
    old = "; ".join(["each of the States will offer help to whoever needs it"] * 20)
    marked = [op.text for op in diff(old, old.replace("offer", "provide")) if op.kind is not Change.EQUAL]
    assert marked == ["offer", "provide"] * 20
