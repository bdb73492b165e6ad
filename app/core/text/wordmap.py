"""Where each word of an old text stands in the new one: what rebase, anchors, provenance and fates all read."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

from app.core.text.diff import _readable, matches
from app.core.text.paragraphs import Paragraph, ParagraphId
from app.core.text.words import is_word, tokens


@dataclass(frozen=True, slots=True)
class Hunk:
    """Old tokens `begin` to `end` became the tokens `put`, which stand in the new text from `at` on."""

    begin: int
    end: int
    put: tuple[str, ...]
    at: int


@dataclass(frozen=True)
class WordMap:
    """Two texts as tokens, and the pairs of positions that hold the same word, rising on both sides.

    `pairs` are those that a person would leave unmarked, `all_pairs` also those of lone short words between changes.
    """

    old: Sequence[str]
    new: Sequence[str]
    pairs: Sequence[tuple[int, int]]
    all_pairs: Sequence[tuple[int, int]]

    @cached_property
    def finest(self) -> WordMap:
        return WordMap(self.old, self.new, self.all_pairs, self.all_pairs)

    @cached_property
    def to_new(self) -> dict[int, int]:
        return dict(self.pairs)

    @cached_property
    def kept_new(self) -> frozenset[int]:
        """Positions in the new text of words that were there before."""
        return frozenset(j for _i, j in self.pairs)

    @cached_property
    def hunks(self) -> tuple[Hunk, ...]:
        """What changed, in order, each as far to the left as it can stand: equal edits get equal hunks."""
        found: list[Hunk] = []
        i = j = 0
        for a, b in [*self.pairs, (len(self.old), len(self.new))]:
            if i < a or j < b:
                _push(found, Hunk(i, a, tuple(self.new[j:b]), j), self.old)
            i, j = a + 1, b + 1
        return tuple(found)

    @cached_property
    def old_starts(self) -> list[int]:
        """Where each old token begins, in characters; at the end, the length of the text."""
        return list(accumulate((len(token) for token in self.old), initial=0))

    @cached_property
    def new_starts(self) -> list[int]:
        return list(accumulate((len(token) for token in self.new), initial=0))

    def old_tokens(self, start: int, end: int) -> range:
        """The old tokens that the characters `start` to `end` touch."""
        starts = self.old_starts
        return range(bisect_right(starts, start) - 1, bisect_right(starts, max(start, end - 1)))


def word_map(old: Sequence[str], new: Sequence[str]) -> WordMap:
    """Of two texts given as tokens."""
    pairs = _aligned(old, new)
    return WordMap(old, new, _readable(list(old), pairs), pairs)


ROW = 7
"""Tokens in a row, four words, that are the same passage if they stand once on both sides."""


def _aligned(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """As `matches` does, but quick on a long paragraph with a few changes: only what lies around them is weighed."""
    shorter = min(len(old), len(new))
    head = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    tail = next((at for at in range(shorter - head) if old[-1 - at] != new[-1 - at]), shorter - head)
    ends = (len(old) - tail, len(new) - tail)
    pairs: list[tuple[int, int]] = []
    i = j = 0
    for a, b, size in [(0, 0, head), *_known(old, new, head, ends), (*ends, tail)]:
        if i < a and j < b:
            pairs += [(i + x, j + y) for x, y in matches(old[i:a], new[j:b])]
        pairs += zip(range(a, a + size), range(b, b + size), strict=True)
        i, j = a + size, b + size
    return pairs


def _known(old: Sequence[str], new: Sequence[str], head: int, ends: tuple[int, int]) -> list[tuple[int, int, int]]:
    """Passages between `head` and `ends` that are the same by their rows: where they begin and their size in tokens.

    None if any of them changed places: then all has to be weighed.
    """
    once_old, once_new = _once(old[head : ends[0]]), _once(new[head : ends[1]])
    found: list[tuple[int, int, int]] = []
    for row, i in once_old.items():
        j = once_new.get(row)
        if j is None:
            continue
        a, b, size = found[-1] if found else (-ROW, -ROW, 0)
        if i - a == j - b and i <= a + size:
            found[-1] = (a, b, i - a + ROW)
        elif i >= a + size and j >= b + size:
            found.append((i, j, ROW))
        else:
            return []
    return [(head + i, head + j, size) for i, j, size in found]


def _once(words: Sequence[str]) -> dict[tuple[str, ...], int]:
    """Rows of tokens that stand once, in order, and where they begin."""
    rows = list(zip(*(words[at:] for at in range(ROW)), strict=False))
    place = {row: at for at, row in enumerate(rows)}
    if len(place) < len(rows):
        times = Counter(rows)
        place = {row: at for row, at in place.items() if times[row] == 1}
    return place


@dataclass
class Maps:
    """The word maps between two versions of a text, each made once, when it is first asked for."""

    old: dict[ParagraphId, Paragraph]
    new: dict[ParagraphId, Paragraph]
    _maps: dict[ParagraphId, WordMap] = field(default_factory=dict)
    _tokens: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def between(cls, old: Sequence[Paragraph], new: Sequence[Paragraph]) -> Maps:
        """Deleted paragraphs keep their number in print, but their words are gone: they are not in the maps."""
        return cls(standing(old), standing(new))

    def of(self, paragraph: ParagraphId) -> WordMap:
        """Of a paragraph that stands in both versions."""
        if paragraph not in self._maps:
            self._maps[paragraph] = word_map(
                self.tokens(self.old[paragraph].text), self.tokens(self.new[paragraph].text)
            )
        return self._maps[paragraph]

    def tokens(self, text: str) -> list[str]:
        if text not in self._tokens:
            self._tokens[text] = tokens(text)
        return self._tokens[text]


def standing(text: Sequence[Paragraph]) -> dict[ParagraphId, Paragraph]:
    """The paragraphs that have words, by identity, in their order."""
    return {paragraph.id: paragraph for paragraph in text if not paragraph.deleted}


def words(text: str) -> list[str]:
    """The words alone, as they are compared: without marks and spaces, whatever their case."""
    return [token.casefold() for token in tokens(text) if is_word(token)]


def _push(found: list[Hunk], hunk: Hunk, old: Sequence[str]) -> None:
    """Append a hunk, slid to the left while it stays the same edit; one that meets the hunk before it joins it."""
    begin, end, put, at = hunk.begin, hunk.end, hunk.put, hunk.at
    floor = found[-1].end if found else 0
    if begin == end:
        while begin > floor and old[begin - 1] == put[-1]:
            put, begin, end, at = (put[-1], *put[:-1]), begin - 1, end - 1, at - 1
    elif not put:
        while begin > floor and old[begin - 1] == old[end - 1]:
            begin, end, at = begin - 1, end - 1, at - 1
    if found and found[-1].end == begin:
        last = found.pop()
        begin, put, at = last.begin, last.put + put, last.at
    found.append(Hunk(begin, end, put, at))
