"""A text as Markdown or plain text: readable, and every word where it was."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from app.core.text.importing import escaped
from app.core.text.paragraphs import Kind, Paragraph, ParagraphId

_INDENT = "    "


def markdown(paragraphs: Sequence[Paragraph], labels: Mapping[ParagraphId, str]) -> str:
    """Markdown that reads in again as the same paragraphs.

    A text that came in with numbers keeps those and no others; a text written here is numbered by its labels.
    """
    shown = [paragraph for paragraph in paragraphs if not paragraph.deleted]
    own = not _numbered_by_source(shown)
    return "\n\n".join(_markdown(paragraph, labels, own) for paragraph in shown) + "\n"


def plain(paragraphs: Sequence[Paragraph], labels: Mapping[ParagraphId, str]) -> str:
    """Plain text: headings alone on their line, numbers before their words, items indented."""
    shown = [paragraph for paragraph in paragraphs if not paragraph.deleted]
    own = not _numbered_by_source(shown)
    return "\n\n".join(_plain(paragraph, labels, own) for paragraph in shown) + "\n"


def _numbered_by_source(paragraphs: Sequence[Paragraph]) -> bool:
    return any(paragraph.marker for paragraph in paragraphs if paragraph.kind is not Kind.FOOTNOTE)


def number(paragraph: Paragraph, label: str, own: bool = True) -> str:
    """The number to print before a paragraph: as its source printed it, else, with `own`, as its label says."""
    if paragraph.marker or not own:
        return paragraph.marker
    if paragraph.kind is Kind.ITEM:
        return label.rsplit(" ", 1)[-1]
    if paragraph.kind is Kind.PARAGRAPH:
        return re.sub(r"^(?:Art\.|§)\s*[\w.]+\.(?=\d)", "", label) + "."
    if paragraph.kind in (Kind.PREAMBULAR, Kind.OPERATIVE):
        return label
    return ""


def _markdown(paragraph: Paragraph, labels: Mapping[ParagraphId, str], own: bool) -> str:
    if paragraph.kind is Kind.NOTE:
        return f"```\n{paragraph.text}\n```"
    if paragraph.kind is Kind.HEADING:
        before = "#" * min(6, max(1, paragraph.level))
    elif paragraph.kind is Kind.TITLE:
        before = "#"
    elif paragraph.kind is Kind.FOOTNOTE:
        before = f"[^{paragraph.marker or labels[paragraph.id].split()[-1]}]:"
    else:
        before = number(paragraph, labels[paragraph.id], own)
    return _INDENT * _depth(paragraph) + f"{before} {escaped(paragraph.text, alone=not before)}".strip()


def _plain(paragraph: Paragraph, labels: Mapping[ParagraphId, str], own: bool) -> str:
    if paragraph.kind in (Kind.HEADING, Kind.TITLE):
        return paragraph.text
    if paragraph.kind is Kind.FOOTNOTE:
        return f"[^{paragraph.marker or labels[paragraph.id].split()[-1]}] {paragraph.text}"
    return _INDENT * _depth(paragraph) + f"{number(paragraph, labels[paragraph.id], own)} {paragraph.text}".strip()


def _depth(paragraph: Paragraph) -> int:
    return paragraph.level if paragraph.kind in (Kind.ITEM, Kind.CONTINUATION) else 0
