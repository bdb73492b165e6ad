"""Weekends and the holidays that a calendar can compute."""

from __future__ import annotations

from datetime import date

import pytest

from app.core.rules.workdays import day_off, easter


@pytest.mark.parametrize(
    ("day", "off"),
    [
        (date(2026, 11, 26), "holiday"),  # Thanksgiving, of a month that began on a Sunday
        (date(2024, 11, 28), "holiday"),  # … on a Friday
        (date(2026, 5, 25), "holiday"),
        (date(2026, 9, 7), "holiday"),
        (date(2026, 4, 3), "holiday"),
        (date(2026, 12, 25), "holiday"),
        (date(2026, 11, 28), "weekend"),
        (date(2026, 11, 29), "weekend"),
        (date(2026, 11, 27), None),
        (date(2026, 11, 30), None),
    ],
)
def test_days_off(day: date, off: str | None) -> None:
    assert day_off(day) == off


@pytest.mark.parametrize("sunday", [date(2000, 4, 23), date(2008, 3, 23), date(2038, 4, 25), date(2049, 4, 18)])
def test_easter(sunday: date) -> None:
    assert easter(sunday.year) == sunday
