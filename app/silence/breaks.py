"""The acts of the parties: to break silence in writing, and to take it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.core.rules import silence as rules
from app.core.rules.silence import Act, State
from app.drafts.models import VersionParagraph
from app.errors import Closed, Forbidden, Invalid, NotFound
from app.extensions import db
from app.groups.services import words
from app.policy import Action, Actor
from app.record import Transaction, timestamp, transaction
from app.silence.acting import append_for_chair, held_for, out_of_order
from app.silence.models import ObjectionRow, SilenceProcedure
from app.silence.queries import paragraphs_under

WORDING_LIMIT = 8_000
REASON_LIMIT = 4_000


def break_silence(
    actor: Actor,
    silence_id: int,
    given: Mapping[str, Any],
    *,
    on_behalf_of: str | None = None,
    received: datetime | None = None,
) -> ObjectionRow:
    """Object in the name of one's State, or of a group of States that it speaks for.

    `given`: paragraphs [{paragraph, wording?, reason?}] and a reason for all; without paragraphs the objection is to
    the text as a whole: in the last second nobody shall lose it to a box that was not ticked. `received` is when the
    server had the request, before it waited for anything; default: now. In time it breaks the silence, and a second
    one of the same party takes the place of the first. Later it is a late objection, of which the chair is informed.
    """
    with transaction() as tx:
        silence = held_for(actor, silence_id, Action.BREAK_SILENCE)
        moment = _received(silence, received, tx.now)
        late = not (
            silence.state == State.RUNNING and rules.in_time(moment, silence.deadline, inclusive=silence.inclusive)
        )
        if not rules.possible(silence.state, Act.OBJECT_LATE if late else Act.BREAK):
            raise Closed(out_of_order(silence.state), state=silence.state)
        said = _said(given, paragraphs_under(silence))
        reason = words.checked_text(given.get("reason") or "", "reason", REASON_LIMIT, required=False)
        signed = words.signed(actor, silence.group_id, on_behalf_of)
        row = _row(silence, actor, signed, late) or _new_row(silence, actor, signed, late)
        amends = row.id is not None
        row.actor, row.paragraphs, row.reason = signed, said, reason
        row.received_at, row.withdrawn_at = moment, None
        db.session.flush()
        data = {
            "by": rules.said_by(signed),
            "paragraphs": said,
            "reason": reason,
            "received": timestamp(moment),
            "deadline": timestamp(silence.deadline),
            "amends": amends,
        }
        append_for_chair(tx, signed, silence, "silence.late_objection" if late else "silence.broken", data)
        return row


def withdraw_break(actor: Actor, silence_id: int, *, on_behalf_of: str | None = None) -> ObjectionRow:
    """Take an objection back. The silence stays broken all the same: only a new procedure restores it."""
    with transaction() as tx:
        silence = held_for(actor, silence_id, Action.BREAK_SILENCE)
        if not rules.possible(silence.state, Act.WITHDRAW_BREAK):
            raise Closed(out_of_order(silence.state), state=silence.state)
        signed = words.signed(actor, silence.group_id, on_behalf_of)
        row = _row(silence, actor, signed, late=False)
        if row is None:
            raise NotFound(_("Your delegation has not objected."))
        if row.withdrawn_at is None:
            _take_back(tx, silence, row, signed)
        return row


def _take_back(tx: Transaction, silence: SilenceProcedure, row: ObjectionRow, signed: dict[str, Any]) -> None:
    row.withdrawn_at = tx.now
    append_for_chair(tx, signed, silence, "silence.break_withdrawn", {"by": rules.said_by(signed)})


def _received(silence: SilenceProcedure, received: datetime | None, now: datetime) -> datetime:
    """When the server had it: never after the moment of the act, never before the silence began."""
    moment = min(received or now, now)
    return max(moment, silence.opened_at) if silence.opened_at else moment


def _row(silence: SilenceProcedure, actor: Actor, signed: Mapping[str, Any], late: bool) -> ObjectionRow | None:
    wanted = (actor.party_id, signed["on_behalf_of"] or "", late)
    return next((row for row in silence.objections if (row.party_id, row.on_behalf_of, row.late) == wanted), None)


def _new_row(silence: SilenceProcedure, actor: Actor, signed: Mapping[str, Any], late: bool) -> ObjectionRow:
    if actor.party_id is None:
        raise Forbidden(_("Only a delegation can break silence."))
    row = ObjectionRow(party_id=actor.party_id, on_behalf_of=signed["on_behalf_of"] or "", late=late)
    silence.objections.append(row)
    return row


def _said(given: Mapping[str, Any], under: Sequence[VersionParagraph]) -> list[dict[str, str]]:
    """What is objected to, paragraph by paragraph, in the order of the text."""
    wanted = given.get("paragraphs") or []
    if not isinstance(wanted, (list, tuple)) or not all(isinstance(said, Mapping) for said in wanted):
        raise Invalid(_("Say to which paragraphs you object."), field="paragraphs")
    by_wid = {str(said.get("paragraph")): said for said in wanted}
    if not set(by_wid) <= {row.wid for row in under}:
        raise Invalid(_("This paragraph is not under silence."), field="paragraphs")
    return [_one(by_wid[row.wid], row) for row in under if row.wid in by_wid]


def _one(said: Mapping[str, Any], row: VersionParagraph) -> dict[str, str]:
    wording = words.checked_text(said.get("wording") or "", f"wording-{row.wid}", WORDING_LIMIT, required=False)
    return {
        "paragraph": row.wid,
        "label": row.label,
        "wording": "" if wording == row.text else wording,
        "reason": words.checked_text(said.get("reason") or "", f"reason-{row.wid}", REASON_LIMIT, required=False),
    }
