"""The pages of displays: the code's, the projector view, and where the chair opens and revokes them."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.queries import current_actor
from app.errors import Closed, Invalid, NotFound, Unauthenticated
from app.extensions import limiter
from app.floor.parts import kind_labels
from app.live import queries as live
from app.live.acting import require_act
from app.live.models import LiveSession
from app.live.segments import openness_now
from app.live.views import session_view
from app.policy import Action, Actor, GroupId, can
from app.screens import queries, services
from app.screens.models import Display

blueprint = Blueprint("screens", __name__, template_folder="templates")
NEW_CODE = "display_code"


# --- The display ---------------------------------------------------------------------------------------------------


@blueprint.route("/display", methods=["GET", "POST"])
@limiter.limit("10/minute;60/hour", methods=["POST"])
def enter() -> Response | tuple[str, int] | str:
    """Ask for the code, and lead to the view that it opens. Tries are few, so that none is guessed."""
    if request.method == "GET":
        return render_template("screens/enter.html", wrong=False)
    display = queries.display_by_code(request.form.get("code", ""))
    if display is None:
        return render_template("screens/enter.html", wrong=True), 422
    return redirect(url_for("screens.view", token=queries.token_for(display)))


@blueprint.get("/display/<token>")
def view(token: str) -> Response:
    """The projector view. Its address is a key: it goes to nobody else by a link, and into no index."""
    display = _display(token)
    page = render_template(
        "screens/view.html",
        token=token,
        stage=queries.stage_of(display),
        kinds=kind_labels(),
        next=queries.NEXT,
        dark=request.args.get("ground") != "light",
    )
    response = make_response(page)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("/display/<token>/stage")
def stage(token: str) -> str:
    """What the view shows now: the same piece of page as at first."""
    display = _display(token)
    return render_template(
        "screens/_stage.html", stage=queries.stage_of(display), kinds=kind_labels(), next=queries.NEXT
    )


def _display(token: str) -> Display:
    display = queries.display_by_token(token)
    if display is None:
        raise NotFound(_("This display was not found: its session is closed, or it was switched off."))
    return display


# --- Those who open it ---------------------------------------------------------------------------------------------


@blueprint.get("/sessions/<int:session_id>/displays")
def displays(session_id: int) -> str:
    """The displays of a session. A new one's code is shown here once."""
    actor, meeting = _managed(session_id)
    return render_template(
        "screens/displays.html",
        session=session_view(meeting),
        displays=services.open_displays(meeting),
        code=session.pop(NEW_CODE, None),
        may_open_in_room=can(actor, Action.SET_OPENNESS, GroupId(meeting.group_id), openness_now(meeting)),
        scales=services.SCALES,
    )


@blueprint.post("/sessions/<int:session_id>/displays")
@limiter.limit("20/minute")
def open_display(session_id: int) -> Response:
    actor = _signed_in()
    try:
        _opened, code = services.open_display(actor, session_id, in_room=request.form.get("in_room") == "1")
    except Closed as refused:
        flash(refused.message, "error")
    else:
        session[NEW_CODE] = code
    return redirect(url_for("screens.displays", session_id=session_id))


@blueprint.post("/sessions/<int:session_id>/displays/<int:display_id>/revoke")
def revoke(session_id: int, display_id: int) -> Response:
    services.revoke(_signed_in(), session_id, display_id)
    flash(_("The display is switched off."), "success")
    return redirect(url_for("screens.displays", session_id=session_id))


@blueprint.post("/sessions/<int:session_id>/displays/steer")
@limiter.limit("120/minute")
def steer(session_id: int) -> Response:
    try:
        services.steer(_signed_in(), session_id, scale=request.form.get("scale"), scroll=request.form.get("scroll"))
    except Invalid as refused:
        flash(refused.message, "error")
    return redirect(url_for("screens.displays", session_id=session_id))


def _managed(session_id: int) -> tuple[Actor, LiveSession]:
    actor = current_actor()
    meeting = live.readable_session(actor, session_id)
    require_act(actor, meeting, Action.MANAGE_DISPLAYS)
    return actor, meeting


def _signed_in() -> Actor:
    actor = current_actor()
    if not actor.signed_in:
        raise Unauthenticated(_("Sign in to do this."))
    return actor
