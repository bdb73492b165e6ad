"""Bridging text: put on the screen without prejudice, amended orally word by word, taken down or proposed."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.agreement.models import Bridging, BridgingWording
from app.agreement.tables import Table, audience, hold, record, require_newest
from app.core.rules.agreement import Bridge, bridge_after
from app.core.rules.stances import wording_of
from app.drafts import inputs
from app.errors import Closed, Conflict, Invalid, NotFound
from app.extensions import db
from app.live.segments import channel_now
from app.policy import Action, Actor, GroupId, require, role_in, role_name
from app.proposals import services as proposals
from app.record import Envelope, transaction


def show(actor: Actor, table: Table, paragraph: Any, text: Any) -> Envelope:
    """Put a text on the screen for a paragraph, without prejudice to anybody's position."""
    with transaction() as tx:
        hold(table.draft)
        require_newest(table)
        row = table.paragraph(paragraph)
        said = _words(text)
        if said == row.text:
            raise Invalid(_("These are the words of the paragraph as it stands."), field="text")
        bridging = Bridging(
            draft_id=table.draft.id,
            version_id=table.version.id,
            paragraph=row.wid,
            openness=table.openness,
            number=_next_number(table),
            state=Bridge.SHOWN,
            text=said,
            revision=1,
            role=role_name(role_in(actor, GroupId(table.group.id))),
            at=tx.now,
        )
        bridging.wordings.append(BridgingWording(revision=1, text=said, at=tx.now))
        db.session.add(bridging)
        db.session.flush()
        return record(tx, actor, table, "bridging.shown", _data(bridging, row.label) | {"before": row.text})


def amend(actor: Actor, table: Table, bridging_id: Any, text: Any, *, revision: Any = None) -> Envelope:
    """Change its words as the room speaks. Each version is kept, and what was said of the last one goes stale.

    `revision` is the one on which the change is based: Conflict (412) with both texts when it is not the last.
    """
    with transaction() as tx:
        hold(table.draft)
        bridging = _of(table, bridging_id)
        if revision is not None and revision != bridging.revision:
            raise Conflict(
                _("This text was amended meanwhile. Both texts are here."),
                status=412,
                yours=str(text or ""),
                theirs=bridging.text,
                revision=bridging.revision,
            )
        _step(bridging, "amend")
        before, said = bridging.text, _words(text)
        if said == before:
            raise Invalid(_("These are its words already."), field="text")
        bridging.text, bridging.revision = said, bridging.revision + 1
        bridging.wordings.append(BridgingWording(revision=bridging.revision, text=said, at=tx.now))
        db.session.flush()
        data = _data(bridging, _label(table, bridging)) | {"before": before}
        return record(tx, actor, table, "bridging.amended", data)


def take_down(actor: Actor, table: Table, bridging_id: Any, *, again: bool = False) -> Envelope:
    """Take it off the screen, or put it there `again`."""
    with transaction() as tx:
        hold(table.draft)
        bridging = _of(table, bridging_id)
        _step(bridging, "show_again" if again else "take_down")
        type_ = "bridging.shown" if again else "bridging.taken_down"
        return record(tx, actor, table, type_, _data(bridging, _label(table, bridging)))


def propose_bridging(actor: Actor, table: Table, bridging_id: Any) -> Envelope:
    """Let it go on as a proposal of the chair or a facilitator, with its last words."""
    with transaction() as tx:
        hold(table.draft)
        bridging = _of(table, bridging_id)
        require(actor, Action.PROPOSE, GroupId(table.group.id), table.open_to, what=_("This text"))
        table.require_names()
        _step(bridging, "propose")
        given = {"kind": "replace", "paragraph": bridging.paragraph, "text": bridging.text}
        made_in = channel_now(table.session) if table.session is not None else None
        row = proposals.propose(actor, bridging.version_id, given, made_in=made_in, openness=table.open_to)
        bridging.proposal_id = row.id
        data = _data(bridging, _label(table, bridging)) | {"proposal": row.id, "number": row.label}
        return record(tx, actor, table, "bridging.proposed", data)


# --- Below the commands --------------------------------------------------------------------------------------------


def _of(table: Table, bridging_id: Any) -> Bridging:
    """Of the table's own openness: what was shown behind a door is not amended in front of it."""
    row = db.session.get(Bridging, str(bridging_id)[:16], populate_existing=True)
    if row is None or row.draft_id != table.draft.id or row.openness not in audience(table.openness):
        raise NotFound(_("This bridging text was not found, or is not open to you."))
    if row.openness != table.openness:
        raise Closed(_("This text was shown to more than hear you now. Go on with it when they are here."))
    return row


def _step(bridging: Bridging, act: str) -> None:
    after = bridge_after(bridging.state, act)
    if after is None:
        raise Closed(_("This bridging text is not on the screen any more."), state=bridging.state)
    bridging.state = after


def _words(text: Any) -> str:
    if not isinstance(text, str):
        raise Invalid(_("Write something first."), field="text")
    return inputs.words(text)


def _label(table: Table, bridging: Bridging) -> str:
    return table.paragraph(bridging.paragraph).label


def _data(bridging: Bridging, label: str) -> dict[str, Any]:
    return {
        "bridging": bridging.id,
        "number": bridging.label,
        "paragraph": bridging.paragraph,
        "label": label,
        "version": str(bridging.version_id),
        "revision": bridging.revision,
        "text": bridging.text,
        "wording": wording_of(bridging.text),
        "state": str(bridging.state),
    }


def _next_number(table: Table) -> int:
    query = select(func.max(Bridging.number)).where(
        Bridging.draft_id == table.draft.id, Bridging.openness == table.openness
    )
    return (db.session.scalar(query) or 0) + 1
