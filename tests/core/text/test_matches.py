"""Which words of two texts are the same, where the texts are too long to be weighed word by word."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence

import pytest

from app.core.text.diff import EXACT, matches


def _edited(tokens: Sequence[str], chance: random.Random) -> list[str]:
    """With words put in, left out, said twice and, in places, a passage moved."""
    found: list[str] = []
    for token in tokens:
        drawn = chance.random()
        if drawn < 0.06:
            continue
        found.append(token)
        if drawn > 0.94:
            found.append(chance.choice(tokens))
    at = chance.randrange(len(found) - 40)
    return [*found[:at], *found[at + 30 :], *found[at : at + 30]]


def _long(chance: random.Random) -> list[str]:
    common = ["the", "of", "States", ",", "and", "to"]
    return [chance.choice(common) if chance.random() < 0.5 else f"w{number}" for number in range(600)]


@pytest.mark.parametrize("seed", range(12))
def test_long_texts_are_matched_word_by_the_same_word_and_in_order(seed: int) -> None:
    chance = random.Random(seed)
    a = _long(chance)
    b = _edited(a, chance)
    assert len(a) * len(b) > EXACT
    found = matches(a, b)
    assert all(a[i] == b[j] for i, j in found)
    assert all(i < k and j < m for (i, j), (k, m) in itertools.pairwise(found))
    assert len(found) > 0.8 * len(a)  # the passage that was moved, and what was left out, and little more


def test_what_stands_before_and_behind_a_word_that_is_there_once_is_matched_too() -> None:
    filler = [f"x{n}" for n in range(300)]
    other = [f"y{n}" for n in range(300)]
    a = [*filler, "of", "the", "once", "of", "the", *filler[:5], "end"]
    b = [*other, "of", "the", "once", "of", "the", *other[:5], "end"]
    said = [a[i] for i, _j in matches(a, b)]
    assert said == ["of", "the", "once", "of", "the", "end"]


def test_texts_without_a_common_word_have_no_match() -> None:
    assert matches(["a"] * 400, ["b"] * 400) == []
    assert matches([], ["a"]) == []
