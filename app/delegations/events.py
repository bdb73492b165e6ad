"""The socket commands of a delegation: its own room, and where its people are."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app.delegations import rights
from app.delegations.colleagues import DOINGS, At, colleagues
from app.errors import Invalid
from app.live.channels import other_rooms
from app.live.commands import command
from app.live.entering import enter
from app.live.models import LiveSession
from app.live.queries import readable_session, require_present
from app.live.rooms import Visitor
from app.policy import Actor
from app.record import events_after, last_seq
from app.web.numbers import whole

PAGE = 200


def register() -> None:
    """The commands register themselves when this module is read."""
    other_rooms[rights.KIND] = rights.may_read


@command("delegation.join")
def join(actor: Actor, visitor: Visitor, message: dict[str, Any]) -> dict[str, Any]:
    """Enter the room of one's delegation beside a session's: what colleagues note, and where they are."""
    session, channel = _room(actor, message)
    after = message.get("after")
    if after is not None and (not isinstance(after, int) or isinstance(after, bool) or after < 0):
        raise Invalid(_("`after` is the number of the last event that you have."), field="after")
    enter(visitor, [channel])
    head = last_seq(channel)
    page = [] if after is None else events_after(channel, after, limit=PAGE + 1)
    return {
        "channel": channel,
        "seq": head,
        "events": [event.as_dict() for event in page[:PAGE]],
        "more": len(page) > PAGE,
        "colleagues": [at.as_dict() for at in colleagues.present(actor, channel) if at.session == session.id],
    }


@command("delegation.at")
def at(actor: Actor, visitor: Visitor, message: dict[str, Any]) -> dict[str, Any]:
    """Say to colleagues, and to nobody else, which paragraph one looks at or writes on."""
    session, channel = _room(actor, message)
    paragraph, doing = message.get("paragraph"), message.get("doing")
    if doing not in DOINGS:
        raise Invalid(_("Choose one of: %(words)s.", words=", ".join(DOINGS)), field="doing")
    if paragraph is not None and not (isinstance(paragraph, str) and len(paragraph) <= 40):
        raise Invalid(_("The text on the table has no such paragraph."), field="paragraph")
    colleagues.say(channel, visitor.sid, At(str(actor.user_id), actor.name, session.id, paragraph, doing))
    return {}


def _room(actor: Actor, message: dict[str, Any]) -> tuple[LiveSession, str]:
    number = whole(message.get("session"))
    if number is None:
        raise Invalid(_("Say which session."), field="session")
    session = readable_session(actor, number)
    require_present(actor, session)
    rights.require_of_delegation(actor, session.group_id)
    assert actor.party_code is not None
    return session, rights.channel_of(actor.party_code, session.group_id)
