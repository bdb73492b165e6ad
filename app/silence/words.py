"""States, acts and events of silence procedures in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from app.core.rules.silence import State
from app.silence.models import SilenceProcedure
from app.web.wording import register_act


def state_label(silence: SilenceProcedure) -> str:
    if silence.state == State.RUNNING and silence.told_at:
        return _("Silence broken, running until the deadline")
    return {
        "prepared": _("Prepared"),
        "discarded": _("Discarded"),
        "running": _("Under silence"),
        "unbroken": _("Silence not broken"),
        "broken": _("Silence broken"),
        "withdrawn": _("Withdrawn by the Chair"),
        "void": _("Void"),
        "confirmed": _("Agreed by silence"),
        "formalised": _("Agreed by silence, noted in a meeting"),
        "consulting": _("Silence broken, the Chair consults"),
        "succeeded": _("Silence broken, followed by another"),
        "closed": _("Ended without agreement"),
    }[silence.state]


TONES = {
    "running": "bracketed",
    "unbroken": "agreed",
    "confirmed": "agreed",
    "formalised": "agreed",
    "broken": "deleted",
    "consulting": "deleted",
    "prepared": "info",
}
"""State to the tone of its pill; the others are plain."""


def warning_label(warning: str, min_hours: int) -> str:
    return {
        "short": _("This is less than the %(hours)s hours that the rules give.", hours=min_hours),
        "weekend": _("The deadline falls on a weekend in New York."),
        "holiday": _("The deadline falls on a holiday of Headquarters."),
    }[warning]


def register() -> None:
    """How the acts read in the history of a procedure."""
    plain = {
        "silence.told": lambda who: _("%(who)s informed all that silence is broken", who=who),
        "silence.withdrawn": lambda who: _("%(who)s withdrew the text from silence", who=who),
        "silence.voided": lambda who: _("%(who)s declared the procedure void", who=who),
        "silence.confirmed": lambda who: _("%(who)s confirmed that silence was not broken", who=who),
        "silence.letter": lambda who: _("%(who)s wrote on which paragraphs silence was broken", who=who),
        "silence.formalised": lambda who: _("%(who)s noted the outcome in a formal meeting", who=who),
        "silence.consulting": lambda who: _("%(who)s consults those who objected", who=who),
        "silence.closed": lambda who: _("%(who)s ended it without agreement", who=who),
        "silence.prepared": lambda who: _("%(who)s prepared it", who=who),
        "silence.revised": lambda who: _("%(who)s revised it", who=who),
        "silence.discarded": lambda who: _("%(who)s discarded it", who=who),
        "silence.break_withdrawn": lambda who: _("%(who)s took the objection back", who=who),
        "silence.late_objection": lambda who: _("%(who)s objected after the deadline", who=who),
        "silence.outage": lambda who: _("The platform was down"),
    }
    for type_, said in plain.items():
        register_act(type_, lambda who, data, said=said: said(who))  # type: ignore[misc]
    register_act("silence.announced", _announced)
    register_act("silence.extended", lambda who, data: _("%(who)s extended the deadline", who=who))
    register_act("silence.ended", _ended)
    register_act("silence.broken", _broken)
    register_act(
        "silence.succeeded", lambda who, data: _("%(who)s put %(label)s under silence", who=who, label=data["label"])
    )


def _announced(who: str, data: Mapping[str, Any]) -> str:
    return _("%(who)s put %(label)s under silence", who=who, label=data["label"])


def _broken(who: str, data: Mapping[str, Any]) -> str:
    return _("%(who)s amended the objection", who=who) if data["amends"] else _("%(who)s broke silence", who=who)


def _ended(_who: str, data: Mapping[str, Any]) -> str:
    if data["outcome"] == State.BROKEN:
        return _("The deadline passed: silence was broken")
    return _("The deadline passed: silence was not broken")
