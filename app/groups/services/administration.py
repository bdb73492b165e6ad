"""Commands on the group itself: what it is for, how open it is, which parties belong to it, who serves it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.models import Member, Officer, Party, User
from app.core.markup import render
from app.core.pillars import PILLARS
from app.core.rules.rulesets import DEFAULT, RULESETS
from app.errors import Conflict, Invalid, NotFound
from app.extensions import db
from app.groups.models import Group
from app.groups.services.words import MANDATE_LIMIT, checked_line, checked_text, signed
from app.policy import OPENNESS_FORUM, Action, Actor, Forum, GroupId, Office, require
from app.record import Transaction, transaction

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SLUG_LIMIT = 80
RESERVED_SLUGS = frozenset({"new"})


def create_group(
    actor: Actor,
    slug: str,
    title: str,
    openness: str,
    mandate: str = "",
    pillars: Sequence[str] = (),
    ruleset: str = DEFAULT,
) -> Group:
    """Set up a working group. For the platform's secretariat."""
    with transaction() as tx:
        # Of no group yet: only who serves the whole platform has a role there.
        require(actor, Action.MANAGE_MEMBERS, None, Forum.PUBLIC)
        group = Group(slug=_free_slug(slug), created_at=tx.now, openness=_openness(openness), members=[], officers=[])
        _describe(group, title, mandate, pillars, ruleset)
        db.session.add(group)
        db.session.flush()
        _append(tx, actor, group, "group.created", _description(group) | {"openness": group.openness})
        return group


def update_group(
    actor: Actor,
    group: Group,
    *,
    title: str,
    mandate: str,
    pillars: Sequence[str],
    openness: str | None = None,
    ruleset: str | None = None,
) -> Group:
    """Change what a group is for, and the rules that it follows from now on.

    A change of `openness` is an act of its own, for the chair. Whoever may not read the group any more is out of
    its rooms before the next word.
    """
    with transaction() as tx:
        group = _managed(actor, group)
        before = _description(group)
        _describe(group, title, mandate, pillars, group.ruleset if ruleset is None else ruleset)
        if _description(group) != before:
            _append(tx, actor, group, "group.updated", _description(group))
        if openness is not None and openness != group.openness:
            _change_openness(tx, actor, group, _openness(openness))
        return group


def add_member(actor: Actor, group: Group, party_code: str) -> Member:
    """Make a party a member of the group or, by its kind, an observer in it."""
    with transaction() as tx:
        group = _managed(actor, group)
        party = _party(party_code)
        if _member(group, party) is not None:
            raise Conflict(_("This delegation is in the group already."), field="party")
        member = Member(group_id=group.id, party_id=party.id, joined_at=tx.now)
        db.session.add(member)
        db.session.flush()
        _append(tx, actor, group, "group.member_added", {"party": party.code})
        tx.rights_changed(f"group:{group.id}")
        return member


def remove_member(actor: Actor, group: Group, party_code: str) -> None:
    """Take a party out of the group. What it said stays."""
    with transaction() as tx:
        group = _managed(actor, group)
        party = _party(party_code)
        member = _member(group, party)
        if member is None:
            raise NotFound(_("This delegation is not in the group."), field="party")
        db.session.delete(member)
        _append(tx, actor, group, "group.member_removed", {"party": party.code})
        tx.rights_changed(f"group:{group.id}")


def set_officer(actor: Actor, group: Group, user_id: int, office: str) -> Officer:
    """Give a person an office in the group, in place of the one that they had there."""
    with transaction() as tx:
        group = _managed(actor, group)
        user = _user(user_id)
        officer = _officer(group, user)
        if officer is None:
            officer = Officer(group_id=group.id, user_id=user.id)
            db.session.add(officer)
        officer.office = _office(office)
        db.session.flush()
        _append(
            tx, actor, group, "group.officer_set", {"user": str(user.id), "name": user.name, "office": officer.office}
        )
        tx.rights_changed(f"group:{group.id}", f"user:{user.id}")
        return officer


def unset_officer(actor: Actor, group: Group, user_id: int) -> None:
    """End a person's office in the group."""
    with transaction() as tx:
        group = _managed(actor, group)
        user = _user(user_id)
        officer = _officer(group, user)
        if officer is None:
            raise NotFound(_("This person has no office in the group."), field="user")
        data = {"user": str(user.id), "name": user.name, "office": officer.office}
        db.session.delete(officer)
        _append(tx, actor, group, "group.officer_unset", data)
        tx.rights_changed(f"group:{group.id}", f"user:{user.id}")


def _managed(actor: Actor, group: Group) -> Group:
    """The group, read again and locked, when the actor manages it."""
    locked = select(Group).where(Group.id == group.id).with_for_update(key_share=True, of=Group)
    found = db.session.scalar(locked.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(_("This group was not found, or is not open to you."))
    require(actor, Action.MANAGE_MEMBERS, GroupId(found.id), found.openness, what=_("This group"))
    return found


def _describe(group: Group, title: str, mandate: str, pillars: Sequence[str], ruleset: str) -> None:
    group.title = checked_line(title, "title")
    group.mandate = checked_text(mandate, "mandate", MANDATE_LIMIT, required=False)
    group.mandate_html = render(group.mandate)
    group.pillars = _pillars(pillars)
    group.ruleset = _ruleset(ruleset)


def _description(group: Group) -> dict[str, Any]:
    return {
        "id": str(group.id),
        "slug": group.slug,
        "title": group.title,
        "mandate": group.mandate,
        "pillars": list(group.pillars),
        "ruleset": group.ruleset,
    }


def _change_openness(tx: Transaction, actor: Actor, group: Group, openness: str) -> None:
    require(actor, Action.SET_OPENNESS, GroupId(group.id), group.openness, what=_("This group"))
    before, group.openness = group.openness, openness
    _append(tx, actor, group, "group.openness", {"openness": openness, "before": before})
    tx.rights_changed(f"group:{group.id}")


def _append(tx: Transaction, actor: Actor, group: Group, type_: str, data: dict[str, Any]) -> None:
    tx.append(f"group:{group.id}", type_, signed(actor, group.id), data)


def _free_slug(slug: Any) -> str:
    if not isinstance(slug, str) or not SLUG.fullmatch(slug) or len(slug) > SLUG_LIMIT or slug in RESERVED_SLUGS:
        raise Invalid(_("Use small letters a to z, digits and single hyphens, at most 80."), field="slug")
    if db.session.scalar(select(Group.id).where(Group.slug == slug)) is not None:
        raise Conflict(_("There is a group with this address already."), field="slug")
    return slug


def _openness(openness: Any) -> str:
    if openness not in OPENNESS_FORUM:
        raise Invalid(_("The openness must be public, observers, members or invited."), field="openness")
    return str(openness)


def _pillars(pillars: Sequence[str]) -> list[str]:
    if any(pillar not in PILLARS for pillar in pillars):
        raise Invalid(_("There is no such pillar."), field="pillars")
    return [pillar for pillar in PILLARS if pillar in pillars]


def _ruleset(ruleset: Any) -> str:
    if ruleset not in RULESETS:
        raise Invalid(_("There are no such rules of procedure."), field="ruleset")
    return str(ruleset)


def _office(office: Any) -> Office:
    try:
        return Office(office)
    except ValueError:
        raise Invalid(_("There is no such office."), field="office") from None


def _party(code: str) -> Party:
    party = db.session.scalar(select(Party).where(Party.code == code))
    if party is None:
        raise Invalid(_("There is no such delegation."), field="party")
    return party


def _user(user_id: int) -> User:
    user = db.session.get(User, user_id)
    if user is None:
        raise Invalid(_("There is no account of this person."), field="user")
    return user


def _member(group: Group, party: Party) -> Member | None:
    return db.session.scalar(select(Member).where(Member.group_id == group.id, Member.party_id == party.id))


def _officer(group: Group, user: User) -> Officer | None:
    return db.session.scalar(select(Officer).where(Officer.group_id == group.id, Officer.user_id == user.id))
