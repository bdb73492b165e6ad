"""What kind of text came in is told from its markers, its headings and how its paragraphs begin and end."""

from __future__ import annotations

from app.core.text.importing.style import detect, is_preambular
from app.core.text.paragraphs import Kind, Paragraph, ParagraphId, Style


def paragraphs(*texts: str, kind: Kind = Kind.PARAGRAPH, marker: str = "") -> list[Paragraph]:
    return [
        Paragraph(id=ParagraphId(f"p{n}"), kind=kind, level=0, text=text, marker=marker) for n, text in enumerate(texts)
    ]


PREAMBLE = ("Recalling its resolution of last year,", "Noting with concern the growing number of incidents,")
OPERATIVE = "Invites States to name a point of contact;"
PLAIN = "The Group met in two sessions and heard forty statements."


def test_two_headings_of_articles_make_articles_and_one_does_not() -> None:
    one = paragraphs("Article 1", kind=Kind.HEADING)
    assert detect([*one, *paragraphs(PLAIN)]) is Style.REPORT
    assert detect([*one, *paragraphs("Article 2", kind=Kind.HEADING), *paragraphs(PLAIN)]) is Style.ARTICLES


def test_markers_of_a_resolution_are_enough() -> None:
    assert detect(paragraphs(PLAIN, marker="OP 3")) is Style.RESOLUTION
    assert detect(paragraphs(PLAIN, marker="pp1")) is Style.RESOLUTION
    assert detect(paragraphs(PLAIN, marker="3.")) is Style.REPORT


def test_without_markers_it_takes_a_preamble_and_something_operative() -> None:
    assert detect(paragraphs(*PREAMBLE, OPERATIVE)) is Style.RESOLUTION
    assert detect(paragraphs(*PREAMBLE, OPERATIVE.replace(";", "."))) is Style.RESOLUTION
    assert detect(paragraphs(*PREAMBLE)) is Style.REPORT
    assert detect(paragraphs(PREAMBLE[0], OPERATIVE)) is Style.REPORT


def test_what_is_operative_opens_with_a_verb_and_ends_as_one_does() -> None:
    assert detect(paragraphs(*PREAMBLE, "The Group shall meet again;")) is Style.REPORT
    assert detect(paragraphs(*PREAMBLE, "Invites States to meet:")) is Style.REPORT


def test_half_of_the_paragraphs_have_to_be_of_a_resolution() -> None:
    resolution = (*PREAMBLE, OPERATIVE)
    assert detect(paragraphs(*resolution, PLAIN, PLAIN, PLAIN)) is Style.RESOLUTION
    assert detect(paragraphs(*resolution, PLAIN, PLAIN, PLAIN, PLAIN)) is Style.REPORT


def test_a_preambular_paragraph_has_no_number_a_participle_and_a_comma() -> None:
    assert all(is_preambular(p) for p in paragraphs(*PREAMBLE, "Rappelant la Charte，", "Recalling the Charter،"))
    assert not any(is_preambular(p) for p in paragraphs(PREAMBLE[0], marker="1."))
    assert not any(is_preambular(p) for p in paragraphs("Recalling the Charter;", "In this regard, the Group,"))
