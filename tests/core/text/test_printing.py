"""Bracketed text as it is printed: the house's dialect, and the quotes of the field, character for character."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from app.core.text import Kind, Paragraph, ParagraphId
from app.core.text.brackets import Attribution, Bracket, CompiledParagraph, Note, Option, Run, Words
from app.core.text.compiling import compile_text
from app.core.text.printing import DIALECTS, printed, style_of, styled, unstyled
from app.core.text.proposals import Proposal, ProposalKind
from tests.core.text.proposal_strategies import compilable, runs


def option(text: str, *said: tuple[str, ...]) -> Option:
    """Words, and for each of `said` a verb with names."""
    return Option(
        (Words(text),) if text else (),
        tuple(Attribution(names, verb) for verb, *names_ in said for names in [tuple(names_)]),
    )


def bracket(*options: Option, style: str = "") -> Bracket:
    return Bracket(options, style)


QUOTES: list[tuple[str, str, tuple[Run, ...]]] = [
    (
        "ecosoc",
        "[and commitments] (G77) (EU, CANZ, Russia, US: delete)",
        (bracket(option("and commitments", ("", "G77"), ("delete", "EU", "CANZ", "Russia", "US"))),),
    ),
    (
        "ecosoc",
        "international[ly agreed](Mexico)(G77: retain) development goals [agreed](Mexico) (G77: delete)",
        (
            Words("international"),
            bracket(option("ly agreed", ("", "Mexico"), ("retain", "G77")), style="[…](Mexico)(G77: retain)"),
            Words(" development goals "),
            bracket(option("agreed", ("", "Mexico"), ("delete", "G77")), style="[…](Mexico) (G77: delete)"),
        ),
    ),
    (
        "ecosoc",
        "[agreed / made] (Mexico)",
        (bracket(option("agreed", ("", "Mexico")), option("made", ("", "Mexico"))),),
    ),
    (
        "ecosoc",
        "(G77 with supports of Russia, Switzerland: would withdraw its 'and commitments' proposal if PP3bis is "
        "accommodated, in which case Mexico also withdraws…)",
        (
            bracket(
                option(
                    "",
                    (
                        "would withdraw its 'and commitments' proposal if PP3bis is accommodated, in which case Mexico "
                        "also withdraws…",
                        "G77",
                        "Russia",
                        "Switzerland",
                    ),
                ),
                style="…(G77 with supports of Russia, Switzerland: would withdraw its 'and commitments' proposal if "
                "PP3bis is accommodated, in which case Mexico also withdraws\\…)",
            ),
        ),
    ),
    (
        "ecosoc",
        "(EU, US: no change in position)(CANZ: reflect)",
        (bracket(option("", ("no change in position", "EU", "US"), ("reflect", "CANZ"))),),
    ),
    (
        "rio",
        "free humanity from [extreme - US; G77 delete] poverty",
        (Words("free humanity from "), bracket(option("extreme", ("", "US"), ("delete", "G77"))), Words(" poverty")),
    ),
    (
        "rio",
        "[, in accordance with the principle of … responsibilities. -G77; US, Canada, Japan, EU delete.]",
        (
            bracket(
                option(
                    ", in accordance with the principle of … responsibilities.",
                    ("", "G77"),
                    ("delete", "US", "Canada", "Japan", "EU"),
                ),
                style="[… -G77; US, Canada, Japan, EU delete.]",
            ),
        ),
    ),
    (
        "rio",
        "[changing unsustainable - EU, G77 retain / promoting sustainable - US] patterns",
        (
            bracket(
                option("changing unsustainable", ("retain", "EU", "G77")), option("promoting sustainable", ("", "US"))
            ),
            Words(" patterns"),
        ),
    ),
]


@pytest.mark.parametrize(("dialect", "quote", "structure"), QUOTES, ids=[quote[1][:30] for quote in QUOTES])
def test_the_quotes_of_the_field_are_printed_as_they_stood(dialect: str, quote: str, structure) -> None:
    assert printed(structure, dialect) == quote


def test_the_house_puts_names_behind_an_en_dash_and_alternatives_beside_a_bar() -> None:
    structure = (
        bracket(option("offer"), option("provide", ("", "Kenya, on behalf of the African Group", "Brazil"))),
        Words(" help "),
        bracket(option("on a voluntary basis", ("retain", "US"), ("delete", "Costa Rica", "Fiji"))),
    )
    assert printed(structure) == (
        "[offer | provide – Kenya, on behalf of the African Group; Brazil] help "
        "[on a voluntary basis – retain: US; delete: Costa Rica, Fiji]"
    )


def test_a_compiled_paragraph_is_printed_as_people_print_it() -> None:
    text = "States should offer assistance on a voluntary basis."
    base = [Paragraph(ParagraphId("p"), Kind.OPERATIVE, 0, text)]
    wants = [
        (text.replace("offer", "provide"), ("Kenya, on behalf of the African Group", "Brazil")),
        (text.replace(" on a voluntary basis", ""), ("Costa Rica", "Fiji")),
    ]
    proposals = [
        Proposal(str(n), ProposalKind.REPLACE, ParagraphId("p"), words, names, order=n)
        for n, (words, names) in enumerate(wants)
    ]
    new = Proposal("n", ProposalKind.NEW_PARAGRAPH, ParagraphId("p"), "Decides also.", ("EU",), order=9)
    found = compile_text(base, {ParagraphId("p"): "OP1"}, [*proposals, new]).paragraphs
    assert printed(found[0]) == (
        "States should [offer | provide – Kenya, on behalf of the African Group; Brazil] assistance "
        "[on a voluntary basis – delete: Costa Rica, Fiji]."
    )
    assert printed(found[1]) == "[Decides also. – EU]"


def test_what_is_said_of_the_whole_stands_around_it() -> None:
    paragraph = Paragraph(ParagraphId("p"), Kind.OPERATIVE, 0, "Decides.")
    said = (Attribution(("US",), "retain"), Attribution(("EU",), "move after OP5"))
    compiled = CompiledParagraph(paragraph, "OP1", (Words("Decides."),), whole=said)
    assert printed(compiled) == "[Decides. – retain: US; move after OP5: EU]"


def test_signs_that_are_part_of_the_words_stand_behind_a_backslash() -> None:
    structure = (Words("a [b] {c} and/or d - e"), bracket(option("1 | 2 – 3 and/or x-y", ("", "US"))))
    assert printed(structure) == r"a \[b\] \{c\} and/or d - e[1 \| 2 \– 3 and/or x-y – US]"


def test_remarks_stand_in_braces() -> None:
    assert printed((Note("see {4}"), Words(" x"))) == r"{see \{4\}} x"


def test_an_unknown_dialect_is_refused() -> None:
    with pytest.raises(ValueError, match="dialect"):
        printed((), "klingon")


@given(structure=runs())
@settings(max_examples=200)
def test_brackets_balance_in_every_dialect(structure) -> None:
    for dialect in DIALECTS:
        assert balance(printed(structure, dialect)) == 0


@given(made=compilable())
def test_a_compilation_balances_too(made) -> None:
    base, proposals = made
    for compiled in compile_text(base, {p.id: f"OP{n}" for n, p in enumerate(base)}, proposals):
        for dialect in DIALECTS:
            assert balance(printed(compiled, dialect)) == 0


def balance(text: str) -> int:
    """Open brackets at the end; below zero as soon as one closes that was not open."""
    depth, at = 0, 0
    while at < len(text):
        if text[at] == "\\" and at + 1 < len(text):
            at += 2
            continue
        depth += {"[": 1, "]": -1}.get(text[at], 0)
        if depth < 0:
            return depth
        at += 1
    return depth


@given(structure=runs())
def test_every_word_and_name_is_printed_in_every_dialect(structure) -> None:
    wanted = sorted(_all_said(structure))
    for dialect in DIALECTS:
        text = printed(unstyled(structure), dialect).replace("\\", "")
        for piece in wanted:
            assert piece.replace("\\", "") in text


def _all_said(structure) -> set[str]:
    found = set()
    for run in structure:
        if isinstance(run, Words | Note):
            found.add(run.text)
            continue
        for one in run.options:
            found |= _all_said(one.runs)
            found |= {word for said in one.attributions for word in (*said.names, said.verb)}
    return found


@pytest.mark.parametrize("around", [["[", "]"], ["[", " … \\ / ", "\\…]"], ["", "(a)(b…)"]])
def test_a_style_says_what_stands_around_the_words(around: list[str]) -> None:
    assert styled(style_of(around)) == around
