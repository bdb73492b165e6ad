"""Who may do what: one table, read as a matrix, and its one question `can()`."""

from __future__ import annotations

from flask_babel import gettext as _

from app.errors import Forbidden, NotFound, Unauthenticated
from app.policy.actor import (
    OPENNESS_FORUM,
    PUBLIC,
    Actor,
    DelegationRole,
    GroupId,
    Office,
    PartyId,
    PartyKind,
    PlatformRole,
    UserId,
    envelope_actor,
    role_in,
    role_name,
)
from app.policy.table import MATRIX, Action, Forum, Role

ENTRUSTED: frozenset[Action] = frozenset({Action.BREAK_SILENCE, Action.VOTE})
"""What a negotiator does only when the head of delegation has entrusted it (domain brief §11)."""

OF_NO_GROUP = frozenset({Action.KEEP_PRECEDENTS})
"""What is of the whole platform, and open: it is asked of what somebody is there, whatever group is named."""

SHOWN = frozenset({Action.READ_TEXT, Action.SEE_POSITIONS})
"""What a display may show of a room that it was opened for."""


def can(actor: Actor, action: Action, group: GroupId | None, openness: str | Forum) -> bool:
    """May `actor` do `action` in a room of this working group that is as open as `openness`?

    `openness` is a word of the contract (public, observers, members, invited) or a Forum. An invited room is for
    the parties that the group or session names: whoever is not of the group is the public there.
    """
    forum = openness if isinstance(openness, Forum) else OPENNESS_FORUM[openness]
    if action in OF_NO_GROUP:
        group, forum = None, Forum.PUBLIC
    if action in SHOWN and group is not None and forum in actor.reads.get(group, ()):
        return True
    if action in ENTRUSTED and role_in(actor, group) is Role.NEGOTIATOR and not actor.entrusted:
        return False
    return forum in MATRIX[action][role_in(actor, group)]


def require(actor: Actor, action: Action, group: GroupId | None, openness: str | Forum, *, what: str = "This") -> None:
    """Raise unless `can`. What the person may not read is NotFound: they must not learn that it exists."""
    if can(actor, action, group, openness):
        return
    if action in (Action.READ_TEXT, Action.READ_RECORD, Action.READ_WORKING_COPY) or not can(
        actor, Action.READ_TEXT, group, openness
    ):
        raise NotFound(_("%(what)s was not found, or is not open to you.", what=what))
    if not actor.signed_in:
        raise Unauthenticated(_("Sign in to do this."))
    raise Forbidden(_("Your role in this group does not allow this."))


def actions(actor: Actor, group: GroupId | None, openness: str | Forum) -> list[str]:
    """All that `actor` may do there, for pages and for the room's `you.can`."""
    return [str(action) for action in Action if can(actor, action, group, openness)]


__all__ = [
    "MATRIX",
    "OF_NO_GROUP",
    "OPENNESS_FORUM",
    "PUBLIC",
    "Action",
    "Actor",
    "DelegationRole",
    "Forum",
    "GroupId",
    "Office",
    "PartyId",
    "PartyKind",
    "PlatformRole",
    "Role",
    "UserId",
    "actions",
    "can",
    "envelope_actor",
    "require",
    "role_in",
    "role_name",
]
