"""The reference for anchors: the best likeness of a quotation in the whole text, as annotation of web pages works.

Exact quotations first, else windows of words that become the quotation by changing at most half of its letters; the
words before and after it weigh in. The best one is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from app.core.text import Paragraph, ParagraphId, Quote, tokens

CANDIDATES = 12
"""Windows that are weighed letter by letter: those with the most words in common."""
HALF = 0.5

Place = tuple[ParagraphId, int, int]


class FuzzySearch:
    def __init__(self, text: Sequence[Paragraph]) -> None:
        self._paragraphs = [(paragraph, _words(paragraph.text)) for paragraph in text]
        self._texts = {paragraph.id: paragraph.text for paragraph in text}

    def find(self, quote: Quote) -> Place | None:
        """The best place, or None if no passage is like it."""
        windows = self._exact(quote.exact) or [
            window
            for window in self._like(quote.exact)
            if _edits(quote.exact, self._text(window)) <= HALF * len(quote.exact)
        ]
        return max(windows, key=lambda window: self._score(quote, window), default=None)

    def _exact(self, words: str) -> list[Place]:
        return [
            (paragraph.id, at, at + len(words))
            for paragraph, spans in self._paragraphs
            for at, _end in spans
            if paragraph.text.startswith(words, at)
        ]

    def _like(self, words: str) -> list[Place]:
        wanted = {words[start:end].casefold() for start, end in _words(words)}
        size = max(1, len(_words(words)))
        found: list[tuple[int, Place]] = []
        for paragraph, spans in self._paragraphs:
            text = [paragraph.text[start:end].casefold() for start, end in spans]
            for at in range(len(spans) - size + 1):
                common = sum(word in wanted for word in text[at : at + size])
                found.append((common, (paragraph.id, spans[at][0], spans[at + size - 1][1])))
        found.sort(key=lambda window: -window[0])
        return [window for _common, window in (found if size == 1 else found[:CANDIDATES])]

    def _text(self, place: Place) -> str:
        about, start, end = place
        return self._texts[about][start:end]

    def _score(self, quote: Quote, place: Place) -> float:
        about, start, end = place
        text = self._texts[about]
        before, after = text[max(0, start - 32) : start], text[end : end + 32]
        return (
            50 * _ratio(quote.exact, text[start:end])
            + 20 * _ratio(quote.prefix[-32:], before)
            + 20 * _ratio(quote.suffix[:32], after)
        )


def _words(text: str) -> list[tuple[int, int]]:
    spans, at = [], 0
    for token in tokens(text):
        if token[0].isalnum():
            spans.append((at, at + len(token)))
        at += len(token)
    return spans


def _ratio(a: str, b: str) -> float:
    return SequenceMatcher(None, a, b, autojunk=False).ratio()


def _edits(a: str, b: str) -> int:
    """Letters to change, put in or take out."""
    changes = SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    return sum(max(a1 - a0, b1 - b0) for kind, a0, a1, b0, b1 in changes if kind != "equal")
