"""The concordance accounts for every paragraph of both versions, each once (law 8)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.text import CorrespondenceKind, Kind, Paragraph, ParagraphId, concordance, labels
from tests.core.text.strategies import documents, texts

FIRST = "Reaffirms that international law is applicable to the use of ICTs by States;"
SECOND = "Encourages States to share information on threats, vulnerabilities and incidents in good time;"
THIRD = "Requests the secretariat to prepare a list of points of contact before the next session;"


def p(id_: str, text: str, **more: object) -> Paragraph:
    return Paragraph(ParagraphId(id_), Kind.OPERATIVE, 0, text, **more)  # type: ignore[arg-type]


def said(old: list[Paragraph], new: list[Paragraph]) -> list[tuple[str, str, str]]:
    found = concordance(old, new, labels(old, "resolution"), labels(new, "resolution"))
    return [(" ".join(row.old_labels), " ".join(row.new_labels), row.relation.value) for row in found]


def test_same_changed_moved_new_and_deleted() -> None:
    old = [p("a", FIRST), p("b", SECOND), p("c", THIRD), p("d", "Decides to convene again;"), p("e", "Thanks Kenya;")]
    new = [
        p("e", "Thanks Kenya;"),
        p("a", FIRST),
        p("n", "Welcomes the offer;"),
        p("c", THIRD),
        p("d", "Decides to rest;"),
    ]
    assert said(old, new) == [
        ("OP5", "OP1", "moved"),
        ("OP1", "OP2", "same"),
        ("OP2", "", "deleted"),
        ("", "OP3", "new"),
        ("OP3", "OP4", "same"),
        ("OP4", "OP5", "changed"),
    ]


def test_a_split_is_known_by_its_words() -> None:
    old = [p("a", f"{FIRST} {SECOND}"), p("c", THIRD)]
    new = [p("a", FIRST), p("n", SECOND), p("c", THIRD)]
    assert said(old, new) == [("OP1", "OP1 OP2", "split"), ("OP2", "OP3", "same")]


def test_a_merger_is_known_by_its_words() -> None:
    old = [p("a", FIRST), p("b", SECOND), p("c", THIRD)]
    new = [p("a", f"{FIRST} and {SECOND}"), p("c", THIRD)]
    assert said(old, new) == [("OP1 OP2", "OP1", "merged"), ("OP3", "OP2", "same")]


def test_a_merger_under_a_new_identity() -> None:
    old = [p("a", FIRST), p("b", SECOND), p("c", THIRD)]
    new = [p("n", f"{FIRST} {SECOND}"), p("c", THIRD)]
    assert said(old, new) == [("OP1 OP2", "OP1", "merged"), ("OP3", "OP2", "same")]


def test_a_paragraph_back_under_another_identity_is_the_same() -> None:
    old = [p("a", FIRST), p("b", SECOND)]
    new = [p("a", FIRST), p("n", SECOND)]
    assert said(old, new) == [("OP1", "OP1", "same"), ("OP2", "OP2", "same")]


def test_a_deleted_paragraph_is_nobodys_other_identity() -> None:
    old = [p("a", FIRST), p("b", SECOND)]
    new = [p("a", FIRST), p("n", SECOND, deleted=True)]
    assert said(old, new) == [("OP1", "OP1", "same"), ("OP2", "", "deleted"), ("", "OP2", "deleted")]


def test_a_deleted_paragraph_that_keeps_its_number_stands_on_both_sides() -> None:
    old = [p("a", FIRST), p("b", SECOND)]
    new = [p("a", FIRST, deleted=True), p("b", SECOND)]
    assert said(old, new) == [("OP1", "OP1", "deleted"), ("OP2", "OP2", "same")]
    assert said(new, new)[0] == ("OP1", "OP1", "same")


def test_a_norm_that_resembles_another_is_new() -> None:
    old = [p("a", "States should not conduct or knowingly support activity that damages infrastructure;")]
    new = [*old, p("n", "States should not conduct or knowingly support any harm to emergency response teams;")]
    assert said(old, new) == [("OP1", "OP1", "same"), ("", "OP2", "new")]


@st.composite
def versions(draw: st.DrawFn) -> tuple[list[Paragraph], list[Paragraph]]:
    old = draw(documents(8))
    new = []
    for paragraph in draw(st.permutations(old)):
        fate = draw(st.sampled_from(["same", "same", "reworded", "gone", "deleted", "split", "joined", "renamed"]))
        if fate == "gone":
            continue
        if fate == "joined" and new:
            new[-1] = replace(new[-1], text=f"{new[-1].text} {paragraph.text}")
            continue
        half = len(paragraph.text) // 2
        if fate == "split":
            new.append(replace(paragraph, id=ParagraphId(f"s{len(new)}"), text=paragraph.text[half:]))
            paragraph = replace(paragraph, text=paragraph.text[:half])
        if fate == "reworded":
            paragraph = replace(paragraph, text=draw(texts(6)))
        if fate == "renamed":
            paragraph = replace(paragraph, id=ParagraphId(f"r{len(new)}"))
        new.append(replace(paragraph, deleted=fate == "deleted"))
    return old, new


@given(pair=versions())
@settings(max_examples=300)
def test_every_paragraph_of_both_is_accounted_for_once(pair: tuple[list[Paragraph], list[Paragraph]]) -> None:
    old, new = pair
    old_labels, new_labels = labels(old, "report"), labels(new, "report")
    found = concordance(old, new, old_labels, new_labels)
    assert Counter(label for row in found for label in row.old_labels) == Counter(old_labels.values())
    assert Counter(label for row in found for label in row.new_labels) == Counter(new_labels.values())
    for row in found:
        sizes = len(row.old_labels), len(row.new_labels)
        if row.relation is CorrespondenceKind.SPLIT:
            assert sizes[1] > sizes[0] > 0
        if row.relation in (CorrespondenceKind.CHANGED, CorrespondenceKind.MOVED):
            assert sizes == (1, 1)


@given(document=documents())
def test_a_version_stands_to_itself_as_the_same(document: list[Paragraph]) -> None:
    found = concordance(document, document, labels(document, "report"), labels(document, "report"))
    assert all(row.relation is CorrespondenceKind.SAME and row.old_labels == row.new_labels for row in found)
