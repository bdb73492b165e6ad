"""What the routes of the API share: pages of lists, idempotent writes, versions of what is edited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from flask import jsonify, request
from flask_smorest import Blueprint as SmorestBlueprint
from marshmallow import EXCLUDE, Schema, fields, validate
from werkzeug.wrappers import Response

from app.accounts.identity import bearer_token
from app.accounts.queries import current_actor, writer
from app.errors import Conflict, Invalid, NotFound, Unauthenticated
from app.extensions import limiter
from app.live.acting import once_in
from app.policy import Actor
from app.record import once, timestamp
from app.web.numbers import whole

PAGE = 50
PAGE_LIMIT = 500

limit_writes = limiter.shared_limit(
    "300/minute", scope="api", key_func=writer, methods=["POST", "PUT", "PATCH", "DELETE"]
)
"""What one person may write over the API, all routes together: more than a person does, less than floods a room."""

T = TypeVar("T")


class Blueprint(SmorestBlueprint):  # type: ignore[misc]
    """Routes whose part of the OpenAPI document is written when somebody asks for it: it is half of the app's start."""

    def register_views_in_doc(self, api: Any, app: Any, spec: Any, **options: Any) -> None:
        api.later(partial(super().register_views_in_doc, api, app, spec, **options))


def make_blueprint(name: str, description: str) -> Blueprint:
    blueprint = Blueprint(f"api_{name}", f"app.api.{name}", url_prefix="/api/v1", description=description)
    blueprint.before_request(_refuse_dead_token)
    limit_writes(blueprint)
    return blueprint


def _refuse_dead_token() -> None:
    """Who sends a token means to be somebody: one that is none, or none any more, is not read as the public."""
    if bearer_token(request) and not current_actor().signed_in:
        raise Unauthenticated("This token is not valid, or not any more. Send another one, or none.")


class Body(Schema):
    """A request body. Members that we do not know are left alone: clients may be newer than we are."""

    class Meta:
        unknown = EXCLUDE


class PageArguments(Schema):
    """`cursor` is the `next` of the page before; `limit` is how many items at the most."""

    class Meta:
        unknown = EXCLUDE

    cursor = fields.String(load_default=None, validate=validate.Length(max=40))
    limit = fields.Integer(load_default=PAGE, validate=validate.Range(1, PAGE_LIMIT))


def page_of(item: type[Schema], name: str) -> type[Schema]:
    """The schema of a list of `item`."""
    return Schema.from_dict(
        {
            "items": fields.List(fields.Nested(item), required=True),
            "next": fields.String(required=True, allow_none=True),
        },
        name=f"{name}List",
    )


def paged(things: Sequence[T], arguments: dict[str, Any], as_dict: Callable[[T], Any]) -> dict[str, Any]:
    """A page of a list that is at hand as a whole. The cursor is an offset."""
    begin, limit = _offset(arguments["cursor"]), arguments["limit"]
    page = things[begin : begin + limit]
    more = begin + limit < len(things)
    return {"items": [as_dict(thing) for thing in page], "next": str(begin + limit) if more else None}


def _offset(cursor: str | None) -> int:
    if cursor is None:
        return 0
    offset = whole(cursor)
    if offset is None:
        raise Invalid("This cursor is not one that a list gave.", field="cursor")
    return offset


def number(text: str) -> int:
    """The database's key of an id. What is no id names nothing."""
    key = whole(text)
    if key is None:
        raise NotFound("There is nothing with this id, or it is not open to you.")
    return key


def signed_in() -> Actor:
    """The actor of a write. The public writes nothing."""
    actor = current_actor()
    if not actor.signed_in:
        raise Unauthenticated("Send a token (Authorization: Bearer TOKEN), or sign in.")
    return actor


def write(
    actor: Actor, verb: str, do: Callable[[], dict[str, Any]], status: int = 200, *, session: int | None = None
) -> tuple[dict[str, Any], int]:
    """Run a write, once for its Idempotency-Key when it carries one.

    Of a write in a `session` no name is remembered where the session keeps none.
    """
    key = request.headers.get("Idempotency-Key")
    if not key:
        return do(), status
    payload = [request.path, request.get_json(silent=True)]
    said = (key, f"{request.method} {verb}", payload, lambda: (status, do()))
    given, answer = once(actor.key, *said) if session is None else once_in(actor, session, *said)
    return answer, given


def etag(revision: int) -> str:
    return f'"{revision}"'


def based_on(required: bool = True) -> int | None:
    """The revision that an edit is based on, from If-Match."""
    said = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if (revision := whole(said)) is not None:
        return revision
    if required:
        raise Conflict(
            "An edit carries the version it is based on: send If-Match with the ETag that you read.", status=428
        )
    return None


def with_etag(body: dict[str, Any], revision: int, status: int = 200) -> Response:
    response = jsonify(body)
    response.status_code = status
    response.headers["ETag"] = etag(revision)
    return response


def moment(at: Any) -> str | None:
    return timestamp(at) if at else None
