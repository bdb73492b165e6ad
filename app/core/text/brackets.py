"""Bracketed text as structure: options side by side, with the names of those who want each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from app.core.text.paragraphs import Paragraph


@dataclass(frozen=True, slots=True)
class Attribution:
    """Names, and what they want of the words before: nothing said (they propose them), delete, retain, reserve …"""

    names: tuple[str, ...]
    verb: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Plain text."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """An editorial remark, which is no part of the text."""

    text: str


@dataclass(frozen=True, slots=True)
class Option:
    """One way to read a bracket. No runs: no text here.

    `proposals` are those whose text reads so here; `base` says that the base does.
    """

    runs: tuple[Run, ...]
    attributions: tuple[Attribution, ...] = ()
    proposals: tuple[str, ...] = ()
    base: bool = False


@dataclass(frozen=True, slots=True)
class Bracket:
    """Words that are not agreed. One option: they may stay or go. Several: alternatives.

    `style` keeps how a source printed it, so that it goes out again the same; empty for brackets made here.
    """

    options: tuple[Option, ...]
    style: str = ""


Run = Words | Bracket | Note


@dataclass(frozen=True, slots=True)
class CompiledParagraph:
    """A paragraph of the base, or one that is proposed (`added`), as a bracketed text.

    `whole` brackets speak of the paragraph as a whole: it is new, an alternative, to go, to move, to be merged or
    split. `proposals` are all that touch it, in the order in which they came.
    """

    paragraph: Paragraph
    label: str
    runs: tuple[Run, ...]
    added: bool = False
    proposals: tuple[str, ...] = ()
    whole: tuple[Attribution, ...] = ()


@dataclass(frozen=True, slots=True)
class Compilation:
    paragraphs: tuple[CompiledParagraph, ...] = field(default_factory=tuple)

    def __iter__(self) -> Iterator[CompiledParagraph]:
        return iter(self.paragraphs)
