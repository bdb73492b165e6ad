"""Sessions over HTTP: the same commands as the room's socket, and the log for those who cannot hold one."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from flask import request
from marshmallow import fields, validate

from app.accounts.queries import current_actor
from app.api import schemas
from app.api.support import Body, PageArguments, make_blueprint, number, page_of, paged, signed_in, write
from app.core.rules import sessions as rules
from app.core.rules.sessions import OPENNESS_ORDER, Act, State
from app.errors import Invalid, NotFound
from app.groups.queries import get_group
from app.live import queries, services
from app.live.acting import once_in, words_of
from app.live.models import Comment, LiveSession
from app.live.segments import channel_of
from app.record import PAGE, events_after, last_seq, parse_key, timestamp
from app.web.numbers import LARGEST, whole

blueprint = make_blueprint("sessions", "Live comment sessions and their log")

Answer = tuple[dict[str, Any], int]
SEGMENT = {"description": "Of the closed segments of the session that were open to these; default: the session's own"}


class ListArguments(PageArguments):
    state = fields.String(load_default=None, validate=validate.OneOf([state.value for state in State]))
    group = fields.String(load_default=None)


class NewSession(Body):
    group = fields.String(required=True)
    title = fields.String(required=True, validate=validate.Length(1, 200))
    openness = fields.String(required=True, validate=validate.OneOf(OPENNESS_ORDER))
    version = fields.String(load_default=None, allow_none=True)
    agenda_item = fields.String(load_default="", validate=validate.Length(max=200))
    starts_at = fields.AwareDateTime(load_default=None, allow_none=True)
    ends_at = fields.AwareDateTime(load_default=None, allow_none=True)
    place = fields.String(load_default="", validate=validate.Length(max=120))


class EventArguments(Body):
    after = fields.Integer(load_default=0, validate=validate.Range(0, LARGEST))
    limit = fields.Integer(load_default=100, validate=validate.Range(1, PAGE))
    segment = fields.String(load_default="", validate=validate.OneOf(("", *OPENNESS_ORDER)), metadata=SEGMENT)


class NewComment(Body):
    id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "Made by the client; default: its Idempotency-Key, else one of ours"},
    )
    body = fields.String(required=True)
    paragraph = fields.String(load_default=None, allow_none=True)
    quote = fields.Dict(load_default=None, allow_none=True)
    on_behalf_of = fields.String(load_default=None, allow_none=True)


class Focus(Body):
    paragraph = fields.String(load_default=None, allow_none=True)
    proposal = fields.String(load_default=None, allow_none=True)


class Table(Body):
    version = fields.String(required=True)


class Openness(Body):
    openness = fields.String(required=True, validate=validate.OneOf(OPENNESS_ORDER))


class Mode(Body):
    mode = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(list(rules.Mode)))
    openness = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(OPENNESS_ORDER))
    attribution = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(list(rules.Attribution)))


class CommentArguments(PageArguments):
    segment = fields.String(load_default="", validate=validate.OneOf(("", *OPENNESS_ORDER)), metadata=SEGMENT)
    paragraph = fields.String(load_default=None)


@blueprint.get("/sessions")
@blueprint.arguments(ListArguments, location="query")
@blueprint.response(200, page_of(schemas.Session, "Session"))
def list_sessions(arguments: dict[str, Any]) -> dict[str, Any]:
    """The sessions that the caller may know of."""
    actor = current_actor()
    group = get_group(actor, arguments["group"]).id if arguments["group"] else None
    states = [arguments["state"]] if arguments["state"] else []
    known = queries.sessions(actor, states=states, group_id=group)
    return paged(known, arguments, lambda session: queries.session_as_dict(session, actor))


@blueprint.post("/sessions")
@blueprint.arguments(NewSession)
@blueprint.response(201, schemas.Session)
def schedule(body: dict[str, Any]) -> Answer:
    """Announce a session."""
    actor = signed_in()
    group = get_group(actor, body["group"])
    starts_at: datetime | None = body["starts_at"]

    def do() -> dict[str, Any]:
        session = services.schedule_session(
            actor,
            group,
            body["title"],
            body["openness"],
            version_id=_version(body["version"]),
            agenda_item=body["agenda_item"],
            starts_at=starts_at,
            ends_at=body["ends_at"],
            place=body["place"],
        )
        return queries.session_as_dict(session)

    return write(actor, "sessions", do, 201)


@blueprint.get("/sessions/<session_id>")
@blueprint.response(200, schemas.Session)
def read_session(session_id: str) -> dict[str, Any]:
    actor = current_actor()
    return queries.session_as_dict(queries.get_session(actor, number(session_id)), actor)


def _act(session_id: str, act: Act) -> Answer:
    actor = signed_in()

    def do() -> dict[str, Any]:
        return queries.session_as_dict(services.conduct(actor, number(session_id), act), actor)

    return write(actor, act, do, session=number(session_id))


@blueprint.post("/sessions/<session_id>/open")
@blueprint.response(200, schemas.Session)
def open_session(session_id: str) -> Answer:
    """The chair opens the session."""
    return _act(session_id, Act.OPEN)


@blueprint.post("/sessions/<session_id>/suspend")
@blueprint.response(200, schemas.Session)
def suspend_session(session_id: str) -> Answer:
    """The chair suspends the session."""
    return _act(session_id, Act.SUSPEND)


@blueprint.post("/sessions/<session_id>/resume")
@blueprint.response(200, schemas.Session)
def resume_session(session_id: str) -> Answer:
    """The chair resumes the session."""
    return _act(session_id, Act.RESUME)


@blueprint.post("/sessions/<session_id>/close")
@blueprint.response(200, schemas.Session)
def close_session(session_id: str) -> Answer:
    """The chair closes the session, for good."""
    return _act(session_id, Act.CLOSE)


@blueprint.post("/sessions/<session_id>/publish")
@blueprint.response(200, schemas.Session)
def publish_session(session_id: str) -> Answer:
    """The chair publishes the record of a closed session, for those to whom the session was open."""
    actor, session = signed_in(), number(session_id)
    return write(actor, "publish", lambda: queries.session_as_dict(services.publish(actor, session)), session=session)


@blueprint.post("/sessions/<session_id>/focus")
@blueprint.arguments(Focus)
@blueprint.response(200, schemas.Seq)
def focus(body: dict[str, Any], session_id: str) -> Answer:
    """Move the room to a paragraph, to one proposal on it, or to the whole text with null."""
    actor, session, to = signed_in(), number(session_id), (body["paragraph"], body["proposal"])
    return write(actor, "focus", lambda: {"seq": services.move_focus(actor, session, *to)}, session=session)


@blueprint.post("/sessions/<session_id>/version")
@blueprint.arguments(Table)
@blueprint.response(200, schemas.Seq)
def table_version(body: dict[str, Any], session_id: str) -> Answer:
    """Put another issued version on the table."""
    actor, session = signed_in(), number(session_id)
    version = _version(body["version"])
    assert version is not None
    return write(actor, "version", lambda: {"seq": services.table_version(actor, session, version)}, session=session)


@blueprint.post("/sessions/<session_id>/openness")
@blueprint.arguments(Openness)
@blueprint.response(200, schemas.Seq)
def set_openness(body: dict[str, Any], session_id: str) -> Answer:
    """Change to whom the session is open, from this moment on."""
    actor, session, to = signed_in(), number(session_id), body["openness"]
    return write(actor, "openness", lambda: {"seq": services.set_openness(actor, session, to)}, session=session)


@blueprint.post("/sessions/<session_id>/mode")
@blueprint.arguments(Mode)
@blueprint.response(200, schemas.Seq)
def set_mode(body: dict[str, Any], session_id: str) -> Answer:
    """Begin a segment: formal or informal, open to whom, attributed or not, from this moment on."""
    actor, session = signed_in(), number(session_id)
    return write(actor, "mode", lambda: {"seq": services.set_mode(actor, session, **body)}, session=session)


@blueprint.get("/sessions/<session_id>/events")
@blueprint.arguments(EventArguments, location="query")
@blueprint.response(200, page_of(schemas.Envelope, "Event"))
def list_events(arguments: dict[str, Any], session_id: str) -> dict[str, Any]:
    """The log of a session after an event: the same envelopes as in the room."""
    _session, channel = _heard(session_id, arguments["segment"])
    after, limit = arguments["after"], arguments["limit"]
    found = events_after(channel, after, limit)
    more = bool(found) and found[-1].seq < last_seq(channel)
    return {"items": [event.as_dict() for event in found], "next": str(found[-1].seq) if more else None}


@blueprint.get("/sessions/<session_id>/comments")
@blueprint.arguments(CommentArguments, location="query")
@blueprint.response(200, page_of(schemas.Comment, "Comment"))
def list_comments(arguments: dict[str, Any], session_id: str) -> dict[str, Any]:
    """The comments of a session in order. The cursor is the seq of the last one."""
    session, _channel = _heard(session_id, arguments["segment"])
    cursor = whole(arguments["cursor"] or "0")
    if cursor is None:
        raise Invalid("This cursor is not one that a list gave.", field="cursor")
    limit = arguments["limit"]
    found = queries.comments(
        session.id,
        openness=arguments["segment"],
        after=cursor,
        limit=limit + 1,
        paragraph=arguments["paragraph"],
    )
    page = found[:limit]
    return {"items": [_comment(c) for c in page], "next": str(page[-1].seq) if len(found) > limit else None}


@blueprint.post("/sessions/<session_id>/comments")
@blueprint.arguments(NewComment)
@blueprint.response(201, schemas.Seq)
def comment(body: dict[str, Any], session_id: str) -> Answer:
    """Comment on a paragraph, on words of it, or on the whole text. Its id makes it take effect once.

    So it does when it was sent over the socket before, by whoever does not know whether it arrived.
    """
    actor, session, key = signed_in(), number(session_id), request.headers.get("Idempotency-Key")
    id_ = parse_key(body.pop("id") or key or uuid4())

    def do() -> tuple[int, dict[str, Any]]:
        return 201, {"seq": services.comment(actor, session, id=id_, **body)}

    _status, answer = once_in(actor, session, key or id_, "live.comment", words_of({"session": session_id, **body}), do)
    return answer, 201


def _heard(session_id: str, segment: str) -> tuple[LiveSession, str]:
    """A session and one of its channels that the caller may read."""
    actor = current_actor()
    session = queries.readable_session(actor, number(session_id))
    if segment not in queries.heard(actor, session):
        raise NotFound("This segment was not found, or is not open to you.")
    return session, channel_of(session, segment)


def _comment(row: Comment) -> dict[str, Any]:
    return {
        "id": row.id,
        "seq": row.seq,
        "paragraph": row.paragraph,
        "version": str(row.version_id) if row.version_id else None,
        "quote": row.quote,
        "actor": row.actor,
        "body": row.body,
        "html": row.html,
        "at": timestamp(row.created_at),
    }


def _version(version_id: str | None) -> int | None:
    if version_id is None:
        return None
    version = whole(version_id)
    if version is None:
        raise Invalid("This is no id of a version.", field="version")
    return version
