"""The displays' way into the socket, how they are steered, and how that reaches them in every process."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask, request
from flask_socketio import ConnectionRefusedError, join_room

from app.extensions import socketio
from app.live.channels import place_of
from app.live.commands import NAMESPACE, command
from app.live.events import ways_in
from app.live.rooms import Visitor, rooms
from app.policy import Actor
from app.record import bus
from app.screens import services
from app.screens.queries import actor_of, display_by_token

_lines: dict[int, set[str]] = {}
"""Display to its sockets in this process."""


def init_app(app: Flask) -> None:
    ways_in["display"] = way_in
    bus.listen(services.TOPIC_DISPLAY, _tell)


def way_in(token: Any) -> Visitor:
    """A display comes with its token, reads as far as it was opened for, and hears how it is steered."""
    display = display_by_token(token) if isinstance(token, str) else None
    if display is None:
        raise ConnectionRefusedError("unauthenticated")
    session = str(display.session_id)
    sid = request.sid  # type: ignore[attr-defined]
    join_room(_room(session), namespace=NAMESPACE)
    here = {known for known in _lines.get(display.id, ()) if rooms.visitor(known)}
    _lines[display.id] = here | {sid}
    return Visitor(sid=sid, who=lambda: actor_of(display_by_token(token)), only=session)


def _room(session: str) -> str:
    return f"displays:{session}"


def _tell(_topic: str, text: str) -> None:
    message = json.loads(text)
    if "off" in message:
        for sid in _lines.pop(message["off"], ()):
            if rooms.visitor(sid):
                socketio.server.disconnect(sid, namespace=NAMESPACE)
        return
    socketio.emit("display", message, to=_room(message["session"]), namespace=NAMESPACE)


@command("display.scale", writes=True)
def scale(actor: Actor, visitor: Visitor, message: dict[str, Any]) -> dict[str, Any]:
    """How large the letters of the displays are, in per cent."""
    services.steer(actor, _session(actor, message), scale=message.get("scale", ""))
    return {}


@command("display.scroll", writes=True)
def scroll(actor: Actor, visitor: Visitor, message: dict[str, Any]) -> dict[str, Any]:
    """Scroll the displays: up, down, or to the top."""
    services.steer(actor, _session(actor, message), scroll=message.get("scroll", ""))
    return {}


def _session(actor: Actor, message: dict[str, Any]) -> int:
    return int(place_of(actor, {"session": message.get("session")}).channel.split(":")[1])
