"""The opening of a paragraph, which is set in italics, and the name of an option before it."""

from __future__ import annotations

import pytest

from app.core.text.opening import opening, option_label
from app.core.text.paragraphs import Kind


@pytest.mark.parametrize(
    ("text", "italics"),
    [
        ("Invites States to provide assistance;", "Invites"),
        ("Recalling resolution 1/1,", "Recalling"),
        ("Strongly encourages States to report;", "Strongly encourages"),
        ("Mindful that the first hours are decisive,", "Mindful"),
        ("States should cooperate;", ""),
        ("Confidence-building measures are voluntary;", ""),
        ("The Group shall meet again;", ""),
        ("Les États font rapport ;", ""),
        ("La Secretaría informará;", ""),
        ("Invite les États à coopérer ;", "Invite"),
        ("each State may report;", ""),
        ("", ""),
    ],
)
def test_the_verb_that_opens_a_paragraph_is_set_in_italics(text: str, italics: str) -> None:
    assert text[: opening(text, Kind.OPERATIVE)] == italics
    assert text[: opening(text, Kind.PREAMBULAR)] == italics


def test_other_kinds_have_no_opening() -> None:
    for kind in (Kind.TITLE, Kind.HEADING, Kind.ITEM, Kind.CONTINUATION):
        assert opening("Invites States to provide assistance;", kind) == 0


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Option 1: Invites States;", "Option 1:"),
        ("[Option 2 bis: Invites States;", "[Option 2 bis:"),
        ("Opción A: Invita a los Estados;", "Opción A:"),
        ("Вариант 3: предлагает государствам;", "Вариант 3:"),
        ("الخيار 1: يدعو الدول؛", "الخيار 1:"),
        ("Option 1 is not named here;", ""),
        ("Optional measures: none;", ""),
        ("Invites States;", ""),
    ],
)
def test_the_name_of_an_option_ends_with_its_colon(text: str, name: str) -> None:
    assert text[: option_label(text)] == name
