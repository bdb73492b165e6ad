"""Texts as Word files: clean, or compared to another version with tracked changes; and Word files as sources."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response
from flask_babel import gettext as _

from app.aside import aside
from app.core.text import Kind, ParagraphId
from app.core.text.importing import escaped
from app.core.text.importing.lines import BULLET
from app.core.word import (
    NOTICE,
    ReadDocx,
    ReadParagraph,
    WordDocument,
    WordParagraph,
    WordRefused,
    from_comparison,
    from_text,
    read_docx,
    write_docx,
)
from app.drafts.models import Draft, Version, VersionParagraph
from app.drafts.queries import Pair
from app.drafts.told import refused_words
from app.drafts.views import as_paragraph
from app.errors import Invalid, TooLarge

TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def clean(version: Version, rows: Sequence[VersionParagraph]) -> Response:
    """A version without changes."""
    labels = {ParagraphId(row.wid): row.label for row in rows}
    paragraphs = from_text([as_paragraph(row) for row in rows], labels)
    return answer(version.draft, version.label, paragraphs)


def compared(pair: Pair) -> Response:
    """The newer version with every change since the older one tracked, in the Chair's name."""
    rows = from_comparison(pair.comparison.rows, {}, _("Chair"), pair.new.issued_at or pair.new.changed_at)
    return answer(pair.new.draft, f"{pair.old.label} → {pair.new.label}", rows)


def answer(draft: Draft, label: str, paragraphs: Sequence[WordParagraph]) -> Response:
    """The file as an attachment, under the platform's id."""
    whole = aside(write_docx, WordDocument(draft.title, draft.platform_id, label, NOTICE, paragraphs))
    response = Response(whole, content_type=TYPE)
    name = "".join(c if c.isascii() and c.isalnum() else "-" for c in label).strip("-") or "text"
    response.headers["Content-Disposition"] = f'attachment; filename="{draft.platform_id}-{name}.docx"'
    response.headers["X-Platform-Id"] = draft.platform_id
    return response


def opened(data: bytes) -> ReadDocx:
    """What a Word file says. Raises Invalid or TooLarge with what to do, for files that are not read."""
    try:
        return aside(read_docx, data)
    except WordRefused as refused:
        kind = TooLarge if "large" in refused.code else Invalid
        why = refused_words(refused.code, str(refused))
        raise kind(_("This Word file is not read: %(why)s", why=why), field="file") from None


def as_source(found: ReadDocx) -> str:
    """A Word file as Markdown for the import: all its changes accepted, headings and numbers kept."""
    return "\n\n".join(_line(paragraph) for paragraph in found.paragraphs if paragraph.text_after.strip()) + "\n"


def _line(paragraph: ReadParagraph) -> str:
    """Signs that Markdown would take for its own are words here; numbers and bullets are what they look like."""
    text = " ".join(paragraph.text_after.split())
    if paragraph.kind in (Kind.TITLE, Kind.HEADING):
        signs = "#" if paragraph.kind is Kind.TITLE else "#" * min(6, max(1, paragraph.level))
        return " ".join(filter(None, (signs, paragraph.label, escaped(text, alone=False))))
    indent = "    " * paragraph.level if paragraph.kind in (Kind.ITEM, Kind.CONTINUATION) else ""
    if paragraph.label:
        return f"{indent}{paragraph.label} {escaped(text, alone=False)}"
    bullet = BULLET.match(text)
    begin = bullet.end() if bullet else 0
    return indent + text[:begin] + escaped(text[begin:])
