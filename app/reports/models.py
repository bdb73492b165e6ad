"""What the platform keeps of reports: their text, and the number of its revision."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from app.groups.models import Group


class Report(Base):
    """A procedural report: drawn from the log, edited by officers, published by the chair and frozen from then on."""

    __tablename__ = "report"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id"), index=True)
    openness: Mapped[str] = mapped_column(String(20))
    """Of the least open session that it tells of, when it was drawn: it is never more open than that."""
    title: Mapped[str] = mapped_column(String(200))
    sessions: Mapped[list[int]] = mapped_column(JSON)
    body: Mapped[str] = mapped_column(Text)
    """Markdown."""
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    sha256: Mapped[str | None] = mapped_column(String(64))
    """Of the body, when it was published."""

    group: Mapped[Group] = relationship()

    @property
    def channel(self) -> str:
        return f"report:{self.id}"
