"""The word map says where each word went, and agrees with the marks that people see."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.text import wordmap
from app.core.text.wordmap import Tokenised, WordMap
from tests.core.text.strategies import texts


def mapped(old: str, new: str) -> WordMap:
    return wordmap.mapped(Tokenised(old), Tokenised(new))


@st.composite
def long_and_edited(draw: st.DrawFn) -> tuple[str, str]:
    """A long sentence, in which words repeat, and one with some of its words changed, moved or gone."""
    words = draw(st.lists(st.sampled_from(["a", "b", "States", "should", "援", "не", "في"]), min_size=8, max_size=60))
    edited = list(words)
    for _ in range(draw(st.integers(1, 4))):
        begin = draw(st.integers(0, len(edited)))
        end = draw(st.integers(begin, min(len(edited), begin + 12)))
        cut = edited[begin:end]
        edited[begin:end] = draw(st.sampled_from([[], ["new"], ["new", "words"]]))
        if draw(st.booleans()):
            edited += cut
    return " ".join(words), " ".join(edited)


@given(pair=long_and_edited() | st.tuples(texts(), texts()))
@settings(max_examples=300)
def test_pairs_rise_and_hold_the_same_word(pair: tuple[str, str]) -> None:
    words = mapped(*pair)
    for pairs in (words.pairs, words.finest.pairs):
        assert all(words.old[i] == words.new[j] for i, j in pairs)
        assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))


@given(pair=long_and_edited() | st.tuples(texts(), texts()))
@settings(max_examples=300)
def test_hunks_lead_from_one_text_to_the_other(pair: tuple[str, str]) -> None:
    words = mapped(*pair)
    for each in (words, words.finest):
        made, at = [], 0
        for hunk in each.hunks:
            assert hunk.begin >= at
            assert hunk.at == len(made) + hunk.begin - at
            assert tuple(each.new[hunk.at : hunk.at + len(hunk.put)]) == hunk.put
            made += [*each.old[at : hunk.begin], *hunk.put]
            at = hunk.end
        assert "".join([*made, *each.old[at:]]) == pair[1]


def test_equal_edits_are_equal_hunks_whatever_else_changed() -> None:
    one = mapped("to offer voluntary assistance in time", "to offer assistance in time")
    two = mapped("to offer voluntary assistance in time", "to offer assistance in good time")
    assert one.hunks == two.hunks[:1]


def test_a_long_paragraph_is_aligned_by_its_rows() -> None:
    words = [f"w{number}" for number in range(200)]
    new = [*words[:50], "in", *words[51:100], *words[101:]]
    found = mapped(" ".join(words), " ".join(new))
    assert [(hunk.end - hunk.begin, "".join(hunk.put).strip()) for hunk in found.hunks] == [(1, "in"), (2, "")]
