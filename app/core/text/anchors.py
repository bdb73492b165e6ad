"""Comments on words, carried over to the next version: on the same words of the same paragraph, or honestly nowhere.

The cascade: the paragraph by its identity; in it, the words by the word map; failing that, the comment is an orphan,
and a place where the same words stand alone is suggested to a person. Never a near match: texts of norms are so
repetitive that the best near match is often another norm.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import accumulate

from app.core.text.paragraphs import Paragraph, ParagraphId
from app.core.text.quotes import Quote, locate
from app.core.text.wordmap import Maps, WordMap
from app.core.text.words import is_word, tokens

ENOUGH = 0.5
"""Share of its words that must be left for a comment to stay on a reworded passage."""
PASSAGE = 2
"""Words from which a passage that was cut and put elsewhere in its paragraph is known to be the same one."""


class How(StrEnum):
    """What became of the words of a comment that is shown."""

    EXACT = "exact"
    """They stand as they stood, whatever changed around them."""
    MOVED = "moved"
    """They stand unchanged at another place in the paragraph."""
    REWORDED = "reworded"
    """At least half of them are left."""


class Lost(StrEnum):
    """Why a comment is an orphan."""

    PARAGRAPH_GONE = "paragraph_gone"
    WORDS_DELETED = "words_deleted"
    TOO_FEW_LEFT = "too_few_left"
    NOT_FOUND = "not_found"
    """The quoted words did not stand in the old paragraph, or stood there more than once."""


@dataclass(frozen=True, slots=True)
class Placed:
    """The comment stands on the characters `start` to `end` of its paragraph in the new version."""

    paragraph_id: ParagraphId
    start: int
    end: int
    how: How


@dataclass(frozen=True, slots=True)
class Orphan:
    """The comment stands on no words. `suggestion` is for a person to accept: (paragraph, start, end)."""

    reason: Lost
    quote: Quote
    suggestion: tuple[ParagraphId, int, int] | None = None


def follow(
    quote: Quote, paragraph_id: ParagraphId, old: Sequence[Paragraph], new: Sequence[Paragraph]
) -> Placed | Orphan:
    """Where a comment on words of `old` stands in `new`. A quote without words means the whole paragraph."""
    return _Following(old, new).one(quote, paragraph_id)


def follow_all(
    comments: Iterable[tuple[Quote, ParagraphId]], old: Sequence[Paragraph], new: Sequence[Paragraph]
) -> tuple[Placed | Orphan, ...]:
    """One answer for each comment, in the order given (law 7)."""
    task = _Following(old, new)
    return tuple(task.one(quote, paragraph_id) for quote, paragraph_id in comments)


class _Following:
    """One old and one new version."""

    def __init__(self, old: Sequence[Paragraph], new: Sequence[Paragraph]) -> None:
        self._maps = Maps.between(old, new)
        self._elsewhere = _Elsewhere(new)

    def one(self, quote: Quote, about: ParagraphId) -> Placed | Orphan:
        found = self._in_paragraph(quote, about)
        return found if isinstance(found, Placed) else Orphan(found, quote, self._elsewhere.find(quote))

    def _in_paragraph(self, quote: Quote, about: ParagraphId) -> Placed | Lost:
        after = self._maps.new.get(about)
        if after is None:
            return Lost.PARAGRAPH_GONE
        before = self._maps.old.get(about)
        if not quote.exact:
            same = before is not None and before.text == after.text
            return Placed(about, 0, len(after.text), How.EXACT if same else How.REWORDED)
        span = _span(before.text, quote) if before is not None else None
        if before is None or span is None:
            return Lost.NOT_FOUND
        if before.text == after.text:
            return Placed(about, *span, How.EXACT)
        return _mapped(self._maps.of(about), span, quote.exact, about, after.text)


def _span(text: str, quote: Quote) -> tuple[int, int] | None:
    """At its place, also where that is the very beginning; else where it stands once."""
    if text.startswith(quote.exact, quote.start) and text[: quote.start].endswith(quote.prefix):
        return quote.start, quote.start + len(quote.exact)
    return locate(text, quote)


def _mapped(words: WordMap, span: tuple[int, int], exact: str, about: ParagraphId, text: str) -> Placed | Lost:
    meant = words.old_tokens(*span)
    counted = [i for i in meant if is_word(words.old[i])] or [i for i in meant if words.old[i].strip()] or list(meant)
    left = [i for i in counted if i in words.to_new]
    if len(left) >= ENOUGH * len(counted):
        start, end = _new_span(words, span, left)
        how = How.EXACT if text[start:end] == exact else How.REWORDED
        return Placed(about, start, end, how)
    if (moved := _moved(words, exact, len(counted), text)) is not None:
        return Placed(about, *moved, How.MOVED)
    return Lost.TOO_FEW_LEFT if left else Lost.WORDS_DELETED


def _new_span(words: WordMap, span: tuple[int, int], left: list[int]) -> tuple[int, int]:
    """From the first word that is left to the last, or from and to where the quote began and ended if that stands."""
    meant = words.old_tokens(*span)
    first, last = left[0], left[-1]
    if all(words.to_new.get(i) == words.to_new[first] - (first - i) for i in range(meant.start, first)):
        first = meant.start
    if all(words.to_new.get(i) == words.to_new[last] + (i - last) for i in range(last + 1, meant.stop)):
        last = meant.stop - 1
    # A quote may begin or end inside a word.
    start = words.new_starts[words.to_new[first]] + max(0, span[0] - words.old_starts[first])
    end = words.new_starts[words.to_new[last] + 1] - max(0, words.old_starts[last + 1] - span[1])
    return start, end


def _moved(words: WordMap, exact: str, count: int, text: str) -> tuple[int, int] | None:
    """Where the passage stands now, if it stands once and is made of nothing but words put in: no other's words."""
    start = text.find(exact)
    if count < PASSAGE or start < 0 or text.find(exact, start + 1) >= 0:
        return None
    end = start + len(exact)
    starts = words.new_starts
    inside = range(bisect_right(starts, start) - 1, bisect_right(starts, end - 1))
    if any(is_word(words.new[j]) and j in words.kept_new for j in inside):
        return None
    return start, end


class _Elsewhere:
    """The whole new version as one string, in which a quotation is looked for as it is."""

    def __init__(self, new: Sequence[Paragraph]) -> None:
        self._paragraphs = [paragraph for paragraph in new if not paragraph.deleted]
        self._found: dict[Quote, tuple[ParagraphId, int, int] | None] = {}

    @cached_property
    def _all(self) -> str:
        return "\0".join(paragraph.text for paragraph in self._paragraphs)

    @cached_property
    def _starts(self) -> list[int]:
        return list(accumulate((len(paragraph.text) + 1 for paragraph in self._paragraphs), initial=0))

    def find(self, quote: Quote) -> tuple[ParagraphId, int, int] | None:
        """The one place where it stands; of several, the one that has its words before and after it as well."""
        if quote not in self._found:
            self._found[quote] = self._find(quote) if quote.exact else None
        return self._found[quote]

    def _find(self, quote: Quote) -> tuple[ParagraphId, int, int] | None:
        place = self._once(quote.exact)
        if place is None and (quote.prefix or quote.suffix):
            place = self._once(quote.prefix + quote.exact + quote.suffix)
            place = None if place is None else place + len(quote.prefix)
        if place is None:
            return None
        number = bisect_right(self._starts, place) - 1
        paragraph, start = self._paragraphs[number], place - self._starts[number]
        end = start + len(quote.exact)
        if end > len(paragraph.text) or not _whole_words(paragraph.text, start, end):
            return None
        return paragraph.id, start, end

    def _once(self, words: str) -> int | None:
        place = self._all.find(words)
        return place if place >= 0 and self._all.find(words, place + 1) < 0 else None


def _whole_words(text: str, start: int, end: int) -> bool:
    """Does no word go on beyond the borders? *Linus* does not stand in *Linuses*."""
    borders = set(accumulate((len(token) for token in tokens(text)), initial=0))
    return start in borders and end in borders
