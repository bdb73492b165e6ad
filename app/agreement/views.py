"""What pages show of stances and levels: plain data for the templates, in the reader's language."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import pgettext

from app.accounts.queries import party_names, state_groups
from app.agreement import queries
from app.agreement.models import Bridging
from app.core.rules import agreement as rules
from app.core.rules import stances as stance_rules
from app.core.rules.agreement import Act, Bridge, Level, Standing
from app.core.rules.proposals import Code
from app.core.rules.stances import Effective, On, wording_of
from app.core.text import diff
from app.drafts.models import Version, VersionParagraph
from app.groups.services.words import OFFICERS
from app.policy import Action, Actor, GroupId, can, role_in
from app.proposals.labels import stance_label
from app.web.locale import current_language
from app.web.viewer import office_label

CODES = tuple(Code)
NAMED = 3
"""Names on a line; the others are counted."""


# Looked up when one is shown: a long text shows one for each of its paragraphs.
LABELS = {
    Level.OPEN: _l("open"),
    Level.BRACKETED: _l("bracketed"),
    Level.AGREED_IN_INFORMALS: _l("agreed in informals"),
    Level.AGREED_AD_REF: _l("agreed ad referendum"),
    Level.AGREED: _l("agreed"),
    Level.ADOPTED: _l("adopted"),
}


def level_label(level: str) -> str:
    return str(LABELS[Level(level)])


TONES = {
    Level.OPEN: "open",
    Level.BRACKETED: "bracketed",
    Level.AGREED_IN_INFORMALS: "info",
    Level.AGREED_AD_REF: "agreed",
    Level.AGREED: "agreed",
    Level.ADOPTED: "agreed",
}
MARKS = {
    Level.OPEN: "○",
    Level.BRACKETED: "[ ]",
    Level.AGREED_IN_INFORMALS: "◔",
    Level.AGREED_AD_REF: "◑",
    Level.AGREED: "●",
    Level.ADOPTED: "◆",
}
"""A shape for each level, for those who see no colours."""


def flag_label(flag: str) -> str:
    return {
        "placement": _("placement to be decided"),
        "consistency": _("subject to consistency"),
        "pending": _("pending"),
    }[flag]


def act_label(act: str) -> str:
    return {
        Act.BRACKET: _("Bracket it"),
        Act.LIFT: _("Lift the bracket"),
        Act.AGREE_IN_INFORMALS: _("Agree in informals"),
        Act.AGREE_AD_REF: _("Agree ad referendum"),
        Act.AGREE: _("Agree"),
        Act.REOPEN: _("Reopen"),
    }[Act(act)]


def letter(code: str) -> str:
    """One letter for a stance, for cells where no more fits. The legend says what it means."""
    return {
        Code.SUPPORT: pgettext("letter of a stance: support", "S"),
        Code.CAN_LIVE: pgettext("letter of a stance: can live with", "L"),
        Code.FLEXIBLE: pgettext("letter of a stance: flexible", "F"),
        Code.RESERVE: pgettext("letter of a stance: study reserve", "R"),
        Code.CONCERN: pgettext("letter of a stance: concern", "C"),
        Code.RETAIN: pgettext("letter of a stance: retain the text", "T"),
        Code.OPPOSE: pgettext("letter of a stance: cannot accept", "X"),
        Code.CONDITIONAL: "?",
    }[Code(code)]


def why(standing: Standing) -> str:
    """Why it was reopened, or agreed over a stance."""
    if not standing.reopened:
        return standing.reason
    return standing.reason or _("its package was reopened")


class Names:
    """Holders of stances and brackets, by their names in the reader's language."""

    def __init__(self) -> None:
        language = current_language()
        self._names = dict(party_names(language))
        self._names |= {f"group:{group.code}": group.name(language) for group in state_groups()}

    def of(self, holder: str) -> str:
        return self._names.get(holder, holder.removeprefix("group:"))

    def line(self, holders: Sequence[str]) -> str:
        """The first names, and how many more."""
        named = [self.of(holder) for holder in holders[:NAMED]]
        more = len(holders) - len(named)
        return ", ".join(named) + (f" +{more}" if more else "")


@dataclass(frozen=True, slots=True)
class Own:
    """What one's own delegation, or a group that spoke for it, said of these words."""

    code: str
    label: str
    stale: bool
    via: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Who takes one stance: `names` in words, `count` of those who said it."""

    code: str
    label: str
    letter: str
    count: int
    names: str
    who: tuple[tuple[str, str, str, bool], ...] = ()
    """Name, note, condition, stale: of each who said it."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A condition that looks met: the paragraph that it names is agreed. An officer confirms it, or not."""

    target: str
    holder: str
    name: str
    label: str
    met: bool


@dataclass(frozen=True, slots=True)
class BridgeView:
    id: str
    number: str
    state: str
    revision: int
    office: str
    text: str
    ops: list[dict[str, str]]
    """What leads from the paragraph's words to these."""
    wordings: list[dict[str, Any]]
    own: Own | None
    lines: list[Line]
    target: str


@dataclass(frozen=True, slots=True)
class Summary:
    """How one paragraph stands, for one reader."""

    wid: str
    slug: str
    label: str
    text: str
    standing: Standing
    holders: str = ""
    """Who holds the bracket."""
    own: Own | None = None
    lines: list[Line] = field(default_factory=list)
    blocking: str = ""
    """Who stands in the way, by name."""
    hard: bool = False
    torn: str = ""
    """Of whom the groups differ."""
    bridgings: list[BridgeView] = field(default_factory=list)
    suggestions: list[Suggestion] = field(default_factory=list)

    @property
    def level(self) -> str:
        return level_label(self.standing.level)

    @property
    def tone(self) -> str:
        return TONES[self.standing.level]

    @property
    def mark(self) -> str:
        return MARKS[self.standing.level]

    @property
    def why(self) -> str:
        return why(self.standing)

    @property
    def flags(self) -> list[tuple[str, str, str]]:
        return [(name, flag_label(name), detail) for name, detail in sorted(self.standing.flags.items())]

    @property
    def quiet(self) -> bool:
        """Is there nothing to say of it?"""
        touched = self.standing.level is not Level.OPEN or self.standing.reopened or self.standing.flags
        return not (touched or self.standing.package or self.lines or self.bridgings)


class Reading:
    """All that one reader may know of how a version stands, read once: rows, board, stances, bridging texts.

    With `only`, the stances on one paragraph and its bridging texts: all that its summary needs. With `as_it_stood`,
    levels and stances of an earlier version are those on its own words; else they are today's, stale where they are
    about others.
    """

    def __init__(
        self,
        actor: Actor,
        version: Version,
        rows: Sequence[VersionParagraph],
        *,
        only: str | None = None,
        as_it_stood: bool = False,
    ) -> None:
        group = version.draft.group
        self.actor, self.version = actor, version
        self.rows = queries.negotiable(rows)
        self.labels = {row.wid: row.label for row in rows}
        words = queries.open_to(actor, group)
        self.delegations = queries.delegations_of(group.id)
        self.names = Names()
        self.words = {code: stance_label(code) for code in Code}  # once: a large map asks for them thousands of times
        self.letters = {code: letter(code) for code in Code}
        self.officer = role_in(actor, GroupId(group.id)) in OFFICERS
        self.speaks = not self.officer and can(actor, Action.TAKE_POSITION, GroupId(group.id), group.openness)
        self.bridgings: dict[str, list[Bridging]] = defaultdict(list)
        for bridging in queries.bridgings_on(actor, version):
            self.bridgings[bridging.paragraph].append(bridging)
        targets = None
        if only is not None:
            targets = [f"paragraph:{only}", *(bridging.target for bridging in self.bridgings.get(only, ()))]
        if as_it_stood:
            self.board, self.said = queries.stood(version, words)
        else:
            self.board = queries.board_of(version.draft_id, words)
            self.said = queries.all_said(version.draft_id, words, targets=targets)
        self.agreed = rules.agreed_in(self.board)

    def summary(self, row: VersionParagraph, where: Sequence[tuple[str, Effective]] | None = None) -> Summary:
        """`where` each member State stands on these words, where that is known already."""
        standing = queries.standing_of(self.board, row.wid)
        target, wording = f"paragraph:{row.wid}", wording_of(row.text)
        stances = self.said.get(target, [])
        if not stances and row.wid not in self.board and row.wid not in self.bridgings:
            return Summary(row.wid, row.slug, row.label, row.text, standing)
        if where is None:
            where = self.where_stand(target, wording)
        blocking = queries.blocking_of(where, On.PARAGRAPH, self.agreed)
        in_the_way = [one for one in blocking if one["stance"] != "conflict"]
        return Summary(
            row.wid,
            row.slug,
            row.label,
            row.text,
            standing,
            holders=self.names.line(standing.holders),
            own=self.own(target, wording),
            lines=self.lines(stances, wording),
            blocking=self.names.line([one["holder"] for one in in_the_way]),
            hard=any(one["block"] == stance_rules.Block.HARD for one in in_the_way),
            torn=self.names.line([one["holder"] for one in blocking if one["stance"] == "conflict"]),
            bridgings=[self._bridge(bridging, row) for bridging in self.bridgings.get(row.wid, ())],
            suggestions=self._suggestions(target, wording),
        )

    def where_stand(self, target: str, wording: str) -> list[tuple[str, Effective]]:
        """Each member State that has said something of a target, itself or through a group, and where it stands."""
        said = queries.stances_in(self.said.get(target, ()))
        return [(party.code, at) for party, at in queries.where_stand(self.delegations, said, wording)]

    def own(self, target: str, wording: str) -> Own | None:
        """Where the reader's delegation stands, through whomever it is."""
        code, rows = self.actor.party_code, {one.holder: one for one in self.said.get(target, ())}
        if code is None or self.officer or not rows:
            return None
        said = queries.stances_in(rows.values())
        groups = self.delegations.groups_of.get(code, ())
        at = stance_rules.effective(code, groups, said, wording)
        if at.stance is None:
            return None
        via = self.names.of(at.stance.holder) if at.stance.by_group else ""
        return Own(at.stance.code, stance_label(at.stance.code), at.stale, via, rows[at.stance.holder].note)

    def lines(self, rows: Iterable[queries.Said], wording: str) -> list[Line]:
        """Who said what, in the order of the codes: those who spoke, with what they spoke for."""
        by_code: dict[str, list[queries.Said]] = defaultdict(list)
        for one in rows:
            by_code[one.stance.code].append(one)
        found = []
        for code in CODES:
            if here := by_code.get(code, []):
                fresh = [one.holder for one in here if one.stance.wording == wording]
                who = tuple(self._who(one, one.stance.wording != wording) for one in here)
                names = self.names.line(fresh)
                found.append(Line(code, self.words[code], self.letters[code], len(fresh), names, who))
        return found

    def _who(self, one: queries.Said, stale: bool) -> tuple[str, str, str, bool]:
        condition = self.labels.get(one.stance.condition or "", "")
        return self.names.of(one.holder), one.note, condition, stale

    def _bridge(self, bridging: Bridging, row: VersionParagraph) -> BridgeView:
        wording = wording_of(bridging.text)
        texts = [wording.text for wording in bridging.wordings]
        return BridgeView(
            id=bridging.id,
            number=bridging.label,
            state=bridging.state,
            revision=bridging.revision,
            office=office_label(bridging.role),
            text=bridging.text,
            ops=_ops(row.text, bridging.text),
            wordings=[
                {"revision": one.revision, "at": one.at, "ops": _ops(texts[place - 1] if place else row.text, one.text)}
                for place, one in enumerate(bridging.wordings)
            ][::-1],
            own=self.own(bridging.target, wording),
            lines=self.lines(self.said.get(bridging.target, ()), wording),
            target=bridging.target,
        )

    def _suggestions(self, target: str, wording: str) -> list[Suggestion]:
        if not self.officer:
            return []
        found = []
        for said in queries.stances_in(self.said.get(target, ())).values():
            if said.code is not Code.CONDITIONAL or said.wording != wording:
                continue
            if said.met or stance_rules.suggests_met(said, self.agreed):
                label = self.labels.get(said.condition or "", "")
                found.append(Suggestion(target, said.holder, self.names.of(said.holder), label, said.met))
            elif said.condition is None:
                found.append(Suggestion(target, said.holder, self.names.of(said.holder), "", False))
        return found

    def counts(self) -> list[tuple[str, str, str, int]]:
        """Level, its words, its mark, how many paragraphs stand there."""
        there = Counter(queries.standing_of(self.board, row.wid).level for row in self.rows)
        return [(str(level), level_label(level), MARKS[level], there[level]) for level in Level]

    def packages(self) -> list[str]:
        return sorted({standing.package for standing in self.board.values()} - {""})


def _ops(before: str, after: str) -> list[dict[str, str]]:
    return [{"kind": str(op.kind), "text": op.text} for op in diff(before, after)]


def shown(views: Iterable[BridgeView]) -> list[BridgeView]:
    """Those that are on the screen."""
    return [view for view in views if view.state == Bridge.SHOWN]


@dataclass(frozen=True, slots=True)
class OnScreen:
    """A bridging text as everybody in the room sees it: its words against those of the paragraph."""

    number: str
    office: str
    revision: int
    ops: list[dict[str, str]]


def on_screen(actor: Actor, version: Version, wid: str) -> OnScreen | None:
    """The bridging text that was put on the screen last for a paragraph, where there is one."""
    there = [row for row in queries.bridgings_on(actor, version, states=(Bridge.SHOWN,)) if row.paragraph == wid]
    if not there:
        return None
    words = next((row.text for row in version.paragraphs if row.wid == wid), "")
    last = there[-1]
    return OnScreen(last.label, office_label(last.role), last.revision, _ops(words, last.text))


# --- History -------------------------------------------------------------------------------------------------------


def history(actor: Actor, version: Version, wid: str) -> list[dict[str, Any]]:
    """What moved one paragraph, as this reader may know it, newest first: {at, who, what, why}."""
    names, found = Names(), []
    for event in queries.history_of(version.draft_id, queries.open_to(actor, version.draft.group)):
        said = event.as_dict()
        data = said["data"]
        mine = next((one for one in data.get("paragraphs", ()) if one["paragraph"] == wid), None)
        if mine is None and data.get("paragraph") != wid:
            continue
        if what := _happened(said["type"], data, names):
            found.append({"at": said["at"], "who": said["actor"], **what, **_over(mine or {}, names)})
    return found[::-1]


def _happened(type_: str, data: Mapping[str, Any], names: Names) -> dict[str, str] | None:
    if type_ == "position.taken":
        code = data["stance"]
        label = stance_label(code) if code else _("takes its stance back")
        about = "" if data["target"].startswith("paragraph:") else data["number"]
        return {"by": names.of(data["holder"]), "what": label, "about": about, "why": data["note"], "tone": "open"}
    if type_ == "agreement.marked":
        level = level_label(data["level"])
        return {"by": "", "what": level, "about": data["package"], "why": data["reason"], "tone": TONES[data["level"]]}
    if type_ == "agreement.reopened":
        why_ = data["reason"] or {"gone": _("the paragraph is gone")}.get(data.get("cause", ""), "")
        why_ = why_ or _("its package was reopened")
        return {"by": "", "what": _("reopened"), "about": data["package"], "why": why_, "tone": "bracketed"}
    if type_ == "agreement.editorial":
        return {
            "by": "",
            "what": _("editorial change: agreement stays"),
            "about": data["change"],
            "why": data["note"],
            "tone": "info",
        }
    if type_ == "agreement.flagged":
        flag = flag_label(data["flag"])
        what = flag if data["on"] else _("no longer: %(flag)s", flag=flag)
        return {"by": "", "what": what, "about": "", "why": data["detail"], "tone": "open"}
    if type_ in ("package.formed", "package.dissolved"):
        what = _("in a package") if type_ == "package.formed" else _("package dissolved")
        return {"by": "", "what": what, "about": data["name"], "why": "", "tone": "info"}
    if type_ == "condition.confirmed":
        what = _("condition met") if data["met"] else _("condition not met after all")
        return {"by": "", "what": what, "about": names.of(data["holder"]), "why": "", "tone": "info"}
    return None


def _over(mine: Mapping[str, Any], names: Names) -> dict[str, str]:
    """Over whose stances it was agreed."""
    holders = [one["holder"] for one in mine.get("blocking", ())]
    return {"over": names.line(holders) if holders else ""}
