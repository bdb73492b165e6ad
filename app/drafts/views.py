"""Paragraphs as the core and the pages know them."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.core.text import Kind, Paragraph, ParagraphId, Relation, opening, option_label
from app.drafts.models import VersionParagraph


def as_paragraph(row: VersionParagraph) -> Paragraph:
    """The row as the text core's value."""
    return Paragraph(
        id=ParagraphId(row.wid),
        kind=Kind(row.kind),
        level=row.level or 0,
        text=row.text,
        marker=row.marker or "",
        relation=Relation(row.relation) if row.relation else None,
        relation_to=ParagraphId(row.relation_to) if row.relation_to else None,
        deleted=bool(row.deleted),
    )


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds words in a bracket: as printed, by the proper name, and what is wanted ("" proposes them)."""

    printed: str
    proper: str
    wants: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece as templates show it. `style` is "em" in the opening verb, "b" in the name of an option."""

    kind: str
    text: str
    level: int = 0
    other: bool = False
    style: str = ""
    holders: tuple[Holder, ...] = ()


@dataclass(frozen=True, slots=True)
class Over:
    """A bracket over several paragraphs, as one of them shows it."""

    state: str
    first: str
    first_label: str
    last: str
    last_label: str


@dataclass(frozen=True, slots=True)
class ParagraphView:
    """A paragraph as templates show it. `opening` and `option` are lengths in characters.

    `pieces` are its words where brackets stand in them, or remarks; else none.
    """

    id: str
    slug: str
    label: str
    kind: str
    level: int
    text: str
    opening: int
    option: int
    pillars: list[str] = field(default_factory=list)
    norm: str | None = None
    deleted: bool = False
    revision: int = 1
    edited_by: str | None = None
    marker: str = ""
    pieces: tuple[Shown, ...] = ()
    bracketed: bool = False
    unclosed: int = 0
    over: tuple[Over, ...] = ()


def view(row: VersionParagraph) -> ParagraphView:
    return ParagraphView(
        id=row.wid,
        slug=row.slug,
        label=row.label,
        kind=row.kind,
        level=row.level,
        text=row.text,
        opening=opening(row.text, row.kind),
        option=option_label(row.text),
        pillars=list(row.pillars or []),
        norm=row.norm,
        deleted=row.deleted,
        revision=row.revision,
        edited_by=row.edited_by,
        marker=row.marker,
    )
