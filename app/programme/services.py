"""The acts on the programme: move a session, postpone it, cancel it; and the key of a person's calendar feed."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update

from app.accounts.models import User
from app.core.rules import sessions as rules
from app.errors import Closed, Invalid, NotFound, Unauthenticated
from app.extensions import db
from app.groups.services import words
from app.live.acting import held_session
from app.live.models import LiveSession
from app.live.queries import may_know, openness_of
from app.live.services import checked_end
from app.policy import Action, Actor, GroupId, envelope_actor, require, role_in
from app.programme.models import FeedToken
from app.record import Transaction, timestamp, transaction

REASON_LIMIT = 400
PLACE_LIMIT = 120


def reschedule(
    actor: Actor,
    session_id: int,
    starts_at: datetime,
    ends_at: datetime | None = None,
    *,
    place: str = "",
    reason: str = "",
) -> LiveSession:
    """Give a session that has not begun, or that is postponed, another time and place."""
    with transaction() as tx:
        session = _held(actor, session_id, rules.Change.RESCHEDULE)
        before = _when(session)
        session.starts_at, session.ends_at = starts_at, checked_end(starts_at, ends_at)
        session.place = words.checked_line(place, "place", PLACE_LIMIT, required=False)
        if _when(session) == before and session.state == rules.State.SCHEDULED:
            raise Invalid(_("Nothing of it changes: say another time or place."), field="starts_at")
        return _changed(tx, actor, session, rules.Change.RESCHEDULE, reason, {**_when(session), "before": before})


def postpone(actor: Actor, session_id: int, reason: str) -> LiveSession:
    """Put a session off to a time that is not known yet."""
    return _call_off(actor, session_id, rules.Change.POSTPONE, reason)


def cancel(actor: Actor, session_id: int, reason: str) -> LiveSession:
    """Call a session off for good."""
    return _call_off(actor, session_id, rules.Change.CANCEL, reason)


def _call_off(actor: Actor, session_id: int, act: rules.Change, reason: str) -> LiveSession:
    with transaction() as tx:
        session = _held(actor, session_id, act)
        words.checked_line(reason, "reason", REASON_LIMIT)
        return _changed(tx, actor, session, act, reason, {"before": _when(session)})


def _held(actor: Actor, session_id: int, act: rules.Change) -> LiveSession:
    session = held_session(session_id, exclusive=True)
    if not may_know(actor, session):
        raise NotFound(_("This session was not found, or is not open to you."))
    require(actor, Action.CONDUCT_SESSION, GroupId(session.group_id), openness_of(session), what=_("This session"))
    if rules.after_change(session.state, act) is None:
        raise Closed(_("Only a session that has not begun can be moved or called off."), state=session.state)
    return session


def _changed(
    tx: Transaction, actor: Actor, session: LiveSession, act: rules.Change, reason: str, data: dict[str, Any]
) -> LiveSession:
    after = rules.after_change(session.state, act)
    assert after is not None
    session.state = after
    session.schedule_note = words.checked_line(reason, "reason", REASON_LIMIT) if reason.strip() else ""
    session.schedule_revision += 1
    session.schedule_changed_at = tx.now
    who = envelope_actor(actor, role_in(actor, GroupId(session.group_id)))
    tx.append(session.channel, rules.CHANGE_EVENT[act], who, data | {"reason": session.schedule_note})
    return session


def _when(session: LiveSession) -> dict[str, str | None]:
    return {
        "starts_at": timestamp(session.starts_at) if session.starts_at else None,
        "ends_at": timestamp(session.ends_at) if session.ends_at else None,
        "place": session.place,
    }


# --- The feed ------------------------------------------------------------------------------------------------------


def make_feed(actor: Actor) -> str:
    """A new key of the person's feed; the one before opens nothing any more. It is shown this once."""
    if actor.user_id is None:
        raise Unauthenticated(_("Sign in to do this."))
    with transaction() as tx:
        _revoke(actor.user_id, tx.now)
        secret = secrets.token_urlsafe(24)
        db.session.add(FeedToken(user_id=actor.user_id, hash=_hash(secret), created_at=tx.now))
        return secret


def revoke_feed(actor: Actor) -> None:
    """Close the person's feed."""
    if actor.user_id is None:
        raise Unauthenticated(_("Sign in to do this."))
    with transaction() as tx:
        _revoke(actor.user_id, tx.now)


def owner_of(secret: str) -> User | None:
    """The active user whose feed this key opens."""
    query = select(User).join(FeedToken, FeedToken.user_id == User.id)
    return db.session.scalar(query.where(FeedToken.hash == _hash(secret), FeedToken.revoked_at.is_(None), User.active))


def has_feed(actor: Actor) -> bool:
    query = select(FeedToken.id).where(FeedToken.user_id == (actor.user_id or 0), FeedToken.revoked_at.is_(None))
    return db.session.scalar(query) is not None


def _revoke(user_id: int, now: datetime) -> None:
    open_ = (FeedToken.user_id == user_id) & FeedToken.revoked_at.is_(None)
    db.session.execute(update(FeedToken).where(open_).values(revoked_at=now))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
