"""What a delegation keeps: its notes, its statements, how far its people have seen, what they follow."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Party
from app.drafts.models import Draft, Version
from app.extensions import Base
from app.live.models import LiveSession


def new_id() -> str:
    return secrets.token_hex(8)


class DelegationNote(Base):
    """A private note of a delegation beside a paragraph, or on a text as a whole where `paragraph` is None.

    It hangs on the identity of the paragraph, so that it follows it over versions; `wording` is the hash of the
    words that it was written on last.
    """

    __tablename__ = "delegation_note"
    __table_args__ = (Index("ix_delegation_note_party_draft", "party_id", "draft_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    paragraph: Mapped[str | None] = mapped_column(String(40))
    wording: Mapped[str] = mapped_column(String(64), default="")
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(default=1)
    author: Mapped[str] = mapped_column(String(120))
    edited_by: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    draft: Mapped[Draft] = relationship()
    version: Mapped[Version] = relationship()


class Statement(Base):
    """A statement as it was handed in. It is never edited: a correction is another one that names it."""

    __tablename__ = "statement"
    __table_args__ = (Index("ix_statement_session_party", "session_id", "party_id"),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    openness: Mapped[str] = mapped_column(String(20), default="")
    """Of the closed segment in which it is delivered; empty: it stands in the session's own record."""
    title: Mapped[str] = mapped_column(String(200))
    agenda_item: Mapped[str] = mapped_column(String(200), default="")
    delivery: Mapped[str] = mapped_column(String(30))
    """as_delivered, or check_against_delivery."""
    language: Mapped[str] = mapped_column(String(10))
    on_behalf_of: Mapped[str | None] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")
    file_name: Mapped[str] = mapped_column(String(120), default="")
    file_type: Mapped[str] = mapped_column(String(20), default="")
    """pdf or docx, as its content says; empty where it was typed."""
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the file, or of the words where there is none."""
    for_interpreters: Mapped[bool] = mapped_column(default=False)
    """The secretariat may read it before it is delivered."""
    when_spoken: Mapped[bool] = mapped_column(default=False)
    """It is published when the delegation's turn on the speakers' list ends."""
    corrects_id: Mapped[str | None] = mapped_column(ForeignKey("statement.id"))
    actor: Mapped[dict[str, str | None]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    session: Mapped[LiveSession] = relationship()
    party: Mapped[Party] = relationship(lazy="joined")


class StatementFile(Base):
    """The file of a statement, apart from it: lists do not read it."""

    __tablename__ = "statement_file"

    statement_id: Mapped[str] = mapped_column(ForeignKey("statement.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Seen(Base):
    """How far a person has seen a channel, and when they looked last. Nobody else reads it, and it is no event."""

    __tablename__ = "seen"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(120), primary_key=True)
    seq: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]


class Follow(Base):
    """A session that a person follows beside the others."""

    __tablename__ = "session_follow"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"), primary_key=True)
    since: Mapped[datetime]

    session: Mapped[LiveSession] = relationship()


class InboxMark(Base):
    """That a person has read an item of the inbox, or put it away. The items themselves are worked out each time."""

    __tablename__ = "inbox_mark"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    read_at: Mapped[datetime | None]
    dismissed_at: Mapped[datetime | None]
