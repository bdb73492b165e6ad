"""Labels are unique in a version (law 8), stable inside a round, and read as the manuals write them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.text import Kind, Paragraph, ParagraphId, Relation, Style, labels, slug, slugs
from app.core.text.ordinals import LATIN, latin, letters, roman
from tests.core.text.strategies import documents


def p(id_: str, kind: Kind, level: int = 0, **more: object) -> Paragraph:
    return Paragraph(ParagraphId(id_), kind, level, f"words {id_}", **more)  # type: ignore[arg-type]


def called(paragraphs: list[Paragraph], style: str) -> list[str]:
    return list(labels(paragraphs, style).values())


@given(document=documents(), style=st.sampled_from(list(Style)), data=st.data())
def test_labels_and_slugs_are_unique(document: list[Paragraph], style: Style, data: st.DataObject) -> None:
    related = []
    for number, paragraph in enumerate(document):
        if number and data.draw(st.booleans()):
            relation = data.draw(st.sampled_from(list(Relation)))
            target = data.draw(st.integers(0, number - 1))
            paragraph = replace(paragraph, relation=relation, relation_to=document[target].id)
        related.append(paragraph)
    found = labels(related, style)
    assert len(found) == len(related)
    assert len(set(found.values())) == len(related)
    assert len(set(slugs(found).values())) == len(related)
    assert all(found.values())


def test_what_stands_beside_the_text_is_counted_by_its_kind() -> None:
    kinds = (Kind.TITLE, Kind.CHAPEAU, Kind.NOTE, Kind.FOOTNOTE, Kind.NOTE, Kind.TITLE, Kind.CHAPEAU, Kind.FOOTNOTE)
    document = [p(f"p{number}", kind) for number, kind in enumerate(kinds)]
    expected = ["Title", "Chapeau", "Note 1", "fn 1", "Note 2", "Title 2", "Chapeau 2", "fn 2"]
    assert called(document, Style.RESOLUTION) == expected


def test_a_resolution() -> None:
    text = [
        p("a", Kind.PREAMBULAR),
        p("b", Kind.PREAMBULAR),
        p("c", Kind.OPERATIVE),
        p("d", Kind.ITEM, 1),
        p("e", Kind.ITEM, 2),
        p("f", Kind.ITEM, 1),
        p("g", Kind.OPERATIVE),
    ]
    assert called(text, "resolution") == ["PP1", "PP2", "OP1", "OP1 (a)", "OP1 (a) (i)", "OP1 (b)", "OP2"]


def test_a_report_is_numbered_through_its_sections() -> None:
    text = [
        p("h", Kind.HEADING, 1),
        p("a", Kind.PARAGRAPH),
        p("i", Kind.HEADING, 1),
        p("b", Kind.PARAGRAPH),
        p("c", Kind.ITEM, 1),
    ]
    assert called(text, "report") == ["§ 1", "1", "§ 2", "2", "2 (a)"]


def test_articles_begin_anew() -> None:
    head = [replace(p(f"h{n}", Kind.HEADING, 1), text=f"Article {n}") for n in (1, 2)]
    text = [head[0], p("a", Kind.PARAGRAPH), p("b", Kind.PARAGRAPH), head[1], p("c", Kind.PARAGRAPH)]
    assert called(text, "articles") == ["Art. 1", "Art. 1.1", "Art. 1.2", "Art. 2", "Art. 2.1"]


def test_what_is_inserted_renumbers_nothing() -> None:
    one, two = p("one", Kind.OPERATIVE), p("two", Kind.OPERATIVE)
    bis = p("bis", Kind.OPERATIVE, relation=Relation.INSERTED_AFTER, relation_to=one.id)
    ter = p("ter", Kind.OPERATIVE, relation=Relation.INSERTED_AFTER, relation_to=bis.id)
    alt = p("alt", Kind.OPERATIVE, relation=Relation.ALTERNATIVE_TO, relation_to=two.id)
    other = p("other", Kind.OPERATIVE, relation=Relation.ALTERNATIVE_TO, relation_to=two.id)
    assert called([one, bis, ter, two, alt, other], "resolution") == [
        "OP1",
        "OP1 bis",
        "OP1 ter",
        "OP2",
        "OP2 alt",
        "OP2 alt 2",
    ]


def test_a_deleted_paragraph_keeps_its_slot() -> None:
    one, two = p("one", Kind.OPERATIVE), p("two", Kind.OPERATIVE)
    assert called([replace(one, deleted=True), two], "resolution") == ["OP1", "OP2"]


@pytest.mark.parametrize(
    ("label", "part"), [("OP4 bis", "op-4-bis"), ("PP1", "pp-1"), ("OP1 (a) (i)", "op-1-a-i"), ("§ 1.2", "1-2")]
)
def test_slugs(label: str, part: str) -> None:
    assert slug(label) == part


def test_ordinals() -> None:
    assert [latin(n) for n in (1, 2, 9)] == ["bis", "ter", "decies"]
    assert latin(len(LATIN) + 1) == "11"
    assert [letters(n) for n in (1, 26, 27, 52, 53)] == ["a", "z", "aa", "az", "ba"]
    assert [roman(n) for n in (1, 4, 9, 14, 40)] == ["i", "iv", "ix", "xiv", "xl"]
