"""Working groups, threads and posts over HTTP."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate
from werkzeug.wrappers import Response

from app.accounts.queries import current_actor
from app.api import schemas
from app.api.support import (
    Body,
    PageArguments,
    based_on,
    make_blueprint,
    moment,
    number,
    page_of,
    paged,
    signed_in,
    with_etag,
    write,
)
from app.core.pillars import PILLARS
from app.core.rules.rulesets import DEFAULT, RULESETS
from app.core.rules.sessions import OPENNESS_ORDER
from app.groups import queries, services
from app.groups.models import Group, Post, Thread
from app.policy import Actor, GroupId, actions, role_in

blueprint = make_blueprint("groups", "Working groups, threads and posts")
Answer = tuple[dict[str, Any], int]


class NewGroup(Body):
    slug = fields.String(required=True, validate=validate.Regexp(r"^[a-z0-9]+(-[a-z0-9]+)*\Z"))
    title = fields.String(required=True, validate=validate.Length(1, 200))
    openness = fields.String(required=True, validate=validate.OneOf(OPENNESS_ORDER))
    mandate = fields.String(load_default="")
    pillars = fields.List(fields.String(validate=validate.OneOf(PILLARS)), load_default=list)
    ruleset = fields.String(validate=validate.OneOf(RULESETS), load_default=DEFAULT)


class NewThread(Body):
    title = fields.String(required=True, validate=validate.Length(1, 200))
    body = fields.String(required=True)
    on_behalf_of = fields.String(load_default=None, allow_none=True)


class NewPost(Body):
    body = fields.String(required=True)
    quotes = fields.String(load_default=None, allow_none=True, metadata={"description": "The id of a post"})
    version = fields.String(load_default=None, allow_none=True)
    paragraph = fields.String(load_default=None, allow_none=True)
    on_behalf_of = fields.String(load_default=None, allow_none=True)


class EditedPost(Body):
    body = fields.String(required=True)


@blueprint.get("/groups")
@blueprint.arguments(PageArguments, location="query")
@blueprint.response(200, page_of(schemas.Group, "Group"))
def list_groups(arguments: dict[str, Any]) -> dict[str, Any]:
    """The working groups that the caller may know of."""
    actor = current_actor()
    return paged(queries.readable_groups(actor), arguments, lambda group: group_as_dict(group, actor))


@blueprint.post("/groups")
@blueprint.arguments(NewGroup)
@blueprint.response(201, schemas.Group)
def create_group(body: dict[str, Any]) -> Answer:
    """Set up a working group. For the secretariat."""
    actor = signed_in()
    return write(actor, "groups", lambda: group_as_dict(services.create_group(actor, **body), actor), 201)


@blueprint.get("/groups/<slug>")
@blueprint.response(200, schemas.Group)
def read_group(slug: str) -> dict[str, Any]:
    actor = current_actor()
    return group_as_dict(queries.get_group(actor, slug), actor)


@blueprint.get("/groups/<slug>/threads")
@blueprint.arguments(PageArguments, location="query")
@blueprint.response(200, page_of(schemas.Thread, "Thread"))
def list_threads(arguments: dict[str, Any], slug: str) -> dict[str, Any]:
    group = queries.get_group(current_actor(), slug)
    return paged(queries.threads_of(group), arguments, thread_as_dict)


@blueprint.post("/groups/<slug>/threads")
@blueprint.arguments(NewThread)
@blueprint.response(201, schemas.Thread)
def start_thread(body: dict[str, Any], slug: str) -> Answer:
    """Open a thread with its first post."""
    actor = signed_in()
    group = queries.get_group(actor, slug)
    return write(actor, "threads", lambda: thread_as_dict(services.start_thread(actor, group, **body)), 201)


@blueprint.get("/threads/<thread_id>")
@blueprint.response(200, schemas.Thread)
def read_thread(thread_id: str) -> dict[str, Any]:
    return thread_as_dict(queries.get_thread(current_actor(), number(thread_id)))


@blueprint.get("/threads/<thread_id>/posts")
@blueprint.arguments(PageArguments, location="query")
@blueprint.response(200, page_of(schemas.Post, "Post"))
def list_posts(arguments: dict[str, Any], thread_id: str) -> dict[str, Any]:
    """The posts of a thread in order."""
    thread = queries.get_thread(current_actor(), number(thread_id))
    return paged(queries.posts_of(thread), arguments, post_as_dict)


@blueprint.post("/threads/<thread_id>/posts")
@blueprint.arguments(NewPost)
@blueprint.response(201, schemas.Post)
def post(body: dict[str, Any], thread_id: str) -> Answer:
    """Write in a thread, for one's delegation or a group of States."""
    actor = signed_in()
    thread = queries.get_thread(actor, number(thread_id))
    said = {
        "quotes_id": number(body["quotes"]) if body["quotes"] else None,
        "version_id": number(body["version"]) if body["version"] else None,
        "paragraph": body["paragraph"],
        "on_behalf_of": body["on_behalf_of"],
    }
    return write(actor, "posts", lambda: post_as_dict(services.post(actor, thread, body["body"], **said)), 201)


@blueprint.get("/posts/<post_id>")
@blueprint.response(200, schemas.Post)
def read_post(post_id: str) -> Response:
    """One post, with the ETag that an edit of it names."""
    found = queries.get_post(current_actor(), number(post_id))
    return with_etag(post_as_dict(found), found.revision)


@blueprint.put("/posts/<post_id>")
@blueprint.arguments(EditedPost)
@blueprint.response(200, schemas.Post)
def edit_post(body: dict[str, Any], post_id: str) -> Response:
    """Change the words of one's own post; what it said before stays in its history."""
    actor: Actor = signed_in()
    revision = based_on()
    assert revision is not None
    found = queries.get_post(actor, number(post_id))
    answer, status = write(
        actor, "post", lambda: post_as_dict(services.edit_post(actor, found.id, body["body"], revision))
    )
    return with_etag(answer, answer["revision"], status)


def group_as_dict(group: Group, actor: Actor) -> dict[str, Any]:
    return {
        "id": str(group.id),
        "slug": group.slug,
        "title": group.title,
        "openness": group.openness,
        "pillars": group.pillars or [],
        "mandate": group.mandate,
        "ruleset": group.ruleset,
        "role": str(role_in(actor, GroupId(group.id))),
        "can": actions(actor, GroupId(group.id), group.openness),
    }


def thread_as_dict(thread: Thread) -> dict[str, Any]:
    return {
        "id": str(thread.id),
        "group": thread.group.slug,
        "title": thread.title,
        "pinned": thread.pinned,
        "closed": thread.closed,
        "posts": thread.posts,
        "created_at": moment(thread.created_at),
        "last_post_at": moment(thread.last_post_at),
    }


def post_as_dict(row: Post) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "thread": str(row.thread_id),
        "number": row.number,
        "actor": row.actor,
        "body": row.body,
        "html": row.html,
        "revision": row.revision,
        "quotes": str(row.quotes_id) if row.quotes_id else None,
        "version": str(row.version_id) if row.version_id else None,
        "paragraph": row.paragraph,
        "created_at": moment(row.created_at),
        "edited_at": moment(row.edited_at),
    }
