"""What was said of a text in sessions, beside its words: on those that it was about, or as an orphan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from app.core.text import ParagraphId, Quote
from app.core.text.anchors import Orphan, Placed, follow_all
from app.drafts.extras import Way, extras
from app.drafts.models import Version, VersionParagraph
from app.drafts.queries import version_paragraphs
from app.drafts.views import as_paragraph
from app.extensions import db
from app.live import attachments
from app.live.attachments import Attachment
from app.live.models import Comment, LiveSession
from app.live.parts import add_part, parts
from app.live.queries import heard_by
from app.live.quoting import as_quote
from app.live.segments import channel_of
from app.policy import Actor
from app.web.wording import event_anchor

SHOWN = 100
"""Comments on the page of one paragraph: the newest."""
LISTED = 500
"""Comments on the page of a whole text: the newest."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment as it stands in the version that is read. `place` is the characters it is about, None where orphaned.

    `how` is exact, moved or reworded; of an orphan, why its words are gone; empty when the whole paragraph is meant.
    """

    comment: Comment
    paragraph: str | None
    """Where it belongs now: where it was made, or where it was attached by hand. None: the text as a whole."""
    quoted: str
    place: tuple[int, int] | None
    how: str
    lost: bool
    """It stands nowhere in this version: its words are gone, or its paragraph is."""
    attached: Attachment | None
    history: tuple[Attachment, ...]
    may_attach: bool

    @property
    def anchor(self) -> str:
        """Where it stands on the page of its session."""
        return event_anchor(channel_of(self.comment.session, self.comment.openness), self.comment.seq)

    @property
    def original(self) -> str:
        """The words that it was made on."""
        return str((self.comment.quote or {}).get("exact") or "")


def register() -> None:
    if paragraph_part not in extras.paragraph_parts:
        extras.paragraph_parts.append(paragraph_part)
        extras.ways.append(ways)
        extras.downloads.append(downloads)
        add_part("rail", "comments-word", 90, session_link)
        parts.record_parts.append(session_link)


def paragraph_part(actor: Actor, version: Version, row: VersionParagraph) -> str:
    found = remarks(actor, version, row)
    return render_template("live/_remarks.html", remarks=found, text=row.text) if found else ""


def ways(actor: Actor, version: Version) -> list[Way]:
    """A page of all comments, for whom there are any."""
    if not version.issued or not _count(actor, version):
        return []
    return [Way("comments", _("Comments"), url_for("remarks.text", draft_id=version.draft_id, number=version.number))]


def downloads(actor: Actor, version: Version) -> list[tuple[str, str]]:
    """The compilation with the comments as a Word file, for whom there are any."""
    if not ways(actor, version):
        return []
    address = url_for("remarks.text_word", draft_id=version.draft_id, number=version.number)
    return [(_("Word, with comments"), address)]


def session_link(actor: Actor, session: LiveSession) -> str:
    """In the room and in its record: the text on the table with the comments of this session, as a Word file."""
    if session.version_id is None:
        return ""
    return render_template("live/_word_link.html", address=url_for("remarks.session_word", session_id=session.id))


def _count(actor: Actor, version: Version) -> int:
    query = select(func.count()).select_from(Comment).join(Version, Version.id == Comment.version_id)
    return db.session.scalar(query.where(*_readable(actor, version))) or 0


def remarks(actor: Actor, version: Version, row: VersionParagraph) -> list[Remark]:
    """The comments on a paragraph that the actor may read, in any of the draft's versions, oldest first.

    Shown and orphaned together are all there are: none is dropped, and none sits on another paragraph's words.
    """
    by_hand = _by_hand(actor, version)
    here = [id_ for id_, done in by_hand.items() if done.paragraph == row.wid]
    away = [id_ for id_, done in by_hand.items() if done.paragraph != row.wid]
    own = (Comment.paragraph == row.wid) & Comment.id.not_in(away)
    return _remarks(actor, version, [or_(own, Comment.id.in_(here))], SHOWN)


def all_remarks(actor: Actor, version: Version, session_id: int | None = None) -> list[Remark]:
    """The newest comments on a text, in any of its versions, as they stand in this one: oldest first.

    With `session_id`, those that were made in this session.
    """
    return _remarks(actor, version, [Comment.session_id == session_id] if session_id else [], LISTED)


def remark_of(actor: Actor, version: Version, comment: Comment) -> Remark:
    """One comment as it stands in a version of its text."""
    return _remarks(actor, version, [Comment.id == comment.id], 1)[0]


def _remarks(actor: Actor, version: Version, which: Iterable[ColumnElement[bool]], limit: int) -> list[Remark]:
    query = (
        select(Comment)
        .options(joinedload(Comment.session).joinedload(LiveSession.group))
        .join(Version, Version.id == Comment.version_id)
        .where(*_readable(actor, version), *which)
        .order_by(Comment.created_at.desc(), Comment.id)
        .limit(limit)
    )
    comments = list(db.session.scalars(query))[::-1]
    history = attachments.attachments(actor, version.draft_id) if comments else {}
    anchors = [_Anchor.of(comment, _in_force(history.get(comment.id, ()), version)) for comment in comments]
    placed = _placed(anchors, version)
    return [_remark(actor, anchor, placed.get(anchor.comment.id), history) for anchor in anchors]


def _readable(actor: Actor, version: Version) -> list[ColumnElement[bool]]:
    return [Version.draft_id == version.draft_id, heard_by(actor, Comment.openness, Comment.session_id)]


def _by_hand(actor: Actor, version: Version) -> dict[str, Attachment]:
    done = attachments.attachments(actor, version.draft_id)
    return {id_: last for id_, all_ in done.items() if (last := _in_force(all_, version))}


def _in_force(done: Sequence[Attachment], version: Version) -> Attachment | None:
    """The last one that was made on this version or before it: earlier versions read as they were."""
    until = [attachment for attachment in done if not version.issued or attachment.number <= version.number]
    return until[-1] if until else None


@dataclass(frozen=True, slots=True)
class _Anchor:
    """Where a comment was put last: the version, the paragraph, and the words there."""

    comment: Comment
    attached: Attachment | None
    version_id: int | None
    paragraph: str | None
    said: Mapping[str, Any] | None

    @classmethod
    def of(cls, comment: Comment, by_hand: Attachment | None) -> _Anchor:
        if by_hand is None:
            return cls(comment, None, comment.version_id, comment.paragraph, comment.quote)
        return cls(comment, by_hand, by_hand.version_id, by_hand.paragraph, by_hand.quote)

    @property
    def quote(self) -> Quote:
        return as_quote(self.said)


def _placed(anchors: Sequence[_Anchor], version: Version) -> dict[str, Placed | Orphan]:
    """Where what each comment is about stands in `version`; one word map for each version that was spoken of."""
    new = [as_paragraph(row) for row in version_paragraphs(version.id)]
    found: dict[str, Placed | Orphan] = {}
    about = [anchor for anchor in anchors if anchor.paragraph and anchor.version_id is not None]
    for spoken_of in {anchor.version_id for anchor in about}:
        here = [anchor for anchor in about if anchor.version_id == spoken_of]
        old = new if spoken_of == version.id else [as_paragraph(row) for row in version_paragraphs(spoken_of or 0)]
        asked = [(anchor.quote, ParagraphId(anchor.paragraph or "")) for anchor in here]
        found |= dict(zip((anchor.comment.id for anchor in here), follow_all(asked, old, new), strict=True))
    return found


def _remark(
    actor: Actor, anchor: _Anchor, place: Placed | Orphan | None, history: Mapping[str, list[Attachment]]
) -> Remark:
    quoted = anchor.quote.exact
    on_words = isinstance(place, Placed) and bool(quoted)
    how = str(place.how) if isinstance(place, Placed) else str(place.reason) if place else ""
    return Remark(
        comment=anchor.comment,
        paragraph=anchor.paragraph,
        quoted=quoted,
        place=(place.start, place.end) if isinstance(place, Placed) and on_words else None,
        how=how if on_words or isinstance(place, Orphan) else "",
        lost=isinstance(place, Orphan),
        attached=anchor.attached,
        history=tuple(history.get(anchor.comment.id, ())),
        may_attach=attachments.may_attach(actor, anchor.comment),
    )


def suggestion_of(version: Version, remark: Remark) -> tuple[str, int, int] | None:
    """Where the words of an orphan stand now, if they stand in one place: (paragraph, start, end)."""
    anchor = _Anchor.of(remark.comment, remark.attached)
    place = _placed([anchor], version).get(remark.comment.id)
    return place.suggestion if isinstance(place, Orphan) else None
