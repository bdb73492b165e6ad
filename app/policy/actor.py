"""Who acts: the person as the agent of a party, with all that the policy needs to know of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NewType

from app.policy.table import Forum, Role

UserId = NewType("UserId", int)
PartyId = NewType("PartyId", int)
GroupId = NewType("GroupId", int)


class PartyKind(StrEnum):
    """Kinds of participant (domain brief §1.1)."""

    MEMBER_STATE = "member_state"
    OBSERVER_STATE = "observer_state"
    REGIONAL_ORG = "regional_org"
    IGO = "igo"
    SPECIAL_OBSERVER = "special_observer"
    UN_ENTITY = "un_entity"
    NGO_ECOSOC = "ngo_ecosoc"
    STAKEHOLDER = "stakeholder"


class DelegationRole(StrEnum):
    """What a person is in their delegation. Only head and negotiator speak in its name."""

    HEAD = "head"
    NEGOTIATOR = "negotiator"
    EXPERT = "expert"
    VIEWER = "viewer"


class Office(StrEnum):
    """What a person is in a working group, apart from any delegation."""

    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"
    FACILITATOR = "facilitator"
    SECRETARIAT = "secretariat"
    OBSERVER = "observer"


class PlatformRole(StrEnum):
    """What a person does for the whole platform. The secretariat keeps accounts and groups; operators keep machines."""

    SECRETARIAT = "secretariat"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person at one moment, or the public when `user_id` is None. Made fresh for every command."""

    user_id: UserId | None = None
    name: str = ""
    party_id: PartyId | None = None
    party_code: str | None = None
    party_kind: PartyKind | None = None
    delegation_role: DelegationRole | None = None
    platform_role: PlatformRole | None = None
    entrusted: bool = False
    """The head of delegation lets this negotiator vote and break silence."""
    offices: Mapping[GroupId, Office] = field(default_factory=dict)
    member_of: frozenset[GroupId] = frozenset()
    """The working groups of which this person's party is a member or, by its kind, an observer."""
    reads: Mapping[GroupId, frozenset[Forum]] = field(default_factory=dict)
    """Of a display, which is nobody: the rooms that it was opened for. It looks into them, and does nothing else."""
    speaks_for: Mapping[str, str] = field(default_factory=dict)
    """Groups of States in whose name this person may speak: code to English name."""

    @property
    def signed_in(self) -> bool:
        return self.user_id is not None

    @property
    def key(self) -> str:
        """One spelling of who this is, for idempotency and rate limits."""
        return f"user:{self.user_id}" if self.user_id is not None else "public"


PUBLIC = Actor()

_ROLE_OF_OFFICE = {
    Office.CHAIR: Role.CHAIR,
    Office.VICE_CHAIR: Role.VICE_CHAIR,
    Office.FACILITATOR: Role.FACILITATOR,
    Office.SECRETARIAT: Role.SECRETARIAT,
    Office.OBSERVER: Role.OBSERVER,
}
_ROLE_OF_DELEGATE = {
    DelegationRole.HEAD: Role.HEAD,
    DelegationRole.NEGOTIATOR: Role.NEGOTIATOR,
    DelegationRole.EXPERT: Role.EXPERT,
    DelegationRole.VIEWER: Role.VIEWER,
}
_ROLE_OF_KIND = {
    PartyKind.OBSERVER_STATE: Role.OBSERVER_STATE,
    PartyKind.REGIONAL_ORG: Role.OBSERVER_STATE,
    PartyKind.IGO: Role.OBSERVER,
    PartyKind.SPECIAL_OBSERVER: Role.OBSERVER,
    PartyKind.UN_ENTITY: Role.OBSERVER,
    PartyKind.NGO_ECOSOC: Role.STAKEHOLDER,
    PartyKind.STAKEHOLDER: Role.STAKEHOLDER,
}


def role_in(actor: Actor, group: GroupId | None) -> Role:
    """The role of `actor` in a working group. An office outweighs the delegation; an outsider is the public."""
    if group is not None and group in actor.offices:
        return _ROLE_OF_OFFICE[actor.offices[group]]
    if actor.platform_role is PlatformRole.SECRETARIAT:
        return Role.SECRETARIAT
    if group is None or group not in actor.member_of or actor.party_kind is None:
        return Role.PUBLIC
    if actor.party_kind is PartyKind.MEMBER_STATE:
        return _ROLE_OF_DELEGATE[actor.delegation_role or DelegationRole.VIEWER]
    return _observer_role(actor.party_kind, actor.delegation_role)


def _observer_role(kind: PartyKind, delegation_role: DelegationRole | None) -> Role:
    """An observer State's expert or viewer reads as an observer: only its voice may speak."""
    role = _ROLE_OF_KIND[kind]
    voice = delegation_role in (DelegationRole.HEAD, DelegationRole.NEGOTIATOR)
    return role if voice or role is not Role.OBSERVER_STATE else Role.OBSERVER


def role_name(role: Role) -> str:
    """The role as events name it: delegates are delegates, whatever their place in the delegation."""
    if role in (Role.HEAD, Role.NEGOTIATOR, Role.EXPERT, Role.VIEWER, Role.OBSERVER_STATE):
        return "delegate"
    return str(role)


def envelope_actor(actor: Actor, role: Role, on_behalf_of: str | None = None) -> dict[str, Any]:
    """The `actor` member of an event. An officer acts for nobody's delegation while in office."""
    office = role in (Role.CHAIR, Role.VICE_CHAIR, Role.FACILITATOR, Role.SECRETARIAT)
    return {
        "user": str(actor.user_id) if actor.user_id is not None else None,
        "name": actor.name,
        "delegation": None if office else actor.party_code,
        "on_behalf_of": on_behalf_of,
        "role": role_name(role),
    }


OPENNESS_FORUM = {
    "public": Forum.PUBLIC,
    "observers": Forum.INFORMAL,
    "members": Forum.MEMBERS,
    "invited": Forum.INVITED,
}
"""The words of the contract for how open a group or a session is, and the forum that they mean."""
