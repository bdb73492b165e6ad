"""What was done by hand with comments whose words were gone, and who may do it.

It is recorded beside the channel in which the comment was made, `remarks:SESSION`, for the same readers: the record
of a meeting says what was said in it, and ends with it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.core.rules.sessions import is_wider
from app.drafts.models import Version
from app.errors import NotFound
from app.extensions import db
from app.groups.services.words import OFFICERS
from app.live.models import Comment, LiveSession
from app.live.queries import heard_by, may_hear, openness_of
from app.policy import Action, Actor, GroupId, can, role_in
from app.record import Envelope, events_of


@dataclass(frozen=True, slots=True)
class Attachment:
    """Somebody attached a comment to a paragraph of a version: to the words of `quote`, or to the whole with None."""

    comment: str
    version_id: int
    number: int
    """Of the version: it holds from there on."""
    version_label: str
    paragraph: str
    label: str
    quote: Mapping[str, Any] | None
    actor: Mapping[str, Any]
    at: datetime


def channel_of(comment: Comment) -> str:
    """Where the fate of a comment after its meeting is recorded: one channel for each openness."""
    return f"remarks:{comment.session_id}" + (f":{comment.openness}" if comment.openness else "")


def attachments(actor: Actor, draft_id: int) -> dict[str, list[Attachment]]:
    """Comment to all that was done with it by hand, oldest first: of the comments that the actor may read."""
    rows = db.session.execute(
        select(Comment.session_id, Comment.openness)
        .join(Version, Version.id == Comment.version_id)
        .where(Version.draft_id == draft_id, heard_by(actor, Comment.openness, Comment.session_id))
        .distinct()
    )
    channels = [f"remarks:{session}" + (f":{openness}" if openness else "") for session, openness in rows]
    found: dict[str, list[Attachment]] = {}
    for event in events_of(channels):
        data = json.loads(event.body)["data"]
        if data["draft"] == str(draft_id):
            found.setdefault(data["comment"], []).append(attachment_of(event))
    return found


def attachment_of(event: Envelope) -> Attachment:
    said = json.loads(event.body)
    data = said["data"]
    return Attachment(
        comment=data["comment"],
        version_id=int(data["version"]),
        number=data["number"],
        version_label=data["version_label"],
        paragraph=data["paragraph"],
        label=data["label"],
        quote=data["quote"],
        actor=said["actor"],
        at=datetime.fromisoformat(said["at"]),
    )


def may_attach(actor: Actor, comment: Comment) -> bool:
    """The delegation that made it, and who keeps the group's house: chair, facilitator, secretariat."""
    group = GroupId(comment.session.group_id)
    if not can(actor, Action.ATTACH_COMMENT, group, openness_where_made(comment)):
        return False
    if role_in(actor, group) in OFFICERS:
        return True
    return actor.party_code is not None and comment.actor.get("delegation") == actor.party_code


def get_comment(actor: Actor, comment_id: str) -> Comment:
    """A comment that the actor may read. Raises NotFound."""
    query = select(Comment).options(joinedload(Comment.session).joinedload(LiveSession.group))
    comment = db.session.scalar(query.where(Comment.id == comment_id))
    if comment is None or not may_hear(actor, comment.session, comment.openness):
        raise NotFound(_("This comment was not found, or is not open to you."))
    return comment


def openness_where_made(comment: Comment) -> str:
    """How open it is where the comment was made: never more than its session is now."""
    whole = openness_of(comment.session)
    return whole if not comment.openness or is_wider(comment.openness, whole) else comment.openness
