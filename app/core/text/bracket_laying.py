"""The brackets that the words of a base hold, shown in its compilation: the proposals' own brackets stand around them.

A proposal may begin inside a bracket of the base and end outside it. So the words are cut at the signs and each part
says what it is; nothing is nested that does not nest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.core.text.bracket_pieces import Piece, PieceKind
from app.core.text.brackets import Bracket, Option, Run, Words

_SIGNS = re.compile(r"([\[\]])")


@dataclass(frozen=True, slots=True)
class Marked(Words):
    """Words that are one piece of a bracketed text, or part of one."""

    piece: Piece | None = None


def laid_over(runs: Sequence[Run], text: str, pieces: Sequence[Piece]) -> tuple[Run, ...]:
    """The runs of a compiled paragraph whose words are `text`, cut into `pieces` of it.

    What others would put into their place is cut at its signs only: it is read when it is the text.
    """
    if len(runs) == 1 and isinstance(runs[0], Words) and runs[0].text == text:
        return tuple(Marked(text[piece.start : piece.end], piece=piece) for piece in pieces)
    return tuple(_Laying(text, pieces).runs(runs))


class _Laying:
    def __init__(self, text: str, pieces: Sequence[Piece]) -> None:
        self.text = text
        self.pieces = pieces
        self.at = 0
        """The place in the base."""
        self.piece = 0
        self.level = 0

    def runs(self, runs: Sequence[Run], level: int | None = None) -> Iterator[Run]:
        """`level` is how deep words stand that are not the base's; None for those of the base."""
        for run in runs:
            if isinstance(run, Words):
                yield from self._standing(run.text) if level is None else _proposed(run.text, level)
            elif isinstance(run, Bracket):
                here = self.level
                yield replace(run, options=tuple(self._option(option, here, level) for option in run.options))
            else:
                yield run

    def _option(self, option: Option, here: int, level: int | None) -> Option:
        inside = level if level is not None or option.base else here
        return replace(option, runs=tuple(self.runs(option.runs, inside)))

    def _standing(self, words: str) -> Iterator[Marked]:
        """Words of the base: all that is no space stands in it in this order; spaces may have been moved."""
        begin = 0
        for place, character in enumerate(words):
            if character.isspace() and self.text[self.at : self.at + 1] != character:
                continue
            while self.at < len(self.text) and self.text[self.at] != character:
                self.at += 1
            if self.at >= self._end() and place > begin:
                yield self._marked(words[begin:place])
                begin = place
            while self.at >= self._end() and self.piece < len(self.pieces) - 1:
                self.piece += 1
            self.at += 1
        if begin < len(words):
            yield self._marked(words[begin:])

    def _end(self) -> int:
        return self.pieces[self.piece].end if self.pieces else len(self.text)

    def _marked(self, words: str) -> Marked:
        if not self.pieces:
            return Marked(words)
        piece = self.pieces[self.piece]
        if piece.level:
            self.level = piece.level - (piece.kind is PieceKind.CLOSE)
        return Marked(words, piece=piece)


def _proposed(words: str, level: int) -> Iterator[Marked]:
    for part in filter(None, _SIGNS.split(words)):
        if part not in "[]":
            yield Marked(part)
            continue
        kind = PieceKind.OPEN if part == "[" else PieceKind.CLOSE
        level += kind is PieceKind.OPEN
        yield Marked(part, piece=Piece(kind, 0, 1, max(1, level)))
        level -= kind is PieceKind.CLOSE
