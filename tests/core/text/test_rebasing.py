"""Every proposal comes over to the new base with a verdict, or stays as it was: none is dropped or guessed (law 6)."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.interchange.model import fits
from app.core.text import (
    Kind,
    Paragraph,
    ParagraphId,
    Proposal,
    ProposalKind,
    Rebased,
    Verdict,
    rebase,
    rebase_all,
    tokens,
)
from app.core.text.applying import Layout
from app.core.text.rebasing import Detail
from tests.core.text.strategies import WORDS, documents, texts

OLD = "States should consider offering assistance to States affected by a cyberattack, on voluntary terms;"


def p(id_: str, text: str, **more: object) -> Paragraph:
    return Paragraph(ParagraphId(id_), Kind.OPERATIVE, 0, text, **more)  # type: ignore[arg-type]


def asks(text: str, kind: ProposalKind = ProposalKind.REPLACE, paragraph: str | None = "a", **more: object) -> Proposal:
    about = None if paragraph is None else ParagraphId(paragraph)
    return Proposal("1", kind, about, text, ("Mexico",), **more)  # type: ignore[arg-type]


def carried(new: str, text: str, kind: ProposalKind = ProposalKind.REPLACE, old: str = OLD) -> Rebased:
    return rebase([p("a", old)], [p("a", new)], asks(text, kind))


def with_words(old: str, new: str) -> str:
    assert OLD.count(old) == 1
    return OLD.replace(old, new)


def test_edits_at_different_places_are_both_there() -> None:
    answer = carried(with_words("a cyberattack", "an ICT incident"), with_words("consider offering", "offer"))
    assert answer.verdict is Verdict.CLEAN
    assert (
        answer.proposal.text
        == "States should offer assistance to States affected by an ICT incident, on voluntary terms;"
    )
    assert answer.detail == Detail.APART


def test_an_untouched_paragraph_leaves_a_proposal_as_it_is() -> None:
    proposal = asks(with_words("offering", "providing"))
    answer = rebase([p("a", OLD), p("b", "x")], [p("b", "y"), p("a", OLD)], proposal)
    assert answer == Rebased(Verdict.CLEAN, proposal, Detail.UNTOUCHED)


def test_neighbouring_words_are_merged_and_marked() -> None:
    answer = carried(with_words("assistance", "support"), with_words("offering", "providing"))
    assert answer.verdict is Verdict.ADJACENT
    assert "consider providing support to" in answer.proposal.text


def test_additions_at_one_place_are_both_kept_and_marked() -> None:
    answer = carried(
        with_words("on voluntary", "on agreed, voluntary"), with_words("on voluntary", "on mutual, voluntary")
    )
    assert answer.verdict is Verdict.ADJACENT
    assert answer.detail == Detail.SAME_PLACE
    assert "on agreed, mutual, voluntary terms" in answer.proposal.text


def test_additions_with_words_in_common_are_for_a_person() -> None:
    answer = carried(
        with_words("terms;", "terms, in accordance with international law;"),
        with_words("terms;", "terms, in accordance with applicable law;"),
    )
    assert answer.verdict is Verdict.CONFLICTING


def test_two_ends_of_one_word_are_merged_and_marked() -> None:
    old = "international agreed goals"
    answer = carried("International agreed goals", "internationally agreed goals", old=old)
    assert (answer.verdict, answer.proposal.text) == (Verdict.ADJACENT, "Internationally agreed goals")
    assert answer.detail == Detail.WITHIN_WORD


def test_one_short_word_changed_twice_is_a_conflict() -> None:
    assert carried("it is fade of", "it is make of", old="it is made of").verdict is Verdict.CONFLICTING


def test_parts_of_a_compound_are_adjacent() -> None:
    answer = carried("every ICT-attack here", "every cyber-incident here", old="every cyber-attack here")
    assert (answer.verdict, answer.proposal.text) == (Verdict.ADJACENT, "every ICT-incident here")


def test_the_same_words_changed_differently_are_for_a_person() -> None:
    proposal = asks(with_words("should consider", "are encouraged to consider"))
    answer = rebase([p("a", OLD)], [p("a", with_words("should consider", "shall consider"))], proposal)
    assert answer == Rebased(Verdict.CONFLICTING, proposal, Detail.SAME_WORDS)


def test_words_changed_inside_a_passage_that_was_to_go_are_for_a_person() -> None:
    assert (
        carried(
            with_words("a cyberattack", "an ICT incident"),
            with_words(" affected by a cyberattack", ""),
            ProposalKind.DELETE,
        ).verdict
        is Verdict.CONFLICTING
    )


def test_what_is_there_already_is_overtaken() -> None:
    wanted = with_words("a cyberattack", "an ICT incident")
    both = wanted.replace("on voluntary", "on mutually agreed")
    assert carried(wanted, wanted).verdict is Verdict.OVERTAKEN
    answer = carried(both, wanted)
    assert (answer.verdict, answer.detail) == (Verdict.OVERTAKEN, Detail.THERE)
    assert answer.proposal.text == wanted


def test_words_that_went_with_more_around_them_are_overtaken() -> None:
    answer = carried(
        with_words(" to States affected by a cyberattack", ""), with_words(" affected by a cyberattack", "")
    )
    assert answer.verdict is Verdict.OVERTAKEN


def test_what_is_partly_there_keeps_its_rest() -> None:
    both = with_words("a cyberattack", "an ICT incident").replace("offering", "providing")
    answer = carried(with_words("a cyberattack", "an ICT incident"), both)
    assert (answer.verdict, answer.detail, answer.proposal.text) == (Verdict.CLEAN, Detail.PARTLY_THERE, both)


def test_a_paragraph_that_is_gone_overtakes_what_speaks_of_its_words() -> None:
    for new in ([p("b", "x")], [p("a", OLD, deleted=True)]):
        answer = rebase([p("a", OLD)], new, asks(with_words("offering", "providing")))
        assert (answer.verdict, answer.detail) == (Verdict.OVERTAKEN, Detail.GONE)


def test_agreed_language_is_not_mixed_with_other_words() -> None:
    precedent = with_words("consider offering", "offer")
    answer = carried(with_words("voluntary", "mutually agreed"), precedent, ProposalKind.REVERT)
    assert (answer.verdict, answer.detail, answer.proposal.text) == (Verdict.CONFLICTING, Detail.PRECEDENT, precedent)


TEXT = [p("a", "First words of all;"), p("b", "Second words of all;"), p("c", "Third words of all;")]
A, B, C = TEXT


@pytest.mark.parametrize(
    ("new", "proposal", "verdict", "detail"),
    [
        # suppress and retain
        (TEXT, asks("", ProposalKind.SUPPRESS), Verdict.CLEAN, Detail.UNTOUCHED),
        ([p("a", "Other words;"), B, C], asks("", ProposalKind.SUPPRESS), Verdict.ADJACENT, Detail.CHANGED),
        ([B, C], asks("", ProposalKind.SUPPRESS), Verdict.OVERTAKEN, Detail.THERE),
        (TEXT, asks("", ProposalKind.RETAIN), Verdict.CLEAN, Detail.UNTOUCHED),
        ([p("a", "Other words;"), B, C], asks("", ProposalKind.RETAIN), Verdict.CONFLICTING, Detail.CHANGED),
        ([B, C], asks("", ProposalKind.RETAIN), Verdict.CONFLICTING, Detail.GONE),
        # move
        (TEXT, asks("", ProposalKind.MOVE, after="c"), Verdict.CLEAN, Detail.UNTOUCHED),
        ([B, C, A], asks("", ProposalKind.MOVE, after="c"), Verdict.OVERTAKEN, Detail.THERE),
        ([A, B], asks("", ProposalKind.MOVE, after="c"), Verdict.CONFLICTING, Detail.NEIGHBOUR_GONE),
        ([B, A, C], asks("", ProposalKind.MOVE, "c", after=None), Verdict.CLEAN, Detail.UNTOUCHED),
        ([A, C, B], asks("", ProposalKind.MOVE, "b", after=None), Verdict.CONFLICTING, Detail.MOVED),
        ([B, C], asks("", ProposalKind.MOVE, after="c"), Verdict.OVERTAKEN, Detail.GONE),
        (
            [A, replace(B, kind=Kind.ITEM, level=1), replace(C, kind=Kind.ITEM, level=1)],
            asks("", ProposalKind.MOVE, after="c"),
            Verdict.CONFLICTING,
            Detail.NEIGHBOUR_BELOW,
        ),
        # new paragraphs follow their neighbour
        ([C, A, B], asks("New words;", ProposalKind.NEW_PARAGRAPH), Verdict.CLEAN, Detail.UNTOUCHED),
        ([B, C], asks("New words;", ProposalKind.NEW_PARAGRAPH), Verdict.CONFLICTING, Detail.NEIGHBOUR_GONE),
        (
            [B, C, p("n", "New  words;")],
            asks("New words;", ProposalKind.NEW_PARAGRAPH),
            Verdict.OVERTAKEN,
            Detail.THERE,
        ),
        (
            [A, p("n", "Other words;"), B, C],
            asks("New words;", ProposalKind.NEW_PARAGRAPH),
            Verdict.ADJACENT,
            Detail.PLACE_TAKEN,
        ),
        ([C], asks("New words;", ProposalKind.NEW_PARAGRAPH, None), Verdict.CLEAN, Detail.UNTOUCHED),
        (
            [p("a", "Other;"), B],
            asks("Alt words;", ProposalKind.ALTERNATIVE),
            Verdict.ADJACENT,
            Detail.NEIGHBOUR_CHANGED,
        ),
        ([p("a", "Alt words;"), B], asks("Alt words;", ProposalKind.ALTERNATIVE), Verdict.OVERTAKEN, Detail.THERE),
        ([B], asks("Alt words;", ProposalKind.ALTERNATIVE), Verdict.CONFLICTING, Detail.NEIGHBOUR_GONE),
        (
            [A, replace(p("n", ""), kind=Kind.PLACEHOLDER), B],
            asks("", ProposalKind.PLACEHOLDER),
            Verdict.OVERTAKEN,
            Detail.THERE,
        ),
        # merge
        (TEXT, asks("First and second words;", ProposalKind.MERGE, others=("b",)), Verdict.CLEAN, Detail.UNTOUCHED),
        (
            [A, C],
            asks("First and second words;", ProposalKind.MERGE, others=("b",)),
            Verdict.CONFLICTING,
            Detail.OTHERS_GONE,
        ),
        (
            [p("a", "First and second words;"), C],
            asks("First and second words;", ProposalKind.MERGE, others=("b",)),
            Verdict.OVERTAKEN,
            Detail.THERE,
        ),
        ([C], asks("First and second words;", ProposalKind.MERGE, others=("b",)), Verdict.OVERTAKEN, Detail.GONE),
        # what is not of this base
        (TEXT, asks("Words;", paragraph="z"), Verdict.CONFLICTING, Detail.NOT_IN_BASE),
        (TEXT, asks("Words;", paragraph=None), Verdict.CONFLICTING, Detail.NOT_IN_BASE),
    ],
)
def test_proposals_on_whole_paragraphs(
    new: list[Paragraph], proposal: Proposal, verdict: Verdict, detail: Detail
) -> None:
    assert rebase(TEXT, new, proposal) == Rebased(verdict, proposal, detail)


def test_a_merge_takes_the_new_words_along() -> None:
    merge = asks("First words of all; and second words of all;", ProposalKind.MERGE, others=("b",))
    answer = rebase(TEXT, [p("a", "First words of States;"), B, C], merge)
    assert answer.proposal.text == "First words of States; and second words of all;"
    assert answer.verdict is Verdict.ADJACENT


def test_a_split_takes_the_new_words_along() -> None:
    old = "States should cooperate in good faith. They should also exchange information."
    new = "States should cooperate in good faith. They should also share information."
    split = asks("", ProposalKind.SPLIT, parts=(old[:38], old[39:]))
    answer = rebase([p("a", old)], [p("a", new)], split)
    assert answer.verdict is Verdict.CLEAN
    assert answer.proposal.parts == (new[:38], new[39:])


def test_a_split_that_is_made_is_overtaken() -> None:
    split = asks("", ProposalKind.SPLIT, parts=("First words", "of all;"))
    answer = rebase(TEXT, [p("a", "First words"), p("n", "of all;"), B, C], split)
    assert (answer.verdict, answer.detail) == (Verdict.OVERTAKEN, Detail.THERE)


@pytest.mark.parametrize(
    ("old", "mine", "new", "merged"),
    [
        (
            "各国应当提供援助和信息",
            "各国应当提供技术援助和信息",
            "各国必须提供援助和信息",
            "各国必须提供技术援助和信息",
        ),
        (
            "الدول مَسْؤُولَة عن المساعدة فى كل وقت",
            "الدول مَسْؤُولَة عن تقديم المساعدة فى كل وقت",
            "الدول مَسْؤُولَة عن المساعدة فى كل حين",
            "الدول مَسْؤُولَة عن تقديم المساعدة فى كل حين",
        ),
        (
            "Государства должны оказывать помощь друг другу",
            "Государства должны оказывать помощь и поддержку друг другу",
            "Все государства должны оказывать помощь друг другу",
            "Все государства должны оказывать помощь и поддержку друг другу",
        ),
    ],
)
def test_in_other_scripts(old: str, mine: str, new: str, merged: str) -> None:
    answer = carried(new, mine, old=old)
    assert (answer.verdict, answer.proposal.text) == (Verdict.CLEAN, merged)


VOCABULARY = sorted({word for pool in WORDS.values() for word in pool})


@st.composite
def edits_apart(draw: st.DrawFn) -> tuple[str, str, str, str]:
    """A text, two edits of it with a word or more between them, and the text with both; all words of it differ."""
    count = draw(st.integers(5, 12))
    base = [f"w{number}" for number in range(count)]
    first = draw(st.integers(0, count - 3))
    second = draw(st.integers(first + 2, count - 1))
    put = draw(st.sampled_from(VOCABULARY))

    def edited(places: dict[int, str]) -> str:
        return " ".join(places.get(n, word) for n, word in enumerate(base))

    one, two = {first: f"{put} eins"}, {second: f"{put} zwei"}
    return edited({}), edited(one), edited(two), edited(one | two)


@given(edits=edits_apart(), swap=st.booleans())
def test_edits_apart_are_clean_and_both_there(edits: tuple[str, str, str, str], swap: bool) -> None:
    old, mine, theirs, both = edits
    if swap:
        mine, theirs = theirs, mine
    answer = carried(theirs, mine, old=old)
    assert (answer.verdict, answer.proposal.text) == (Verdict.CLEAN, both)


def bag(text: str) -> Counter[str]:
    return Counter(token for token in tokens(text) if token.strip())


@given(old=texts(), mine=texts(), new=texts())
@settings(max_examples=300)
def test_every_verdict_keeps_its_promise(old: str, mine: str, new: str) -> None:
    proposal = asks(mine)
    answer = rebase([p("a", old)], [p("a", new)], proposal)
    assert replace(answer.proposal, text="") == replace(proposal, text="")
    if answer.verdict in (Verdict.CONFLICTING, Verdict.OVERTAKEN):
        assert answer.proposal == proposal
    elif answer.verdict is Verdict.CLEAN:
        # What both put in is there, and nothing that stood in none of the three.
        assert not bag(answer.proposal.text) - (bag(mine) | bag(new) | (bag(mine) + bag(new)))
        assert not (bag(mine) - bag(old)) - bag(answer.proposal.text)


@given(old=texts(), new=texts())
def test_on_the_same_text_every_wording_is_clean_and_as_it_was(old: str, new: str) -> None:
    assert carried(old, new, old=old) == Rebased(Verdict.CLEAN, asks(new), Detail.UNTOUCHED)


@given(old=texts(), new=texts())
def test_what_reads_as_proposed_is_overtaken(old: str, new: str) -> None:
    if old != new:
        assert carried(new, new, old=old).verdict is Verdict.OVERTAKEN


@st.composite
def negotiations(draw: st.DrawFn) -> tuple[list[Paragraph], list[Paragraph], list[Proposal]]:
    """A text, its next version with paragraphs reworded, deleted, moved and added, and proposals of all kinds."""
    old = draw(documents(6))
    new = []
    for paragraph in draw(st.permutations(old)):
        fate = draw(st.sampled_from(["same", "reworded", "gone", "deleted"]))
        if fate != "gone":
            new.append(replace(paragraph, deleted=fate == "deleted"))
        if fate == "reworded":
            new[-1] = replace(new[-1], text=draw(texts(6)))
        if fate != "gone" and draw(st.booleans()):
            new[-1] = replace(new[-1], kind=Kind.ITEM, level=1)
    new += [Paragraph(ParagraphId(f"n{n}"), Kind.OPERATIVE, 0, draw(texts(4))) for n in range(draw(st.integers(0, 2)))]
    places = st.sampled_from([paragraph.id for paragraph in old] + ["unknown"])
    made = [
        Proposal(
            str(number),
            draw(st.sampled_from(list(ProposalKind))),
            draw(st.none() | places),
            draw(texts(6)),
            after=draw(st.none() | places),
            others=tuple(draw(st.lists(places, max_size=2))),
            parts=tuple(draw(st.lists(texts(4), max_size=3))),
        )
        for number in range(draw(st.integers(0, 5)))
    ]
    return old, new, made


@given(given_=negotiations())
@settings(max_examples=300)
def test_no_proposal_is_dropped(given_: tuple[list[Paragraph], list[Paragraph], list[Proposal]]) -> None:
    old, new, proposals = given_
    answers = rebase_all(old, new, proposals)
    assert [answer.proposal.id for answer in answers] == [proposal.id for proposal in proposals]
    for answer, proposal in zip(answers, proposals, strict=True):
        assert answer.detail in list(Detail)
        assert answer == rebase(old, new, proposal)
        if answer.verdict in (Verdict.CONFLICTING, Verdict.OVERTAKEN):
            assert answer.proposal == proposal
        elif proposal.kind is ProposalKind.MOVE and fits(replace(proposal, others=()), Layout(old)):
            assert fits(replace(answer.proposal, others=()), Layout([one for one in new if not one.deleted]))


def test_two_thousand_proposals_on_five_hundred_paragraphs_take_a_second() -> None:
    words = [f"word{n}" for n in range(60)]
    old = [p(f"p{n}", " ".join([str(n), *words])) for n in range(500)]
    new = [replace(paragraph, text=paragraph.text.replace("word30", "other words")) for paragraph in old]
    proposals = [
        asks(
            old[n % 500].text.replace(f" word{n % 25} ", f" wanted{n} ").replace("word50", "fifty"),
            paragraph=f"p{n % 500}",
        )
        for n in range(2000)
    ]
    begin = time.perf_counter()
    answers = rebase_all(old, new, proposals)
    seconds = time.perf_counter() - begin
    assert all(answer.verdict is Verdict.CLEAN for answer in answers)
    assert seconds < 3, "one second on an idle machine"
    print(f"{seconds:.2f} s")


def test_thousands_of_edits_on_both_sides_of_one_paragraph_are_merged_at_once() -> None:
    old = "each norm of the whole body of them will offer new help to every State in need " * 1_200
    begun = time.process_time()
    answer = carried(old.replace("norm", "rule"), old.replace("offer", "provide"), old=old)
    assert time.process_time() - begun < 5, "0.3 s on the machine where this was written"
    assert answer.proposal.text == old.replace("norm", "rule").replace("offer", "provide")
