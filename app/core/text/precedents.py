"""Agreed language: is a wording taken from a precedent word for word, and if not, where does it differ?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from app.core.text.diff import Change, Op, diff, matches
from app.core.text.words import is_word, tokens

LEAST = 0.3
"""Share of common words below which a passage is no precedent."""
COMMON = 24
"""Places in one precedent from which a word says nothing about where a passage begins."""


@dataclass(frozen=True, slots=True)
class Precedent:
    """A text agreed before. `source` is how it is cited: a symbol and a paragraph."""

    id: str
    source: str
    text: str


@dataclass(frozen=True, slots=True)
class Match:
    """`ops` lead from the passage of the precedent to the words that were checked; `share` of common words, 0 to 1."""

    precedent: str
    verbatim: bool
    ops: tuple[Op, ...]
    share: float


def check_agreed_language(words: str, precedents: Sequence[Precedent]) -> tuple[Match, ...]:
    """Best first: verbatim ones, then the closest passages. Runs of white space are one space; all else counts."""
    asked = _plain(words)
    if not any(is_word(token) for token in asked):
        return ()
    found = [match for precedent in precedents if (match := _match(asked, precedent)) is not None]
    return tuple(sorted(found, key=lambda match: (not match.verbatim, -match.share)))


def _match(asked: list[str], precedent: Precedent) -> Match | None:
    there = _plain(precedent.text)
    if _holds(there, asked):
        return Match(precedent.id, True, (Op(Change.EQUAL, "".join(asked)),), 1.0)
    begin, end = _closest(asked, there)
    ops = diff("".join(there[begin:end]), "".join(asked))
    share = _share(ops)
    return Match(precedent.id, False, ops, share) if share >= LEAST else None


def _plain(text: str) -> list[str]:
    return tokens(" ".join(text.split()))


def _holds(there: list[str], asked: list[str]) -> bool:
    """Whole words only."""
    size = len(asked)
    return any(there[at] == asked[0] and there[at : at + size] == asked for at in range(len(there) - size + 1))


def _closest(asked: list[str], there: list[str]) -> tuple[int, int]:
    """Where the passage most like the words begins and ends."""
    low, other = [t.casefold() for t in asked], [t.casefold() for t in there]
    place = _likely_place(low, other)
    around = len(asked) // 2 + 4
    first, last = max(0, place - around), min(len(there), place + len(asked) + around)
    common = {first + j for _i, j in matches(low, other[first:last]) if is_word(other[first + j])}
    return _densest(there, first, last, common)


def _likely_place(asked: list[str], there: list[str]) -> int:
    """Where the passage begins if most words stand as far from its beginning as in `asked`; rare words count more."""
    places: dict[str, list[int]] = defaultdict(list)
    for j, token in enumerate(there):
        if is_word(token):
            places[token].append(j)
    votes: Counter[int] = Counter()
    for i, token in enumerate(asked):
        held = places.get(token, ())
        if len(held) <= COMMON:
            for j in held:
                votes[(j - i) // 4] += 12 // len(held) + 1
    if not votes:
        return 0
    best = max(votes, key=lambda step: (votes[step] + (votes[step - 1] + votes[step + 1]) / 2, -step))
    return best * 4


def _densest(there: list[str], first: int, last: int, common: set[int]) -> tuple[int, int]:
    """The run of tokens with the most common words and the fewest others, from a common word to a common word."""
    best, score, begin, span = 0.0, 0.0, first, (first, first)
    for j in range(first, last):
        if not is_word(there[j]):
            continue
        if score <= 0:
            score, begin = 0.0, j
        score += 1.0 if j in common else -0.6
        if score > best:
            best, span = score, (begin, j + 1)
    return span


def _share(ops: Sequence[Op]) -> float:
    """Common words, of the words of the longer side."""
    count = {kind: sum(is_word(t) for op in ops if op.kind is kind for t in tokens(op.text)) for kind in Change}
    return count[Change.EQUAL] / max(1, count[Change.EQUAL] + max(count[Change.INSERT], count[Change.DELETE]))
