"""The forms of a silence procedure: the one that puts a text under silence, and what the others send."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import get_timezone
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, Optional

from app.drafts.models import VersionParagraph
from app.errors import Invalid
from app.silence.views import place_of

MINUTES = "%Y-%m-%dT%H:%M"


class StartForm(FlaskForm):
    """Put a version under silence."""

    deadline = DateTimeLocalField(_l("Deadline"), format=MINUTES, validators=[DataRequired(_l("Say until when."))])
    zone = SelectField(_l("Time zone of the deadline"))
    scope = RadioField(_l("What is under silence"), default="whole")
    paragraphs = SelectMultipleField(_l("The paragraphs"), validators=[Optional()])
    message = TextAreaField(_l("Covering letter"), validators=[Length(max=20_000)])
    consequence = TextAreaField(_l("What happens if nobody objects"), validators=[Length(max=2_000)])
    short_reason = TextAreaField(_l("Why there is less time than the rules give"), validators=[Length(max=2_000)])
    predecessor = HiddenField()
    seen = BooleanField(_l("I have seen this, and keep the deadline"))


def prepare_choices(form: StartForm, rows: list[VersionParagraph], zone: str, *, since: str | None) -> None:
    """Offer the zones, the paragraphs and, where there is something to compare to, what changed."""
    form.zone.choices = zones(zone)
    form.paragraphs.choices = [(row.wid, f"{row.label} {row.text[:60]}".strip()) for row in rows]
    form.scope.choices = [("whole", _("The text as a whole"))]
    if since:
        form.scope.choices.append(("changed", _("Only what changed since %(label)s", label=since)))
    form.scope.choices.append(("chosen", _("Only the paragraphs that are ticked below")))


def zones(zone: str) -> list[tuple[str, str]]:
    """Where a deadline can be said: where the body sits, UTC, and the reader's own zone."""
    names = dict.fromkeys((zone, "UTC", str(get_timezone())))
    return [(name, place_of(name)) for name in names]


def moment(text: datetime | str | None, zone: str, allowed: list[tuple[str, str]]) -> datetime:
    """A time on a clock of this zone. Raises Invalid."""
    if zone not in dict(allowed):
        raise Invalid(_("Choose one of the time zones."), field="zone")
    if isinstance(text, str):
        try:
            text = datetime.strptime(text, MINUTES)
        except ValueError:
            raise Invalid(_("Say until when."), field="deadline") from None
    if text is None:
        raise Invalid(_("Say until when."), field="deadline")
    return text.replace(tzinfo=ZoneInfo(zone))


def objection(sent: Mapping[str, Any], ticked: list[str]) -> dict[str, Any]:
    """What the form that breaks silence says. A paragraph with words in it counts, ticked or not."""
    written = [
        name.removeprefix(prefix)
        for name, value in sent.items()
        for prefix in ("wording-", "reason-")
        if name.startswith(prefix) and str(value).strip()
    ]
    wids = list(dict.fromkeys([*ticked, *written]))
    return {
        "paragraphs": [
            {
                "paragraph": wid,
                "wording": sent.get(f"wording-{wid}", ""),
                "reason": sent.get(f"reason-{wid}", ""),
            }
            for wid in wids
        ],
        "reason": sent.get("reason", ""),
    }
