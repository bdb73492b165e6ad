"""The chair's desk: proposals grouped by the words that they touch, taken over into the working copy or left."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from app.core.rules import proposals as rules
from app.core.text import Change, Paragraph, diff
from app.core.text.fates import suggest_fates
from app.core.text.proposals import WORDING, Proposal, ProposalKind
from app.core.text.rebasing import Detail, Verdict, rebase
from app.drafts import queries as texts
from app.drafts import services as drafts
from app.drafts.models import Draft, Version
from app.drafts.views import as_paragraph
from app.errors import Closed, Conflict
from app.policy import Action, Actor, GroupId, require
from app.proposals import carrying, queries, services
from app.proposals.models import ProposalRow
from app.proposals.views import as_proposal
from app.record import transaction

Span = tuple[int, int]
PLACE = "[placeholder]"
"""The words of a paragraph whose own are still to come, whoever takes it over in whatever language."""


@dataclass(frozen=True, slots=True)
class Touching:
    """Proposals that touch the same words of a paragraph. `words` is empty where they ask for something else."""

    words: str
    after: str
    """Where they only insert: the word before the place."""
    proposals: tuple[ProposalRow, ...]


def by_words(base: str, proposals: Sequence[ProposalRow]) -> list[Touching]:
    """Group the proposals on one paragraph by the words that they touch, in the order of the text."""
    groups: list[tuple[Span, list[ProposalRow]]] = []
    for begin, end, row in sorted(((*_touched(base, row), row) for row in proposals), key=lambda found: found[:2]):
        if groups and begin < max(groups[-1][0][1], groups[-1][0][0] + 1):
            span, rows = groups[-1]
            groups[-1] = ((span[0], max(span[1], end)), [*rows, row])
        else:
            groups.append(((begin, end), [row]))
    return [_touching(base, span, rows) for span, rows in groups]


def _touched(base: str, row: ProposalRow) -> Span:
    """From the first to the last character of the base that the proposal changes.

    The end, where it is about more, or came in with a file and asks for the words that stand there.
    """
    if row.kind not in WORDING or not row.settled or row.text == base:
        return len(base) + 1, len(base) + 1
    at, spans = 0, []
    for op in diff(base, row.text):
        if op.kind is Change.INSERT:
            spans.append((at, at))
        else:
            if op.kind is Change.DELETE:
                spans.append((at, at + len(op.text)))
            at += len(op.text)
    return spans[0][0], max(end for _begin, end in spans)


def _touching(base: str, span: Span, rows: list[ProposalRow]) -> Touching:
    words = base[slice(*span)].strip()
    before = base[: span[0]].split()
    return Touching(words, "" if words or span[0] > len(base) else before[-1] if before else "", tuple(rows))


def take(actor: Actor, proposal_id: str) -> ProposalRow:
    """Put what a proposal asks for into the working copy, by a three-way merge, and plan it as reflected.

    Raises Conflict where its words clash with what the working copy says by now, or what it is about is gone: a
    person must join the two, or say another fate.
    """
    with transaction():
        row = services.plan(actor, proposal_id, rules.State.REFLECTED)
        line = texts.draft_line(actor, row.draft_id)
        if line.working is None:
            raise Closed(_("Only who holds the pen can take a proposal over."))
        base = carrying.texts_of(row.anchor_id)
        rebased = rebase(base, _as_kept(line.working), as_proposal(row))
        if rebased.verdict is Verdict.CONFLICTING:
            raise Conflict(
                _("Its words clash with the working copy. Join the two below: %(why)s", why=_(rebased.detail)),
                field="text",
            )
        if rebased.verdict is Verdict.OVERTAKEN and rebased.detail != Detail.THERE:
            raise Conflict(_("It cannot be taken over: %(why)s", why=_(rebased.detail)), field="text")
        if rebased.verdict is not Verdict.OVERTAKEN:
            asked = rebased.proposal
            _APPLY.get(asked.kind, _nothing)(actor, line.working, row, asked)
        return row


def _as_kept(working: Version) -> list[Paragraph]:
    return [as_paragraph(row) for row in working.paragraphs if not row.deleted]


def _edit(actor: Actor, working: Version, wid: str, text: str) -> None:
    there = next(p for p in working.paragraphs if p.wid == wid)
    drafts.edit_paragraph(actor, working.id, wid, text, there.revision)


def _words(actor: Actor, working: Version, row: ProposalRow, asked: Proposal) -> None:
    assert asked.paragraph is not None
    _edit(actor, working, asked.paragraph, asked.text)


def _new(actor: Actor, working: Version, row: ProposalRow, asked: Proposal) -> None:
    relation = "alternative_to" if row.kind == ProposalKind.ALTERNATIVE else "inserted_after"
    text = asked.text or PLACE
    drafts.insert_paragraph(
        actor,
        working.id,
        asked.paragraph,
        text,
        relation=relation,
        kind=row.new_kind,
        level=row.new_level,
    )


def _suppress(actor: Actor, working: Version, row: ProposalRow, asked: Proposal) -> None:
    assert asked.paragraph is not None
    drafts.delete_paragraph(actor, working.id, asked.paragraph)


def _move(actor: Actor, working: Version, row: ProposalRow, asked: Proposal) -> None:
    assert asked.paragraph is not None
    drafts.move_paragraph(actor, working.id, asked.paragraph, asked.after)


def _merge(actor: Actor, working: Version, row: ProposalRow, asked: Proposal) -> None:
    assert asked.paragraph is not None
    _edit(actor, working, asked.paragraph, asked.text)
    for other in asked.others:
        drafts.delete_paragraph(actor, working.id, other)


def _split(actor: Actor, working: Version, row: ProposalRow, asked: Proposal) -> None:
    assert asked.paragraph is not None
    first, *rest = asked.parts
    _edit(actor, working, asked.paragraph, first)
    after: str = asked.paragraph
    for part in rest:
        after = drafts.insert_paragraph(actor, working.id, after, part, cut=True).wid


def _nothing(actor: Actor, working: Version, row: ProposalRow, asked: Proposal) -> None:
    """Retain asks for nothing: the words stay."""


_APPLY = {
    **dict.fromkeys(WORDING, _words),
    ProposalKind.NEW_PARAGRAPH: _new,
    ProposalKind.ALTERNATIVE: _new,
    ProposalKind.PLACEHOLDER: _new,
    ProposalKind.SUPPRESS: _suppress,
    ProposalKind.MOVE: _move,
    ProposalKind.MERGE: _merge,
    ProposalKind.SPLIT: _split,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the meeting decided of a proposal, in words for the desk. What follows from it the chair says."""

    words: str
    rejected: bool
    reason: str
    """Why it is not reflected, if its sponsors may read that; else the chair finds other words."""


Outcomes = Callable[[Sequence[ProposalRow]], Mapping[str, Outcome]]
outcomes: list[Outcomes] = []
"""A feature above proposals that decides on them registers here how it did: proposal id to outcome."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What shall become of a proposal with the next version.

    `suggested` says that nobody planned it yet: the words say so, or what the meeting decided, which `outcome` names.
    """

    row: ProposalRow
    fate: str
    reason: str
    suggested: bool
    outcome: str = ""


def plans(actor: Actor, draft: Draft, among: Collection[str] | None = None) -> list[Planned]:
    """The table of fates as it stands, for who holds the pen: planned at the desk, else read from the words.

    `among` narrows it to some ids.
    """
    line = texts.draft_line(actor, draft.id)
    if line.working is None or line.newest is None:
        return []
    require(actor, Action.DECIDE_FATES, GroupId(draft.group_id), draft.group.openness)
    working = _as_kept(line.working)
    rows = [row for row in queries.live_on(actor, line.newest) if among is None or row.id in among]
    bases = {anchor: carrying.texts_of(anchor) for anchor in {row.anchor_id for row in rows}}
    fates: dict[str, str] = {}
    for anchor, base in bases.items():
        here = [row for row in rows if row.anchor_id == anchor]
        suggested = suggest_fates(base, working, [as_proposal(row) for row in here])
        fates |= {row.id: str(found.fate) for row, found in zip(here, suggested, strict=True)}
    decided = {id_: outcome for told in outcomes for id_, outcome in told(rows).items()}
    return [_plan(row, fates[row.id], decided.get(row.id)) for row in rows]


def _plan(row: ProposalRow, fate: str, decided: Outcome | None) -> Planned:
    """What was adopted is reflected once its words are in the working copy, and not before: the chair takes them."""
    words = decided.words if decided else ""
    if row.planned:
        return Planned(row, row.planned, row.planned_reason, False, words)
    if decided and decided.rejected:
        return Planned(row, rules.State.NOT_REFLECTED, decided.reason, True, words)
    return Planned(row, "bracket" if fate == rules.State.NOT_REFLECTED else fate, "", True, words)
