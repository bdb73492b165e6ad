"""Sessions and what is said in them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.drafts.models import Version
from app.extensions import Base
from app.groups.models import Group


class LiveSession(Base):
    """A session of a working group. `state` is one of `app.core.rules.sessions.State`: scheduled, open, suspended,
    closed, postponed or cancelled; published_at marks the archive."""

    __tablename__ = "session"
    __table_args__ = (Index("ix_session_group_state", "group_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id"))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("version.id"))
    title: Mapped[str] = mapped_column(String(200))
    agenda_item: Mapped[str] = mapped_column(String(200), default="")
    openness: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), default="scheduled")
    focus: Mapped[str | None] = mapped_column(String(40))
    focus_proposal: Mapped[str | None] = mapped_column(String(16))
    """The one proposal of which the room speaks, on the paragraph where it is now; it ends with the segment."""
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    place: Mapped[str] = mapped_column(String(120), default="", server_default="")
    """Where it meets: a conference room."""
    schedule_note: Mapped[str] = mapped_column(String(400), default="", server_default="")
    """Why it was moved, postponed or cancelled."""
    schedule_revision: Mapped[int] = mapped_column(default=0, server_default="0")
    """Counts the changes of time and place: what calendars follow."""
    schedule_changed_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    mode: Mapped[str] = mapped_column(String(20), default="formal", server_default="formal")
    segment_openness: Mapped[str | None] = mapped_column(String(20))
    """How open the present segment is where that is less than the session: then it has a channel of its own."""
    segment_focus: Mapped[str | None] = mapped_column(String(40))
    segment_since: Mapped[datetime | None]
    attribution: Mapped[str] = mapped_column(String(20), default="on_record", server_default="on_record")
    """on_record, or not_for_attribution: what is said is kept, and nobody's name with it."""
    publication_sha256: Mapped[str | None] = mapped_column(String(64))
    """The hash of the channel's last event when the record was published."""
    created_at: Mapped[datetime]

    group: Mapped[Group] = relationship()
    version: Mapped[Version | None] = relationship()

    @property
    def channel(self) -> str:
        return f"session:{self.id}"


class Comment(Base):
    """A comment as the event said it, kept in a row of its own for counts, lists and search."""

    __tablename__ = "comment"
    __table_args__ = (
        UniqueConstraint("session_id", "openness", "seq"),
        Index("ix_comment_session_paragraph", "session_id", "paragraph"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"))
    openness: Mapped[str] = mapped_column(String(20), default="", server_default="")
    """Of the closed segment in which it was said; empty: it stands in the session's own channel."""
    seq: Mapped[int]
    version_id: Mapped[int | None] = mapped_column(ForeignKey("version.id"))
    paragraph: Mapped[str | None] = mapped_column(String(40))
    quote: Mapped[dict[str, object] | None] = mapped_column(JSON)
    """{exact, start, prefix, suffix} in the paragraph of the version that was on the table."""
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    """None where nothing is attributed."""
    actor: Mapped[dict[str, str | None]] = mapped_column(JSON)
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]

    session: Mapped[LiveSession] = relationship()
