"""What the pages of groups show: labels and plain data for the templates, made from what the queries read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from app.accounts.models import Party
from app.accounts.queries import state_groups
from app.groups.models import Group, Thread
from app.policy import Action, Actor, GroupId, PartyKind, actions


def openness_label(openness: str) -> str:
    return {
        "public": _("Public"),
        "observers": _("Members and observers"),
        "members": _("Members only"),
        "invited": _("By invitation"),
    }[openness]


def openness_choices() -> list[tuple[str, str]]:
    return [
        ("public", _("Public: everybody reads")),
        ("observers", _("Members and observers")),
        ("members", _("Members only")),
        ("invited", _("By invitation: heads, negotiators and officers of the parties named")),
    ]


def kind_label(kind: str) -> str:
    """The heading over the parties of a kind."""
    return {
        PartyKind.MEMBER_STATE: _("Member States"),
        PartyKind.OBSERVER_STATE: _("Observer States"),
        PartyKind.REGIONAL_ORG: _("Regional organizations"),
        PartyKind.IGO: _("Intergovernmental organizations"),
        PartyKind.SPECIAL_OBSERVER: _("Observers"),
        PartyKind.UN_ENTITY: _("United Nations entities"),
        PartyKind.NGO_ECOSOC: _("Non-governmental organizations"),
        PartyKind.STAKEHOLDER: _("Stakeholders"),
    }[PartyKind(kind)]


@dataclass(frozen=True, slots=True)
class MemberBlock:
    """Members of one region or kind, with their names in the language of the page, in its order."""

    title: str
    parties: list[tuple[str, str]]
    """Code and name."""


def member_blocks(parties: Sequence[Party], locale: str) -> list[MemberBlock]:
    """Member States by region, in the order of their names; then those who observe, by kind."""
    regions = {group.code: group.name(locale) for group in state_groups() if group.kind == "regional"}
    blocks: dict[tuple[int, str], list[tuple[str, str]]] = {}
    kinds = list(PartyKind)
    for party in parties:
        state = party.kind == PartyKind.MEMBER_STATE
        title = regions.get(party.region or "", kind_label(party.kind)) if state else kind_label(party.kind)
        blocks.setdefault((kinds.index(PartyKind(party.kind)), title), []).append((party.code, party.name(locale)))
    return [
        MemberBlock(title, sorted(names, key=lambda name: name[1].casefold()))
        for (_kind, title), names in sorted(blocks.items())
    ]


def rights_in(actor: Actor, group: Group) -> frozenset[str]:
    """The names of the actions that the pages ask about."""
    return frozenset(actions(actor, GroupId(group.id), group.openness))


def may_write(actor: Actor, thread: Thread) -> bool:
    return not thread.closed and Action.COMMENT in rights_in(actor, thread.group)


def speaking_choices(actor: Actor, group: Group, own: str) -> list[tuple[str, str]]:
    """For whom the actor may speak here: `own` is what they are otherwise. Officers speak for no group of States."""
    if GroupId(group.id) in actor.offices:
        return [("", own)]
    return [
        ("", own),
        *((code, _("on behalf of the %(group)s", group=name)) for code, name in actor.speaks_for.items()),
    ]
