"""Every comment is shown on its own paragraph's words, or is an orphan (law 7)."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.text import How, Kind, Lost, Orphan, Paragraph, ParagraphId, Placed, Quote, follow, follow_all, tokens
from app.core.text.words import is_word
from tests.core.text.strategies import documents, texts

OLD = "States should consider offering assistance to States affected by a cyberattack, on voluntary terms;"
A, B = ParagraphId("a"), ParagraphId("b")


def p(id_: str, text: str, **more: object) -> Paragraph:
    return Paragraph(ParagraphId(id_), Kind.OPERATIVE, 0, text, **more)  # type: ignore[arg-type]


def quote(words: str, text: str = OLD, start: int | None = None) -> Quote:
    at = text.index(words) if start is None else start
    return Quote(words, at, text[max(0, at - 64) : at], text[at + len(words) : at + len(words) + 64])


def shown(words: str, new: str, old: str = OLD) -> tuple[str, How] | Lost:
    found = follow(quote(words, old), A, [p("a", old)], [p("a", new)])
    return (new[found.start : found.end], found.how) if isinstance(found, Placed) else found.reason


@pytest.mark.parametrize(
    ("words", "new", "expected"),
    [
        ("offering assistance", OLD, ("offering assistance", How.EXACT)),
        (
            "offering assistance",
            "All States and organizations should consider offering assistance;",
            ("offering assistance", How.EXACT),
        ),
        (
            "offering assistance",
            OLD.replace("offering assistance", "offering timely assistance"),
            ("offering timely assistance", How.REWORDED),
        ),
        (
            "consider offering assistance",
            OLD.replace("offering", "providing"),
            ("consider providing assistance", How.REWORDED),
        ),
        ("a cyberattack", OLD.replace("a cyberattack", "an ICT incident"), Lost.WORDS_DELETED),
        ("terms;", OLD.replace("terms;", "conditions;"), Lost.WORDS_DELETED),  # the sign stayed; the word was meant
        (
            "to States affected by a cyberattack",
            OLD.replace("States affected by a cyberattack", "those that ask for it"),
            Lost.TOO_FEW_LEFT,
        ),
        (
            "on voluntary terms",
            "On voluntary terms, States should consider offering assistance to States affected by a cyberattack;",
            Lost.WORDS_DELETED,
        ),
        (
            "by a cyberattack",
            "When affected by a cyberattack, States should consider offering assistance to States;",
            ("by a cyberattack", How.MOVED),
        ),
        (
            "consider offering assistance to",
            OLD.replace("consider ", "").replace("to States", "for States"),
            ("offering assistance", How.REWORDED),
        ),
        ("ering assist", OLD, ("ering assist", How.EXACT)),
        ("ering assist", "All " + OLD, ("ering assist", How.EXACT)),
        (", on voluntary", OLD.replace("by a cyberattack", "by it"), (", on voluntary", How.EXACT)),
    ],
)
def test_a_comment_stays_on_its_words_or_is_an_orphan(words: str, new: str, expected: tuple[str, How] | Lost) -> None:
    assert shown(words, new) == expected


@pytest.mark.parametrize(
    ("words", "old", "new", "expected"),
    [
        ("技术援助", "各国应当提供技术援助和信息", "各国必须向他国提供技术援助", ("技术援助", How.EXACT)),
        (
            "оказывать помощь",
            "Государства должны оказывать помощь",
            "Все должны оказывать всякую помощь",
            ("оказывать всякую помощь", How.REWORDED),
        ),
        ("مَسْؤُولَة", "الدول مَسْؤُولَة عن المساعدة", "كل الدول مَسْؤُولَة", ("مَسْؤُولَة", How.EXACT)),
        ("सहायता प्रदान", "राज्यों को सहायता प्रदान", "को सहायता प्रदान", ("सहायता प्रदान", How.EXACT)),
    ],
)
def test_in_other_scripts(words: str, old: str, new: str, expected: tuple[str, How]) -> None:
    assert shown(words, new, old) == expected


def test_a_word_that_stands_twice_is_followed_by_its_place() -> None:
    new = "Responsible " + OLD
    second = OLD.index("States", 10)
    found = follow(quote("States", start=second), A, [p("a", OLD)], [p("a", new)])
    assert found == Placed(A, second + 12, second + 18, How.EXACT)


def test_a_comment_of_a_deleted_norm_never_sits_on_another_but_may_be_suggested_there() -> None:
    old = [p("a", OLD), p("b", "States should respect human rights;")]
    for new in ([p("b", OLD)], [p("a", OLD, deleted=True), p("b", OLD)]):
        found = follow(quote("offering assistance"), A, old, new)
        assert isinstance(found, Orphan)
        assert (found.reason, found.suggestion) == (Lost.PARAGRAPH_GONE, (B, 23, 42))


def test_of_several_places_the_one_with_the_same_words_around_is_suggested() -> None:
    other = "States should consider something else on voluntary terms;"
    found = follow(quote("consider"), A, [p("a", OLD)], [p("b", other), p("c", OLD)])
    assert isinstance(found, Orphan)
    assert found.suggestion == (ParagraphId("c"), 14, 22)
    found = follow(replace(quote("consider"), suffix="!"), A, [p("a", OLD)], [p("b", other), p("c", OLD)])
    assert isinstance(found, Orphan)
    assert found.suggestion is None


def test_half_a_word_elsewhere_is_no_suggestion() -> None:
    found = follow(quote("offer", "to offer"), A, [p("a", "to offer")], [p("b", "The offering was made.")])
    assert isinstance(found, Orphan)
    assert found.suggestion is None


def test_words_that_never_stood_there_are_reported() -> None:
    found = follow(Quote("unheard of"), A, [p("a", OLD)], [p("a", OLD)])
    assert isinstance(found, Orphan)
    assert found.reason is Lost.NOT_FOUND


def test_a_comment_on_a_whole_paragraph_follows_it() -> None:
    assert follow(Quote(""), A, [p("a", OLD)], [p("a", OLD)]) == Placed(A, 0, len(OLD), How.EXACT)
    assert follow(Quote(""), A, [p("a", OLD)], [p("a", "x")]) == Placed(A, 0, 1, How.REWORDED)
    assert isinstance(follow(Quote(""), A, [p("a", OLD)], []), Orphan)


@st.composite
def commented(draw: st.DrawFn) -> tuple[list[Paragraph], list[Paragraph], list[tuple[Quote, ParagraphId]]]:
    old = draw(documents(6))
    new = []
    for paragraph in draw(st.permutations(old)):
        fate = draw(st.sampled_from(["same", "reworded", "edited", "gone", "deleted"]))
        if fate == "reworded":
            paragraph = replace(paragraph, text=draw(texts(6)))
        if fate == "edited":
            kept = [token for token in tokens(paragraph.text) if draw(st.integers(0, 4))]
            paragraph = replace(paragraph, text="".join(kept))
        if fate != "gone":
            new.append(replace(paragraph, deleted=fate == "deleted"))
    comments = []
    for paragraph in old:
        start = draw(st.integers(0, len(paragraph.text)))
        end = draw(st.integers(start, len(paragraph.text)))
        comments.append((quote(paragraph.text[start:end], paragraph.text, start), paragraph.id))
    return old, new, comments


@given(given_=commented())
@settings(max_examples=300)
def test_every_comment_is_on_its_own_paragraph_or_an_orphan(
    given_: tuple[list[Paragraph], list[Paragraph], list[tuple[Quote, ParagraphId]]],
) -> None:
    old, new, comments = given_
    answers = follow_all(comments, old, new)
    assert len(answers) == len(comments)
    before = {paragraph.id: paragraph for paragraph in old}
    after = {paragraph.id: paragraph for paragraph in new}
    for answer, (words, about) in zip(answers, comments, strict=True):
        assert answer == follow(words, about, old, new)
        if isinstance(answer, Orphan):
            assert answer.quote == words
            assert about not in after or after[about].deleted or after[about].text != before[about].text
            continue
        text = after[about].text
        assert answer.paragraph_id == about
        assert 0 <= answer.start <= answer.end <= len(text)
        if answer.how in (How.EXACT, How.MOVED) and words.exact:
            assert text[answer.start : answer.end] == words.exact
        if answer.how is How.REWORDED and any(map(is_word, tokens(words.exact))):
            assert answer.start < answer.end


def test_ten_thousand_comments_on_five_hundred_paragraphs_are_quick() -> None:
    words = [f"word{number}" for number in range(60)]
    old = [p(f"p{number}", " ".join([str(number), *words])) for number in range(500)]
    new = [replace(paragraph, text=paragraph.text.replace("word30", "other words")) for paragraph in old[:400]]
    comments = [
        (quote(f"word{number % 50} word{number % 50 + 1}", old[number % 500].text), old[number % 500].id)
        for number in range(10_000)
    ]
    begin = time.perf_counter()
    answers = follow_all(comments, old, new)
    assert time.perf_counter() - begin < 3, "about one second on an idle machine"
    assert sum(isinstance(answer, Placed) for answer in answers) == 8000
