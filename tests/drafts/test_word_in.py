"""A Word file as a source: what looks like Markdown in it is words."""

from __future__ import annotations

import itertools

import pytest

from app.core.text import Kind, read
from app.core.word import read_docx
from app.drafts.word_files import as_source
from tests.core.word.files import docx, p, r


def brought_in(*texts: str) -> list[tuple[Kind, str, str]]:
    count = itertools.count(1)
    source = as_source(read_docx(docx("".join(p(r(text.replace("<", "&lt;"))) for text in texts))))
    return [(one.kind, one.marker, one.text) for one in read(source, "markdown", lambda: f"p{next(count)}").paragraphs]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "---",
            "____",
            "```",
            "# 5 of them",
            "> 50 per cent",
            "| a |",
            "<Annex> of it",
            "[1]: http://un.org/",
            "{: x}",
        ),
        *("a *b* c", "a _b_ c", "a `b` c", "[a](www.un.org)", "![a](b)", "a \\* b", "__init__"),
    ],
)
def test_signs_of_markdown_are_words(text: str) -> None:
    assert brought_in(text, "Then more.", text) == [(Kind.PARAGRAPH, "", said) for said in (text, "Then more.", text)]


def test_a_heading_keeps_the_number_that_word_counts() -> None:
    level = '<w:lvl w:ilvl="0"><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>'
    numbering = f'<w:abstractNum w:abstractNumId="1">{level}</w:abstractNum>'
    numbering += '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    styles = '<w:style w:type="paragraph" w:styleId="H"><w:name w:val="heading 2"/></w:style>'
    heading = p(r("Norms"), '<w:pStyle w:val="H"/><w:numPr><w:numId w:val="1"/></w:numPr>')
    found = read_docx(docx(heading + p(r("Plain")) + heading, numbering=numbering, styles=styles))
    assert as_source(found) == "## I. Norms\n\nPlain\n\n## II. Norms\n"


def test_numbers_and_bullets_are_what_they_look_like() -> None:
    found = brought_in("1. Decides *that*;", "- a dash;", "2. Invites")
    assert [(marker, text) for _kind, marker, text in found] == [
        ("1.", "Decides *that*;"),
        ("-", "a dash;"),
        ("2.", "Invites"),
    ]
