"""Agreed language is verbatim, or differs exactly where the ops say."""

from __future__ import annotations

import time

from hypothesis import given, settings

from app.core.text import Change, Precedent, check_agreed_language
from app.core.text.diff import Op
from tests.core.text.strategies import texts

NORM = "States should consider offering assistance to States affected by a cyberattack, on voluntary terms"
REPORT = Precedent(
    "r", "Report, paragraph 12", f"The group recalled its mandate. {NORM}. It further noted the threats."
)
OTHER = Precedent("o", "Report, paragraph 40", "Capacity-building should be a sustainable process of mutual benefit.")


def sides(ops: tuple[Op, ...]) -> tuple[str, str]:
    passage = "".join(op.text for op in ops if op.kind is not Change.INSERT)
    words = "".join(op.text for op in ops if op.kind is not Change.DELETE)
    return passage, words


def test_a_passage_taken_word_for_word_is_verbatim_whatever_its_spaces() -> None:
    found = check_agreed_language("offering  assistance\nto States", [OTHER, REPORT])
    assert [(match.precedent, match.verbatim, match.share) for match in found] == [("r", True, 1.0)]


def test_part_of_a_word_is_not_verbatim() -> None:
    found = check_agreed_language("on voluntary term", [REPORT])
    assert not any(match.verbatim for match in found)


def test_where_it_differs_is_marked_in_the_closest_passage() -> None:
    words = NORM.replace("a cyberattack", "an ICT incident")
    (found,) = check_agreed_language(words, [OTHER, REPORT])
    assert (found.precedent, found.verbatim) == ("r", False)
    assert sides(found.ops) == (NORM, words)
    marked = [(op.kind, op.text.strip()) for op in found.ops if op.kind is not Change.EQUAL]
    assert marked == [(Change.DELETE, "a cyberattack"), (Change.INSERT, "an ICT incident")]
    assert 0.7 < found.share < 1


def test_the_best_comes_first() -> None:
    close = Precedent("c", "x", NORM.replace("voluntary", "mutually agreed"))
    far = Precedent("f", "x", "States should consider offering help to all who ask, on voluntary terms")
    found = check_agreed_language(NORM, [far, close, REPORT])
    assert [match.precedent for match in found] == ["r", "c", "f"]


def test_no_words_have_no_precedent() -> None:
    assert check_agreed_language(" ;", [REPORT]) == ()
    assert check_agreed_language("Wholly unrelated banana", [REPORT]) == ()


def test_chinese_is_verbatim_by_characters() -> None:
    (found,) = check_agreed_language("提供援助", [Precedent("z", "x", "各国应当提供援助和信息。")])
    assert found.verbatim


@given(before=texts(), words=texts(), after=texts(), other=texts())
@settings(max_examples=200)
def test_ops_end_in_the_words_and_begin_in_the_precedent(before: str, words: str, after: str, other: str) -> None:
    precedents = [Precedent("1", "", f"{before} {words} {after}"), Precedent("2", "", other)]
    found = check_agreed_language(words, precedents)
    plain = " ".join(words.split())
    for match in found:
        passage, checked = sides(match.ops)
        assert checked == plain
        text = " ".join(precedents[int(match.precedent) - 1].text.split())
        assert passage in text
        assert 0 < match.share <= 1
        if match.verbatim:
            assert plain in text
    assert [match.share for match in found] == sorted((match.share for match in found), reverse=True)


def test_three_hundred_long_precedents_are_searched_at_once() -> None:
    filler = " ".join(f"word{number}" for number in range(1000))
    precedents = [Precedent(str(number), "", f"{number} {filler} {NORM}") for number in range(300)]
    begin = time.perf_counter()
    found = check_agreed_language(NORM.replace("voluntary", "agreed"), precedents)
    assert len(found) == 300
    assert time.perf_counter() - begin < 5
