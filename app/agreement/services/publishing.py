"""Stocktaking published by the chair, and the secretariat's word that a change is editorial."""

from __future__ import annotations

import hashlib
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.agreement import stocktaking
from app.agreement.models import EditorialMark, Stocktaking
from app.agreement.tables import SILENT, hold
from app.core.rules.stances import wording_of
from app.drafts import queries as texts
from app.errors import Closed, Invalid
from app.extensions import db
from app.groups.services import words
from app.policy import Action, Actor, GroupId, envelope_actor, require, role_in
from app.record import canonical, timestamp, transaction

NOTE_LIMIT = 400


def publish_stocktaking(actor: Actor, draft_id: int) -> Stocktaking:
    """Freeze the table of levels as it stands in the open, and its way there. The chair's act."""
    with transaction() as tx:
        line = texts.draft_line(actor, draft_id)
        draft = line.draft
        require(actor, Action.PUBLISH, GroupId(draft.group_id), draft.group.openness, what=_("This text"))
        if line.newest is None:
            raise Closed(_("No version of this text has been issued yet."))
        hold(draft)
        content = stocktaking.taken(draft.id, line.versions, ("",))
        last = db.session.scalar(select(func.max(Stocktaking.number)).where(Stocktaking.draft_id == draft.id))
        row = Stocktaking(
            draft_id=draft.id,
            number=(last or 0) + 1,
            version_id=line.newest.id,
            content=content,
            sha256=hashlib.sha256(canonical(content).encode()).hexdigest(),
            at=tx.now,
        )
        db.session.add(row)
        db.session.flush()
        author = envelope_actor(actor, role_in(actor, GroupId(draft.group_id)))
        data = {"number": row.number, "version": str(row.version_id), "sha256": row.sha256, "at": timestamp(tx.now)}
        tx.append(draft.channel, "stocktaking.published", author, data)
        return row


def mark_editorial(actor: Actor, draft_id: int, wid: str, note: Any, *, on: bool = True) -> None:
    """Say at the desk that a changed paragraph means what it meant, with a notice for the room; or take it back."""
    with transaction() as tx:
        line = texts.draft_line(actor, draft_id)
        draft = line.draft
        require(actor, Action.MARK_EDITORIAL, GroupId(draft.group_id), draft.group.openness, what=_("This text"))
        assert line.working is not None  # who may mark holds the pen
        hold(draft)
        base = {row.wid: row.text for row in texts.version_paragraphs(line.newest.id)} if line.newest else {}
        row = next((row for row in texts.version_paragraphs(line.working.id) if row.wid == wid), None)
        if row is None or row.kind in SILENT or row.deleted or base.get(wid, row.text) == row.text:
            raise Invalid(_("Only a paragraph whose words have changed can be marked so."), field="paragraph")
        said = words.checked_text(note, "note", NOTE_LIMIT, required=on)
        query = select(EditorialMark).where(EditorialMark.draft_id == draft.id, EditorialMark.paragraph == wid)
        mark = db.session.scalar(query)
        if not on:
            if mark is not None:
                db.session.delete(mark)
        else:
            mark = mark or EditorialMark(draft_id=draft.id, paragraph=wid)
            mark.wording, mark.note, mark.by, mark.at = wording_of(row.text), said, actor.name, tx.now
            db.session.add(mark)
        data = {"paragraph": wid, "label": row.label, "on": on, "note": said}
        author = envelope_actor(actor, role_in(actor, GroupId(draft.group_id)))
        tx.append(draft.desk_channel, "paragraph.editorial", author, data)
