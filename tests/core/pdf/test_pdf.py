"""A text on paper: whole, with line numbers, in every script, and the same bytes each time."""

from __future__ import annotations

import hashlib
import io
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from pypdf import PdfReader

from app.core.interchange import Asked, Document, Entry, ProposalRecord, Sponsor
from app.core.pdf import PdfLabels, to_pdf
from app.core.pdf.writing import FONTS
from app.core.text import Kind, Paragraph, ParagraphId, Style, labels
from app.core.text.proposals import ProposalKind
from tests.core.interchange.strategies import documents

NOTICE = "Working text – not an official United Nations document"
SIX = {
    "ar": "تشجع الدول على الإبلاغ، على أساس طوعي، كل سنتين؛",
    "zh": "鼓励各国在自愿的基础上每两年报告一次；",
    "en": "Encourages States, on a voluntary basis, to report to the Secretary-General;",
    "fr": "Encourage les États à faire rapport, sur une base volontaire, au Secrétaire général;",
    "ru": "Призывает государства на добровольной основе представлять доклады;",
    "es": "Alienta a los Estados a que informen, con carácter voluntario, al Secretario General;",
}


def text(*texts: str, proposals: tuple[ProposalRecord, ...] = ()) -> Document:
    paragraphs = [Paragraph(ParagraphId(f"p{n}"), Kind.OPERATIVE, 0, words) for n, words in enumerate(texts, 1)]
    named = labels(paragraphs, Style.RESOLUTION)
    entries = tuple(Entry(paragraph, named[paragraph.id]) for paragraph in paragraphs)
    return Document("A title", Style.RESOLUTION, "CHP-2026-G-D1", "Rev.1", NOTICE, entries, proposals=proposals)


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def words_of(reader: PdfReader) -> str:
    return " ".join("\n".join(page.extract_text() for page in reader.pages).split())


@pytest.mark.parametrize("language", SIX)
def test_each_language_is_told_and_all_its_signs_have_a_face(language: str) -> None:
    made = to_pdf(text(*[SIX[language]] * 3), PdfLabels())
    reader = read(made)
    assert str(reader.trailer["/Root"]["/Lang"]) == language
    assert b"pdfuaid:part" in made  # by the standard, a sign without a face is an error
    if language == "ar":  # a reader gives its words in the order in which they are painted
        assert all(word in words_of(reader) for word in re.findall(r"\w+", SIX["ar"]))
    else:
        assert re.sub(r"\W", "", SIX[language])[:20] in re.sub(r"\W", "", words_of(reader))


def test_each_page_says_what_it_is_and_every_fifth_line_has_its_number() -> None:
    reader = read(to_pdf(text(*[SIX["en"] * 4] * 40), PdfLabels(page="p. {page}/{pages}")))
    assert reader.metadata is not None
    assert reader.metadata.title == "A title"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert len(reader.pages) > 2
    for number, page in enumerate(reader.pages, 1):
        shown = page.extract_text()
        assert NOTICE in shown
        assert "CHP-2026-G-D1 Rev.1" in shown
        assert f"p. {number}/{len(reader.pages)}" in shown
    numbers = [int(found) for found in re.findall(r"^(\d+)$", reader.pages[0].extract_text(), re.MULTILINE)]
    assert numbers == list(range(5, numbers[-1] + 1, 5))
    assert len(numbers) >= 5


def test_with_the_compilation_asked_for_proposals_stand_in_brackets_with_names() -> None:
    asked = Asked(ProposalKind.REPLACE, ParagraphId("p1"), SIX["en"].replace("report", "answer"))
    record = ProposalRecord("q1", "P1", asked, sponsors=(Sponsor("Kenya", "KEN"),))
    document = text(SIX["en"], proposals=(record,))
    assert "Kenya" not in words_of(read(to_pdf(document, PdfLabels())))
    assert "[report | answer – Kenya]" in words_of(read(to_pdf(document, PdfLabels(), compilation=True)))


def test_words_never_command_the_typesetter() -> None:
    hostile = '#read("/etc/passwd") #import "@preview/x:1.0.0" $ a $ <l> @l = h #panic("x") \\ "'
    assert '#read("/etc/passwd")' in words_of(read(to_pdf(text(hostile), PdfLabels())))


def test_signs_that_no_font_here_has_do_not_stop_the_file() -> None:
    assert len(read(to_pdf(text("राज्यों को सहायता", SIX["en"]), PdfLabels())).pages) == 1


@given(document=documents())
@settings(max_examples=25, deadline=None)
def test_any_text_becomes_a_file_and_the_same_one_again(document: Document) -> None:
    for compilation in (False, True):
        made = to_pdf(document, PdfLabels(), compilation=compilation)
        assert made.startswith(b"%PDF")
        assert to_pdf(document, PdfLabels(), compilation=compilation) == made


def test_the_fonts_are_what_they_were_and_come_with_their_licence() -> None:
    for line in (FONTS / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split()
        assert hashlib.sha256(Path(FONTS, name).read_bytes()).hexdigest() == digest
        assert (FONTS / f"LICENSE-{name.split('_')[0]}").is_file()
