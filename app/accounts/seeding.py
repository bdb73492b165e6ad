"""Brings the table of parties in step with the reference data: States, organisations, groups of States."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, select

import app.accounts.reference as reference
from app.accounts.models import Party, StateGroup, StateGroupMember
from app.extensions import db
from app.policy import PartyKind
from app.record import transaction


def seed_parties() -> int:
    """Add what is missing and correct what changed. Idempotent. Returns the number of parties."""
    with transaction():
        known = {party.code: party for party in db.session.scalars(select(Party))}
        records: list[reference.StateRecord | reference.OrganisationRecord]
        records = [*reference.states(), *reference.organisations()]
        for record in records:
            party = known.get(record.code)
            if party is None:
                party = known[record.code] = Party(code=record.code)
                db.session.add(party)
            party.kind = PartyKind(record.kind)
            party.region = getattr(record, "region", None)
            party.short, party.formal = dict(record.short), dict(record.formal)
        db.session.flush()
        _seed_groups({code: party.id for code, party in known.items()})
        return len(known)


def ensure_parties() -> None:
    """Seed a database that has no parties yet."""
    if not db.session.scalar(select(func.count()).select_from(Party)):
        seed_parties()


def _seed_groups(party_ids: dict[str, int]) -> None:
    groups = {group.code: group for group in db.session.scalars(select(StateGroup))}
    for record in reference.state_groups():
        group = groups.get(record.code)
        if group is None:
            group = StateGroup(code=record.code, kind=record.kind, short={})
            db.session.add(group)
        group.kind, group.short = record.kind, dict(record.short)
        db.session.flush()
        _seed_members(group, record, party_ids)


def _seed_members(group: StateGroup, record: Any, party_ids: dict[str, int]) -> None:
    rows = db.session.scalars(select(StateGroupMember).where(StateGroupMember.state_group_id == group.id))
    known = {(row.party_id, row.since): row for row in rows}
    for member in record.members:
        since, until = _date(member.since), _date(member.until)
        row = known.get((party_ids[member.code], since))
        if row is None:
            row = StateGroupMember(state_group_id=group.id, party_id=party_ids[member.code], since=since)
            db.session.add(row)
        row.until = until


def _date(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
