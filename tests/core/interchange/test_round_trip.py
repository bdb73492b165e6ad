"""A text leaves and comes back: the same words, proposals, names and comments, and the same bytes the next time."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings

from app.core.interchange import (
    Asked,
    CommentRecord,
    Document,
    Entry,
    InterchangeRefused,
    ProposalRecord,
    Sponsor,
    bracketed,
    from_json,
    from_markdown,
    is_complete,
    to_json,
    to_markdown,
)
from app.core.text import Kind, Paragraph, ParagraphId, Style, labels, printed
from app.core.text.proposals import ProposalKind
from app.core.text.quotes import Quote
from tests.core.interchange.strategies import documents


def no_new_id() -> str:
    raise AssertionError("every paragraph that left has an identity")


@given(document=documents())
@settings(max_examples=100, deadline=None)
def test_json_comes_back_whole(document: Document) -> None:
    out = to_json(document)
    assert from_json(out) == document
    assert to_json(from_json(out)) == out


@given(document=documents())
@settings(max_examples=100, deadline=None)
def test_markdown_comes_back_whole(document: Document) -> None:
    out = to_markdown(document)
    assert is_complete(out)
    back = from_markdown(out, no_new_id)
    assert back == document
    assert to_markdown(from_markdown(out, no_new_id)) == out


@given(document=documents())
@settings(max_examples=50, deadline=None)
def test_what_is_in_brackets_is_for_the_eye_and_changes_nothing(document: Document) -> None:
    lines = [line for line in to_markdown(document).split("\n\n") if not line.startswith("<!-- brackets -->")]
    assert from_markdown("\n\n".join(lines), no_new_id) == document


def simple(*texts: str) -> Document:
    paragraphs = [Paragraph(ParagraphId(f"p{n}"), Kind.OPERATIVE, 0, text) for n, text in enumerate(texts, 1)]
    named = labels(paragraphs, Style.RESOLUTION)
    entries = tuple(Entry(paragraph, named[paragraph.id]) for paragraph in paragraphs)
    return Document("A title", Style.RESOLUTION, "CHP-2026-G-D1", "Rev.1", "Working text", entries)


def test_words_may_be_edited_by_hand_and_paragraphs_added() -> None:
    out = to_markdown(simple("Calls upon States to cooperate;", "Decides to meet again."))
    edited = out.replace("to cooperate", "to work\ntogether").replace("Decides", "*Decides*")
    edited += "\n## Next steps\n\nA new one.\n"
    count = itertools.count(1)
    found = [entry.paragraph for entry in from_markdown(edited, lambda: f"n{next(count)}").entries]
    assert [(p.id, p.kind, p.text) for p in found] == [
        ("p1", Kind.OPERATIVE, "Calls upon States to work together;"),
        ("p2", Kind.OPERATIVE, "*Decides* to meet again."),
        ("n1", Kind.HEADING, "Next steps"),
        ("n2", Kind.PARAGRAPH, "A new one."),
    ]


def test_a_person_reads_words_names_and_reasons() -> None:
    asked = Asked(ProposalKind.REPLACE, ParagraphId("p1"), "Calls upon States to work together;")
    record = ProposalRecord("q1", "P1", asked, rationale="So that *nobody* is left alone.",
                            sponsors=(Sponsor("Kenya", "KEN", "African Group"), Sponsor("Brazil", "BRA")))  # fmt: skip
    comment = CommentRecord("c1", "Agreed.", "Fiji", ParagraphId("p1"), Quote("cooperate"))
    out = to_markdown(replace(simple("Calls upon States to cooperate;"), proposals=(record,), comments=(comment,)))
    shown = "\n".join(line for line in out.split("\n") if not line.startswith("<!--"))
    assert "OP1 Calls upon States to cooperate;" in shown
    assert "> Calls upon States to [cooperate | work together – African Group; Brazil];" in shown
    assert "> **P1 African Group; Brazil** (replace)" in shown
    assert "> > So that *nobody* is left alone." in shown
    assert "> **Fiji** – “cooperate”\n> > Agreed." in shown


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"schema": "chapeau.text/9"}, "schema"),
        ({"paragraphs": {}}, None),
        ({"paragraphs": "words"}, "paragraphs"),
        ({"paragraphs": [{"id": "p1", "kind": "poem", "text": "x"}]}, "kind"),
        ({"paragraphs": [{"id": "<b>", "kind": "note", "text": "x"}]}, "id"),
        ({"paragraphs": [{"id": "p1", "kind": "note", "text": "x"}] * 2}, "p1"),
        ({"paragraphs": [{"id": "p1", "kind": "note", "text": "x", "level": -1}]}, "level"),
        ({"paragraphs": [{"id": "p1", "kind": "note", "text": "a\u202eb"}]}, "text"),
        ({"proposals": [{"id": "q", "kind": "bribe"}]}, "kind"),
        ({"proposals": [{"id": "q", "kind": "retain", "paragraph": "p1", "sponsors": [{}]}]}, "name"),
        ({"comments": [{"id": "c", "name": "Fiji", "at": "yesterday"}]}, "at"),
        ({"comments": [7]}, "comments 1"),
    ],
)
def test_a_file_that_is_not_as_it_must_be_is_refused_by_name(change: dict, names: str | None) -> None:
    whole = json.loads(to_json(simple("One."))) | change
    if names is None:
        assert from_json(json.dumps(whole)).entries == ()
        return
    with pytest.raises(InterchangeRefused, match=names):
        from_json(json.dumps(whole))


@pytest.mark.parametrize("source", ["", "{", "[]", "NaN", "[" * 100_000, '{"schema": 1}', "null", "1" * 10_000])
def test_what_is_no_such_file_is_refused(source: str) -> None:
    with pytest.raises(InterchangeRefused):
        from_json(source)


def test_a_head_without_an_end_is_refused() -> None:
    with pytest.raises(InterchangeRefused, match="does not end"):
        from_markdown('---\nschema: "chapeau.text/1"\ntitle: "x"', no_new_id)


def test_a_proposal_that_fits_no_paragraph_stands_in_no_bracket() -> None:
    lost = ProposalRecord("q1", "P1", Asked(ProposalKind.MOVE, ParagraphId("p1"), after=ParagraphId("p9")))
    compilation = bracketed(replace(simple("One."), proposals=(lost,)))
    assert printed(compilation.paragraphs[0]) == "One."
