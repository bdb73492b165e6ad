"""Decisions over HTTP: what a session decides, and the acts of the chair and the delegations as the socket has them."""

from __future__ import annotations

import uuid
from typing import Any

from marshmallow import fields, validate

from app.accounts.queries import current_actor
from app.api import schemas
from app.api.support import Body, PageArguments, make_blueprint, number, page_of, paged, signed_in, write
from app.core.rules.decisions import MOTIONS, Choice, Kind
from app.decisions import queries, services
from app.decisions.acts import ACTS
from app.live.queries import readable_session

blueprint = make_blueprint("decisions", "Decisions, votes, explanations of position")

Answer = tuple[dict[str, Any], int]
CHOICES = [choice.value for choice in Choice]


class Statement(schemas.Schema):
    id = fields.String(required=True)
    kind = fields.String(required=True, metadata={"description": "explanation, dissociation or intent"})
    when = fields.String(required=True)
    actor = fields.Dict(required=True)
    body = fields.String(required=True)
    html = fields.String(required=True)
    paragraphs = fields.List(fields.Dict(), required=True)
    choice = fields.String(required=True, allow_none=True)
    at = fields.String(required=True)


class Decision(schemas.Schema):
    id = fields.String(required=True)
    session = fields.String(required=True)
    segment = fields.String(required=True, metadata={"description": "Openness of the closed segment, else empty"})
    number = fields.Integer(required=True)
    kind = fields.String(required=True)
    target = fields.String(required=True)
    label = fields.String(required=True)
    motion = fields.String(required=True, allow_none=True)
    words = fields.String(required=True)
    state = fields.String(required=True)
    majority = fields.String(required=True)
    ruleset = fields.String(required=True)
    sponsor = fields.String(required=True, allow_none=True)
    version = fields.String(required=True, allow_none=True)
    objections = fields.List(fields.String(), required=True)
    quorum = fields.Dict(required=True)
    eligible = fields.Integer(required=True)
    voted = fields.Integer(required=True)
    tally = fields.Dict(required=True, allow_none=True, metadata={"description": "Null until it is announced"})
    ballots = fields.Dict(required=True, allow_none=True, metadata={"description": "Delegation to choice; null before"})
    statements = fields.List(fields.Nested(Statement), required=True)
    proposed_at = fields.String(required=True)
    decided_at = fields.String(required=True, allow_none=True)


class NewDecision(Body):
    id = fields.UUID(load_default=None, allow_none=True, metadata={"description": "Made by the client"})
    kind = fields.String(required=True, validate=validate.OneOf([kind.value for kind in Kind]))
    target = fields.String(required=True, metadata={"description": "text, paragraph:ID, proposal:ID or procedural"})
    words = fields.String(required=True)
    motion = fields.String(load_default=None, allow_none=True, validate=validate.OneOf([*MOTIONS, None]))
    majority = fields.String(load_default=None, allow_none=True)
    moved_by = fields.String(load_default=None, allow_none=True)


class DecisionAct(Body):
    act = fields.String(required=True, validate=validate.OneOf(ACTS))
    id = fields.UUID(load_default=None, allow_none=True, metadata={"description": "Made by the client"})
    choice = fields.String(load_default=None, allow_none=True, validate=validate.OneOf([*CHOICES, None]))
    words = fields.String(load_default="")
    body = fields.String(load_default="")
    note = fields.String(load_default="")
    when = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(["before", "after", None]))
    paragraphs = fields.List(fields.String(), load_default=list)
    majority = fields.String(load_default=None, allow_none=True)
    on_behalf_of = fields.String(load_default=None, allow_none=True)


class NewRoll(Body):
    present = fields.List(fields.String(), required=True)


@blueprint.get("/sessions/<session_id>/decisions")
@blueprint.arguments(PageArguments, location="query")
@blueprint.response(200, page_of(Decision, "Decision"))
def list_decisions(arguments: dict[str, Any], session_id: str) -> dict[str, Any]:
    """What a session has decided and has before it, as far as the caller may read."""
    actor = current_actor()
    rows = queries.decisions_of(actor, readable_session(actor, number(session_id)))
    return paged(rows, arguments, lambda row: queries.as_dict(actor, row))


@blueprint.post("/sessions/<session_id>/decisions")
@blueprint.arguments(NewDecision)
@blueprint.response(201, Decision)
def propose(body: dict[str, Any], session_id: str) -> Answer:
    """The chair puts something before the meeting, to be decided by consensus or by a recorded vote."""
    actor = signed_in()
    given = {**body, "id": str(body["id"] or uuid.uuid4())}

    def do() -> dict[str, Any]:
        services.propose(actor, number(session_id), given)
        return queries.as_dict(actor, queries.get_decision(actor, given["id"]))

    return write(actor, "decisions", do, 201, session=number(session_id))


@blueprint.get("/decisions/<decision_id>")
@blueprint.response(200, Decision)
def read_decision(decision_id: str) -> dict[str, Any]:
    """A decision with its result and what delegations said of it."""
    actor = current_actor()
    return queries.as_dict(actor, queries.get_decision(actor, decision_id))


@blueprint.post("/decisions/<decision_id>/acts")
@blueprint.arguments(DecisionAct)
@blueprint.response(200, schemas.Seq)
def act(body: dict[str, Any], decision_id: str) -> Answer:
    """Act on a decision, by the names of the socket's commands: gavel, vote, object, explain …"""
    actor = signed_in()
    row = queries.get_decision(actor, decision_id)
    said = {**body, "id": str(body["id"] or uuid.uuid4()), "decision": row.id}
    do = ACTS[said.pop("act")]
    return write(actor, "decision", lambda: {"seq": do(actor, row.session_id, said)}, session=row.session_id)


@blueprint.post("/sessions/<session_id>/roll")
@blueprint.arguments(NewRoll)
@blueprint.response(200, schemas.Seq)
def take_roll(body: dict[str, Any], session_id: str) -> Answer:
    """Say which member States are present, for the quorum. By the chair or the secretariat."""
    actor, session = signed_in(), number(session_id)
    return write(actor, "roll", lambda: {"seq": services.take_roll(actor, session, body["present"])}, session=session)
