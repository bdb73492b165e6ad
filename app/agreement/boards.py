"""Who stands where, paragraph by delegation: the map that the chair reads, and the same as a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup

from app.accounts.models import Party
from app.agreement import queries, views
from app.core.rules import stances as stance_rules
from app.core.rules.proposals import Code
from app.core.rules.stances import Block, On, wording_of
from app.drafts.models import Version, VersionParagraph
from app.drafts.queries import DraftLine, version_paragraphs
from app.policy import Actor
from app.proposals.pages import stance_label
from app.web.locale import current_language

CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Bar:
    """How many member States stand so, themselves or through a group: a number, and never a share."""

    code: str
    label: str
    letter: str
    count: int
    names: list[str]


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph of the map: `cells` is the markup of its cells, in the order of the columns."""

    summary: views.Summary
    cells: Markup
    bars: list[Bar]
    blocked: bool

    @property
    def spoken(self) -> bool:
        return bool(self.bars)


@dataclass(frozen=True, slots=True)
class Column:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Region:
    name: str
    columns: list[Column]


class Page:
    """The map, narrowed by what the reader asks for: `group` of States, `show` all, spoken or blocked, `view`."""

    def __init__(self, actor: Actor, line: DraftLine, version: Version, wanted: Mapping[str, str]) -> None:
        rows = version_paragraphs(version.id)
        self.read = views.Reading(actor, version, rows)
        self.show = wanted.get("show") if wanted.get("show") in ("all", "spoken", "blocked") else "all"
        self.view = "list" if wanted.get("view") == "list" else "map"
        self.newest = line.newest is not None and line.newest.id == version.id
        delegations = self.read.delegations
        self.groups = sorted({code for codes in delegations.groups_of.values() for code in codes})
        self.group = wanted.get("group") if wanted.get("group") in self.groups else ""
        self.regions = _regions(delegations, self.group or "")
        self.names = self.read.names
        self.columns = [column.code for region in self.regions for column in region.columns]
        self._names = {column.code: column.name for region in self.regions for column in region.columns}
        self._letters = {code: views.letter(code) for code in Code}
        made = [self._row(row) for row in self.read.rows]
        self.total = len(made)
        self.spoken = sum(row.spoken for row in made)
        self.blocked = sum(row.blocked for row in made)
        shown = {"all": made, "spoken": [row for row in made if row.spoken]}
        self.rows = shown[self.show] if self.show in shown else [row for row in made if row.blocked]
        self.legend = [(code, views.letter(code), stance_label(code)) for code in Code]

    def group_name(self, code: str) -> str:
        return self.names.of(f"group:{code}")

    def _row(self, row: VersionParagraph) -> Row:
        summary = self.read.summary(row)
        target, wording = f"paragraph:{row.wid}", wording_of(row.text)
        said = queries.said_in(self.read.stances.get(target, ())).get(target, {})
        if not said:
            return Row(summary, self._nothing, [], False)
        cells, at = [], {}
        groups_of = self.read.delegations.groups_of
        for code in self.columns:
            at[code] = stance_rules.effective(code, groups_of.get(code, ()), said, wording)
            cells.append(self._cell(at[code]))
        blocked = any(
            (
                one.stance is not None
                and not one.stale
                and stance_rules.block_of(one.stance, On.PARAGRAPH, self.read.agreed) is not Block.NONE
            )
            or bool(one.conflict)
            for one in at.values()
        )
        return Row(summary, Markup("".join(cells)), self._bars(at), blocked)

    def _cell(self, at: stance_rules.Effective) -> str:
        """Own stances fill the cell, a group's are framed, those on earlier words are small and in brackets."""
        if at.conflict:
            return '<td class="k">≠</td>'
        if at.stance is None:
            return "<td></td>"
        code = at.stance.code
        if at.stale:
            return f'<td class="o">({self._letters[code]})</td>'
        return f'<td class="s-{code}{" g" if at.stance.by_group else ""}">{self._letters[code]}</td>'

    @property
    def _nothing(self) -> Markup:
        return Markup("<td></td>" * len(self.columns))

    def _bars(self, at: Mapping[str, stance_rules.Effective]) -> list[Bar]:
        names: dict[str, list[str]] = {}
        for code, one in at.items():
            if one.conflict:
                names.setdefault(CONFLICT, []).append(self._names[code])
            elif one.stance is not None and not one.stale:
                names.setdefault(one.stance.code, []).append(self._names[code])
        found = [Bar(c, stance_label(c), views.letter(c), len(names[c]), names[c]) for c in Code if c in names]
        if CONFLICT in names:
            found.append(Bar(CONFLICT, _("Groups differ"), "≠", len(names[CONFLICT]), names[CONFLICT]))
        return found


def _regions(delegations: queries.Delegations, group: str) -> list[Region]:
    """The member States by regional group, in the order of their English names."""
    language = current_language()
    regions: dict[str, list[Column]] = {}
    for party in delegations.states:
        if not group or group in delegations.groups_of.get(party.code, ()):
            regions.setdefault(_region(party), []).append(Column(party.code, party.name(language)))
    return [Region(name, columns) for name, columns in sorted(regions.items())]


def _region(party: Party) -> str:
    return {
        "african": _("African States"),
        "asia_pacific": _("Asia-Pacific States"),
        "eastern_european": _("Eastern European States"),
        "grulac": _("Latin American and Caribbean States"),
        "weog": _("Western European and other States"),
    }.get(party.region or "", party.region or _("Other States"))
