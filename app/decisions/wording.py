"""How the events of decisions read, in the talk and in the record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from app.web.wording import register_act


def _opened(who: str, data: Mapping[str, Any]) -> str:
    return _("%(who)s opened the voting", who=who)


def _proposed(who: str, data: Mapping[str, Any]) -> str:
    return _("%(who)s put before the meeting: %(words)s", who=who, words=data["words"])


def _cast(who: str, data: Mapping[str, Any]) -> str:
    return _("%(who)s has voted", who=who)


def register() -> None:
    register_act("decision.proposed", _proposed)
    register_act("objection.made", lambda who, data: _("%(who)s objected", who=who))
    register_act("objection.withdrawn", lambda who, data: _("%(who)s withdrew its objection", who=who))
    register_act("vote.called", lambda who, data: _("%(who)s put it to the vote", who=who))
    register_act("vote.opened", _opened)
    register_act("ballot.cast", _cast, quiet=True)
    register_act("vote.closed", lambda who, data: _("%(who)s closed the voting", who=who))
    register_act("vote.announced", lambda who, data: _("%(who)s announced the result of the vote", who=who))
    register_act("decision.adopted", lambda who, data: _("Adopted"))
    register_act("decision.rejected", lambda who, data: _("Rejected"))
    register_act("decision.withdrawn", lambda who, data: _("%(who)s withdrew it", who=who))
    register_act("explanation.given", lambda who, data: _("%(who)s explained its position", who=who))
    register_act("dissociation.made", lambda who, data: _("%(who)s dissociated itself from paragraphs", who=who))
    register_act("intent.noted", lambda who, data: _("%(who)s noted how it had intended to vote", who=who))
    register_act("roll.taken", lambda who, data: _("%(who)s took the roll", who=who), quiet=True)
    register_act("version.adopted", lambda who, data: _("%(label)s was adopted", label=data["label"]))
