"""How far a paragraph is agreed (domain brief §10.2): a table of (from, act, to, who), and the fold of the log.

An agreement is of exact words. Other words reopen it, with the reason; a package moves as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from app.core.rules.stances import Block


class Level(StrEnum):
    OPEN = "open"
    BRACKETED = "bracketed"
    AGREED_IN_INFORMALS = "agreed_in_informals"
    AGREED_AD_REF = "agreed_ad_ref"
    """Ad referendum: subject to instructions from capitals."""
    AGREED = "agreed"
    ADOPTED = "adopted"


AGREED = (Level.AGREED_IN_INFORMALS, Level.AGREED_AD_REF, Level.AGREED, Level.ADOPTED)


class Act(StrEnum):
    BRACKET = "bracket"
    LIFT = "lift"
    AGREE_IN_INFORMALS = "agree_in_informals"
    AGREE_AD_REF = "agree_ad_ref"
    AGREE = "agree"
    REOPEN = "reopen"
    CHANGE = "change"
    """Its words became others in an issued version."""
    ADOPT = "adopt"


class Who(StrEnum):
    OFFICER = "officer"
    """A facilitator, a vice-chair or the chair; the secretariat records it on their instruction."""
    CHAIR = "chair"
    """The chair or a vice-chair; the secretariat records it on their instruction."""
    HOLDER = "holder"
    """A delegation, or the voice of a group of States, that holds the bracket."""
    SYSTEM = "system"
    DECISION = "decision"
    """The decision on the whole text."""


TRANSITIONS: tuple[tuple[Level, Act, Level, Who], ...] = (
    (Level.OPEN, Act.BRACKET, Level.BRACKETED, Who.OFFICER),
    (Level.BRACKETED, Act.LIFT, Level.OPEN, Who.OFFICER),
    (Level.BRACKETED, Act.LIFT, Level.OPEN, Who.HOLDER),
    (Level.OPEN, Act.AGREE_IN_INFORMALS, Level.AGREED_IN_INFORMALS, Who.OFFICER),
    (Level.BRACKETED, Act.AGREE_IN_INFORMALS, Level.AGREED_IN_INFORMALS, Who.OFFICER),
    (Level.OPEN, Act.AGREE_AD_REF, Level.AGREED_AD_REF, Who.CHAIR),
    (Level.BRACKETED, Act.AGREE_AD_REF, Level.AGREED_AD_REF, Who.CHAIR),
    (Level.AGREED_IN_INFORMALS, Act.AGREE_AD_REF, Level.AGREED_AD_REF, Who.CHAIR),
    (Level.OPEN, Act.AGREE, Level.AGREED, Who.CHAIR),
    (Level.BRACKETED, Act.AGREE, Level.AGREED, Who.CHAIR),
    (Level.AGREED_IN_INFORMALS, Act.AGREE, Level.AGREED, Who.CHAIR),
    (Level.AGREED_AD_REF, Act.AGREE, Level.AGREED, Who.CHAIR),
    (Level.AGREED_IN_INFORMALS, Act.REOPEN, Level.OPEN, Who.OFFICER),
    (Level.AGREED_AD_REF, Act.REOPEN, Level.OPEN, Who.CHAIR),
    (Level.AGREED, Act.REOPEN, Level.OPEN, Who.CHAIR),
    (Level.AGREED_IN_INFORMALS, Act.CHANGE, Level.OPEN, Who.SYSTEM),
    (Level.AGREED_AD_REF, Act.CHANGE, Level.OPEN, Who.SYSTEM),
    (Level.AGREED, Act.CHANGE, Level.OPEN, Who.SYSTEM),
    (Level.ADOPTED, Act.CHANGE, Level.OPEN, Who.SYSTEM),
    (Level.OPEN, Act.ADOPT, Level.ADOPTED, Who.DECISION),
    (Level.BRACKETED, Act.ADOPT, Level.ADOPTED, Who.DECISION),
    (Level.AGREED_IN_INFORMALS, Act.ADOPT, Level.ADOPTED, Who.DECISION),
    (Level.AGREED_AD_REF, Act.ADOPT, Level.ADOPTED, Who.DECISION),
    (Level.AGREED, Act.ADOPT, Level.ADOPTED, Who.DECISION),
)

ACT_OF = {
    Level.BRACKETED: Act.BRACKET,
    Level.OPEN: Act.LIFT,
    Level.AGREED_IN_INFORMALS: Act.AGREE_IN_INFORMALS,
    Level.AGREED_AD_REF: Act.AGREE_AD_REF,
    Level.AGREED: Act.AGREE,
}
"""The act by which a person marks a paragraph with a level. Nobody marks it adopted."""
AGREEING = (Act.AGREE_IN_INFORMALS, Act.AGREE_AD_REF, Act.AGREE)

OVERRIDDEN = {
    Act.AGREE_IN_INFORMALS: (Block.HARD,),
    Act.AGREE_AD_REF: (Block.HARD,),
    Act.AGREE: (Block.HARD, Block.SOFT),
}
"""The stances over which an officer agrees a paragraph only with a reason, which everybody reads. What awaits
instructions does not stand in the way of an agreement that awaits them too."""


class Flag(StrEnum):
    PLACEMENT = "placement"
    """The words are agreed, their place is not."""
    CONSISTENCY = "consistency"
    """Subject to a check of language and consistency."""
    PENDING = "pending"
    """It waits for another paragraph, another body, one delegation: the detail says for what."""


_AFTER = {(before, act, who): to for before, act, to, who in TRANSITIONS}


def after(level: str, act: str, who: Iterable[Who]) -> Level | None:
    """The level that `act` leads to when done by one who is all of `who`; None where it is out of order."""
    for one in who:
        if (found := _AFTER.get((Level(level), Act(act), one))) is not None:
            return found
    return None


def doers(level: str, act: str) -> tuple[Who, ...]:
    """Who may do `act` at this level; nobody where it is out of order."""
    return tuple(who for before, one, _to, who in TRANSITIONS if (before, one) == (level, act))


def acts_open(level: str, who: Iterable[Who]) -> tuple[Act, ...]:
    """What one who is all of `who` may do at this level, in the order of the table."""
    mine = set(who)
    return tuple(dict.fromkeys(act for before, act, _to, one in TRANSITIONS if before == level and one in mine))


@dataclass(frozen=True, slots=True)
class Standing:
    """How a paragraph stands: its level, since when and through whom, and what is flagged."""

    level: Level = Level.OPEN
    wording: str = ""
    """The hash of the words that the level is about; empty while the paragraph has never been marked."""
    version: str = ""
    reason: str = ""
    """Why it was agreed over a stance, or why it was reopened."""
    blocking: tuple[Mapping[str, Any], ...] = ()
    """What stood in the way when it was marked: {holder, stance, block}."""
    holders: tuple[str, ...] = ()
    """Who holds the bracket: codes of parties, or `group:` and the code of a group of States."""
    flags: Mapping[str, str] = field(default_factory=dict)
    package: str = ""
    reopened: bool = False
    at: str = ""
    by: str = ""
    """The role of who marked it."""

    @property
    def agreed(self) -> bool:
        return self.level in AGREED

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON, as the row keeps it."""
        kept = {"blocking": [dict(one) for one in self.blocking], "holders": list(self.holders)}
        return (
            asdict(replace(self, blocking=(), flags={})) | kept | {"level": str(self.level), "flags": dict(self.flags)}
        )

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Standing:
        return cls(
            **{**kept, "level": Level(kept["level"])}
            | {"blocking": tuple(kept["blocking"]), "holders": tuple(kept["holders"]), "flags": dict(kept["flags"])}
        )


Board = Mapping[str, Standing]
"""Paragraph to how it stands. A paragraph that is not there is open."""


def agreed_in(board: Board) -> frozenset[str]:
    """The paragraphs that are agreed, at whatever level."""
    return frozenset(wid for wid, standing in board.items() if standing.agreed)


def evolve(board: Board, type_: str, data: Mapping[str, Any], at: str, by: str) -> Board:
    """Fold one event of a text's log into the board. It judges nothing: what is in the log has happened."""
    change = _CHANGES.get(type_)
    if change is None:
        return board
    changed = {}
    for said in data["paragraphs"]:
        wid = said["paragraph"]
        changed[wid] = change(board.get(wid, Standing()), data, said, at, by)
    return {**board, **changed}


def _marked(was: Standing, data: Mapping[str, Any], said: Mapping[str, Any], at: str, by: str) -> Standing:
    return replace(
        was,
        level=Level(data["level"]),
        wording=said["wording"],
        version=data["version"],
        reason=data["reason"],
        blocking=tuple(said.get("blocking", ())),
        holders=tuple(data.get("holders", ())),
        reopened=False,
        at=at,
        by=by,
    )


def _reopened(was: Standing, data: Mapping[str, Any], said: Mapping[str, Any], at: str, by: str) -> Standing:
    if not was.agreed:
        return was
    return replace(
        was,
        level=Level.OPEN,
        wording=said["wording"],
        version=data["version"],
        reason=data["reason"],
        blocking=(),
        holders=(),
        reopened=True,
        at=at,
        by=by,
    )


def _editorial(was: Standing, data: Mapping[str, Any], said: Mapping[str, Any], at: str, by: str) -> Standing:
    return replace(was, wording=said["wording"], version=data["version"]) if was.wording == data["before"] else was


def _flagged(was: Standing, data: Mapping[str, Any], said: Mapping[str, Any], at: str, by: str) -> Standing:
    flags = {name: detail for name, detail in was.flags.items() if name != data["flag"]}
    return replace(was, flags=flags | {data["flag"]: data["detail"]} if data["on"] else flags)


def _packaged(was: Standing, data: Mapping[str, Any], said: Mapping[str, Any], at: str, by: str) -> Standing:
    return replace(was, package=data["name"])


def _unpackaged(was: Standing, data: Mapping[str, Any], said: Mapping[str, Any], at: str, by: str) -> Standing:
    return replace(was, package="") if was.package == data["name"] else was


_CHANGES = {
    "agreement.marked": _marked,
    "agreement.reopened": _reopened,
    "agreement.editorial": _editorial,
    "agreement.flagged": _flagged,
    "package.formed": _packaged,
    "package.dissolved": _unpackaged,
}
EVENTS = frozenset(_CHANGES)
"""The types of events that move the board."""


def together(board: Board, wid: str) -> tuple[str, ...]:
    """The paragraphs that move with this one: itself, and the members of its package."""
    package = board.get(wid, Standing()).package
    if not package:
        return (wid,)
    others = (other for other, standing in board.items() if standing.package == package and other != wid)
    return (wid, *sorted(others))


# --- Bridging text -------------------------------------------------------------------------------------------------


class Bridge(StrEnum):
    SHOWN = "shown"
    DOWN = "down"
    PROPOSED = "proposed"
    """It went on as a proposal of the chair or a facilitator."""


BRIDGING: tuple[tuple[Bridge, str, Bridge, Who], ...] = (
    (Bridge.SHOWN, "amend", Bridge.SHOWN, Who.OFFICER),
    (Bridge.SHOWN, "take_down", Bridge.DOWN, Who.OFFICER),
    (Bridge.DOWN, "show_again", Bridge.SHOWN, Who.OFFICER),
    (Bridge.SHOWN, "propose", Bridge.PROPOSED, Who.OFFICER),
)
"""A text that an officer puts on the screen without prejudice, and what may become of it."""

_BRIDGE_AFTER = {(before, act): to for before, act, to, _who in BRIDGING}


def bridge_after(state: str, act: str) -> Bridge | None:
    return _BRIDGE_AFTER.get((Bridge(state), act))
