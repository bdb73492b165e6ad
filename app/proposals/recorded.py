"""Proposals in exports; and proposals that came in with a file, recorded under the names that it gives.

A recorded proposal has no party: it is no delegation's act, so nobody revises or withdraws it, and it counts as
nobody's position. The room sees it under its names, the desk says what becomes of it, and who wants it sponsors it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

from app.core.interchange import Asked, PastWording, Position, ProposalRecord, Sponsor
from app.core.interchange.fields import Fields
from app.core.interchange.json_form import asked_of, proposal_as_dict
from app.core.interchange.model import as_proposal as value_of
from app.core.interchange.model import fits
from app.core.markup import render
from app.core.rules import proposals as rules
from app.core.text import Paragraph
from app.core.text.applying import Layout
from app.core.text.rebasing import Rebased, Verdict, rebase_all
from app.drafts.interchange import sources
from app.drafts.models import Version
from app.drafts.queries import versions_of
from app.extensions import db
from app.groups.services import words
from app.policy import Actor
from app.proposals import carrying, queries
from app.proposals.models import ProposalRow, StanceRow, Wording
from app.proposals.models import Sponsor as SponsorRow
from app.proposals.views import RECORDED, is_stale, recorded_in, sponsor_names, standing, was_released
from app.record import Transaction, timestamp

CLASHES = (Verdict.CONFLICTING, Verdict.OVERTAKEN)
GONE = "Its paragraph is not in the text on which it was made."


def register() -> None:
    if records_on not in sources.proposals:
        sources.proposals.append(records_on)
        sources.takers.append(take)


# --- Out -----------------------------------------------------------------------------------------------------------


def records_on(actor: Actor, version: Version) -> list[ProposalRecord]:
    """The proposals that are, or stood, open on a version and that the actor may see; never a delegation's drafts."""
    if not version.issued:
        return []
    rows = queries.open_on(actor, version)
    names = queries.names_in("en")
    labels = {one.id: one.label for one in versions_of(actor, version.draft_id)}
    return [_record(row, version, names, labels) for row in rows]


def _record(row: ProposalRow, version: Version, names: dict[str, str], labels: dict[int, str]) -> ProposalRecord:
    released = [wording for wording in row.wordings if was_released(row, wording)]
    here = next(wording for wording in reversed(released) if wording.version_id == version.id)
    told = recorded_in(row)
    at = row.released_at
    return ProposalRecord(
        id=row.id,
        number=row.label,
        asked=_asked(here),
        made_on=told.made_on if told and told.made_on else labels.get(row.made_on_id, ""),
        released_at=told.released_at if told and told.released_at else timestamp(at) if at else None,
        revision=row.revision,
        rationale=row.rationale,
        conditions=row.conditions,
        office=None if told else row.office,
        recorded=told is not None,
        clashes=here.verdict in CLASHES,
        sponsors=_sponsors(row, names, told),
        positions=_positions(row, names, told, here),
        wordings=(*(told.wordings if told else ()), *(_past(wording, labels) for wording in released)),
    )


def _past(wording: Wording, labels: dict[int, str]) -> PastWording:
    return PastWording(
        revision=wording.revision,
        version=labels.get(wording.version_id, ""),
        cause=wording.cause,
        asked=_asked(wording),
        verdict=wording.verdict,
        at=timestamp(wording.at),
    )


def _asked(wording: Wording) -> Asked:
    return asked_of(Fields(dict(wording.content), "a wording"))


def _sponsors(row: ProposalRow, names: dict[str, str], told: ProposalRecord | None) -> tuple[Sponsor, ...]:
    found = tuple(
        Sponsor(_name(one, names), one.party.code, one.on_behalf_of, timestamp(one.since)) for one in standing(row)
    )
    if row.party_id is not None:
        return found
    return (*(told.sponsors if told else [Sponsor(sponsor_names(row, names)[0])]), *found)


def _positions(
    row: ProposalRow, names: dict[str, str], told: ProposalRecord | None, here: Wording
) -> tuple[Position, ...]:
    found = tuple(
        Position(
            name=_name(one, names),
            stance=one.code,
            party=one.party.code,
            on_behalf_of=one.on_behalf_of,
            note=one.note,
            stale=is_stale(row, one, here),
            verb=rules.PRINTED.get(rules.Code(one.code), ""),
        )
        for one in row.stances
    )
    return (*told.positions, *found) if told else found


def _name(one: SponsorRow | StanceRow, names: dict[str, str]) -> str:
    return names.get(one.party.code, one.party.short["en"])


# --- In ------------------------------------------------------------------------------------------------------------


def take(
    tx: Transaction, actor: Actor, issued: Version, old: Sequence[Paragraph], records: Sequence[ProposalRecord]
) -> None:
    """Let recorded proposals stand on the first version, carried from the text as it came in."""
    by = words.signed(actor, issued.draft.group_id)
    for number, (record, carried) in enumerate(zip(records, _carried(records, old, issued), strict=True), 1):
        row = _row(tx, by, issued, record, number, carried)
        db.session.add(row)
        db.session.flush()
        carrying.keep_wording(row, "recorded", tx, actor)
        row.wordings[-1].verdict = row.verdict if row.verdict in CLASHES else None
        data = {"proposal": row.id, "label": row.label, "version": str(issued.id)}
        tx.append(row.channel, "proposal.recorded", by, data | {"said": proposal_as_dict(record)})


def _carried(records: Sequence[ProposalRecord], old: Sequence[Paragraph], issued: Version) -> list[Rebased]:
    """Each on the words of the version; what speaks of no paragraph of the text came too late for it."""
    values = [value_of(record, place) for place, record in enumerate(records)]
    layout = Layout(old)
    there = [value for value in values if fits(value, layout)]
    found = dict(zip((value.id for value in there), rebase_all(old, carrying.texts_of(issued.id), there), strict=True))
    return [found.get(value.id) or Rebased(Verdict.OVERTAKEN, value, GONE) for value in values]


def _row(
    tx: Transaction, by: dict[str, Any], issued: Version, record: ProposalRecord, number: int, carried: Rebased
) -> ProposalRow:
    asked = carried.proposal
    verdict = Verdict.CONFLICTING if record.clashes and carried.verdict not in CLASHES else carried.verdict
    return ProposalRow(
        draft=issued.draft,
        number=number,
        made_on_id=issued.id,
        base_id=issued.id,
        anchor_id=issued.id,
        state=rules.State.LIVE,
        revision=1,
        kind=str(asked.kind),
        paragraph=asked.paragraph,
        after=asked.after,
        others=list(asked.others),
        parts=list(asked.parts),
        text=asked.text,
        new_kind=str(asked.new_kind) if asked.new_kind else None,
        new_level=asked.new_level,
        rationale=record.rationale,
        rationale_html=render(record.rationale) if record.rationale else "",
        conditions=record.conditions,
        verdict=str(verdict),
        verdict_detail=carried.detail[:400],
        office=RECORDED,
        author_id=int(by["user"]),
        actor=cast(Any, {**by, "recorded": proposal_as_dict(record)}),
        created_at=tx.now,
        released_at=tx.now + timedelta(microseconds=number),  # in the order in which they came
    )
