"""The compilation as a Word file, each delegation's changes tracked; and tracked changes of a file as proposals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from flask import Response
from flask_babel import gettext as _

from app.core.text import Change, Op, diff
from app.core.text.proposals import ProposalKind
from app.core.word import ReadDocx, ReadParagraph
from app.drafts import word_files
from app.drafts.interchange import sources
from app.drafts.models import Version, VersionParagraph
from app.drafts.queries import versions_of
from app.drafts.told import word_finding
from app.policy import Actor
from app.proposals import queries
from app.proposals.word_places import moved, places_in, plain


def compilation(actor: Actor, version: Version, locale: str) -> Response:
    """The version with every open proposal tracked under its lead sponsor's name."""
    return word_files.answer(version.draft, version.label, queries.tracked(actor, version, locale))


# --- In ------------------------------------------------------------------------------------------------------------


READ = (ProposalKind.REPLACE, ProposalKind.NEW_PARAGRAPH, ProposalKind.SUPPRESS)
"""What a Word file can ask for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a Word file asks of a paragraph of the version. `ops` lead from its words to the new ones.

    Without a `paragraph` it asks for a new one before the first.
    """

    kind: str
    paragraph: str | None
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


def made_of(found: ReadDocx, version: Version, issued: Sequence[Version]) -> Version:
    """The version that the file says it was made of, where it is another one of the same text.

    Read against later words, whatever the chair has changed since would look like a wish to have the old words back.
    """
    if found.platform_id != version.draft.platform_id:
        return version
    if "→" in found.label:  # a comparison is of two
        return version
    said = f"{found.label} "  # a file with comments says more, in the language of who fetched it
    same = [one for one in issued if said.startswith(f"{one.label} ")]
    longest = max((len(one.label) for one in same), default=0)
    same = [one for one in same if len(one.label) == longest]
    return same[0] if len(same) == 1 else version


@dataclass(frozen=True, slots=True)
class Known:
    """What a text has already: a file that was fetched here holds what others proposed and said, with its moments."""

    moments: frozenset[datetime] = frozenset()
    texts: frozenset[str] = frozenset()
    """Words of paragraphs that somebody proposes to add."""

    def holds(self, paragraph: ReadParagraph, row: VersionParagraph | None) -> bool:
        """Is all that a paragraph asks the wish of others, as it stands here?"""
        if not paragraph.changes or any(change.at not in self.moments for change in paragraph.changes):
            return False
        same = row is not None and plain(paragraph.text_before) == plain(row.text)
        return same or plain(paragraph.text_after) in self.texts

    def without(self, paragraph: ReadParagraph) -> ReadParagraph:
        """The paragraph without the comments that were made here."""
        own = tuple(comment for comment in paragraph.comments if comment.at not in self.moments)
        return replace(paragraph, comments=own)


NOTHING = Known()


def known_of(actor: Actor, version: Version) -> Known:
    """What the actor may see of a text, and could have fetched."""
    issued = [one for one in versions_of(actor, version.draft_id) if one.issued]
    proposals = queries.proposals_on(actor, version)
    said = [record.at for one in issued for tell in sources.comments for record in tell(actor, one)]
    moments = {one.issued_at for one in issued} | {row.released_at for row in proposals}
    moments |= {datetime.fromisoformat(at) for at in said if at}
    return Known(
        frozenset(at.astimezone(UTC).replace(microsecond=0) for at in moments if at is not None),
        frozenset(plain(row.text) for row in proposals),
    )


def read_changes(found: ReadDocx, rows: Sequence[VersionParagraph], known: Known = NOTHING) -> Reading:
    """What a file asks of a version: by its tracked changes; without any, by how its words differ.

    What is `known`, others said it: it is asked and said no second time.
    """
    placed = places_in(found.paragraphs, rows)
    clean = not any(one.changes or not one.in_before or not one.in_after for one in found.paragraphs)
    asked: list[tuple[int, Asked]] = []
    said: list[Said] = []
    left: list[str] = []
    last = -1
    for number, paragraph in enumerate(map(known.without, found.paragraphs)):
        row = rows[placed[number]] if number in placed else None
        last = placed.get(number, last)
        if known.holds(paragraph, row):
            said += _said(paragraph, row) if row else []
            continue
        ask = _asked(paragraph, row) if row else _added(paragraph, rows[last] if last >= 0 else None, clean)
        if ask is not None:
            asked.append((last, ask))
        if row is not None:
            said += _said(paragraph, row)
        elif ask is None:
            left += _unplaced(paragraph)
    if clean:
        gone, notes = _gone(set(placed.values()), rows)
        asked, left = asked + gone, left + notes
        left += [
            _("%(label)s stands at another place in the file.", label=rows[n].label) for n in sorted(moved(placed))
        ]
    asks = tuple(ask for _place, ask in sorted(asked, key=lambda one: one[0]))
    return Reading(asks, tuple(said), tuple(left), tuple(word_finding(one) for one in found.findings))


def _asked(paragraph: ReadParagraph, row: VersionParagraph) -> Asked | None:
    remarks = tuple(comment.text for comment in paragraph.comments)
    after = plain(paragraph.text_after)
    if not paragraph.in_after or not after:
        return _asking(ProposalKind.SUPPRESS, row, "", remarks)
    return _asking(ProposalKind.REPLACE, row, after, remarks) if after != plain(row.text) else None


def _added(paragraph: ReadParagraph, last: VersionParagraph | None, clean: bool) -> Asked | None:
    """A new paragraph behind `last`; its comments are its reasons. Footnotes and the like are none."""
    after = plain(paragraph.text_after)
    new = clean or not paragraph.in_before or not plain(paragraph.text_before)
    if not new or not after or paragraph.place not in ("", "table"):
        return None
    return _asking(ProposalKind.NEW_PARAGRAPH, last, after, tuple(comment.text for comment in paragraph.comments))


def _said(paragraph: ReadParagraph, row: VersionParagraph) -> list[Said]:
    return [
        Said(row.wid, row.label, plain(comment.quote), comment.author, comment.text.strip())
        for comment in paragraph.comments
        if comment.text.strip()
    ]


def _unplaced(paragraph: ReadParagraph) -> list[str]:
    """The words that this version lacks, and what is said of them."""
    words = plain(paragraph.text_after) or plain(paragraph.text_before)
    said = [
        _("Comment on “%(words)s”: %(comment)s", words=plain(one.quote) or words[:200], comment=one.text.strip())
        for one in paragraph.comments
        if one.text.strip()
    ]
    return ([words] if words else []) + said


def _gone(there: set[int], rows: Sequence[VersionParagraph]) -> tuple[list[tuple[int, Asked]], list[str]]:
    """What a file without tracked changes no longer holds is to go; unless the file is but a part of the version."""
    missing = [number for number in range(len(rows)) if number not in there]
    if 2 * len(missing) <= len(rows):
        return [(number, _asking(ProposalKind.SUPPRESS, rows[number], "", ())) for number in missing], []
    return [], [_("Most paragraphs of this version are not in the file. No deletion is read from that.")]


def _asking(kind: str, row: VersionParagraph | None, text: str, remarks: tuple[str, ...]) -> Asked:
    return Asked(kind, row.wid if row else None, label_of(row), text, ops_of(kind, row, text), remarks)


def label_of(row: VersionParagraph | None) -> str:
    return row.label if row else _("At the beginning")


def ops_of(kind: str, row: VersionParagraph | None, text: str) -> tuple[Op, ...]:
    """What leads from the words of a paragraph to what a file asks of it."""
    if kind == ProposalKind.NEW_PARAGRAPH or row is None:
        return (Op(Change.INSERT, text),)
    return (Op(Change.DELETE, row.text),) if kind == ProposalKind.SUPPRESS else diff(row.text, text)
