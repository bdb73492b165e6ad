"""What was said of a version's words in sessions, for its exports: to whom it was open, and under the party's name."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.accounts.queries import party_names
from app.core.interchange import CommentRecord
from app.core.text import ParagraphId
from app.drafts.interchange import sources
from app.drafts.models import Version
from app.extensions import db
from app.live.models import Comment
from app.live.queries import heard_by
from app.live.quoting import as_quote
from app.policy import Actor
from app.record import timestamp

EACH = 150
"""Characters of what stands around a comment: who said it, when, on which words."""


def register() -> None:
    if comments_on not in sources.comments:
        sources.comments.append(comments_on)
        sources.amounts.append(amount)


def amount(actor: Actor, version: Version) -> int:
    """About how many characters the comments that the actor may read add to a file of a version."""
    query = select(func.sum(func.length(Comment.body) + EACH)).where(
        Comment.version_id == version.id, heard_by(actor, Comment.openness, Comment.session_id)
    )
    return int(db.session.scalar(query) or 0)


def comments_on(actor: Actor, version: Version) -> list[CommentRecord]:
    """The comments on a version that the actor may read, oldest first. A person's name is not among what they say."""
    query = (
        select(Comment)
        .options(joinedload(Comment.session))
        .where(Comment.version_id == version.id, heard_by(actor, Comment.openness, Comment.session_id))
        .order_by(Comment.created_at, Comment.id)
    )
    names = party_names("en")
    return [_record(comment, names) for comment in db.session.scalars(query)]


def _record(comment: Comment, names: dict[str, str]) -> CommentRecord:
    by = comment.actor
    party = by.get("delegation")
    role = by.get("role") or ""
    return CommentRecord(
        id=comment.id,
        body=comment.body,
        name=names.get(party, party) if party else "" if role == "delegate" else role.replace("_", " ").capitalize(),
        paragraph=ParagraphId(comment.paragraph) if comment.paragraph else None,
        quote=as_quote(comment.quote) if comment.quote else None,
        party=party,
        on_behalf_of=by.get("on_behalf_of"),
        role=role,
        at=timestamp(comment.created_at),
    )
