"""The pages of decisions: of a session, of one decision, the card in the room; and every act as a plain form."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.accounts.queries import current_actor
from app.decisions import queries, views
from app.decisions.acts import ACTS, COMMANDS
from app.errors import DomainError, NotFound, Unauthenticated
from app.extensions import limiter
from app.live import queries as live
from app.live import views as rooms
from app.live.acting import once_in
from app.web.addresses import own_address

blueprint = Blueprint("decisions", __name__, template_folder="templates")


@blueprint.get("/sessions/<int:session_id>/decisions")
def session_decisions(session_id: int) -> str:
    """What the session has before it, and what it decided: each the oldest first."""
    actor = current_actor()
    session = live.readable_session(actor, session_id)
    rows = queries.decisions_of(actor, session)
    return render_template(
        "decisions/session.html",
        session=rooms.session_view(session),
        cards=[views.card(actor, session, row) for row in sorted(rows, key=lambda row: row.decided_at is not None)],
        **views.decide_form(actor, session),
    )


@blueprint.get("/sessions/<int:session_id>/decisions/now")
def now(session_id: int) -> str:
    """What is before the meeting, as the room shows it: the room's script fetches it after each act."""
    actor = current_actor()
    session = live.readable_session(actor, session_id)
    live.require_present(actor, session)
    return views.strip(actor, session)


@blueprint.get("/decisions/<uuid:decision_id>")
def decision(decision_id: uuid.UUID) -> str:
    """One decision, at the address under which it is cited."""
    actor = current_actor()
    row = queries.get_decision(actor, str(decision_id))
    return render_template(
        "decisions/decision.html",
        session=rooms.session_view(row.session),
        card=views.card(actor, row.session, row),
    )


@blueprint.post("/sessions/<int:session_id>/decisions")
@limiter.limit("60/minute")
def propose(session_id: int) -> Response:
    return _act("decide", session_id, request.form.to_dict())


@blueprint.post("/sessions/<int:session_id>/roll")
@limiter.limit("60/minute")
def roll(session_id: int) -> Response:
    form: MultiDict[str, str] = request.form
    return _act("roll", session_id, form.to_dict() | {"present": form.getlist("present")})


@blueprint.post("/decisions/<uuid:decision_id>/<verb>")
@limiter.limit("120/minute")
def act(decision_id: uuid.UUID, verb: str) -> Response:
    """Any act on a decision, as a form."""
    row = queries.get_decision(current_actor(), str(decision_id))
    said: dict[str, Any] = request.form.to_dict() | {"decision": row.id}
    if verb == "dissociate":
        said["paragraphs"] = request.form.getlist("paragraphs")
    if verb not in ACTS:
        raise NotFound(_("This page does not exist."))
    return _act(verb, row.session_id, said)


def _act(verb: str, session_id: int, said: dict[str, Any]) -> Response:
    """Do it once for the form's id, and go back to where the form was."""
    actor = current_actor()
    if not actor.signed_in:
        raise Unauthenticated(_("Sign in to do this."))
    back = own_address(said.pop("next", "")) or url_for("decisions.session_decisions", session_id=session_id)
    said.pop("csrf_token", None)
    key = said.get("id") or str(uuid.uuid4())
    try:
        once_in(
            actor,
            session_id,
            key,
            f"live.{verb}",
            {"session": session_id, **said},
            lambda: (200, {"seq": COMMANDS[verb](actor, session_id, said | {"id": key})}),
        )
    except DomainError as error:
        if error.status in (401, 403, 404):
            raise
        flash(error.message, "error")
    return redirect(back)
