"""Scenario 10: a bracketed text of many hands comes in, unbalanced as it is, and leaves in every form rooms need."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from lxml import etree
from pypdf import PdfReader

from app.core.interchange.akn import NAMESPACE
from app.core.word import read_docx
from tests.support.builders import World
from tests.support.clients import Browser

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "paris-2015-12-09.md"
SCHEMA = Path(__file__).resolve().parents[1] / "vendor" / "akn" / "3.0" / "akomantoso30.xsd"

LIKE_IT = "\n\n".join(
    ["# DRAFT OUTCOME", "## ARTICLE 1 (DEFINITIONS)"]
    + [
        f"{n}. [Each Party][All Parties] [shall][should][other] {{provide}} support[, in accordance with [Article {n}, "
        f"paragraph 2][decision {n}/CP.20]{']' if n % 3 else ''} [and its principles – Option {n}: no text];"
        for n in range(1, 40)
    ]
    + ["## ARTICLE 2 (PURPOSE)", "[PP1 [*Recalling* the Convention,]", "(a) first [item;", "(b) second] item."]
)  # each third paragraph does not close its brackets, and two close each other's


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


@pytest.fixture(params=["like it", "real"])
def source(request: pytest.FixtureRequest) -> str:
    if request.param == "like it":
        return LIKE_IT
    if not REAL.is_file():
        pytest.skip("the text of 9 December 2015 is not here")
    return REAL.read_text(encoding="utf-8")


@pytest.mark.database
def test_a_text_of_unbalanced_brackets_comes_in_whole_and_leaves_in_every_form(world: World, source: str) -> None:
    # The secretariat brings the text in. What does not match is reported; nothing is lost.
    group = world.group("outcome", members=("KEN", "BRA"))
    pen = Browser(world.app, world.chair_of(group))
    body = {"title": "Draft outcome", "format": "markdown", "source": source}
    made = pen.api("POST", "/groups/outcome/drafts", json=body)
    assert made.status_code == 201
    unbalanced = [finding for finding in made.json["report"] if "brackets" in finding["message"]]
    assert len(unbalanced) >= 13
    brought = pen.api("GET", f"/versions/{made.json['version']}").json["paragraphs"]
    kept = words(" ".join(f"{p['marker']} {p['text']}" for p in brought))
    assert sorted(kept) == sorted(words(re.sub(r"\\(?=[\[\]*_])", "", source)))

    # The chair issues it, and a delegation asks for other words.
    issued = pen.api("POST", f"/drafts/{made.json['id']}/versions", json={"label": "4 December"}).json["id"]
    target = next(p for p in brought if p["text"].count(" ") > 8)
    ken = Browser(world.app, world.user(party="KEN"))
    asked = {"kind": "replace", "paragraph": target["id"], "text": target["text"] + " without delay"}
    assert ken.api("POST", f"/versions/{issued}/proposals", json=asked).status_code == 201

    # It leaves as a Word file with tracked changes: all of them rejected, it is the text.
    reader = Browser(world.app)
    docx = read_docx(reader.get(f"/drafts/{made.json['id']}/v/1/bracketed.docx").data)
    assert words(" ".join(p.text_before for p in docx.paragraphs)) == words(" ".join(p["text"] for p in brought))
    assert {change.author for p in docx.paragraphs for change in p.changes} == {"Ken"}

    # As a PDF with line numbers: every word is on the pages.
    pdf = PdfReader(io.BytesIO(reader.get(f"/api/v1/versions/{issued}.pdf").data))
    pages = [page.extract_text() for page in pdf.pages]
    assert {"5", "10", "15", "20"} <= set(re.findall(r"^\d+$", pages[0], re.MULTILINE))
    on_paper = "".join(re.sub(r"\W", "", page) for page in pages)
    assert all(re.sub(r"\W", "", p["text"])[:30] in on_paper for p in brought if len(p["text"]) < 60)

    # As XML for the United Nations: valid, each paragraph with its identity, every word in it.
    root = etree.fromstring(reader.get(f"/api/v1/versions/{issued}.akn.xml").data)
    etree.XMLSchema(etree.parse(SCHEMA)).assertValid(root)
    texts = {found.text for found in root.iter(f"{{{NAMESPACE}}}p", f"{{{NAMESPACE}}}heading")}
    assert texts >= {p["text"] for p in brought}
    assert {found.get("wId") for found in root.iter() if found.get("wId")} == {p["id"] for p in brought}
