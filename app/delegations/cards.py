"""A session as the page of several rooms shows it: its state, where it is, who speaks, how much is new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.delegations import seen
from app.delegations.catchup import unread
from app.drafts.queries import version_paragraphs
from app.floor.queries import floor_as_dict
from app.live.models import LiveSession
from app.live.queries import may_be_present
from app.live.segments import focus_now, is_attributed
from app.live.views import session_view
from app.policy import Actor
from app.record import last_seq


@dataclass(frozen=True, slots=True)
class Card:
    session: dict[str, Any]
    open_to_me: bool
    """May one be in the room at this moment? If not, only that a closed segment goes on is told."""
    focus: str
    floor: dict[str, Any] | None
    unread: int
    needs_me: bool
    seqs: dict[str, int]
    """Channel to the last event that the card is drawn from."""


def card_of(actor: Actor, session: LiveSession, needs_me: bool) -> Card:
    present = may_be_present(actor, session)
    seqs = {channel: last_seq(channel) for channel in seen.channels_of(actor, session)}
    return Card(
        session=session_view(session),
        open_to_me=present,
        focus=_focus(session) if present else "",
        floor=floor_as_dict(session) if present and is_attributed(session) else None,
        unread=unread(actor, session),
        needs_me=needs_me,
        seqs=seqs,
    )


def _focus(session: LiveSession) -> str:
    wid = focus_now(session)
    if wid is None or session.version_id is None:
        return ""
    return next((row.label for row in version_paragraphs(session.version_id) if row.wid == wid), "")
