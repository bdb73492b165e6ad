"""Parties, groups of States, and the persons who act for them."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from app.policy import DelegationRole, Office, PartyKind, PlatformRole

if TYPE_CHECKING:
    from app.groups.models import Group


def new_session_stamp() -> str:
    return secrets.token_urlsafe(16)


class Party(Base):
    """A State, an organisation or a stakeholder: the unit that takes part. Names in the six official languages."""

    __tablename__ = "party"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[PartyKind] = mapped_column(String(20))
    region: Mapped[str | None] = mapped_column(String(20))
    short: Mapped[dict[str, str]] = mapped_column(JSON)
    formal: Mapped[dict[str, str]] = mapped_column(JSON)

    def name(self, locale: str = "en", form: str = "short") -> str:
        """The UN name in `locale`, English where that language has none."""
        names = self.short if form == "short" else self.formal
        return names.get(locale) or names["en"]


class StateGroup(Base):
    """A regional or negotiating group of States, such as the African Group."""

    __tablename__ = "state_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    short: Mapped[dict[str, str]] = mapped_column(JSON)

    def name(self, locale: str = "en") -> str:
        return self.short.get(locale) or self.short["en"]


class StateGroupMember(Base):
    """A State is in a group from one day until another; `speaks` marks the coordinator, who speaks for it."""

    __tablename__ = "state_group_member"
    __table_args__ = (UniqueConstraint("state_group_id", "party_id", "since"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    state_group_id: Mapped[int] = mapped_column(ForeignKey("state_group.id"), index=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    since: Mapped[date | None]
    until: Mapped[date | None]
    speaks: Mapped[bool] = mapped_column(default=False)

    group: Mapped[StateGroup] = relationship()
    party: Mapped[Party] = relationship()


class User(Base):
    """A person with an account. `session_stamp` is what a browser's cookie names: a new one signs out everywhere."""

    __tablename__ = "user"
    __table_args__ = (
        CheckConstraint("(party_id IS NULL) = (delegation_role IS NULL)", name="delegation_and_role_together"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"), index=True)
    delegation_role: Mapped[DelegationRole | None] = mapped_column(String(20))
    platform_role: Mapped[PlatformRole | None] = mapped_column(String(20))
    entrusted: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The head of delegation lets this negotiator vote and break silence."""
    password_hash: Mapped[str | None] = mapped_column(String(200))
    session_stamp: Mapped[str] = mapped_column(String(40), default=new_session_stamp, unique=True)
    locale: Mapped[str | None] = mapped_column(String(10))
    timezone: Mapped[str | None] = mapped_column(String(64))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    demo: Mapped[bool] = mapped_column(default=False)
    """An account of the demo world: its password is public, so it never signs in once the demo world is gone."""

    party: Mapped[Party | None] = relationship(lazy="joined")

    # What Flask-Login asks for.
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        return self.active

    def get_id(self) -> str:
        return self.session_stamp


class ApiToken(Base):
    """A key for programs, shown once: only its hash is kept."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="joined")


class Invitation(Base):
    """A link that lets one person make an account in one delegation, or as an officer. Only its hash is kept."""

    __tablename__ = "invitation"
    __table_args__ = (Index("ix_invitation_email_used_at", "email", "used_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(254))
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    delegation_role: Mapped[DelegationRole | None] = mapped_column(String(20))
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    party: Mapped[Party | None] = relationship(lazy="joined")
    invited_by: Mapped[User] = relationship()


class Member(Base):
    """A party in a working group. Its kind decides what it may do there."""

    __tablename__ = "group_member"
    __table_args__ = (UniqueConstraint("group_id", "party_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id"))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    joined_at: Mapped[datetime]

    group: Mapped[Group] = relationship(back_populates="members")
    party: Mapped[Party] = relationship()


class Officer(Base):
    """A person who serves a working group: chair, vice-chair, facilitator, secretariat or observer."""

    __tablename__ = "group_officer"
    __table_args__ = (UniqueConstraint("group_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    office: Mapped[Office] = mapped_column(String(20))

    group: Mapped[Group] = relationship(back_populates="officers")
    user: Mapped[User] = relationship()
