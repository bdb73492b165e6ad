"""The acts of the floor as forms, for those without JavaScript or without a line."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.queries import current_actor
from app.errors import Closed, Conflict, Invalid, NotFound, Unauthenticated
from app.extensions import limiter
from app.floor import services
from app.live.acting import once_in
from app.policy import Actor

blueprint = Blueprint("floor", __name__, template_folder="templates")

NEW = ("kind", "on_behalf_of", "level")
Do = Callable[[Actor, int], int]


@blueprint.post("/sessions/<int:session_id>/floor/<verb>")
@limiter.limit("60/minute")
def act(session_id: int, verb: str) -> Response:
    """`verb` is a command of the socket, as in floor.give. What cannot be done now is said on the room's page."""
    actor = current_actor()
    if not actor.signed_in:
        raise Unauthenticated(_("Sign in to do this."))
    do = _command(verb)
    said = sorted((name, value) for name, value in request.form.items(multi=True) if name not in ("id", "csrf_token"))
    key = request.form.get("id") or str(uuid.uuid4())
    try:
        # A form that is sent twice by an impatient finger gives the floor once.
        once_in(actor, session_id, key, verb, [session_id, said], lambda: (200, {"seq": do(actor, session_id)}))
    except (Closed, Conflict, Invalid) as refused:
        flash(refused.message, "error")
    return redirect(url_for("live.room", session_id=session_id) + "#floor")


def _command(verb: str) -> Do:
    form = request.form
    named = {"request": form.get("request"), "delegation": form.get("delegation")}
    new = {name: form.get(name) for name in NEW} | {"joint": form.getlist("joint")}
    if managed := services.MANAGED.get(verb):
        more: dict[str, Any] = {"other": form.get("with"), "to": form.get("to")}
        return lambda actor, session: services.manage(actor, session, managed, **named, **more)
    known: dict[str, Do] = {
        "floor.request": lambda actor, session: services.request_floor(actor, session, **new),
        "floor.for": lambda actor, session: services.request_for(actor, session, form.get("delegation"), **new),
        "floor.withdraw": lambda actor, session: services.withdraw(actor, session, **named),
        "floor.give": lambda actor, session: services.give(actor, session, **named, limit=form.get("limit")),
        "floor.interrupt": lambda actor, session: services.interrupt(actor, session, delegation=form.get("delegation")),
    }
    if verb not in known:
        raise NotFound(_("This was not found, or is not open to you."))
    return known[verb]
