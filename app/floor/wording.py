"""How the events of the floor read in the talk and in the record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from app.web.viewer import party_name
from app.web.wording import Words, register_act


def _of(data: Mapping[str, Any]) -> str:
    return party_name(data["delegation"])


def _swapped(who: str, data: Mapping[str, Any]) -> str:
    other = party_name(data["other_delegation"])
    return _("%(who)s swapped %(delegation)s and %(other)s on the list", who=who, delegation=_of(data), other=other)


LOUD: dict[str, Words] = {
    "floor.given": lambda who, data: _("%(who)s gave the floor to %(delegation)s", who=who, delegation=_of(data)),
    "floor.interrupted": lambda who, data: _("%(delegation)s was interrupted", delegation=_of(data)),
    "floor.resumed": lambda who, data: _("%(delegation)s went on", delegation=_of(data)),
    "list.closing_announced": lambda who, data: _("%(who)s announced that the speakers’ list will be closed", who=who),
    "list.closed": lambda who, data: _("%(who)s closed the speakers’ list", who=who),
    "list.opened": lambda who, data: _("%(who)s opened the speakers’ list again", who=who),
}
QUIET: dict[str, Words] = {
    "floor.requested": lambda who, data: _("%(delegation)s asked for the floor", delegation=_of(data)),
    "floor.withdrawn": lambda who, data: _("%(delegation)s withdrew from the list", delegation=_of(data)),
    "floor.ended": lambda who, data: _("%(delegation)s ended", delegation=_of(data)),
    "floor.moved": lambda who, data: _("%(who)s moved %(delegation)s on the list", who=who, delegation=_of(data)),
    "floor.swapped": _swapped,
    "floor.absent": lambda who, data: _("%(delegation)s was absent: to the end of the list", delegation=_of(data)),
}
"""What the list on the page shows already: the talk does not repeat it."""


def register() -> None:
    for type_, words in LOUD.items():
        register_act(type_, words)
    for type_, words in QUIET.items():
        register_act(type_, words, quiet=True)
