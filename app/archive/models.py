"""The search index: one entry for each thing that can be found, with what decides who may find it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class SearchEntry(Base):
    """A paragraph of an issued version, a post, a comment, a group or a session, as found by its words.

    `terms` holds the normalised words (case and accents folded, Chinese as pairs of characters), so that SQLite's
    FTS5 and PostgreSQL's full-text search index the same. Whether somebody may find the entry follows from the
    group or, where `session_id` is set, from the session: asked at the moment of the search, never stored.
    """

    __tablename__ = "search_entry"
    __table_args__ = (
        UniqueConstraint("kind", "ref"),
        Index("ix_search_entry_scope", "group_id", "session_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    ref: Mapped[str] = mapped_column(String(80))
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("session.id"))
    openness: Mapped[str] = mapped_column(String(20), default="", server_default="")
    """Of the closed segment of the session in which it was said; empty: for all to whom the session is open."""
    url: Mapped[str] = mapped_column(String(300))
    title: Mapped[str] = mapped_column(String(300))
    party: Mapped[str | None] = mapped_column(String(20))
    pillars: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)
    terms: Mapped[str] = mapped_column(Text)
