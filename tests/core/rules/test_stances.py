"""Whose stance counts for a party, and what stands in the way."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.core.rules.proposals import Code
from app.core.rules.stances import Block, On, Stance, block_of, effective, evolve, suggests_met

WORDS, OTHERS = "a" * 64, "b" * 64


def said(*stances: Stance) -> dict[str, Stance]:
    return {stance.holder: stance for stance in stances}


def test_ones_own_stance_counts_before_that_of_a_group() -> None:
    own, group = Stance("KEN", Code.SUPPORT, WORDS), Stance("group:african", Code.OPPOSE, WORDS)
    assert effective("KEN", ("african",), said(own, group), WORDS).stance == own
    via = effective("NGA", ("african",), said(own, group), WORDS)
    assert (via.stance, via.own) == (group, False)
    assert effective("BRA", (), said(own, group), WORDS).stance is None


def test_two_groups_that_differ_are_flagged_and_nobody_decides_it() -> None:
    one, other = Stance("group:g77", Code.SUPPORT, WORDS), Stance("group:arab", Code.OPPOSE, WORDS)
    at = effective("EGY", ("arab", "g77"), said(one, other), WORDS)
    assert (at.stance, set(at.conflict)) == (None, {one, other})
    agreeing = Stance("group:arab", Code.SUPPORT, WORDS)
    assert effective("EGY", ("arab", "g77"), said(one, agreeing), WORDS).conflict == ()


def test_what_was_said_of_other_words_is_stale_and_gives_way_to_what_is_said_of_these() -> None:
    own, group = Stance("KEN", Code.OPPOSE, OTHERS), Stance("group:african", Code.SUPPORT, WORDS)
    assert effective("KEN", ("african",), said(own, group), WORDS).stance == group
    alone = effective("KEN", ("african",), said(own), WORDS)
    assert (alone.stance, alone.stale) == (own, True)


def test_what_blocks() -> None:
    def block(code: Code, on: On = On.PARAGRAPH, **more: object) -> Block:
        return block_of(Stance("KEN", code, WORDS, **more), on, ("p3",))  # type: ignore[arg-type]

    free = (Code.SUPPORT, Code.CAN_LIVE, Code.FLEXIBLE, Code.RETAIN)
    assert [block(code) for code in free] == [Block.NONE] * 4
    assert [block(code) for code in (Code.RESERVE, Code.CONCERN)] == [Block.SOFT] * 2
    assert [block(code) for code in (Code.OPPOSE, Code.CONDITIONAL)] == [Block.HARD] * 2
    assert block(Code.RETAIN, On.BRIDGING) is Block.HARD
    assert block(Code.OPPOSE, view=True) is Block.NONE
    assert block(Code.CONDITIONAL, met=True) is Block.NONE
    assert block(Code.CONDITIONAL, met=True, condition="p3") is Block.NONE
    assert block(Code.CONDITIONAL, met=True, condition="p4") is Block.HARD
    assert block(Code.CONDITIONAL, condition="p3") is Block.HARD, "suggested is not confirmed"


def test_a_condition_is_suggested_as_met_once_and_only_where_its_paragraph_is_agreed() -> None:
    stance = Stance("KEN", Code.CONDITIONAL, WORDS, condition="p3")
    assert suggests_met(stance, ("p3",))
    assert not suggests_met(stance, ("p4",))
    assert not suggests_met(Stance("KEN", Code.CONDITIONAL, WORDS, condition="p3", met=True), ("p3",))
    assert not suggests_met(Stance("KEN", Code.SUPPORT, WORDS, condition="p3"), ("p3",))


@given(st.lists(st.tuples(st.sampled_from(["KEN", "BRA"]), st.sampled_from([*Code, None])), max_size=12))
def test_the_last_word_of_each_stands(acts: list[tuple[str, Code | None]]) -> None:
    folded: object = {}
    for holder, code in acts:
        data = {
            "target": "paragraph:p1",
            "holder": holder,
            "stance": code,
            "wording": WORDS,
            "condition": None,
            "view": False,
        }
        folded = evolve(folded, "position.taken", data)  # type: ignore[arg-type]
    last = dict(acts)
    here = folded.get("paragraph:p1", {})  # type: ignore[attr-defined]
    assert {h: s.code for h, s in here.items()} == {h: c for h, c in last.items() if c is not None}
