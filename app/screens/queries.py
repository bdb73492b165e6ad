"""Reads of displays: which one a code or a token opens, as whom it reads, what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import current_app
from markupsafe import Markup
from sqlalchemy import select

from app.agreement.views import OnScreen, on_screen
from app.core.rules.sessions import State
from app.core.text.brackets import CompiledParagraph
from app.decisions.views import screen
from app.extensions import db
from app.floor.queries import floor_as_dict
from app.live.models import LiveSession
from app.live.queries import may_be_present, proposal_in_focus
from app.live.segments import focus_now, is_attributed
from app.policy import PUBLIC, Actor, Forum, GroupId
from app.proposals.pages import Bracketed, Card, cards
from app.screens.codes import code_hash, read_code, read_token, token_of
from app.screens.models import Display

OUTSIDE = frozenset({Forum.PUBLIC, Forum.INFORMAL})
"""What any display shows: what the public and the observers may see."""
IN_ROOM = OUTSIDE | {Forum.CLOSED, Forum.MEMBERS, Forum.INVITED}
NEXT = 5


def display_by_code(typed: str) -> Display | None:
    """The open display with this code."""
    hashed = code_hash(_secret(), read_code(typed))
    return _open(db.session.scalar(select(Display).where(Display.code_hash == hashed)))


def display_by_token(token: str) -> Display | None:
    """The open display with this token."""
    said = read_token(_secret(), token)
    display = db.session.get(Display, said[0], populate_existing=True) if said else None
    return _open(display) if display and said and display.code_hash.startswith(said[1]) else None


def token_for(display: Display) -> str:
    return token_of(_secret(), display.id, display.code_hash)


def actor_of(display: Display | None) -> Actor:
    """As whom a display reads: nobody, who may look into the rooms of one group as far as it was opened for."""
    if display is None:
        return PUBLIC
    return Actor(reads={GroupId(display.session.group_id): IN_ROOM if display.in_room else OUTSIDE})


def _open(display: Display | None) -> Display | None:
    """A display lives until it is revoked or its session is closed."""
    if display is None or display.revoked_at is not None:
        return None
    state = db.session.scalar(select(LiveSession.state).where(LiveSession.id == display.session_id))
    return display if state != State.CLOSED else None


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])


@dataclass(frozen=True, slots=True)
class Stage:
    """What a display shows now. Behind a closed door it shows that, and nothing else."""

    session: LiveSession
    behind_doors: bool
    paragraphs: tuple[CompiledParagraph, ...] = ()
    whole: bool = True
    proposal: Card | None = None
    """The one proposal of which the room speaks; it stands in place of the paragraph with all of them."""
    floor: dict[str, Any] | None = None
    decision: Markup | None = None
    """What is before the meeting to decide; it stands in place of the text."""
    bridging: OnScreen | None = None


def stage_of(display: Display) -> Stage:
    session = db.session.get_one(LiveSession, display.session_id, populate_existing=True)
    actor = actor_of(display)
    if not may_be_present(actor, session):
        return Stage(session, behind_doors=True)
    focus = focus_now(session)
    proposed = proposal_in_focus(actor, session)
    found = Bracketed(actor, session.version, {}) if session.version else None
    paragraphs = found.paragraphs if found else []
    if focus and found:
        paragraphs = [p for p in paragraphs if focus in (p.paragraph.id, found.place(p))]
    floor = floor_as_dict(session) if is_attributed(session) else None
    decision = screen(actor, session, datetime.now(UTC))
    bridging = on_screen(actor, session.version, focus) if focus and session.version else None
    card = cards(actor, [proposed])[0] if proposed else None
    return Stage(session, False, tuple(paragraphs), focus is None, card, floor, decision, bridging)
