"""What every act in a silence procedure does the same way: hold its row, ask the table, write the event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.core.rules import silence as rules
from app.core.rules.silence import Act, State
from app.errors import Closed, NotFound
from app.extensions import db
from app.policy import Action, Actor, GroupId, envelope_actor, require, role_in
from app.record import Transaction
from app.silence.models import SilenceProcedure
from app.silence.queries import may_see


def held(silence_id: int) -> SilenceProcedure:
    """The procedure, read fresh and held until the commit: its row is what the clock and the parties queue for."""
    silence = db.session.scalar(
        select(SilenceProcedure)
        .where(SilenceProcedure.id == silence_id)
        .with_for_update(key_share=True, of=SilenceProcedure)
        .execution_options(populate_existing=True)
    )
    if silence is None:
        raise NotFound(_("This silence procedure was not found, or is not open to you."))
    return silence


def held_for(actor: Actor, silence_id: int, action: Action) -> SilenceProcedure:
    """The procedure, when the actor may know of it and may do this. Raises NotFound or Forbidden."""
    silence = held(silence_id)
    if not may_see(actor, silence):
        raise NotFound(_("This silence procedure was not found, or is not open to you."))
    require(actor, action, GroupId(silence.group_id), silence.group.openness, what=_("This silence procedure"))
    return silence


def step(silence: SilenceProcedure, act: Act, now: datetime | None = None) -> None:
    """Go to the state that the act leads to. Raises Closed when it is out of order.

    While it runs, what stops it must come before the deadline: after that only the clock ends it. Pass `now` for
    such acts.
    """
    found = rules.after(silence.state, act)
    if found is None:
        raise Closed(out_of_order(silence.state), state=silence.state)
    if now is not None and silence.state == State.RUNNING and now > silence.deadline:
        raise Closed(_("The deadline has passed: the clock ends this silence procedure."), state=silence.state)
    silence.state = found


def append(
    tx: Transaction, actor: Actor, silence: SilenceProcedure, type_: str, data: Mapping[str, Any] | None = None
) -> None:
    """Record an act for all who may read the text."""
    tx.append(silence.channel, type_, author(actor, silence), data or {})


def append_for_chair(
    tx: Transaction, actor: Mapping[str, Any], silence: SilenceProcedure, type_: str, data: Mapping[str, Any]
) -> None:
    """Record something that only the chair and the secretariat read."""
    tx.append(silence.chair_channel, type_, actor, data)


def author(actor: Actor, silence: SilenceProcedure) -> dict[str, Any]:
    return envelope_actor(actor, role_in(actor, GroupId(silence.group_id)))


def out_of_order(state: str) -> str:
    return {
        "prepared": _("This silence procedure is not open yet."),
        "discarded": _("This silence procedure was discarded before it was opened."),
        "running": _("This silence procedure is still running."),
        "unbroken": _("The deadline has passed, and silence was not broken."),
        "broken": _("The deadline has passed, and silence was broken."),
        "withdrawn": _("The Chair has withdrawn the text from silence."),
        "void": _("This silence procedure is void."),
        "confirmed": _("The Chair has confirmed that silence was not broken."),
        "formalised": _("This silence procedure was noted in a formal meeting."),
        "consulting": _("Silence was broken, and the Chair consults."),
        "succeeded": _("Silence was broken, and another silence procedure took the place of this one."),
        "closed": _("This silence procedure ended without agreement."),
    }[state]
