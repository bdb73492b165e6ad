"""Displays over HTTP: open one and read its code, switch it off, steer what all of them show."""

from __future__ import annotations

from typing import Any

from flask import url_for
from marshmallow import fields, validate

from app.accounts.queries import current_actor
from app.api import schemas
from app.api.support import Body, make_blueprint, moment, number, signed_in, write
from app.live.acting import require_act
from app.live.queries import readable_session
from app.policy import Action
from app.screens import services
from app.screens.models import Display

blueprint = make_blueprint("displays", "Projector views of a session")

Answer = tuple[dict[str, Any], int]


class DisplayLine(schemas.Schema):
    id = fields.String(required=True)
    hint = fields.String(required=True, metadata={"description": "The first letters of the code"})
    in_room = fields.Boolean(required=True, metadata={"description": "It shows closed segments too"})
    created_at = fields.String(required=True)


class OpenedDisplay(DisplayLine):
    code = fields.String(required=True, metadata={"description": "Shown this once"})
    address = fields.String(required=True, metadata={"description": "Where the code is typed"})


class DisplayList(schemas.Schema):
    items = fields.List(fields.Nested(DisplayLine), required=True)
    next = fields.String(required=True, allow_none=True)


class NewDisplay(Body):
    in_room = fields.Boolean(load_default=False)


class Steering(Body):
    scale = fields.Integer(load_default=None, allow_none=True, validate=validate.OneOf(services.SCALES))
    scroll = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(services.STEPS))


class Done(schemas.Schema):
    done = fields.Boolean(required=True)


@blueprint.get("/sessions/<session_id>/displays")
@blueprint.response(200, DisplayList)
def list_displays(session_id: str) -> dict[str, Any]:
    """The displays that are open."""
    actor = current_actor()
    session = readable_session(actor, number(session_id))
    require_act(actor, session, Action.MANAGE_DISPLAYS)
    return {"items": [_line(display) for display in services.open_displays(session)], "next": None}


@blueprint.post("/sessions/<session_id>/displays")
@blueprint.arguments(NewDisplay)
@blueprint.response(201, OpenedDisplay)
def open_display(body: dict[str, Any], session_id: str) -> Answer:
    """Open a display. Its code is in this answer and nowhere else, so this write takes no Idempotency-Key."""
    display, code = services.open_display(signed_in(), number(session_id), in_room=body["in_room"])
    return _line(display) | {"code": code, "address": url_for("screens.enter", _external=True)}, 201


@blueprint.post("/sessions/<session_id>/displays/<display_id>/revoke")
@blueprint.response(200, Done)
def revoke(session_id: str, display_id: str) -> Answer:
    """Switch a display off."""
    actor = signed_in()

    def do() -> dict[str, Any]:
        services.revoke(actor, number(session_id), number(display_id))
        return {"done": True}

    return write(actor, "display.revoke", do)


@blueprint.post("/sessions/<session_id>/displays/steer")
@blueprint.arguments(Steering)
@blueprint.response(200, Done)
def steer(body: dict[str, Any], session_id: str) -> dict[str, Any]:
    """Scale and scroll all displays of the session. Not recorded."""
    services.steer(signed_in(), number(session_id), **body)
    return {"done": True}


def _line(display: Display) -> dict[str, Any]:
    return {
        "id": str(display.id),
        "hint": display.hint,
        "in_room": display.in_room,
        "created_at": moment(display.created_at),
    }
