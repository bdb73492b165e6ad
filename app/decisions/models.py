"""What the platform keeps of decisions. Each row folds what the log says of it; the log alone gives the same."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.drafts.models import Version
from app.extensions import Base
from app.live.models import LiveSession


class DecisionRow(Base):
    """One decision. `channel` is the segment in which it is taken: who may read that may read this, and nobody else.

    `id` was made by the client, so that an address says nothing of how many decisions there are elsewhere; `number`
    counts within the segment.
    """

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("channel", "number"),
        Index("ix_decision_session_id_state", "session_id", "state"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"))
    channel: Mapped[str] = mapped_column(String(120))
    openness: Mapped[str] = mapped_column(String(20), default="")
    """Of the closed segment in which it is taken; empty: of the session itself."""
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    target: Mapped[str] = mapped_column(String(80))
    """text, paragraph:WID, proposal:ID or procedural."""
    label: Mapped[str] = mapped_column(String(300), default="")
    """What the target is called: OP1, a proposal's number, the version's label."""
    motion: Mapped[str | None] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20))
    majority: Mapped[str] = mapped_column(String(40))
    ruleset: Mapped[str] = mapped_column(String(40))
    """The rules by which it is taken, whatever the group chooses later."""
    sponsor: Mapped[str | None] = mapped_column(String(20))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("version.id"))
    objections: Mapped[list[str]] = mapped_column(JSON, default=list)
    eligible: Mapped[list[str]] = mapped_column(JSON, default=list)
    quorum: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """As it was when the decision was proposed and, after that, when it was taken."""
    tally: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    proposed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]

    session: Mapped[LiveSession] = relationship()
    version: Mapped[Version | None] = relationship()
    statements: Mapped[list[DecisionStatement]] = relationship(
        back_populates="decision", order_by="DecisionStatement.seq"
    )


class Ballot(Base):
    """How a party votes. Until it is announced nobody else reads it: the event says only that it voted."""

    __tablename__ = "ballot"

    decision_id: Mapped[str] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    party: Mapped[str] = mapped_column(String(20), primary_key=True)
    choice: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    cast_at: Mapped[datetime]


class DecisionStatement(Base):
    """What stands beside a decision: an explanation of position, a dissociation, a note of intention."""

    __tablename__ = "decision_statement"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    decision_id: Mapped[str] = mapped_column(ForeignKey("decision.id"), index=True)
    seq: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    """explanation, dissociation or intent."""
    when: Mapped[str] = mapped_column(String(10), default="after")
    party: Mapped[str] = mapped_column(String(20))
    actor: Mapped[dict[str, str | None]] = mapped_column(JSON)
    body: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")
    paragraphs: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    choice: Mapped[str | None] = mapped_column(String(20))
    said_at: Mapped[datetime]

    decision: Mapped[DecisionRow] = relationship(back_populates="statements")


class Roll(Base):
    """The parties that were found present when the roll was last taken in a segment."""

    __tablename__ = "roll"

    channel: Mapped[str] = mapped_column(String(120), primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"), index=True)
    present: Mapped[list[str]] = mapped_column(JSON)
    taken_at: Mapped[datetime]
