"""Word files, in and out: tracked changes under the delegations' names, and comments. Pure."""

from app.core.word.commenting import Spoken, with_comments
from app.core.word.model import (
    NOTICE,
    Author,
    ChangeKind,
    ReadComment,
    ReadDocx,
    ReadParagraph,
    TrackedChange,
    WordComment,
    WordDocument,
    WordFinding,
    WordParagraph,
    WordRefused,
    WordRun,
)
from app.core.word.reading import read_docx
from app.core.word.tracked import from_comparison, from_compilation, from_text
from app.core.word.writing import write_docx

__all__ = [
    "NOTICE",
    "Author",
    "ChangeKind",
    "ReadComment",
    "ReadDocx",
    "ReadParagraph",
    "Spoken",
    "TrackedChange",
    "WordComment",
    "WordDocument",
    "WordFinding",
    "WordParagraph",
    "WordRefused",
    "WordRun",
    "from_comparison",
    "from_compilation",
    "from_text",
    "read_docx",
    "with_comments",
    "write_docx",
]
