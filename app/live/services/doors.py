"""Who may be in the room and whose names are kept: segments, and what was said to fewer staying with them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.core.rules import sessions as rules
from app.errors import Closed, Invalid
from app.extensions import db
from app.live.acting import held_session, require_not_over
from app.live.models import LiveSession
from app.live.segments import announced_now, openness_now
from app.live.services.checks import actor_in, check_openness, require_chair
from app.policy import Action, Actor
from app.record import Envelope, Transaction, events_of, transaction


def set_mode(actor: Actor, session_id: int, *, mode: Any = None, openness: Any = None, attribution: Any = None) -> int:
    """Begin a segment: formal or informal, open to whom, attributed or not. What is None stays as it is.

    While the session runs, to open it to fewer begins a closed segment, recorded where only they can read; to open
    it to all again ends it. Before and after, the announcement itself is changed. Who may not be in the room any
    more is out before the next word. Returns the event's seq in the session's own channel.
    """
    with transaction() as tx:
        session = held_session(session_id, exclusive=True)
        require_chair(actor, session, Action.SET_OPENNESS)
        openness = openness_now(session) if openness is None else openness
        check_openness(openness, session.group)
        if session.published_at:
            raise Closed(_("The record is published: its openness stays as it is."))
        if mode or attribution:
            require_not_over(session)
        tx.rights_changed(f"session:{session.id}")
        by, before, seq = actor_in(actor, session), _segment(session), 0
        if not _is_running(session) or rules.is_wider(openness, session.openness):
            _require_nothing_said_behind_doors(session, openness)
            seq = _announce_openness(tx, by, session, openness)
        if _is_running(session) or mode or attribution:
            seq = _begin_segment(tx, by, session, before, openness, mode=mode, attribution=attribution)
        return seq


def set_openness(actor: Actor, session_id: int, openness: str) -> int:
    """Change who may be in the room, and nothing else. Returns the event's seq."""
    return set_mode(actor, session_id, openness=openness)


def follow_group(event: Envelope) -> None:
    """The group opens to fewer, and its sessions with it, in the same transaction.

    A session that was only held back by its group would open again with it, and tell what was said meanwhile. So it
    is narrowed itself; whether it may open again is asked as of any other.
    """
    said = json.loads(event.body)
    openness, group_id = said["data"]["openness"], int(event.channel.split(":")[1])
    query = select(LiveSession).where(LiveSession.group_id == group_id, LiveSession.published_at.is_(None))
    held = query.order_by(LiveSession.id).with_for_update(key_share=True, of=LiveSession)
    with transaction() as tx:
        for session in db.session.scalars(held.execution_options(populate_existing=True)).all():
            if rules.is_wider(session.openness, openness):
                _narrow(tx, said["actor"], session, openness)


def _narrow(tx: Transaction, by: Mapping[str, Any], session: LiveSession, openness: str) -> None:
    now, before = announced_now(session), _segment(session) | {"openness": announced_now(session)}
    _announce_openness(tx, by, session, openness)
    if _is_running(session):
        _begin_segment(tx, by, session, before, rules.narrowest(now, openness))


SAYS_NOTHING = ("session.", "focus.moved", "version.tabled", "display.")
"""How the types of events begin that hold no words of the room: acts of the chair, which a session was told of.

Any other one, of a feature that is yet to come too, counts as something that was said.
"""


def _require_nothing_said_behind_doors(session: LiveSession, openness: str) -> None:
    """What was said while fewer could hear stays with those who could: then the session never opens wider again."""
    said_to = session.openness
    if not rules.is_wider(openness, said_to):
        return
    for event in reversed(events_of([session.channel])):
        if not event.type.startswith(SAYS_NOTHING) and rules.is_wider(openness, said_to):
            raise Closed(
                _(
                    "Something was said while this session was open to fewer. It stays with them: close this session, "
                    "and open another one for those who join."
                ),
                field="openness",
            )
        if event.type == "session.openness":
            said_to = json.loads(event.body)["data"]["before"]


def _begin_segment(
    tx: Transaction,
    by: Mapping[str, Any],
    session: LiveSession,
    before: Mapping[str, str],
    openness: str,
    *,
    mode: Any = None,
    attribution: Any = None,
) -> int:
    session.mode = _one_of(rules.Mode, mode or session.mode, "mode")
    session.attribution = _one_of(rules.Attribution, attribution or session.attribution, "attribution")
    session.segment_openness = openness if rules.is_wider(session.openness, openness) else None
    session.segment_since, session.segment_focus = tx.now, session.focus
    session.focus_proposal = None
    data = {**_segment(session), "before": before, "focus": session.focus}
    return tx.append(session.channel, "session.mode", by, data).seq


def _announce_openness(tx: Transaction, by: Mapping[str, Any], session: LiveSession, openness: str) -> int:
    """Attribution stays as it is: the doors are one thing, the names another."""
    data = {"openness": openness, "before": session.openness}
    session.openness = openness
    session.segment_openness = session.segment_focus = session.focus_proposal = None
    return tx.append(session.channel, "session.openness", by, data).seq


def _segment(session: LiveSession) -> dict[str, str]:
    return {"mode": session.mode, "openness": openness_now(session), "attribution": session.attribution}


def _is_running(session: LiveSession) -> bool:
    return session.state in (rules.State.OPEN, rules.State.SUSPENDED)


def _one_of(kind: type[StrEnum], word: Any, field: str) -> str:
    if not isinstance(word, str) or word not in list(kind):
        raise Invalid(_("Choose one of: %(words)s.", words=", ".join(kind)), field=field)
    return str(word)
