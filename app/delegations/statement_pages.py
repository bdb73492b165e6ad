"""The pages of statements: those of a session, one by its lasting address, and the form that hands one in."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.queries import current_actor
from app.delegations import statements
from app.delegations.files import TYPES
from app.delegations.models import Statement
from app.delegations.statements import DELIVERIES
from app.errors import DomainError, Forbidden, NotFound, Unauthenticated
from app.extensions import limiter
from app.live.models import LiveSession
from app.live.queries import may_be_present, readable_session
from app.live.views import session_view
from app.policy import Actor
from app.record import once
from app.web.bodies import takes_files
from app.web.locale import current_language

blueprint = Blueprint("statements", __name__, template_folder="templates")


def delivery_label(delivery: str) -> str:
    return {"as_delivered": _("As delivered"), "check_against_delivery": _("Check against delivery")}[delivery]


@blueprint.get("/sessions/<int:session_id>/statements")
def of_session(session_id: int) -> str:
    """The statements of a session that one may read."""
    actor = current_actor()
    session = readable_session(actor, session_id)
    found = statements.of_session(actor, session)
    return render_template(
        "delegations/statements.html",
        session=session_view(session),
        published=[row for row in found if row.published_at is not None],
        waiting=[row for row in found if row.published_at is None],
        may_give=may_be_present(actor, session) and statements.may_give(actor, session),
        delivery_label=delivery_label,
    )


@blueprint.get("/statements/<statement_id>")
def statement(statement_id: str) -> str:
    """One statement, at an address that lasts."""
    actor = current_actor()
    row = statements.get(actor, statement_id)
    corrected = _readable(actor, row.corrects_id) if row.corrects_id else None
    return render_template(
        "delegations/statement.html",
        s=row,
        session=session_view(row.session),
        corrections=statements.corrections_of(actor, row),
        corrected=corrected,
        own=statements.may_publish(actor, row),
        delivery_label=delivery_label,
    )


@blueprint.get("/statements/<statement_id>/file")
def file(statement_id: str) -> Response:
    """The file as it came, to be kept and never opened inside the page: it may hold more than words."""
    row = statements.get(current_actor(), statement_id)
    content = statements.file_of(row)
    answer = Response(content, mimetype=TYPES[row.file_type])
    plain = row.file_name.encode("ascii", "ignore").decode().strip() or f"statement.{row.file_type}"
    answer.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(row.file_name)}"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@blueprint.route("/sessions/<int:session_id>/statements/new", methods=["GET", "POST"])
@limiter.limit("20/minute", methods=["POST"])
@takes_files
def hand_in(session_id: int) -> Any:
    """Hand in a statement, typed or as a file. What is refused comes back with what was typed."""
    actor = current_actor()
    session = readable_session(actor, session_id)
    if not actor.signed_in:
        raise Unauthenticated(_("Sign in to do this."))
    given: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "agenda_item": session.agenda_item,
        "language": current_language(),
    }
    error: DomainError | None = None
    if request.method == "POST":
        given = _given()
        try:
            return redirect(_handed_in(actor, session_id, given, _upload()))
        except NotFound:
            raise
        except DomainError as refused:
            error = refused
            if refused.field == "id":  # it stands for other words already
                given["id"] = str(uuid.uuid4())
    elif not (may_be_present(actor, session) and statements.may_give(actor, session)) and not request.args.get(
        "corrects"
    ):
        raise Forbidden(_("Your role in this group does not allow this."))
    corrects = given.get("corrects") or request.args.get("corrects")
    return _form(actor, session, given, error, _readable(actor, corrects) if corrects else None)


def _handed_in(actor: Actor, session_id: int, given: dict[str, Any], file: tuple[str, bytes] | None) -> str:
    """Its address. The same form sent twice hands in one statement, and publishes it once."""
    now = bool(request.form.get("now"))

    def do() -> tuple[int, dict[str, Any]]:
        row = statements.hand_in(actor, session_id, given, file)
        if now:
            statements.publish(actor, row.id)
        return 201, {"id": row.id}

    said = [session_id, given, now, [file[0], hashlib.sha256(file[1]).hexdigest()] if file else None]
    _status, answer = once(actor.key, given["id"], "statement.hand_in", said, do)
    flash(_("Published.") if now else _("Handed in. Nobody else reads it until it is published."), "success")
    return url_for("statements.statement", statement_id=answer["id"])


def _form(
    actor: Actor, session: LiveSession, given: dict[str, Any], error: DomainError | None, corrected: Statement | None
) -> Any:
    return render_template(
        "delegations/statement_new.html",
        session=session_view(session),
        given=given,
        error=error,
        corrected=corrected,
        behalf=list(actor.speaks_for.items()),
        deliveries=[(word, delivery_label(word)) for word in DELIVERIES],
    ), error.status if error else 200


@blueprint.post("/statements/<statement_id>/<any(publish, withdraw):verb>")
def act(statement_id: str, verb: str) -> Any:
    actor = current_actor()
    row = statements.get(actor, statement_id)
    session_id = row.session_id
    try:
        if verb == "withdraw":
            statements.withdraw(actor, statement_id)
            flash(_("Taken back. Nobody else has read it."), "success")
            return redirect(url_for("statements.of_session", session_id=session_id))
        statements.publish(actor, statement_id)
        flash(_("Published."), "success")
    except NotFound:
        raise
    except DomainError as refused:
        flash(refused.message, "error")
    return redirect(url_for("statements.statement", statement_id=statement_id))


def _given() -> dict[str, Any]:
    names = ("title", "body", "delivery", "language", "agenda_item", "on_behalf_of", "corrects")
    said: dict[str, Any] = {name: request.form.get(name, "") for name in names}
    said["id"] = request.form.get("id") or str(uuid.uuid4())
    return said | {name: bool(request.form.get(name)) for name in ("for_interpreters", "when_spoken")}


def _upload() -> tuple[str, bytes] | None:
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return None
    return upload.filename, upload.read()


def _readable(actor: Actor, statement_id: str | None) -> Statement | None:
    """The other statement, where one may read it: else nothing is said of it."""
    try:
        return statements.get(actor, statement_id or "")
    except NotFound:
        return None
