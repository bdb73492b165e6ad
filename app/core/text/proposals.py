"""What delegations propose: a change to one paragraph or a place for one, with names on it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.core.text.paragraphs import Kind, ParagraphId


class ProposalKind(StrEnum):
    """What is asked for (domain brief §4.3; ITU's ADD, MOD, SUP, NOC under the names that rooms use)."""

    ADD = "add"
    DELETE = "delete"
    REPLACE = "replace"
    """Words added, deleted, replaced within a paragraph: all three carry the whole paragraph as it would read."""
    NEW_PARAGRAPH = "new_paragraph"
    ALTERNATIVE = "alternative"
    SUPPRESS = "suppress"
    """The whole paragraph goes."""
    RETAIN = "retain"
    """The paragraph stays as it is, against those who would change it."""
    MOVE = "move"
    MERGE = "merge"
    SPLIT = "split"
    PLACEHOLDER = "placeholder"
    """A place is kept for a paragraph whose words are still to come."""
    REVERT = "revert"
    """Back to agreed language: the whole paragraph as a precedent has it."""


WORDING = frozenset({ProposalKind.ADD, ProposalKind.DELETE, ProposalKind.REPLACE, ProposalKind.REVERT})
"""Kinds that propose other words for a paragraph that is there."""
ADDING = frozenset({ProposalKind.NEW_PARAGRAPH, ProposalKind.ALTERNATIVE, ProposalKind.PLACEHOLDER})
"""Kinds that propose a paragraph that is not there yet."""


@dataclass(frozen=True, slots=True)
class Stance:
    """What a party that is no sponsor says of a proposal. `verb` as printed: support, delete, retain, reserve …"""

    party: str
    verb: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposal on one base.

    `paragraph` is what it is about: of a new paragraph or a placeholder, the one that it follows (None: it comes
    first); of an alternative, the one that it stands beside. `text` is the whole paragraph as proposed; empty for
    suppress, retain and move. `names` are the sponsors as printed, the lead first; a group of States stands there
    under its name. `order` says which came first.
    """

    id: str
    kind: ProposalKind
    paragraph: ParagraphId | None
    text: str = ""
    names: tuple[str, ...] = ()
    stances: tuple[Stance, ...] = ()
    after: ParagraphId | None = None
    """Where a moved paragraph goes: behind this one, or first."""
    others: tuple[ParagraphId, ...] = ()
    """Paragraphs that are merged into `paragraph`; `text` is what all of them become."""
    parts: tuple[str, ...] = ()
    """The paragraphs that a split makes of one, in order; the first keeps the identity."""
    new_kind: Kind | None = None
    new_level: int = 0
    """What a new paragraph is."""
    order: int = 0
