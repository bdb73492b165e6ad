"""Where quoted words stand: at their place, else where they stand once; never where they do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.text import Kind, Paragraph, ParagraphId, Quote, locate
from app.core.text.exporting import number

TEXT = "offer assistance, and offer it upon request"


@pytest.mark.parametrize(
    ("quote", "place"),
    [
        (Quote("offer", start=22), (22, 27)),
        (Quote("assistance", start=3), (6, 16)),
        (Quote("offer", start=3), None),
        (Quote("offer", prefix="and "), (22, 27)),
        (Quote("offer", suffix=" assistance"), (0, 5)),
        (Quote(""), None),
        (Quote("provide", start=22), None),
    ],
)
def test_a_quote_stands_where_its_words_stand(quote: Quote, place: tuple[int, int] | None) -> None:
    assert locate(TEXT, quote) == place


@given(text=st.text("ab ", max_size=30), exact=st.text("ab ", max_size=4), start=st.integers(0, 40))
def test_what_is_found_has_the_quoted_words(text: str, exact: str, start: int) -> None:
    found = locate(text, Quote(exact, start=start))
    if found is not None:
        assert text[found[0] : found[1]] == exact


@pytest.mark.parametrize(
    ("kind", "label", "printed"),
    [
        (Kind.PARAGRAPH, "Art. 4.2", "2."),
        (Kind.PARAGRAPH, "§ 3.1", "1."),
        (Kind.PARAGRAPH, "12", "12."),
        (Kind.ITEM, "OP4 (b)", "(b)"),
    ],
)
def test_a_text_that_was_written_here_is_numbered_by_its_labels(kind: Kind, label: str, printed: str) -> None:
    paragraph = Paragraph(id=ParagraphId("p1"), kind=kind, level=0, text="Words;")
    assert number(paragraph, label) == printed
