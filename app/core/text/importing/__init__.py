"""Brings a text in from Markdown, plain text, or what was pasted from Word or PDF.

No word is lost or moved: each word of the source stands, in order, in the markers and texts of the result. What is
not understood stays as text and is reported with its line.
"""

from __future__ import annotations

from app.core.text.importing.inline import escaped
from app.core.text.importing.reader import SOURCE_LIMIT, read
from app.core.text.importing.report import Finding, Imported

__all__ = ["SOURCE_LIMIT", "Finding", "Imported", "escaped", "read"]
