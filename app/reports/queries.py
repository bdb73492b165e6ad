"""Reads of summaries and reports."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.core.rules.summary import Summary, summarise
from app.errors import NotFound
from app.extensions import db
from app.live.models import LiveSession
from app.live.queries import heard
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


def may_edit(actor: Actor, report: Report) -> bool:
    return can(actor, Action.EDIT_REPORT, GroupId(report.group_id), report.openness)


def may_see(actor: Actor, report: Report) -> bool:
    """A draft is its editors' alone; what is published is read by whoever could read all of its sessions."""
    if report.published_at and can(actor, Action.READ_RECORD, GroupId(report.group_id), report.openness):
        return True
    return may_edit(actor, report)


def get_report(actor: Actor, report_id: int) -> Report:
    report = db.session.scalar(select(Report).options(joinedload(Report.group)).where(Report.id == report_id))
    if report is None or not may_see(actor, report):
        raise NotFound(_("This report was not found, or is not open to you."))
    return report


def reports_of(actor: Actor, group_id: int) -> list[Report]:
    """The reports of a group that the actor may see, newest first."""
    query = select(Report).where(Report.group_id == group_id).order_by(Report.id.desc())
    return [report for report in db.session.scalars(query) if may_see(actor, report)]
