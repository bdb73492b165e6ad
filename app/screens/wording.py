"""How the opening and the revoking of a display read in the record."""

from __future__ import annotations

from flask_babel import gettext as _

from app.web.wording import register_act


def register() -> None:
    register_act("display.opened", lambda who, data: _("%(who)s opened a display", who=who), quiet=True)
    register_act("display.revoked", lambda who, data: _("%(who)s switched a display off", who=who), quiet=True)
