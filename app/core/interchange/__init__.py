"""A text with all that belongs to it, as it leaves and comes back: JSON, Markdown, and XML for the United Nations."""

from app.core.interchange.akn import to_akn
from app.core.interchange.json_form import from_json, to_json
from app.core.interchange.markdown_form import from_markdown, is_complete, to_markdown
from app.core.interchange.model import (
    SCHEMA,
    Asked,
    CommentRecord,
    Document,
    Entry,
    InterchangeRefused,
    PastWording,
    Position,
    ProposalRecord,
    Sponsor,
    arranged,
    bracketed,
)

__all__ = [
    "SCHEMA",
    "Asked",
    "CommentRecord",
    "Document",
    "Entry",
    "InterchangeRefused",
    "PastWording",
    "Position",
    "ProposalRecord",
    "Sponsor",
    "arranged",
    "bracketed",
    "from_json",
    "from_markdown",
    "is_complete",
    "to_akn",
    "to_json",
    "to_markdown",
]
