"""A delegate's own pages: the inbox, what was missed, several rooms at once. And how far they have seen."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_timezone
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.queries import current_actor, party_names
from app.core.rules.sessions import State
from app.delegations import catchup, inbox, seen
from app.delegations.cards import card_of
from app.errors import DomainError, Invalid, Unauthenticated
from app.extensions import limiter
from app.live.queries import readable_session
from app.policy import Actor
from app.web.locale import current_language

blueprint = Blueprint("delegations", __name__, template_folder="templates")


def _me() -> Actor:
    actor = current_actor()
    if not actor.signed_in:
        raise Unauthenticated(_("Sign in to do this."))
    return actor


# --- The inbox -----------------------------------------------------------------------------------------------------


@blueprint.get("/inbox")
def inbox_page() -> str:
    """What needs the delegation now."""
    return render_template("delegations/inbox.html", items=inbox.items(_me()), now=datetime.now(UTC))


@blueprint.get("/inbox/open")
def open_item() -> Response:
    """Go where an item leads, and note that it was read. Only items of one's own inbox lead anywhere."""
    actor, key = _me(), request.args.get("key", "")
    item = next((item for item in inbox.items(actor) if item.key == key), None)
    if item is None:
        flash(_("This is done already."), "info")
        return redirect(url_for("delegations.inbox_page"))
    return redirect(item.url)


@blueprint.post("/inbox/<any(read, dismiss):verb>")
@limiter.limit("120/minute")
def mark(verb: str) -> Response:
    inbox.mark(_me(), request.form.getlist("key"), dismiss=verb == "dismiss")
    return redirect(url_for("delegations.inbox_page"))


# --- What was missed -----------------------------------------------------------------------------------------------


@blueprint.get("/catch-up")
def catch_up() -> str:
    """Every room that one follows or was in: what happened there since."""
    found = catchup.all_missed(_me(), datetime.now(UTC))
    return render_template(
        "delegations/catch_up.html",
        digests=[one for one in found if one.tells],
        quiet=[one for one in found if not one.tells],
    )


@blueprint.get("/sessions/<int:session_id>/away")
def away(session_id: int) -> str:
    """The line of the room: since when one was away, and what happened. Empty where nothing did."""
    actor = _me()
    session = readable_session(actor, session_id)
    found = catchup.missed(actor, session, datetime.now(UTC))
    return render_template("delegations/_away.html", missed=found) if found.away else ""


@blueprint.post("/sessions/<int:session_id>/seen")
@limiter.limit("120/minute")
def note_seen(session_id: int) -> Any:
    """How far the page was seen: a beacon of the room, or the button of the digest."""
    seen.note_seen(_me(), session_id, _seqs(request.form.get("seqs", "")))
    if request.form.get("quiet"):
        return "", 204
    wanted = request.form.get("next", "")
    return redirect(wanted if wanted in ("/catch-up", "/follow") else url_for("live.room", session_id=session_id))


def _seqs(text: str) -> dict[str, Any]:
    try:
        said = json.loads(text)
    except ValueError:
        said = None
    if not isinstance(said, dict) or len(said) > 10:
        raise Invalid(_("Say how far each channel was seen."), field="seqs")
    return said


# --- Several rooms at once -----------------------------------------------------------------------------------------


@blueprint.get("/follow")
def follow_page() -> str:
    """A card for each session that one follows: what is happening there, and whether it needs one."""
    actor = _me()
    mine = [session for session in seen.followed(actor) if session.state != State.CLOSED]
    wanting = {item.session for item in inbox.items(actor) if item.session}
    return render_template(
        "delegations/follow.html",
        cards=[card_of(actor, session, session.id in wanting) for session in mine[: seen.AT_ONCE]],
        others=seen.to_follow(actor)[:20],
        full=len(mine) >= seen.AT_ONCE,
        parties=party_names(current_language()),
        time_zone=str(get_timezone()),
    )


@blueprint.post("/sessions/<int:session_id>/<any(follow, unfollow):verb>")
@limiter.limit("60/minute")
def follow(session_id: int, verb: str) -> Response:
    try:
        seen.follow(_me(), session_id, verb == "follow")
    except Unauthenticated:
        raise
    except DomainError as refused:
        if refused.status == 404:
            raise
        flash(refused.message, "error")
    return redirect(url_for("delegations.follow_page"))
