"""The pages of sessions: the list, a new one, the room, and its acts as forms for those without JavaScript."""

from __future__ import annotations

import uuid
from datetime import UTC
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.queries import current_actor
from app.core.rules.sessions import OPENNESS_ORDER, State, is_wider
from app.drafts import queries as drafts
from app.errors import Conflict, DomainError, Invalid, Unauthenticated
from app.extensions import limiter
from app.groups.models import Group
from app.groups.queries import get_group
from app.live import asked, queries, services, views
from app.live.acting import once_in
from app.live.forms import CommentForm, SessionForm
from app.live.parts import beside_of, parts, parts_of
from app.live.segments import channel_of
from app.policy import Action, Actor, GroupId, require
from app.proposals import forms as proposal_forms
from app.proposals import services as proposals
from app.record import once
from app.web.forms import blame
from app.web.numbers import whole
from app.web.wording import act_labels, act_patterns, quiet_acts

blueprint = Blueprint("live", __name__, template_folder="templates")


@blueprint.get("/sessions")
def sessions() -> str:
    """All sessions that the reader may know of: running, to come, closed."""
    known = queries.sessions(current_actor())
    by_state: dict[str, list[Any]] = {"running": [], "scheduled": [], "closed": []}
    for session in known:
        running = session.state in (State.OPEN, State.SUSPENDED)
        place = {State.POSTPONED: "scheduled", State.CANCELLED: "closed"}.get(State(session.state), session.state)
        by_state["running" if running else place].append(views.session_view(session))
    by_state["scheduled"].sort(key=lambda view: (view["starts_at"] is None, view["starts_at"]))
    return render_template("live/sessions.html", **by_state)


@blueprint.route("/groups/<slug>/sessions/new", methods=["GET", "POST"])
def new_session(slug: str) -> str | Response | tuple[str, int]:
    actor = current_actor()
    group = get_group(actor, slug)
    require(actor, Action.CONDUCT_SESSION, GroupId(group.id), group.openness, what=_("This group"))
    form = SessionForm()
    form.openness.choices = [
        (word, views.openness_label(word)) for word in reversed(OPENNESS_ORDER) if not is_wider(word, group.openness)
    ]
    form.version.choices = [("", _("None yet"))] + [
        (str(version.id), f"{version.draft.title} · {version.label}") for version in drafts.issued_versions(group.id)
    ]
    if request.method == "GET":
        form.openness.data = group.openness
        form.id.data = str(uuid.uuid4())
    if form.validate_on_submit():
        try:
            session_id = _schedule(actor, group, form)
        except (Invalid, Conflict) as error:
            blame(form, error)
            if error.field == "id":  # it stands for another session already
                form.id.raw_data, form.id.data = None, str(uuid.uuid4())
        else:
            flash(_("The session is announced."), "success")
            return redirect(url_for("live.room", session_id=session_id))
    return render_template("live/new.html", form=form, group=group), 422 if form.errors else 200


def _schedule(actor: Actor, group: Group, form: SessionForm) -> int:
    """The id of the session. The same form sent twice announces one."""

    def do() -> tuple[int, dict[str, Any]]:
        session = services.schedule_session(
            actor,
            group,
            form.title.data or "",
            form.openness.data,
            version_id=int(form.version.data) if form.version.data else None,
            agenda_item=form.agenda_item.data or "",
            starts_at=form.starts_at.data.replace(tzinfo=UTC) if form.starts_at.data else None,
            ends_at=form.ends_at.data.replace(tzinfo=UTC) if form.ends_at.data else None,
            place=form.place.data or "",
        )
        return 201, {"id": session.id}

    said = [group.id, {name: str(value) for name, value in form.data.items() if name not in ("id", "csrf_token")}]
    _status, answer = once(actor.key, form.id.data or str(uuid.uuid4()), "session.schedule", said, do)
    return int(answer["id"])


@blueprint.get("/sessions/<int:session_id>")
def room(session_id: int) -> str | Response:
    """The live room. A closed session is read in the archive."""
    actor = current_actor()
    session = queries.get_session(actor, session_id)
    if session.state == State.CLOSED:
        return redirect(url_for("archive.record", session_id=session_id))
    queries.require_readable(actor, session)
    if not queries.may_be_present(actor, session):
        return render_template("live/closed_segment.html", session=views.session_view(session))
    channels = [channel_of(session, word) for word in queries.heard(actor, session)]
    events, seqs = views.first_events(channels)
    rows = drafts.version_paragraphs(session.version_id) if session.version_id else []
    return render_template(
        "live/room.html",
        session=views.session_view(session) | views.focus_view(actor, session),
        paragraphs=views.room_paragraphs(rows, queries.comment_counts(actor, session)),
        events=events,
        seq=seqs[session.channel],
        seqs=seqs,
        you=views.you_view(actor, session),
        urls=views.room_urls(session),
        reader=views.reader_settings(),
        comment_id=str(uuid.uuid4()),
        openness_choices=views.openness_choices(session),
        parts=parts_of(actor, session),
        beside=beside_of(actor, session),
        room_parts=parts,
        quiet_acts=quiet_acts,
        act_patterns=act_patterns,
        act_labels=act_labels,
    )


@blueprint.get("/sessions/<int:session_id>/asked/<wid>")
def asked_of(session_id: int, wid: str) -> str:
    """What is asked of one paragraph now: for the room, when a proposal was made."""
    actor = current_actor()
    session = queries.get_session(actor, session_id)
    queries.require_present(actor, session)
    return asked.of(actor, session, wid)


@blueprint.post("/sessions/<int:session_id>/comments")
@limiter.limit("30/minute")
def comment_form(session_id: int) -> Any:
    """A comment sent by the plain form. What could not be sent comes back in the form."""
    actor = current_actor()
    if not actor.signed_in:
        raise Unauthenticated(_("Sign in to comment."))
    form = CommentForm()

    def do() -> tuple[int, dict[str, Any]]:
        seq = services.comment(
            actor,
            session_id,
            id=form.id.data or "",
            body=form.body.data or "",
            paragraph=form.paragraph.data or None,
            on_behalf_of=form.on_behalf_of.data or None,
        )
        return 201, {"seq": seq}

    try:
        once_in(actor, session_id, form.id.data or "", "live.comment", [session_id, form.body.data], do)
    except DomainError as error:
        return _unsent(session_id, error, form)
    place = f"#p-{form.paragraph.data}" if form.paragraph.data else "#talk"
    return redirect(url_for("live.room", session_id=session_id) + place)


def _unsent(session_id: int, error: DomainError, form: CommentForm) -> Any:
    """The comment could not be sent: show why, with the words still there, whatever became of the right to the room."""
    return render_template("live/unsent.html", session_id=session_id, message=error.message, form=form), error.status


@blueprint.route("/sessions/<int:session_id>/propose/<reference>", methods=["GET", "POST"])
@limiter.limit("60/minute", methods=["POST"])
def propose(session_id: int, reference: str) -> Any:
    """Propose a change from the floor: the form of proposals, and the room hears of it."""
    actor = current_actor()
    session = queries.get_session(actor, session_id)
    queries.require_present(actor, session)
    if session.version is None:
        raise Invalid(_("There is no text on the table of this session."))
    version = session.version
    back = url_for("live.room", session_id=session_id)

    def submit(given: dict[str, Any], draft: bool, behalf: str | None) -> str:
        if draft:
            row = proposals.propose(actor, version.id, given, draft=True, on_behalf_of=behalf)
            return url_for("proposals.proposal", proposal_id=row.id)
        services.propose(actor, session_id, given, on_behalf_of=behalf)
        return f"{back}#p-{given['paragraph']}"

    return proposal_forms.propose(actor, version, drafts.paragraph_in(version, reference), submit, back)


@blueprint.post("/sessions/<int:session_id>/focus")
def focus_form(session_id: int) -> Response:
    said = request.form
    services.move_focus(current_actor(), session_id, said.get("paragraph") or None, said.get("proposal") or None)
    return redirect(url_for("live.room", session_id=session_id))


@blueprint.post("/sessions/<int:session_id>/<any(open, suspend, resume, close, publish):verb>")
def act(session_id: int, verb: str) -> Response:
    """An act of the chair, as a form."""
    if verb == "publish":
        services.publish(current_actor(), session_id)
        flash(_("The record is published."), "success")
        return redirect(url_for("archive.record", session_id=session_id))
    services.conduct(current_actor(), session_id, verb)
    return redirect(url_for("live.room", session_id=session_id))


@blueprint.post("/sessions/<int:session_id>/mode")
def mode_form(session_id: int) -> Response:
    """Begin a segment: formal or informal, open to whom, attributed or not."""
    said = {name: request.form.get(name) or None for name in ("mode", "openness", "attribution")}
    services.set_mode(current_actor(), session_id, **said)
    return redirect(url_for("live.room", session_id=session_id))


@blueprint.post("/sessions/<int:session_id>/version")
def table_version(session_id: int) -> Response:
    """Put another version on the table."""
    number = whole(request.form.get("version"))
    if number is None:
        raise Invalid(_("Say which version."), field="version")
    services.table_version(current_actor(), session_id, number)
    return redirect(url_for("live.room", session_id=session_id))
