"""The pages of the programme, moving a session, and calendars."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.queries import actor_for, current_actor
from app.errors import Closed, Invalid, NotFound, TooLarge
from app.extensions import limiter
from app.groups.models import Group
from app.groups.queries import get_group
from app.live import queries as live
from app.live import views
from app.live.models import LiveSession
from app.policy import Action, Actor, GroupId, can, require
from app.programme import calendar, queries, services
from app.silence import ending
from app.silence.forms import moment, zones
from app.silence.queries import datings, silences

blueprint = Blueprint("programme", __name__, template_folder="templates")

WEEKS = 2
KEPT = timedelta(days=60)
"""What was over longer ago is not in a feed: the archive has it."""


@blueprint.get("/programme")
def programme() -> str:
    """The programme of work of all groups, from a Monday on."""
    return _programme(current_actor(), None)


@blueprint.get("/groups/<slug>/programme")
def of_group(slug: str) -> str:
    actor = current_actor()
    return _programme(actor, get_group(actor, slug))


def _programme(actor: Actor, group: Group | None) -> str:
    ending.end_due()
    first = _first(request.args.get("from", ""))
    group_id = group.id if group else None
    found = queries.days(actor, first, 7 * WEEKS, group_id=group_id)
    return render_template(
        "programme/programme.html",
        group=group,
        days=[day for day in found if not day.empty or day.date.weekday() < 5],
        first=first,
        last=first + timedelta(days=7 * WEEKS - 1),
        earlier=_address(group, first - timedelta(weeks=WEEKS)),
        later=_address(group, first + timedelta(weeks=WEEKS)),
        today=queries.today(),
        untimed=[views.session_view(session) for session in queries.without_time(actor, group_id=group_id)],
        view=views.session_view,
        zone=ZoneInfo(queries.HEADQUARTERS),
        moves=lambda session: _may_move(actor, session),
        has_feed=services.has_feed(actor),
    )


def _first(text: str) -> date:
    """The Monday of the week asked for; of this one where nothing sensible is asked."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = queries.today()
    if not 2000 <= day.year <= 2200:
        day = queries.today()
    return day - timedelta(days=day.weekday())


def _address(group: Group | None, day: date) -> str:
    said: dict[str, Any] = {"from": day.isoformat()}
    return url_for("programme.of_group", slug=group.slug, **said) if group else url_for("programme.programme", **said)


def _may_move(actor: Actor, session: LiveSession) -> bool:
    allowed = can(actor, Action.CONDUCT_SESSION, GroupId(session.group_id), live.openness_of(session))
    return allowed and session.state in ("scheduled", "postponed")


# --- Moving --------------------------------------------------------------------------------------------------------


@blueprint.route("/sessions/<int:session_id>/schedule", methods=["GET", "POST"])
def move(session_id: int) -> Any:
    """Move a session, postpone it, or cancel it."""
    actor = current_actor()
    session = live.get_session(actor, session_id)
    group = GroupId(session.group_id)
    require(actor, Action.CONDUCT_SESSION, group, live.openness_of(session), what=_("This session"))
    message, status = "", 200
    if request.method == "POST":
        try:
            _move(actor, session_id, request.form)
        except (Invalid, TooLarge, Closed) as error:
            message, status = error.message, error.status
        else:
            flash(_("The programme is changed."), "success")
            return redirect(_address(session.group, _day(session)))
    page = render_template(
        "programme/move.html",
        session=views.session_view(session),
        row=session,
        said=request.form,
        message=message,
        zones=zones(queries.HEADQUARTERS),
        zone=ZoneInfo(queries.HEADQUARTERS),
    )
    return page, status


def _move(actor: Actor, session_id: int, sent: Any) -> None:
    way, reason = sent.get("way"), sent.get("reason", "")
    if way == "postpone":
        services.postpone(actor, session_id, reason)
    elif way == "cancel":
        services.cancel(actor, session_id, reason)
    else:
        allowed, zone = zones(queries.HEADQUARTERS), sent.get("zone", "")
        starts_at = moment(sent.get("starts_at", ""), zone, allowed)
        ends_at = moment(sent["ends_at"], zone, allowed) if sent.get("ends_at") else None
        services.reschedule(actor, session_id, starts_at, ends_at, place=sent.get("place", ""), reason=reason)


def _day(session: LiveSession) -> date:
    return session.starts_at.astimezone(ZoneInfo(queries.HEADQUARTERS)).date() if session.starts_at else queries.today()


# --- Calendars -----------------------------------------------------------------------------------------------------


@blueprint.get("/sessions/<int:session_id>.ics")
def session_file(session_id: int) -> Response:
    """One session for the calendar of who may know of it."""
    session = live.get_session(current_actor(), session_id)
    if session.starts_at is None:
        raise NotFound(_("This session has no time yet."))
    return _file(calendar.calendar([_entry(session)], session.title), f"session-{session_id}.ics")


@blueprint.get("/programme.ics")
@limiter.limit("120/minute")
def feed() -> Response:
    """All that its owner may know. With `token`, the owner's secret key; else what this visitor may know."""
    actor = current_actor()
    if secret := request.args.get("token"):
        owner = services.owner_of(secret)
        if owner is None:
            raise NotFound(_("This calendar is not there any more."))
        actor = actor_for(owner)
    since = datetime.now(UTC) - KEPT
    events = [_entry(session) for session in queries.known_since(actor, since)]
    known = [silence for silence in silences(actor) if silence.opened_at is not None and silence.deadline >= since]
    dated = datings(known)
    for silence in known:
        url = url_for("silence.silence", silence_id=silence.id, _external=True)
        events.append(calendar.deadline(silence, dated[silence.channel], url, _("Silence ends")))
    return _file(calendar.calendar(events, _("Programme of work")), "programme.ics")


def _entry(session: LiveSession) -> calendar.Event:
    return calendar.entry(session, url_for("live.room", session_id=session.id, _external=True))


def _file(body: bytes, name: str) -> Response:
    response = Response(body, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.post("/programme/feed")
@limiter.limit("20/minute")
def make_feed() -> Any:
    """A new secret address; the one before is closed. It is shown this once."""
    secret = services.make_feed(current_actor())
    address = url_for("programme.feed", token=secret, _external=True)
    return render_template("programme/feed.html", address=address)


@blueprint.post("/programme/feed/revoke")
def revoke_feed() -> Response:
    services.revoke_feed(current_actor())
    flash(_("The address of your calendar opens nothing any more."), "success")
    return redirect(url_for("programme.programme"))
