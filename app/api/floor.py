"""The floor over HTTP: the list as it is, and its acts as the socket has them."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from app.accounts.queries import current_actor
from app.api import schemas
from app.api.support import Body, make_blueprint, number, signed_in, write
from app.core.rules.speakers import LEVELS, Act, Kind
from app.floor import queries, services
from app.live.queries import readable_session

blueprint = make_blueprint("floor", "The speakers' list of a session")

Answer = tuple[dict[str, Any], int]
ACTS = {
    "end": Act.END,
    "resume": Act.RESUME,
    "move": Act.MOVE,
    "swap": Act.SWAP,
    "absent": Act.ABSENT,
    "announce-closing": Act.ANNOUNCE_CLOSING,
    "close-list": Act.CLOSE,
    "open-list": Act.OPEN,
}


class Entry(schemas.Schema):
    request = fields.String(required=True)
    delegation = fields.String(required=True)
    kind = fields.String(required=True)
    category = fields.String(required=True)
    on_behalf_of = fields.String(required=True, allow_none=True)
    joint = fields.List(fields.String(), required=True)
    absent = fields.Boolean(required=True)


class Turn(Entry):
    limit = fields.Integer(required=True, allow_none=True, metadata={"description": "Seconds; null without a limit"})
    used = fields.Float(required=True, metadata={"description": "Seconds before `since`"})
    since = fields.String(required=True, allow_none=True, metadata={"description": "Null while it is interrupted"})
    began = fields.String(required=True)


class Floor(schemas.Schema):
    channel = fields.String(required=True)
    seq = fields.Integer(required=True)
    list = fields.String(required=True)
    speaking = fields.Nested(Turn, required=True, allow_none=True)
    interrupted = fields.Nested(Turn, required=True, allow_none=True)
    waiting = fields.List(fields.Nested(Entry), required=True)
    replies = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    now = fields.String(required=True, metadata={"description": "The server's clock: count from it"})


class Request(Body):
    kind = fields.String(load_default=None, allow_none=True, validate=validate.OneOf([*Kind]))
    on_behalf_of = fields.String(load_default=None, allow_none=True)
    joint = fields.List(fields.String(), load_default=list)
    level = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(LEVELS))
    delegation = fields.String(
        load_default=None,
        allow_none=True,
        metadata={"description": "Whom the secretariat or the chair acts for; without it, one's own delegation"},
    )


class Named(Body):
    request = fields.String(load_default=None, allow_none=True)
    delegation = fields.String(load_default=None, allow_none=True)


class Given(Named):
    limit = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, services.STATEMENT_LIMIT))


class Managed(Named):
    to = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(0, 999_999))
    with_ = fields.String(load_default=None, allow_none=True, data_key="with")


@blueprint.get("/sessions/<session_id>/floor")
@blueprint.response(200, Floor)
def read_floor(session_id: str) -> dict[str, Any]:
    """Who speaks, who waits, how long there is, in the present segment."""
    actor = current_actor()
    return queries.read_floor(actor, readable_session(actor, number(session_id)))


@blueprint.post("/sessions/<session_id>/floor/requests")
@blueprint.arguments(Request)
@blueprint.response(200, schemas.Seq)
def request_floor(body: dict[str, Any], session_id: str) -> Answer:
    """Ask for the floor, or put a delegation on the list for it."""
    actor, session = signed_in(), number(session_id)
    delegation = body.pop("delegation")

    def do() -> dict[str, Any]:
        if delegation and delegation != actor.party_code:
            return {"seq": services.request_for(actor, session, delegation, **body)}
        return {"seq": services.request_floor(actor, session, **body)}

    return write(actor, "floor.request", do, session=session)


@blueprint.post("/sessions/<session_id>/floor/withdraw")
@blueprint.arguments(Named)
@blueprint.response(200, schemas.Seq)
def withdraw(body: dict[str, Any], session_id: str) -> Answer:
    """Take an entry off the list."""
    actor, session = signed_in(), number(session_id)
    return write(actor, "floor.withdraw", lambda: {"seq": services.withdraw(actor, session, **body)}, session=session)


@blueprint.post("/sessions/<session_id>/floor/give")
@blueprint.arguments(Given)
@blueprint.response(200, schemas.Seq)
def give(body: dict[str, Any], session_id: str) -> Answer:
    """Give the floor to the next, or to whom the chair names."""
    actor, session = signed_in(), number(session_id)
    return write(actor, "floor.give", lambda: {"seq": services.give(actor, session, **body)}, session=session)


@blueprint.post("/sessions/<session_id>/floor/interrupt")
@blueprint.arguments(Named)
@blueprint.response(200, schemas.Seq)
def interrupt(body: dict[str, Any], session_id: str) -> Answer:
    """Stop who speaks, for a point of order or by the chair's own will."""
    actor, session = signed_in(), number(session_id)

    def do() -> dict[str, Any]:
        return {"seq": services.interrupt(actor, session, delegation=body["delegation"])}

    return write(actor, "floor.interrupt", do, session=session)


@blueprint.post(
    "/sessions/<session_id>/floor/<any(end,resume,move,swap,absent,'announce-closing','close-list','open-list'):verb>"
)
@blueprint.arguments(Managed)
@blueprint.response(200, schemas.Seq)
def manage(body: dict[str, Any], session_id: str, verb: str) -> Answer:
    """End, resume, move, swap, set back who is absent; announce the closing of the list, close it, open it again."""
    actor, session = signed_in(), number(session_id)
    named = {"request": body["request"], "delegation": body["delegation"], "other": body["with_"], "to": body["to"]}

    def do() -> dict[str, Any]:
        return {"seq": services.manage(actor, session, ACTS[verb], **named)}

    return write(actor, f"floor.{verb}", do, session=session)
