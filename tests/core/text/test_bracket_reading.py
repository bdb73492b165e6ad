"""Bracketed text from anywhere comes into structure and goes out again, every character in its place (law 4)."""

from __future__ import annotations

import itertools
import os
import re
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.core.text import TextRefused, labels, read
from app.core.text.bracket_reading import read_brackets, read_document_brackets
from app.core.text.brackets import Attribution, Bracket, Note, Option, Words
from app.core.text.compiling import compile_text
from app.core.text.printing import DIALECTS, printed, unstyled, with_whole
from tests.core.text.proposal_strategies import NAMES, SPECIAL, compilable, runs
from tests.core.text.strategies import any_text, texts
from tests.core.text.test_printing import QUOTES, bracket, option

REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "paris-2015-12-09.md"
PARTIES = {"G77", "EU", "CANZ", "Russia", "US", "Mexico", "Canada", "Japan", "Switzerland", "Kenya", "Brazil", *NAMES}


def structure_of(runs_):
    """Without what only the desk knows: whose proposal reads which option."""
    found = []
    for run in runs_:
        if isinstance(run, Bracket):
            options = tuple(Option(structure_of(o.runs), o.attributions) for o in run.options)
            run = Bracket(options, run.style, exact=run.exact)
        found.append(run)
    return tuple(found)


def words_of(runs_) -> str:
    parts = []
    for run in runs_:
        parts.append(run.text if not isinstance(run, Bracket) else "".join(words_of(o.runs) for o in run.options))
    return "".join(parts)


def back(structure, dialect: str = "house"):
    return read_brackets(printed(structure, dialect), PARTIES)


@given(structure=runs())
@settings(max_examples=1_000)
@example(structure=(Bracket((Option((Words("Agreed"),)),)),))
@example(structure=(Bracket((Option((Words("a"),)),)), Bracket((Option((Words("b"),)),))))
@example(structure=(Bracket((Option((Words("a"),)),)), Words(" (US)")))
@example(structure=(Words("a (US: delete) b"),))
@example(structure=(Words("(Agreed)"),))
@example(structure=(Bracket((Option((Words("a – US"),)),)),))
@example(
    structure=(Bracket((Option((), (Attribution(("US",), ""), Attribution(("EU",), ""))), Option(())), exact=True),)
)
def test_printed_in_the_house_dialect_and_read_again_it_is_the_same_structure(structure) -> None:
    result = back(structure)
    assert result.runs == structure
    assert printed(result.runs) == printed(structure)


@given(made=compilable())
@settings(max_examples=200)
def test_a_compilation_is_read_again_as_it_was(made) -> None:
    base, proposals = made
    for compiled in compile_text(base, labels(base, "resolution"), proposals):
        wanted = structure_of(with_whole(compiled))
        assert structure_of(read_brackets(printed(compiled), PARTIES).runs) == wanted


@given(structure=runs(), dialect=st.sampled_from(DIALECTS))
@settings(max_examples=300)
def test_in_no_dialect_is_a_character_lost(structure, dialect: str) -> None:
    text = printed(structure, dialect)
    assert printed(read_brackets(text, PARTIES).runs) == text


TROUBLE = st.lists(
    st.sampled_from(
        [*SPECIAL, *NAMES, " ", "x", "[", "]", "(Agreed)", "[agreed]", " – US", "\\&", "\\!", "…", "；", "各"]
    ),
    max_size=14,
).map("".join)


@given(text=TROUBLE | any_text | texts())
@settings(max_examples=1_500)
@example(text="[[Preamble]")
@example(text="] a [")
@example(text="[a][b](US)")
@example(text="[a]\\&[b]")
@example(text="\\&")
@example(text="{a [b} c]")
@example(text="[ | ]")
def test_whatever_is_read_is_printed_with_the_same_characters(text: str) -> None:
    result = read_brackets(text, PARTIES)
    assert printed(result.runs) == text
    assert all(0 <= finding.offset < len(text) for finding in result.findings)


@pytest.mark.parametrize(("dialect", "quote", "structure"), QUOTES, ids=[quote[1][:30] for quote in QUOTES])
def test_the_quotes_of_the_field_are_read_as_what_they_mean(dialect: str, quote: str, structure) -> None:
    result = read_brackets(quote, PARTIES)
    assert unstyled(result.runs) == unstyled(structure)
    assert not result.findings
    assert printed(result.runs) == printed(result.runs, dialect) == quote


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("PP1 Recalling the 2005 World Summit Outcome, (Agreed)", "Agreed"),
        ("PP2bis … (Agreed, placement tbd)", "Agreed, placement tbd"),
        ("[Agreed ad ref]", "Agreed ad ref"),
        ("Recalls [Agreed ad ref] ", "Agreed ad ref"),
        ("Recalls (pending Iran)", "pending Iran"),
        ("what was agreed (see annex)", ""),
        ("[agreed](Mexico)", ""),
    ],
)
def test_the_tail_says_how_far_a_paragraph_is_agreed(text: str, status: str) -> None:
    result = read_brackets(text, PARTIES)
    assert result.status == status
    assert printed(result.runs) == text


def test_brackets_without_names_are_options_and_alternatives() -> None:
    found = read_brackets("In [furtherance][pursuit] of it, [principles] of").runs
    assert unstyled(found) == (
        Words("In "),
        bracket(option("furtherance"), option("pursuit")),
        Words(" of it, "),
        bracket(option("principles")),
        Words(" of"),
    )


def test_remarks_and_placeholders_are_no_text() -> None:
    found = read_brackets('{Pending outcome of Article 10} [placeholder for "climate finance"]').runs
    assert found == (
        Note("Pending outcome of Article 10"),
        Words(" "),
        Note('placeholder for "climate finance"', "[]"),
    )


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        ("[[Preamble]", [("unclosed", 0)]),
        ("a] b [c", [("unopened", 1), ("unclosed", 5)]),
        ("a {b", [("brace", 2)]),
        ("[text - Ruritania]", [("unknown_name", 6)]),
        ("[text] (Ruritania: delete)", [("unknown_name", 6)]),
        ("Part[y] [ies]", [("adjacent", 7)]),
        ("[fine] text", []),
    ],
)
def test_what_does_not_parse_is_reported_with_its_place(text: str, findings: list[tuple[str, int]]) -> None:
    result = read_brackets(text, PARTIES)
    assert [(finding.code, finding.offset) for finding in result.findings] == findings
    assert printed(result.runs) == text


def test_the_last_dash_before_a_known_name_counts() -> None:
    (found,) = read_brackets("[a text - with dashes - US]", PARTIES).runs
    assert unstyled((found,)) == (bracket(option("a text - with dashes", ("", "US"))),)


def test_an_alias_table_will_do_for_the_names() -> None:
    (found,) = read_brackets("[x - ROK delete]", {"ROK": "KOR"}).runs
    assert found.options[0].attributions == (Attribution(("ROK",), "delete"),)


def test_brackets_within_brackets() -> None:
    (found,) = read_brackets("[[a | b – EU] c – US]", PARTIES).runs
    inner = bracket(option("a"), option("b", ("", "EU")))
    assert found == Bracket((Option((inner, Words(" c")), (Attribution(("US",)),)),))


def test_brackets_deeper_than_any_text_are_refused() -> None:
    with pytest.raises(TextRefused):
        read_brackets("[" * 10_000 + "x" + "]" * 10_000)


@pytest.mark.parametrize("text", ["[" * 20_000, "]" * 20_000, "(" * 20_000 + ":", "{" * 20_000, "(a:" * 9_000])
def test_what_nobody_would_type_is_read_in_no_time(text: str) -> None:
    begun = time.process_time()
    assert printed(read_brackets(text, PARTIES).runs) == text
    assert time.process_time() - begun < 2


@pytest.fixture(scope="module")
def real() -> list[str]:
    if not REAL.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("the real negotiating text is not beside the project")
        pytest.skip("the real negotiating text is not beside the project")
    count = itertools.count(1)
    imported = read(REAL.read_text(encoding="utf-8"), "markdown", lambda: f"p{next(count)}")
    return [paragraph.text for paragraph in imported.paragraphs]


def test_the_real_text_has_17_paragraphs_whose_brackets_do_not_close(real: list[str]) -> None:
    found = read_document_brackets(real)
    assert len(found) == 17
    assert all(re.search(r"[\[\]]", real[number]) for number in found)


def test_the_real_text_goes_out_as_it_came(real: list[str]) -> None:
    results = [read_brackets(text, PARTIES) for text in real]
    assert [printed(result.runs) for result in results] == real
    unpaired = [any(f.code in ("unclosed", "unopened") for f in result.findings) for result in results]
    assert [number for number, is_so in enumerate(unpaired) if is_so] == read_document_brackets(real)
    assert sum(isinstance(run, Bracket) for result in results for run in result.runs) > 100
