"""Working groups: their members and officers, their threads and posts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Member, Officer
from app.core.rules.rulesets import DEFAULT
from app.extensions import Base


class Group(Base):
    """A working group. `openness` is public, observers, members or invited."""

    __tablename__ = "group"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    mandate: Mapped[str] = mapped_column(Text, default="")
    mandate_html: Mapped[str] = mapped_column(Text, default="")
    pillars: Mapped[list[str]] = mapped_column(JSON, default=list)
    openness: Mapped[str] = mapped_column(String(20))
    ruleset: Mapped[str] = mapped_column(String(40), default=DEFAULT, server_default=DEFAULT)
    """The id of the rules by which the group decides: see `app.core.rules.rulesets`."""
    created_at: Mapped[datetime]

    officers: Mapped[list[Officer]] = relationship(back_populates="group", cascade="all, delete-orphan")
    members: Mapped[list[Member]] = relationship(back_populates="group", cascade="all, delete-orphan")


class Thread(Base):
    """A discussion in a group. `last_post_at` and `posts` are kept with each post, so that lists stay cheap."""

    __tablename__ = "thread"
    __table_args__ = (Index("ix_thread_group_listing", "group_id", "pinned", "last_post_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id"))
    title: Mapped[str] = mapped_column(String(200))
    pinned: Mapped[bool] = mapped_column(default=False)
    closed: Mapped[bool] = mapped_column(default=False)
    posts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    last_post_at: Mapped[datetime]
    started_by: Mapped[str] = mapped_column(String(200))
    """Who opened it, as shown: the delegation or the officer."""

    group: Mapped[Group] = relationship()

    @property
    def channel(self) -> str:
        return f"thread:{self.id}"


class Post(Base):
    """One contribution to a thread, by a person for their party. `html` is rendered once, when it is written."""

    __tablename__ = "post"
    __table_args__ = (UniqueConstraint("thread_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"))
    number: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    actor: Mapped[dict[str, str | None]] = mapped_column(JSON)
    """The actor as in the event: user, name, delegation, on_behalf_of, role, as they were at that moment."""
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(default=1)
    quotes_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("version.id"))
    paragraph: Mapped[str | None] = mapped_column(String(40))
    """The paragraph that the post speaks of, in `version_id`."""
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]

    thread: Mapped[Thread] = relationship()
    quotes: Mapped[Post | None] = relationship(remote_side=[id])
    revisions: Mapped[list[PostRevision]] = relationship(back_populates="post", order_by="PostRevision.revision")


class PostRevision(Base):
    """What a post said before it was edited. The current words stand in the post."""

    __tablename__ = "post_revision"
    __table_args__ = (UniqueConstraint("post_id", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    revision: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]

    post: Mapped[Post] = relationship(back_populates="revisions")


class ReadMark(Base):
    """How far a person has read a thread: the number of the last post seen."""

    __tablename__ = "read_mark"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"), primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
