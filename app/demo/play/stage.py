"""The room in which a session is played: a group of its own with its text, delegations with a token each."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

import app.accounts.reference as reference
from app.accounts.models import Member, Officer, Party, User
from app.accounts.queries import actor_for, user_by_email
from app.accounts.services import add_user, issue_token
from app.demo.loader import LOADER, MARK, paragraph_id, read_paragraph
from app.drafts import services as drafts
from app.drafts.models import Draft, Version
from app.errors import Closed, Invalid, NotFound
from app.extensions import db
from app.groups import services as groups
from app.groups.models import Group
from app.live import services as live
from app.live.models import LiveSession
from app.policy import DelegationRole, Office, PartyKind
from app.record import transaction

CONTENT = Path(__file__).resolve().parents[1] / "content"
TEXT = "support-elements"
"""The text of the demo world that is read; its paragraphs keep their identities."""
OFFICERS = {
    "chair": Office.CHAIR,
    "facilitator": Office.FACILITATOR,
    "secretariat": Office.SECRETARIAT,
    "observer": Office.OBSERVER,
}
"""Seats that are no delegation's: the name before the @ of the account, and the office in the group."""
LEAST = 10
"""Fewer delegations make no meeting."""
OBSERVERS = ("EU", "ICRC")
"""Parties that are no States and take part as well; they are outside when the members are among themselves."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What the player needs to know of the room."""

    session: int
    group: str
    version: int
    opened: bool
    """Was the session open before the play?"""
    paragraphs: Mapping[str, tuple[str, str]]
    """Key in the demo content to identity and words."""
    tokens: Mapping[str, str]
    """Seat (an office, or the code of a party) to its token."""
    states: tuple[str, ...]
    """Member States among the seats."""

    @property
    def delegations(self) -> tuple[str, ...]:
        return tuple(seat for seat in self.tokens if seat not in OFFICERS)


def bank() -> dict[str, Any]:
    """What is said in the play."""
    content: dict[str, Any] = json.loads((CONTENT / "play.json").read_text("utf-8"))
    return content


def new_stage(delegations: int, seed: int) -> Stage:
    """Make a group with so many delegations, its text and a scheduled session. The demo world must be there."""
    wanted = _codes(delegations)
    with transaction():
        people = _officers() | {code: _delegate(code, number, seed) for number, code in enumerate(wanted)}
        group = _group(wanted, people)
        version = _text(people["chair"], group)
        said = bank()["group"]
        session = live.schedule_session(
            actor_for(people["chair"]),
            group,
            said["session"],
            "public",
            version_id=version.id,
            agenda_item=said["agenda_item"],
            starts_at=datetime.now(UTC).replace(second=0, microsecond=0),
        )
        return _stage(session, people)


def stage_of(session_id: int) -> Stage:
    """A session that is there: its delegations of the demo world play. Raises NotFound, Closed or Invalid."""
    session = db.session.get(LiveSession, session_id)
    if session is None:
        raise NotFound(f"There is no session {session_id}.")
    if session.state == "closed":
        raise Closed("This session is closed. Play another one, or a new one.")
    if session.version is None:
        raise Invalid("There is no text on the table of this session.")
    with transaction():
        codes = db.session.scalars(select(Party.code).join(Member).where(Member.group_id == session.group_id))
        people = _officers()
        people |= {code: user for code in sorted(codes) if (user := user_by_email(_email(code))) and user.demo}
        if len(people) - len(OFFICERS) < LEAST:
            raise Invalid(f"Fewer than {LEAST} delegations of the demo world are in this group.")
        return _stage(session, people)


def _stage(session: LiveSession, people: Mapping[str, User]) -> Stage:
    assert session.version is not None
    words = {row.wid: row.text for row in session.version.paragraphs}
    keys = {item["key"]: paragraph_id(TEXT, item["key"]) for item in _paragraphs()}
    return Stage(
        session=session.id,
        group=session.group.slug,
        version=session.version.id,
        opened=session.state != "scheduled",
        paragraphs={key: (wid, words[wid]) for key, wid in keys.items() if wid in words},
        tokens={seat: issue_token(LOADER, user, "play") for seat, user in people.items()},
        states=tuple(c for c, user in people.items() if user.party and user.party.kind == PartyKind.MEMBER_STATE),
    )


def _codes(number: int) -> list[str]:
    """Which delegations come: those of the demo world's first group, observers, then more States."""
    states = [state.code for state in reference.states() if state.kind == PartyKind.MEMBER_STATE]
    if not LEAST <= number <= len(states) + len(OBSERVERS):
        raise Invalid(f"A session is played by {LEAST} to {len(states) + len(OBSERVERS)} delegations.")
    known = json.loads((CONTENT / "groups.json").read_text("utf-8"))["groups"][0]["members"]
    order = dict.fromkeys([*known[: number - len(OBSERVERS)], *OBSERVERS, *known, *bank()["more_states"], *states])
    return list(order)[:number]


def _officers() -> dict[str, User]:
    found = {seat: user_by_email(f"{seat}@chapeau.example") for seat in OFFICERS}
    there = {seat: user for seat, user in found.items() if user is not None and user.demo}
    if len(there) < len(OFFICERS):
        raise NotFound("The demo world is not here. Load it first: ./chapeau flask demo load")
    return there


def _email(code: str) -> str:
    return f"{code.lower()}@chapeau.example"


def _delegate(code: str, number: int, seed: int) -> User:
    """The negotiator of a party; made, with an invented name, when the demo world has none."""
    if (known := user_by_email(_email(code))) is not None:
        return known
    names = bank()["surnames"]
    initial = random.Random(f"{seed}/{code}").choice("ABCEFHIJKLMNOPRSTV")
    user = add_user(
        LOADER,
        _email(code),
        f"{initial}. {names[number % len(names)]}",
        party_code=code,
        delegation_role=DelegationRole.NEGOTIATOR,
        demo=True,
    )
    # The demo world's password, so that one may sit down beside the script as any delegation.
    chair = user_by_email(MARK)
    user.password_hash = chair.password_hash if chair else None
    user.entrusted = True
    return user


def _group(codes: list[str], people: Mapping[str, User]) -> Group:
    said = bank()["group"]
    number = (db.session.scalar(select(func.max(Group.id))) or 0) + 1
    group = groups.create_group(
        LOADER,
        slug=f"committee-{number}",
        title=said["title"],
        mandate=said["mandate"],
        pillars=["norms", "capacity_building"],
        openness="public",
    )
    now = datetime.now(UTC)
    for party in db.session.scalars(select(Party).where(Party.code.in_(codes))):
        db.session.add(Member(group_id=group.id, party_id=party.id, joined_at=now))
    for seat, office in OFFICERS.items():
        db.session.add(Officer(group_id=group.id, user_id=people[seat].id, office=office))
    db.session.flush()
    return group


def _text(chair: User, group: Group) -> Version:
    said = bank()["group"]
    items = _paragraphs()
    paragraphs = [read_paragraph(TEXT, item) for item in items]
    tags = {paragraph_id(TEXT, item["key"]): (item["pillars"], item["norm"]) for item in items}
    draft: Draft
    draft, _working = drafts.create_draft(actor_for(chair), group, said["draft"], "resolution", paragraphs, tags)
    return drafts.issue_version(actor_for(chair), draft.id, label=said["label"])


def _paragraphs() -> list[dict[str, Any]]:
    content = json.loads((CONTENT / "drafts" / f"{TEXT}.json").read_text("utf-8"))
    found: list[dict[str, Any]] = content["versions"][-1]["paragraphs"]
    return found
