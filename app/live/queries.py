"""Reads of sessions, each through the one question who may know of what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import joinedload

from app.core.rules.sessions import State, is_wider, narrowest
from app.drafts.models import Version
from app.errors import NotFound
from app.extensions import db
from app.live.models import Comment, LiveSession
from app.live.parts import parts
from app.live.segments import closed_channels, focus_now, is_closed_segment, openness_now
from app.policy import PUBLIC, Action, Actor, GroupId, Role, actions, can, role_in, role_name
from app.proposals.models import ProposalRow
from app.proposals.queries import may_see
from app.record import timestamp

OUTSIDERS = frozenset({Role.PUBLIC, Role.STAKEHOLDER})
"""They could follow a public session, but its record is theirs only when it is published."""


def openness_of(session: LiveSession) -> str:
    """How open the session is: never more than its group is now, whatever was announced."""
    return session.group.openness if is_wider(session.openness, session.group.openness) else session.openness


def may_know(actor: Actor, session: LiveSession) -> bool:
    """May `actor` know that this session exists?"""
    return can(actor, Action.READ_TEXT, GroupId(session.group_id), openness_of(session))


def may_read(actor: Actor, session: LiveSession) -> bool:
    """May `actor` read the session's own channel: what was said in it but for its closed segments?

    While it is announced or runs: whoever may know of it. Once closed: those of the group who could have been
    there; everybody else to whom it was open when the chair has published its record.
    """
    return _may_read_at(actor, session, openness_of(session))


def may_hear(actor: Actor, session: LiveSession, openness: str) -> bool:
    """May `actor` read what was said in the segments with this openness? The empty one is the session's own."""
    at = narrowest(openness, openness_of(session)) if openness else openness_of(session)
    return _may_read_at(actor, session, at)


def _may_read_at(actor: Actor, session: LiveSession, openness: str) -> bool:
    group = GroupId(session.group_id)
    present = can(actor, Action.READ_TEXT, group, openness)
    if session.state != State.CLOSED:
        return present
    if session.published_at:
        return can(actor, Action.READ_RECORD, group, openness)
    return present and role_in(actor, group) not in OUTSIDERS


def may_be_present(actor: Actor, session: LiveSession) -> bool:
    """May `actor` be in the room at this moment?"""
    return may_read(actor, session) and may_hear(actor, session, session.segment_openness or "")


def heard(actor: Actor, session: LiveSession) -> list[str]:
    """The openness of every segment that the actor may read; the empty one, of the session itself, first."""
    if not may_read(actor, session):
        return []
    return ["", *(word for word in closed_channels(session) if may_hear(actor, session, word))]


def require_present(actor: Actor, session: LiveSession) -> None:
    """Raise NotFound unless the actor may be in the room at this moment."""
    require_readable(actor, session)
    if not may_be_present(actor, session):
        raise NotFound(_("The meeting is in a closed segment. It is open to you again when the Chair ends it."))


def require_readable(actor: Actor, session: LiveSession | None) -> LiveSession:
    """The session, or NotFound."""
    if session is None or not may_read(actor, session):
        raise NotFound(_("This session was not found, or is not open to you."))
    return session


def get_session(actor: Actor, session_id: int) -> LiveSession:
    """A session that the actor may know of, with its group and version. Raises NotFound."""
    session = db.session.scalar(_with_all().where(LiveSession.id == session_id))
    if session is None or not may_know(actor, session):
        raise NotFound(_("This session was not found, or is not open to you."))
    return session


def readable_session(actor: Actor, session_id: int) -> LiveSession:
    """A session whose words the actor may read. Raises NotFound."""
    return require_readable(actor, db.session.scalar(_with_all().where(LiveSession.id == session_id)))


def sessions(
    actor: Actor, *, states: Sequence[str] = (), group_id: int | None = None, limit: int | None = None
) -> list[LiveSession]:
    """The sessions that the actor may know of: those that run first, then by time, newest first."""
    query = _with_all()
    if states:
        query = query.where(LiveSession.state.in_(states))
    if group_id is not None:
        query = query.where(LiveSession.group_id == group_id)
    known = [session for session in db.session.scalars(query) if may_know(actor, session)]
    known.sort(key=_listing_order, reverse=True)
    return known[:limit]


def published_sessions(actor: Actor) -> list[LiveSession]:
    """The records in the archive that the actor may read, newest first."""
    query = _with_all().where(LiveSession.published_at.is_not(None)).order_by(LiveSession.closed_at.desc())
    return [session for session in db.session.scalars(query) if may_read(actor, session)]


def heard_sessions(actor: Actor) -> dict[str, list[int]]:
    """Openness of a segment to the sessions whose segments of that openness the actor may read: for search, lists."""
    found: dict[str, list[int]] = {}
    for session in db.session.scalars(_with_all()):
        for openness in heard(actor, session):
            found.setdefault(openness, []).append(session.id)
    return found


def heard_by(actor: Actor, openness: Any, session_id: Any) -> ColumnElement[bool]:
    """The condition on two columns under every list of what was said: asked of the policy at this moment."""
    pairs = heard_sessions(actor).items()
    return or_(false(), *(and_(openness == word, session_id.in_(ids)) for word, ids in pairs))


def comment_counts(actor: Actor, session: LiveSession) -> dict[str, int]:
    """Paragraph to number of comments that the actor may read."""
    rows = db.session.execute(
        select(Comment.paragraph, func.count())
        .where(
            Comment.session_id == session.id,
            Comment.paragraph.is_not(None),
            Comment.openness.in_(heard(actor, session)),
        )
        .group_by(Comment.paragraph)
    )
    return {str(paragraph): count for paragraph, count in rows}


def comments(
    session_id: int, *, openness: str = "", after: int = 0, limit: int = 100, paragraph: str | None = None
) -> list[Comment]:
    """The comments in one channel of a session, in order. The caller has checked that it may be read."""
    query = select(Comment).where(Comment.session_id == session_id, Comment.openness == openness, Comment.seq > after)
    if paragraph:
        query = query.where(Comment.paragraph == paragraph)
    return list(db.session.scalars(query.order_by(Comment.seq).limit(limit)))


def session_as_dict(session: LiveSession, actor: Actor = PUBLIC) -> dict[str, Any]:
    """The session as the API and the socket tell it. That a segment is closed is told to all, what it is on is not."""
    return {
        "id": str(session.id),
        "group": session.group.slug,
        "title": session.title,
        "agenda_item": session.agenda_item,
        "state": session.state,
        "openness": openness_now(session),
        "announced_openness": openness_of(session),
        "mode": session.mode,
        "attribution": session.attribution,
        "segment_since": _time(session.segment_since) if is_closed_segment(session) else None,
        "version": str(session.version_id) if session.version_id else None,
        "version_label": session.version.label if session.version else None,
        "focus": focus_now(session) if may_be_present(actor, session) else session.focus,
        "focus_proposal": session.focus_proposal if may_be_present(actor, session) else None,
        "starts_at": _time(session.starts_at),
        "ends_at": _time(session.ends_at),
        "place": session.place,
        "opened_at": _time(session.opened_at),
        "closed_at": _time(session.closed_at),
        "published_at": _time(session.published_at),
        "channel": session.channel,
    } | {name: value for fact in parts.facts for name, value in fact(session).items()}


def proposal_in_focus(actor: Actor, session: LiveSession) -> ProposalRow | None:
    """The one proposal of which the room speaks, while it is open; for those in the room who may see it."""
    if session.focus_proposal is None or not may_be_present(actor, session):
        return None
    row = db.session.get(ProposalRow, session.focus_proposal)
    return row if row is not None and row.state == "live" and may_see(actor, row) else None


_VERBS = {
    Action.COMMENT: ("comment",),
    Action.PROPOSE: ("propose",),
    Action.TAKE_POSITION: ("position",),
    Action.CONDUCT_SESSION: ("open", "suspend", "resume", "close", "focus"),
    Action.SET_OPENNESS: ("openness", "mode"),
    Action.PUBLISH: ("publish",),
}


def you_in(actor: Actor, session: LiveSession) -> dict[str, Any]:
    """What the room tells its visitor: role, delegation, and the verbs that the policy allows."""
    group = GroupId(session.group_id)
    allowed = set(actions(actor, group, openness_now(session)))
    verbs = [verb for action, names in (_VERBS | parts.verbs).items() if action in allowed for verb in names]
    return {
        "role": role_name(role_in(actor, group)),
        "delegation": actor.party_code,
        "can": verbs,
        "speaks_for": [{"code": code, "name": name} for code, name in actor.speaks_for.items()]
        if "comment" in verbs
        else [],
    }


def _with_all() -> Any:
    return select(LiveSession).options(
        joinedload(LiveSession.group), joinedload(LiveSession.version).joinedload(Version.draft)
    )


def _listing_order(session: LiveSession) -> tuple[bool, float]:
    running = session.state in (State.OPEN, State.SUSPENDED)
    moment = session.opened_at or session.starts_at or session.created_at
    return running, moment.timestamp()


def _time(moment: Any) -> str | None:
    return timestamp(moment) if moment else None
