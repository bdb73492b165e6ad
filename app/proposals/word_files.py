"""The compilation as a Word file, each delegation's changes tracked; and tracked changes of a file as proposals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response

from app.core.text import Change, Op, diff
from app.core.text.proposals import ProposalKind
from app.core.word import Author, ReadDocx, ReadParagraph, WordParagraph, from_compilation
from app.drafts import word_files
from app.drafts.models import Version, VersionParagraph
from app.policy import Actor
from app.proposals import queries
from app.proposals.views import sponsor_names


def compilation(actor: Actor, version: Version, locale: str) -> Response:
    """The version with every open proposal tracked under its lead sponsor's name."""
    return word_files.answer(version.draft, version.label, tracked(actor, version, locale))


def tracked(actor: Actor, version: Version, locale: str) -> list[WordParagraph]:
    """The paragraphs of the compilation, for a Word file."""
    found = queries.compiled(actor, version, locale)
    names = queries.names_in(locale)
    authors = {
        row.id: Author((sponsor_names(row, names) or ("?",))[0], row.released_at)
        for row in queries.proposals_on(actor, version)
        if row.id in found.proposals
    }
    return from_compilation(found.compilation, version.issued_at, authors)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a paragraph of a Word file asks of a paragraph of the version. `ops` lead from its words to the new ones."""

    kind: str
    paragraph: str
    label: str
    text: str
    ops: tuple[Op, ...]
    remarks: tuple[str, ...]
    """What the comments on the paragraph say."""


@dataclass(frozen=True, slots=True)
class Said:
    """A comment of a Word file on a paragraph of the version; on all of it where there are no `words`."""

    paragraph: str
    label: str
    words: str
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a Word file asks of a version, and what of it could not be placed: that is for a person."""

    asked: tuple[Asked, ...]
    said: tuple[Said, ...]
    left: tuple[str, ...]
    findings: tuple[str, ...]


def read_changes(found: ReadDocx, rows: Sequence[VersionParagraph]) -> Reading:
    """Find the paragraphs of a Word file in a version, by identity, else by their words before the changes."""
    by_wid = {row.wid: row for row in rows}
    by_words = {_plain(row.text): row for row in rows}
    asked: list[Asked] = []
    said: list[Said] = []
    left: list[str] = []
    last: VersionParagraph | None = None
    for paragraph in found.paragraphs:
        row = by_wid.get(paragraph.id) or by_words.get(_plain(paragraph.text_before)) if paragraph.in_before else None
        if row is not None:
            last = row
        if last is not None:
            said += [
                Said(last.wid, last.label, _plain(comment.quote), comment.author, comment.text.strip())
                for comment in paragraph.comments
                if comment.text.strip()
            ]
        ask = _asked(paragraph, row, last)
        if ask is not None:
            asked.append(ask)
        elif row is None and _plain(paragraph.text_before) and paragraph.in_before and _speaks(paragraph, last):
            left.append(paragraph.text_after or paragraph.text_before)
    return Reading(tuple(asked), tuple(said), tuple(left), tuple(finding.message for finding in found.findings))


def _asked(paragraph: ReadParagraph, row: VersionParagraph | None, last: VersionParagraph | None) -> Asked | None:
    remarks = tuple(comment.text for comment in paragraph.comments)
    after = " ".join(paragraph.text_after.split())
    if row is None:
        if paragraph.in_before or last is None or not after:
            return None
        return _asking(ProposalKind.NEW_PARAGRAPH, last, after, remarks)
    if not paragraph.in_after or not after:
        return _asking(ProposalKind.SUPPRESS, row, "", remarks)
    if _plain(after) == _plain(row.text):
        return None
    return _asking(ProposalKind.REPLACE, row, after, remarks)


def _asking(kind: str, row: VersionParagraph, text: str, remarks: tuple[str, ...]) -> Asked:
    return Asked(kind, row.wid, row.label, text, ops_of(kind, row.text, text), remarks)


def ops_of(kind: str, base: str, text: str) -> tuple[Op, ...]:
    """What leads from the words of a paragraph to what a file asks of it."""
    if kind == ProposalKind.NEW_PARAGRAPH:
        return (Op(Change.INSERT, text),)
    return (Op(Change.DELETE, base),) if kind == ProposalKind.SUPPRESS else diff(base, text)


def _speaks(paragraph: ReadParagraph, last: VersionParagraph | None) -> bool:
    """Does it say what finds no place otherwise? Its comments stand on the paragraph before it, if there is one."""
    return bool(paragraph.changes or (paragraph.comments and last is None))


def _plain(text: str) -> str:
    return " ".join(text.split())
