"""Who stands where on exact words (domain brief §4.4, §1.4): what blocks, and whose stance counts for a party.

A stance belongs to words, by their hash: on other words it is stale, which is to say that it is none on these.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from app.core.rules.proposals import Code


class On(StrEnum):
    """What a stance is about. Those on proposals live with the proposals."""

    PARAGRAPH = "paragraph"
    TEXT = "text"
    BRIDGING = "bridging"


class Block(StrEnum):
    """How far a stance stands in the way of agreement on these words."""

    NONE = "none"
    SOFT = "soft"
    """The chair asks by when."""
    HARD = "hard"


_BLOCK = {
    Code.SUPPORT: Block.NONE,
    Code.CAN_LIVE: Block.NONE,
    Code.FLEXIBLE: Block.NONE,
    Code.RESERVE: Block.SOFT,
    Code.CONCERN: Block.SOFT,
    Code.OPPOSE: Block.HARD,
    Code.CONDITIONAL: Block.HARD,
    Code.RETAIN: Block.HARD,
}


def wording_of(text: str) -> str:
    """The hash by which a stance or an agreement knows its words."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def wording_of_all(paragraphs: Iterable[tuple[str, str]]) -> str:
    """The hash of a whole text: of the identity and the words of each paragraph, in order."""
    return wording_of("\n".join(f"{wid}\t{wording_of(text)}" for wid, text in paragraphs))


@dataclass(frozen=True, slots=True)
class Stance:
    """What one holder said: a party (its code), or a group of States (`group:` and its code)."""

    holder: str
    code: Code
    wording: str
    condition: str | None = None
    """The paragraph on whose agreement it depends, where the condition names one."""
    met: bool = False
    """A facilitator or the chair confirmed that its condition is met."""
    view: bool = False
    """The view of an observer: recorded, in nobody's way."""

    @property
    def by_group(self) -> bool:
        return self.holder.startswith("group:")


def block_of(stance: Stance, on: On, agreed: Iterable[str] = ()) -> Block:
    """How far it stands in the way. `agreed`: the paragraphs that are agreed, at whatever level.

    Who wants a paragraph retained wants these words; of a bridging text it is a refusal. A condition that was
    confirmed holds as long as the paragraph that it names stays agreed.
    """
    if stance.view or (stance.code is Code.RETAIN and on is not On.BRIDGING):
        return Block.NONE
    if stance.code is Code.CONDITIONAL and stance.met and (stance.condition is None or stance.condition in agreed):
        return Block.NONE
    return _BLOCK[stance.code]


def suggests_met(stance: Stance, agreed: Iterable[str]) -> bool:
    """Is the paragraph that its condition names agreed, and nobody has confirmed it yet? A person decides."""
    conditional = stance.code is Code.CONDITIONAL and not stance.met
    return conditional and stance.condition is not None and stance.condition in agreed


@dataclass(frozen=True, slots=True)
class Effective:
    """Where a party stands on these words, and through whom. With `conflict`, its groups differ: nobody decides it."""

    stance: Stance | None = None
    stale: bool = False
    conflict: tuple[Stance, ...] = ()

    @property
    def own(self) -> bool:
        return self.stance is not None and not self.stance.by_group


def effective(party: str, groups: Sequence[str], said: Mapping[str, Stance], wording: str) -> Effective:
    """The party's own stance on these words, else that of the groups that spoke for it, else what it said of others.

    `groups` are the codes of the groups of States that it is in; `said` is holder to stance.
    """
    holders = [party, *(f"group:{code}" for code in groups)]
    there = [said[holder] for holder in holders if holder in said]
    fresh = [stance for stance in there if stance.wording == wording]
    if not fresh:
        return Effective(there[0], stale=True) if there else Effective()
    if not fresh[0].by_group:
        return Effective(fresh[0])
    if len({stance.code for stance in fresh}) > 1:
        return Effective(conflict=tuple(fresh))
    return Effective(fresh[0])


# --- From the log --------------------------------------------------------------------------------------------------

Said = Mapping[str, Mapping[str, Stance]]
"""Target (`paragraph:WID`, `text:`, `bridging:ID`) to holder to stance."""


def evolve(said: Said, type_: str, data: Mapping[str, Any]) -> Said:
    """Fold one event of a text's log into what everybody said."""
    if type_ == "position.taken":
        return _taken(said, data)
    if type_ == "condition.confirmed":
        here = dict(said.get(data["target"], {}))
        if data["holder"] in here:
            here[data["holder"]] = replace(here[data["holder"]], met=bool(data["met"]))
        return {**said, data["target"]: here}
    if type_ == "agreement.editorial":
        target, old, new = f"paragraph:{data['paragraph']}", data["before"], data["wording"]
        here = {
            holder: replace(stance, wording=new) if stance.wording == old else stance
            for holder, stance in said.get(target, {}).items()
        }
        return {**said, target: here}
    return said


def _taken(said: Said, data: Mapping[str, Any]) -> Said:
    here = dict(said.get(data["target"], {}))
    here.pop(data["holder"], None)
    if data["stance"] is not None:
        here[data["holder"]] = Stance(
            data["holder"], Code(data["stance"]), data["wording"], data["condition"], view=bool(data["view"])
        )
    return {**said, data["target"]: here}
