"""What every act in a session does the same way: hold the session, ask the policy, write the event where it belongs.

Features that add acts to the room (the floor, agreement, decisions) build their commands on these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.core.rules.sessions import OVER, State
from app.errors import Closed, NotFound
from app.extensions import db
from app.live.models import LiveSession
from app.live.queries import require_present
from app.live.segments import author_in, channel_now, is_attributed, openness_now
from app.policy import Action, Actor, GroupId, require
from app.record import Envelope, Transaction, once, transaction


def held_session(session_id: int, *, exclusive: bool = False) -> LiveSession:
    """The session, held until the commit: for a change of its own state alone, for other acts shared."""
    session = db.session.scalar(
        select(LiveSession)
        .where(LiveSession.id == session_id)
        .with_for_update(read=not exclusive, key_share=exclusive, of=LiveSession)
    )
    if session is None:
        raise NotFound(_("This session was not found, or is not open to you."))
    return session


NOBODY_KEY = "nobody"
"""Whose the writes are where nothing is attributed: their ids alone tell them apart."""


def once_in(
    actor: Actor, session_id: int, key: str, verb: str, payload: Any, do: Callable[[], tuple[int, dict[str, Any]]]
) -> tuple[int, dict[str, Any]]:
    """`once`, for an act in a session: remembered under the actor, or under nobody where nothing is attributed.

    Which of the two is asked once the session is held, so that no name is kept of what is said in the moment in which
    the names are switched off. It is held alone: acts that change it would wait for each other if all shared it.
    """
    with transaction():
        session = held_session(session_id, exclusive=True)
        return once(actor.key if is_attributed(session) else NOBODY_KEY, key, verb, payload, do)


def words_of(message: Mapping[str, Any]) -> dict[str, Any]:
    """What a write in a session says, spelt the same over the socket and over HTTP, so that it is known again."""
    said = {name: value for name, value in message.items() if name != "id" and value is not None}
    return said | {"session": str(message.get("session"))}


def require_act(actor: Actor, session: LiveSession, action: Action) -> None:
    """Raise unless the actor may be in the room at this moment, and may do this there."""
    require_present(actor, session)
    require(actor, action, GroupId(session.group_id), openness_now(session), what=_("This session"))


def require_open(session: LiveSession) -> None:
    if session.state != State.OPEN:
        raise Closed(not_open(session.state), state=session.state)


def require_running(session: LiveSession) -> None:
    if session.state not in (State.OPEN, State.SUSPENDED):
        raise Closed(not_open(session.state), state=session.state)


def require_not_over(session: LiveSession) -> None:
    if session.state in OVER:
        cancelled = session.state == State.CANCELLED
        raise Closed(_("The session is cancelled.") if cancelled else _("The session is closed."), state=session.state)


def require_names(session: LiveSession) -> None:
    if not is_attributed(session):
        raise Closed(_("No names are kept in this segment, and this needs one. Do it when the Chair ends the segment."))


def append_act(
    tx: Transaction,
    actor: Actor,
    session: LiveSession,
    type_: str,
    data: Mapping[str, Any],
    *,
    on_behalf_of: str | None = None,
) -> Envelope:
    """Record an act where the session is now, in the name that is kept there."""
    return tx.append(channel_now(session), type_, author_in(actor, session, on_behalf_of), data)


def not_open(state: str) -> str:
    return {
        "scheduled": _("The session is not open yet. What you wrote is kept here."),
        "suspended": _("The session is suspended. What you wrote is kept here; send it when the Chair resumes."),
        "closed": _("The session is closed. What you wrote is kept here, but can no longer be sent."),
        "postponed": _("The session is postponed. What you wrote is kept here."),
        "cancelled": _("The session is cancelled. What you wrote is kept here, but cannot be sent."),
    }[state]
