"""Proposals as the text core knows them, and as the API and the record tell of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.core.interchange import Position, ProposalRecord
from app.core.interchange import Sponsor as RecordedSponsor
from app.core.interchange.fields import Fields
from app.core.interchange.json_form import proposal_of
from app.core.rules import proposals as rules
from app.core.text import Kind, ParagraphId
from app.core.text.proposals import Proposal, ProposalKind, Stance
from app.proposals.models import ProposalRow, Sponsor, StanceRow, Wording
from app.record import timestamp

Names = Mapping[str, str]
"""Codes of parties, and English names of groups of States, to the names that the reader sees."""


RECORDED = "recorded"
"""The `office` of a proposal that came in with a file: it stands under the names that the file gives."""


def recorded_in(row: ProposalRow) -> ProposalRecord | None:
    """What the file said, of a proposal that came in with one."""
    if row.office != RECORDED:
        return None
    said: Any = row.actor
    return proposal_of(Fields(said["recorded"], "a recorded proposal"))


def as_proposal(row: ProposalRow, names: Names | None = None, wording: Wording | None = None) -> Proposal:
    """The value of the text core. `wording` is an earlier one; default: what it asks for now."""
    asked: Mapping[str, Any] = (
        wording.content
        if wording
        else {
            name: getattr(row, name)
            for name in ("kind", "paragraph", "text", "after", "others", "parts", "new_kind", "new_level")
        }
    )
    names = names or {}
    return Proposal(
        id=row.id,
        kind=ProposalKind(asked["kind"]),
        paragraph=_identity(asked["paragraph"]),
        text=asked["text"],
        names=sponsor_names(row, names),
        stances=_printed_stances(row, names, wording, asked["text"]),
        after=_identity(asked["after"]),
        others=tuple(ParagraphId(other) for other in asked["others"] or ()),
        parts=tuple(asked["parts"] or ()),
        new_kind=Kind(asked["new_kind"]) if asked["new_kind"] else None,
        new_level=asked["new_level"] or 0,
        order=int(row.released_at.timestamp() * 1000) if row.released_at else 0,
    )


def is_stale(row: ProposalRow, stance: StanceRow, wording: Wording | None = None) -> bool:
    """Was it said of other words than those of the wording; default: than those of now?

    What is said of the same words on a later version was carried along with them, and still speaks of them here.
    """
    revision = wording.revision if wording else row.revision
    if wording is None or stance.revision <= revision:
        return stance.revision != revision
    spoken = next(one for one in row.wordings if one.revision == stance.revision)
    return any(spoken.content[name] != wording.content[name] for name in ("text", "parts"))


def _printed_stances(row: ProposalRow, names: Names, wording: Wording | None, text: str) -> tuple[Stance, ...]:
    found = tuple(
        Stance(name_of(stance, names), rules.PRINTED[rules.Code(stance.code)])
        for stance in row.stances
        if stance.code in rules.PRINTED and not is_stale(row, stance, wording)
    )
    told = recorded_in(row)
    if told is None or told.asked.text != text:  # what was said of other words is stale
        return found
    return (*(Stance(_called(one, names), one.verb) for one in told.positions if one.verb and not one.stale), *found)


def _called(said: RecordedSponsor | Position, names: Names) -> str:
    """The name that a file gives, in the reader's language where it is one that we know."""
    if said.on_behalf_of:
        return names.get(said.on_behalf_of, said.on_behalf_of)
    return names.get(said.party or "", said.name)


def _identity(wid: str | None) -> ParagraphId | None:
    return ParagraphId(wid) if wid else None


def name_of(said: Sponsor | StanceRow, names: Names) -> str:
    """In whose name: the group of States where one is spoken for, else the party."""
    if said.on_behalf_of:
        return names.get(said.on_behalf_of, said.on_behalf_of)
    return names.get(said.party.code, said.party.short["en"])


def was_released(row: ProposalRow, wording: Wording) -> bool:
    """Was it ever seen outside? Of what a delegation wrote before it released a proposal, only the last wording was.

    `queries.seen_outside` asks the same of the database.
    """
    released = row.released_at
    if released is None:
        return False
    return not any(other.revision > wording.revision and other.at < released for other in row.wordings)


def standing(row: ProposalRow) -> list[Sponsor]:
    """Who stands behind the proposal now, the lead first."""
    found = (sponsor for sponsor in row.sponsors if not sponsor.invited and sponsor.until is None)
    return sorted(found, key=lambda sponsor: sponsor.place)


def sponsor_names(row: ProposalRow, names: Names) -> tuple[str, ...]:
    """Of a text without a party, first the names of its file or its office; then who stands behind it all the same."""
    first: list[str] = []
    if (told := recorded_in(row)) is not None:
        first = [_called(sponsor, names) for sponsor in told.sponsors]
    elif row.party_id is None:
        first = [names.get(row.office or "chair", "Chair" if row.office != "facilitator" else "Facilitator")]
    return tuple(dict.fromkeys([*first, *(name_of(sponsor, names) for sponsor in standing(row))]))


def as_dict(
    row: ProposalRow, names: Names, *, label: str | None, ops: list[dict[str, str]], party: int | None = None
) -> dict[str, Any]:
    """A proposal as the API tells it. `label` is that of its paragraph, `ops` leads from the base to its words.

    `party` is the reader's: whom the lead asked to sponsor is known to the lead, and to each that was asked.
    """
    return {
        "id": row.id,
        "number": row.label or None,
        "state": row.state,
        "kind": row.kind,
        "draft": str(row.draft_id),
        "made_on": str(row.made_on_id),
        "base": str(row.base_id),
        "paragraph": row.paragraph,
        "label": label,
        "text": row.text,
        "after": row.after,
        "others": list(row.others or []),
        "parts": list(row.parts or []),
        "ops": ops,
        "rationale": row.rationale,
        "rationale_html": row.rationale_html,
        "conditions": row.conditions,
        "on_behalf_of": row.on_behalf_of,
        "actor": {name: value for name, value in row.actor.items() if name != "recorded"},
        "recorded": row.office == RECORDED,
        "sponsors": [_sponsor(sponsor, names) for sponsor in standing(row)],
        "invited": [
            sponsor.party.code
            for sponsor in row.sponsors
            if sponsor.invited and party is not None and party in (row.party_id, sponsor.party_id)
        ],
        "positions": [_stance(stance, names, row.revision) for stance in row.stances],
        "verdict": row.verdict,
        "verdict_detail": row.verdict_detail,
        "revision": row.revision,
        "fate": {
            "state": row.state,
            "reason": row.fate_reason,
            "version": str(row.fate_version_id) if row.fate_version_id else None,
        }
        if row.state in rules.FATE_STATES
        else None,
        "made_in": row.made_in,
        "released_at": timestamp(row.released_at) if row.released_at else None,
    }


def _sponsor(sponsor: Sponsor, names: Names) -> dict[str, Any]:
    return {
        "party": sponsor.party.code,
        "name": names.get(sponsor.party.code, sponsor.party.short["en"]),
        "lead": sponsor.place == 0,
        "on_behalf_of": sponsor.on_behalf_of,
        "since": timestamp(sponsor.since),
    }


def _stance(stance: StanceRow, names: Names, revision: int) -> dict[str, Any]:
    return {
        "party": stance.party.code,
        "name": names.get(stance.party.code, stance.party.short["en"]),
        "stance": stance.code,
        "on_behalf_of": stance.on_behalf_of,
        "note": stance.note,
        "stale": stance.revision != revision,
        "at": timestamp(stance.at),
    }
