"""How the changes of the programme read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from app.web.wording import register_act


def register() -> None:
    register_act("session.rescheduled", _with_reason(lambda who: _("%(who)s moved the session", who=who)))
    register_act("session.postponed", _with_reason(lambda who: _("%(who)s postponed the session", who=who)))
    register_act("session.cancelled", _with_reason(lambda who: _("%(who)s cancelled the session", who=who)))


def _with_reason(said: Callable[[str], str]) -> Callable[[str, Mapping[str, Any]], str]:
    def words(who: str, data: Mapping[str, Any]) -> str:
        return f"{said(who)}: {data['reason']}" if data["reason"] else said(who)

    return words
