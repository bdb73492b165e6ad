"""Drafts, their versions, and the paragraphs of each version."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from app.groups.models import Group


class Draft(Base):
    """One text through its life. `style` is how its paragraphs are numbered: resolution, report or articles."""

    __tablename__ = "draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id"), index=True)
    title: Mapped[str] = mapped_column(String(300))
    style: Mapped[str] = mapped_column(String(20))
    platform_id: Mapped[str] = mapped_column(String(60), unique=True)
    """How the text is cited. It never looks like a United Nations symbol."""
    created_at: Mapped[datetime]
    import_report: Mapped[list[dict[str, object]]] = mapped_column(JSON, default=list)
    """What did not parse when the text came in: [{line, message, severity}]."""

    group: Mapped[Group] = relationship()
    versions: Mapped[list[Version]] = relationship(back_populates="draft", order_by="Version.number")

    @property
    def channel(self) -> str:
        """Where the public life of the text is recorded."""
        return f"draft:{self.id}"

    @property
    def desk_channel(self) -> str:
        """Where work on the working copy is recorded: only those who hold the pen read it."""
        return f"desk:{self.id}"


ISSUED = ("issued", "adopted")
"""The states of a version that is frozen. An adopted one is what the body decided; its words are the same."""


class Version(Base):
    """A state of a draft. The working copy has number 0 and changes; an issued version is frozen for ever."""

    __tablename__ = "version"
    __table_args__ = (UniqueConstraint("draft_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    """working, issued or adopted."""
    label: Mapped[str] = mapped_column(String(60))
    """Zero draft, Rev.1, Rev.2 …; of a working copy, what it will become is not said."""
    based_on_id: Mapped[int | None] = mapped_column(ForeignKey("version.id"))
    letter: Mapped[str] = mapped_column(Text, default="")
    """The chair's covering note, Markdown."""
    sha256: Mapped[str | None] = mapped_column(String(64))
    issued_at: Mapped[datetime | None]
    issued_by: Mapped[str | None] = mapped_column(String(200))
    paragraph_count: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]

    draft: Mapped[Draft] = relationship(back_populates="versions")
    based_on: Mapped[Version | None] = relationship(remote_side=[id])
    paragraphs: Mapped[list[VersionParagraph]] = relationship(
        back_populates="version", order_by="VersionParagraph.position", cascade="all, delete-orphan"
    )

    @property
    def issued(self) -> bool:
        return self.state in ISSUED


class VersionParagraph(Base):
    """A paragraph in one version. `wid` is its identity through all versions; the label is only a label."""

    __tablename__ = "version_paragraph"
    __table_args__ = (
        UniqueConstraint("version_id", "wid"),
        Index("ix_version_paragraph_order", "version_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    wid: Mapped[str] = mapped_column(String(40), index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    level: Mapped[int] = mapped_column(default=0)
    text: Mapped[str] = mapped_column(Text)
    marker: Mapped[str] = mapped_column(String(80), default="")
    """The number as an imported source printed it."""
    relation: Mapped[str | None] = mapped_column(String(20))
    relation_to: Mapped[str | None] = mapped_column(String(40))
    deleted: Mapped[bool] = mapped_column(default=False)
    """In a working copy a deleted paragraph keeps its slot until the next version is issued."""
    label: Mapped[str] = mapped_column(String(80), default="")
    slug: Mapped[str] = mapped_column(String(80), default="")
    """The label in an address. Both are computed; an issued version keeps them as they were."""
    pillars: Mapped[list[str]] = mapped_column(JSON, default=list)
    norm: Mapped[str | None] = mapped_column(String(1))
    revision: Mapped[int] = mapped_column(default=1)
    """Counts the edits in a working copy: the ETag of the paragraph."""
    edited_at: Mapped[datetime | None]
    edited_by: Mapped[str | None] = mapped_column(String(200))

    version: Mapped[Version] = relationship(back_populates="paragraphs")
