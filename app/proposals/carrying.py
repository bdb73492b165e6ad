"""When a version is issued: what became of each proposal, and how those that live on are carried to the new words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.core.rules import proposals as rules
from app.core.text import Paragraph
from app.core.text.fates import Suggestion, suggest_fates
from app.core.text.rebasing import Rebased, Verdict, rebase, rebase_all
from app.core.text.wordmap import Maps
from app.drafts.models import Version
from app.drafts.queries import version_paragraphs
from app.drafts.views import as_paragraph
from app.errors import Conflict, Invalid
from app.extensions import db
from app.policy import Actor, GroupId, envelope_actor, role_in
from app.proposals.models import ProposalRow, Wording
from app.proposals.views import as_proposal
from app.record import Transaction
from app.record.transactions import Said

REASON_LIMIT = 2_000
PLAIN = (rules.State.REFLECTED, rules.State.OVERTAKEN)
"""What the words may say of themselves. Whether something is partly reflected is for the chair to say."""


def settle(tx: Transaction, actor: Actor, issued: Version, fates: Mapping[str, Any]) -> None:
    """Part of the act of issuing. `fates` is {proposal id: {fate, reason}}, as the chair confirmed them; with a
    `revision`, of the words of that revision: Conflict where its sponsor revised it in between.

    Where the chair said nothing of a proposal, what the desk planned for it counts; else the words themselves say
    whether it is reflected or overtaken. What is none of these lives on, on the new version, with the
    verdict of its rebase. Drafts inside delegations are carried in silence.
    """
    if issued.based_on_id is None:
        return
    query = (
        select(ProposalRow)
        .options(selectinload(ProposalRow.wordings))
        .where(ProposalRow.base_id == issued.based_on_id, ProposalRow.state.in_((rules.State.LIVE, rules.State.DRAFT)))
        # Whoever revises or withdraws one in this moment comes before the issue, or after it.
        .with_for_update(key_share=True, of=ProposalRow)
        .execution_options(populate_existing=True)
    )
    rows = sorted(db.session.scalars(query), key=lambda row: (row.released_at is None, row.released_at, row.id))
    unknown = set(fates) - {row.id for row in rows if row.state == rules.State.LIVE}
    if unknown:
        raise Invalid(_("A fate was given to a proposal that is not open on this text."), field="fates")
    became = _became(rows, issued)
    said: dict[str, list[Said]] = defaultdict(list)
    for row in rows:
        suggestion, rebased = became[row.id]
        act, reason = _fate(row, fates.get(row.id), str(suggestion.fate))
        if act is not None and row.state == rules.State.LIVE:
            said[row.channel].append(_end(tx, actor, row, act, reason, issued))
        else:
            said[row.channel] += _move(tx, actor, row, issued, rebased)
    # Two thousand proposals are written at once: one by one, each event would flush the row before it.
    for channel, events in said.items():
        tx.append_all(channel, events)


def _became(rows: Sequence[ProposalRow], issued: Version) -> dict[str, tuple[Suggestion, Rebased]]:
    """What the new text did with each, seen from the words for which it was made."""
    new = texts_of(issued.id)
    found: dict[str, tuple[Suggestion, Rebased]] = {}
    for anchor in dict.fromkeys(row.anchor_id for row in rows):
        here = [row for row in rows if row.anchor_id == anchor]
        old, values = texts_of(anchor), [as_proposal(row) for row in here]
        maps = Maps.between(old, new)  # both ask what each proposal changes
        pairs = zip(suggest_fates(old, new, values, maps), rebase_all(old, new, values, maps), strict=True)
        found |= dict(zip((row.id for row in here), pairs, strict=True))
    return found


def texts_of(version_id: int) -> list[Paragraph]:
    return [as_paragraph(row) for row in version_paragraphs(version_id)]


def _fate(row: ProposalRow, said: Any, suggested: str) -> tuple[rules.Act | None, str]:
    if isinstance(said, Mapping) and said.get("fate"):
        if said.get("revision") is not None and str(said["revision"]) != str(row.revision):
            changed = _("The words that this question was about have changed. Reload the page.")
            raise Conflict(f"{row.label}: {changed}", field="fates")
        return act_of(said["fate"]), str(said.get("reason") or "")
    if row.planned:
        return (None, "") if row.planned == "bracket" else (act_of(row.planned), row.planned_reason)
    if suggested not in PLAIN:
        return None, ""
    return act_of(suggested), ""


def act_of(fate: Any) -> rules.Act | None:
    """The act that gives this fate; None for keeping the proposal open."""
    if fate in ("open", "bracket", "carry"):
        return None
    for act, state in rules.FATES.items():
        if fate == state:
            return act
    raise Invalid(_("A fate is one of: %(fates)s.", fates=", ".join(sorted(rules.FATE_STATES))), field="fate")


def end(tx: Transaction, actor: Actor, row: ProposalRow, act: rules.Act, reason: str, version: Version) -> None:
    """Give a live proposal its fate. Not reflected needs a reason: its sponsors will read it."""
    tx.append(row.channel, *_end(tx, actor, row, act, reason, version))


def _end(tx: Transaction, actor: Actor, row: ProposalRow, act: rules.Act, reason: str, version: Version) -> Said:
    reason = " ".join(reason.split())
    if len(reason) > REASON_LIMIT:
        raise Invalid(_("A reason has at most %(number)s characters.", number=REASON_LIMIT), field="reason")
    if act is rules.Act.LEAVE and not reason:
        raise Invalid(
            _("Say why %(label)s is not reflected: its sponsors will read it.", label=row.label), field="reason"
        )
    row.state = rules.FATES[act]
    row.fate_reason, row.fate_version_id, row.ended_at = reason, version.id, tx.now
    row.planned, row.planned_reason = None, ""
    data = {"proposal": row.id, "label": row.label, "fate": row.state, "reason": reason, "version": str(version.id)}
    return "proposal.ended", _office(actor, row), data


def carry(tx: Transaction, actor: Actor, row: ProposalRow, to: Version) -> None:
    """Carry a proposal to another version: its words are merged with the new ones, or kept for a person to look at."""
    rebased = rebase(texts_of(row.anchor_id), texts_of(to.id), as_proposal(row))
    tx.append_all(row.channel, _move(tx, actor, row, to, rebased))


def _move(tx: Transaction, actor: Actor, row: ProposalRow, to: Version, rebased: Rebased) -> list[Said]:
    """Put the proposal on the other version. Returns what the room is told: nothing of a draft."""
    asked = rebased.proposal
    same = (row.text, row.parts) == (asked.text, list(asked.parts))
    if rebased.verdict in (Verdict.CLEAN, Verdict.ADJACENT):
        row.anchor_id = to.id
    row.base_id, row.verdict, row.verdict_detail = to.id, str(rebased.verdict), rebased.detail[:400]
    row.kind, row.text, row.paragraph, row.after = str(asked.kind), asked.text, asked.paragraph, asked.after
    row.others, row.parts = list(asked.others), list(asked.parts)
    row.planned, row.planned_reason = None, ""
    row.revision += 1
    if same:
        # What was said of these words still holds: they have not changed.
        for stance in row.stances:
            stance.revision += stance.revision == row.revision - 1
    keep_wording(row, "carried", tx, actor)
    if row.state != rules.State.LIVE:
        return []
    data = {"proposal": row.id, "label": row.label, "version": str(to.id), "verdict": row.verdict, "text": row.text}
    return [("proposal.carried", _office(actor, row), data)]


def keep_wording(row: ProposalRow, cause: str, tx: Transaction, actor: Actor) -> None:
    """Write down what the proposal asks for now: its history is never rewritten."""
    names = ("kind", "paragraph", "after", "others", "parts", "text", "new_kind", "new_level")
    row.wordings.append(
        Wording(
            revision=row.revision,
            version_id=row.base_id,
            cause=cause,
            content={name: getattr(row, name) for name in names},
            verdict=row.verdict if cause == "carried" else None,
            at=max(tx.now, row.released_at or tx.now),
            by=actor.name,
        )
    )


def _office(actor: Actor, row: ProposalRow) -> dict[str, Any]:
    return envelope_actor(actor, role_in(actor, GroupId(row.draft.group_id)))
