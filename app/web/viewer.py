"""Who reads a page, in the words that the page shows."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from app.accounts.queries import current_actor, party_names, state_group_names
from app.policy import Actor, DelegationRole, Office, PlatformRole
from app.web.locale import current_language


@dataclass(frozen=True, slots=True)
class Viewer:
    """The permanent label of whom one acts for. `actor` is what the policy sees."""

    actor: Actor
    signed_in: bool
    name: str
    delegation_code: str | None
    delegation_name: str | None
    role_label: str
    initials: str
    is_secretariat: bool
    is_head: bool


def current_viewer() -> Viewer:
    return viewer_of(current_actor())


def viewer_of(actor: Actor) -> Viewer:
    delegation = party_name(actor.party_code) if actor.party_code else None
    return Viewer(
        actor=actor,
        signed_in=actor.signed_in,
        name=actor.name,
        delegation_code=actor.party_code,
        delegation_name=delegation,
        role_label=role_label(actor),
        initials=(actor.party_code or "".join(word[0] for word in actor.name.split()[:2]) or "?")[:3],
        is_secretariat=actor.platform_role is PlatformRole.SECRETARIAT,
        is_head=actor.delegation_role is DelegationRole.HEAD,
    )


def role_label(actor: Actor) -> str:
    """What the person is, in one or two words: their place in the delegation, else their office."""
    if actor.delegation_role:
        return delegation_role_label(actor.delegation_role)
    if actor.platform_role is PlatformRole.SECRETARIAT:
        return _("Secretariat")
    ranks = list(Office)
    offices = sorted(set(actor.offices.values()), key=ranks.index)
    return office_label(offices[0]) if offices else _("Reader")


def delegation_role_label(role: str) -> str:
    return {
        DelegationRole.HEAD: _("Head of delegation"),
        DelegationRole.NEGOTIATOR: _("Negotiator"),
        DelegationRole.EXPERT: _("Expert"),
        DelegationRole.VIEWER: _("Viewer"),
    }[DelegationRole(role)]


def office_label(office: str) -> str:
    return {
        Office.CHAIR: _("Chair"),
        Office.VICE_CHAIR: _("Vice-Chair"),
        Office.FACILITATOR: _("Facilitator"),
        Office.SECRETARIAT: _("Secretariat"),
        Office.OBSERVER: _("Observer"),
    }[Office(office)]


def party_name(code: str | None) -> str:
    """The UN short name of a party in the language of the page."""
    if not code:
        return ""
    return party_names(current_language()).get(code, code)


def state_group_name(kept: str | None) -> str:
    """The name of a group of States in the language of the page; as it is kept where no group is known by it."""
    return state_group_names(current_language()).get(kept, kept) if kept else ""


def speaker_name(actor: dict[str, str | None]) -> str:
    """How the author of an event or post is shown: the delegation, the office of an officer, or that none is kept."""
    if actor.get("delegation"):
        return party_name(actor["delegation"])
    role = actor.get("role") or ""
    offices = {office.value for office in Office}
    if role in offices:
        return office_label(role)
    return actor.get("name") or (_("No name is kept") if role == "delegate" else _("System"))
