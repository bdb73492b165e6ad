"""What the commands of a session ask of it and of what is sent: who chairs it, a paragraph, a version, a line."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.core.rules import sessions as rules
from app.drafts.models import Draft, Version, VersionParagraph
from app.errors import Invalid, NotFound
from app.extensions import db
from app.groups.models import Group
from app.live.models import LiveSession
from app.live.queries import may_know, openness_of
from app.policy import OPENNESS_FORUM, Action, Actor, GroupId, envelope_actor, require, role_in


def require_chair(actor: Actor, session: LiveSession, action: Action) -> None:
    """Raise unless the actor may do this with the session, from the Chair or beside it: present or not."""
    if not may_know(actor, session):
        raise NotFound(_("This session was not found, or is not open to you."))
    require(actor, action, GroupId(session.group_id), openness_of(session), what=_("This session"))


def actor_in(actor: Actor, session: LiveSession) -> dict[str, Any]:
    """The `actor` member of an event that opens, closes or arranges the session: named in any segment."""
    return envelope_actor(actor, role_in(actor, GroupId(session.group_id)))


def paragraph_on_the_table(session: LiveSession, reference: Any) -> VersionParagraph:
    """By identity, or by the slug of its label, in the version on the table."""
    found = None
    if session.version_id and isinstance(reference, str) and len(reference) <= 80:
        rows = db.session.scalars(
            select(VersionParagraph).where(
                VersionParagraph.version_id == session.version_id,
                (VersionParagraph.wid == reference) | (VersionParagraph.slug == reference),
            )
        ).all()
        found = next((row for row in rows if row.wid == reference), rows[0] if rows else None)
    if found is None:
        raise Invalid(_("The text on the table has no such paragraph."), field="paragraph")
    return found


def checked_version(version_id: int | None, group: Group) -> int | None:
    """An issued version of a text of the group, or none. Raises Invalid."""
    if version_id is None:
        return None
    version = db.session.get(Version, version_id)
    draft = db.session.get(Draft, version.draft_id) if version else None
    if version is None or draft is None or draft.group_id != group.id or not version.issued:
        raise Invalid(_("Only an issued version of this group can be put on the table."), field="version")
    return version.id


def check_openness(openness: Any, group: Group) -> None:
    """Raises Invalid on what is no openness, and on one that is wider than the group's."""
    if not isinstance(openness, str) or openness not in OPENNESS_FORUM:
        raise Invalid(_("The openness must be public, observers, members or invited."), field="openness")
    if rules.is_wider(openness, group.openness):
        raise Invalid(_("A session cannot be more open than its group."), field="openness")


def as_id(number: int | None) -> str | None:
    """A key of the database as events tell it."""
    return str(number) if number is not None else None
