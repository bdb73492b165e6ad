"""Acceptance scenario 2 of the domain brief: quotes 3 to 7 and 10 to 12 as data, printed in both dialects as quoted."""

from __future__ import annotations

import pytest

from app.core.text.bracket_reading import read_brackets
from app.core.text.printing import printed, unstyled
from tests.core.text.test_printing import QUOTES

PARTIES = {"G77", "EU", "CANZ", "Russia", "US", "Mexico", "Canada", "Japan", "Switzerland"}
DATA = {quote: structure for _dialect, quote, structure in QUOTES}
WITHDRAWAL = (
    "would withdraw its 'and commitments' proposal if PP3bis is accommodated, in which case Mexico also withdraws…"
)

ECOSOC_2006 = {
    3: (
        "[and commitments] (G77) (EU, CANZ, Russia, US: delete)",
        "[and commitments - G77; EU, CANZ, Russia, US delete]",
    ),
    4: (
        "international[ly agreed](Mexico)(G77: retain) development goals [agreed](Mexico) (G77: delete)",
        r"international[ly agreed - Mexico; G77 retain] development goals [\&agreed - Mexico; G77 delete]",
    ),
    5: ("[agreed / made] (Mexico)", "[agreed - Mexico / made - Mexico]"),
    6: (
        f"(G77 with supports of Russia, Switzerland: {WITHDRAWAL})",
        f"[ - G77, Russia, Switzerland {WITHDRAWAL}]",
    ),
    7: ("(EU, US: no change in position)(CANZ: reflect)", "[ - EU, US no change in position; CANZ reflect]"),
}
"""Number in §4.1 to the words as quoted, and to the same data in the dialect of the other source."""
RIO_2012 = {
    10: (
        "free humanity from [extreme - US; G77 delete] poverty",
        "free humanity from [extreme] (US) (G77: delete) poverty",
    ),
    11: (
        "[, in accordance with the principle of … responsibilities. -G77; US, Canada, Japan, EU delete.]",
        "[, in accordance with the principle of … responsibilities.] (G77) (US, Canada, Japan, EU: delete)",
    ),
    12: (
        "[changing unsustainable - EU, G77 retain / promoting sustainable - US] patterns",
        "[changing unsustainable] (EU, G77: retain)[promoting sustainable] (US) patterns",
    ),
}
CASES = [("ecosoc", "rio", *quote) for quote in ECOSOC_2006.values()]
CASES += [("rio", "ecosoc", *quote) for quote in RIO_2012.values()]
cases = pytest.mark.parametrize(("dialect", "other", "quote", "there"), CASES, ids=[*ECOSOC_2006, *RIO_2012])


@cases
def test_the_data_of_a_quote_is_printed_identically_to_the_quoted_text(
    dialect: str, other: str, quote: str, there: str
) -> None:
    assert printed(DATA[quote], dialect) == quote
    assert printed(unstyled(DATA[quote]), other) == there


@cases
def test_the_quote_itself_comes_in_as_that_data_and_goes_out_identically(
    dialect: str, other: str, quote: str, there: str
) -> None:
    found = read_brackets(quote, PARTIES)
    assert unstyled(found.runs) == unstyled(DATA[quote])
    assert printed(found.runs, dialect) == quote
    assert printed(unstyled(found.runs), other) == there
