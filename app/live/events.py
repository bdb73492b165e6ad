"""The socket events of the namespace `/live`: reading rooms, and the commands of a session."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Flask, request
from flask_babel import gettext as _
from flask_login import current_user
from flask_socketio import ConnectionRefusedError, leave_room
from flask_wtf.csrf import validate_csrf
from sqlalchemy import select
from wtforms import ValidationError

from app.accounts.models import User
from app.accounts.queries import actor_for
from app.accounts.services import user_of_token
from app.core.rules.sessions import Act
from app.errors import Invalid, NotFound
from app.extensions import db, socketio
from app.live import services
from app.live.channels import may_read_channel, place_of
from app.live.commands import NAMESPACE, command, once_in_session
from app.live.entering import enter
from app.live.entering import leave as go_out
from app.live.presence import INTERVAL, presence
from app.live.rooms import Visitor, rooms
from app.live.segments import openness_of_channel
from app.policy import PUBLIC, Actor
from app.record import TOPIC_AGAIN, TOPIC_EVENT, TOPIC_PRESENCE, TOPIC_RIGHTS, bus, events_after, last_seq, timestamp
from app.web.numbers import whole

log = logging.getLogger(__name__)

PAGE = 500
FRESH = 1.0
"""Seconds for which the rights of a socket may be remembered; a change of rights drops them at once."""


def init_app(app: Flask) -> None:
    rooms.wire(app, send=_send, remove=_remove, may_read=may_read_channel)
    presence.local = lambda channel: [v.delegation for v in rooms.members(channel) if v.delegation]
    presence.tell = _tell_presence
    # Rights first: whoever must be out is out before the next event is looked at.
    bus.listen(TOPIC_RIGHTS, _forget_rights)
    bus.listen(TOPIC_RIGHTS, rooms.on_rights)
    bus.listen(TOPIC_AGAIN, _forget_rights)
    bus.listen(TOPIC_AGAIN, rooms.on_again)
    bus.listen(TOPIC_EVENT, rooms.on_event)
    bus.listen(TOPIC_PRESENCE, presence.on_presence)


def _send(channel: str, envelope: str) -> None:
    from app.live.transport import emit_envelope

    emit_envelope(socketio, channel, envelope.encode())


def _remove(visitor: Visitor, channel: str, _whose: str) -> None:
    kind, _colon, number = channel.partition(":")
    leave_room(channel, sid=visitor.sid, namespace=NAMESPACE)
    if ":" in number:
        return  # a closed segment's: its room goes with the session's, or in silence
    message = {kind: number, "reason": _("This room is no longer open to you.")}
    socketio.emit("removed", message, to=visitor.sid, namespace=NAMESPACE)
    presence.touch(channel)


def _tell_presence(channel: str, codes: tuple[str, ...]) -> None:
    kind, _colon, number = channel.partition(":")
    if kind == "session":
        message = {"session": number, "delegations": list(codes)}
        socketio.emit("presence", message, to=channel, namespace=NAMESPACE)


_ticking = False


def _keep_ticking() -> None:
    """Tell presence once a second, from the first connection of this process on."""
    global _ticking
    if _ticking:
        return
    _ticking = True

    def tick() -> None:
        while True:
            socketio.sleep(INTERVAL)
            try:
                # Who is in a session's closed segment is in its room: the segment's channel is for its words alone.
                presence.tick(channel for channel in rooms.channels() if not openness_of_channel(channel))
            except Exception:
                log.exception("presence could not be told")

    socketio.start_background_task(tick)


# --- Who is at the other end ---------------------------------------------------------------------------------------


@socketio.on("connect", namespace=NAMESPACE)
def on_connect(auth: Any = None) -> None:
    """Let in a token's owner, or a page of this site: cookie and CSRF token. The public may come and read."""
    auth = auth if isinstance(auth, dict) else {}
    visitor = _visitor(auth)
    visitor.who = _remembering(visitor.who)
    rooms.arrive(visitor)
    _keep_ticking()
    db.session.remove()


@socketio.on("disconnect", namespace=NAMESPACE)
def on_disconnect(*_reason: Any) -> None:
    for channel in rooms.gone(request.sid):  # type: ignore[attr-defined]
        presence.touch(channel)


WayIn = Callable[[Any], Visitor]
ways_in: dict[str, WayIn] = {}
"""Members of `auth` that features above read: each lets a visitor in, or raises ConnectionRefusedError."""


def _visitor(auth: dict[str, Any]) -> Visitor:
    for name, way_in in ways_in.items():
        if name in auth:
            return way_in(auth[name])
    who = _by_token(auth["token"]) if "token" in auth else _by_cookie(auth.get("csrf"))
    return Visitor(sid=request.sid, who=who)  # type: ignore[attr-defined]


def _by_token(token: Any) -> Callable[[], Actor]:
    if not isinstance(token, str) or user_of_token(token) is None:
        raise ConnectionRefusedError("unauthenticated")

    def who() -> Actor:
        user = user_of_token(token)
        return actor_for(user) if user else PUBLIC

    return who


def _by_cookie(csrf: Any) -> Callable[[], Actor]:
    try:
        validate_csrf(csrf if isinstance(csrf, str) else None)
    except ValidationError:
        raise ConnectionRefusedError("csrf") from None
    stamp = current_user.session_stamp if current_user.is_authenticated else None

    def who() -> Actor:
        if stamp is None:
            return PUBLIC
        user = db.session.scalar(select(User).where(User.session_stamp == stamp, User.active))
        return actor_for(user) if user else PUBLIC

    return who


_epoch = 0


def _forget_rights(_topic: str, _whose: str) -> None:
    global _epoch
    _epoch += 1


def _remembering(who: Callable[[], Actor]) -> Callable[[], Actor]:
    """`who`, asked at most once a second, and again after any change of rights."""
    kept: tuple[float, int, Actor] | None = None

    def remembered() -> Actor:
        nonlocal kept
        now = time.monotonic()
        if kept is None or now - kept[0] > FRESH or kept[1] != _epoch:
            kept = (now, _epoch, who())
        return kept[2]

    return remembered


# --- Reading -------------------------------------------------------------------------------------------------------


@command("join")
def join(actor: Actor, visitor: Visitor, message: dict[str, Any]) -> dict[str, Any]:
    """Enter a room and catch up: events after `after`, at most 500, then live ones without a gap.

    `segments` of the answer holds the channels of closed segments that the visitor may read, each after the seq
    that `segments` of the message gives for it.
    """
    place = place_of(actor, message)
    enter(visitor, place.channels)
    presence.touch(place.channel)
    answer = _events(place.channel, message.get("after", 0))
    known = message.get("segments")
    known = known if isinstance(known, dict) else {}
    segments = [
        {"channel": channel, "seq": last_seq(channel), **_events(channel, known.get(channel, 0))}
        for channel in place.segments
    ]
    here = list(presence.present(place.channel))
    now = timestamp(datetime.now(UTC))
    return {
        "seq": last_seq(place.channel),
        **answer,
        **place.said,
        "segments": segments,
        "you": place.you,
        "delegations": here,
        "now": now,
    }


@command("events")
def events(actor: Actor, visitor: Visitor, message: dict[str, Any]) -> dict[str, Any]:
    """What a room's log holds after `after`: to close a gap. `channel` names a closed segment's."""
    place = place_of(actor, message)
    channel = message.get("channel", place.channel)
    if channel not in place.channels:
        raise NotFound(_("This session was not found, or is not open to you."))
    return _events(channel, message.get("after", 0))


@command("leave")
def leave(actor: Actor, visitor: Visitor, message: dict[str, Any]) -> dict[str, Any]:
    kind = "thread" if "thread" in message else "session"
    channel = f"{kind}:{message.get(kind)}"
    go_out(visitor, [mine for mine in visitor.channels if mine == channel or mine.startswith(f"{channel}:")])
    return {}


def _events(channel: str, after: Any) -> dict[str, Any]:
    if not isinstance(after, int) or whole(after) is None:
        raise Invalid(_("`after` is the number of the last event that you have."), field="after")
    page = events_after(channel, after, limit=PAGE + 1)
    return {"events": [event.as_dict() for event in page[:PAGE]], "more": len(page) > PAGE}


# --- Writing -------------------------------------------------------------------------------------------------------


@command("comment", writes=True)
def comment(actor: Actor, visitor: Visitor, message: dict[str, Any]) -> dict[str, Any]:
    return once_in_session(
        actor,
        message,
        "comment",
        lambda session: services.comment(
            actor,
            session,
            id=message["id"],
            body=message.get("body", ""),
            paragraph=message.get("paragraph"),
            quote=message.get("quote"),
            on_behalf_of=message.get("on_behalf_of"),
        ),
    )


@socketio.on("*", namespace=NAMESPACE)
def unknown(event: str, *_more: Any) -> dict[str, Any]:
    """Every command is answered: one that is not there, too."""
    error = Invalid(_("There is no command %(name)s here.", name=str(event)[:40]))
    return {"ok": False, "error": error.as_dict()}


@command("propose", writes=True)
def propose(actor: Actor, visitor: Visitor, message: dict[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in message.items() if name not in ("session", "id")}
    behalf = message.get("on_behalf_of")
    return once_in_session(
        actor, message, "propose", lambda session: services.propose(actor, session, given, on_behalf_of=behalf)
    )


@command("position", writes=True)
def position(actor: Actor, visitor: Visitor, message: dict[str, Any]) -> dict[str, Any]:
    return once_in_session(
        actor,
        message,
        "position",
        lambda session: services.take_position(
            actor,
            session,
            message.get("target"),
            message.get("stance"),
            note=message.get("note", ""),
            condition=message.get("condition"),
            on_behalf_of=message.get("on_behalf_of"),
        ),
    )


@command("focus", writes=True)
def focus(actor: Actor, visitor: Visitor, message: dict[str, Any]) -> dict[str, Any]:
    return once_in_session(
        actor,
        message,
        "focus",
        lambda session: services.move_focus(actor, session, message.get("paragraph"), message.get("proposal")),
    )


@command("mode", writes=True)
def mode(actor: Actor, visitor: Visitor, message: dict[str, Any]) -> dict[str, Any]:
    """Formal or informal, open to whom, attributed or not: from this moment on."""
    said = {name: message.get(name) for name in ("mode", "openness", "attribution")}
    return once_in_session(actor, message, "mode", lambda session: services.set_mode(actor, session, **said))


@command("open", writes=True)
def open_(actor: Actor, visitor: Visitor, message: dict[str, Any]) -> dict[str, Any]:
    return _conduct(actor, message, Act.OPEN)


@command("suspend", writes=True)
def suspend(actor: Actor, visitor: Visitor, message: dict[str, Any]) -> dict[str, Any]:
    return _conduct(actor, message, Act.SUSPEND)


@command("resume", writes=True)
def resume(actor: Actor, visitor: Visitor, message: dict[str, Any]) -> dict[str, Any]:
    return _conduct(actor, message, Act.RESUME)


@command("close", writes=True)
def close(actor: Actor, visitor: Visitor, message: dict[str, Any]) -> dict[str, Any]:
    return _conduct(actor, message, Act.CLOSE)


def _conduct(actor: Actor, message: dict[str, Any], act: Act) -> dict[str, Any]:
    def do(session: int) -> int:
        services.conduct(actor, session, act)
        return last_seq(f"session:{session}")

    return once_in_session(actor, message, act, do)
