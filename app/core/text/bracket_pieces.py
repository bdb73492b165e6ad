"""What was read as brackets, cut into pieces of the words that it was read from: signs, names, words.

Joined, the pieces are the text, because what was read is printed as it stood (law 4): this prints it, and notes what
each part of it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app.core.text.bracket_reading import ReadResult
from app.core.text.brackets import Attribution, Bracket, Note, Run, Words
from app.core.text.printing import JOINT, frame, needs_joint, note_printed, styled, words_printed


class PieceKind(StrEnum):
    """What some characters of a paragraph are."""

    WORDS = "words"
    OPEN = "open"
    CLOSE = "close"
    BAR = "bar"
    """Parts two options inside one pair of brackets."""
    NAMES = "names"
    """Who says what of the words before."""
    NOTE = "note"
    """An editorial remark, no part of the text."""
    STATUS = "status"
    """How far the paragraph is agreed."""
    STRAY = "stray"
    """A bracket that is never closed, or was never opened."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters from `start` to `end`. `level` is how deep a sign stands, 1 the outermost; of all else it is 0.

    `other` says that the sign ends an option of a bracket and another one follows, or begins that other one.
    """

    kind: PieceKind
    start: int
    end: int
    level: int = 0
    said: tuple[Attribution, ...] = ()
    other: bool = False


@dataclass(slots=True)
class Node:
    """A bracket that was read: where it stands, how deep, and for each option who says what of it."""

    start: int
    level: int
    options: tuple[tuple[Attribution, ...], ...]
    end: int = 0


@dataclass(frozen=True, slots=True)
class Pieces:
    pieces: list[Piece]
    nodes: list[Node]
    """In the order in which they open."""


def pieces_of(result: ReadResult) -> Pieces:
    """The pieces of the text that was read."""
    cutter = _Cutter(result.status)
    cutter.runs(result.runs, inside=False, level=0)
    return Pieces(cutter.pieces, cutter.nodes)


_SIGN = re.compile(r"\\.|(?P<sign>[\[\]])|(?P<bar> [|/] $)", re.DOTALL)


@dataclass(slots=True)
class _Cutter:
    status: str
    at: int = 0
    pieces: list[Piece] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)

    def runs(self, runs: Sequence[Run], inside: bool, level: int) -> None:
        before: Run | None = None
        for number, run in enumerate(runs):
            if isinstance(run, Words):
                self._put(PieceKind.WORDS, run.source or words_printed(run.text, inside, before))
            elif isinstance(run, Note):
                is_status = bool(self.status) and not inside and number == len(runs) - 1 and run.text == self.status
                self._put(PieceKind.STATUS if is_status else PieceKind.NOTE, run.source or note_printed(run))
            else:
                self._put(PieceKind.WORDS, JOINT if needs_joint(before, run) else "")
                self._bracket(run, level + 1)
            before = run

    def _bracket(self, bracket: Bracket, level: int) -> None:
        around = styled(bracket.style) if bracket.style else frame(bracket)
        node = Node(self.at, level, tuple(option.attributions for option in bracket.options))
        if "[" in around[0]:
            self.nodes.append(node)
            self._put(PieceKind.OPEN, around[0], level)
        for number, option in enumerate(bracket.options):
            self.runs(option.runs, inside=True, level=level)
            self._around(around[number + 1], level, option.attributions, number + 1 < len(bracket.options))
        node.end = self.at

    def _around(self, text: str, level: int, said: tuple[Attribution, ...], more: bool) -> None:
        """What stands behind an option: names, signs, a bar."""
        at = 0
        for found in _SIGN.finditer(text):
            if found["sign"]:
                self._names(text[at : found.start()], said)
                self._put(PieceKind.OPEN if found["sign"] == "[" else PieceKind.CLOSE, found[0], level, other=more)
                at = found.end()
            elif found["bar"] and more:
                self._names(text[at : found.start()], said)
                self._put(PieceKind.BAR, found[0], level)
                at = found.end()
        self._names(text[at:], said)

    def _names(self, text: str, said: tuple[Attribution, ...]) -> None:
        bare = text.strip()
        self._put(PieceKind.WORDS, text[: len(text) - len(text.lstrip())])
        self._put(PieceKind.NAMES, bare, said=said)
        self._put(PieceKind.WORDS, text[len(text.rstrip()) :] if bare else "")

    def _put(
        self,
        kind: PieceKind,
        text: str,
        level: int = 0,
        said: tuple[Attribution, ...] = (),
        other: bool = False,
    ) -> None:
        if text:
            self.pieces.append(Piece(kind, self.at, self.at + len(text), level, said, other))
            self.at += len(text)
