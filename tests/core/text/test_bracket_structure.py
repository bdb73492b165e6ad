"""Brackets of a text stand beside its words: no word moves, and what the words do not say is asked."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.core.text import Kind, Paragraph, ParagraphId, compile_text, labels, printed, project, read
from app.core.text.applying import apply_proposal
from app.core.text.bracket_laying import Marked, laid_over
from app.core.text.bracket_pieces import PieceKind
from app.core.text.bracket_reading import read_brackets
from app.core.text.bracket_spans import DEPTH
from app.core.text.bracket_structure import CHOICES, Ask, TextBrackets, bracket_structure
from app.core.text.brackets import Bracket, Words
from app.core.text.exporting import markdown
from app.core.text.proposals import Proposal, ProposalKind
from tests.core.text.proposal_strategies import NAMES
from tests.core.text.strategies import any_text
from tests.core.text.test_bracket_reading import REAL, TROUBLE, real  # noqa: F401  (a fixture)

PARTIES = {"G77", "EU", "CANZ", "Russia", "US", "Mexico", "Canada", "Japan", *NAMES}
_kinds = st.sampled_from([Kind.PARAGRAPH, Kind.OPERATIVE, Kind.HEADING, Kind.NOTE, Kind.FOOTNOTE])


def text_of(*texts: str, kind: Kind = Kind.PARAGRAPH) -> list[Paragraph]:
    return [Paragraph(ParagraphId(f"p{n}"), kind, 0, words) for n, words in enumerate(texts, 1)]


def structure(*texts: str, **answers: str) -> TextBrackets:
    return bracket_structure(text_of(*texts), PARTIES, answers)


def shown(found: TextBrackets, text: str, identity: str = "p1") -> list[tuple[str, str]]:
    return [(str(p.kind), text[p.start : p.end]) for p in found.paragraphs[ParagraphId(identity)].pieces]


@given(
    texts=st.lists(st.tuples(TROUBLE | any_text, _kinds), max_size=5),
    choose=st.lists(st.integers(0, 1), max_size=8),
)
@settings(max_examples=600, deadline=None)
@example(texts=[("[a", Kind.PARAGRAPH), ("b", Kind.PARAGRAPH), ("c] (US)", Kind.PARAGRAPH)], choose=[])
@example(texts=[("[placeholder", Kind.PARAGRAPH), ("Agreed]", Kind.PARAGRAPH)], choose=[])
@example(texts=[("[a] [b] [c [^1]", Kind.PARAGRAPH), ("]][", Kind.PARAGRAPH)], choose=[1, 1, 1])
@example(texts=[("] \\! [", Kind.PARAGRAPH), ("\\&]", Kind.PARAGRAPH)], choose=[])
def test_joined_the_pieces_are_the_words_whatever_was_answered(texts, choose) -> None:
    paragraphs = [Paragraph(ParagraphId(f"p{n}"), kind, 0, text) for n, (text, kind) in enumerate(texts)]
    asked = bracket_structure(paragraphs, PARTIES).questions
    answers = {q.key: CHOICES[q.ask][1] for q, yes in zip(asked, choose, strict=False) if yes}
    found = bracket_structure(paragraphs, PARTIES, answers)
    for paragraph in paragraphs:
        here = found.paragraphs[paragraph.id]
        assert "".join(paragraph.text[p.start : p.end] for p in here.pieces) == paragraph.text
        assert all(p.start < p.end for p in here.pieces)
        assert all(p.level >= 1 for p in here.pieces if p.kind in (PieceKind.OPEN, PieceKind.CLOSE, PieceKind.BAR))
        assert all(b.level >= 1 and len(b.options) >= 1 for b in here.brackets)


def test_signs_names_and_bars_are_told_apart() -> None:
    text = "free from [extreme - US; G77 delete] poverty, [offer | provide – EU] [^2] (Agreed)"
    found = structure(text)
    assert shown(found, text) == [
        ("words", "free from "),
        ("open", "["),
        ("words", "extreme"),
        ("words", " "),
        ("names", "- US; G77 delete"),
        ("close", "]"),
        ("words", " poverty, "),
        ("open", "["),
        ("words", "offer"),
        ("bar", " | "),
        ("words", "provide"),
        ("words", " "),
        ("names", "– EU"),
        ("close", "]"),
        ("words", " [^2] "),
        ("status", "(Agreed)"),
    ]
    here = found.paragraphs[ParagraphId("p1")]
    assert here.holders == ("US", "G77", "EU")
    assert here.bracketed
    assert here.has_alternatives
    assert (found.pairs, found.alternatives) == (2, 1)


def test_names_behind_a_bracket_belong_to_it() -> None:
    text = "[and commitments] (G77) (EU, CANZ: delete) [a](Mexico)[b](US)"
    found = structure(text).paragraphs[ParagraphId("p1")]
    said = [[(a.names, a.verb) for a in options] for b in found.brackets for options in b.options]
    assert said == [[(("G77",), ""), (("EU", "CANZ"), "delete")], [(("Mexico",), "")], [(("US",), "")]]


def test_nested_brackets_know_how_deep_they_stand() -> None:
    text = "[a [b [c] d] e]"
    found = structure(text).paragraphs[ParagraphId("p1")]
    assert [(b.level, text[b.start : b.end]) for b in found.brackets] == [(1, text), (2, "[b [c] d]"), (3, "[c]")]
    assert [p.level for p in found.pieces if p.level] == [1, 2, 3, 3, 2, 1]


def test_a_bracket_goes_over_paragraphs_and_its_names_stand_at_its_end() -> None:
    found = structure("1. [To do this:", "no [sign]", "plain", "or that. - EU; US delete] And on.")
    states = [[(b.number, b.level, b.state) for b in one.brackets] for one in found.paragraphs.values()]
    assert states == [
        [(1, 1, "opened")],
        [(1, 1, "continued"), (2, 2, "closed")],
        [(1, 1, "continued")],
        [(1, 1, "closing")],
    ]
    assert found.paragraphs[ParagraphId("p4")].holders == ("EU", "US")
    assert [q.ask for q in found.questions] == [Ask.SPAN]
    assert not found.unclosed
    assert found.over_paragraphs == 1


def test_who_says_that_they_are_slips_gets_two_signs_alone() -> None:
    texts = ("a [b", "c] d")
    (question,) = structure(*texts).questions
    found = bracket_structure(text_of(*texts), PARTIES, {question.key: "alone"})
    assert found.unclosed == ("p1", "p2")
    assert shown(found, texts[0]) == [("words", "a "), ("stray", "["), ("words", "b")]
    assert found.questions[0].answer == "alone"


def test_a_bracket_goes_over_a_heading_only_where_every_sign_finds_another() -> None:
    def over(*texts: tuple[Kind, str]) -> list[str]:
        made = [Paragraph(ParagraphId(f"p{n}"), kind, 2, words) for n, (kind, words) in enumerate(texts, 1)]
        return list(bracket_structure(made).unclosed)

    body, heading = Kind.PARAGRAPH, Kind.HEADING
    assert over((body, "[a"), (heading, "B"), (body, "c]")) == []
    assert over((body, "[a"), (heading, "B"), (body, "c]"), (heading, "D"), (body, "e]")) == ["p1", "p3", "p5"]
    assert over((heading, "[A"), (body, "b]"), (heading, "C"), (body, "d]")) == ["p4"]


def test_where_too_many_are_open_none_is_looked_for_over_a_heading() -> None:
    body, heading = Kind.PARAGRAPH, Kind.HEADING
    rows = [(body, "[a")] * (DEPTH + 1) + [(heading, "B")] + [(body, "c]")] * DEPTH
    made = [Paragraph(ParagraphId(f"p{n}"), kind, 1, words) for n, (kind, words) in enumerate(rows)]
    assert bracket_structure(made).over_paragraphs == 0


def test_signs_between_alternatives_say_that_another_option_stands_beside() -> None:
    text = "[a][b] and [c] (EU)"
    found = structure(text).paragraphs[ParagraphId("p1")]
    assert [(text[p.start], p.other) for p in found.pieces if p.level] == [
        ("[", False),
        ("]", True),
        ("[", True),
        ("]", False),
        ("[", False),
        ("]", False),
    ]


def test_notes_footnotes_and_footnote_marks_hold_no_brackets() -> None:
    made = [
        Paragraph(ParagraphId("p1"), Kind.NOTE, 0, "[TOC"),
        Paragraph(ParagraphId("p2"), Kind.FOOTNOTE, 0, "[see]"),
        Paragraph(ParagraphId("p3"), Kind.PARAGRAPH, 0, "words[^1]"),
    ]
    found = bracket_structure(made)
    assert not any(one.bracketed for one in found.paragraphs.values())


def test_two_brackets_side_by_side_are_asked_about_and_become_alternatives() -> None:
    text = "Parties [shall] [should (not)] act"
    first = structure(text)
    (question,) = first.questions
    assert (question.ask, question.quote, question.taken) == (Ask.ADJACENT, "[shall] [should (not)]", "two")
    assert not first.paragraphs[ParagraphId("p1")].has_alternatives
    second = bracket_structure(text_of(text), PARTIES, {question.key: "alternatives"})
    assert second.paragraphs[ParagraphId("p1")].has_alternatives
    assert second.alternatives == 1
    assert second.questions[0].answer == "alternatives"
    edited = bracket_structure(text_of(text.replace("act", "do so")), PARTIES, {question.key: "alternatives"})
    assert edited.alternatives == 1
    changed = bracket_structure(text_of(text.replace("not", "never")), PARTIES, {question.key: "alternatives"})
    assert [q.answer for q in changed.questions] == [None]


def test_three_side_by_side_become_one_place_with_three_options() -> None:
    text = "[a] [b] [c]"
    answers = {q.key: "alternatives" for q in structure(text).questions}
    found = bracket_structure(text_of(text), PARTIES, answers).paragraphs[ParagraphId("p1")]
    assert [len(b.options) for b in found.brackets] == [3]


def test_alternatives_behind_a_bracket_that_began_earlier_are_found() -> None:
    texts = ("[Begin", "end] and [a] [b]")
    answers = {q.key: "alternatives" for q in structure(*texts).questions if q.ask is Ask.ADJACENT}
    found = bracket_structure(text_of(*texts), PARTIES, answers)
    assert found.alternatives == 1


def test_a_name_that_nobody_knows_is_asked_about_once_and_then_holds() -> None:
    texts = ("[x – Ruritania; EU]", "[y] (Ruritania: delete)")
    first = structure(*texts)
    assert [(q.ask, q.quote, q.taken) for q in first.questions] == [(Ask.NAME, "Ruritania", "words")]
    assert first.holders == ()
    second = bracket_structure(text_of(*texts), PARTIES, {first.questions[0].key: "name"})
    assert second.holders == ("Ruritania", "EU")


def test_a_paragraph_too_deep_to_read_stays_words_and_is_reported() -> None:
    found = structure("[" * 300 + "]" * 300)
    here = found.paragraphs[ParagraphId("p1")]
    assert [p.kind for p in here.pieces] == [PieceKind.WORDS]
    assert [f.code for f in here.findings] == ["too_deep"]


def test_thousands_of_open_brackets_are_no_structure_and_cost_little() -> None:
    began = time.process_time()
    found = structure(*["[a"] * 2_000, *["b]"] * 2_000)
    assert time.process_time() - began < 5
    assert len(found.unclosed) == 4_000 - 2 * DEPTH


# --- Proposals on words that hold brackets --------------------------------------------------------------------------

_bracketed = st.lists(
    st.sampled_from(["[a]", "[b", "c]", "[shall][should]", "word", "(EU)", "- US", "{note}", "\\[x", "[^1]"]),
    max_size=7,
).map(" ".join)


@given(base=_bracketed, wanted=st.lists(_bracketed, max_size=3))
@settings(max_examples=300, deadline=None)
def test_a_compilation_over_brackets_loses_nothing_and_its_parts_are_its_words(base: str, wanted: list[str]) -> None:
    paragraphs = text_of(base)
    proposals = [
        Proposal(f"x{n}", ProposalKind.REPLACE, ParagraphId("p1"), text, names=(f"N{n}",), order=n)
        for n, text in enumerate(wanted)
        if text != base
    ]
    made = compile_text(paragraphs, labels(paragraphs, "resolution"), proposals)
    assert project(made, None, paragraphs) == tuple(paragraphs)
    for proposal in proposals:
        assert project(made, proposal.id, paragraphs) == apply_proposal(paragraphs, proposal)
    (compiled,) = made
    pieces = bracket_structure(paragraphs, PARTIES).paragraphs[ParagraphId("p1")].pieces
    laid = laid_over(compiled.runs, base, pieces)
    assert _flat(laid) == _flat(compiled.runs)
    standing: dict[int, str] = {}
    for part in _of_the_base(laid):
        standing[part.piece.start] = standing.get(part.piece.start, "") + part.text
    assert {at: _letters(text) for at, text in standing.items() if _letters(text)} == {
        p.start: _letters(base[p.start : p.end]) for p in pieces if _letters(base[p.start : p.end])
    }
    again = read_brackets(printed(compiled), {p.names[0] for p in proposals})
    assert _flat(again.runs) == _flat(compiled.runs)


def _of_the_base(runs):
    for run in runs:
        if isinstance(run, Bracket):
            for option in run.options:
                yield from _of_the_base(option.runs) if option.base else ()
        elif isinstance(run, Marked) and run.piece:
            yield run


def _letters(text: str) -> str:
    return "".join(text.split())


def _flat(runs) -> str:
    return "".join(
        f"⟨{'¦'.join(_flat(option.runs) for option in run.options)}⟩" if isinstance(run, Bracket) else run.text
        for run in runs
    )


def test_proposing_the_words_without_brackets_keeps_the_structure_of_what_stays() -> None:
    base = "The Parties [shall] act [soon]."
    (compiled,) = compile_text(
        text_of(base),
        {ParagraphId("p1"): "1"},
        [Proposal("x", ProposalKind.REPLACE, ParagraphId("p1"), "The Parties shall act [soon].", names=("EU",))],
    )
    laid = laid_over(compiled.runs, base, structure(base).paragraphs[ParagraphId("p1")].pieces)
    marked = [(run.text, str(run.piece.kind)) for run in _words(laid) if isinstance(run, Marked) and run.piece]
    assert [one for one in marked if one[1] != "words"] == [
        ("[", "open"),
        ("]", "close"),
        ("[", "open"),
        ("]", "close"),
    ]


def _words(runs):
    for run in runs:
        if isinstance(run, Bracket):
            for option in run.options:
                yield from _words(option.runs)
        elif isinstance(run, Words):
            yield run


# --- A real text ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("real")
def test_a_real_text_comes_in_as_structure_with_its_17_paragraphs_reported_and_goes_out_the_same() -> None:
    source = REAL.read_text(encoding="utf-8")
    count = itertools.count(1)
    imported = read(source, "markdown", lambda: f"p{next(count)}")
    assert sum(finding.code == "brackets" for finding in imported.report) == 17
    found = bracket_structure(imported.paragraphs, PARTIES)
    assert found.pairs > 200
    assert found.over_paragraphs == 6
    assert len(found.unclosed) == 5
    assert max(p.level for one in found.paragraphs.values() for p in one.pieces) >= 3
    out = markdown(imported.paragraphs, labels(imported.paragraphs, imported.style))
    back = read(out, "markdown", lambda: f"q{next(count)}")
    assert [p.text for p in back.paragraphs] == [p.text for p in imported.paragraphs]
    for paragraph in imported.paragraphs:
        pieces = found.paragraphs[paragraph.id].pieces
        assert "".join(paragraph.text[p.start : p.end] for p in pieces) == paragraph.text


def test_only_the_last_remark_outside_brackets_says_how_far_a_paragraph_is_agreed() -> None:
    text = "Invites [States {agreed ad ref} – Japan] to meet; [agreed ad ref]"
    kinds = [kind for kind, _words in shown(structure(text), text)]
    assert kinds.count("status") == 1
    assert kinds[-1] == "status"
    assert "note" in kinds
