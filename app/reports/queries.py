"""Reads of summaries and reports."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.core.rules.sessions import narrowest
from app.core.rules.summary import Summary, summarise
from app.errors import NotFound
from app.extensions import db
from app.live.models import LiveSession
from app.live.queries import heard, may_read, openness_of
from app.live.segments import channel_of
from app.policy import Action, Actor, GroupId, can
from app.record import events_of
from app.reports.models import Report


def summary_of(actor: Actor, session: LiveSession) -> Summary:
    """What took place in a session, from the channels of it that the actor may read."""
    return _summarised([channel_of(session, word) for word in heard(actor, session)])


def own_summary(session: LiveSession) -> Summary:
    """What took place but for the closed segments: what everybody may know to whom the session was open."""
    return _summarised([session.channel])


def _summarised(channels: Sequence[str]) -> Summary:
    return summarise(event.as_dict() for event in events_of(channels))


def sessions_of(report: Report) -> list[LiveSession]:
    """What the report tells of, in the order in which it tells it."""
    query = select(LiveSession).options(joinedload(LiveSession.group)).where(LiveSession.id.in_(report.sessions))
    return sorted(db.session.scalars(query), key=lambda session: report.sessions.index(session.id))


def unpublished_sessions(report: Report) -> list[LiveSession]:
    """Those whose records are not published: a published report would tell of them before they are told."""
    return [session for session in sessions_of(report) if session.published_at is None]


def openness_of_report(report: Report) -> str:
    """As open as what it tells of is now, and never more than when it was drawn."""
    return _openness(report, sessions_of(report))


def _openness(report: Report, sessions: Sequence[LiveSession]) -> str:
    return narrowest(report.openness, report.group.openness, *map(openness_of, sessions))


def may_edit(actor: Actor, report: Report) -> bool:
    return can(actor, Action.EDIT_REPORT, GroupId(report.group_id), openness_of_report(report))


def may_see(actor: Actor, report: Report) -> bool:
    """A draft is its editors' alone; what is published is read by whoever may read all of its sessions now."""
    sessions, group = sessions_of(report), GroupId(report.group_id)
    openness = _openness(report, sessions)
    if can(actor, Action.EDIT_REPORT, group, openness):
        return True
    return (
        report.published_at is not None
        and can(actor, Action.READ_RECORD, group, openness)
        and all(may_read(actor, session) for session in sessions)
    )


def get_report(actor: Actor, report_id: int) -> Report:
    report = db.session.scalar(select(Report).options(joinedload(Report.group)).where(Report.id == report_id))
    if report is None or not may_see(actor, report):
        raise NotFound(_("This report was not found, or is not open to you."))
    return report


def reports_of(actor: Actor, group_id: int) -> list[Report]:
    """The reports of a group that the actor may see, newest first."""
    query = select(Report).options(joinedload(Report.group)).where(Report.group_id == group_id)
    return [report for report in db.session.scalars(query.order_by(Report.id.desc())) if may_see(actor, report)]
