"""What a text is made of: paragraphs with an identity, a kind and plain words. Numbers are not part of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

ParagraphId = NewType("ParagraphId", str)
"""The identity of a paragraph through all versions (AKN4UN's `wId`)."""


class Kind(StrEnum):
    """What a paragraph is (domain brief §3.3)."""

    TITLE = "title"
    HEADING = "heading"
    PREAMBULAR = "preambular"
    OPERATIVE = "operative"
    PARAGRAPH = "paragraph"
    CONTINUATION = "continuation"
    """Words without a number of their own that go on below a numbered paragraph."""
    ITEM = "item"
    CHAPEAU = "chapeau"
    FOOTNOTE = "footnote"
    NOTE = "note"
    PLACEHOLDER = "placeholder"


class Relation(StrEnum):
    """How a new paragraph stands to another one. Two things that "bis" means in real life are kept apart."""

    INSERTED_AFTER = "inserted_after"
    ALTERNATIVE_TO = "alternative_to"


class Style(StrEnum):
    """How a text is numbered: PP1 and OP1; 1., (a), (i); or anew under each article."""

    RESOLUTION = "resolution"
    REPORT = "report"
    ARTICLES = "articles"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph as it stands in one version.

    `level` is the depth: 1 to 6 of a heading, 0 of a paragraph at the top, 1 and more of an item below one, and of
    what continues below a numbered paragraph (0 where the source did not indent it). `text`
    holds plain NFC words without markup. `marker` is the number exactly as an imported source printed it.
    """

    id: ParagraphId
    kind: Kind
    level: int
    text: str
    marker: str = ""
    relation: Relation | None = None
    relation_to: ParagraphId | None = None
    deleted: bool = False
