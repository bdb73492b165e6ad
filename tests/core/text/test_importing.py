"""A text comes in whole: no word lost, none moved, what did not parse reported."""

from __future__ import annotations

import itertools
import os
import re
import time
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.core.text import Kind, Paragraph, ParagraphId, Relation, Style, TextRefused, labels, read
from app.core.text.exporting import markdown, plain
from app.core.text.importing.lines import MARKER
from app.core.text.importing.reader import SOURCE_LIMIT

REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "paris-2015-12-09.md"


def bring(source: str, format: str = "markdown"):
    count = itertools.count(1)
    return read(source, format, lambda: f"p{next(count)}")


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


def words_of(imported) -> list[str]:
    return words(" ".join(f"{p.marker} {p.text}" for p in imported.paragraphs))


def shape(imported) -> list[tuple[Kind, int, str, str]]:
    return [(p.kind, p.level, p.marker, p.text) for p in imported.paragraphs]


@pytest.fixture(scope="module")
def real() -> str:
    if not REAL.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("the real negotiating text is not beside the project")
        pytest.skip("the real negotiating text is not beside the project")
    return REAL.read_text(encoding="utf-8")


def test_the_real_text_comes_in_whole(real: str) -> None:
    imported = bring(real)
    assert words_of(imported) == words(real)
    assert imported.style is Style.ARTICLES
    assert sum(p.kind is Kind.HEADING for p in imported.paragraphs) == len(re.findall(r"^#+ ", real, re.MULTILINE))


def test_the_real_text_reports_its_17_unclosed_paragraphs(real: str) -> None:
    assert sum(finding.code == "brackets" for finding in bring(real).report) == 17


def test_the_real_text_goes_out_with_every_word_where_it_was(real: str) -> None:
    imported = bring(real)
    named = labels(imported.paragraphs, imported.style)
    assert words(markdown(imported.paragraphs, named)) == words(real)
    assert shape(bring(markdown(imported.paragraphs, named))) == shape(imported)


signs = st.text(st.sampled_from("wz *_`\\[]()#<>|~{}:!-+.=^/"), min_size=1, max_size=24)


@settings(max_examples=400)
@given(signs, st.sampled_from([Kind.OPERATIVE, Kind.HEADING]), st.sampled_from(["", "OP1"]))
def test_signs_of_markdown_in_a_text_are_words_when_it_comes_back(text: str, kind: Kind, label: str) -> None:
    text = " ".join(text.split())
    assume(text and not MARKER.match(text))  # "(w)" at the beginning is a number
    one = Paragraph(ParagraphId("a"), kind, 1 if kind is Kind.HEADING else 0, text)
    [back] = bring(markdown([one], {one.id: label})).paragraphs
    assert back.text == text


def test_the_real_text_is_labelled_without_a_repeat(real: str) -> None:
    imported = bring(real)
    named = labels(imported.paragraphs, imported.style)
    assert len(set(named.values())) == len(imported.paragraphs)
    assert "Art. 2.1 (a)" in named.values()


lines = st.lists(
    st.sampled_from(
        [
            "# A heading",
            "## Article 3 bis *(scope)*",
            "PP1 Recalling the framework,",
            "OP2bis Calls upon States to act;",
            "1. The **first** paragraph [with [nested] words]",
            "    (a) an item;",
            "    (b) *another* item]",
            "        (i) deeper",
            "3bis. inserted",
            "* a bullet",
            "wrapped words _of_ a line",
            "",
            "",
            "**Option 1:** No text",
            "{Note: placement}",
            "> quoted words",
            "| a | table |",
            "[^1]: a footnote",
            "with a mark[^1] in it",
            "[link words](https://example.org/a_b)",
            "[ref][name] and [a][b]",
            "[name]: https://example.org",
            "---",
            "```",
            "<div class='x'>html</div>",
            "1.2.3 numbered",
            "II. SECTION TITLE",
            "各国应当合作,",
            "يدعو الدول إلى التعاون؛",
            "### 3 signs ### that are text",
            "snake_case and 2 * 3 * 4",
            "\ttabbed words",
        ]
    ),
    max_size=25,
).map("\n".join)


@given(source=lines, format=st.sampled_from(["markdown", "text"]))
@settings(max_examples=300)
def test_no_word_is_lost_or_moved(source: str, format: str) -> None:
    assert words_of(bring(source, format)) == words(source)


@given(source=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs"]), max_size=200))
@settings(max_examples=200)
def test_no_word_of_any_text_is_lost(source: str) -> None:
    import unicodedata

    assert words_of(bring(source, "text")) == words(unicodedata.normalize("NFC", source))


@given(source=lines)
@settings(max_examples=150)
def test_our_own_export_has_the_same_words(source: str) -> None:
    imported = bring(source)
    named = labels(imported.paragraphs, imported.style)
    marked = any(p.marker for p in imported.paragraphs if p.kind is not Kind.FOOTNOTE)
    if marked:
        assert words(plain(imported.paragraphs, named)) == words_of(imported)


def test_a_resolution_is_recognised() -> None:
    imported = bring(
        "Recalling the framework,\n\nNoting with concern the incidents,\n\n"
        "1. Calls upon States to act;\n\n(a) at once;\n\n(b) together;\n\n"
        "1 bis. Invites States to help;\n\n2. Decides to meet.",
        "text",
    )
    assert imported.style is Style.RESOLUTION
    assert [p.kind for p in imported.paragraphs] == [
        Kind.PREAMBULAR,
        Kind.PREAMBULAR,
        Kind.OPERATIVE,
        Kind.ITEM,
        Kind.ITEM,
        Kind.OPERATIVE,
        Kind.OPERATIVE,
    ]
    assert imported.paragraphs[5].relation is Relation.INSERTED_AFTER
    assert list(labels(imported.paragraphs, imported.style).values()) == [
        "PP1",
        "PP2",
        "OP1",
        "OP1 (a)",
        "OP1 (b)",
        "OP1 bis",
        "OP2",
    ]


def test_labels_that_delegates_write_are_markers() -> None:
    imported = bring(
        "PP1 Recalling the framework,\nPP2bis Noting it,\nOP1 Calls upon States;\nOP1 alt Invites States.", "text"
    )
    assert [(p.kind, p.marker) for p in imported.paragraphs] == [
        (Kind.PREAMBULAR, "PP1"),
        (Kind.PREAMBULAR, "PP2bis"),
        (Kind.OPERATIVE, "OP1"),
        (Kind.OPERATIVE, "OP1 alt"),
    ]
    assert imported.paragraphs[3].relation is Relation.ALTERNATIVE_TO


def test_a_bracketed_text_keeps_its_brackets() -> None:
    text = "1. In [furtherance][pursuit] of the objective (Mexico)(G77: retain)"
    assert bring(text).paragraphs[0].text == "In [furtherance][pursuit] of the objective (Mexico)(G77: retain)"


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("a\x00b", "control"),
        ("a\ud800b", "surrogate"),
        ("a\u202eb", "bidi"),
        ("a\u2066b", "bidi"),
        ("a\x1bb", "control"),
    ],
)
def test_what_deceives_or_breaks_is_refused_with_its_line(source: str, code: str) -> None:
    with pytest.raises(TextRefused) as refused:
        bring("first line\n" + source)
    assert (refused.value.code, refused.value.line) == (code, 2)


def test_invisible_characters_are_left_out_and_reported() -> None:
    imported = bring("zero\u200bwidth\ufeff words")
    assert imported.paragraphs[0].text == "zerowidth words"
    assert [finding.code for finding in imported.report] == ["invisible"]


def test_too_large_is_refused() -> None:
    with pytest.raises(TextRefused) as refused:
        bring("x" * (SOURCE_LIMIT + 1))
    assert refused.value.code == "too_large"


@pytest.mark.parametrize(
    "source",
    [
        "[" * 10_000 + "x" + "]" * 10_000,
        "word " * 200_000,
        "*" * 50_000,
        "[a](" * 20_000,
        "1. " * 30_000,
        "_x" * 50_000,
        "> " * 20_000 + "x",
    ],
    ids=["brackets", "megabyte", "asterisks", "links", "numbers", "underscores", "quotes"],
)
def test_hostile_texts_survive(source: str) -> None:
    begin = time.perf_counter()
    imported = bring(source)
    assert time.perf_counter() - begin < 10
    assert words_of(imported) == words(source)


def test_an_underlined_line_is_a_heading_of_the_level_of_its_line() -> None:
    headings = [(Kind.HEADING, 1, "", "Part one"), (Kind.HEADING, 2, "", "Under it")]
    assert shape(bring("Part one\n===\n\nUnder it\n---\n\nDecides to meet;"))[:2] == headings
    assert shape(bring("Part one\n===\n\nUnder it\n---")) == headings


def test_an_article_heads_a_block_and_not_the_middle_of_one() -> None:
    found = bring("Article 3 bis\n\nStates help.\n\nAs is said in\nArticle 3 of the Charter\nthey help.", "text")
    assert [(kind, text) for kind, _level, _marker, text in shape(found)] == [
        (Kind.HEADING, "Article 3 bis"),
        (Kind.PARAGRAPH, "States help."),
        (Kind.PARAGRAPH, "As is said in Article 3 of the Charter they help."),
    ]


def test_signs_are_markup_in_markdown_alone_and_never_in_what_was_kept_as_it_is() -> None:
    source = "| **a** | b |\n\nDecides *firmly* to meet;"
    assert [p.text for p in bring(source).paragraphs] == ["| **a** | b |", "Decides firmly to meet;"]
    assert bring("Decides *firmly* to meet;", "text").paragraphs[0].text == "Decides *firmly* to meet;"
