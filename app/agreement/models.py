"""Stances on words, levels of agreement, bridging texts, and stocktaking as it was published.

The log of a text is the truth (`agreement:DRAFT` and one channel for each narrower openness); these rows are its fold,
so that reading is cheap. A row of a narrower openness holds what those who could be there know.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Party
from app.drafts.models import Draft, Version
from app.extensions import Base


def new_id() -> str:
    return secrets.token_hex(8)


class WordStance(Base):
    """What a party, or a group of States through its coordinator, says of exact words.

    `code` is None where a stance was taken back behind a door: outside, what was said before still stands.
    """

    __tablename__ = "stance"
    __table_args__ = (UniqueConstraint("draft_id", "target", "openness", "holder"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"))
    target: Mapped[str] = mapped_column(String(60))
    """`paragraph:WID`, `text:` for the whole, `bridging:ID`."""
    openness: Mapped[str] = mapped_column(String(20), default="")
    holder: Mapped[str] = mapped_column(String(60))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    """Who said it, for itself or for the group."""
    on_behalf_of: Mapped[str | None] = mapped_column(String(200))
    code: Mapped[str | None] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(400), default="")
    condition: Mapped[str | None] = mapped_column(String(40))
    met: Mapped[bool] = mapped_column(default=False)
    view: Mapped[bool] = mapped_column(default=False)
    wording: Mapped[str] = mapped_column(String(64))
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    at: Mapped[datetime]

    party: Mapped[Party] = relationship(lazy="joined")
    version: Mapped[Version] = relationship()


class AgreementRow(Base):
    """How a paragraph stands for those who may be in a room of this openness."""

    __tablename__ = "agreement"
    __table_args__ = (UniqueConstraint("draft_id", "openness", "paragraph"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"))
    openness: Mapped[str] = mapped_column(String(20), default="")
    paragraph: Mapped[str] = mapped_column(String(40))
    level: Mapped[str] = mapped_column(String(20))
    standing: Mapped[dict[str, Any]] = mapped_column(JSON)


class Bridging(Base):
    """A text that an officer puts on the screen for a paragraph, without prejudice, and amends as the room speaks."""

    __tablename__ = "bridging"
    __table_args__ = (
        UniqueConstraint("draft_id", "openness", "number"),
        Index("ix_bridging_draft_state", "draft_id", "state"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    paragraph: Mapped[str] = mapped_column(String(40))
    openness: Mapped[str] = mapped_column(String(20), default="")
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(default=1)
    role: Mapped[str] = mapped_column(String(20))
    """The office of who put it up."""
    proposal_id: Mapped[str | None] = mapped_column(ForeignKey("proposal.id"))
    at: Mapped[datetime]

    draft: Mapped[Draft] = relationship()
    version: Mapped[Version] = relationship()
    wordings: Mapped[list[BridgingWording]] = relationship(
        back_populates="bridging", order_by="BridgingWording.revision", lazy="selectin"
    )

    @property
    def label(self) -> str:
        """How the room cites it."""
        return f"{(self.openness[:1] or '').upper()}B{self.number}"

    @property
    def target(self) -> str:
        return f"bridging:{self.id}"


class BridgingWording(Base):
    """The words of a bridging text after one oral amendment. Never changed."""

    __tablename__ = "bridging_wording"
    __table_args__ = (UniqueConstraint("bridging_id", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bridging_id: Mapped[str] = mapped_column(ForeignKey("bridging.id"))
    revision: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]

    bridging: Mapped[Bridging] = relationship(back_populates="wordings")


class EditorialMark(Base):
    """The secretariat's word that a change at the desk is editorial: agreement and stances go with the new words.

    It is about exact words: another edit of the paragraph undoes it.
    """

    __tablename__ = "editorial_mark"
    __table_args__ = (UniqueConstraint("draft_id", "paragraph"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"))
    paragraph: Mapped[str] = mapped_column(String(40))
    wording: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(String(400))
    by: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]


class Stocktaking(Base):
    """How the text stood when the chair published it: frozen, with its hash."""

    __tablename__ = "stocktaking"
    __table_args__ = (UniqueConstraint("draft_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"))
    number: Mapped[int]
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]

    draft: Mapped[Draft] = relationship()
    version: Mapped[Version] = relationship()
