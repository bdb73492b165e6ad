"""Days on which no deadline should fall: weekends, and the holidays of Headquarters that a calendar can compute.

The holidays that follow the moon (Eid al-Fitr, Eid al-Adha) are announced year by year and are not computed here: the
chair knows them, and the platform only warns.
"""

from __future__ import annotations

from datetime import date, timedelta

MONDAY, THURSDAY, SATURDAY = 0, 3, 5


def day_off(day: date) -> str | None:
    """`holiday`, `weekend`, or None for a working day in New York."""
    if day in _holidays(day.year):
        return "holiday"
    return "weekend" if day.weekday() >= SATURDAY else None


def _holidays(year: int) -> frozenset[date]:
    last_of_may = date(year, 5, 31)
    return frozenset(
        {
            date(year, 1, 1),
            easter(year) - timedelta(days=2),
            last_of_may - timedelta(days=last_of_may.weekday()),
            date(year, 7, 4),
            _nth(year, 9, MONDAY, 1),
            _nth(year, 11, THURSDAY, 4),
            date(year, 12, 25),
        }
    )


def _nth(year: int, month: int, weekday: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the algorithm of Meeus, Jones and Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    wrap = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * wrap) // 433
    month = (h + wrap - 7 * m + 90) // 25
    day = (h + wrap - 7 * m + 33 * month + 19) % 32
    return date(year, month, day)
