"""The notes that a delegation keeps beside a text: nobody else reads them, and no list, search or count has them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.core.markup import render
from app.core.rules.stances import wording_of
from app.delegations.models import DelegationNote
from app.delegations.rights import channel_of, is_of_delegation, not_found, require_of_delegation
from app.drafts.models import Version, VersionParagraph
from app.drafts.queries import draft_line, get_version, paragraph_in, version_paragraphs
from app.errors import Conflict
from app.extensions import db
from app.groups.services.words import checked_text
from app.policy import Actor, GroupId, envelope_actor, role_in
from app.record import Transaction, parse_key, transaction

NOTE_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class ShownNote:
    """A note as it stands beside a version: have the words changed since it was written?"""

    note: DelegationNote
    changed: bool
    label: str
    """Of its paragraph in this version; empty where the text as a whole is meant, or the paragraph is gone."""
    gone: bool = False


def add(actor: Actor, version_id: int, *, id: Any, body: Any, paragraph: Any = None) -> DelegationNote:
    """Write a note on a paragraph of a version, or on the text as a whole. Raises NotFound, Forbidden, Invalid."""
    with transaction() as tx:
        version = get_version(actor, version_id)
        require_of_delegation(actor, version.draft.group_id)
        row = paragraph_in(version, str(paragraph)) if paragraph else None
        said = checked_text(body, "body", NOTE_LIMIT)
        assert actor.party_id is not None
        note = DelegationNote(
            id=parse_key(id),
            party_id=actor.party_id,
            draft=version.draft,
            version=version,
            paragraph=row.wid if row else None,
            wording=wording_of(row.text) if row else "",
            body=said,
            html=render(said),
            author=actor.name,
            edited_by=actor.name,
            created_at=tx.now,
            edited_at=tx.now,
        )
        db.session.add(note)
        db.session.flush()
        _tell(tx, actor, note, "note.added")
        return note


def edit(actor: Actor, note_id: str, *, body: Any, revision: Any, version_id: int | None = None) -> DelegationNote:
    """Change a note of one's delegation. A stale edit is a Conflict with both texts: nothing is lost.

    `version_id` is the version whose words the editor sees: the note then speaks of these.
    """
    with transaction() as tx:
        note = get(actor, note_id, for_update=True)
        said = checked_text(body, "body", NOTE_LIMIT)
        if revision != note.revision:
            raise Conflict(
                _("A colleague changed this note since you began. Both texts are below: nothing is lost."),
                field="body",
                status=412,
                yours=said,
                theirs=note.body,
                revision=note.revision,
            )
        note.body, note.html = said, render(said)
        note.revision += 1
        note.edited_by, note.edited_at = actor.name, tx.now
        _speak_of(actor, note, version_id)
        _tell(tx, actor, note, "note.edited")
        return note


def remove(actor: Actor, note_id: str) -> None:
    """Take a note away. Its words stay in the delegation's own channel, as all that was written there."""
    with transaction() as tx:
        note = get(actor, note_id, for_update=True)
        note.removed_at = tx.now
        _tell(tx, actor, note, "note.removed")


def get(actor: Actor, note_id: str, *, for_update: bool = False) -> DelegationNote:
    """A note of the actor's own delegation. Raises NotFound for any other, as for one that is not there."""
    query = select(DelegationNote).where(DelegationNote.id == str(note_id), DelegationNote.removed_at.is_(None))
    note = db.session.scalar(query.with_for_update(key_share=True, of=DelegationNote) if for_update else query)
    if note is None or note.party_id != actor.party_id or not is_of_delegation(actor, note.draft.group_id):
        raise not_found()
    draft_line(actor, note.draft_id)  # and the text is open to them
    return note


def notes_on(actor: Actor, version: Version, wid: str | None = None) -> list[ShownNote]:
    """The notes of the actor's delegation on a text, as they stand beside this version: oldest first.

    `wid` narrows them to one paragraph. Without a delegation there are none.
    """
    if not is_of_delegation(actor, version.draft.group_id):
        return []
    query = select(DelegationNote).where(
        DelegationNote.party_id == actor.party_id,
        DelegationNote.draft_id == version.draft_id,
        DelegationNote.removed_at.is_(None),
    )
    if wid is not None:
        query = query.where(DelegationNote.paragraph == wid)
    notes = list(db.session.scalars(query.order_by(DelegationNote.created_at, DelegationNote.id)))
    return _shown(notes, version_paragraphs(version.id)) if notes else []


def _shown(notes: Iterable[DelegationNote], rows: Iterable[VersionParagraph]) -> list[ShownNote]:
    by_wid = {row.wid: row for row in rows}
    found = []
    for note in notes:
        row = by_wid.get(note.paragraph or "")
        changed = row is not None and wording_of(row.text) != note.wording
        gone = note.paragraph is not None and (row is None or bool(row.deleted))
        found.append(ShownNote(note, changed, row.label if row else "", gone))
    return found


def _speak_of(actor: Actor, note: DelegationNote, version_id: int | None) -> None:
    if version_id is None or note.paragraph is None:
        return
    version = get_version(actor, version_id)
    row = next((row for row in version_paragraphs(version.id) if row.wid == note.paragraph), None)
    if version.draft_id == note.draft_id and row is not None:
        note.version, note.wording = version, wording_of(row.text)


def _tell(tx: Transaction, actor: Actor, note: DelegationNote, type_: str) -> None:
    group = note.draft.group_id
    assert actor.party_code is not None
    signed = envelope_actor(actor, role_in(actor, GroupId(group)))
    data = {
        "note": note.id,
        "draft": str(note.draft_id),
        "version": str(note.version_id),
        "paragraph": note.paragraph,
        "revision": note.revision,
        "body": note.body,
        "html": note.html,
    }
    tx.append(channel_of(actor.party_code, group), type_, signed, data)
