"""The machine of levels: no act out of its state or by the wrong person succeeds; the fold is a fold."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.core.rules import agreement as rules
from app.core.rules.agreement import AGREED, TRANSITIONS, Act, Bridge, Level, Standing, Who

WIDS = ("p1", "p2", "p3")


def test_every_act_out_of_the_table_is_refused() -> None:
    known = {(before, act, who): to for before, act, to, who in TRANSITIONS}
    for level in Level:
        for act in Act:
            for who in Who:
                assert rules.after(level, act, (who,)) == known.get((level, act, who))


def test_only_the_decision_adopts_and_only_the_chair_agrees_ad_referendum() -> None:
    assert {who for _before, act, _to, who in TRANSITIONS if act is Act.ADOPT} == {Who.DECISION}
    assert {who for _before, act, _to, who in TRANSITIONS if act in (Act.AGREE, Act.AGREE_AD_REF)} == {Who.CHAIR}
    assert Level.ADOPTED not in rules.ACT_OF
    assert rules.after(Level.AGREED_AD_REF, Act.REOPEN, (Who.OFFICER,)) is None
    assert rules.after(Level.AGREED_IN_INFORMALS, Act.REOPEN, (Who.OFFICER,)) is Level.OPEN


def test_other_words_reopen_whatever_was_agreed() -> None:
    for level in AGREED:
        assert rules.after(level, Act.CHANGE, (Who.SYSTEM,)) is Level.OPEN
    assert rules.after(Level.BRACKETED, Act.CHANGE, (Who.SYSTEM,)) is None


def test_a_standing_survives_its_row() -> None:
    standing = Standing(
        Level.AGREED, "w", "3", "Because.", ({"holder": "KEN"},), ("IRN",), {"pending": "Iran"}, "P", True
    )
    assert Standing.from_dict(standing.as_dict()) == standing


@pytest.mark.parametrize("state", list(Bridge))
def test_a_bridging_text_is_amended_only_while_it_is_shown(state: Bridge) -> None:
    assert (rules.bridge_after(state, "amend") is Bridge.SHOWN) == (state is Bridge.SHOWN)
    assert rules.bridge_after(Bridge.PROPOSED, "show_again") is None


class Levels(RuleBasedStateMachine):
    """Acts drawn at random, done only where the table lets them; the board is kept beside, and folded from the log."""

    def __init__(self) -> None:
        super().__init__()
        self.levels = dict.fromkeys(WIDS, Level.OPEN)
        self.packages: dict[str, str] = {}
        self.log: list[tuple[str, dict[str, Any]]] = []

    @property
    def board(self) -> rules.Board:
        board: rules.Board = {}
        for type_, data in self.log:
            board = rules.evolve(board, type_, data, "t", "chair")
        return board

    def level(self, wid: str) -> Level:
        return self.board.get(wid, Standing()).level

    @rule(wid=st.sampled_from(WIDS), act=st.sampled_from(Act), who=st.sampled_from(Who))
    def do(self, wid: str, act: Act, who: Who) -> None:
        moves = act in (*rules.AGREEING, Act.REOPEN)
        wids = rules.together(self.board, wid) if moves else (wid,)
        after = {one: rules.after(self.level(one), act, (who,)) for one in wids}
        if after[wid] is None:
            assert (self.level(wid), act, who) not in {(b, a, w) for b, a, _to, w in TRANSITIONS}
            return
        moved = [one for one in wids if after[one] is not None]
        data = {"paragraphs": [{"paragraph": one, "wording": "w"} for one in moved], "version": "1", "reason": "r"}
        if act in (Act.REOPEN, Act.CHANGE):
            self.log.append(("agreement.reopened", data))
        else:
            self.log.append(("agreement.marked", data | {"level": str(after[wid]), "holders": []}))
        for one in moved:
            self.levels[one] = after[one] or self.levels[one]

    @rule(wids=st.sets(st.sampled_from(WIDS), min_size=2))
    def bind(self, wids: set[str]) -> None:
        if not any(self.board.get(wid, Standing()).package for wid in wids):
            data = {"name": "P" + "".join(sorted(wids)), "paragraphs": [{"paragraph": wid} for wid in sorted(wids)]}
            self.log.append(("package.formed", data))
            self.packages |= dict.fromkeys(wids, data["name"])

    @rule(wid=st.sampled_from(WIDS), on=st.booleans())
    def flag(self, wid: str, on: bool) -> None:
        data = {"flag": "pending", "on": on, "detail": "Iran", "paragraphs": [{"paragraph": wid}]}
        before = self.level(wid)
        self.log.append(("agreement.flagged", data))
        assert self.level(wid) is before, "a flag stands beside the level"
        assert ("pending" in self.board[wid].flags) == on

    @invariant()
    def the_board_is_what_the_acts_made_it(self) -> None:
        assert {wid: self.level(wid) for wid in WIDS} == self.levels
        board = self.board
        assert {wid: board[wid].package for wid in board if board[wid].package} == self.packages
        for standing in board.values():
            assert standing.reopened is False or standing.level in (Level.OPEN,)


TestLevels = Levels.TestCase
