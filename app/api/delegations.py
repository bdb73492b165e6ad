"""The delegate over HTTP: notes of one's delegation, statements, the inbox, what was missed, how far one has seen."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from flask import Response
from marshmallow import fields, validate

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
from app.delegations import awareness, catchup, inbox, notes, seen, statements
from app.delegations.models import DelegationNote, Statement
from app.delegations.notes import ShownNote
from app.delegations.rights import require_of_delegation
from app.drafts.queries import get_version
from app.live.queries import readable_session, require_present
from app.web.numbers import LARGEST

blueprint = make_blueprint("delegations", "What a delegation keeps for itself, and its statements")

Answer = tuple[dict[str, Any], int]


# --- Notes ---------------------------------------------------------------------------------------------------------


class Note(schemas.Schema):
    id = fields.String(required=True)
    draft = fields.String(required=True)
    version = fields.String(required=True)
    paragraph = fields.String(required=True, allow_none=True)
    body = fields.String(required=True)
    html = fields.String(required=True)
    revision = fields.Integer(required=True)
    author = fields.String(required=True)
    edited_by = fields.String(required=True)
    edited_at = fields.String(required=True)
    changed = fields.Boolean(required=True, metadata={"description": "The words of the paragraph changed since"})


class NewNote(Body):
    id = fields.UUID(load_default=None, allow_none=True)
    body = fields.String(required=True)
    paragraph = fields.String(load_default=None, allow_none=True)


class EditedNote(Body):
    body = fields.String(required=True)


def _note(note: DelegationNote, changed: bool = False) -> dict[str, Any]:
    return {
        "id": note.id,
        "draft": str(note.draft_id),
        "version": str(note.version_id),
        "paragraph": note.paragraph,
        "body": note.body,
        "html": note.html,
        "revision": note.revision,
        "author": note.author,
        "edited_by": note.edited_by,
        "edited_at": moment(note.edited_at),
        "changed": changed,
    }


@blueprint.get("/versions/<version_id>/notes")
@blueprint.arguments(PageArguments, location="query")
@blueprint.response(200, page_of(Note, "Note"))
def list_notes(arguments: dict[str, Any], version_id: str) -> dict[str, Any]:
    """The notes of one's own delegation on a text, beside this version."""
    actor = signed_in()
    version = get_version(actor, number(version_id))
    require_of_delegation(actor, version.draft.group_id)

    def shown(one: ShownNote) -> dict[str, Any]:
        return _note(one.note, one.changed)

    return paged(notes.notes_on(actor, version), arguments, shown)


@blueprint.post("/versions/<version_id>/notes")
@blueprint.arguments(NewNote)
@blueprint.response(201, Note)
def add_note(body: dict[str, Any], version_id: str) -> Answer:
    """Write a note for one's own delegation."""
    actor = signed_in()
    identity = str(body["id"] or uuid.uuid4())

    def do() -> dict[str, Any]:
        said = {"id": identity, "body": body["body"], "paragraph": body["paragraph"]}
        return _note(notes.add(actor, number(version_id), **said))

    return write(actor, "note.add", do, 201)


@blueprint.get("/notes/<note_id>")
@blueprint.response(200, Note)
def read_note(note_id: str) -> Response:
    """One note, with the ETag that an edit of it names."""
    note = notes.get(signed_in(), note_id)
    return with_etag(_note(note), note.revision)  # type: ignore[return-value]


@blueprint.patch("/notes/<note_id>")
@blueprint.arguments(EditedNote)
@blueprint.response(200, Note)
def edit_note(body: dict[str, Any], note_id: str) -> Answer:
    """Change a note. A stale edit is answered 412 with both texts."""
    actor, revision = signed_in(), based_on()
    return write(actor, "note.edit", lambda: _note(notes.edit(actor, note_id, body=body["body"], revision=revision)))


# --- Statements ----------------------------------------------------------------------------------------------------


class StatementOut(schemas.Schema):
    id = fields.String(required=True)
    session = fields.String(required=True)
    delegation = fields.String(required=True)
    on_behalf_of = fields.String(required=True, allow_none=True)
    title = fields.String(required=True)
    agenda_item = fields.String(required=True)
    delivery = fields.String(required=True)
    language = fields.String(required=True)
    body = fields.String(required=True)
    file_type = fields.String(required=True)
    sha256 = fields.String(required=True)
    corrects = fields.String(required=True, allow_none=True)
    published_at = fields.String(required=True, allow_none=True)


class NewStatement(Body):
    title = fields.String(required=True)
    body = fields.String(required=True)
    delivery = fields.String(load_default=statements.DELIVERIES[0], validate=validate.OneOf(statements.DELIVERIES))
    language = fields.String(load_default="en")
    agenda_item = fields.String(load_default=None, allow_none=True)
    on_behalf_of = fields.String(load_default=None, allow_none=True)
    for_interpreters = fields.Boolean(load_default=False)
    when_spoken = fields.Boolean(load_default=False)
    corrects = fields.String(load_default=None, allow_none=True)


def _statement(row: Statement) -> dict[str, Any]:
    return {
        "id": row.id,
        "session": str(row.session_id),
        "delegation": row.party.code,
        "on_behalf_of": row.on_behalf_of,
        "title": row.title,
        "agenda_item": row.agenda_item,
        "delivery": row.delivery,
        "language": row.language,
        "body": row.body,
        "file_type": row.file_type,
        "sha256": row.sha256,
        "corrects": row.corrects_id,
        "published_at": moment(row.published_at),
    }


@blueprint.get("/sessions/<session_id>/statements")
@blueprint.arguments(PageArguments, location="query")
@blueprint.response(200, page_of(StatementOut, "Statement"))
def list_statements(arguments: dict[str, Any], session_id: str) -> dict[str, Any]:
    """The statements of a session that one may read."""
    actor = current_actor()
    session = readable_session(actor, number(session_id))
    return paged(statements.of_session(actor, session), arguments, _statement)


@blueprint.post("/sessions/<session_id>/statements")
@blueprint.arguments(NewStatement)
@blueprint.response(201, StatementOut)
def hand_in(body: dict[str, Any], session_id: str) -> Answer:
    """Hand in a typed statement. Nobody else reads it until it is published."""
    actor = signed_in()
    return write(
        actor, "statement.hand_in", lambda: _statement(statements.hand_in(actor, number(session_id), body)), 201
    )


@blueprint.get("/statements/<statement_id>")
@blueprint.response(200, StatementOut)
def read_statement(statement_id: str) -> dict[str, Any]:
    """One statement."""
    return _statement(statements.get(current_actor(), statement_id))


@blueprint.post("/statements/<statement_id>/publish")
@blueprint.response(200, StatementOut)
def publish(statement_id: str) -> Answer:
    """Let all read it to whom its segment of the session is open."""
    actor = signed_in()
    return write(actor, "statement.publish", lambda: _statement(statements.publish(actor, statement_id)))


# --- The inbox, and what was missed --------------------------------------------------------------------------------


class InboxItem(schemas.Schema):
    key = fields.String(required=True)
    kind = fields.String(required=True)
    title = fields.String(required=True)
    detail = fields.String(required=True)
    url = fields.String(required=True)
    at = fields.String(required=True)
    deadline = fields.String(required=True, allow_none=True)
    session = fields.String(required=True, allow_none=True)
    read = fields.Boolean(required=True)


class Inbox(schemas.Schema):
    items = fields.List(fields.Nested(InboxItem), required=True)
    next = fields.String(required=True, allow_none=True)
    unread = fields.Integer(required=True)


class Marks(Body):
    keys = fields.List(fields.String(), required=True, validate=validate.Length(max=500))
    dismiss = fields.Boolean(load_default=False)


class Marked(schemas.Schema):
    unread = fields.Integer(required=True)


class Seen(Body):
    seqs = fields.Dict(
        keys=fields.String(), values=fields.Integer(validate=validate.Range(0, LARGEST)), required=True,
        validate=validate.Length(max=10), metadata={"description": "Channel to the last event that was seen"},
    )  # fmt: skip


class Digest(schemas.Schema):
    session = fields.String(required=True)
    since = fields.String(required=True, allow_none=True)
    events = fields.Integer(required=True)
    comments = fields.Integer(required=True)
    stances_on_own = fields.Integer(required=True)
    line = fields.String(required=True)


class OwnWord(schemas.Schema):
    kind = fields.String(required=True)
    words = fields.String(required=True)
    target = fields.String(required=True)
    who = fields.String(required=True)
    at = fields.String(required=True)
    side = fields.String(required=True)


class OwnDraft(schemas.Schema):
    proposal = fields.String(required=True)
    kind = fields.String(required=True)
    who = fields.String(required=True)
    side = fields.String(required=True)


class Aware(schemas.Schema):
    words = fields.List(fields.Nested(OwnWord), required=True)
    drafts = fields.List(fields.Nested(OwnDraft), required=True)


@blueprint.get("/inbox")
@blueprint.arguments(PageArguments, location="query")
@blueprint.response(200, Inbox)
def read_inbox(arguments: dict[str, Any]) -> dict[str, Any]:
    """What needs one's delegation now, the nearest deadline first."""
    found = inbox.items(signed_in())
    return paged(found, arguments, _item) | {"unread": inbox.unread(found)}


@blueprint.post("/inbox/marks")
@blueprint.arguments(Marks)
@blueprint.response(200, Marked)
def mark(body: dict[str, Any]) -> dict[str, Any]:
    """Note that items were read, or put them away. For oneself alone."""
    actor = signed_in()
    inbox.mark(actor, body["keys"], dismiss=body["dismiss"])
    return {"unread": inbox.unread(inbox.items(actor))}


@blueprint.post("/sessions/<session_id>/seen")
@blueprint.arguments(Seen)
@blueprint.response(204)
def note_seen(body: dict[str, Any], session_id: str) -> None:
    """How far one has seen the channels of a session."""
    seen.note_seen(signed_in(), number(session_id), body["seqs"])


@blueprint.get("/catch-up")
@blueprint.arguments(PageArguments, location="query")
@blueprint.response(200, page_of(Digest, "Digest"))
def catch_up(arguments: dict[str, Any]) -> dict[str, Any]:
    """What happened in the sessions that one follows or was in, since one looked."""
    return paged(catchup.all_missed(signed_in(), datetime.now(UTC)), arguments, _digest)


@blueprint.get("/sessions/<session_id>/own/<paragraph>")
@blueprint.response(200, Aware)
def own(session_id: str, paragraph: str) -> dict[str, Any]:
    """What one's own delegation said in this session on a paragraph, and drafts on it."""
    actor = signed_in()
    session = readable_session(actor, number(session_id))
    require_present(actor, session)
    require_of_delegation(actor, session.group_id)
    found = awareness.in_session(actor, session, paragraph)
    names = ("kind", "words", "target", "who", "at", "side")
    return {
        "words": [{name: getattr(word, name) for name in names} for word in found.words],
        "drafts": [
            {"proposal": one.row.id, "kind": one.row.kind, "who": one.who, "side": one.side} for one in found.drafts
        ],
    }


def _item(item: inbox.Item) -> dict[str, Any]:
    return {
        "key": item.key,
        "kind": item.kind,
        "title": item.title,
        "detail": item.detail,
        "url": item.url,
        "at": moment(item.at),
        "deadline": moment(item.deadline),
        "session": str(item.session) if item.session else None,
        "read": item.read,
    }


def _digest(found: catchup.Missed) -> dict[str, Any]:
    return {
        "session": str(found.session.id),
        "since": moment(found.since),
        "events": found.events,
        "comments": found.comments,
        "stances_on_own": found.stances_on_own,
        "line": found.line,
    }
