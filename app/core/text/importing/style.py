"""What kind of text came in, and so what its paragraphs are: preambular, operative, numbered, continued."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from app.core.text.importing.lines import ARTICLE, LATIN_WORDS
from app.core.text.opening import opening
from app.core.text.paragraphs import Kind, Paragraph, ParagraphId, Relation, Style

_RESOLUTION_MARKER = re.compile(r"^(?:PP|OP)\s?\d", re.IGNORECASE)
_INSERTED = re.compile(rf"\d\s?\.?\s?(?:{LATIN_WORDS})", re.IGNORECASE)
_ALTERNATIVE = re.compile(r"\d.*alt", re.IGNORECASE)


def detect(paragraphs: Sequence[Paragraph]) -> Style:
    """Resolution, report or articles, from markers, headings and how paragraphs begin and end."""
    articles = sum(1 for p in paragraphs if p.kind is Kind.HEADING and ARTICLE.match(p.text))
    if articles >= 2:
        return Style.ARTICLES
    if any(_RESOLUTION_MARKER.match(p.marker) for p in paragraphs):
        return Style.RESOLUTION
    body = [p for p in paragraphs if p.kind is Kind.PARAGRAPH]
    preambular = sum(1 for p in body if is_preambular(p))
    operative = sum(1 for p in body if p.text.endswith((";", ".")) and opening(p.text, Kind.OPERATIVE))
    if preambular >= 2 and operative >= 1 and preambular + operative >= len(body) * 0.5:
        return Style.RESOLUTION
    return Style.REPORT


def is_preambular(paragraph: Paragraph) -> bool:
    """Unnumbered, opening with a participle, ending in a comma."""
    return (
        not paragraph.marker
        and paragraph.text.endswith((",", "،", "，"))
        and opening(paragraph.text, Kind.PREAMBULAR) > 0
    )


def with_kinds(paragraphs: Sequence[Paragraph], style: Style) -> list[Paragraph]:
    """Give the paragraphs the kinds that their style knows, and the relations that their markers tell."""
    numbered = any(p.marker for p in paragraphs if p.kind is Kind.PARAGRAPH)
    found: list[Paragraph] = []
    host: ParagraphId | None = None
    for paragraph in paragraphs:
        made = _with_kind(paragraph, style, numbered, host is not None)
        if made.kind in (Kind.PARAGRAPH, Kind.OPERATIVE, Kind.PREAMBULAR) and made.marker:
            made = _related(made, found)
            host = made.id
        elif made.kind is Kind.HEADING:
            host = None
        found.append(made)
    return found


def _with_kind(paragraph: Paragraph, style: Style, numbered: bool, hosted: bool) -> Paragraph:
    if paragraph.kind is not Kind.PARAGRAPH:
        return paragraph
    marker = paragraph.marker.upper()
    if marker.startswith("PP") or is_preambular(paragraph):
        return replace(paragraph, kind=Kind.PREAMBULAR, level=0)
    if style is Style.RESOLUTION:
        if paragraph.marker or opening(paragraph.text, Kind.OPERATIVE):
            return replace(paragraph, kind=Kind.OPERATIVE, level=0)
        return replace(paragraph, kind=Kind.CONTINUATION if hosted else Kind.CHAPEAU)
    if numbered and not paragraph.marker:
        return replace(paragraph, kind=Kind.CONTINUATION if hosted else Kind.CHAPEAU)
    return replace(paragraph, level=0)


def _related(paragraph: Paragraph, before: list[Paragraph]) -> Paragraph:
    """A number with *bis* came in after the numbered paragraph before it; one with *alt* beside it."""
    alternative = _ALTERNATIVE.search(paragraph.marker)
    if not alternative and not _INSERTED.search(paragraph.marker):
        return paragraph
    for other in reversed(before):
        if other.kind is Kind.HEADING:
            break
        if other.kind is paragraph.kind:
            relation = Relation.ALTERNATIVE_TO if alternative else Relation.INSERTED_AFTER
            return replace(paragraph, relation=relation, relation_to=other.id)
    return paragraph
