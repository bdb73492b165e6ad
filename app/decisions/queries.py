"""Reads of decisions: each belongs to a segment of a session, and is read by whoever may read that segment."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, lazyload, selectinload

from app.core.rules import decisions as rules
from app.core.rules import proposals as proposed
from app.core.rules.sessions import is_wider
from app.decisions.models import Ballot, DecisionRow, DecisionStatement
from app.drafts.models import Draft, Version
from app.errors import NotFound
from app.extensions import db
from app.live.models import LiveSession
from app.live.queries import heard, may_be_present, may_hear, may_read
from app.live.segments import channel_now, channel_of, openness_now
from app.policy import Actor
from app.proposals import queries as proposals
from app.proposals.models import ProposalRow
from app.record import timestamp


def may_see(actor: Actor, row: DecisionRow) -> bool:
    """May `actor` read the segment in which the decision is taken?"""
    return may_read(actor, row.session) and may_hear(actor, row.session, row.openness)


def get_decision(actor: Actor, decision_id: str) -> DecisionRow:
    """Raises NotFound, also for a decision of which the actor must not know."""
    row = db.session.scalar(_with_all().where(DecisionRow.id == decision_id))
    if row is None or not may_see(actor, row):
        raise NotFound(_("This decision was not found, or is not open to you."))
    return row


def decisions_of(actor: Actor, session: LiveSession) -> list[DecisionRow]:
    """The decisions of a session that the actor may read, in their order."""
    channels = [channel_of(session, word) for word in heard(actor, session)]
    query = _with_all().where(DecisionRow.session_id == session.id, DecisionRow.channel.in_(channels))
    return list(db.session.scalars(query.order_by(DecisionRow.proposed_at, DecisionRow.channel, DecisionRow.number)))


def current(actor: Actor, session: LiveSession) -> list[DecisionRow]:
    """What the room has before it: a vote that goes on and nothing else; or what was proposed last and what was
    decided last, the newer of both first."""
    if not may_be_present(actor, session):
        return []
    if (voting := _newest(session, rules.VOTING, DecisionRow.number)) is not None:
        return [voting]
    pending = _newest(session, rules.PENDING, DecisionRow.number)
    decided = _newest(session, rules.DECIDED, DecisionRow.decided_at)
    found = [row for row in (pending, decided) if row is not None]
    return sorted(found, key=lambda row: row.decided_at or row.proposed_at, reverse=True)


def _newest(session: LiveSession, states: Collection[str], order: Any) -> DecisionRow | None:
    of_segment = _with_all().where(DecisionRow.channel == channel_now(session), DecisionRow.state.in_(states))
    found: DecisionRow | None = db.session.scalar(of_segment.order_by(order.desc()).limit(1))
    return found


def is_voted_on(draft_id: int) -> bool:
    """Is there a vote on a version of this text, or on what is proposed on one, that was not announced yet?"""
    query = select(DecisionRow.id).join(Version, DecisionRow.version_id == Version.id)
    query = query.where(Version.draft_id == draft_id, DecisionRow.state.in_(rules.VOTING))
    return db.session.scalar(query.limit(1)) is not None


def amendments(actor: Actor, session: LiveSession) -> list[ProposalRow]:
    """The open proposals on the text on the table that everybody in the room may read, without who stands behind them.

    There may be two thousand: only what names them is read.
    """
    query = (
        select(ProposalRow)
        .where(ProposalRow.base_id == session.version_id, ProposalRow.state == proposed.State.LIVE)
        .options(
            joinedload(ProposalRow.draft).joinedload(Draft.group),
            *(lazyload(each) for each in (ProposalRow.party, ProposalRow.sponsors, ProposalRow.stances)),
        )
        .order_by(ProposalRow.openness, ProposalRow.number)
    )
    room = openness_now(session)
    rows = db.session.scalars(query)
    return [row for row in rows if proposals.may_see(actor, row) and not is_wider(room, proposals.openness_of(row))]


def is_put_to_vote(proposal_id: str) -> bool:
    """Is there a vote on this proposal that was not announced yet?"""
    query = select(DecisionRow.id).where(
        DecisionRow.target == f"proposal:{proposal_id}", DecisionRow.state.in_(rules.VOTING)
    )
    return db.session.scalar(query.limit(1)) is not None


def decided_on(proposed_ids: Collection[str]) -> dict[str, DecisionRow]:
    """Proposal to the decision that was taken last on it. It asks no right."""
    targets = [f"proposal:{id_}" for id_ in proposed_ids]
    query = select(DecisionRow).where(DecisionRow.target.in_(targets), DecisionRow.state.in_(rules.DECIDED))
    rows = db.session.scalars(query.options(joinedload(DecisionRow.session)).order_by(DecisionRow.decided_at))
    return {row.target.removeprefix("proposal:"): row for row in rows}


def voted(decision_id: str) -> set[str]:
    """The parties that have voted: no more than that until the result is announced."""
    return set(db.session.scalars(select(Ballot.party).where(Ballot.decision_id == decision_id)))


def choices(actor: Actor, row: DecisionRow) -> dict[str, str]:
    """Party to choice: of everybody once it is announced, before that of the actor's own delegation alone."""
    query = select(Ballot.party, Ballot.choice).where(Ballot.decision_id == row.id)
    if not row.tally:
        query = query.where(Ballot.party == (actor.party_code or ""))
    return {found.party: found.choice for found in db.session.execute(query)}


def as_dict(actor: Actor, row: DecisionRow) -> dict[str, Any]:
    """The decision as the API tells it."""
    announced = bool(row.tally)
    return {
        "id": row.id,
        "session": str(row.session_id),
        "segment": row.openness,
        "number": row.number,
        "kind": row.kind,
        "target": row.target,
        "label": row.label,
        "motion": row.motion,
        "words": row.words,
        "state": row.state,
        "majority": row.majority,
        "ruleset": row.ruleset,
        "sponsor": row.sponsor,
        "version": str(row.version_id) if row.version_id else None,
        "objections": row.objections,
        "quorum": row.quorum,
        "eligible": len(row.eligible),
        "voted": len(voted(row.id)),
        "tally": row.tally if announced else None,
        "ballots": choices(actor, row) if announced else None,
        "statements": [_statement(each) for each in row.statements],
        "proposed_at": timestamp(row.proposed_at),
        "decided_at": timestamp(row.decided_at) if row.decided_at else None,
    }


def _statement(row: DecisionStatement) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "when": row.when,
        "actor": row.actor,
        "body": row.body,
        "html": row.html,
        "paragraphs": row.paragraphs,
        "choice": row.choice,
        "at": timestamp(row.said_at),
    }


def _with_all() -> Any:
    return select(DecisionRow).options(
        joinedload(DecisionRow.session).joinedload(LiveSession.group),
        joinedload(DecisionRow.version),
        selectinload(DecisionRow.statements),
    )
