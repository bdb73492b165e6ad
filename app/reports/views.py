"""What the pages of summaries and reports show, and where other pages point to them."""

from __future__ import annotations

from typing import Any

from flask import render_template

from app.core.rules.sessions import State
from app.core.rules.summary import Summary
from app.groups.models import Group
from app.live import queries as live
from app.live.models import LiveSession
from app.policy import Action, Actor, GroupId, can
from app.reports.models import Report
from app.reports.queries import may_edit, openness_of_report, reports_of, summary_of, unpublished_sessions


def panel(group: Group, actor: Actor) -> str | None:
    """The reports of a group, on its page."""
    found = reports_of(actor, group.id)
    may_draw = can(actor, Action.EDIT_REPORT, GroupId(group.id), group.openness)
    if not found and not may_draw:
        return None
    return render_template("reports/panel.html", group=group, reports=found, may_draw=may_draw)


def record_part(actor: Actor, session: LiveSession) -> str | None:
    """Who spoke and when, and the way to the summary, in the record of a session."""
    summary = summary_of(actor, session)
    return render_template("reports/_record.html", session=session, summary=summary) if summary.sittings else None


def summary_view(summary: Summary) -> dict[str, Any]:
    return {
        "summary": summary,
        "decisions": list(summary.decisions.values()),
        "speech_seconds": sum(speech.seconds or 0 for speech in summary.speeches),
    }


def closed_sessions(actor: Actor, group: Group) -> list[LiveSession]:
    """The sessions that a report may tell of, oldest first."""
    found = live.sessions(actor, group_id=group.id, states=[State.CLOSED])
    return sorted(found, key=lambda session: session.opened_at or session.created_at)


def report_view(actor: Actor, report: Report) -> dict[str, Any]:
    group = GroupId(report.group_id)
    editing = may_edit(actor, report) and report.published_at is None
    return {
        "report": report,
        "may_edit": editing,
        "may_publish": editing and can(actor, Action.PUBLISH, group, openness_of_report(report)),
        "unpublished": unpublished_sessions(report) if editing else [],
    }
