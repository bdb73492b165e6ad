"""The pages of silence procedures: reading one, starting it, objecting, and the chair's board."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.queries import current_actor
from app.core.rules import silence as rules
from app.core.rules.silence import State
from app.drafts import queries as texts
from app.drafts.models import Version
from app.drafts.views import view
from app.errors import Closed, Conflict, DomainError, Invalid, TooLarge
from app.extensions import limiter
from app.groups.queries import ruleset_of
from app.live import queries as live
from app.policy import Action, Actor, GroupId, require
from app.record import transaction
from app.silence import breaks, forms, papers, queries, reception, services, views
from app.silence.forms import StartForm
from app.silence.models import SilenceProcedure
from app.silence.words import warning_label
from app.web.forms import blame, status_of

blueprint = Blueprint("silence", __name__, template_folder="templates")

blueprint.before_request(reception.note)


@blueprint.get("/silence")
def index() -> str:
    found = queries.silences(current_actor())
    return render_template("silence/index.html", lines=[views.line(silence) for silence in found])


@blueprint.get("/silence/<int:silence_id>")
def silence(silence_id: int) -> str:
    """The procedure as this reader may know it."""
    actor = current_actor()
    found = queries.get_silence(actor, silence_id)
    return render_template(
        "silence/silence.html",
        s=found,
        line=views.line(found),
        rows=[view(row) for row in queries.paragraphs_under(found)],
        now=datetime.now(UTC),
        history=views.history(queries.public_log(found)),
        mine=[row for row in queries.objections_for(actor, found) if row.party_id == actor.party_id],
        acts=views.acts_open_to(actor, found),
        may_break=queries.may_break(actor, found.group),
        has_board=queries.may_prepare(actor, found.group),
        successor=queries.successor_of(actor, found),
    )


@blueprint.get("/silence/<int:silence_id>/letters/<int:number>.pdf")
@limiter.limit("60/minute")
def letter_as_pdf(silence_id: int, number: int) -> Response:
    """A letter of the chair on paper, for who may read it here."""
    return papers.letter_file(queries.get_silence(current_actor(), silence_id), number)


@blueprint.get("/silence/<int:silence_id>.json")
def as_json(silence_id: int) -> Response:
    """The same for scripts: the page asks it for the time of the server and for news."""
    actor = current_actor()
    found = queries.get_silence(actor, silence_id)
    return jsonify(views.as_dict(actor, found, datetime.now(UTC)))


# --- Starting ------------------------------------------------------------------------------------------------------


@blueprint.route("/drafts/<int:draft_id>/v/<int:number>/silence", methods=["GET", "POST"])
def start(draft_id: int, number: int) -> Any:
    """Put a version under silence: the secretariat prepares, the chair opens."""
    actor = current_actor()
    version = texts.get_numbered(actor, draft_id, number)
    group = version.draft.group
    require(actor, Action.PREPARE_SILENCE, GroupId(group.id), group.openness, what=_("This text"))
    earlier = _earlier(actor, version)

    def keep(given: dict[str, Any]) -> SilenceProcedure:
        return services.prepare(actor, version.id, given)

    return _start(actor, version, earlier, None, keep)


@blueprint.route("/silence/<int:silence_id>/edit", methods=["GET", "POST"])
def edit(silence_id: int) -> Any:
    """Change what was prepared, or open it."""
    actor = current_actor()
    found = queries.get_silence(actor, silence_id)
    group = found.group
    require(actor, Action.PREPARE_SILENCE, GroupId(group.id), group.openness, what=_("This silence procedure"))

    def keep(given: dict[str, Any]) -> SilenceProcedure:
        return services.revise(actor, silence_id, given)

    return _start(actor, found.version, found.predecessor, found, keep)


def _earlier(actor: Actor, version: Version) -> SilenceProcedure | None:
    """The broken procedure on the same text that a new one would follow."""
    waiting = (State.BROKEN, State.CONSULTING)
    return next((row for row in queries.on_draft(actor, version.draft_id) if row.state in waiting), None)


def _start(
    actor: Actor,
    version: Version,
    earlier: SilenceProcedure | None,
    prepared: SilenceProcedure | None,
    keep: Callable[[dict[str, Any]], SilenceProcedure],
) -> Any:
    form = StartForm()
    rows = texts.version_paragraphs(version.id)
    zone = ruleset_of(version.draft.group).silence.tz_display
    forms.prepare_choices(form, rows, zone, since=earlier.version.label if earlier else None)
    if request.method == "GET":
        _prefill(form, version, zone, earlier, prepared)
    warned: tuple[rules.Warn, ...] = ()
    opening = request.form.get("way") == "open"
    if form.validate_on_submit():
        try:
            given = _given(actor, form, version, earlier)
            warned = services.warnings_on(version.draft.group, given["deadline"], datetime.now(UTC))
            unseen = [each for each in warned if each is not rules.Warn.SHORT and not form.seen.data]
            if opening and unseen:
                raise Invalid(_("Look at the day of the deadline again."), field="seen")
            with transaction():  # what cannot be opened is not left behind as prepared
                found = keep(given)
                if opening:
                    services.open_silence(actor, found.id)
        except DomainError as error:
            blame(form, error)
        else:
            flash(_("The text is under silence.") if opening else _("The procedure is prepared."), "success")
            return redirect(url_for("silence.silence" if opening else "silence.board", silence_id=found.id))
    page = render_template(
        "silence/start.html",
        form=form,
        version=version,
        draft=version.draft,
        earlier=earlier,
        prepared=prepared,
        rows=rows,
        hours=ruleset_of(version.draft.group).silence.min_hours,
        warned=[warning_label(each, ruleset_of(version.draft.group).silence.min_hours) for each in warned],
        may_open=queries.may_open(actor, version.draft.group),
    )
    return page, status_of(form)


def _prefill(
    form: StartForm,
    version: Version,
    zone: str,
    earlier: SilenceProcedure | None,
    prepared: SilenceProcedure | None,
) -> None:
    form.zone.data = zone
    form.scope.data = "changed" if earlier else "whole"
    form.consequence.data = _(
        "If nobody objects in writing by the deadline, the text is considered agreed ad referendum. It is taken up in "
        "a formal meeting."
    )
    if prepared:
        form.deadline.data = prepared.deadline.astimezone(ZoneInfo(zone))
        form.scope.data = "whole" if prepared.scope is None else "chosen"
        form.paragraphs.data = prepared.scope or []
        form.message.data, form.consequence.data = prepared.message, prepared.consequence
        form.short_reason.data = prepared.short_reason


def _given(actor: Actor, form: StartForm, version: Version, earlier: SilenceProcedure | None) -> dict[str, Any]:
    scope = {"whole": None, "chosen": form.paragraphs.data or []}.get(form.scope.data)
    if form.scope.data == "changed" and earlier:
        scope = queries.changed_since(actor, version, earlier.version)
    return {
        "deadline": forms.moment(form.deadline.data, form.zone.data, form.zone.choices),
        "scope": scope,
        "message": form.message.data,
        "consequence": form.consequence.data,
        "short_reason": form.short_reason.data,
        "predecessor": earlier.id if earlier else None,
    }


# --- Objecting -----------------------------------------------------------------------------------------------------


@blueprint.route("/silence/<int:silence_id>/break", methods=["GET", "POST"])
@limiter.limit("60/minute", methods=["POST"])
def break_(silence_id: int) -> Any:
    """Break silence in writing, on named paragraphs. What could not be sent stays in the form."""
    sent = request.form
    actor = current_actor()
    found = queries.get_silence(actor, silence_id)
    group = found.group
    require(actor, Action.BREAK_SILENCE, GroupId(group.id), group.openness, what=_("This silence procedure"))
    message, status = "", 200
    if request.method == "POST":
        try:
            row = breaks.break_silence(
                actor,
                silence_id,
                forms.objection(sent, sent.getlist("p")),
                on_behalf_of=sent.get("behalf") or None,
                received=reception.received(),
            )
        except DomainError as error:
            message, status = error.message, error.status
        else:
            flash(_told(row.late), "warning" if row.late else "success")
            return redirect(url_for("silence.silence", silence_id=silence_id))
    page = render_template(
        "silence/break.html",
        s=found,
        line=views.line(found),
        rows=[view(row) for row in queries.paragraphs_under(found)],
        said=sent if request.method == "POST" else _said_before(actor, found),
        ticked=sent.getlist("p") if request.method == "POST" else _ticked_before(actor, found),
        behalf=list(actor.speaks_for.items()),
        message=message,
        now=datetime.now(UTC),
    )
    return page, status


def _told(late: bool) -> str:
    if late:
        return _("This came after the deadline. The Chair is informed of it as a late objection.")
    return _("Your objection is with the Chair. Silence is broken.")


def _own(actor: Actor, silence: SilenceProcedure) -> Any:
    mine = [row for row in queries.objections_for(actor, silence) if row.party_id == actor.party_id and not row.late]
    return next((row for row in mine if not row.on_behalf_of), None)


def _said_before(actor: Actor, silence: SilenceProcedure) -> dict[str, str]:
    row = _own(actor, silence)
    if row is None:
        return {}
    said = {"reason": row.reason}
    for one in row.paragraphs:
        said |= {f"wording-{one['paragraph']}": one["wording"], f"reason-{one['paragraph']}": one["reason"]}
    return said


def _ticked_before(actor: Actor, silence: SilenceProcedure) -> list[str]:
    row = _own(actor, silence)
    return [one["paragraph"] for one in row.paragraphs] if row else []


@blueprint.post("/silence/<int:silence_id>/break/withdraw")
def withdraw_break(silence_id: int) -> Response:
    breaks.withdraw_break(current_actor(), silence_id, on_behalf_of=request.form.get("behalf") or None)
    flash(_("Your objection is taken back. The silence stays broken until the Chair begins a new one."), "success")
    return redirect(url_for("silence.silence", silence_id=silence_id))


# --- The chair's board ---------------------------------------------------------------------------------------------


@blueprint.get("/silence/<int:silence_id>/board")
def board(silence_id: int) -> str:
    """Who objects to what, and what the chair may do."""
    return _board(silence_id)


@blueprint.post("/silence/<int:silence_id>/<any(open, discard, tell, consult):act>")
def simple_act(silence_id: int, act: str) -> Any:
    do = {
        "open": services.open_silence,
        "discard": services.discard,
        "tell": services.tell,
        "consult": services.consult,
    }[act]
    return _act(silence_id, lambda actor: do(actor, silence_id))


@blueprint.post("/silence/<int:silence_id>/extend")
def extend(silence_id: int) -> Any:
    sent = request.form

    def do(actor: Actor) -> Any:
        found = queries.get_silence(actor, silence_id)
        allowed = forms.zones(found.time_zone)
        to = forms.moment(sent.get("deadline", ""), sent.get("zone", ""), allowed)
        return services.extend(actor, silence_id, to, sent.get("reason", ""), received=reception.received())

    return _act(silence_id, do)


@blueprint.post("/silence/<int:silence_id>/<any(withdraw, void, close):act>")
def reasoned_act(silence_id: int, act: str) -> Any:
    do = {"withdraw": services.withdraw, "void": services.void, "close": services.close}[act]
    return _act(silence_id, lambda actor: do(actor, silence_id, request.form.get("reason", "")))


@blueprint.post("/silence/<int:silence_id>/letter")
def letter(silence_id: int) -> Any:
    """The chair's letter: that silence was not broken; or on which paragraphs it was and, if so chosen, by whom."""
    body, names = request.form.get("body", ""), request.form.get("names") == "parties"

    def do(actor: Actor) -> Any:
        if queries.get_silence(actor, silence_id).state == State.UNBROKEN:
            return services.confirm(actor, silence_id, body)
        return services.publish(actor, silence_id, body, names=names)

    return _act(silence_id, do)


@blueprint.post("/silence/<int:silence_id>/formalise")
def formalise(silence_id: int) -> Any:
    session = request.form.get("session", "")
    note = request.form.get("note", "")
    return _act(
        silence_id,
        lambda actor: services.formalise(
            actor, silence_id, int(session) if session.isascii() and session.isdigit() else None, note
        ),
    )


def _act(silence_id: int, do: Callable[[Actor], Any]) -> Any:
    """Do it, or show the board again with why not and what was typed."""
    actor = current_actor()
    queries.get_silence(actor, silence_id)
    try:
        do(actor)
    except (Invalid, TooLarge, Closed, Conflict) as error:
        return _board(silence_id, error), error.status
    flash(_("Done."), "success")
    return redirect(url_for("silence.board", silence_id=silence_id))


def _board(silence_id: int, error: DomainError | None = None) -> str:
    actor = current_actor()
    found = queries.get_silence(actor, silence_id)
    group = found.group
    require(actor, Action.PREPARE_SILENCE, GroupId(group.id), group.openness, what=_("This silence procedure"))
    return render_template(
        "silence/board.html",
        s=found,
        line=views.line(found),
        board=views.board(found, texts.version_paragraphs(found.version_id)),
        late=[row for row in found.objections if row.late],
        acts=views.acts_open_to(actor, found),
        outages=queries.outages(found),
        zones=forms.zones(found.time_zone),
        sessions=[s for s in live.sessions(actor, group_id=group.id) if s.opened_at and s.mode == "formal"],
        confidential=views.history(queries.chair_log(found)),
        letter_draft=_letter_draft(found),
        successor=queries.successor_of(actor, found),
        newest=texts.newest_version(found.draft_id),
        error=error,
        said=request.form,
        now=datetime.now(UTC),
    )


def _letter_draft(silence: SilenceProcedure) -> str:
    until = views.moment_in(silence.deadline, silence.time_zone)
    what = {"title": silence.draft.title, "label": silence.version.label, "deadline": until.there}
    if silence.state == State.UNBROKEN:
        return _(
            "Excellencies,\n\nThe silence procedure on “%(title)s”, %(label)s, ended on %(deadline)s. Silence was not "
            "broken: the text is considered agreed *ad referendum*. It will be taken up in a formal meeting.",
            **what,
        )
    return _(
        "Excellencies,\n\nThe silence procedure on “%(title)s”, %(label)s, ended on %(deadline)s. Silence was broken "
        "on the paragraphs listed below. I shall consult those who objected, and revert to you.",
        **what,
    )
