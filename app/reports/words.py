"""Names, times, outcomes and levels as a report writes them, in the language of who asks.

The times are those of Headquarters, as the programme of work has them: a report is the same whoever draws it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import format_date, format_datetime
from flask_babel import gettext as _

from app.core.rules.summary import Decided, Sitting
from app.programme.queries import HEADQUARTERS
from app.web.times import in_order
from app.web.viewer import party_name


def names(codes: Iterable[str], *, keep: bool = False) -> str:
    """The names of parties, in the order of the alphabet unless their own order says something."""
    found = [party_name(code) for code in codes if code]
    return ", ".join(found if keep else sorted(found))


def day(at: str) -> str:
    return format_date(_there(at), in_order("d MMMM y"), rebase=False) if at else "–"


def clock(at: str | None) -> str:
    return format_datetime(_there(at), "HH:mm", rebase=False) if at else "–"


def _there(at: str) -> datetime:
    return datetime.fromisoformat(at).astimezone(ZoneInfo(HEADQUARTERS))


def spans(sittings: Sequence[Sitting]) -> str:
    return "; ".join(f"{day(one.began)}, {clock(one.began)}–{clock(one.ended)}" for one in sittings)


def minutes(seconds: float | None) -> str:
    """m:ss."""
    whole = round(seconds or 0)
    return f"{whole // 60}:{whole % 60:02}"


def decided_words(one: Decided) -> str:
    """The outcome as the record of a meeting says it."""
    what = one.label or _("the proposal before it")
    if one.tally:
        return _(
            "By a recorded vote of %(yes)s to %(no)s, with %(abstain)s abstentions, %(what)s was %(outcome)s.",
            yes=one.tally.get("yes", 0),
            no=one.tally.get("no", 0),
            abstain=one.tally.get("abstain", 0),
            what=what,
            outcome=outcome_words(one.outcome),
        )
    return _("Without a vote, %(what)s was %(outcome)s.", what=what, outcome=outcome_words(one.outcome))


def outcome_words(outcome: str) -> str:
    return {"adopted": _("adopted"), "rejected": _("rejected"), "withdrawn": _("withdrawn")}.get(outcome, _("pending"))
