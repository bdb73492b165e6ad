"""What was said of a paragraph in sessions, beside its text: on the words that it was about, or as an orphan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.core.text import ParagraphId, Quote
from app.core.text.anchors import Orphan, Placed, follow_all
from app.drafts.extras import extras
from app.drafts.models import Version, VersionParagraph
from app.drafts.queries import version_paragraphs
from app.drafts.views import as_paragraph
from app.extensions import db
from app.live.models import Comment
from app.live.queries import heard_by
from app.live.segments import channel_of
from app.policy import Actor
from app.web.wording import event_anchor

SHOWN = 100
"""Comments on one page: the newest."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment as it stands in the version that is read. `place` is the characters it is about, None where orphaned.

    `how` is exact, moved or reworded; of an orphan, why its words are gone; empty when the whole paragraph is meant.
    """

    comment: Comment
    quoted: str
    place: tuple[int, int] | None
    how: str

    @property
    def anchor(self) -> str:
        """Where it stands on the page of its session."""
        return event_anchor(channel_of(self.comment.session, self.comment.openness), self.comment.seq)

    @property
    def orphan(self) -> bool:
        return bool(self.quoted) and self.place is None


def register() -> None:
    if paragraph_part not in extras.paragraph_parts:
        extras.paragraph_parts.append(paragraph_part)


def paragraph_part(actor: Actor, version: Version, row: VersionParagraph) -> str:
    found = remarks(actor, version, row)
    return render_template("live/_remarks.html", remarks=found, text=row.text) if found else ""


def remarks(actor: Actor, version: Version, row: VersionParagraph) -> list[Remark]:
    """The comments on a paragraph that the actor may read, in any of the draft's versions, oldest first.

    Shown and orphaned together are all there are: none is dropped, and none sits on another paragraph's words.
    """
    query = (
        select(Comment)
        .options(joinedload(Comment.session))
        .join(Version, Version.id == Comment.version_id)
        .where(
            Comment.paragraph == row.wid,
            Version.draft_id == version.draft_id,
            heard_by(actor, Comment.openness, Comment.session_id),
        )
        .order_by(Comment.created_at.desc(), Comment.id)
        .limit(SHOWN)
    )
    comments = list(db.session.scalars(query))[::-1]
    placed = _placed(comments, version)
    return [_remark(comment, placed.get(comment.id)) for comment in comments]


def _placed(comments: Sequence[Comment], version: Version) -> dict[str, Placed | Orphan]:
    """Where the quoted words of each comment stand in `version`; one word map for each version that was spoken of."""
    new = [as_paragraph(row) for row in version_paragraphs(version.id)]
    found: dict[str, Placed | Orphan] = {}
    quoting = [comment for comment in comments if comment.quote and comment.version_id is not None]
    for spoken_of in {comment.version_id for comment in quoting}:
        here = [comment for comment in quoting if comment.version_id == spoken_of]
        old = new if spoken_of == version.id else [as_paragraph(row) for row in version_paragraphs(spoken_of or 0)]
        asked = [(_quote(comment), ParagraphId(comment.paragraph or "")) for comment in here]
        found |= dict(zip((comment.id for comment in here), follow_all(asked, old, new), strict=True))
    return found


def _quote(comment: Comment) -> Quote:
    said = comment.quote or {}
    start = said.get("start")
    return Quote(
        exact=str(said.get("exact") or ""),
        start=start if isinstance(start, int) else 0,
        prefix=str(said.get("prefix") or ""),
        suffix=str(said.get("suffix") or ""),
    )


def _remark(comment: Comment, place: Placed | Orphan | None) -> Remark:
    quoted = str((comment.quote or {}).get("exact") or "")
    if isinstance(place, Placed):
        return Remark(comment, quoted, (place.start, place.end), str(place.how))
    return Remark(comment, quoted, None, str(place.reason) if place else "")
