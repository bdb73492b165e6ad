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
from app.core.rules.stances import wording_of
from app.drafts.models import Version, VersionParagraph
from app.drafts.queries import DraftLine, version_paragraphs
from app.policy import Actor
from app.web.locale import current_language
from app.web.numbers import whole

CONFLICT = "conflict"
NAMED = 24
"""Names of those who stand so in the list: who the others are, the page of the paragraph says."""
ROWS = 120
"""Paragraphs on one page: most texts fit, and a table of five hundred by two hundred would stop a browser."""
Stands = Mapping[str, stance_rules.Effective]
"""Code of a member State to where it stands."""
_EMPTY = '<td role="cell"></td>'


@dataclass(frozen=True, slots=True)
class Bar:
    """How many member States stand so, themselves or through a group: a number, and never a share."""

    code: str
    label: str
    letter: str
    count: int
    names: str


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph of the map: `cells` is the markup of its cells, in the order of the columns."""

    summary: views.Summary
    cells: Markup
    bars: list[Bar]
    blocked: bool


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
        self.read = views.Reading(actor, version, rows, as_it_stood=True)
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
        made = [self._stand(row) for row in self.read.rows]
        self.total = len(made)
        self.spoken = sum(bool(at) for _summary, at in made)
        self.blocked = sum(_is_blocked(summary) for summary, _at in made)
        shown = [one for one in made if self._is_asked(*one)]
        self.first = _number(wanted.get("from"), len(shown))
        self.before = max(0, self.first - ROWS) if self.first else None
        self.after = self.first + ROWS if self.first + ROWS < len(shown) else None
        self.rows = [self._row(*one) for one in shown[self.first : self.first + ROWS]]
        self.legend = [(code, self.read.letters[code], self.read.words[code]) for code in Code]

    def group_name(self, code: str) -> str:
        return self.names.of(f"group:{code}")

    def _stand(self, row: VersionParagraph) -> tuple[views.Summary, Stands]:
        target, wording = f"paragraph:{row.wid}", wording_of(row.text)
        where = self.read.where_stand(target, wording) if target in self.read.said else []
        return self.read.summary(row, where), dict(where)

    def _is_asked(self, summary: views.Summary, at: Stands) -> bool:
        return self.show == "all" or (_is_blocked(summary) if self.show == "blocked" else bool(at))

    def _row(self, summary: views.Summary, at: Stands) -> Row:
        cells = "".join(self._cell(at[code]) if code in at else _EMPTY for code in self.columns)
        return Row(summary, Markup(cells), self._bars(at), _is_blocked(summary))

    def _cell(self, at: stance_rules.Effective) -> str:
        """Own stances fill the cell, a group's are framed, those on earlier words are small and in brackets."""
        if at.conflict:
            return '<td role="cell" class="k">≠</td>'
        if at.stance is None:
            return _EMPTY
        code = at.stance.code
        if at.stale:
            return f'<td role="cell" class="o">({self.read.letters[code]})</td>'
        return f'<td role="cell" class="s-{code}{" g" if at.stance.by_group else ""}">{self.read.letters[code]}</td>'

    def _bars(self, at: Stands) -> list[Bar]:
        names: dict[str, list[str]] = {}
        for code in self.columns:
            one = at.get(code)
            if one is not None and one.conflict:
                names.setdefault(CONFLICT, []).append(self._names[code])
            elif one is not None and one.stance is not None and not one.stale:
                names.setdefault(one.stance.code, []).append(self._names[code])
        order = [*Code, CONFLICT]
        return [self._bar(code, names[code]) for code in order if code in names]

    def _bar(self, code: str, names: list[str]) -> Bar:
        more = len(names) - NAMED
        line = ", ".join(names[:NAMED]) + (f" +{more}" if more > 0 else "")
        if code == CONFLICT:
            return Bar(code, _("Groups differ"), "≠", len(names), line)
        return Bar(code, self.read.words[Code(code)], self.read.letters[Code(code)], len(names), line)


def _is_blocked(summary: views.Summary) -> bool:
    return bool(summary.blocking or summary.torn)


def _number(text: str | None, total: int) -> int:
    """From which row on: a whole page of rows before it."""
    first = whole(text) or 0
    return first // ROWS * ROWS if first < total else 0


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
