"""Comments beside the text over HTTP: where they stand in a version, and attaching one whose words are gone."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from app.accounts.queries import current_actor
from app.api import schemas
from app.api.support import Body, PageArguments, make_blueprint, number, page_of, paged, signed_in, write
from app.drafts import queries as texts
from app.errors import Invalid
from app.live import attaching, beside
from app.live.attachments import Attachment
from app.live.beside import Remark
from app.record import timestamp
from app.web.numbers import whole

blueprint = make_blueprint("remarks", "Comments beside the words of a version, and where they were attached by hand")


class Attached(Schema):
    version = schemas.word()
    paragraph = schemas.word()
    label = schemas.word()
    quote = fields.Dict(required=True, allow_none=True)
    actor = fields.Nested(schemas.Actor, required=True)
    at = schemas.word()


class Placed(Schema):
    id = schemas.word()
    session = schemas.word()
    actor = fields.Nested(schemas.Actor, required=True)
    body = schemas.word()
    at = schemas.word()
    paragraph = schemas.maybe(metadata={"description": "Where it belongs now; null: the text as a whole."})
    start = fields.Integer(required=True, allow_none=True)
    end = fields.Integer(required=True, allow_none=True)
    how = schemas.word(metadata={"description": "exact, moved, reworded; of an orphan, why its words are gone."})
    orphan = fields.Boolean(required=True)
    original = fields.Dict(required=True, allow_none=True, metadata={"description": "The quotation as it was made."})
    attached = fields.List(fields.Nested(Attached), required=True)


class NewAttachment(Body):
    paragraph = fields.String(required=True, metadata={"description": "Identity, slug or label."})
    quote = fields.Dict(
        load_default=None, allow_none=True, metadata={"description": "Null: the comment is about the whole paragraph."}
    )
    version = fields.String(load_default=None, allow_none=True, metadata={"description": "The one that you look at."})


@blueprint.get("/versions/<version_id>/comments")
@blueprint.arguments(PageArguments, location="query")
@blueprint.response(200, page_of(Placed, "PlacedComment"))
def list_placed(arguments: dict[str, Any], version_id: str) -> dict[str, Any]:
    """Every comment on a text as it stands in this version: on its words, or as an orphan."""
    actor = current_actor()
    version = texts.get_version(actor, number(version_id))
    return paged(beside.all_remarks(actor, version), arguments, _placed)


@blueprint.post("/comments/<comment_id>/attachment")
@blueprint.arguments(NewAttachment)
@blueprint.response(201, Attached)
def attach(body: dict[str, Any], comment_id: str) -> tuple[dict[str, Any], int]:
    """Attach a comment whose words are gone to words of the newest version, or to a whole paragraph."""
    actor = signed_in()
    seen = body["version"]
    version = whole(seen)
    if seen is not None and version is None:
        raise Invalid("This is no id of a version.", field="version")

    def do() -> dict[str, Any]:
        return _attached(attaching.attach(actor, comment_id, body["paragraph"], body["quote"], version_id=version))

    return write(actor, "attachment", do, 201)


def _placed(remark: Remark) -> dict[str, Any]:
    comment, place = remark.comment, remark.place
    return {
        "id": comment.id,
        "session": str(comment.session_id),
        "actor": comment.actor,
        "body": comment.body,
        "at": timestamp(comment.created_at),
        "paragraph": remark.paragraph,
        "start": place[0] if place else None,
        "end": place[1] if place else None,
        "how": remark.how,
        "orphan": remark.lost,
        "original": comment.quote,
        "attached": [_attached(done) for done in remark.history],
    }


def _attached(done: Attachment) -> dict[str, Any]:
    return {
        "version": str(done.version_id),
        "paragraph": done.paragraph,
        "label": done.label,
        "quote": done.quote,
        "actor": done.actor,
        "at": timestamp(done.at),
    }
