"""Where each word of an old text stands in the new one: what rebase, anchors, provenance and fates all read."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from app.core.text.diff import Pairs, matches, readable
from app.core.text.gaps import gaps
from app.core.text.paragraphs import Paragraph, ParagraphId
from app.core.text.words import tokens


@dataclass(frozen=True, slots=True)
class Hunk:
    """Old tokens `begin` to `end` became the tokens `put`, which stand in the new text from `at` on."""

    begin: int
    end: int
    put: tuple[str, ...]
    at: int


class Tokenised:
    """A text, cut into tokens when that is first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def tokens(self) -> list[str]:
        return tokens(self.text)

    @cached_property
    def starts(self) -> list[int]:
        """Where each token begins, in characters; at the end, the length of the text."""
        return list(accumulate(map(len, self.tokens), initial=0))


class Change(NamedTuple):
    """What may differ: tokens from `i` of the old text and from `j` of the new one, and the pairs in it that stay."""

    i: int
    j: int
    was: list[str]
    now: list[str]
    all_pairs: Pairs
    pairs: Pairs


class WordMap:
    """Two texts as tokens, and which of them stay: those that a person would leave unmarked.

    In `finest`, those of lone short words between changes stay as well.
    """

    def __init__(self, old: Tokenised, new: Tokenised, changes: Sequence[Change]) -> None:
        self._old, self._new, self._changes = old, new, changes

    @property
    def old(self) -> list[str]:
        return self._old.tokens

    @property
    def new(self) -> list[str]:
        return self._new.tokens

    @property
    def new_text(self) -> str:
        return self._new.text

    @cached_property
    def pairs(self) -> Pairs:
        """Positions that hold the same word, rising on both sides."""
        found: Pairs = []
        i = j = 0
        for change in self._changes:
            found += zip(range(i, change.i), range(j, change.j), strict=True)
            found += [(change.i + x, change.j + y) for x, y in change.pairs]
            i, j = change.i + len(change.was), change.j + len(change.now)
        found += zip(range(i, len(self.old)), range(j, j + len(self.old) - i), strict=True)
        return found

    @cached_property
    def finest(self) -> WordMap:
        return WordMap(self._old, self._new, [change._replace(pairs=change.all_pairs) for change in self._changes])

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
        for change in self._changes:
            x = y = 0
            for a, b in [*change.pairs, (len(change.was), len(change.now))]:
                if x < a or y < b:
                    put = tuple(change.now[y:b])
                    _push(found, Hunk(change.i + x, change.i + a, put, change.j + y), self.old)
                x, y = a + 1, b + 1
        return tuple(found)

    @property
    def old_starts(self) -> list[int]:
        return self._old.starts

    @property
    def new_starts(self) -> list[int]:
        return self._new.starts

    def old_tokens(self, start: int, end: int) -> range:
        """The old tokens that the characters `start` to `end` touch."""
        starts = self.old_starts
        return range(bisect_right(starts, start) - 1, bisect_right(starts, max(start, end - 1)))


def mapped(old: Tokenised, new: Tokenised) -> WordMap:
    """Of two texts, of which only what may differ is compared token by token."""
    changes = []
    i = j = 0
    for a0, a1, b0, b1 in gaps(old.text, new.text):
        begin, end = bisect_left(old.starts, a0), bisect_left(old.starts, a1)
        i, j = begin, j + begin - i
        was, now = old.tokens[begin:end], tokens(new.text[b0:b1])
        found = matches(was, now)
        kept = readable(was, found, (len(was), len(now)))
        changes.append(Change(i, j, was, now, found, kept))
        i, j = end, j + len(now)
    return WordMap(old, new, changes)


@dataclass
class Maps:
    """The word maps between two versions of a text, each made once, when it is first asked for."""

    old: dict[ParagraphId, Paragraph]
    new: dict[ParagraphId, Paragraph]
    _maps: dict[tuple[str, str], WordMap] = field(default_factory=dict)
    _cut: dict[str, Tokenised] = field(default_factory=dict)

    @classmethod
    def between(cls, old: Sequence[Paragraph], new: Sequence[Paragraph]) -> Maps:
        """Deleted paragraphs keep their number in print, but their words are gone: they are not in the maps."""
        return cls(standing(old), standing(new))

    def of(self, paragraph: ParagraphId) -> WordMap:
        """Of a paragraph that stands in both versions."""
        return self.asked(paragraph, self.new[paragraph].text)

    def asked(self, paragraph: ParagraphId, text: str) -> WordMap:
        """From the words of a paragraph in the old version to those that somebody wants for it."""
        return self.between_texts(self.old[paragraph].text, text)

    def between_texts(self, old: str, new: str) -> WordMap:
        if (old, new) not in self._maps:
            self._maps[old, new] = mapped(self._tokenised(old), self._tokenised(new))
        return self._maps[old, new]

    def tokens(self, text: str) -> list[str]:
        return self._tokenised(text).tokens

    def _tokenised(self, text: str) -> Tokenised:
        if text not in self._cut:
            self._cut[text] = Tokenised(text)
        return self._cut[text]


def standing(text: Sequence[Paragraph]) -> dict[ParagraphId, Paragraph]:
    """The paragraphs that have words, by identity, in their order."""
    return {paragraph.id: paragraph for paragraph in text if not paragraph.deleted}


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
