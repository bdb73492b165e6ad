"""Proposals on a base as one bracketed text: nothing lost, whatever the order and the script (laws 1 to 3)."""

from __future__ import annotations

import random
import time
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.core.text import Kind, Paragraph, ParagraphId, Relation, labels
from app.core.text.applying import apply_proposal
from app.core.text.brackets import Attribution, Bracket, Compilation, CompiledParagraph, Option, Words
from app.core.text.compiling import compile_text, project
from app.core.text.proposals import WORDING, Proposal, ProposalKind, Stance
from tests.core.text.proposal_strategies import bases, compilable

ONE = "States should offer assistance on a voluntary basis."


def operative(number: int, text: str) -> Paragraph:
    return Paragraph(ParagraphId(f"p{number}"), Kind.OPERATIVE, 0, text)


def reads(text: str, *names: str, number: int = 1, kind: ProposalKind = ProposalKind.REPLACE, **more) -> Proposal:
    return Proposal(f"q{number}", kind, ParagraphId("p1"), text, names, order=number, **more)


def compiled(base: list[Paragraph], *proposals: Proposal) -> Compilation:
    return compile_text(base, labels(base, "resolution"), proposals)


def first(*proposals: Proposal, text: str = ONE) -> CompiledParagraph:
    return compiled([operative(1, text)], *proposals).paragraphs[0]


def shown(paragraph: CompiledParagraph) -> str:
    """The structure at a glance; the laws below do not need it."""
    return "".join(run.text if isinstance(run, Words) else _bracket(run) for run in paragraph.runs)


def _bracket(bracket: Bracket) -> str:
    options = []
    for option in bracket.options:
        said = "".join(f"({', '.join(a.names)}{': ' * bool(a.verb)}{a.verb})" for a in option.attributions)
        options.append("".join(run.text for run in option.runs) + said)
    return f"[{' | '.join(options)}]"


@given(made=compilable())
@settings(max_examples=300)
def test_each_proposal_reads_out_of_the_compilation_as_it_was_made(made) -> None:
    base, proposals = made
    compilation = compiled(base, *proposals)
    assert project(compilation, None, base) == tuple(base)
    for proposal in proposals:
        assert project(compilation, proposal.id, base) == apply_proposal(base, proposal)


@given(base=bases())
def test_without_proposals_the_compilation_is_the_base(base: list[Paragraph]) -> None:
    compilation = compiled(base)
    assert [c.paragraph for c in compilation] == base
    assert all(c.runs == ((Words(c.paragraph.text),) if c.paragraph.text else ()) for c in compilation)


@given(made=compilable(), seed=st.randoms())
def test_the_order_of_the_list_changes_nothing(made, seed: random.Random) -> None:
    base, proposals = made
    assert compiled(base, *seed.sample(proposals, len(proposals))) == compiled(base, *proposals)


@given(made=compilable(), seed=st.randoms())
@settings(max_examples=200)
def test_the_order_of_coming_changes_nothing_but_the_order_of_names(made, seed: random.Random) -> None:
    base, proposals = made
    orders = seed.sample(range(len(proposals)), len(proposals))
    later = [replace(p, order=order) for p, order in zip(proposals, orders, strict=True)]
    one, other = compiled(base, *proposals), compiled(base, *later)
    assert standing(one) == standing(other)
    assert sorted(map(of_added, one), key=repr) == sorted(map(of_added, other), key=repr)


def standing(compilation: Compilation) -> list[object]:
    """The paragraphs of the base, names in alphabetical order."""
    return [(c.paragraph, c.label, unnamed(c.runs), of_names(c.whole)) for c in compilation if not c.added]


def of_added(paragraph: CompiledParagraph) -> object:
    return paragraph.added and (paragraph.paragraph.text, sorted(paragraph.proposals), of_names(paragraph.whole))


def of_names(attributions: tuple[Attribution, ...]) -> list[tuple[list[str], str]]:
    return [(sorted(a.names), a.verb) for a in attributions]


def unnamed(runs) -> list[object]:
    return [
        run
        if isinstance(run, Words)
        else [(o.runs, of_names(o.attributions), sorted(o.proposals), o.base) for o in run.options]
        for run in runs
    ]


def test_identical_wording_is_merged_and_its_sponsors_are_joined() -> None:
    provide = ONE.replace("offer", "provide")
    both = first(reads(provide, "Brazil", number=2), reads(provide, "Kenya"))
    assert shown(both) == "States should [offer | provide(Kenya, Brazil)] assistance on a voluntary basis."


def test_words_to_be_deleted_stand_once_with_all_that_is_said_of_them() -> None:
    deletion = reads("States should offer assistance.", "G77", stances=(Stance("US", "oppose"),))
    bracket = first(deletion).runs[1]
    assert bracket == Bracket(
        (
            Option(
                (Words("on a voluntary basis"),),
                (Attribution(("US",), "retain"), Attribution(("G77",), "delete")),
                base=True,
            ),
        ),
        without=("q1",),
    )


def test_who_wants_the_paragraph_as_it_is_retains_the_words_that_others_change() -> None:
    keeper = reads("", "US", number=2, kind=ProposalKind.RETAIN)
    paragraph = first(reads(ONE.replace("offer", "provide"), "G77"), keeper)
    assert shown(paragraph) == "States should [offer(US: retain) | provide(G77)] assistance on a voluntary basis."
    assert paragraph.whole == (Attribution(("US",), "retain"),)


def test_who_opposes_words_that_come_in_wants_them_deleted() -> None:
    more = ONE.replace("should", "should, if possible,")
    paragraph = first(reads(more, "G77", stances=(Stance("EU", "oppose"), Stance("Mexico", "retain"))))
    assert shown(paragraph) == (
        "States should[, if possible,(G77)(Mexico: retain)(EU: delete)] offer assistance on a voluntary basis."
    )


def test_edits_that_overlap_are_alternatives_and_others_are_apart() -> None:
    paragraph = first(
        reads(ONE.replace("offer assistance", "provide help"), "A"),
        reads(ONE.replace("should offer", "shall offer"), "B", number=2),
        reads(ONE.replace("offer", "give"), "C", number=3),
    )
    assert shown(paragraph) == (
        "States [should | shall(B)] [offer assistance | give assistance(C) | provide help(A)] on a voluntary basis."
    )


@pytest.mark.parametrize(
    ("proposal", "whole"),
    [
        (reads("", "EU", kind=ProposalKind.SUPPRESS, stances=(Stance("US", "oppose"),)), [("retain",), ("delete",)]),
        (reads("", "EU", kind=ProposalKind.MOVE, after=ParagraphId("p2")), [("move after OP2",)]),
        (reads("", "EU", kind=ProposalKind.MOVE), [("move first",)]),
        (reads(ONE, "EU", kind=ProposalKind.MERGE, others=(ParagraphId("p2"),)), [("merge with OP2",)]),
        (reads(ONE, "EU", kind=ProposalKind.MERGE), [("merge",)]),
        (reads("", "EU", kind=ProposalKind.SPLIT, parts=("States", "should")), [("split",)]),
    ],
)
def test_what_is_to_become_of_a_paragraph_as_a_whole(proposal: Proposal, whole: list[tuple[str]]) -> None:
    found = compiled([operative(1, ONE), operative(2, "Two.")], proposal).paragraphs[0].whole
    assert [(a.verb,) for a in found] == whole


def test_new_paragraphs_and_alternatives_are_called_after_their_neighbour() -> None:
    base = [
        operative(1, ONE),
        Paragraph(ParagraphId("i"), Kind.ITEM, 1, "item"),
        operative(2, "Two."),
    ]
    found = compiled(
        base,
        reads("New.", "EU", kind=ProposalKind.NEW_PARAGRAPH),
        reads("Newer.", "G77", number=2, kind=ProposalKind.NEW_PARAGRAPH),
        reads("Other.", "US", number=3, kind=ProposalKind.ALTERNATIVE),
        reads("New.", "Mexico", number=4, kind=ProposalKind.NEW_PARAGRAPH),
        reads("", "Iran", number=5, kind=ProposalKind.PLACEHOLDER),
        replace(reads("First.", "Egypt", number=6, kind=ProposalKind.NEW_PARAGRAPH), paragraph=None),
    )
    assert [c.label for c in found] == ["OP0", "OP1", "OP1 (a)", "OP1 alt", "OP1 bis", "OP1 ter", "OP1 quater", "OP2"]
    assert found.paragraphs[4].whole == (Attribution(("EU", "Mexico")),)
    assert found.paragraphs[4].proposals == ("q1", "q4")


def test_a_label_that_the_base_has_is_not_given_twice() -> None:
    bis = Paragraph(ParagraphId("b"), Kind.OPERATIVE, 0, "Bis.", "", Relation.INSERTED_AFTER, ParagraphId("p1"))
    found = compiled([operative(1, ONE), bis], reads("New.", "EU", kind=ProposalKind.NEW_PARAGRAPH))
    assert [c.label for c in found] == ["OP1", "OP1 bis", "OP1 ter"]


def test_a_paragraph_goes_with_its_items() -> None:
    item = Paragraph(ParagraphId("i"), Kind.ITEM, 1, "item")
    base = [operative(1, ONE), item, operative(2, "Two.")]
    moved = apply_proposal(base, reads("", "EU", kind=ProposalKind.MOVE, after=ParagraphId("p2")))
    assert [p.id for p in moved] == ["p2", "p1", "i"]
    new = apply_proposal(base, reads("New.", "EU", kind=ProposalKind.NEW_PARAGRAPH))
    assert [p.id for p in new] == ["p1", "i", "new-q1", "p2"]


@pytest.mark.parametrize(
    "proposal",
    [
        replace(reads("x"), paragraph=ParagraphId("nowhere")),
        replace(reads("x"), paragraph=None),
        reads("", kind=ProposalKind.MOVE, after=ParagraphId("nowhere")),
        reads("", kind=ProposalKind.MOVE, after=ParagraphId("p1")),
        reads("x", kind=ProposalKind.MERGE, others=(ParagraphId("p1"),)),
    ],
)
def test_a_proposal_on_what_is_not_there_is_refused(proposal: Proposal) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        apply_proposal([operative(1, ONE)], proposal)
    with pytest.raises(ValueError, match=r"\w"):
        compiled([operative(1, ONE)], proposal)


@given(text=st.sampled_from(["a a a a", "a  b", " a", "a ", "a , b", "各国应当", "e\u0301 e\u0301"]), data=st.data())
@example(text="a  b", data=None)
def test_spaces_are_kept_to_the_letter(text: str, data) -> None:
    other = " ".join(text.split()) if data is None else data.draw(st.text(st.sampled_from("ab ,各"), max_size=8))
    base = [operative(1, text)]
    proposals = [reads(other, "A"), reads(text.strip(), "B", number=2), reads("", "C", number=3)]
    compilation = compiled(base, *proposals)
    for proposal in proposals:
        assert project(compilation, proposal.id, base) == apply_proposal(base, proposal)
    assert project(compilation, None, base) == tuple(base)


def test_a_long_text_with_many_proposals_is_compiled_at_once() -> None:
    chance = random.Random(1)
    pool = [f"word{number}" for number in range(400)]
    base = [operative(n, " ".join(chance.choices(pool, k=60))) for n in range(500)]
    proposals = []
    for number in range(2_000):
        paragraph = base[number // 4]
        text = paragraph.text.split()
        for _ in range(3):
            at = chance.randrange(len(text))
            text[at : at + chance.randint(0, 2)] = chance.sample(pool, chance.randint(0, 2))
        kind = chance.choice(sorted(WORDING))
        proposals.append(Proposal(f"q{number}", kind, paragraph.id, " ".join(text), ("US",), order=number))
    begun = time.process_time()
    compiled(base, *proposals)
    assert time.process_time() - begun < 1.5, "0.5 s on the machine where this was written"
