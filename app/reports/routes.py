"""The pages of summaries and reports."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as WerkzeugResponse

from app.accounts.queries import current_actor
from app.errors import Closed, Conflict, DomainError
from app.groups.queries import get_group
from app.live.queries import readable_session
from app.live.views import session_view
from app.policy import Action, GroupId, require
from app.reports import queries, services, views, words
from app.reports.forms import DrawForm, ReportForm
from app.web.numbers import whole

blueprint = Blueprint("reports", __name__, template_folder="templates")


@blueprint.get("/sessions/<int:session_id>/summary")
def summary(session_id: int) -> str:
    """What took place, from the log as it is now."""
    actor = current_actor()
    session = readable_session(actor, session_id)
    return render_template(
        "reports/summary.html",
        session=session_view(session),
        words=words,
        **views.summary_view(queries.summary_of(actor, session)),
    )


@blueprint.route("/groups/<slug>/reports/new", methods=["GET", "POST"])
def draw(slug: str) -> str | WerkzeugResponse | tuple[str, int]:
    """Draw a procedural report from the log of closed sessions."""
    actor = current_actor()
    group = get_group(actor, slug)
    require(actor, Action.EDIT_REPORT, GroupId(group.id), group.openness, what=_("This group"))
    form = DrawForm()
    form.sessions.choices = [(session.id, session.title) for session in views.closed_sessions(actor, group)]
    if form.validate_on_submit():
        try:
            report = services.draw_report(actor, group, form.title.data, form.sessions.data or [])
        except DomainError as error:
            _blame(form, error)
        else:
            return redirect(url_for("reports.edit", report_id=report.id))
    return render_template("reports/new.html", form=form, group=group), 422 if form.errors else 200


@blueprint.get("/reports/<int:report_id>")
def report(report_id: int) -> str:
    actor = current_actor()
    return render_template("reports/report.html", **views.report_view(actor, queries.get_report(actor, report_id)))


@blueprint.get("/reports/<int:report_id>.md")
def report_markdown(report_id: int) -> Response:
    found = queries.get_report(current_actor(), report_id)
    response = Response(found.body, mimetype="text/markdown")
    response.headers["Content-Disposition"] = f'attachment; filename="report-{found.id}.md"'
    return response


@blueprint.route("/reports/<int:report_id>/edit", methods=["GET", "POST"])
def edit(report_id: int) -> Any:
    """Edit the draft. What another editor saved meanwhile is shown beside one's own words."""
    actor = current_actor()
    found = queries.get_report(actor, report_id)
    require(
        actor, Action.EDIT_REPORT, GroupId(found.group_id), queries.openness_of_report(found), what=_("This report")
    )
    form, theirs = ReportForm(obj=found), None
    if form.validate_on_submit():
        try:
            services.edit_report(actor, report_id, form.title.data, form.body.data, whole(form.revision.data) or 0)
        except Conflict as error:
            theirs = found.body
            form.revision.raw_data = None
            form.revision.data = str(found.revision)
            _blame(form, error)
        except DomainError as error:
            _blame(form, error)
        else:
            flash(_("The report is saved."), "success")
            return redirect(url_for("reports.report", report_id=report_id))
    page = render_template("reports/edit.html", form=form, report=found, theirs=theirs)
    return page, 409 if theirs else 422 if form.errors else 200


@blueprint.post("/reports/<int:report_id>/publish")
def publish(report_id: int) -> Any:
    """Publish the words that were on the page. What is refused shows the page as it is now."""
    actor = current_actor()
    try:
        services.publish_report(actor, report_id, whole(request.form.get("revision")) or 0)
    except (Closed, Conflict) as error:
        found = views.report_view(actor, queries.get_report(actor, report_id))
        return render_template("reports/report.html", **found, refused=error.message), error.status
    flash(_("The report is published."), "success")
    return redirect(url_for("reports.report", report_id=report_id))


def _blame(form: Any, error: DomainError) -> None:
    field = getattr(form, error.field or "", None) or form.title
    field.errors = [*field.errors, error.message]
