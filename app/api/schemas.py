"""The shapes of what the API tells. Every member named here is there; more members may come."""

from __future__ import annotations

from marshmallow import Schema, fields


def text(**more: object) -> fields.String:
    return fields.String(required=True, **more)  # type: ignore[arg-type]


def maybe(**more: object) -> fields.String:
    return fields.String(required=True, allow_none=True, **more)  # type: ignore[arg-type]


class Party(Schema):
    code = text()
    kind = text()
    name = text(metadata={"description": "The UN short name, in the language asked for."})
    formal = text()
    region = maybe()


class Me(Schema):
    user = maybe()
    name = text()
    delegation = maybe()
    role = maybe()
    platform_role = maybe()
    speaks_for = fields.List(fields.Dict(keys=fields.String(), values=fields.String()), required=True)


class Group(Schema):
    id = text()
    slug = text()
    title = text()
    openness = text()
    pillars = fields.List(fields.String(), required=True)
    mandate = text(metadata={"description": "Markdown"})
    role = text(metadata={"description": "What the caller is in this group."})
    can = fields.List(fields.String(), required=True)


class Thread(Schema):
    id = text()
    group = text()
    title = text()
    pinned = fields.Boolean(required=True)
    closed = fields.Boolean(required=True)
    posts = fields.Integer(required=True)
    created_at = text()
    last_post_at = text()


class Actor(Schema):
    user = maybe()
    name = text()
    delegation = maybe()
    on_behalf_of = maybe()
    role = text()


class Post(Schema):
    id = text()
    thread = text()
    number = fields.Integer(required=True)
    actor = fields.Nested(Actor, required=True)
    body = text(metadata={"description": "Markdown"})
    html = text(metadata={"description": "Sanitised"})
    revision = fields.Integer(required=True)
    quotes = maybe()
    version = maybe()
    paragraph = maybe()
    created_at = text()
    edited_at = maybe()


class Finding(Schema):
    line = fields.Integer(required=True)
    message = text()


class NewDraft(Schema):
    id = text()
    version = text(metadata={"description": "The working copy."})
    report = fields.List(fields.Nested(Finding), required=True)
    title = text()
    platform_id = text()


class Draft(Schema):
    id = text()
    group = text()
    title = text()
    style = text()
    platform_id = text()
    version = maybe(metadata={"description": "The newest issued version that the caller may read."})
    working_copy = maybe(metadata={"description": "For those who hold the pen."})


class VersionLine(Schema):
    id = text()
    draft = text()
    number = fields.Integer(required=True)
    label = text()
    state = text()
    sha256 = maybe()
    issued_at = maybe()
    paragraph_count = fields.Integer(required=True)


class Paragraph(Schema):
    id = text(metadata={"description": "Its identity through all versions."})
    label = text()
    slug = text()
    kind = text()
    level = fields.Integer(required=True)
    text = fields.String(required=True)
    marker = text(metadata={"description": "The number as an imported source printed it."})
    pillars = fields.List(fields.String(), required=True)
    norm = maybe()
    deleted = fields.Boolean(required=True)
    revision = fields.Integer(required=True)


class Version(VersionLine):
    title = text()
    platform_id = text()
    paragraphs = fields.List(fields.Nested(Paragraph), required=True)


class Op(Schema):
    kind = text(metadata={"description": "equal, insert or delete"})
    text = fields.String(required=True)


class Row(Schema):
    kind = text(metadata={"description": "same, changed, new, deleted, moved or moved_changed"})
    id = text()
    from_label = maybe()
    to_label = maybe()
    ops = fields.List(fields.Nested(Op), required=True)


class Summary(Schema):
    changed = fields.Integer(required=True)
    new = fields.Integer(required=True)
    deleted = fields.Integer(required=True)
    moved = fields.Integer(required=True)
    same = fields.Integer(required=True)


class Comparison(Schema):
    from_ = fields.Nested(VersionLine, required=True, data_key="from")
    to = fields.Nested(VersionLine, required=True)
    summary = fields.Nested(Summary, required=True)
    rows = fields.List(fields.Nested(Row), required=True)


class Session(Schema):
    id = text()
    group = text()
    title = text()
    agenda_item = fields.String(required=True)
    state = text()
    openness = text()
    version = maybe()
    version_label = maybe()
    focus = maybe()
    starts_at = maybe()
    opened_at = maybe()
    closed_at = maybe()
    published_at = maybe()
    channel = text()


class Envelope(Schema):
    """One event of the record."""

    channel = text()
    seq = fields.Integer(required=True)
    type = text()
    at = text()
    actor = fields.Dict(required=True)
    data = fields.Dict(required=True)
    prev = text()
    hash = text()


class Comment(Schema):
    id = text()
    seq = fields.Integer(required=True)
    paragraph = maybe()
    version = maybe()
    quote = fields.Dict(required=True, allow_none=True)
    actor = fields.Nested(Actor, required=True)
    body = text()
    html = text()
    at = text()


class Seq(Schema):
    seq = fields.Integer(required=True)


class Hit(Schema):
    kind = text()
    url = text()
    title = text()
    party = maybe()
    pillars = fields.List(fields.String(), required=True)
    at = text()
    excerpt = text()


class Search(Schema):
    items = fields.List(fields.Nested(Hit), required=True)
    next = maybe()
    total = fields.Integer(required=True)


class Job(Schema):
    id = text()
    kind = text()
    state = text()
    done = fields.Integer(required=True)
    total = fields.Integer(required=True)
    step = fields.String(required=True)
    result = fields.Dict(required=True, allow_none=True)
    error = maybe()
