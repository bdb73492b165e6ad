"""In whose name the floor is asked for, and the category that it has in the order of speakers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select

from app.accounts.models import Member, Party, StateGroup, StateGroupMember
from app.errors import Forbidden, Invalid
from app.extensions import db
from app.groups.services import words
from app.live.models import LiveSession
from app.policy import Actor, PartyKind

JOINT_LIMIT = 100

_CATEGORY = {
    PartyKind.MEMBER_STATE: "member_state",
    PartyKind.OBSERVER_STATE: "observer_state",
    PartyKind.REGIONAL_ORG: "regional_org",
    PartyKind.IGO: "igo",
    PartyKind.UN_ENTITY: "igo",
    PartyKind.SPECIAL_OBSERVER: "special_observer",
    PartyKind.NGO_ECOSOC: "stakeholder",
    PartyKind.STAKEHOLDER: "stakeholder",
}


@dataclass(frozen=True, slots=True)
class Voice:
    """A delegation, and for whom else it speaks: the English name of a group of States, parties that join in."""

    delegation: str
    kind: PartyKind
    on_behalf_of: str | None = None
    joint: tuple[str, ...] = ()


def category_of(voice: Voice) -> str:
    """Its category in the rule set's order. Who speaks for others speaks as a group, and as long."""
    return "group" if voice.on_behalf_of or voice.joint else _CATEGORY[voice.kind]


def voice_of_actor(actor: Actor, session: LiveSession, on_behalf_of: Any, joint: Any) -> Voice:
    """The voice that a delegate claims. Raises Forbidden, Invalid."""
    if not isinstance(on_behalf_of, str | None):
        raise Invalid(_("Say in whose name by a code or a name."), field="on_behalf_of")
    signed = words.signed(actor, session.group_id, on_behalf_of or None)
    assert actor.party_code is not None
    assert actor.party_kind is not None
    joined = _joint(session, actor.party_code, joint)
    return Voice(actor.party_code, actor.party_kind, signed["on_behalf_of"], joined)


def voice_of_party(session: LiveSession, delegation: Any, on_behalf_of: Any, joint: Any) -> Voice:
    """The voice of a party of the working group, as the secretariat writes it down. Raises Invalid, Forbidden."""
    party = db.session.scalar(_members(session).where(Party.code == str(delegation or "")[:20]))
    if party is None:
        raise Invalid(_("This is no delegation of the working group."), field="delegation")
    behalf = _group_of(party, on_behalf_of) if on_behalf_of else None
    return Voice(party.code, PartyKind(party.kind), behalf, _joint(session, party.code, joint))


def groups_spoken_for(party_ids: Sequence[int]) -> dict[int, list[StateGroup]]:
    """Party to the groups of States for which it speaks today."""
    today = date.today()
    rows = db.session.scalars(
        select(StateGroupMember).where(
            StateGroupMember.party_id.in_(party_ids),
            StateGroupMember.speaks,
            or_(StateGroupMember.since.is_(None), StateGroupMember.since <= today),
            or_(StateGroupMember.until.is_(None), StateGroupMember.until > today),
        )
    )
    found: dict[int, list[StateGroup]] = {}
    for row in rows:
        found.setdefault(row.party_id, []).append(row.group)
    return found


def _group_of(party: Party, wanted: Any) -> str:
    for group in groups_spoken_for([party.id]).get(party.id, []):
        if wanted in (group.code, group.name()):
            return group.name()
    raise Forbidden(_("This delegation does not speak for this group of States."), field="on_behalf_of")


def _joint(session: LiveSession, delegation: str, joint: Any) -> tuple[str, ...]:
    """The parties that join in a statement: of the working group, each once, in the order of their codes."""
    if joint in (None, ""):
        return ()
    if not isinstance(joint, list | tuple) or not all(isinstance(code, str) for code in joint):
        raise Invalid(_("Name the delegations that join in by their codes."), field="joint")
    wanted = sorted(set(joint) - {delegation, ""})
    if len(wanted) > JOINT_LIMIT:
        raise Invalid(_("At most %(number)s delegations can be named.", number=JOINT_LIMIT), field="joint")
    known = {party.code for party in db.session.scalars(_members(session).where(Party.code.in_(wanted)))}
    if unknown := [code for code in wanted if code not in known]:
        raise Invalid(_("%(code)s is no delegation of the working group.", code=unknown[0][:20]), field="joint")
    return tuple(wanted)


def _members(session: LiveSession) -> Any:
    return select(Party).join(Member, Member.party_id == Party.id).where(Member.group_id == session.group_id)
