"""Two versions side by side: every paragraph once, and what is gone where it stood."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from app.core.text import Kind, Paragraph, ParagraphId, Style, compare, labels
from app.core.text.compare import RowKind
from tests.core.text.strategies import documents


def p(id_: str, text: str = "", **more: object) -> Paragraph:
    return Paragraph(ParagraphId(id_), Kind.OPERATIVE, 0, text or f"Decides on {id_};", **more)  # type: ignore[arg-type]


def side(old: list[Paragraph], new: list[Paragraph]) -> list[tuple[str, str]]:
    """Kind and identity of each row, from top to bottom."""
    rows = compare(old, new, labels(old, Style.RESOLUTION), labels(new, Style.RESOLUTION)).rows
    return [(str(row.kind), (row.new or row.old).id) for row in rows]  # type: ignore[union-attr]


def test_what_is_gone_is_shown_behind_what_stood_before_it() -> None:
    old = [p("first"), p("a"), p("x"), p("y"), p("b"), p("z"), p("c"), p("last")]
    new = [p("a"), p("b", "Decides on b, and more;"), p("n", "Requests the Secretary-General to report;"), p("c")]
    assert side(old, new) == [
        ("deleted", "first"),
        ("same", "a"),
        ("deleted", "x"),
        ("deleted", "y"),
        ("changed", "b"),
        ("deleted", "z"),
        ("new", "n"),
        ("same", "c"),
        ("deleted", "last"),
    ]


def test_what_is_gone_does_not_follow_what_has_moved() -> None:
    old = [p("a"), p("b"), p("x"), p("c"), p("d")]
    new = [p("a"), p("c"), p("d"), p("b")]
    assert side(old, new) == [("same", "a"), ("deleted", "x"), ("same", "c"), ("same", "d"), ("moved", "b")]


@given(document=documents(), data=st.data())
def test_every_paragraph_of_both_stands_in_one_row(document: list[Paragraph], data: st.DataObject) -> None:
    new = data.draw(st.permutations([one for one in document if data.draw(st.booleans())]))
    rows = compare(document, new, labels(document, Style.RESOLUTION), labels(new, Style.RESOLUTION)).rows
    for found, given_ in (([row.old for row in rows], document), ([row.new for row in rows], new)):
        assert Counter(one.id for one in found if one) == Counter(one.id for one in given_)
    assert [row.new.id for row in rows if row.new] == [one.id for one in new]
    assert all(row.kind is RowKind.DELETED for row in rows if row.new is None)
