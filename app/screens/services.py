"""The commands of displays: open one, revoke it, steer what all of them show."""

from __future__ import annotations

import json
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from app.errors import Closed, Forbidden, Invalid, NotFound
from app.extensions import db
from app.live.acting import append_act, held_session, require_act, require_not_over
from app.live.models import LiveSession
from app.live.segments import openness_now
from app.policy import Action, Actor, GroupId, can
from app.record import bus, transaction
from app.screens.codes import code_hash, new_code
from app.screens.models import Display
from app.web.numbers import whole

TOPIC_DISPLAY = "display"
DISPLAYS_LIMIT = 20
"""Open displays of one session."""
SCALES = (50, 75, 100, 125, 150, 200, 250, 300)
"""Per cent of the usual size of the letters."""
STEPS = ("up", "down", "top")


def open_display(actor: Actor, session_id: int, *, in_room: bool = False) -> tuple[Display, str]:
    """Open a display of a session that is not closed. Returns it with its code, which is kept nowhere.

    One that hangs in the room shows closed segments too: only who decides on openness opens such a one.
    """
    with transaction() as tx:
        session = held_session(session_id, exclusive=True)  # under a shared lock, each would count without the others
        require_act(actor, session, Action.MANAGE_DISPLAYS)
        require_not_over(session)
        if in_room and not can(actor, Action.SET_OPENNESS, GroupId(session.group_id), openness_now(session)):
            raise Forbidden(_("Only the Chair opens a display that shows closed segments."), field="in_room")
        if len(open_displays(session)) >= DISPLAYS_LIMIT:
            raise Closed(_("%(number)s displays are open: revoke one first.", number=DISPLAYS_LIMIT))
        code = new_code()
        display = Display(
            session_id=session.id,
            code_hash=code_hash(current_app.config["SECRET_KEY"], code),
            hint=code[:2],
            in_room=in_room,
            opened_by_id=actor.user_id,
            created_at=tx.now,
        )
        db.session.add(display)
        db.session.flush()
        append_act(tx, actor, session, "display.opened", {"display": str(display.id), "in_room": in_room})
        return display, code


def revoke(actor: Actor, session_id: int, display_id: int) -> None:
    """Switch a display off. Its socket is out before the next event."""
    with transaction() as tx:
        session = held_session(session_id)
        require_act(actor, session, Action.MANAGE_DISPLAYS)
        display = db.session.get(Display, display_id)
        if display is None or display.session_id != session.id:
            raise NotFound(_("This display was not found, or is not open to you."))
        if display.revoked_at is None:
            display.revoked_at = tx.now
            append_act(tx, actor, session, "display.revoked", {"display": str(display.id)})
            tx.rights_changed(f"session:{session.id}")
            tx.after_commit(lambda: bus.publish(TOPIC_DISPLAY, json.dumps({"off": display_id})))


def steer(actor: Actor, session_id: int, *, scale: Any = None, scroll: Any = None) -> None:
    """Make the letters of all displays of a session larger or smaller, or scroll them.

    How a screen looks is no act of the meeting: it is told like presence, and not recorded.
    """
    session = db.session.get(LiveSession, session_id)
    if session is None:
        raise NotFound(_("This session was not found, or is not open to you."))
    require_act(actor, session, Action.MANAGE_DISPLAYS)
    message: dict[str, Any] = {"session": str(session.id)}
    if scale not in (None, ""):
        message["scale"] = _scale(scale)
    if scroll not in (None, ""):
        if scroll not in STEPS:
            raise Invalid(_("Choose one of: %(words)s.", words=", ".join(STEPS)), field="scroll")
        message["scroll"] = scroll
    bus.publish(TOPIC_DISPLAY, json.dumps(message))


def open_displays(session: LiveSession) -> list[Display]:
    """Those that are not revoked. The caller has checked the right to see them."""
    query = select(Display).where(Display.session_id == session.id, Display.revoked_at.is_(None))
    return list(db.session.scalars(query.order_by(Display.id)))


def _scale(scale: Any) -> int:
    number = whole(scale)
    if number not in SCALES:
        raise Invalid(_("Choose one of: %(words)s.", words=", ".join(map(str, SCALES))), field="scale")
    return number
