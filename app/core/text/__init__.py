"""The text core: what paragraphs are, how they come in and go out, what they are called, what changed between texts.

Pure: no framework, no database, no clock.
"""

from app.core.text.compare import Comparison, Row, RowKind, Summary, compare
from app.core.text.diff import Change, Op, diff
from app.core.text.importing import SOURCE_LIMIT, Finding, Imported, read
from app.core.text.normalise import TextRefused, clean, clean_message
from app.core.text.numbering import labels, slug, slugs
from app.core.text.opening import opening, option_label
from app.core.text.paragraphs import Kind, Paragraph, ParagraphId, Relation, Style
from app.core.text.quotes import Quote, locate
from app.core.text.words import tokens

__all__ = [
    "SOURCE_LIMIT",
    "Change",
    "Comparison",
    "Finding",
    "Imported",
    "Kind",
    "Op",
    "Paragraph",
    "ParagraphId",
    "Quote",
    "Relation",
    "Row",
    "RowKind",
    "Style",
    "Summary",
    "TextRefused",
    "clean",
    "clean_message",
    "compare",
    "diff",
    "labels",
    "locate",
    "opening",
    "option_label",
    "read",
    "slug",
    "slugs",
    "tokens",
]
