"""Reads of texts. Each takes the reader and gives only what the reader may read, in a fixed number of statements."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import Select, event, select
from sqlalchemy.orm import Session, contains_eager, joinedload
from sqlalchemy.orm.util import identity_key

from app.core.text import Comparison, ParagraphId, compare
from app.drafts.models import ISSUED, Draft, Version, VersionParagraph
from app.drafts.views import as_paragraph
from app.errors import NotFound
from app.extensions import db
from app.groups.models import Group
from app.policy import Action, Actor, GroupId, can

KEPT_COMPARISONS = 64
KEPT = "issued paragraphs"
"""Under which a session keeps them."""


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A text in a list. `newest` is the newest issued version; `working` the working copy, for who holds the pen."""

    draft: Draft
    versions: tuple[Version, ...]
    newest: Version | None
    working: Version | None


def may_read(actor: Actor, group: Group) -> bool:
    return can(actor, Action.READ_TEXT, GroupId(group.id), group.openness)


def holds_pen(actor: Actor, group: Group) -> bool:
    """May the actor see and edit working copies of this group?"""
    return can(actor, Action.READ_WORKING_COPY, GroupId(group.id), group.openness)


def drafts_of(actor: Actor, group: Group) -> list[DraftLine]:
    """The texts of a group, newest change first. Without an issued version only who holds the pen sees one."""
    return _lines(actor, select(Draft).where(Draft.group_id == group.id))


def texts(actor: Actor) -> list[DraftLine]:
    """All texts of which the actor may read something."""
    return _lines(actor, select(Draft))


def draft_line(actor: Actor, draft_id: int) -> DraftLine:
    found = _lines(actor, select(Draft).where(Draft.id == draft_id))
    if not found:
        raise NotFound(_("This text was not found, or is not open to you."))
    return found[0]


def _lines(actor: Actor, query: object) -> list[DraftLine]:
    drafts = db.session.scalars(query.options(joinedload(Draft.group))).all()  # type: ignore[attr-defined]
    readable = {draft.id: draft for draft in drafts if may_read(actor, draft.group)}
    versions: dict[int, list[Version]] = {draft_id: [] for draft_id in readable}
    rows = db.session.scalars(select(Version).where(Version.draft_id.in_(readable)).order_by(Version.number))
    for version in rows:
        versions[version.draft_id].append(version)
    lines = []
    for draft_id, draft in readable.items():
        issued = tuple(version for version in versions[draft_id] if version.issued)
        pen = holds_pen(actor, draft.group)
        working = next((version for version in versions[draft_id] if not version.issued), None) if pen else None
        if issued or working:
            lines.append(DraftLine(draft, issued, issued[-1] if issued else None, working))
    lines.sort(key=lambda line: (line.newest or line.working or line.draft).id, reverse=True)
    return lines


def versions_of(actor: Actor, draft_id: int) -> list[Version]:
    """The issued versions, oldest first, and the working copy last for who holds the pen."""
    line = draft_line(actor, draft_id)
    return [*line.versions, *([line.working] if line.working else [])]


def issued_versions(group_id: int) -> list[Version]:
    """The issued versions of a group, newest first. The caller has checked that the group may be read."""
    query = (
        select(Version)
        .join(Version.draft)
        .options(contains_eager(Version.draft))
        .where(Draft.group_id == group_id, Version.state.in_(ISSUED))
    )
    return list(db.session.scalars(query.order_by(Version.issued_at.desc(), Version.id.desc())))


def readable_versions(actor: Actor) -> list[Version]:
    """Every issued version that the actor may read, newest first."""
    query = (
        select(Version)
        .join(Version.draft)
        .join(Draft.group)
        .options(contains_eager(Version.draft).contains_eager(Draft.group))
        .where(Version.state.in_(ISSUED))
        .order_by(Version.issued_at.desc(), Version.id.desc())
    )
    return [version for version in db.session.scalars(query) if may_read(actor, version.draft.group)]


def newest_version(draft_id: int) -> Version:
    """The newest issued version of a text of which one was issued. It asks no right."""
    query = select(Version).where(Version.draft_id == draft_id, Version.state.in_(ISSUED))
    return db.session.scalars(query.order_by(Version.number.desc()).limit(1)).one()


def version_by_id(version_id: int) -> Version:
    """A version with its draft. The caller has checked that it may be read."""
    query = select(Version).options(joinedload(Version.draft).joinedload(Draft.group)).where(Version.id == version_id)
    return db.session.scalars(query).one()


def get_version(actor: Actor, version_id: int) -> Version:
    """A version that the actor may read. Raises NotFound."""
    query = select(Version).options(joinedload(Version.draft).joinedload(Draft.group)).where(Version.id == version_id)
    return _readable(actor, db.session.scalar(query))


def get_numbered(actor: Actor, draft_id: int, number: int) -> Version:
    """The issued version with this number. Raises NotFound."""
    query = (
        select(Version)
        .options(joinedload(Version.draft).joinedload(Draft.group))
        .where(Version.draft_id == draft_id, Version.number == number, Version.state.in_(ISSUED))
    )
    return _readable(actor, db.session.scalar(query))


def _readable(actor: Actor, version: Version | None) -> Version:
    allowed = version is not None and (
        may_read(actor, version.draft.group) if version.issued else holds_pen(actor, version.draft.group)
    )
    if version is None or not allowed:
        raise NotFound(_("This version was not found, or is not open to you."))
    return version


def version_paragraphs(version_id: int) -> list[VersionParagraph]:
    """The paragraphs in order. The caller has checked that the version may be read.

    Those of an issued version are read once in a session: they never change (`freezing`), and a room asks six times.
    """
    kept: dict[int, list[VersionParagraph]] = db.session().info.setdefault(KEPT, {})
    if version_id in kept:
        return list(kept[version_id])
    rows = list(db.session.scalars(_paragraphs(version_id)))
    version = db.session().identity_map.get(identity_key(Version, version_id))
    if version is not None and version.issued:
        kept[version_id] = list(rows)
    return rows


def stored_paragraphs(version_id: int) -> list[VersionParagraph]:
    """The paragraphs as the database has them now, whatever was read before: what a verification reads."""
    return list(db.session.scalars(_paragraphs(version_id).execution_options(populate_existing=True)))


def _paragraphs(version_id: int) -> Select[VersionParagraph]:
    return select(VersionParagraph).where(VersionParagraph.version_id == version_id).order_by(VersionParagraph.position)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, _transaction: object) -> None:
    """A rollback makes all rows stale, and may take an issue back."""
    session.info.pop(KEPT, None)


def get_paragraph(actor: Actor, version_id: int, reference: str) -> VersionParagraph:
    """A paragraph by its identity or its label's slug. Raises NotFound."""
    return paragraph_in(get_version(actor, version_id), reference)


def paragraph_in(version: Version, reference: str) -> VersionParagraph:
    rows = db.session.scalars(
        select(VersionParagraph).where(
            VersionParagraph.version_id == version.id,
            (VersionParagraph.wid == reference)
            | (VersionParagraph.slug == reference.lower())
            | (VersionParagraph.label == reference),
        )
    ).all()
    row = next((row for row in rows if row.wid == reference), rows[0] if rows else None)
    if row is None:
        raise NotFound(_("This version has no such paragraph."))
    return row


def paragraph_history(actor: Actor, draft_id: int, wid: str) -> list[tuple[Version, VersionParagraph]]:
    """A paragraph through all issued versions that have it, oldest first."""
    line = draft_line(actor, draft_id)
    by_id = {version.id: version for version in line.versions}
    rows = db.session.scalars(
        select(VersionParagraph).where(VersionParagraph.version_id.in_(by_id), VersionParagraph.wid == wid)
    )
    found = [(by_id[row.version_id], row) for row in rows]
    return sorted(found, key=lambda pair: pair[0].number)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two versions and what leads from one to the other."""

    old: Version
    new: Version
    comparison: Comparison
    old_rows: dict[str, VersionParagraph]
    new_rows: dict[str, VersionParagraph]


def compare_versions(actor: Actor, draft_id: int, old_id: int | None = None, new_id: int | None = None) -> Pair:
    """Compare two versions of a draft. Default: the newest and its predecessor; of a given one, its predecessor."""
    candidates = {version.id: version for version in versions_of(actor, draft_id)}
    issued = [version for version in candidates.values() if version.issued]
    if not issued:
        raise NotFound(_("No version of this text has been issued yet."))
    new = candidates.get(new_id) if new_id else issued[-1]
    old = candidates.get(old_id) if old_id else _predecessor(issued, new)
    if new is None or old is None:
        raise NotFound(_("This version was not found, or is not open to you."))
    old_rows, new_rows = version_paragraphs(old.id), version_paragraphs(new.id)
    return Pair(
        old,
        new,
        _comparison(old, new, old_rows, new_rows),
        {row.wid: row for row in old_rows},
        {row.wid: row for row in new_rows},
    )


def _predecessor(issued: Sequence[Version], new: Version | None) -> Version | None:
    if new is None:
        return None
    if not new.issued:
        return issued[-1]
    earlier = [version for version in issued if version.number < new.number]
    return earlier[-1] if earlier else new


_kept: OrderedDict[tuple[str, str], Comparison] = OrderedDict()


def _comparison(
    old: Version, new: Version, old_rows: list[VersionParagraph], new_rows: list[VersionParagraph]
) -> Comparison:
    """Issued versions never change, so their comparison is kept, by their hashes."""
    key = (old.sha256, new.sha256) if old.sha256 and new.sha256 else None
    if key and key in _kept:
        _kept.move_to_end(key)
        return _kept[key]
    made = compare(
        [as_paragraph(row) for row in old_rows if not row.deleted],
        [as_paragraph(row) for row in new_rows if not row.deleted],
        {ParagraphId(row.wid): row.label for row in old_rows},
        {ParagraphId(row.wid): row.label for row in new_rows},
    )
    if key:
        _kept[key] = made
        while len(_kept) > KEPT_COMPARISONS:
            _kept.popitem(last=False)
    return made


def concordance(pair: Pair) -> list[tuple[str | None, str | None]]:
    """Old label, new label, for every paragraph of both versions."""
    return [(row.old_label, row.new_label) for row in pair.comparison.rows]
