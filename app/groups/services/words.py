"""What is checked of words that people send: length, characters, and in whose name they are said."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app.core.text import TextRefused, clean_message
from app.errors import Forbidden, Invalid, TooLarge
from app.policy import Actor, GroupId, Role, envelope_actor, role_in
from app.web.refusals import text_refused

POST_LIMIT = 20_000
MANDATE_LIMIT = 20_000
TITLE_LIMIT = 200
OFFICERS = frozenset({Role.CHAIR, Role.VICE_CHAIR, Role.FACILITATOR, Role.SECRETARIAT})


def checked_text(text: Any, field: str, limit: int, *, required: bool = True) -> str:
    """A longer text, as it is kept: NFC, no control characters, no marks that reverse the order of words.

    Raises Invalid or TooLarge, naming `field`.
    """
    if not isinstance(text, str):
        raise Invalid(_("Write something first."), field=field)
    text = text.replace("\r\n", "\n")  # as forms send it: a line's end counts once
    if len(text) > limit:
        raise TooLarge(
            _("At most %(number)s characters fit here. Shorten it, or send it in parts.", number=limit), field=field
        )
    try:
        kept = clean_message(text)
    except TextRefused as refused:
        raise Invalid(text_refused(refused), field=field) from None
    if required and not kept:  # asked after the cleaning: a text of invisible characters says nothing
        raise Invalid(_("Write something first."), field=field)
    return kept


def checked_line(text: Any, field: str, limit: int = TITLE_LIMIT, *, required: bool = True) -> str:
    """One line, such as a title. Raises Invalid, naming `field`."""
    line = " ".join(text.split()) if isinstance(text, str) else ""
    if not line and not required:
        return ""
    if not 0 < len(line) <= limit:
        raise Invalid(_("Write 1 to %(number)s characters.", number=limit), field=field)
    return checked_text(line, field, limit)


def signed(actor: Actor, group_id: int, on_behalf_of: str | None = None) -> dict[str, Any]:
    """The actor as events and posts name it, in this group and perhaps in the name of a group of States.

    `on_behalf_of` is the code or the English name of a group of States that the actor's delegation speaks for.
    Raises Forbidden when it does not, or when the actor is an officer here: an officer speaks for no group.
    """
    role = role_in(actor, GroupId(group_id))
    return envelope_actor(actor, role, _state_group(actor, role, on_behalf_of))


def _state_group(actor: Actor, role: Role, wanted: str | None) -> str | None:
    if not wanted:
        return None
    for code, name in actor.speaks_for.items():
        if wanted in (code, name) and role not in OFFICERS:
            return name
    raise Forbidden(_("You do not speak for this group of States here."), field="on_behalf_of")
