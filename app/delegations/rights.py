"""Who is of a delegation here: its channel, and the one question under its notes, its drafts and its presence."""

from __future__ import annotations

from flask_babel import gettext as _

from app.errors import Forbidden, NotFound, Unauthenticated
from app.groups.services.words import OFFICERS
from app.policy import Action, Actor, Forum, GroupId, can, role_in
from app.web.numbers import whole

KIND = "delegation"


def channel_of(party_code: str, group_id: int) -> str:
    """One channel for each delegation in each working group: a delegate who chairs one group keeps out there."""
    return f"{KIND}:{party_code}:{group_id}"


def is_of_delegation(actor: Actor, group_id: int) -> bool:
    """Does the actor sit in the room of their own delegation, in this group? No officer does, nor who runs the machine.

    An observer State has a room of its delegation only where the matrix gives it one.
    """
    return actor.party_id is not None and can(actor, Action.NOTE_INTERNALLY, GroupId(group_id), Forum.DELEGATION)


def acts_for_delegation(actor: Actor, group_id: int) -> bool:
    """Is the actor here for their party, observers too, and in no office of the group?"""
    group = GroupId(group_id)
    return actor.party_id is not None and group in actor.member_of and role_in(actor, group) not in OFFICERS


def require_of_delegation(actor: Actor, group_id: int) -> None:
    """For who may read the text: what is refused to them is no secret, only that they have no such room."""
    if is_of_delegation(actor, group_id):
        return
    if not actor.signed_in:
        raise Unauthenticated(_("Sign in to do this."))
    raise Forbidden(_("Only a delegation keeps notes, each for itself."))


def may_read(actor: Actor, channel: str) -> bool:
    """May the actor be in this delegation's channel? Asked again when rights change."""
    kind, code, group = (*channel.split(":"), "", "")[:3]
    number = whole(group)
    return kind == KIND and number is not None and actor.party_code == code and is_of_delegation(actor, number)


def not_found() -> NotFound:
    return NotFound(_("This was not found, or is not open to you."))
