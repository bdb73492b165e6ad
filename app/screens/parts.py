"""What displays add to the room: the chair's buttons that steer them, and the way to their page."""

from __future__ import annotations

from flask import render_template

from app.core.rules.sessions import OVER
from app.live.models import LiveSession
from app.live.parts import add_part, parts
from app.live.segments import openness_now
from app.policy import Action, Actor, GroupId, can
from app.screens.services import SCALES, open_displays


def register() -> None:
    add_part("chair", "screens", 60, steering)
    parts.verbs[Action.MANAGE_DISPLAYS] = ("display.scale", "display.scroll")
    if "js/room/screens.js" not in parts.scripts:
        parts.scripts.append("js/room/screens.js")
        parts.styles.append("css/screens.css")


def steering(actor: Actor, session: LiveSession) -> str | None:
    manages = can(actor, Action.MANAGE_DISPLAYS, GroupId(session.group_id), openness_now(session))
    if not manages or session.state in OVER:
        return None
    return render_template(
        "screens/steering.html", session_id=session.id, displays=open_displays(session), scales=SCALES
    )
