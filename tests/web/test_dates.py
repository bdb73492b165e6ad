"""Dates stand in the order of the reader's language."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask_babel import force_locale

from app.web.times import date_and_time, day, weekday

AT = datetime(2026, 11, 9, 15, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "said", "with_time", "of_the_week"),
    [
        ("en", "9 Nov 2026", "9 Nov 2026, 15:04", "Mon 9 Nov"),
        ("fr", "9 nov. 2026", "9 nov. 2026, 15:04", "lun. 9 nov."),
        ("zh", "2026年11月9日", "2026年11月9日 15:04", "11月9日 周一"),
    ],
)
def test_a_date_stands_in_the_order_of_its_language(
    app: Flask, language: str, said: str, with_time: str, of_the_week: str
) -> None:
    with app.test_request_context("/"), force_locale(language):
        assert (day(AT), date_and_time(AT), weekday(AT)) == (said, with_time, of_the_week)
