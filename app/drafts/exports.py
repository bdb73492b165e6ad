"""A version as a file: Markdown, plain text, JSON. Each says what it is and that it is no official document."""

from __future__ import annotations

import json

from flask import Response
from flask_babel import gettext as _

from app.core.text import ParagraphId
from app.core.text.exporting import markdown, plain
from app.drafts.freezing import text_of
from app.drafts.models import Version, VersionParagraph
from app.drafts.views import as_paragraph
from app.record import timestamp

TYPES = {"md": "text/markdown", "txt": "text/plain", "json": "application/json"}


def download(version: Version, rows: list[VersionParagraph], form: str) -> Response:
    """The version as an attachment. The text itself comes whole and unchanged; what we add stands in the headers."""
    paragraphs = [as_paragraph(row) for row in rows]
    labels = {ParagraphId(row.wid): row.label for row in rows}
    if form == "json":
        body = _json(version, rows)
    else:
        body = markdown(paragraphs, labels) if form == "md" else plain(paragraphs, labels)
    response = Response(body, content_type=f"{TYPES[form]}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{_name(version)}.{form}"'
    response.headers["X-Platform-Id"] = version.draft.platform_id
    return response


def notice(version: Version) -> str:
    """What every export says of itself."""
    return _("Working text, not an official United Nations document.") + f" {version.draft.platform_id} {version.label}"


def _json(version: Version, rows: list[VersionParagraph]) -> str:
    whole = text_of(version.draft.platform_id, version.label, rows) | {
        "title": version.draft.title,
        "style": version.draft.style,
        "state": version.state,
        "sha256": version.sha256,
        "issued_at": timestamp(version.issued_at) if version.issued_at else None,
        "notice": notice(version),
    }
    for said, row in zip(whole["paragraphs"], rows, strict=True):
        said |= {"pillars": row.pillars or [], "norm": row.norm, "marker": row.marker, "deleted": row.deleted}
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _name(version: Version) -> str:
    label = version.label.replace(" ", "-").replace(".", "") if version.label.isascii() else f"v{version.number}"
    safe = "".join(c for c in label if c.isalnum() or c == "-")
    return f"{version.draft.platform_id}-{safe or version.number}"
