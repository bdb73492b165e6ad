"""The displays of a room: who opened one, for which session, and whether it is still open."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from app.live.models import LiveSession


class Display(Base):
    """A projector view, opened with a code. Only the code's keyed hash is kept, and two letters to tell it by."""

    __tablename__ = "display"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hint: Mapped[str] = mapped_column(String(2))
    in_room: Mapped[bool] = mapped_column(default=False)
    """It hangs in the room: it shows what the room sees, in closed segments too."""
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    session: Mapped[LiveSession] = relationship()
