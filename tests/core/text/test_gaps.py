"""What is found without cutting texts into words agrees with how they are cut."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.core.text import Change, diff, tokens
from app.core.text.gaps import PASSAGE, gaps
from app.core.text.words import _TOKEN, words
from tests.core.text.strategies import MARKS, WORDS, any_text

HARD = [
    "\u0600",
    "\u0600 ",
    "\uff9e",
    "\u0e33",
    "\r\n",
    "\t",
    "\x1c",
    "e\u0301",
    "\U0001f468\u200d\U0001f469",
    "½",
    "ß",
    "’",
]


@st.composite
def long_texts(draw: st.DrawFn) -> str:
    """Longer than a passage, with characters that join with what stands before or behind them."""
    pool = [word for script in WORDS.values() for word in script] + MARKS + HARD + [" ", " "]
    return "".join(draw(st.lists(st.sampled_from(pool), min_size=1, max_size=80)))


@st.composite
def edited_pairs(draw: st.DrawFn) -> tuple[str, str]:
    """A long text, and the same with some characters or passages changed, moved or gone: words may be cut anywhere."""
    old = draw(long_texts())
    new = old
    for _ in range(draw(st.integers(1, 4))):
        begin = draw(st.integers(0, len(new)))
        end = draw(st.integers(begin, min(len(new), begin + 60)))
        cut = new[begin:end]
        new = new[:begin] + draw(st.sampled_from(["", " ", "s", "’", "\u0301", "States", "国", cut * 2])) + new[end:]
        if draw(st.booleans()):
            new += cut
    return old, new


@given(pair=edited_pairs() | st.tuples(any_text, any_text))
@settings(max_examples=500)
def test_between_the_gaps_both_texts_are_the_same_and_long(pair: tuple[str, str]) -> None:
    a, b = pair
    found = gaps(a, b)
    i = j = 0
    for number, (a0, a1, b0, b1) in enumerate(found):
        assert a[i:a0] == b[j:b0]
        assert not number or a0 - i >= PASSAGE
        i, j = a1, b1
    assert a[i:] == b[j:]


@given(pair=edited_pairs() | st.tuples(any_text, any_text))
@example(pair=("aa \u0600 \uff9eb", "aa \u0600 \uff9ec"))
@settings(max_examples=500)
def test_a_text_is_cut_the_same_in_one_and_in_pieces(pair: tuple[str, str]) -> None:
    for text, places in zip(pair, zip(*((g[:2], g[2:]) for g in gaps(*pair)), strict=True), strict=False):
        borders = [0, *(at for place in places for at in place), len(text)]
        pieces = [text[a:b] for a, b in pairwise(borders)]
        assert [token for piece in pieces for token in tokens(piece)] == tokens(text)


@given(pair=edited_pairs())
@settings(max_examples=300)
def test_a_diff_of_long_texts_leads_from_one_to_the_other(pair: tuple[str, str]) -> None:
    ops = diff(*pair)
    for text, kind in zip(pair, (Change.DELETE, Change.INSERT), strict=True):
        assert "".join(op.text for op in ops if op.kind in (Change.EQUAL, kind)) == text
    assert all(a.kind is not b.kind for a, b in pairwise(ops))


@given(text=long_texts() | any_text)
@settings(max_examples=500)
def test_the_quick_pattern_cuts_as_the_full_one_does(text: str) -> None:
    assert tokens(text) == _TOKEN.findall(text)
    assert words(text) == [t.casefold() for t in _TOKEN.findall(text) if t[0].isalnum() or t[0] == "_"]


def test_every_simple_character_is_cut_as_the_full_pattern_does_beside_any_mark() -> None:
    chance = random.Random(1)
    beside = [" ", "'", "’", "·", ".", ",", "_", "1", "a", "É", "я", "-", "\t", "\xa0", "ª"]
    for code in range(0x3000):
        for _ in range(4):
            text = "".join(chance.choice(beside) for _ in range(3)) + chr(code)
            text += "".join(chance.choice(beside) for _ in range(3))
            assert tokens(text) == _TOKEN.findall(text), text


@pytest.mark.parametrize("script", sorted(WORDS))
def test_a_changed_word_in_a_long_text_is_all_that_is_weighed(script: str) -> None:
    space = "" if script == "han" else " "
    row = [f"{word}{space}" for number in range(40) for word in (str(number), *WORDS[script])]
    old, new = "".join(row), "".join([*row[:60], f"other{space}", *row[61:150], *row[152:]])
    found = gaps(old, new)
    assert len(found) == 2
    assert sum(a1 - a0 for a0, a1, _b0, _b1 in found) < 80


def test_passages_that_changed_places_are_weighed_word_by_word() -> None:
    first = "States should offer assistance on a voluntary basis and in good time, "
    second = "and the public may depend on the services which they offer to everybody, "
    assert len(gaps(f"In part {first}{second}as agreed.", f"In part {second}{first}as agreed.")) == 1
    kept = [op.text for op in diff(f"x {first}{second}y", f"x {second}{first}y") if op.kind is Change.EQUAL]
    assert any("the public may depend on the services which they offer to everybody" in text for text in kept)
