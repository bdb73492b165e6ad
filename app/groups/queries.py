"""Reads of groups, threads and posts, each through the one question who may read what.

None of them costs a number of statements that grows with the rows that it gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import overload

from flask_babel import gettext as _
from sqlalchemy import and_, select
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.models import Member, Officer, Party, User
from app.core.rules.rulesets import RuleSet, ruleset
from app.errors import NotFound
from app.extensions import db
from app.groups import links
from app.groups.models import Group, Post, PostRevision, ReadMark, Thread
from app.policy import Action, Actor, GroupId, Office, can

PAGE = 50
"""Posts on a page of a thread."""


def may_read(actor: Actor, group: Group) -> bool:
    """May `actor` read this group, its threads and its issued texts? Who may not must not know that it exists."""
    return can(actor, Action.READ_TEXT, GroupId(group.id), group.openness)


def readable_groups(actor: Actor) -> list[Group]:
    """The groups that the actor may know of, by title."""
    return [group for group in db.session.scalars(select(Group).order_by(Group.title)) if may_read(actor, group)]


def readable_group_ids(actor: Actor) -> list[int]:
    return [group.id for group in readable_groups(actor)]


def get_group(actor: Actor, slug: str) -> Group:
    """Raises NotFound, also for a group of which the actor must not know."""
    group = db.session.scalar(select(Group).where(Group.slug == slug))
    if group is None or not may_read(actor, group):
        raise NotFound(_("This group was not found, or is not open to you."))
    return group


def ruleset_of(group: Group) -> RuleSet:
    """The rules of procedure of a group."""
    return ruleset(group.ruleset)


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group in the list, with what awaits the reader there."""

    group: Group
    threads: int
    unread: int


def group_lines(actor: Actor) -> list[GroupLine]:
    """The groups that the actor may know of, with their threads counted."""
    groups = readable_groups(actor)
    counted: dict[int, tuple[int, int]] = {}
    for thread, mark in _threads_and_marks(actor, [group.id for group in groups]):
        threads, unread = counted.get(thread.group_id, (0, 0))
        counted[thread.group_id] = (threads + 1, unread + _unread(actor, thread, mark))
    return [GroupLine(group, *counted.get(group.id, (0, 0))) for group in groups]


def members_of(group: Group) -> list[Party]:
    """The parties in a group, those that observe included."""
    return list(db.session.scalars(select(Party).join(Member).where(Member.group_id == group.id)))


def officers_of(group: Group) -> list[Officer]:
    """The officers with their accounts, by rank and name."""
    query = select(Officer).join(Officer.user).options(contains_eager(Officer.user)).where(Officer.group_id == group.id)
    rank = list(Office)
    return sorted(db.session.scalars(query), key=lambda row: (rank.index(Office(row.office)), row.user.name))


def people_for_office() -> list[User]:
    """The accounts that can be given an office: those that are open, by name."""
    return list(db.session.scalars(select(User).where(User.active).order_by(User.name, User.id)))


def threads_of(group: Group) -> list[Thread]:
    """The threads of a group: pinned first, then by their newest post. The caller has checked the group."""
    query = select(Thread).options(joinedload(Thread.group)).where(Thread.group_id == group.id)
    return list(db.session.scalars(query.order_by(*_LISTING)))


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """A thread in the list of its group. `unread` is 0 for who is not signed in."""

    thread: Thread
    unread: int
    last: Post


def thread_lines(actor: Actor, group: Group) -> list[ThreadLine]:
    """The threads of a group with unread counts and newest posts. The caller has checked the group."""
    marked = list(_threads_and_marks(actor, [group.id]))
    newest = (
        select(Post)
        .join(Thread, and_(Post.thread_id == Thread.id, Post.number == Thread.posts))
        .where(Thread.group_id == group.id)
    )
    last = {post.thread_id: post for post in db.session.scalars(newest)}
    return [
        ThreadLine(thread, _unread(actor, thread, mark), last[thread.id])
        for thread, mark in marked
        if thread.id in last
    ]


def get_thread(actor: Actor, thread_id: int) -> Thread:
    """A thread with its group. Raises NotFound, also when its group is not open to the actor."""
    thread = db.session.scalar(select(Thread).options(joinedload(Thread.group)).where(Thread.id == thread_id))
    if thread is None or not may_read(actor, thread.group):
        raise NotFound(_("This thread was not found, or is not open to you."))
    return thread


class _Posts(Sequence[Post]):
    """The posts of a thread in order, read a slice at a time: a thread may hold thousands."""

    def __init__(self, thread: Thread) -> None:
        self._thread = thread

    def __len__(self) -> int:
        return self._thread.posts

    @overload
    def __getitem__(self, index: int) -> Post: ...
    @overload
    def __getitem__(self, index: slice) -> list[Post]: ...
    def __getitem__(self, index: int | slice) -> Post | list[Post]:
        if isinstance(index, slice):
            begin, end, step = index.indices(len(self))
            return _posts(self._thread, begin + 1, end)[::step] if step > 0 else list(self)[index]
        found = _posts(self._thread, index + 1, index + 1) if 0 <= index < len(self) else []
        if not found:
            raise IndexError(index)
        return found[0]


def posts_of(thread: Thread) -> Sequence[Post]:
    """The posts of a thread that the caller has checked. Ask for slices."""
    return _Posts(thread)


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """A page of a thread. `read` is the number of the last post that the reader had seen before."""

    thread: Thread
    posts: list[Post]
    places: Mapping[links.Key, links.Place]
    page: int
    pages: int
    read: int

    def place_of(self, post: Post) -> links.Place | None:
        return self.places.get((post.version_id, post.paragraph)) if post.version_id is not None else None


def thread_page(actor: Actor, thread: Thread, *, page: int | None = None, number: int | None = None) -> ThreadPage:
    """The page asked for, or the one with post `number`, or the one where the reader left off.

    The caller has checked the thread. Numbers beyond its ends mean the first or the last page.
    """
    read = _read(actor, thread)
    pages = max(1, -(-thread.posts // PAGE))
    if page is None:
        first = number if number is not None else read + 1
        page = -(-min(first, thread.posts) // PAGE)
    page = min(max(page, 1), pages)
    posts = _posts(thread, (page - 1) * PAGE + 1, page * PAGE)
    return ThreadPage(thread, posts, _places(thread, posts), page, pages, read)


def get_post(actor: Actor, post_id: int) -> Post:
    """A post with its thread and group. Raises NotFound, also when the group is not open to the actor."""
    query = select(Post).options(joinedload(Post.thread).joinedload(Thread.group), joinedload(Post.quotes))
    post = db.session.scalar(query.where(Post.id == post_id))
    if post is None or not may_read(actor, post.thread.group):
        raise NotFound(_("This post was not found, or is not open to you."))
    return post


def post_numbered(thread: Thread, number: int) -> Post | None:
    """A post of a thread that the caller has checked."""
    found = _posts(thread, number, number)
    return found[0] if found else None


def place_of(post: Post) -> links.Place | None:
    """What one post speaks of."""
    return links.find(post.thread.group_id, post.version_id, post.paragraph) if post.version_id is not None else None


def revisions_of(post: Post) -> list[PostRevision]:
    """What a post said before, newest first. The caller has checked the post."""
    query = select(PostRevision).where(PostRevision.post_id == post.id)
    return list(db.session.scalars(query.order_by(PostRevision.revision.desc())))


_LISTING = (Thread.pinned.desc(), Thread.last_post_at.desc(), Thread.id.desc())


def _threads_and_marks(actor: Actor, group_ids: Sequence[int]) -> Iterable[tuple[Thread, int | None]]:
    mine = and_(ReadMark.thread_id == Thread.id, ReadMark.user_id == (actor.user_id or 0))
    query = select(Thread, ReadMark.number).outerjoin(ReadMark, mine).where(Thread.group_id.in_(group_ids))
    return ((thread, mark) for thread, mark in db.session.execute(query.order_by(*_LISTING)))


def _unread(actor: Actor, thread: Thread, mark: int | None) -> int:
    return max(0, thread.posts - (mark or 0)) if actor.signed_in else 0


def _read(actor: Actor, thread: Thread) -> int:
    """The number of the last post that the actor has seen; the public has seen nothing and misses nothing."""
    if actor.user_id is None:
        return 0
    mine = select(ReadMark.number).where(ReadMark.user_id == actor.user_id, ReadMark.thread_id == thread.id)
    return db.session.scalar(mine) or 0


def _posts(thread: Thread, first: int, last: int) -> list[Post]:
    query = select(Post).options(joinedload(Post.quotes)).where(Post.thread_id == thread.id)
    return list(db.session.scalars(query.where(Post.number.between(first, last)).order_by(Post.number)))


def _places(thread: Thread, posts: Iterable[Post]) -> Mapping[links.Key, links.Place]:
    keys = {(post.version_id, post.paragraph) for post in posts if post.version_id is not None}
    return links.find_all(thread.group_id, keys)
