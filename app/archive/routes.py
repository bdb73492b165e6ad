"""The pages of the archive: its entrance, search, and the record of a session."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as WerkzeugResponse

from app.accounts.queries import current_actor
from app.archive import queries, records
from app.core.rules.sessions import State
from app.drafts import queries as drafts
from app.errors import Invalid
from app.extensions import limiter
from app.groups import queries as groups
from app.live import queries as live
from app.live import views
from app.live.parts import record_of
from app.live.segments import channel_of
from app.policy import Action, GroupId, can
from app.record import events_of
from app.web.numbers import whole

blueprint = Blueprint("archive", __name__, template_folder="templates")


@blueprint.get("/archive")
def index() -> str:
    """Published records, and every issued version, that the reader may read."""
    actor = current_actor()
    return render_template(
        "archive/index.html",
        records=[
            views.session_view(session) | {"closed_at": session.closed_at} for session in live.published_sessions(actor)
        ],
        versions=drafts.readable_versions(actor),
    )


@blueprint.get("/search")
@limiter.limit("60/minute")
def search() -> str:
    actor = current_actor()
    words = request.args.get("q", "").strip()
    filters, problem = _filters()
    page = queries.search(actor, words, filters, after=_after())
    return render_template(
        "archive/search.html",
        words=words,
        page=page,
        filters=request.args,
        problem=problem,
        kinds=kind_labels(),
        groups=groups.readable_groups(actor),
        after=_after(),
    )


@blueprint.get("/sessions/<int:session_id>/record")
def record(session_id: int) -> str | WerkzeugResponse:
    """What was said, on which paragraph, in what order, by whom, beside the version as it stood then."""
    actor = current_actor()
    session = live.readable_session(actor, session_id)
    if session.state != State.CLOSED:
        return redirect(url_for("live.room", session_id=session_id))
    return render_template(
        "archive/record.html",
        session=views.session_view(session) | _moments(session),
        record=records.read(actor, session),
        parts=record_of(actor, session),
        order=request.args.get("order", "text"),
        may_publish=not session.published_at
        and can(actor, Action.PUBLISH, GroupId(session.group_id), live.openness_of(session)),
    )


@blueprint.get("/sessions/<int:session_id>/record.json")
def record_json(session_id: int) -> Response:
    """The whole channel, hash chain included: what a reader needs to check it alone. Closed segments likewise."""
    actor = current_actor()
    session = live.readable_session(actor, session_id)
    own, *segments = (_log(channel_of(session, word)) for word in live.heard(actor, session))
    response = jsonify(session=live.session_as_dict(session, actor), events=own, segments=[s for s in segments if s])
    response.headers["Content-Disposition"] = f'attachment; filename="session-{session.id}.json"'
    return response


def _log(channel: str) -> list[dict[str, Any]]:
    return [event.as_dict() for event in events_of([channel])]


def _moments(session: Any) -> dict[str, Any]:
    return {"opened_at": session.opened_at, "closed_at": session.closed_at}


def _after() -> int:
    return min(whole(request.args.get("after")) or 0, 10_000)


def _filters() -> tuple[queries.Filters, str | None]:
    kind = request.args.get("kind") or None
    try:
        since, until = _day("since"), _day("until")
    except Invalid as error:
        return queries.Filters(), error.message
    return (
        queries.Filters(
            kind=kind if kind in queries.KINDS else None,
            group_id=whole(request.args.get("group")),
            party=request.args.get("party", "").upper() or None,
            pillar=request.args.get("pillar") or None,
            since=since,
            until=until,
        ),
        None,
    )


def _day(name: str) -> date | None:
    text = request.args.get(name)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(_("Write a date as year-month-day, for example 2026-11-23."), field=name) from None


def kind_labels() -> dict[str, str]:
    return {
        "paragraph": _("Texts"),
        "comment": _("Records"),
        "decision": _("Decisions"),
        "statement": _("Explanations of position"),
        "post": _("Threads"),
        "session": _("Sessions"),
        "group": _("Groups"),
    }
