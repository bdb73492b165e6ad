"""What the record keeps: one row a channel, one row an event, and the answers to repeated writes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class Channel(Base):
    """The head of a channel. Its row is the lock that hands out `seq`, so that there is no gap and no repeat."""

    __tablename__ = "channel"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    last_seq: Mapped[int] = mapped_column(default=0)
    last_hash: Mapped[str] = mapped_column(String(64))


class EventRow(Base):
    """One event as it was hashed: `body` is the canonical JSON of all but `prev` and `hash`.

    `type` and `at` stand beside it for queries; verification checks that they agree with the body.
    """

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("channel", "seq"),
        Index("ix_event_channel_type_seq", "channel", "type", "seq"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(120), ForeignKey("channel.name"))
    seq: Mapped[int]
    type: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]
    body: Mapped[str] = mapped_column(Text)
    prev: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class IdempotentWrite(Base):
    """The answer once given to a write that carried a key: sent twice, it is answered alike."""

    __tablename__ = "idempotent_write"

    user_key: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    verb: Mapped[str] = mapped_column(String(80))
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(default=200)
    answer: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime]
