"""Commands on threads and posts. A post is said for a party; its words are rendered once, here."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.core.markup import render
from app.errors import Closed, Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from app.extensions import db
from app.groups import links
from app.groups.models import Group, Post, PostRevision, ReadMark, Thread
from app.groups.services.words import POST_LIMIT, checked_line, checked_text, signed
from app.policy import Action, Actor, GroupId, require
from app.record import Transaction, transaction


def start_thread(
    actor: Actor,
    group: Group,
    title: str,
    body: str,
    *,
    on_behalf_of: str | None = None,
    version_id: int | None = None,
    paragraph: str | None = None,
) -> Thread:
    """Open a thread with its first post."""
    with transaction() as tx:
        group = _group(group.id)
        require(actor, Action.COMMENT, GroupId(group.id), group.openness, what=_("This group"))
        by = signed(actor, group.id, on_behalf_of)
        thread = Thread(
            group=group,
            title=checked_line(title, "title"),
            created_at=tx.now,
            last_post_at=tx.now,
            started_by=by["delegation"] or by["role"],
            posts=0,
        )
        db.session.add(thread)
        db.session.flush()
        _add_post(tx, actor, thread, by, body, version_id=version_id, paragraph=paragraph)
        tx.append(f"group:{group.id}", "thread.started", by, {"thread": str(thread.id), "title": thread.title})
        return thread


def post(
    actor: Actor,
    thread: Thread,
    body: str,
    *,
    quotes_id: int | None = None,
    version_id: int | None = None,
    paragraph: str | None = None,
    on_behalf_of: str | None = None,
) -> Post:
    """Write in a thread, for one's party or a group of States that it speaks for.

    `quotes_id` is another post of the thread; `paragraph` the identity of a paragraph of the issued version
    `version_id` of this group. Raises Closed when the thread is.
    """
    with transaction() as tx:
        thread = _writable(actor, thread.id)
        by = signed(actor, thread.group_id, on_behalf_of)
        return _add_post(tx, actor, thread, by, body, quotes_id=quotes_id, version_id=version_id, paragraph=paragraph)


def edit_post(actor: Actor, post_id: int, body: str, revision: int) -> Post:
    """Change one's own words, based on `revision` of them. What they were stays in the history.

    A stale edit is a Conflict (412) with `yours`, `theirs` and the `revision` that is current.
    """
    with transaction() as tx:
        thread = _writable(actor, _thread_id_of(post_id))
        found = db.session.get_one(Post, post_id, populate_existing=True)
        _require_own(actor, found, thread)
        words = checked_text(body, "body", POST_LIMIT)
        if revision != found.revision:
            raise _stale(words, found)
        if words != found.body:
            _keep_revision(found)
            found.body, found.html, found.edited_at = words, render(words), tx.now
            found.revision += 1
            data = {"id": str(found.id), "number": found.number, "revision": found.revision}
            said = {"body": found.body, "html": found.html}
            tx.append(thread.channel, "post.edited", signed(actor, thread.group_id), data | said)
        return found


def require_editable(actor: Actor, found: Post) -> None:
    """Raise Forbidden or Closed unless the actor may edit this post now. The caller has checked that it is readable."""
    _require_open(actor, found.thread)
    _require_own(actor, found, found.thread)


def set_pinned(actor: Actor, thread_id: int, pinned: bool) -> Thread:
    """Keep a thread on top of its group's list, or let it go. Asked for twice, it happens once."""
    with transaction() as tx:
        thread = _ordered(actor, thread_id)
        if thread.pinned != pinned:
            thread.pinned = pinned
            tx.append(
                thread.channel, "thread.pinned" if pinned else "thread.unpinned", signed(actor, thread.group_id), {}
            )
        return thread


def set_closed(actor: Actor, thread_id: int, closed: bool) -> Thread:
    """Close a thread for new posts and edits, or open it again. Asked for twice, it happens once."""
    with transaction() as tx:
        thread = _ordered(actor, thread_id)
        if thread.closed != closed:
            thread.closed = closed
            tx.append(
                thread.channel, "thread.closed" if closed else "thread.reopened", signed(actor, thread.group_id), {}
            )
        return thread


def mark_read(actor: Actor, thread_id: int, number: int | None = None) -> int:
    """Remember that the actor has read a thread as far as post `number` (default: to its end). Returns the mark.

    A mark never goes back. It is a person's own and no act of a delegation: it is not recorded.
    """
    with transaction():
        if actor.user_id is None:
            raise Unauthenticated(_("Sign in to do this."))
        thread = _thread(actor, thread_id)
        return _mark(actor, thread, thread.posts if number is None else min(number, thread.posts))


def _add_post(
    tx: Transaction,
    actor: Actor,
    thread: Thread,
    by: dict[str, Any],
    body: str,
    *,
    quotes_id: int | None = None,
    version_id: int | None = None,
    paragraph: str | None = None,
) -> Post:
    words = checked_text(body, "body", POST_LIMIT)
    quoted = _quoted(thread, quotes_id)
    place = _place(thread, version_id, paragraph)
    thread.posts += 1
    thread.last_post_at = tx.now
    row = Post(
        thread=thread,
        number=thread.posts,
        author_id=actor.user_id,
        actor=by,
        body=words,
        html=render(words),
        quotes=quoted,
        version_id=place.version_id if place else None,
        paragraph=place.paragraph if place else None,
        created_at=tx.now,
        edited_at=None,
    )
    db.session.add(row)
    db.session.flush()
    tx.append(thread.channel, "post.added", by, _said(row, place))
    _mark(actor, thread, row.number)
    return row


def _said(row: Post, place: links.Place | None) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "number": row.number,
        "body": row.body,
        "html": row.html,
        "quotes": {"id": str(row.quotes.id), "number": row.quotes.number} if row.quotes else None,
        "version": str(place.version_id) if place else None,
        "paragraph": place.paragraph if place else None,
        "label": place.label if place else None,
    }


def _group(group_id: int) -> Group:
    group = db.session.get(Group, group_id)
    if group is None:
        raise NotFound(_("This group was not found, or is not open to you."))
    return group


def _thread(actor: Actor, thread_id: int) -> Thread:
    """The thread, locked until the commit: its posts are numbered one after the other."""
    # What was read before the lock may be stale: two who post at once must not both count the same last post.
    locked = select(Thread).where(Thread.id == thread_id).with_for_update(key_share=True, of=Thread)
    thread = db.session.scalar(locked.execution_options(populate_existing=True))
    if thread is None:
        raise NotFound(_("This thread was not found, or is not open to you."))
    require(actor, Action.READ_TEXT, GroupId(thread.group_id), thread.group.openness, what=_("This thread"))
    return thread


def _writable(actor: Actor, thread_id: int) -> Thread:
    thread = _thread(actor, thread_id)
    _require_open(actor, thread)
    return thread


def _require_open(actor: Actor, thread: Thread) -> None:
    require(actor, Action.COMMENT, GroupId(thread.group_id), thread.group.openness, what=_("This thread"))
    if thread.closed:
        raise Closed(_("This thread is closed. What you wrote is kept here, but can no longer be sent."))


def _ordered(actor: Actor, thread_id: int) -> Thread:
    thread = _thread(actor, thread_id)
    require(actor, Action.KEEP_ORDER, GroupId(thread.group_id), thread.group.openness, what=_("This thread"))
    return thread


def _thread_id_of(post_id: int) -> int:
    thread_id = db.session.scalar(select(Post.thread_id).where(Post.id == post_id))
    if thread_id is None:
        raise NotFound(_("This post was not found, or is not open to you."))
    return thread_id


def _require_own(actor: Actor, found: Post, thread: Thread) -> None:
    """Whoever has changed delegation or taken an office since does not touch what was said for another."""
    now = signed(actor, thread.group_id)
    if found.author_id != actor.user_id or now["delegation"] != found.actor["delegation"]:
        raise Forbidden(_("You can edit your own posts only, and only for the delegation that you acted for."))


def _stale(words: str, found: Post) -> Conflict:
    return Conflict(
        _("This post was changed since you began. Both texts are below: nothing is lost."),
        field="body",
        status=412,
        yours=words,
        theirs=found.body,
        revision=found.revision,
    )


def _keep_revision(found: Post) -> None:
    db.session.add(
        PostRevision(
            post_id=found.id,
            revision=found.revision,
            body=found.body,
            html=found.html,
            written_at=found.edited_at or found.created_at,
        )
    )


def _quoted(thread: Thread, quotes_id: int | None) -> Post | None:
    if quotes_id is None:
        return None
    quoted = db.session.get(Post, quotes_id)
    if quoted is None or quoted.thread_id != thread.id:
        raise Invalid(_("You can quote posts of this thread only."), field="quotes")
    return quoted


def _place(thread: Thread, version_id: int | None, paragraph: str | None) -> links.Place | None:
    if version_id is None and not paragraph:
        return None
    place = links.find(thread.group_id, version_id, paragraph) if version_id is not None else None
    if place is None:
        raise Invalid(_("No issued version of this group has such a paragraph."), field="paragraph")
    return place


def _mark(actor: Actor, thread: Thread, number: int) -> int:
    if actor.user_id is None:
        return 0
    mark = db.session.get(ReadMark, (actor.user_id, thread.id))
    if mark is None:
        mark = ReadMark(user_id=actor.user_id, thread_id=thread.id, number=0)
        db.session.add(mark)
    mark.number = max(mark.number, number)
    return mark.number
