"""What goes into a Word file and what comes out of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from app.core.text.paragraphs import Kind

NOTICE = "Working text – not an official United Nations document"


class WordRefused(ValueError):
    """A file that is not read. `code` is for programs, the message tells a person what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Author:
    """Who changed words, as a reader of the file sees it: a delegation, never a person. `at` without a zone is UTC."""

    name: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WordComment:
    """What somebody says of a paragraph, or of the runs that name its `id`."""

    author: str
    at: datetime | None
    text: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class WordRun:
    """Words that stay, or are inserted or deleted by `author`. `comments` are ids of comments of the paragraph."""

    text: str
    change: Literal["", "insert", "delete"] = ""
    author: str = ""
    at: datetime | None = None
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WordParagraph:
    """One paragraph. `added_by` and `removed_by` speak of it as a whole: its mark and all its words.

    A run with a change of its own keeps it inside. `id` comes back on reading, even after an edit in Word.
    """

    kind: Kind
    level: int
    label: str
    runs: Sequence[WordRun]
    comments: Sequence[WordComment] = ()
    added_by: Author | None = None
    removed_by: Author | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class WordDocument:
    """A text to be written. `label` names the version; `language` is the BCP 47 tag of words in Latin script."""

    title: str
    platform_id: str
    label: str
    notice: str
    paragraphs: Sequence[WordParagraph]
    language: str = "en-GB"


class ChangeKind(StrEnum):
    INSERT = "insert"
    DELETE = "delete"
    MOVED_HERE = "moved_here"
    MOVED_AWAY = "moved_away"
    WITHDRAWN = "withdrawn"
    """Inserted by `author` and deleted again: the words are in neither text."""
    PARAGRAPH_INSERTED = "paragraph_inserted"
    """The end of the paragraph is new: the paragraph is, or it was split off here."""
    PARAGRAPH_DELETED = "paragraph_deleted"
    """The end of the paragraph goes: the paragraph does, or it joins the next one."""


@dataclass(frozen=True, slots=True)
class TrackedChange:
    """One change. `start` is where it stands in the paragraph's own words before, counted from 0."""

    kind: ChangeKind
    author: str
    at: datetime | None
    start: int
    text: str


@dataclass(frozen=True, slots=True)
class ReadComment:
    """`quote` holds the words that it was put on as they read after the changes (before them, where they go)."""

    author: str
    at: datetime | None
    text: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class ReadParagraph:
    """A paragraph with all changes rejected (`text_before`) and accepted (`text_after`).

    Where it is not `in_before` it is new, where it is not `in_after` it goes. Where paragraphs were split or joined,
    the joined text is with the first of them that has words. `style` is the style's name; `kind` is known for files
    that were written here, for titles, headings and footnotes. `label` is the number as printed: of the text before,
    where it is there. `place` says where else than in the body it stood: "table", "text box", "footnote", "endnote".
    """

    text_before: str
    text_after: str
    in_before: bool = True
    in_after: bool = True
    style: str = ""
    kind: Kind | None = None
    level: int = 0
    label: str = ""
    changes: tuple[TrackedChange, ...] = ()
    comments: tuple[ReadComment, ...] = ()
    place: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class WordFinding:
    """Something that a person should know. `paragraph` counts from 1 in what was read; 0 is the file as a whole.

    `about` is what the message is made of, for who says it in another language: how many, or which words.
    """

    code: str
    message: str
    paragraph: int = 0
    about: str = ""


@dataclass(frozen=True, slots=True)
class ReadDocx:
    """A file as it was read. `platform_id` and `label` say what a file written here was made of.

    `marked`: some part of it, even the margin of a page, holds a tracked change or a comment.
    """

    paragraphs: tuple[ReadParagraph, ...]
    findings: tuple[WordFinding, ...] = ()
    title: str = ""
    platform_id: str = ""
    label: str = ""
    marked: bool = False
