"""A comment whose words are gone is attached again by hand: to words of the present text, or to a whole paragraph."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.core.text.anchors import How
from app.drafts import queries as texts
from app.drafts.models import Draft, Version, VersionParagraph
from app.errors import Closed, Conflict, Forbidden, Invalid, NotFound
from app.extensions import db
from app.live.attachments import (
    Attachment,
    attachment_of,
    channel_of,
    get_comment,
    may_attach,
    openness_where_made,
)
from app.live.beside import remark_of
from app.live.models import Comment
from app.live.quoting import checked_quote
from app.live.segments import NOBODY
from app.policy import Action, Actor, GroupId, envelope_actor, require, role_in
from app.record import transaction


def attach(
    actor: Actor,
    comment_id: str,
    paragraph: Any,
    quote: Mapping[str, Any] | None,
    *,
    version_id: int | None = None,
) -> Attachment:
    """Attach a comment to words of the newest version, or to a whole paragraph where `quote` is None.

    `version_id` is the version that the person looked at: Conflict when a newer one was issued meanwhile. Closed
    where the comment stands on its words anyway.
    """
    with transaction() as tx:
        comment = get_comment(actor, comment_id)
        group = GroupId(comment.session.group_id)
        require(actor, Action.ATTACH_COMMENT, group, openness_where_made(comment), what=_("This comment"))
        if not may_attach(actor, comment):
            raise Forbidden(_("The delegation that made this comment attaches it, or an officer of the group."))
        version = newest_of(comment, hold=True)
        if version_id not in (None, version.id):
            raise Conflict(
                _("%(label)s was issued meanwhile. Look at its words, and choose again.", label=version.label)
            )
        _require_loose(actor, comment, version)
        row = _paragraph(version, paragraph)
        data = {
            "comment": comment.id,
            "draft": str(version.draft_id),
            "version": str(version.id),
            "number": version.number,
            "version_label": version.label,
            "paragraph": row.wid,
            "label": row.label,
            "quote": checked_quote(row.text, quote) if quote is not None else None,
            "was": {"paragraph": comment.paragraph, "version": str(comment.version_id), "quote": comment.quote},
        }
        return attachment_of(tx.append(channel_of(comment), "comment.attached", _author(actor, comment), data))


def newest_of(comment: Comment, *, hold: bool = False) -> Version:
    """The newest issued version of the text that the comment is on; with `hold`, none is issued before the commit."""
    made_on = db.session.get(Version, comment.version_id) if comment.version_id else None
    if made_on is None or comment.paragraph is None:
        raise Closed(_("This comment is about the text as a whole: it stands on no words."))
    if hold:
        db.session.scalars(select(Draft.id).where(Draft.id == made_on.draft_id).with_for_update(read=True)).one()
    return texts.newest_version(made_on.draft_id)


def _require_loose(actor: Actor, comment: Comment, version: Version) -> None:
    """What stands on its own words needs no hand; what was placed by hand, or sits on other words, may move."""
    remark = remark_of(actor, version, comment)
    if not remark.lost and remark.attached is None and remark.how != How.REWORDED:
        raise Closed(_("The words of this comment stand in the text: it is beside them."), field="comment")


def _paragraph(version: Version, reference: Any) -> VersionParagraph:
    if not isinstance(reference, str) or not 0 < len(reference) <= 80:
        raise Invalid(_("Choose a paragraph."), field="paragraph")
    try:
        return texts.paragraph_in(version, reference)
    except NotFound as error:
        raise Invalid(error.message, field="paragraph") from None


def _author(actor: Actor, comment: Comment) -> dict[str, Any]:
    """Who attaches; an office without a name where nothing was attributed."""
    author = envelope_actor(actor, role_in(actor, GroupId(comment.session.group_id)))
    return author if comment.actor.get("user") else NOBODY | {"role": author["role"]}
