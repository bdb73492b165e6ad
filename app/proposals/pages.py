"""What the pages of proposals show: plain data for the templates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from markupsafe import escape

from app.core.pillars import NORMS, PILLARS
from app.core.rules import proposals as rules
from app.core.text import diff
from app.core.text.bracket_laying import laid_over
from app.core.text.brackets import CompiledParagraph, Run
from app.core.text.proposals import ProposalKind
from app.drafts import bracket_views, brackets
from app.drafts import queries as texts
from app.drafts.models import Version, VersionParagraph
from app.drafts.views import Over
from app.errors import Invalid
from app.policy import Action, Actor, GroupId, can, role_in
from app.proposals import desk as chair_desk
from app.proposals import language, queries
from app.proposals.labels import TONES, kind_label, stance_label, state_label, verdict_label
from app.proposals.models import ProposalRow
from app.proposals.queries import openness_of
from app.proposals.services import BRIDGING
from app.proposals.views import name_of, sponsor_names, standing, was_released
from app.web.locale import current_language
from app.web.pillars import norm_label, pillar_label


@dataclass(frozen=True, slots=True)
class Card:
    """A proposal on a page. `names` lead first; `ops` leads from the base to its words."""

    row: ProposalRow
    names: tuple[str, ...]
    label: str
    ops: list[dict[str, str]]
    own: bool
    stances: list[tuple[str, str, str, bool]]
    """Name, stance, note, stale."""

    @property
    def id(self) -> str:
        return self.row.id

    @property
    def tone(self) -> str:
        return TONES[self.row.state]

    @property
    def state(self) -> str:
        return state_label(self.row.state)

    @property
    def kind(self) -> str:
        return kind_label(self.row.kind)

    @property
    def why(self) -> str:
        """The rationale as rendered; the fixed words of a bridging text in the reader's language."""
        if self.row.party_id is None and self.row.rationale == BRIDGING:
            said = _("Bridging text, without prejudice to the position of any delegation.")
            return f"<p>{escape(said)}</p>"
        return self.row.rationale_html

    @property
    def support(self) -> int:
        return sum(1 for _name, code, _note, stale in self.stances if code == "support" and not stale)


def cards(actor: Actor, rows: list[ProposalRow]) -> list[Card]:
    """Cards of many proposals: names and base texts are read once."""
    names = queries.names_in(current_language())
    bases = {base: {p.wid: p for p in texts.version_paragraphs(base)} for base in {row.anchor_id for row in rows}}
    return [_card(actor, row, bases[row.anchor_id], names) for row in rows]


def _card(actor: Actor, row: ProposalRow, base: Mapping[str, VersionParagraph], names: Mapping[str, str]) -> Card:
    label = base[row.paragraph].label if row.paragraph and row.paragraph in base else _("the beginning")
    return Card(
        row=row,
        names=sponsor_names(row, names) or (_("nobody now"),),
        label=label,
        ops=queries.change_of(row, {wid: p.text for wid, p in base.items()}),
        own=queries.is_own(actor, row),
        stances=[(name_of(s, names), s.code, s.note, s.revision != row.revision) for s in row.stances],
    )


@dataclass(frozen=True, slots=True)
class Beside:
    """The brackets over several paragraphs that one is part of, and its signs without a partner."""

    over: tuple[Over, ...]
    unclosed: int


class Bracketed:
    """The bracketed view of a version, narrowed by what the reader asks for.

    Who wants what, and why, stands on a page of each paragraph: a long text with two thousand proposals opens at once.
    """

    def __init__(self, actor: Actor, version: Version, wanted: Mapping[str, str]) -> None:
        found = queries.compiled(actor, version, current_language())
        self.rows = {row.wid: row for row in found.rows}
        show = wanted.get("show", "all")
        self.show = show if show in ("all", "open", "mine") else "all"
        self.party, self.pillar, self.norm = (wanted.get(name) or "" for name in ("party", "pillar", "norm"))
        self.briefs = found.proposals
        self.total = len(found.proposals)
        self._mine = actor.party_code or ""
        drafts, waiting = queries.own_drafts_on(actor, version), queries.waiting_on(actor, version)
        self.unbracketed = drafts + Counter(str(row.paragraph) for row in waiting)
        """Paragraph to number of proposals that stand in no bracket: one's own drafts, and what waits for a person."""
        own = (str(row.paragraph) for row in waiting if self._mine in (sponsor.party.code for sponsor in standing(row)))
        self._my_own = drafts + Counter(own)
        names = queries.names_in(current_language())
        self.brackets = brackets.brackets_of(version, found.rows)
        self._holding = brackets.holding(self.brackets)
        self.over = bracket_views.places(self.brackets, found.rows)
        codes = {code for brief in found.proposals.values() for code in brief.sponsors}
        codes |= {code for held in self._holding.values() for code in held}
        self.parties = sorted(((code, names.get(code, code)) for code in codes), key=lambda pair: pair[1].casefold())
        self.pillars = [code for code in PILLARS if any(code in (row.pillars or []) for row in found.rows)]
        self.norms = [letter for letter in NORMS if any(row.norm == letter for row in found.rows)]
        group = version.draft.group
        self.may_propose = can(actor, Action.DRAFT_PROPOSAL, GroupId(group.id), group.openness)
        compiled = list(found.compilation)
        self.whole = len(compiled)
        self.paragraphs = [p for p in compiled if self._wanted(p)]

    def _wanted(self, compiled: CompiledParagraph) -> bool:
        row = self.rows.get(self.place(compiled))
        touching = [self.briefs[id_] for id_ in compiled.proposals if id_ in self.briefs]
        if self.pillar and (row is None or self.pillar not in (row.pillars or [])):
            return False
        if self.norm and (row is None or self.norm != row.norm):
            return False
        held = self._holding.get(compiled.paragraph.id, frozenset())
        if self.party and self.party not in held and not any(self.party in brief.sponsors for brief in touching):
            return False
        if self.show == "open":
            return self._is_bracketed(compiled) or any(brief.state == rules.State.LIVE for brief in touching)
        if self.show == "mine":
            mine = any(self._mine in brief.sponsors for brief in touching) or compiled.paragraph.id in self._my_own
            return mine or (bool(self._mine) and self._mine in held)
        return True

    def _is_bracketed(self, compiled: CompiledParagraph) -> bool:
        here = self.brackets.paragraphs.get(compiled.paragraph.id)
        return here is not None and here.bracketed

    def runs(self, compiled: CompiledParagraph) -> Sequence[Run]:
        """The runs of a paragraph, where its own words hold brackets cut into pieces that say so."""
        here = self.brackets.paragraphs.get(compiled.paragraph.id)
        row = self.rows.get(compiled.paragraph.id)
        return laid_over(compiled.runs, row.text, here.pieces) if here and row and here.bracketed else compiled.runs

    def beside(self, compiled: CompiledParagraph) -> Beside:
        """What is said beside a paragraph of the brackets in its words."""
        here = self.brackets.paragraphs.get(compiled.paragraph.id)
        return Beside(self.over.get(compiled.paragraph.id, ()), here.unclosed if here else 0)

    @property
    def narrowed(self) -> list[tuple[str, str, dict[str, str]]]:
        """What narrows the page now: its name, its label, and what is asked for without it."""
        asked = {name: getattr(self, name) for name in ("show", "party", "pillar", "norm")}
        asked = {name: value for name, value in asked.items() if value and value != "all"}
        labels = {
            "show": {"open": _("Only what is open"), "mine": _("Only mine")}.get(self.show, ""),
            "party": dict(self.parties).get(self.party, self.party),
            "pillar": pillar_label(self.pillar),
            "norm": f"({self.norm}) {norm_label(self.norm)}",
        }
        return [(name, labels[name], {k: v for k, v in asked.items() if k != name}) for name in asked]

    def slug(self, compiled: CompiledParagraph) -> str | None:
        row = self.rows.get(compiled.paragraph.id)
        return row.slug if row else None

    def place(self, compiled: CompiledParagraph) -> str:
        """The paragraph on whose page the proposals stand: of a new one, the one that it follows."""
        return compiled.paragraph.id if compiled.paragraph.id in self.rows else compiled.paragraph.relation_to or ""


class One:
    """The page of one proposal: what it asks for, what the reader may do, its history."""

    def __init__(self, actor: Actor, row: ProposalRow) -> None:
        self.row = row
        self.card = cards(actor, [row])[0]
        group = GroupId(row.draft.group_id)
        role = role_in(actor, group)
        party = actor.party_id is not None and role in PARTY_ROLES
        openness = openness_of(row)
        live = row.state == rules.State.LIVE
        self.sponsors = standing(row)
        self.names = queries.names_in(current_language())
        self.mine = next((s for s in row.sponsors if s.party_id == actor.party_id and s.until is None), None)
        self.may_release = self.card.own and row.state == "draft" and can(actor, Action.PROPOSE, group, openness)
        writing = Action.DRAFT_PROPOSAL if row.state == "draft" else Action.PROPOSE
        self.may_revise = self.card.own and row.state in ("draft", "live") and can(actor, writing, group, openness)
        may_speak = party and can(actor, Action.TAKE_POSITION, group, openness)
        leads = row.party_id == actor.party_id
        sponsors = self.mine is not None and not self.mine.invited
        self.may_cosponsor = live and may_speak and not sponsors and not leads
        self.may_leave = live and may_speak and sponsors and not leads
        self.may_say = live and may_speak and not sponsors
        self.stance = next((s for s in row.stances if s.party_id == actor.party_id), None)
        self.may_readopt = row.state == "withdrawn" and party and can(actor, Action.PROPOSE, group, openness)
        self.at_desk = live and can(actor, Action.DECIDE_FATES, group, openness)
        self.behalf = list(actor.speaks_for.items()) if party else []
        self.codes = [(code.value, stance_label(code)) for code in rules.Code]
        self.steps = _steps(row, self.card.own)
        self.verdict = verdict_label(row.verdict) if row.verdict else ""
        stance = self.stance
        self.message = ""
        self.said: Mapping[str, str] = (
            {"stance": stance.code, "note": stance.note, "behalf": stance.on_behalf_of or ""} if stance else {}
        )
        """What the form of the stance shows: the present one, or what was sent and refused."""
        self.agreed = language.beside(row.text)[:1] if row.kind == ProposalKind.REVERT else []


PARTY_ROLES = ("head", "negotiator", "observer_state")


def _steps(row: ProposalRow, own: bool) -> list[dict[str, Any]]:
    """The wordings, newest first, each with what changed from the one before.

    What its delegation wrote before the release, and who wrote, the delegation alone sees.
    """
    steps: list[dict[str, Any]] = []
    before = None
    for wording in row.wordings:
        if not own and not was_released(row, wording):
            continue
        text = str(wording.content.get("text") or "\n\n".join(wording.content.get("parts") or []))  # type: ignore[arg-type]
        steps.append(
            {
                "cause": wording.cause,
                "at": wording.at,
                "by": wording.by if own and wording.cause != "carried" else "",
                "verdict": verdict_label(wording.verdict) if wording.verdict else "",
                "text": text,
                "ops": diff(before, text) if before is not None and before != text else None,
            }
        )
        before = text
    return steps[::-1]


# --- The desk ------------------------------------------------------------------------------------------------------


def desk_of(row: ProposalRow, rows: Sequence[VersionParagraph]) -> str:
    """The paragraph of the working copy at whose desk a proposal lies: what is to stand before all, at the first."""
    return row.paragraph or (rows[0].wid if rows else "")


class Desk:
    """One paragraph on the chair's desk."""

    def __init__(self, actor: Actor, line: texts.DraftLine, wid: str) -> None:
        assert line.working is not None
        self.message = ""
        self.unsaved: str | None = None
        self.refused = self.reason = self.why_not = ""
        """The proposal whose fate was refused, the reason that was typed for it, and why."""
        self.rows = texts.version_paragraphs(line.working.id)
        place = next((i for i, row in enumerate(self.rows) if row.wid == wid), None)
        if place is None:
            raise Invalid(_("The working copy has no such paragraph."), field="paragraph")
        self.row = self.rows[place]
        self.previous = self.rows[place - 1] if place else None
        self.next = self.rows[place + 1] if place + 1 < len(self.rows) else None
        self.live = queries.live_on(actor, line.newest) if line.newest else []
        base = texts.version_paragraphs(line.newest.id) if line.newest else []
        self.base = next((row for row in base if row.wid == wid), None)
        here = [row for row in self.live if desk_of(row, self.rows) == wid]
        self.counts = Counter(desk_of(row, self.rows) for row in self.live)
        self.changed = {row.wid for row in self.rows if row.text != {b.wid: b.text for b in base}.get(row.wid)}
        by_id = {card.id: card for card in cards(actor, here)}
        self.cards = list(by_id.values())
        groups = chair_desk.by_words(self.base.text if self.base else "", here)
        self.groups = [(group, [by_id[row.id] for row in group.proposals]) for group in groups]
        self.keys = {row.id: n for n, row in enumerate((r for g in groups for r in g.proposals), 1) if n < 10}
        self.compiled = self._compiled(actor, line, wid)
        self.ops = diff(self.base.text, self.row.text) if self.base else ()
        self.plans = chair_desk.plans(actor, line.draft, {row.id for row in here})
        self.names = {card.id: card.names for card in self.cards}
        self.stands = _stands(here)
        self.in_the_way = [
            (name, stance_label(code), note)
            for card in self.cards
            for name, code, note, stale in card.stances
            if code in rules.IN_THE_WAY and not stale
        ]
        self.agreed = language.beside(self.row.text)[:3]

    def _compiled(self, actor: Actor, line: texts.DraftLine, wid: str) -> CompiledParagraph | None:
        if line.newest is None:
            return None
        found = queries.compiled(actor, line.newest, current_language())
        return next((p for p in found.compilation if p.paragraph.id == wid), None)

    def plan_of(self, id_: str) -> str:
        return next((plan.fate for plan in self.plans if plan.row.id == id_), "")


def _stands(rows: list[ProposalRow]) -> list[tuple[str, list[tuple[str, str, list[str]]]]]:
    """Each proposal's number, with what was said of its words: (stance, its label, who)."""
    names = queries.names_in(current_language())
    found = []
    for row in rows:
        said = {"sponsor": list(sponsor_names(row, names))}
        for stance in row.stances:
            if stance.revision == row.revision:
                said.setdefault(stance.code, []).append(name_of(stance, names))
        found.append((row.label, [(code, stance_label(code), who) for code, who in said.items()]))
    return found
