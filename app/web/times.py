"""Dates and times as people read them: in their zone, with the exact moment in the markup."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flask_babel import format_date, format_datetime, format_time, get_timezone
from markupsafe import Markup

from app.web.locale import current_language

_CHINESE = {
    "d MMM y": "y年M月d日",
    "d MMMM y": "y年M月d日",
    "EEE d MMM": "M月d日 EEE",
    "d MMM y, HH:mm": "y年M月d日 HH:mm",
    "EEE d MMM y, HH:mm": "y年M月d日 EEE HH:mm",
}
"""Chinese names the year first. The other languages keep the order of the house: day, month, year."""


def parse(moment: datetime | str) -> datetime:
    """A datetime from one or from RFC 3339 text, as events carry it."""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def in_order(pattern: str) -> str:
    """A pattern of the house with its parts in the order of the reader's language."""
    return _CHINESE.get(pattern, pattern) if current_language() == "zh" else pattern


def when(moment: datetime | str | None, form: str = "datetime") -> Markup:
    """`<time datetime="…">` in the reader's zone. `form` is datetime, date or time."""
    if moment is None:
        return Markup("")
    moment = parse(moment)
    shown = {"datetime": date_and_time, "date": day, "time": clock}[form](moment)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), date_and_time(moment, zone=True), shown
    )


def date_and_time(moment: datetime | str, zone: bool = False) -> str:
    moment = parse(moment)
    text = format_datetime(moment, in_order("d MMM y, HH:mm"))
    return f"{text} {moment.astimezone(get_timezone()).tzname()}" if zone else text


def day(moment: datetime | str) -> str:
    return format_date(parse(moment), in_order("d MMM y"), rebase=True)


def weekday(when: date | datetime) -> str:
    """A day with its name, as programmes print it: "Mon 7 Dec"."""
    return format_date(when, in_order("EEE d MMM"), rebase=isinstance(when, datetime))


def clock(moment: datetime | str) -> str:
    return format_time(parse(moment), "HH:mm", rebase=True)
