"""The speakers' list of a channel, as its events left it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class SpeakersList(Base):
    """One row for each channel of a session: the floor of a closed segment is another one than the session's."""

    __tablename__ = "speakers_list"

    channel: Mapped[str] = mapped_column(String(120), primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"), index=True)
    state: Mapped[dict[str, Any]] = mapped_column(JSON)
    """`app.core.rules.speakers.Floor` as a dict: what the channel's events fold to."""
    seq: Mapped[int] = mapped_column(default=0)
    """The last event that was folded."""
