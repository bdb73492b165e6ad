"""What a negotiator does only when the head of delegation has entrusted it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.policy import ENTRUSTED, Action, DelegationRole, can
from tests.policy.test_table import GROUP, delegate


@pytest.mark.parametrize("action", sorted(ENTRUSTED))
def test_a_negotiator_acts_when_entrusted_and_a_head_always(action: Action) -> None:
    negotiator, head = delegate(DelegationRole.NEGOTIATOR), delegate(DelegationRole.HEAD)
    assert can(negotiator, action, GROUP, "public") is False
    assert can(replace(negotiator, entrusted=True), action, GROUP, "public") is True
    assert can(head, action, GROUP, "public") is True


def test_a_vote_has_to_be_entrusted_and_words_have_not() -> None:
    assert Action.VOTE in ENTRUSTED
    assert Action.SPEAK_TO_DECISION not in ENTRUSTED
