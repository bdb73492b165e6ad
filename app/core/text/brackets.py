"""Bracketed text as structure: options side by side, with the names of those who want each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from app.core.text.paragraphs import Paragraph, ParagraphId
from app.core.text.proposals import ProposalKind


@dataclass(frozen=True, slots=True)
class Attribution:
    """Names, and what they want of the words before: nothing said (they propose them), delete, retain, reserve …"""

    names: tuple[str, ...]
    verb: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Plain text.

    `source` is how a source spelled it, where that is not how it would be printed here: a bracket that never closes,
    a dash without a name behind it. It is no part of what the words are.
    """

    text: str
    source: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Note:
    """An editorial remark, which is no part of the text. Printed in braces, or in what `style` says: () or []."""

    text: str
    style: str = ""
    source: str = field(default="", compare=False, repr=False)


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

    `style` keeps how a source printed it, so that it goes out again the same; empty for brackets made here. It is all
    that stands around the options, with an ellipsis in the place of each: "[… - US; G77 delete]". `without` are the
    proposals that want none of these words. Where no words are read, one of the two spaces around the bracket goes
    with them, so that it can be printed as people print it; not so where it is `exact`.
    """

    options: tuple[Option, ...]
    style: str = ""
    without: tuple[str, ...] = ()
    exact: bool = False


Run = Words | Bracket | Note


@dataclass(frozen=True, slots=True)
class CompiledParagraph:
    """A paragraph of the base, or one that is proposed (`added`), as a bracketed text.

    `whole` speaks of the paragraph as a whole: it is to go, to move, to be merged or split; or it is `added`, and
    these are the names of those who propose it (no verb) or want it deleted, while the runs are its plain words.
    `proposals` are all that touch it, in the order in which they came.
    """

    paragraph: Paragraph
    label: str
    runs: tuple[Run, ...]
    added: bool = False
    proposals: tuple[str, ...] = ()
    whole: tuple[Attribution, ...] = ()


@dataclass(frozen=True, slots=True)
class Act:
    """What a proposal does to the order of paragraphs, beside its words: suppress, move, merge."""

    proposal: str
    kind: ProposalKind
    paragraph: ParagraphId
    after: ParagraphId | None = None
    others: tuple[ParagraphId, ...] = ()


@dataclass(frozen=True, slots=True)
class Compilation:
    paragraphs: tuple[CompiledParagraph, ...] = field(default_factory=tuple)
    acts: tuple[Act, ...] = ()

    def __iter__(self) -> Iterator[CompiledParagraph]:
        return iter(self.paragraphs)
