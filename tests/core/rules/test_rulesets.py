"""Rule sets: the two that come with the platform, and what data is refused."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from app.core.rules.rulesets import DATA, RULESETS, BadRuleSet, Majority, parse, ruleset


def data(**changes: Any) -> dict[str, Any]:
    """The default's data, with members changed: `decision__voting_enabled=True`."""
    found: dict[str, Any] = json.loads((DATA / "gm-consensus-1.json").read_text())
    found = copy.deepcopy(found)
    for path, value in changes.items():
        *parents, name = path.split("__")
        part = found
        for parent in parents:
            part = part[parent]
        part[name] = value
    return found


def test_the_mechanism_decides_by_consensus_and_does_not_vote() -> None:
    rules = ruleset("gm-consensus-1")
    assert (rules.substantive, rules.voting_enabled) == (Majority.CONSENSUS, False)
    assert (rules.limit("national"), rules.limit("group")) == (480, 720)
    assert [rules.limit("right_of_reply", turn) for turn in (1, 2)] == [600, 300]
    assert (rules.silence.min_hours, rules.silence.publish_break) == (72, "paragraphs_only")


def test_the_first_committee_votes_by_simple_majority_of_those_present_and_voting() -> None:
    rules = ruleset("first-committee-1")
    assert (rules.substantive, rules.voting_enabled) == (Majority.SIMPLE, True)
    assert (rules.votes_on(None), rules.votes_on("other")) == (True, True)


def test_a_body_of_consensus_votes_on_procedure_where_its_rules_are_those_of_the_general_assembly() -> None:
    rules = ruleset("gm-consensus-1")
    assert (rules.votes_on(None), rules.votes_on("appeal")) == (False, True)
    rules = parse(data(decision__procedural="consensus"))
    assert (rules.votes_on(None), rules.votes_on("appeal")) == (False, False)


@pytest.mark.parametrize("id_", RULESETS)
def test_a_rule_set_names_itself_as_its_file(id_: str) -> None:
    assert ruleset(id_).id == id_


@pytest.mark.parametrize(
    ("members", "to_open", "to_decide"), [(193, 49, 97), (192, 48, 97), (4, 1, 3), (5, 2, 3), (1, 1, 1)]
)
def test_a_quarter_opens_and_a_majority_decides(members: int, to_open: int, to_decide: int) -> None:
    quorum = ruleset("gm-consensus-1").quorum
    assert (quorum.needed("open", members), quorum.needed("decide", members)) == (to_open, to_decide)


def test_a_party_that_is_named_has_its_own_rights_and_others_those_of_their_kind() -> None:
    rules = ruleset("gm-consensus-1")
    assert "point_of_order" in rules.capabilities_of("observer_state", "PSE")
    assert rules.capabilities_of("observer_state", "VAT") == {"speak", "right_of_reply"}
    assert rules.capabilities_of("special_observer", "ICRC") == {"speak_after_states"}
    assert rules.capabilities_of("igo", "AU") == frozenset()


@pytest.mark.parametrize(
    ("changes", "member"),
    [
        ({"decision__substantive": "acclamation"}, "substantive"),
        ({"decision__substantive": "simple_majority_present_voting"}, "voting_enabled"),
        ({"decision__voting_enabled": "no"}, "voting_enabled"),
        ({"decision__procedural": "by_lot"}, "procedural"),
        ({"quorum__open": "a quarter"}, "quorum.open"),
        ({"quorum__decide": "3/2 members"}, "quorum.decide"),
        ({"quorum__open": "0/4 members"}, "quorum.open"),
        ({"quorum__enforce": "maybe"}, "enforce"),
        ({"time_limits_s__national": 0}, "time_limits_s.national"),
        ({"time_limits_s__right_of_reply": []}, "time_limits_s.right_of_reply"),
        ({"speaker_order": ["group", "group"]}, "speaker_order"),
        ({"silence__tz_display": "America/Atlantis"}, "tz_display"),
        ({"silence__min_hours": True}, "min_hours"),
        ({"capabilities": {}}, "capabilities"),
        ({"labels": {"inserted": "bis_after"}}, "labels"),  # a rule that nothing keeps
    ],
)
def test_data_that_cannot_be_used_is_refused_by_name(changes: dict[str, Any], member: str) -> None:
    with pytest.raises(BadRuleSet, match=member):
        parse(data(**changes))


def test_an_unknown_rule_set_is_refused() -> None:
    with pytest.raises(BadRuleSet):
        ruleset("../gm-consensus-1")
