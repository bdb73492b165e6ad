"""Reads about people and parties, first of all: who acts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import g, has_request_context
from flask_limiter.util import get_remote_address
from flask_login import current_user
from sqlalchemy import func, or_, select

from app.accounts.models import ApiToken, Invitation, Member, Officer, Party, StateGroup, StateGroupMember, User
from app.extensions import db
from app.policy import PUBLIC, Actor, DelegationRole, GroupId, Office, PartyId, PartyKind, PlatformRole, UserId


def current_actor() -> Actor:
    """Who makes this request. Read once a request; a command that must be sure asks `fresh_actor`."""
    if not has_request_context():
        return PUBLIC
    user = current_user._get_current_object()
    if not getattr(user, "is_authenticated", False):
        return PUBLIC
    cached: tuple[int, Actor] | None = g.get("actor")
    if cached is None or cached[0] != user.id:
        cached = g.actor = (user.id, actor_for(user))
    return cached[1]


def writer() -> str:
    """Whom a rate limit counts: the person, wherever they write from."""
    actor = current_actor()
    return actor.key if actor.signed_in else get_remote_address()


def actor_for(user: User) -> Actor:
    """All that the policy needs to know of a person, read now: three queries. The inactive are the public."""
    if not user.active:
        return PUBLIC
    return Actor(
        user_id=UserId(user.id),
        name=user.name,
        party_id=PartyId(user.party_id) if user.party_id else None,
        party_code=user.party.code if user.party else None,
        party_kind=PartyKind(user.party.kind) if user.party else None,
        delegation_role=DelegationRole(user.delegation_role) if user.delegation_role else None,
        platform_role=PlatformRole(user.platform_role) if user.platform_role else None,
        entrusted=user.entrusted,
        offices=_offices(user.id),
        member_of=_member_of(user.party_id),
        speaks_for=_speaks_for(user),
    )


def fresh_actor(user_id: int) -> Actor:
    """The actor as the database knows the person at this moment; the public when the account is gone."""
    user = db.session.get(User, user_id, populate_existing=True)
    return actor_for(user) if user else PUBLIC


def _offices(user_id: int) -> dict[GroupId, Office]:
    rows = db.session.execute(select(Officer.group_id, Officer.office).where(Officer.user_id == user_id))
    return {GroupId(row.group_id): Office(row.office) for row in rows}


def _member_of(party_id: int | None) -> frozenset[GroupId]:
    if party_id is None:
        return frozenset()
    rows = db.session.scalars(select(Member.group_id).where(Member.party_id == party_id))
    return frozenset(GroupId(row) for row in rows)


def _speaks_for(user: User) -> dict[str, str]:
    if user.party_id is None or user.delegation_role not in (DelegationRole.HEAD, DelegationRole.NEGOTIATOR):
        return {}
    today = date.today()
    rows = db.session.scalars(
        select(StateGroup)
        .join(StateGroupMember)
        .where(
            StateGroupMember.party_id == user.party_id,
            StateGroupMember.speaks,
            or_(StateGroupMember.since.is_(None), StateGroupMember.since <= today),
            or_(StateGroupMember.until.is_(None), StateGroupMember.until > today),
        )
        .order_by(StateGroup.code)
    )
    return {group.code: group.name("en") for group in rows}


def user_by_email(email: str) -> User | None:
    return db.session.scalar(select(User).where(User.email == email.strip().lower()))


def party_by_code(code: str) -> Party | None:
    return db.session.scalar(select(Party).where(Party.code == code.strip().upper()))


def parties(kinds: Sequence[PartyKind] | None = None) -> list[Party]:
    """All parties of these kinds, in English alphabetical order."""
    query = select(Party)
    if kinds:
        query = query.where(Party.kind.in_(kinds))
    return sorted(db.session.scalars(query), key=lambda party: party.short["en"].casefold())


def party_names(locale: str) -> dict[str, str]:
    """Code to short name, for pages that show many parties: one query a request."""
    cache: dict[str, dict[str, str]] = g.setdefault("party_names", {}) if has_request_context() else {}
    if locale not in cache:
        cache[locale] = {
            row.code: row.short.get(locale) or row.short["en"] for row in db.session.scalars(select(Party))
        }
    return cache[locale]


def user_by_id(user_id: int | None) -> User | None:
    return db.session.get(User, user_id) if user_id is not None else None


def state_group_by_code(code: str) -> StateGroup | None:
    return db.session.scalar(select(StateGroup).where(StateGroup.code == code))


def people_of(party_id: int | None) -> list[User]:
    """The people of a delegation; with None those who are of no delegation."""
    return list(db.session.scalars(select(User).where(User.party_id == party_id).order_by(User.name)))


def tokens_of(user_id: int) -> list[ApiToken]:
    """The tokens that still open something, newest first."""
    return list(
        db.session.scalars(
            select(ApiToken)
            .where(ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None))
            .order_by(ApiToken.id.desc())
        )
    )


def open_invitations(party_id: int | None) -> list[Invitation]:
    """Invitations not yet used or revoked: of one delegation, or all when `party_id` is None."""
    query = select(Invitation).where(Invitation.used_at.is_(None), Invitation.revoked_at.is_(None))
    if party_id is not None:
        query = query.where(Invitation.party_id == party_id)
    return list(db.session.scalars(query.order_by(Invitation.id.desc())))


def state_groups() -> list[StateGroup]:
    return sorted(db.session.scalars(select(StateGroup)), key=lambda group: group.short["en"].casefold())


def state_group_names(locale: str) -> dict[str, str]:
    """The code and the English name of each group of States, which is what events keep, to its name in a language."""
    cache: dict[str, dict[str, str]] = g.setdefault("state_group_names", {}) if has_request_context() else {}
    if locale not in cache:
        cache[locale] = {
            kept: group.name(locale) for group in state_groups() for kept in (group.code, group.name("en"))
        }
    return cache[locale]


def state_group_members(code: str, on: date | None = None) -> list[Party]:
    """The States in a group on a day, in English alphabetical order."""
    on = on or date.today()
    rows = db.session.scalars(
        select(Party)
        .join(StateGroupMember, StateGroupMember.party_id == Party.id)
        .join(StateGroup, StateGroup.id == StateGroupMember.state_group_id)
        .where(
            StateGroup.code == code,
            or_(StateGroupMember.since.is_(None), StateGroupMember.since <= on),
            or_(StateGroupMember.until.is_(None), StateGroupMember.until > on),
        )
    )
    return sorted(rows, key=lambda party: party.short["en"].casefold())


def count_users() -> int:
    return db.session.scalar(select(func.count()).select_from(User)) or 0
