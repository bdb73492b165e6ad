"""A whole text with the brackets that its words hold, as structure beside the words: no word is moved.

The structure is derived from the words, from the names that are known, and from what a person answered where the words
alone do not say it. So it follows every edit, and what goes out is what came in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from app.core.text.bracket_pieces import Node, Piece, PieceKind, Pieces, pieces_of
from app.core.text.bracket_reading import BracketFinding, read_brackets
from app.core.text.bracket_spans import Sign, lone, spans, takes_part, without_footnote_marks
from app.core.text.brackets import Attribution
from app.core.text.escapes import Escaped
from app.core.text.normalise import TextRefused
from app.core.text.paragraphs import Paragraph, ParagraphId

_BRACKETS = frozenset("[]{}(")
_AROUND = 48
"""Characters on each side of a sign that a person is shown in a question."""


class Ask(StrEnum):
    """What the words alone do not say."""

    ADJACENT = "adjacent"
    """Two brackets with a space between: alternatives, or two?"""
    SPAN = "span"
    """A bracket that begins in one paragraph and ends in another: one, or two slips?"""
    NAME = "name"
    """Words where a name would stand: does somebody hold the bracket, or is it text?"""


CHOICES: Mapping[Ask, tuple[str, ...]] = {
    Ask.ADJACENT: ("two", "alternatives"),
    Ask.SPAN: ("one", "alone"),
    Ask.NAME: ("words", "name"),
}
"""The choices, first the one that holds until somebody answers."""


@dataclass(frozen=True, slots=True)
class Question:
    """A place to ask about. `key` depends on the words alone, so an answer holds as long as they stand.

    `quote` are the words; of a bracket over several paragraphs, those around its beginning and its end.
    """

    key: str
    ask: Ask
    paragraph: ParagraphId
    quote: str
    until: ParagraphId | None = None
    answer: str | None = None

    @property
    def taken(self) -> str:
        """How it is read now."""
        return self.answer or CHOICES[self.ask][0]


@dataclass(frozen=True, slots=True)
class BracketAt:
    """A bracket as it stands in one paragraph. `number` is the same in all paragraphs over which it goes.

    `start` and `end` are places in the words, the signs included; None where it goes on beyond the paragraph. `level`
    counts from 1, the outermost.
    """

    number: int
    level: int
    start: int | None
    end: int | None
    options: tuple[tuple[Attribution, ...], ...] = ()
    """For each option, who says what of it."""

    @property
    def state(self) -> str:
        """closed; or opened, continued, closing, of one over several paragraphs."""
        if self.start is None:
            return "continued" if self.end is None else "closing"
        return "opened" if self.end is None else "closed"


@dataclass(frozen=True, slots=True)
class ParagraphBrackets:
    """One paragraph: its words in pieces (joined, they are the words), and the brackets that they show."""

    pieces: tuple[Piece, ...]
    brackets: tuple[BracketAt, ...] = ()
    findings: tuple[BracketFinding, ...] = ()

    @property
    def bracketed(self) -> bool:
        return bool(self.brackets) or any(piece.kind is PieceKind.STRAY for piece in self.pieces)

    @property
    def has_alternatives(self) -> bool:
        return any(len(bracket.options) > 1 for bracket in self.brackets)

    @property
    def holders(self) -> tuple[str, ...]:
        """All names in it, in the order of the words."""
        return tuple(dict.fromkeys(name for piece in self.pieces for said in piece.said for name in said.names))

    @property
    def unclosed(self) -> int:
        """Signs without a partner."""
        return sum(piece.kind is PieceKind.STRAY for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class TextBrackets:
    """All paragraphs of a text."""

    paragraphs: Mapping[ParagraphId, ParagraphBrackets]
    questions: tuple[Question, ...] = ()

    @property
    def pairs(self) -> int:
        """Brackets as people count them: opening signs that are closed."""
        return sum(p.kind is PieceKind.OPEN for one in self.paragraphs.values() for p in one.pieces)

    @property
    def alternatives(self) -> int:
        """Places where several options stand side by side."""
        return len({b.number for one in self.paragraphs.values() for b in one.brackets if len(b.options) > 1})

    @property
    def over_paragraphs(self) -> int:
        return len({b.number for one in self.paragraphs.values() for b in one.brackets if b.state == "opened"})

    @property
    def holders(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for one in self.paragraphs.values() for name in one.holders))

    @property
    def unclosed(self) -> tuple[ParagraphId, ...]:
        """Paragraphs with a sign that has no partner in the whole text."""
        return tuple(identity for identity, one in self.paragraphs.items() if one.unclosed)


def bracket_structure(
    paragraphs: Sequence[Paragraph], parties: Container[str] = (), answers: Mapping[str, str] | None = None
) -> TextBrackets:
    """The brackets of a text. `answers`: key of a question to one of its CHOICES; others are ignored."""
    return _Reading(paragraphs, parties, answers or {}).read()


class _Known:
    """The names that are known, and those of which a person said that they are names."""

    def __init__(self, parties: Container[str], answers: Mapping[str, str]) -> None:
        self._parties = parties
        self._answers = answers

    def __contains__(self, name: object) -> bool:
        return name in self._parties or self._answers.get(name_key(str(name))) == "name"


@dataclass(slots=True)
class _Reading:
    texts: Sequence[Paragraph]
    parties: Container[str]
    answers: Mapping[str, str]
    questions: dict[str, Question] = field(default_factory=dict)
    stack: list[BracketAt] = field(default_factory=list)
    """The brackets over several paragraphs that are open now, outermost first."""
    count: int = 0

    def read(self) -> TextBrackets:
        closing, opening = self._spans()
        known = _Known(self.parties, self.answers)
        found: dict[ParagraphId, ParagraphBrackets] = {}
        for number, paragraph in enumerate(self.texts):
            found[paragraph.id] = self._paragraph(
                paragraph, opening.get(number, frozenset()), closing.get(number, frozenset()), known
            )
        return TextBrackets(found, tuple(self.questions.values()))

    def _spans(self) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
        """Paragraph to places of signs that are closed, or were opened, in another one."""
        closing: dict[int, set[int]] = {}
        opening: dict[int, set[int]] = {}
        for span in sorted(spans(self.texts), key=lambda span: (span.opened.paragraph, span.opened.offset)):
            question = self._asked(
                Ask.SPAN,
                self.texts[span.opened.paragraph].id,
                f"{self._near(span.opened)} … {self._near(span.closed)}",
                self.texts[span.closed.paragraph].id,
            )
            if question.taken == "one":
                opening.setdefault(span.opened.paragraph, set()).add(span.opened.offset)
                closing.setdefault(span.closed.paragraph, set()).add(span.closed.offset)
        return closing, opening

    def _near(self, sign: Sign) -> str:
        """What is inside the bracket, beside the sign."""
        text = self.texts[sign.paragraph].text
        if text[sign.offset] == "[":
            return text[sign.offset : sign.offset + _AROUND]
        return text[max(0, sign.offset + 1 - _AROUND) : sign.offset + 1]

    def _asked(self, ask: Ask, paragraph: ParagraphId, quote: str, until: ParagraphId | None = None) -> Question:
        key = name_key(quote) if ask is Ask.NAME else _key(ask, paragraph, quote)
        if key not in self.questions:
            answer = self.answers.get(key)
            known = answer if answer in CHOICES[ask] else None
            self.questions[key] = Question(key, ask, paragraph, quote, until, known)
        return self.questions[key]

    def _paragraph(
        self, paragraph: Paragraph, opening: Collection[int], closing: Collection[int], known: _Known
    ) -> ParagraphBrackets:
        text = paragraph.text
        if not takes_part(paragraph):
            return ParagraphBrackets(_plain(text))
        ends = len(closing)
        outer = self.stack[: len(self.stack) - ends]
        if not _BRACKETS.intersection(text):
            return ParagraphBrackets(_plain(text), self._continued())
        alone = {offset for offset in lone(text) if offset not in closing and offset not in opening}
        readable = "[" * ends + _hidden(without_footnote_marks(text), alone) + "]" * len(opening)
        try:
            cut, findings = self._cut(paragraph, readable, ends, known)
        except TextRefused as refused:
            finding = BracketFinding(refused.code, str(refused), 0)
            return ParagraphBrackets(_plain(text), self._continued(), (finding,))
        here = [self._at(node, ends, len(outer), len(text)) for node in cut.nodes]
        self.stack = outer + [one for one in here if one.end is None]
        shown = _with_strays(_clipped(cut.pieces, ends, len(outer), len(text)), alone)
        through = [replace(one, start=None, end=None) for one in outer]
        return ParagraphBrackets(tuple(shown), (*through, *here), findings)

    def _cut(
        self, paragraph: Paragraph, readable: str, ends: int, known: _Known
    ) -> tuple[Pieces, tuple[BracketFinding, ...]]:
        """Read twice where somebody said of two brackets that they are alternatives: the first time finds the place."""
        result = read_brackets(readable, known)
        joined = {f.offset for f in result.findings if self._is_joined(paragraph, f, ends)}
        if joined:
            result = read_brackets(readable, known, joined)
        for finding in result.findings:
            for name in finding.names:
                self._asked(Ask.NAME, paragraph.id, name)
        findings = tuple(replace(f, offset=max(0, f.offset - ends)) for f in result.findings)
        return pieces_of(result), findings

    def _is_joined(self, paragraph: Paragraph, finding: BracketFinding, ends: int) -> bool:
        if finding.code != "adjacent":
            return False
        quote = _side_by_side(paragraph.text, finding.offset - ends)
        return self._asked(Ask.ADJACENT, paragraph.id, quote).taken == "alternatives"

    def _at(self, node: Node, ends: int, outer: int, length: int) -> BracketAt:
        start, end = node.start - ends, node.end - ends
        if start < 0 and len(self.stack) + start >= 0:
            number = self.stack[len(self.stack) + start].number
        else:
            self.count += 1
            number = self.count
        return BracketAt(
            number,
            outer + node.level,
            start if start >= 0 else None,
            end if end <= length else None,
            node.options,
        )

    def _continued(self) -> tuple[BracketAt, ...]:
        return tuple(replace(one, start=None, end=None) for one in self.stack)


def name_key(name: str) -> str:
    """The key of the question whether these words are a name: one for the whole text."""
    return _key(Ask.NAME, ParagraphId(""), name)


def _key(ask: Ask, paragraph: ParagraphId, quote: str) -> str:
    said = f"{paragraph}\n{quote}".encode()
    return f"{ask}-{hashlib.sha256(said, usedforsecurity=False).hexdigest()[:16]}"


def _plain(text: str) -> tuple[Piece, ...]:
    return (Piece(PieceKind.WORDS, 0, len(text)),) if text else ()


def _hidden(text: str, places: Collection[int]) -> str:
    """The text with a sign that is no sign in these places."""
    if not places:
        return text
    return "".join("\ufdd1" if place in places else character for place, character in enumerate(text))


def _clipped(pieces: Iterable[Piece], ends: int, outer: int, length: int) -> Iterator[Piece]:
    """The pieces of the words themselves, without the signs that stand in other paragraphs."""
    for piece in pieces:
        start, end = max(0, piece.start - ends), min(length, piece.end - ends)
        if start >= end:
            continue
        is_cut = end - start < piece.end - piece.start
        kind = PieceKind.WORDS if is_cut and piece.kind in (PieceKind.OPEN, PieceKind.CLOSE) else piece.kind
        yield replace(piece, kind=kind, start=start, end=end, level=piece.level + outer if piece.level else 0)


def _with_strays(pieces: Iterable[Piece], alone: Collection[int]) -> Iterator[Piece]:
    for piece in pieces:
        at = piece.start
        for place in sorted(offset for offset in alone if piece.start <= offset < piece.end):
            if at < place:
                yield replace(piece, start=at, end=place)
            yield Piece(PieceKind.STRAY, place, place + 1)
            at = place + 1
        if at < piece.end:
            yield replace(piece, start=at)


def _side_by_side(text: str, gap: int) -> str:
    """Two brackets with a space between, from the beginning of the one to the end of the other."""
    masked = Escaped(without_footnote_marks(text)).masked
    return text[_partner(masked, gap, -1) : _partner(masked, gap, 1)]


def _partner(masked: str, gap: int, step: int) -> int:
    depth, place = 0, gap if step > 0 else gap - 1
    inward, outward = ("[", "]") if step > 0 else ("]", "[")
    while 0 <= place < len(masked):
        depth += (masked[place] == inward) - (masked[place] == outward)
        if masked[place] == outward and depth <= 0:
            return place + 1 if step > 0 else place
        place += step
    return max(0, min(place, len(masked)))
