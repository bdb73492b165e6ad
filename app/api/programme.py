"""The programme over HTTP: moving and calling off sessions. When they meet stands in the sessions themselves."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from app.api import schemas
from app.api.support import Body, make_blueprint, number, signed_in, write
from app.live.queries import session_as_dict
from app.programme import services

blueprint = make_blueprint("programme", "When sessions meet, and where")

Answer = tuple[dict[str, Any], int]


class Move(Body):
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(load_default=None, allow_none=True)
    place = fields.String(load_default="", validate=validate.Length(max=120))
    reason = fields.String(load_default="", validate=validate.Length(max=400))


class CallOff(Body):
    reason = fields.String(required=True, validate=validate.Length(1, 400))


@blueprint.post("/sessions/<session_id>/reschedule")
@blueprint.arguments(Move)
@blueprint.response(200, schemas.Session)
def reschedule(body: dict[str, Any], session_id: str) -> Answer:
    """Give a session that has not begun, or that is postponed, another time and place."""
    actor = signed_in()

    def do() -> dict[str, Any]:
        session = services.reschedule(
            actor,
            number(session_id),
            body["starts_at"],
            body["ends_at"],
            place=body["place"],
            reason=body["reason"],
        )
        return session_as_dict(session, actor)

    return write(actor, "reschedule", do)


@blueprint.post("/sessions/<session_id>/postpone")
@blueprint.arguments(CallOff)
@blueprint.response(200, schemas.Session)
def postpone(body: dict[str, Any], session_id: str) -> Answer:
    """Put a session off to a time that is not known yet."""
    actor = signed_in()
    return write(
        actor,
        "postpone",
        lambda: session_as_dict(services.postpone(actor, number(session_id), body["reason"]), actor),
    )


@blueprint.post("/sessions/<session_id>/cancel")
@blueprint.arguments(CallOff)
@blueprint.response(200, schemas.Session)
def cancel(body: dict[str, Any], session_id: str) -> Answer:
    """Call a session off for good."""
    actor = signed_in()
    return write(
        actor, "cancel", lambda: session_as_dict(services.cancel(actor, number(session_id), body["reason"]), actor)
    )
