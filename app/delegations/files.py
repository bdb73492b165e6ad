"""The file of a statement: what it is by its content, and the words that can be read out of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask_babel import gettext as _

from app.core.word import WordRefused, read_docx
from app.drafts.told import refused_words
from app.errors import Invalid, TooLarge

FILE_LIMIT = 2 * 2**20
NAME_LIMIT = 120
TYPES = {"pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
_UNSAFE = re.compile(r"[^\w.() -]+", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Handed:
    """A file as it came: `type` is pdf, docx, or empty for plain text, of which only the words are kept."""

    name: str
    type: str
    content: bytes
    words: str


def opened(name: str, content: bytes) -> Handed:
    """Say what a file is by its first bytes, whatever its name says. Raises Invalid, TooLarge."""
    if len(content) > FILE_LIMIT:
        raise TooLarge(_("A statement has at most %(number)s MB.", number=FILE_LIMIT // 2**20), field="file")
    if not content:
        raise Invalid(_("This file is empty."), field="file")
    kept = safe_name(name)
    if content.startswith(b"%PDF-"):
        return Handed(kept, "pdf", content, "")
    if content.startswith(b"PK\x03\x04"):
        return Handed(kept, "docx", content, _words_of(content))
    return Handed(kept, "", b"", _plain(content))


def safe_name(name: str) -> str:
    """The name without its path, and without what a header or a shell could take for something else."""
    last = re.split(r"[\\/]", name)[-1]
    return _UNSAFE.sub("_", last).strip(". ")[-NAME_LIMIT:] or "statement"


def _words_of(content: bytes) -> str:
    try:
        read = read_docx(content)
    except WordRefused as refused:
        raise Invalid(refused_words(refused.code, str(refused)), field="file") from None
    if read.marked:
        # Others will have the file as it is: what colleagues said in its margins must not go out unawares.
        raise Invalid(
            _("This file holds tracked changes or comments, which others would read. Hand in a clean one."),
            field="file",
        )
    return "\n\n".join(text for p in read.paragraphs if p.in_after and (text := p.text_after.strip()))


def _plain(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(
            _("Hand in a Word file (.docx), a PDF, or plain text in UTF-8. This file is none of these."), field="file"
        ) from None
