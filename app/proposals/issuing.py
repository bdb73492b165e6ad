"""The table of fates in the form that issues a version: what stands in it, what it says, and what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from markupsafe import Markup

from app.core.rules import proposals as rules
from app.drafts import queries as texts
from app.drafts.extras import IssuePart
from app.drafts.models import Draft
from app.policy import Action, Actor, GroupId, can
from app.proposals import desk, pages, services
from app.proposals.desk import Planned
from app.proposals.pages import Card
from app.record import transaction

FATES = ("bracket", "reflected", "partly_reflected", "not_reflected", "overtaken")
ALL = "all"


@dataclass(frozen=True, slots=True)
class Line:
    """A proposal as the form has it: what was sent before what was planned, and that before what the words say."""

    plan: Planned
    card: Card
    fate: str
    reason: str
    said: bool
    """The chair has chosen, at the desk or in this form: it is no bare suggestion any more."""

    @property
    def missing(self) -> bool:
        """Not reflected needs a reason: its sponsors will read it."""
        return self.fate == rules.State.NOT_REFLECTED and not self.reason.strip()

    @property
    def decided(self) -> bool:
        return self.said and not self.missing

    @property
    def open(self) -> bool:
        """Does it ask for a look? What the words reflect already, or the chair has decided, does not."""
        return self.missing or (not self.said and self.fate != rules.State.REFLECTED)


@dataclass(frozen=True, slots=True)
class Group:
    """The proposals on one paragraph."""

    id: str
    label: str
    lines: tuple[Line, ...]

    @property
    def undecided(self) -> int:
        return sum(not line.decided for line in self.lines)


def groups(actor: Actor, draft: Draft, form: Mapping[str, str]) -> list[Group]:
    """In the order of the text; what stands at no paragraph of it first."""
    plans = desk.plans(actor, draft)
    cards = {card.id: card for card in pages.cards(actor, [plan.row for plan in plans])}
    by_place: dict[str, list[Line]] = {}
    for plan in plans:
        by_place.setdefault(plan.row.paragraph or "start", []).append(_line(plan, cards[plan.row.id], form))
    newest = texts.draft_line(actor, draft.id).newest
    order = {row.wid: place for place, row in enumerate(texts.version_paragraphs(newest.id))} if newest else {}
    places = sorted(by_place, key=lambda wid: order.get(wid, -1))
    return [Group(wid, by_place[wid][0].card.label, tuple(by_place[wid])) for wid in places]


def _line(plan: Planned, card: Card, form: Mapping[str, str]) -> Line:
    # What was chosen for words that are revised by now is asked anew.
    seen = form.get(f"revision-{card.id}", str(card.row.revision)) == str(card.row.revision)
    fate = form.get(f"fate-{card.id}", plan.fate) if seen else plan.fate
    reason = form.get(f"reason-{card.id}", plan.reason)
    changed = seen and (fate != plan.fate or f"said-{card.id}" in form)
    return Line(plan, card, fate, reason, not plan.suggested or changed)


def part(actor: Actor, draft: Draft) -> IssuePart | None:
    """The groups for the form, and their counts for the bar beside its button."""
    if not can(actor, Action.DECIDE_FATES, GroupId(draft.group_id), draft.group.openness):
        return None
    found = groups(actor, draft, request.form)
    if not found:
        return None
    total = sum(len(group.lines) for group in found)
    counts = {"total": total, "undecided": sum(group.undecided for group in found)}
    return IssuePart(
        Markup(render_template("proposals/_issue.html", groups=found, fates=FATES, sent=bool(request.form), **counts)),
        Markup(render_template("proposals/_issue_bar.html", **counts)),
    )


def keep(actor: Actor, draft: Draft, form: Mapping[str, str]) -> None:
    """Keep what the form says of one paragraph's proposals (`keep` names it; all) as the plan of the desk.

    What lacks its reason is left as it is: it stays among the undecided.
    """
    wanted = form.get("keep", "")
    with transaction():
        for group in groups(actor, draft, form):
            for line in group.lines if wanted in (group.id, ALL) else ():
                planned = (line.plan.row.planned, line.plan.row.planned_reason)
                if not line.missing and planned != (line.fate, line.reason):
                    services.plan(actor, line.card.id, line.fate, line.reason)


def read_fates(form: Mapping[str, str]) -> Mapping[str, Any]:
    """Proposal id to {fate, reason, revision}, as the form that issues a version says."""
    ids = [name.removeprefix("fate-") for name in form if name.startswith("fate-")]
    return {
        id_: {
            "fate": form[f"fate-{id_}"],
            "reason": form.get(f"reason-{id_}", ""),
            "revision": form.get(f"revision-{id_}"),
        }
        for id_ in ids
    }
