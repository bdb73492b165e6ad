"""Proposals, the wordings that they had, who sponsors them, and what others say of them."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Party
from app.drafts.models import Draft, Version
from app.extensions import Base


def new_id() -> str:
    return secrets.token_hex(8)


class ProposalRow(Base):
    """One proposal through its life. What it asks for now stands in it; what it asked for before, in its wordings.

    The id is drawn by lot, and `number` (how the room cites it: P12 of a draft) is given at release and counts for
    each openness apart: neither a draft nor a closed session leaves a gap that tells.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        UniqueConstraint("draft_id", "openness", "number"),
        Index("ix_proposal_base_state", "base_id", "state"),
        Index("ix_proposal_party_state", "party_id", "state"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"))
    number: Mapped[int | None]
    openness: Mapped[str] = mapped_column(String(20), default="")
    """Empty: as open as its group. Else it was made in a session that was more closed, and stays so."""
    made_on_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    base_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    """The version whose words it changes: the one it was made on, or a later one to which it was carried."""
    anchor_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    """The version for whose words its own were made: `base`, but where the last rebase ended in a clash or came too
    late. Then its words wait for a person, and say nothing of the words of `base`."""
    kind: Mapped[str] = mapped_column(String(20))
    paragraph: Mapped[str | None] = mapped_column(String(40), index=True)
    after: Mapped[str | None] = mapped_column(String(40))
    others: Mapped[list[str]] = mapped_column(JSON, default=list)
    parts: Mapped[list[str]] = mapped_column(JSON, default=list)
    new_kind: Mapped[str | None] = mapped_column(String(20))
    new_level: Mapped[int] = mapped_column(default=0)
    text: Mapped[str] = mapped_column(Text, default="")
    rationale: Mapped[str] = mapped_column(Text, default="")
    rationale_html: Mapped[str] = mapped_column(Text, default="")
    conditions: Mapped[str] = mapped_column(String(400), default="")
    state: Mapped[str] = mapped_column(String(20))
    verdict: Mapped[str | None] = mapped_column(String(20))
    verdict_detail: Mapped[str] = mapped_column(String(400), default="")
    revision: Mapped[int] = mapped_column(default=1)
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    """The lead; None for text of the chair or a facilitator."""
    office: Mapped[str | None] = mapped_column(String(20))
    on_behalf_of: Mapped[str | None] = mapped_column(String(200))
    """English name of the group of States in whose name it stands."""
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    actor: Mapped[dict[str, str | None]] = mapped_column(JSON)
    made_in: Mapped[str | None] = mapped_column(String(40))
    """The channel of the session in which it was made; None when in writing."""
    created_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    fate_version_id: Mapped[int | None] = mapped_column(ForeignKey("version.id"))
    fate_reason: Mapped[str] = mapped_column(Text, default="")
    merged_into_id: Mapped[str | None] = mapped_column(ForeignKey("proposal.id"))
    planned: Mapped[str | None] = mapped_column(String(20))
    """What the desk means to do with it when the next version is issued: a fate, or bracket. Nobody else sees it."""
    planned_reason: Mapped[str] = mapped_column(Text, default="")

    @property
    def channel(self) -> str:
        """Where its life is recorded: one channel for each openness, so that closed ones stay closed."""
        return f"proposals:{self.draft_id}" + (f":{self.openness}" if self.openness else "")

    @property
    def settled(self) -> bool:
        """Do its words speak of the words of its base?"""
        return self.anchor_id == self.base_id

    @property
    def label(self) -> str:
        """How the room cites it."""
        return f"{(self.openness[:1] or 'p').upper()}{self.number}" if self.number else ""

    draft: Mapped[Draft] = relationship()
    base: Mapped[Version] = relationship(foreign_keys=[base_id])
    made_on: Mapped[Version] = relationship(foreign_keys=[made_on_id])
    fate_version: Mapped[Version | None] = relationship(foreign_keys=[fate_version_id])
    party: Mapped[Party | None] = relationship(lazy="joined")
    wordings: Mapped[list[Wording]] = relationship(back_populates="proposal", order_by="Wording.revision")
    sponsors: Mapped[list[Sponsor]] = relationship(
        back_populates="proposal", order_by="Sponsor.place", lazy="selectin", cascade="all, delete-orphan"
    )
    stances: Mapped[list[StanceRow]] = relationship(
        back_populates="proposal", order_by="StanceRow.id", lazy="selectin", cascade="all, delete-orphan"
    )


class Wording(Base):
    """What a proposal asked for, on one version, after one revision. Never changed."""

    __tablename__ = "proposal_wording"
    __table_args__ = (UniqueConstraint("proposal_id", "revision"), Index("ix_proposal_wording_version", "version_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposal.id"))
    revision: Mapped[int]
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    cause: Mapped[str] = mapped_column(String(20))
    """made, revised, or carried: to a new version, with a verdict."""
    content: Mapped[dict[str, object]] = mapped_column(JSON)
    """kind, paragraph, after, others, parts, text, new_kind, new_level."""
    verdict: Mapped[str | None] = mapped_column(String(20))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))

    proposal: Mapped[ProposalRow] = relationship(back_populates="wordings")


class Sponsor(Base):
    """A party that stands behind a proposal, the lead first. Who leaves keeps a row with the day of leaving."""

    __tablename__ = "proposal_sponsor"
    __table_args__ = (UniqueConstraint("proposal_id", "party_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposal.id"))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    place: Mapped[int]
    on_behalf_of: Mapped[str | None] = mapped_column(String(200))
    invited: Mapped[bool] = mapped_column(default=False)
    """The lead hopes for this party; it sponsors once it says so itself."""
    since: Mapped[datetime]
    until: Mapped[datetime | None]

    proposal: Mapped[ProposalRow] = relationship(back_populates="sponsors")
    party: Mapped[Party] = relationship(lazy="joined")


class StanceRow(Base):
    """What a party says of a proposal, about the wording of one revision. Other words make it stale."""

    __tablename__ = "proposal_stance"
    __table_args__ = (UniqueConstraint("proposal_id", "party_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposal.id"))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    code: Mapped[str] = mapped_column(String(20))
    on_behalf_of: Mapped[str | None] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(String(400), default="")
    revision: Mapped[int]
    at: Mapped[datetime]

    proposal: Mapped[ProposalRow] = relationship(back_populates="stances")
    party: Mapped[Party] = relationship(lazy="joined")


class Precedent(Base):
    """Agreed language that the secretariat keeps for checks: a passage and where it stands."""

    __tablename__ = "precedent"

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    added_by: Mapped[str] = mapped_column(String(200))
    added_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
