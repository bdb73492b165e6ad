"""The commands of reports: draw one from the log, edit it, publish it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.core.rules.sessions import State, narrowest
from app.errors import Closed, Conflict, Invalid
from app.extensions import db
from app.groups.models import Group
from app.groups.services.words import checked_line, checked_text
from app.live.models import LiveSession
from app.live.queries import get_session, openness_of
from app.policy import Action, Actor, GroupId, envelope_actor, require, role_in
from app.record import Transaction, transaction
from app.reports.drafting import procedural_report
from app.reports.models import Report
from app.reports.queries import get_report, openness_of_report, unpublished_sessions

BODY_LIMIT = 200_000
"""Characters."""


def draw_report(actor: Actor, group: Group, title: Any, session_ids: Sequence[int]) -> Report:
    """Make the draft of a procedural report from the log of these closed sessions of one group."""
    with transaction() as tx:
        sessions = [get_session(actor, number) for number in dict.fromkeys(session_ids)]
        _check_sessions(sessions, group)
        sessions.sort(key=lambda session: session.opened_at or session.created_at)  # a report tells it as it happened
        openness = narrowest(*map(openness_of, sessions))
        require(actor, Action.EDIT_REPORT, GroupId(group.id), openness, what=_("This group"))
        report = Report(
            group_id=group.id,
            openness=openness,
            title=checked_line(title, "title"),
            sessions=[session.id for session in sessions],
            body=procedural_report(group, sessions),
            created_at=tx.now,
            edited_at=tx.now,
        )
        db.session.add(report)
        db.session.flush()
        _append(tx, actor, report, "report.drawn", {"title": report.title, "sessions": report.sessions})
        return report


def edit_report(actor: Actor, report_id: int, title: Any, body: Any, revision: int) -> Report:
    """Keep what an editor wrote on `revision`. Another's words since are a Conflict, and nothing is lost."""
    with transaction() as tx:
        report = _held(actor, report_id)
        if report.published_at:
            raise Closed(_("The report is published: it does not change any more."))
        if report.revision != revision:
            raise Conflict(
                _("Somebody else changed the report meanwhile. Compare, and save again."),
                field="body",
                current=report.body,
                revision=report.revision,
            )
        report.title = checked_line(title, "title")
        report.body = checked_text(body, "body", BODY_LIMIT)
        report.revision += 1
        report.edited_at = tx.now
        _append(tx, actor, report, "report.edited", {"revision": report.revision, "sha256": _sha256(report.body)})
        return report


def publish_report(actor: Actor, report_id: int, revision: int) -> Report:
    """The chair's act: the report is read from now on by whoever may read its sessions, and stays as it is.

    `revision` is the one that the chair has read: words that somebody saved since are not published unseen.
    """
    with transaction() as tx:
        report = _held(actor, report_id)
        require(actor, Action.PUBLISH, GroupId(report.group_id), openness_of_report(report), what=_("This report"))
        if report.published_at:
            raise Conflict(_("This report is published already."))
        if report.revision != revision:
            raise Conflict(
                _("Somebody else changed the report meanwhile. Read it again, then publish it."),
                revision=report.revision,
            )
        if waiting := unpublished_sessions(report):
            raise Closed(
                _("Publish the record first: %(titles)s.", titles=", ".join(f"“{one.title}”" for one in waiting))
            )
        report.published_at, report.sha256 = tx.now, _sha256(report.body)
        data = {"title": report.title, "body": report.body, "sha256": report.sha256}
        _append(tx, actor, report, "report.published", data)
        return report


def _held(actor: Actor, report_id: int) -> Report:
    report = get_report(actor, report_id)
    # The lock is on the row alone: PostgreSQL locks no outer join, and the group of a report is one.
    held = select(Report).where(Report.id == report.id).with_for_update(key_share=True, of=Report)
    db.session.scalars(held.execution_options(populate_existing=True)).one()
    require(actor, Action.EDIT_REPORT, GroupId(report.group_id), openness_of_report(report), what=_("This report"))
    return report


def _check_sessions(sessions: Sequence[LiveSession], group: Group) -> None:
    if not sessions:
        raise Invalid(_("Choose the sessions that the report tells of."), field="sessions")
    for session in sessions:
        if session.group_id != group.id:
            raise Invalid(_("A report tells of the sessions of one group."), field="sessions")
        if session.state != State.CLOSED:
            raise Invalid(_("%(title)s is not closed yet.", title=session.title), field="sessions")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _append(tx: Transaction, actor: Actor, report: Report, type_: str, data: dict[str, Any]) -> None:
    tx.append(report.channel, type_, envelope_actor(actor, role_in(actor, GroupId(report.group_id))), data)
