"""Brackets over a whole text: which sign closes which, inside a paragraph and over several.

In a paragraph each closing sign closes the last one that is open. What is left over is looked for in the paragraphs
around: a bracket may begin in one and end in another, in real texts within a section. Across the heading of another
section signs find each other only where none of them is left alone; else one of them is a slip, and no one can say
which.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.core.text.bracket_reading import strays
from app.core.text.escapes import Escaped
from app.core.text.paragraphs import Kind, Paragraph

FOOTNOTE_MARK = re.compile(r"\[\^[^\]\s]+\]")
_NO_SECTION = 99
DEPTH = 30
"""Brackets over several paragraphs that may be open at once; beyond it, the one that was opened first is a slip."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A bracket sign: the number of its paragraph, and its place in the words."""

    paragraph: int
    offset: int


@dataclass(frozen=True, slots=True)
class Span:
    """A bracket that is opened in one paragraph and closed in another."""

    opened: Sign
    closed: Sign


@dataclass(slots=True)
class _Open:
    sign: Sign
    section: int
    """The level of the heading under which it stands, or which it is part of."""
    crossed: bool = False
    """Has another section begun since?"""


@dataclass(slots=True)
class _Matching:
    spans: list[Span] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    slips: list[Sign] = field(default_factory=list)
    unopened: list[Sign] = field(default_factory=list)

    def heading(self, level: int) -> None:
        for one in self.open:
            one.crossed = one.crossed or level <= one.section

    def begin(self, one: _Open) -> None:
        self.open.append(one)
        if len(self.open) > DEPTH:
            self.slips.append(self.open.pop(0).sign)

    def close(self, sign: Sign) -> None:
        """The nearest one that is open in this section."""
        for place in range(len(self.open) - 1, -1, -1):
            if not self.open[place].crossed:
                self.spans.append(Span(self.open.pop(place).sign, sign))
                return
        self.unopened.append(sign)


def spans(paragraphs: Sequence[Paragraph]) -> list[Span]:
    """The brackets over several paragraphs, in the order in which they close. Notes and footnotes take no part."""
    found = _Matching()
    section = _NO_SECTION
    for number, paragraph in enumerate(paragraphs):
        if not takes_part(paragraph):
            continue
        if paragraph.kind is Kind.HEADING:
            section = paragraph.level
            found.heading(section)
        for offset, sign in sorted(lone(paragraph.text).items()):
            if sign == "[":
                found.begin(_Open(Sign(number, offset), section))
            else:
                found.close(Sign(number, offset))
    return found.spans + _across(found)


def takes_part(paragraph: Paragraph) -> bool:
    return paragraph.kind not in (Kind.NOTE, Kind.FOOTNOTE) and not paragraph.deleted


def lone(text: str) -> dict[int, str]:
    """Places of signs without a partner in the paragraph, and what they are."""
    if "[" not in text and "]" not in text:
        return {}
    return strays(Escaped(without_footnote_marks(text)).masked)


def without_footnote_marks(text: str) -> str:
    """The same places, with the brackets of footnote marks out of sight: they are none of negotiation."""
    if "[^" not in text:
        return text
    return FOOTNOTE_MARK.sub(lambda mark: _HIDDEN + mark[0][1:-1] + _HIDDEN, text)


_HIDDEN = "\ufdd0"
"""No character of any script; what is read with it is shown from the text itself."""


def _across(found: _Matching) -> list[Span]:
    """What is left, over the headings: only where every sign finds another."""
    if found.slips:
        return []
    left = [(one.sign, "[") for one in found.open] + [(sign, "]") for sign in found.unopened]
    made: list[Span] = []
    waiting: list[Sign] = []
    for sign, kind in sorted(left, key=lambda pair: (pair[0].paragraph, pair[0].offset)):
        if kind == "[":
            waiting.append(sign)
        elif not waiting:
            return []
        else:
            made.append(Span(waiting.pop(), sign))
    return [] if waiting else made
