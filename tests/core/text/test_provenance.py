"""Every word of the newest version has a version that it came with, and names if a proposal brought it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.text import Kind, Paragraph, ParagraphId, Proposal, ProposalKind, Stretch, provenance
from tests.core.text.strategies import documents, texts

A = ParagraphId("a")


def p(id_: str, text: str, **more: object) -> Paragraph:
    return Paragraph(ParagraphId(id_), Kind.OPERATIVE, 0, text, **more)  # type: ignore[arg-type]


def asks(text: str, *names: str, kind: ProposalKind = ProposalKind.REPLACE, order: int = 0, **more: object) -> Proposal:
    return Proposal(names[0], kind, A, text, names, order=order, **more)  # type: ignore[arg-type]


ZERO = "States should consider offering assistance to States;"
REV1 = "States should consider offering technical assistance upon request to States;"
REV2 = "All States should consider offering technical assistance upon request to States;"


def test_words_are_credited_to_the_version_and_the_sponsors_that_brought_them() -> None:
    mexico = asks("States should consider offering technical and other assistance to States;", "Mexico", "Chile")
    found = provenance(
        [("Zero", [p("a", ZERO)]), ("Rev.1", [p("a", REV1)]), ("Rev.2", [p("a", REV2)])], {"Rev.1": [mexico]}
    )
    credited = {word: (s.since, s.by) for s in found[A] for word in s.text.split()}
    assert credited["All"] == ("Rev.2", ())
    assert credited["technical"] == ("Rev.1", ("Mexico", "Chile"))
    assert credited["request"] == ("Rev.1", ())
    assert credited["consider"] == ("Zero", ())
    assert "".join(stretch.text for stretch in found[A]) == REV2


def test_two_proposals_of_the_same_words_are_both_named_in_their_order() -> None:
    both = [asks(REV1, "Egypt", order=2), asks(REV1, "Mexico", order=1)]
    found = provenance([("Zero", [p("a", ZERO)]), ("Rev.1", [p("a", REV1)])], {"Rev.1": both})
    assert [stretch.by for stretch in found[A] if "technical" in stretch.text] == [("Mexico", "Egypt")]


def test_the_same_words_proposed_at_another_place_are_not_credited() -> None:
    elsewhere = asks("States should, where technical needs arise, consider offering assistance to States;", "Mexico")
    found = provenance([("Zero", [p("a", ZERO)]), ("Rev.1", [p("a", REV1)])], {"Rev.1": [elsewhere]})
    assert all(stretch.by == () for stretch in found[A])


def test_a_new_paragraph_is_credited_to_the_proposal_that_it_is_like() -> None:
    text = "Encourages States to establish points of contact;"
    wanted = asks(text, "Singapore", kind=ProposalKind.NEW_PARAGRAPH)
    other = asks("Requests the Secretary-General to report on this;", "India", kind=ProposalKind.NEW_PARAGRAPH)
    new = "Encourages States to establish technical points of contact;"
    found = provenance([("Zero", [p("a", ZERO)]), ("Rev.1", [p("a", ZERO), p("n", new)])], {"Rev.1": [wanted, other]})
    by = {word: stretch.by for stretch in found[ParagraphId("n")] for word in stretch.text.split()}
    assert by["points"] == ("Singapore",)
    assert by["technical"] == ()


@pytest.mark.parametrize(("shared", "credited"), [(4, False), (5, True)])
def test_a_new_paragraph_is_like_a_proposal_from_the_threshold_on(shared: int, credited: bool) -> None:
    """Of ten words each: the shared ones count on both sides."""
    words = ["alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliett"]
    others = ["kilo", "lima", "mike", "november", "oscar", "papa", "quebec", "romeo", "sierra", "tango"]
    asked = asks(" ".join([*words[:shared], *others[shared:]]), "Fiji", kind=ProposalKind.NEW_PARAGRAPH)
    new = " ".join(words)
    found = provenance([("Zero", [p("a", ZERO)]), ("Rev.1", [p("a", ZERO), p("n", new)])], {"Rev.1": [asked]})
    assert any(stretch.by == ("Fiji",) for stretch in found[ParagraphId("n")]) is credited


def test_the_part_that_a_split_made_is_credited() -> None:
    split = asks("", "Kenya", kind=ProposalKind.SPLIT, parts=("First words;", "Second sentence of the paragraph;"))
    new = [p("a", "First words;"), p("n", "Second sentence of the paragraph;")]
    found = provenance([("Zero", [p("a", "First words; and more;")]), ("Rev.1", new)], {"Rev.1": [split]})
    assert found[ParagraphId("n")] == (Stretch("Second sentence of the paragraph;", "Rev.1", ("Kenya",)),)


def test_a_paragraph_that_was_gone_counts_from_its_return() -> None:
    found = provenance([("Zero", [p("a", ZERO)]), ("Rev.1", []), ("Rev.2", [p("a", ZERO)])], {})
    assert found[A] == (Stretch(ZERO, "Rev.2"),)


def test_nothing_comes_of_no_versions() -> None:
    assert provenance([], {}) == {}


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[tuple[str, list[Paragraph]]], dict[str, list[Proposal]]]:
    text = draw(documents(5))
    versions, reflected = [("v0", text)], {}
    for number in range(1, draw(st.integers(1, 4))):
        label = f"v{number}"
        reflected[label] = [
            Proposal(
                str(order),
                draw(st.sampled_from(list(ProposalKind))),
                draw(st.sampled_from([paragraph.id for paragraph in text] or [A])),
                draw(texts(5)),
                (f"party {order}",),
                parts=tuple(draw(st.lists(texts(3), max_size=2))),
                order=order,
            )
            for order in range(draw(st.integers(0, 3)))
        ]
        text = [
            replace(paragraph, text=draw(st.just(paragraph.text) | texts(5)), deleted=draw(st.integers(0, 5)) == 0)
            for paragraph in text
            if draw(st.integers(0, 5))
        ]
        if draw(st.booleans()):
            text.append(p(f"n{number}", draw(texts(5))))
        versions.append((label, text))
    return versions, reflected


@given(history=histories())
@settings(max_examples=200)
def test_the_stretches_joined_are_the_text(
    history: tuple[list[tuple[str, list[Paragraph]]], dict[str, list[Proposal]]],
) -> None:
    versions, reflected = history
    found = provenance(versions, reflected)
    newest = [paragraph for paragraph in versions[-1][1] if not paragraph.deleted]
    assert list(found) == [paragraph.id for paragraph in newest]
    for paragraph in newest:
        stretches = found[paragraph.id]
        assert "".join(stretch.text for stretch in stretches) == paragraph.text
        for stretch in stretches:
            names = {name for proposal in reflected.get(stretch.since, []) for name in proposal.names}
            assert set(stretch.by) <= names
