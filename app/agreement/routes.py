"""The pages of stances and levels, and their acts as forms: in a session and between sessions."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.queries import current_actor
from app.agreement import boards, plot, queries, room, services, sheets, stocktaking
from app.agreement.events import ACTS, act
from app.agreement.tables import outside
from app.core.rules.agreement import Level
from app.drafts import queries as texts
from app.errors import Closed, DomainError, NotFound, Unauthenticated
from app.extensions import limiter
from app.live import queries as live
from app.live import services as live_services
from app.policy import Action, GroupId, can, require
from app.record import transaction

blueprint = Blueprint("agreement", __name__, template_folder="templates")
VERBS = ("position", *ACTS)


# --- In a session --------------------------------------------------------------------------------------------------


@blueprint.get("/sessions/<int:session_id>/agreement/<reference>")
def in_session(session_id: int, reference: str) -> Any:
    """One paragraph: who stands where, one's own stance, what an officer may mark. `part` gives a piece of the page:
    beside, what stands below its words in the room; sheet, what a dialog holds."""
    actor = current_actor()
    session = live.get_session(actor, session_id)
    live.require_present(actor, session)
    if session.version is None:
        raise NotFound(_("There is no text on the table of this session."))
    row = texts.paragraph_in(session.version, reference)
    read = room.reading(actor, session, row.wid)
    assert read is not None
    if request.args.get("part") == "beside":
        return room.drawn(actor, session)(read.summary(row))
    sheet = sheets.in_session(actor, session, read, row)
    template = "agreement/_sheet.html" if request.args.get("part") == "sheet" else "agreement/paragraph.html"
    return render_template(template, sheet=sheet, p=sheet.p, draft=session.version.draft, version=session.version)


@blueprint.post("/sessions/<int:session_id>/acts/<verb>")
@limiter.limit("90/minute")
def act_in_session(session_id: int, verb: str) -> Any:
    """A command of the room as a form. What was refused comes back in the form."""
    actor = _signed_in(verb)
    given = sheets.given_in(request.form)
    try:
        if verb == "position":
            live_services.take_position(
                actor, session_id, given.get("target"), given.get("stance") or None, **sheets.said(given)
            )
        else:
            act(actor, verb, session_id, given)
    except DomainError as error:
        return _refused(error, given, session_id=session_id)
    place = f"#p-{given['paragraph']}" if given.get("paragraph") else ""
    return redirect(url_for("live.room", session_id=session_id) + place)


def _refused(error: DomainError, given: dict[str, Any], *, session_id: int) -> Any:
    actor = current_actor()
    if not given.get("paragraph"):
        raise error
    session = live.get_session(actor, session_id)
    live.require_present(actor, session)
    if session.version is None:
        raise error
    row = texts.paragraph_in(session.version, str(given["paragraph"]))
    read = room.reading(actor, session, row.wid)
    assert read is not None
    sheet = sheets.in_session(actor, session, read, row, given=given, message=error.message)
    page = render_template(
        "agreement/paragraph.html", sheet=sheet, p=sheet.p, draft=session.version.draft, version=session.version
    )
    return page, error.status


# --- Between sessions ----------------------------------------------------------------------------------------------


@blueprint.get("/drafts/<int:draft_id>/v/<int:number>/p/<reference>/stances")
def paragraph(draft_id: int, number: int, reference: str) -> Any:
    """Who stands where on one paragraph, its history, and what the reader may do between sessions."""
    actor = current_actor()
    version = texts.get_numbered(actor, draft_id, number)
    require(actor, Action.SEE_POSITIONS, GroupId(version.draft.group_id), version.draft.group.openness)
    sheet = sheets.outside(actor, version, texts.paragraph_in(version, reference))
    return render_template("agreement/paragraph.html", sheet=sheet, p=sheet.p, draft=version.draft, version=version)


@blueprint.post("/drafts/<int:draft_id>/v/<int:number>/acts/<verb>")
@limiter.limit("90/minute")
def act_outside(draft_id: int, number: int, verb: str) -> Any:
    actor = _signed_in(verb)
    version = texts.get_numbered(actor, draft_id, number)
    given = sheets.given_in(request.form)
    try:
        act_on(actor, version.id, verb, given)
    except DomainError as error:
        if not given.get("paragraph"):
            raise
        row = texts.paragraph_in(version, str(given["paragraph"]))
        sheet = sheets.outside(actor, version, row, given=given, message=error.message)
        page = render_template("agreement/paragraph.html", sheet=sheet, p=sheet.p, draft=version.draft, version=version)
        return page, error.status
    if given.get("paragraph"):
        where = {"draft_id": draft_id, "number": number, "reference": given["paragraph"]}
        return redirect(url_for("agreement.paragraph", **where))
    return redirect(url_for("drafts.version", draft_id=draft_id, number=number))


def act_on(actor: Any, version_id: int, verb: str, given: dict[str, Any]) -> Any:
    """Do one of the acts on a text between sessions. Returns the event."""
    with transaction():
        if verb == "position":
            table = outside(actor, version_id, Action.TAKE_POSITION)
            stance = given.get("stance") or None
            return services.take(actor, table, given.get("target"), stance, **sheets.said(given))
        action, do = ACTS[verb]
        return do(actor, outside(actor, version_id, action), given)


def _signed_in(verb: str) -> Any:
    if verb not in VERBS:
        abort(404)
    actor = current_actor()
    if not actor.signed_in:
        raise Unauthenticated(_("Sign in to do this."))
    return actor


@blueprint.post("/drafts/<int:draft_id>/desk/<wid>/editorial")
def editorial(draft_id: int, wid: str) -> Response:
    """The secretariat's word that a changed paragraph means what it meant."""
    on = request.form.get("on", "1") == "1"
    services.mark_editorial(current_actor(), draft_id, wid, request.form.get("note", ""), on=on)
    return redirect(url_for("drafts.desk", draft_id=draft_id, _anchor=f"p-{wid}"))


# --- The map -------------------------------------------------------------------------------------------------------


@blueprint.get("/drafts/<int:draft_id>/v/<int:number>/stances")
def board(draft_id: int, number: int) -> str:
    """Who stands where: paragraphs by delegations. `group` leaves one group of States, `show` what is in the way."""
    actor = current_actor()
    line = texts.draft_line(actor, draft_id)
    version = texts.get_numbered(actor, draft_id, number)
    require(actor, Action.SEE_BOARD, GroupId(version.draft.group_id), version.draft.group.openness, what=_("This text"))
    page = boards.Page(actor, line, version, request.args)
    return render_template("agreement/board.html", page=page, line=line, draft=line.draft, version=version)


# --- Stocktaking ---------------------------------------------------------------------------------------------------


@blueprint.get("/drafts/<int:draft_id>/stocktaking")
def stock(draft_id: int) -> str:
    """The paragraphs by level, now and over time, as the reader may know it."""
    actor = current_actor()
    line = texts.draft_line(actor, draft_id)
    group = line.draft.group
    require(actor, Action.SEE_POSITIONS, GroupId(group.id), group.openness, what=_("This text"))
    if not line.versions:
        raise Closed(_("No version of this text has been issued yet."))
    content = stocktaking.taken(draft_id, line.versions, queries.open_to(actor, group))
    return render_template(
        "agreement/stocktaking.html",
        line=line,
        draft=line.draft,
        version=line.newest,
        levels=[str(level) for level in Level],
        content=content,
        plot=plot.drawn(content["steps"]),
        published=queries.stocktakings(draft_id),
        row=None,
        may_publish=can(actor, Action.PUBLISH, GroupId(group.id), group.openness),
    )


@blueprint.post("/drafts/<int:draft_id>/stocktaking")
def publish(draft_id: int) -> Response:
    row = services.publish_stocktaking(current_actor(), draft_id)
    flash(_("The stocktaking is published."), "success")
    return redirect(url_for("agreement.published", draft_id=draft_id, number=row.number))


@blueprint.get("/drafts/<int:draft_id>/stocktaking/<int:number>")
def published(draft_id: int, number: int) -> str:
    """The text as it stood when the chair published it."""
    actor = current_actor()
    line = texts.draft_line(actor, draft_id)
    row = queries.get_stocktaking(actor, draft_id, number)
    return render_template(
        "agreement/stocktaking.html",
        line=line,
        draft=line.draft,
        version=row.version,
        levels=[str(level) for level in Level],
        content=row.content,
        plot=plot.drawn(row.content["steps"]),
        published=[],
        row=row,
        may_publish=False,
    )
