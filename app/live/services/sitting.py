"""A session from its announcement to its record: its states, what is on the table, where the room is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.core.rules import sessions as rules
from app.drafts.models import Version
from app.errors import Closed, Conflict, Invalid, NotFound
from app.extensions import db
from app.groups.models import Group
from app.groups.services import words
from app.live.acting import append_act, held_session, require_not_over, require_running
from app.live.models import LiveSession
from app.live.segments import closed_channels, is_closed_segment, openness_now, openness_of_channel
from app.live.services.checks import (
    actor_in,
    as_id,
    check_openness,
    checked_version,
    paragraph_on_the_table,
    require_chair,
)
from app.policy import Action, Actor, GroupId, require
from app.proposals.models import ProposalRow
from app.proposals.queries import get_proposal
from app.proposals.queries import openness_of as proposal_openness
from app.record import Transaction, last_seq, transaction


def schedule_session(
    actor: Actor,
    group: Group,
    title: str,
    openness: str,
    *,
    version_id: int | None = None,
    agenda_item: str = "",
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    place: str = "",
) -> LiveSession:
    """Announce a session. It is never more open than its group."""
    with transaction() as tx:
        group = _held_group(group.id)
        require(actor, Action.CONDUCT_SESSION, GroupId(group.id), group.openness, what=_("This group"))
        check_openness(openness, group)
        session = LiveSession(
            group=group,
            version_id=checked_version(version_id, group),
            title=words.checked_line(title, "title"),
            agenda_item=words.checked_line(agenda_item, "agenda_item", required=False),
            openness=openness,
            state=rules.State.SCHEDULED,
            starts_at=starts_at,
            ends_at=checked_end(starts_at, ends_at),
            place=words.checked_line(place, "place", required=False),
            created_at=tx.now,
        )
        db.session.add(session)
        db.session.flush()
        _append(
            tx,
            actor,
            session,
            "session.scheduled",
            {
                "title": session.title,
                "agenda_item": session.agenda_item,
                "openness": openness,
                "starts_at": starts_at.isoformat() if starts_at else None,
                "ends_at": ends_at.isoformat() if ends_at else None,
                "place": session.place,
                "version": as_id(session.version_id),
            },
        )
        return session


def _held_group(group_id: int) -> Group:
    """The group, not closed by anybody until the commit: or the session would be wider than it."""
    held = select(Group).where(Group.id == group_id).with_for_update(read=True, of=Group)
    group = db.session.scalar(held.execution_options(populate_existing=True))
    if group is None:
        raise NotFound(_("This was not found, or is not open to you."))
    return group


def checked_end(starts_at: datetime | None, ends_at: datetime | None) -> datetime | None:
    """A session ends after it begins, on the same day or the next. Raises Invalid, also on times out of all years."""
    if starts_at is not None and not rules.is_datable(starts_at):
        raise Invalid(_("This must be a moment in RFC 3339."), field="starts_at")
    if ends_at is None:
        return None
    if starts_at is None or not timedelta(0) < ends_at - starts_at <= timedelta(days=1):
        raise Invalid(_("A session ends after it begins, within a day."), field="ends_at")
    return ends_at


def conduct(actor: Actor, session_id: int, act: str) -> LiveSession:
    """Open, suspend, resume or close a session. Out of order it is Closed, with the state in the message."""
    with transaction() as tx:
        session = held_session(session_id, exclusive=True)
        require_chair(actor, session, Action.CONDUCT_SESSION)
        after = rules.after(session.state, act)
        if after is None:
            raise Closed(_out_of_order(session.state, act), state=session.state)
        session.state = after
        if act == rules.Act.OPEN:
            session.opened_at = tx.now
        if act == rules.Act.CLOSE:
            session.closed_at = tx.now
            session.segment_openness = session.segment_focus = session.focus_proposal = None
            session.attribution = rules.Attribution.ON_RECORD
            # The public followed a session; its record is the public's only once the chair publishes it.
            tx.rights_changed(f"session:{session.id}")
        _append(tx, actor, session, rules.EVENT[rules.Act(act)], {"state": str(after)})
        return session


def _out_of_order(state: str, act: str) -> str:
    return {
        "scheduled": _("The session is not open yet."),
        "open": _("The session is open already."),
        "suspended": _("The session is suspended: resume or close it."),
        "closed": _("The session is closed."),
        "postponed": _("The session is postponed: give it a time first."),
        "cancelled": _("The session is cancelled."),
    }[state]


def move_focus(actor: Actor, session_id: int, paragraph: str | None, proposal: Any = None) -> int:
    """Move the room to a paragraph, to one proposal on it, or to the whole text with None. Returns the event's seq."""
    with transaction() as tx:
        session = held_session(session_id, exclusive=True)
        require_chair(actor, session, Action.CONDUCT_SESSION)
        require_running(session)
        row = _proposal_for_all(actor, session, proposal) if proposal not in (None, "") else None
        paragraph = row.paragraph if row else paragraph
        found = paragraph_on_the_table(session, paragraph) if paragraph not in (None, "") else None
        wid = found.wid if found else None
        if is_closed_segment(session):
            session.segment_focus = wid
        else:
            session.focus = wid
        session.focus_proposal = row.id if row else None
        data = {"paragraph": wid, "label": found.label if found else None}
        if row:
            data |= {"proposal": row.id, "number": row.label}
        return append_act(tx, actor, session, "focus.moved", data).seq


def _proposal_for_all(actor: Actor, session: LiveSession, proposal: Any) -> ProposalRow:
    """An open proposal on the text on the table that everybody in the room may see."""
    row = get_proposal(actor, proposal) if isinstance(proposal, str) else None
    if row is None or session.version is None or row.draft_id != session.version.draft_id:
        raise Invalid(_("Choose a proposal on the text on the table."), field="proposal")
    if row.state != "live":
        raise Closed(_("This proposal is not open any more."))
    if rules.is_wider(openness_now(session), proposal_openness(row)):
        raise Invalid(_("Some in this room may not see this proposal."), field="proposal")
    return row


def table_version(actor: Actor, session_id: int, version_id: int) -> int:
    """Put another issued version on the table of a session that is not closed. Returns the event's seq."""
    with transaction() as tx:
        session = held_session(session_id, exclusive=True)
        require_chair(actor, session, Action.CONDUCT_SESSION)
        require_not_over(session)
        if is_closed_segment(session):
            raise Closed(_("End the closed segment first: what is on the table is told to all who follow the session."))
        session.version_id = checked_version(version_id, session.group)
        version = db.session.get_one(Version, version_id)
        session.focus = session.focus_proposal = None
        return _append(tx, actor, session, "version.tabled", {"version": str(version_id), "label": version.label})


def publish(actor: Actor, session_id: int) -> LiveSession:
    """Turn the record of a closed session into a page of the archive, for those to whom the session was open."""
    with transaction() as tx:
        session = held_session(session_id, exclusive=True)
        require_chair(actor, session, Action.PUBLISH)
        if session.state != rules.State.CLOSED:
            raise Closed(_("A session can be published once it is closed."), state=session.state)
        if session.published_at:
            raise Conflict(_("The record of this session is published already."))
        session.published_at = tx.now
        through = last_seq(session.channel)
        envelope = tx.append(
            session.channel,
            "session.published",
            actor_in(actor, session),
            {"openness": session.openness, "through": through},
        )
        session.publication_sha256 = envelope.hash
        for channel in closed_channels(session).values():
            if ending := last_seq(channel):
                data = {"openness": openness_of_channel(channel), "through": ending}
                tx.append(channel, "segment.published", actor_in(actor, session), data)
        return session


def _append(tx: Transaction, actor: Actor, session: LiveSession, type_: str, data: dict[str, Any]) -> int:
    return tx.append(session.channel, type_, actor_in(actor, session), data).seq
