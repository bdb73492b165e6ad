"""What became of my proposal? The suggestion reads it from the words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.text import Fate, Kind, Paragraph, ParagraphId, Proposal, ProposalKind, Suggestion, suggest_fate
from tests.core.text.strategies import texts

OLD = "States should consider offering assistance to States affected by a cyberattack, on voluntary terms;"


def p(id_: str, text: str, **more: object) -> Paragraph:
    return Paragraph(ParagraphId(id_), Kind.OPERATIVE, 0, text, **more)  # type: ignore[arg-type]


def asks(text: str, kind: ProposalKind = ProposalKind.REPLACE, paragraph: str = "a", **more: object) -> Proposal:
    return Proposal("1", kind, ParagraphId(paragraph), text, ("Mexico",), **more)  # type: ignore[arg-type]


def fate(new: str, text: str) -> Suggestion:
    return suggest_fate([p("a", OLD)], [p("a", new)], asks(text))


@pytest.mark.parametrize(
    ("wanted", "new", "expected", "words"),
    [
        (OLD.replace("a cyberattack", "an ICT incident"),) * 2 + (Fate.REFLECTED, ("an", "ICT", "incident")),
        (
            OLD.replace("a cyberattack", "an ICT incident"),
            OLD.replace("a cyberattack", "an ICT incident").replace("offering", "providing"),
            Fate.REFLECTED,
            ("an", "ICT", "incident"),
        ),
        (
            OLD.replace("assistance", "assistance, including to women, youth and indigenous peoples,"),
            OLD.replace("assistance", "assistance, in particular to women,"),
            Fate.PARTLY_REFLECTED,
            ("to", "women"),
        ),
        (OLD.replace("on voluntary", "on agreed and voluntary"), OLD, Fate.NOT_REFLECTED, ()),
        (OLD.replace("offering", "providing"), OLD.replace("voluntary", "agreed"), Fate.NOT_REFLECTED, ()),
        (OLD.replace("offering", "providing"), OLD.replace("offering", "seeking"), Fate.OVERTAKEN, ()),
        (
            OLD.replace(" affected by a cyberattack", ""),
            OLD.replace(" affected by a cyberattack", ""),
            Fate.REFLECTED,
            (),
        ),
        (
            OLD.replace(" affected by a cyberattack", ""),
            OLD.replace(" by a cyberattack", ""),
            Fate.PARTLY_REFLECTED,
            (),
        ),
        (OLD.replace("terms;", "terms."), OLD.replace("terms;", "terms."), Fate.REFLECTED, ()),
        (OLD.replace("terms;", "terms."), OLD, Fate.NOT_REFLECTED, ()),
        (
            OLD.replace("should consider", "should not consider"),
            OLD.replace("should consider", "should not consider").replace("by a", "by any"),
            Fate.REFLECTED,
            ("not",),
        ),
    ],
)
def test_the_fate_of_words(wanted: str, new: str, expected: Fate, words: tuple[str, ...]) -> None:
    found = fate(new, wanted)
    assert (found.fate, found.words) == (expected, words)


def test_words_that_stand_elsewhere_in_the_paragraph_are_not_the_proposal() -> None:
    wanted = OLD.replace("States should", "Responsible States should")
    assert fate(OLD.replace("terms;", "terms by responsible actors;"), wanted).fate is Fate.NOT_REFLECTED


TEXT = [p("a", OLD), p("b", "Requests the Secretary-General to submit a report;"), p("c", "Decides to remain seized;")]
A, B, C = TEXT
CONTACT = "Encourages States to establish points of contact;"


@pytest.mark.parametrize(
    ("new", "proposal", "expected"),
    [
        ([p("b", "x")], asks(OLD.replace("offering", "providing")), Fate.OVERTAKEN),
        ([A, p("n", CONTACT), B, C], asks(CONTACT, ProposalKind.NEW_PARAGRAPH), Fate.REFLECTED),
        (
            [A, p("n", "Encourages States to nominate technical points of contact in good time;"), B, C],
            asks(CONTACT, ProposalKind.NEW_PARAGRAPH),
            Fate.PARTLY_REFLECTED,
        ),
        (
            [A, p("n", "Welcomes the offer made by Kenya;"), B, C],
            asks(CONTACT, ProposalKind.NEW_PARAGRAPH),
            Fate.NOT_REFLECTED,
        ),
        ([B, C], asks(CONTACT, ProposalKind.NEW_PARAGRAPH), Fate.OVERTAKEN),
        ([p("a", CONTACT), B, C], asks(CONTACT, ProposalKind.ALTERNATIVE), Fate.REFLECTED),
        ([A, p("n", "x"), B, C], asks("", ProposalKind.PLACEHOLDER), Fate.REFLECTED),
        (TEXT, asks("", ProposalKind.PLACEHOLDER), Fate.NOT_REFLECTED),
        ([B, C], asks("", ProposalKind.PLACEHOLDER), Fate.OVERTAKEN),
        ([B, C], asks("", ProposalKind.SUPPRESS), Fate.REFLECTED),
        (TEXT, asks("", ProposalKind.SUPPRESS), Fate.NOT_REFLECTED),
        (TEXT, asks("", ProposalKind.RETAIN), Fate.REFLECTED),
        ([p("a", "Other."), B, C], asks("", ProposalKind.RETAIN), Fate.NOT_REFLECTED),
        ([B, C], asks("", ProposalKind.RETAIN), Fate.NOT_REFLECTED),
        ([B, A, C], asks("", ProposalKind.MOVE, after="b"), Fate.REFLECTED),
        (TEXT, asks("", ProposalKind.MOVE, after="b"), Fate.NOT_REFLECTED),
        ([A, C], asks("", ProposalKind.MOVE, after="b"), Fate.OVERTAKEN),
        ([p("a", OLD + " " + B.text), C], asks(OLD + " " + B.text, ProposalKind.MERGE, others=("b",)), Fate.REFLECTED),
        (TEXT, asks(OLD + " " + B.text, ProposalKind.MERGE, others=("b",)), Fate.NOT_REFLECTED),
        (
            [p("a", OLD[:38]), p("n", OLD[39:]), B, C],
            asks("", ProposalKind.SPLIT, parts=(OLD[:38], OLD[39:])),
            Fate.REFLECTED,
        ),
        (TEXT, asks("", ProposalKind.SPLIT, parts=(OLD[:38], OLD[39:])), Fate.NOT_REFLECTED),
        (TEXT, asks("Words;", paragraph="z"), Fate.NOT_REFLECTED),
    ],
)
def test_the_fate_of_paragraphs(new: list[Paragraph], proposal: Proposal, expected: Fate) -> None:
    assert suggest_fate(TEXT, new, proposal).fate is expected


@given(old=texts(), wanted=texts(), new=texts(), kind=st.sampled_from(list(ProposalKind)))
@settings(max_examples=300)
def test_a_share_is_a_share_and_agrees_with_the_fate(old: str, wanted: str, new: str, kind: ProposalKind) -> None:
    proposal = asks(wanted, kind, parts=("x", wanted), others=("b",), after="b")
    found = suggest_fate([p("a", old), p("b", "x")], [p("a", new), p("n", wanted)], proposal)
    assert 0.0 <= found.share <= 1.0
    assert (found.fate is Fate.REFLECTED) <= (found.share >= 0.9)


@given(old=texts(), wanted=texts())
def test_what_reads_as_proposed_is_reflected(old: str, wanted: str) -> None:
    found = suggest_fate([p("a", old)], [p("a", wanted)], asks(wanted))
    assert (found.fate, found.share) == (Fate.REFLECTED, 1.0)


@given(old=texts(), wanted=texts())
def test_where_nothing_changed_nothing_is_reflected(old: str, wanted: str) -> None:
    if old != wanted:
        assert suggest_fate([p("a", old)], [p("a", old)], asks(wanted)).fate is Fate.NOT_REFLECTED
