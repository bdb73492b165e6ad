"""Rule sets: how a body decides, counts, speaks and keeps silence, as data (domain brief §12b).

A rule set is a file in `data/`, checked when it is read. Whatever depends on the body asks its rule set; the code
knows no body by name. A new version of the rules is a new id: a decision keeps naming the rules that it was taken by.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

DATA = Path(__file__).parent / "data"
DEFAULT = "gm-consensus-1"
RULESETS = (DEFAULT, "first-committee-1")
"""The ids of the rule sets that come with the platform, the default first."""


MEMBERS = {
    "id", "decision", "quorum", "time_limits_s", "right_of_reply", "speaker_order", "silence", "capabilities",
}  # fmt: skip
"""What a rule set says. What nothing here reads it may not say: it would be a rule that nobody keeps."""


class Majority(StrEnum):
    """What carries a decision. Majorities are of those present and voting: yes and no only (rule 126)."""

    CONSENSUS = "consensus"
    SIMPLE = "simple_majority_present_voting"
    TWO_THIRDS = "two_thirds_present_voting"


class Procedure(StrEnum):
    """How a body decides on procedural motions."""

    GA_RULES = "ga_rules"
    """As the General Assembly does: without objection, or by a vote, also where substance takes consensus."""
    CONSENSUS = "consensus"


class BadRuleSet(ValueError):
    """The data of a rule set cannot be used; the message says which member and why."""


@dataclass(frozen=True, slots=True)
class Quorum:
    """Parties that must be present: to open the debate, and to decide (rule 108 of the General Assembly)."""

    open: str
    decide: str
    enforce: str
    """`warn`: the platform tells the chair, who decides. `require`: it refuses."""

    def needed(self, to: str, members: int) -> int:
        """How many of `members` parties must be present, `to` open or to decide."""
        share = {"open": self.open, "decide": self.decide}[to]
        if share == "majority members":
            return members // 2 + 1
        above, below = (int(part) for part in share.removesuffix(" members").split("/"))
        return -(-members * above // below)


@dataclass(frozen=True, slots=True)
class SilenceRules:
    min_hours: int
    tz_display: str
    publish_break: str
    """`paragraphs_only` or `paragraphs_and_parties`: what the chair's letter says of a broken silence."""
    inclusive_deadline: bool
    """Does an objection at the very moment of the deadline count?"""


@dataclass(frozen=True, slots=True)
class RuleSet:
    id: str
    substantive: Majority
    procedural: Procedure
    voting_enabled: bool
    """Does it vote on substance?"""
    quorum: Quorum
    time_limits: Mapping[str, tuple[int, ...]]
    """Category of speech to seconds; where a second intervention is shorter, one figure for each."""
    replies_max: int
    speaker_order: tuple[str, ...]
    silence: SilenceRules
    capabilities: Mapping[str, frozenset[str]]

    def votes_on(self, motion: str | None) -> bool:
        """Does the body vote on this procedural motion; for None, on substance?"""
        return self.voting_enabled or (motion is not None and self.procedural is Procedure.GA_RULES)

    def limit(self, category: str, turn: int = 1) -> int:
        """Seconds that a speaker has in their `turn`-th intervention of this category."""
        limits = self.time_limits[category]
        return limits[min(turn, len(limits)) - 1]

    def capabilities_of(self, kind: str, code: str) -> frozenset[str]:
        """What a party that is not a member State may do here: its own entry, else that of its kind."""
        own = self.capabilities.get(f"{kind}:{code}")
        return own if own is not None else self.capabilities.get(kind, frozenset())


@functools.cache
def ruleset(id_: str) -> RuleSet:
    """The rule set with this id. Raises BadRuleSet when there is none, or when its data cannot be used."""
    if id_ not in RULESETS:
        raise BadRuleSet(f"there is no rule set {id_!r}")
    return parse(json.loads((DATA / f"{id_}.json").read_text(encoding="utf-8")))


def parse(data: Mapping[str, Any]) -> RuleSet:
    """Read a rule set from its data. Raises BadRuleSet."""
    if unknown := sorted(set(data) - MEMBERS):
        raise BadRuleSet(f"{unknown[0]}: is no member of a rule set")
    decision, silence = _part(data, "decision"), _part(data, "silence")
    return RuleSet(
        id=_text(data, "id"),
        substantive=_majority(decision),
        procedural=Procedure(_one_of(decision, "procedural", tuple(Procedure))),
        voting_enabled=_flag(decision, "voting_enabled"),
        quorum=_quorum(_part(data, "quorum")),
        time_limits={name: _seconds(name, value) for name, value in _part(data, "time_limits_s").items()},
        replies_max=_count(_part(data, "right_of_reply"), "max"),
        speaker_order=_names(data, "speaker_order"),
        silence=_silence(silence),
        capabilities={party: frozenset(_names(data["capabilities"], party)) for party in _part(data, "capabilities")},
    )


def _majority(decision: Mapping[str, Any]) -> Majority:
    majority = Majority(_one_of(decision, "substantive", tuple(Majority)))
    if majority is not Majority.CONSENSUS and not _flag(decision, "voting_enabled"):
        raise BadRuleSet("decision.substantive: a majority needs voting_enabled")
    return majority


def _quorum(part: Mapping[str, Any]) -> Quorum:
    for name in ("open", "decide"):
        share = _text(part, name)
        fraction = re.fullmatch(r"([1-9]\d?)/([1-9]\d?) members", share)
        if share != "majority members" and not (fraction and int(fraction[1]) <= int(fraction[2])):
            raise BadRuleSet(f"quorum.{name}: {share!r} is neither 'majority members' nor a fraction of the members")
    return Quorum(part["open"], part["decide"], _one_of(part, "enforce", ("warn", "require")))


def _silence(part: Mapping[str, Any]) -> SilenceRules:
    zone = _text(part, "tz_display")
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, KeyError):
        raise BadRuleSet(f"silence.tz_display: there is no time zone {zone!r}") from None
    publish = _one_of(part, "publish_break", ("paragraphs_only", "paragraphs_and_parties"))
    return SilenceRules(_count(part, "min_hours"), zone, publish, _flag(part, "inclusive_deadline"))


def _seconds(name: str, value: Any) -> tuple[int, ...]:
    seconds = tuple(value) if isinstance(value, list) else (value,)
    if not seconds or not all(type(each) is int and each > 0 for each in seconds):
        raise BadRuleSet(f"time_limits_s.{name}: {value!r} is no number of seconds")
    return seconds


def _part(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = data.get(name)
    if not isinstance(part, Mapping) or not part:
        raise BadRuleSet(f"{name}: is missing")
    return part


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value:
        raise BadRuleSet(f"{name}: is no text")
    return value


def _one_of(data: Mapping[str, Any], name: str, choices: tuple[str, ...]) -> str:
    value = _text(data, name)
    if value not in choices:
        raise BadRuleSet(f"{name}: {value!r} is none of {', '.join(choices)}")
    return value


def _names(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = data.get(name)
    if not isinstance(value, list) or not value or not all(isinstance(each, str) for each in value):
        raise BadRuleSet(f"{name}: is no list of names")
    if len(set(value)) != len(value):
        raise BadRuleSet(f"{name}: names something twice")
    return tuple(value)


def _flag(data: Mapping[str, Any], name: str) -> bool:
    value = data.get(name)
    if not isinstance(value, bool):
        raise BadRuleSet(f"{name}: is neither true nor false")
    return value


def _count(data: Mapping[str, Any], name: str) -> int:
    value = data.get(name)
    if type(value) is not int or value < 0:
        raise BadRuleSet(f"{name}: is no number")
    return value
