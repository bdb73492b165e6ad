"""XML for the United Nations is valid by the schema of OASIS, whole, and keeps the identity of each paragraph."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from lxml import etree

from app.core.interchange import Document, Entry, to_akn
from app.core.interchange.akn import NAMESPACE
from app.core.text import Kind, Paragraph, ParagraphId, Style, labels
from tests.core.interchange.strategies import documents

SCHEMA = Path(__file__).resolve().parents[2] / "vendor" / "akn" / "3.0" / "akomantoso30.xsd"
A = f"{{{NAMESPACE}}}"


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMA))


def text(*rows: tuple[Kind, int, str], style: Style = Style.RESOLUTION) -> Document:
    paragraphs = [Paragraph(ParagraphId(f"p{n}"), kind, level, words) for n, (kind, level, words) in enumerate(rows, 1)]
    named = labels(paragraphs, style)
    return Document(
        "A title", style, "CHP-2026-G-D1", "Rev.1", "Working text", tuple(Entry(p, named[p.id]) for p in paragraphs),
        issued_at="2026-11-23T10:00:00.000000Z",
    )  # fmt: skip


RESOLUTION = text(
    (Kind.PREAMBULAR, 0, "Recalling the norms of responsible behaviour of States,"),
    (Kind.HEADING, 1, "Assistance"),
    (Kind.OPERATIVE, 0, "Invites States to offer:"),
    (Kind.ITEM, 1, "assistance, in particular:"),
    (Kind.ITEM, 2, "technical assistance,"),
    (Kind.ITEM, 1, "advice,"),
    (Kind.CONTINUATION, 1, "upon request;"),
    (Kind.OPERATIVE, 0, "تشجع الدول على الإبلاغ؛"),
)


@given(document=documents())
@settings(max_examples=50, deadline=None)
def test_what_goes_out_is_valid_and_whole(document: Document, schema: etree.XMLSchema) -> None:
    for compilation in (False, True):
        root = etree.fromstring(to_akn(document, compilation=compilation))
        schema.assertValid(root)
        identities = [found.get("wId") for found in root.iter() if found.get("wId")]
        assert set(identities) >= {entry.paragraph.id for entry in document.entries}
        assert len(identities) == len(set(identities))
    words = {found.text or "" for found in etree.fromstring(to_akn(document)).iter(f"{A}p", f"{A}heading")}
    assert words >= {entry.paragraph.text for entry in document.entries}


def test_a_resolution_has_its_preamble_and_its_lists(schema: etree.XMLSchema) -> None:
    root = etree.fromstring(to_akn(RESOLUTION))
    schema.assertValid(root)
    assert root[0].get("name") == "resolutionDraft"
    assert root.findtext(f".//{A}preamble/{A}container[@wId='p1']/{A}p", "").startswith("Recalling")
    host = root.find(f".//{A}section/{A}paragraph[@wId='p3']")
    assert host is not None
    assert host.get("eId") == "section_1__para_1"
    assert [found.get("wId") for found in host.iter(f"{A}point")] == ["p4", "p5", "p6"]
    assert host.findtext(f"{A}list/{A}intro/{A}p") == "Invites States to offer:"
    assert host.findtext(f"{A}list/{A}wrapUp/{A}p") == "upon request;"


def test_it_says_what_it_is_and_in_which_language() -> None:
    root = etree.fromstring(to_akn(RESOLUTION))
    assert root.find(f".//{A}FRBRExpression/{A}FRBRthis").get("value") == (
        "/akn/un/statement/draft/chapeau/2026-11-23/chp-2026-g-d-1/eng@rev-1/!main"
    )
    assert root.findtext(f".//{A}preface/{A}p[@class='notice']") == "Working text"
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    assert [part.get(lang) for part in root[0][1:]] == ["en"] * 3
    assert [p.get(lang) for p in root.iter(f"{A}p") if p.get(lang)] == ["ar"]
