"""Silence procedures, the objections in them, and the chair's letters."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Party
from app.drafts.models import Draft, Version
from app.extensions import Base
from app.groups.models import Group


class SilenceProcedure(Base):
    """A version under silence. What stands in this row may be known to all who may read the version.

    Whether somebody objected is not among it before the end: that follows from the objections, which few may read.
    """

    __tablename__ = "silence"
    __table_args__ = (Index("ix_silence_state_deadline", "state", "deadline"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id"), index=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    predecessor_id: Mapped[int | None] = mapped_column(ForeignKey("silence.id"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    scope: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    """The paragraphs under silence; None for the text as a whole."""
    deadline: Mapped[datetime]
    time_zone: Mapped[str] = mapped_column(String(64))
    """In which the deadline was said."""
    inclusive: Mapped[bool] = mapped_column(default=True)
    publish: Mapped[str] = mapped_column(String(30))
    """What the rules have the chair's letter say of objections; the chair may choose otherwise."""
    message: Mapped[str] = mapped_column(Text, default="")
    message_html: Mapped[str] = mapped_column(Text, default="")
    consequence: Mapped[str] = mapped_column(Text, default="")
    """What happens if nobody objects, in the chair's words."""
    short_reason: Mapped[str] = mapped_column(Text, default="")
    """Why the chair gave less time than the rules say."""
    extensions: Mapped[int] = mapped_column(default=0)
    prepared_by: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    """When the chair said, before the deadline, that the silence is broken."""
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was withdrawn, voided or closed."""

    group: Mapped[Group] = relationship()
    draft: Mapped[Draft] = relationship()
    version: Mapped[Version] = relationship()
    predecessor: Mapped[SilenceProcedure | None] = relationship(remote_side=[id])
    objections: Mapped[list[ObjectionRow]] = relationship(
        back_populates="silence", order_by="ObjectionRow.received_at, ObjectionRow.id"
    )
    letters: Mapped[list[ChairLetter]] = relationship(back_populates="silence", order_by="ChairLetter.id")

    @property
    def channel(self) -> str:
        """Its acts, for those who may read the version."""
        return f"silence:{self.id}"

    @property
    def chair_channel(self) -> str:
        """Its preparation and the objections, for the chair and the secretariat."""
        return f"silence:{self.id}:chair"


class ObjectionRow(Base):
    """What one party objects to, or a group of States by the one that speaks for it. `late` after the deadline."""

    __tablename__ = "silence_objection"
    __table_args__ = (UniqueConstraint("silence_id", "party_id", "on_behalf_of", "late"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    silence_id: Mapped[int] = mapped_column(ForeignKey("silence.id"))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    on_behalf_of: Mapped[str] = mapped_column(String(200), default="")
    late: Mapped[bool] = mapped_column(default=False)
    actor: Mapped[dict[str, Any]] = mapped_column(JSON)
    paragraphs: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    """[{paragraph, label, wording, reason}]; none: to the text as a whole."""
    reason: Mapped[str] = mapped_column(Text, default="")
    received_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    silence: Mapped[SilenceProcedure] = relationship(back_populates="objections")
    party: Mapped[Party] = relationship()


class ChairLetter(Base):
    """A letter of the chair on a silence procedure, numbered in its working group."""

    __tablename__ = "chair_letter"
    __table_args__ = (UniqueConstraint("group_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id"))
    silence_id: Mapped[int] = mapped_column(ForeignKey("silence.id"), index=True)
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    """opening, unbroken or broken."""
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    objections: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """As they were published: [{paragraph, label, parties?}]."""
    signed: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]

    silence: Mapped[SilenceProcedure] = relationship(back_populates="letters")


class Heartbeat(Base):
    """When a process last said that the platform is up. A gap is an outage."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime]
