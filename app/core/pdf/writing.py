"""Typst sets the page: it shapes Arabic, breaks Chinese, numbers lines, and tags what it writes (PDF/UA-1).

The words go in as data and never as markup, so nothing that a person wrote can command the typesetter; it sees no file
but its template and our fonts, and those of the machine are left alone: the same text gives the same bytes anywhere.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst

from app.core.interchange.languages import language_here, language_of
from app.core.interchange.model import Document, Line, lines
from app.core.text.exporting import number
from app.core.text.paragraphs import Kind

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
RTL = frozenset({"ar"})


@dataclass(frozen=True, slots=True)
class PdfLabels:
    """Words on the page that are not of the text, in the reader's language; the sentence has {page} and {pages}."""

    page: str = "Page {page} of {pages}"


def to_pdf(document: Document, words: PdfLabels, *, compilation: bool = False, every: int = 5) -> bytes:
    """The document as PDF/UA-1, every fifth line with its number (`every` 0: none).

    With `compilation`, proposals stand in brackets.
    """
    rows = _rows(document, compilation)
    language = language_of([row["text"] for row in rows])
    for row in rows:
        row["lang"] = language_here(row["text"], language)
        row["rtl"] = row["lang"] in RTL
    whole = {
        "title": document.title or document.platform_id,
        "id": f"{document.platform_id} {document.label}".strip(),
        "notice": document.notice,
        "date": (document.issued_at or "")[:10],
        "lang": language,
        "rtl": language in RTL,
        "every": every,
        "words": asdict(words),
        "rows": rows,
    }
    return _set(json.dumps(whole, ensure_ascii=False))


def _set(data: str) -> bytes:
    """As PDF/UA-1; a text that cannot be, since no font here has one of its signs, as a tagged PDF all the same."""
    try:
        return _compiled(data, "ua-1")
    except typst.TypstError:
        return _compiled(data, "1.7")


def _compiled(data: str, standard: Literal["ua-1", "1.7"]) -> bytes:
    made = typst.compile(
        (HERE / "page.typ").read_bytes(),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"document": data},
        timestamp=0,
        pdf_standards=standard,
    )
    assert isinstance(made, bytes)
    return made


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])


def _rows(document: Document, compilation: bool) -> list[dict[str, Any]]:
    depth = 1  # of the title; a heading goes at most one deeper than the one before it, as the standard asks
    rows = []
    for line in lines(document, compilation):
        if line.paragraph.kind in (Kind.HEADING, Kind.TITLE):
            depth = min(max(2, line.paragraph.level + 1), depth + 1)
        rows.append(_row(line, depth))
    return rows


def _row(line: Line, depth: int) -> dict[str, Any]:
    paragraph = line.paragraph
    if paragraph.kind is Kind.FOOTNOTE:
        before = paragraph.marker or line.label.split(" ")[-1]
    else:
        before = number(paragraph, line.label, line.own)
    return {
        "kind": str(paragraph.kind),
        "level": paragraph.level,
        "depth": depth,
        "number": before,
        "text": line.text,
    }
