"""What a delegation says beside a decision: why, from which paragraph it stands apart, how it meant to vote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.core.markup import render
from app.core.rules import decisions as rules
from app.core.rules.decisions import Act, Choice, Kind, State
from app.core.rules.sessions import State as SessionState
from app.decisions.models import DecisionRow, DecisionStatement
from app.decisions.rows import by, one_of, require_allowed
from app.drafts.queries import paragraph_in
from app.errors import Closed, Forbidden, Invalid, NotFound
from app.extensions import db
from app.groups.services.words import checked_text, signed
from app.live.acting import held_session, require_open
from app.live.models import LiveSession
from app.live.queries import heard, may_hear
from app.live.segments import channel_of, is_attributed, openness_now
from app.policy import Action, Actor, GroupId, require
from app.record import Transaction, parse_key, transaction

BODY_LIMIT = 10_000
TAKEN = (*rules.DECIDED, *rules.PENDING)


def explain(actor: Actor, session_id: int, given: Mapping[str, Any]) -> int:
    """Explain one's position before or after the decision: {id, body, when?, decision?, on_behalf_of?}.

    Returns the event's seq.
    """
    with transaction() as tx:
        session = held_session(session_id)
        row = _spoken_of(actor, session, given.get("decision"), TAKEN)
        _require_names(session)
        when = given.get("when") or ("before" if row.state in rules.PENDING else "after")
        act = {"before": Act.EXPLAIN_BEFORE, "after": Act.EXPLAIN_AFTER}.get(str(when))
        if act is None:
            raise Invalid(_("Say whether before or after the decision."), field="when")
        _require(actor, session, row, act, Action.SPEAK_TO_DECISION)
        if row.kind == Kind.VOTE and row.sponsor == actor.party_code:
            raise Forbidden(_("Who proposed it does not explain its vote on it (rule 128)."))
        body = checked_text(given.get("body"), "body", BODY_LIMIT)
        statement = _statement(actor, session, row, given, kind="explanation", when=when, body=body)
        data = {"id": statement.id, "decision": row.id, "when": when, "body": body, "html": statement.html}
        return _keep(tx, row, statement, "explanation.given", data)


def dissociate(actor: Actor, session_id: int, given: Mapping[str, Any]) -> int:
    """Stand apart from paragraphs of what was adopted: {id, paragraphs: [ID or label], body?, decision?}.

    The decision stays as it is. Returns the event's seq.
    """
    with transaction() as tx:
        session = held_session(session_id)
        row = _spoken_of(actor, session, given.get("decision"), (State.ADOPTED,))
        _require_names(session)
        _require(actor, session, row, Act.DISSOCIATE, Action.SPEAK_TO_DECISION)
        paragraphs = _paragraphs(row, given.get("paragraphs"))
        body = checked_text(given.get("body") or "", "body", BODY_LIMIT, required=False)
        statement = _statement(actor, session, row, given, kind="dissociation", body=body, paragraphs=paragraphs)
        data = {
            "id": statement.id,
            "decision": row.id,
            "paragraphs": paragraphs,
            "body": body,
            "html": statement.html,
        }
        return _keep(tx, row, statement, "dissociation.made", data)


def note_intent(actor: Actor, session_id: int, given: Mapping[str, Any]) -> int:
    """Say how one meant to vote: {id, choice, note?, decision?}. It stands beside the tally, which never changes.

    It can be said until the record is published, also after the meeting. Returns the event's seq.
    """
    with transaction() as tx:
        session = held_session(session_id)
        row = _spoken_of(actor, session, given.get("decision"), rules.DECIDED)
        if session.published_at:
            raise Closed(_("The record is published: it stays as it is."))
        _require(actor, session, row, Act.NOTE_INTENT, Action.VOTE)
        choice = one_of(Choice, given.get("choice"), "choice")
        body = checked_text(given.get("note") or "", "note", BODY_LIMIT, required=False)
        statement = _statement(actor, session, row, given, kind="intent", body=body, choice=choice)
        data = {
            "id": statement.id,
            "decision": row.id,
            "choice": choice,
            "note": body,
            "html": statement.html,
        }
        return _keep(tx, row, statement, "intent.noted", data)


def _spoken_of(actor: Actor, session: LiveSession, decision_id: Any, states: Sequence[str]) -> DecisionRow:
    """The decision that a statement is about: of any segment that the actor may read, held until the commit."""
    channels = [channel_of(session, word) for word in heard(actor, session)]
    if not channels:
        raise NotFound(_("This session was not found, or is not open to you."))
    query = select(DecisionRow).where(DecisionRow.session_id == session.id, DecisionRow.channel.in_(channels))
    if decision_id not in (None, ""):
        query = query.where(DecisionRow.id == str(decision_id))
    else:
        query = query.where(DecisionRow.state.in_(states))
    query = query.order_by(DecisionRow.proposed_at.desc(), DecisionRow.number.desc())
    row = db.session.scalar(query.limit(1).with_for_update(key_share=True, of=DecisionRow))
    if row is not None:
        return row
    if decision_id in (None, ""):
        raise Closed(_("There is nothing before the meeting to do this with."), field="decision")
    raise NotFound(_("This decision was not found, or is not open to you."), field="decision")


def _require_names(session: LiveSession) -> None:
    """A statement stands under a name: none is taken where no names are kept."""
    require_open(session)
    if not is_attributed(session):
        raise Closed(_("No names are kept in this segment, and a statement needs one. Send it when the segment ends."))


def _require(actor: Actor, session: LiveSession, row: DecisionRow, act: Act, action: Action) -> None:
    openness = row.openness or (openness_now(session) if session.state != SessionState.CLOSED else session.openness)
    if not may_hear(actor, session, row.openness):
        raise NotFound(_("This decision was not found, or is not open to you."), field="decision")
    require(actor, action, GroupId(session.group_id), openness, what=_("This decision"))
    require_allowed(row, act, by(actor, session, openness, action))


def _paragraphs(row: DecisionRow, said: Any) -> list[dict[str, str]]:
    if row.version is None:
        raise Closed(_("There is no text in this decision to stand apart from."))
    if not isinstance(said, list) or not said or len(said) > 500:
        raise Invalid(_("Say from which paragraphs."), field="paragraphs")
    found: dict[str, str] = {}
    for reference in said:
        try:
            paragraph = paragraph_in(row.version, str(reference)[:80])
        except NotFound:
            raise Invalid(_("There is no such paragraph in the text on the table."), field="paragraphs") from None
        found[paragraph.wid] = paragraph.label
    return [{"paragraph": wid, "label": label} for wid, label in found.items()]


def _statement(
    actor: Actor, session: LiveSession, row: DecisionRow, given: Mapping[str, Any], *, body: str, **more: Any
) -> DecisionStatement:
    assert actor.party_code is not None
    behalf = given.get("on_behalf_of")
    if not isinstance(behalf, str | None):
        raise Invalid(_("Say in whose name by a code or a name."), field="on_behalf_of")
    return DecisionStatement(
        id=parse_key(given.get("id")),
        decision_id=row.id,
        party=actor.party_code,
        actor=signed(actor, session.group_id, behalf),
        body=body,
        html=render(body) if body else "",
        **more,
    )


def _keep(tx: Transaction, row: DecisionRow, statement: DecisionStatement, type_: str, data: Mapping[str, Any]) -> int:
    envelope = tx.append(row.channel, type_, statement.actor, data)
    statement.seq, statement.said_at = envelope.seq, tx.now
    db.session.add(statement)
    db.session.flush()
    return envelope.seq
