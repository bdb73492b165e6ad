"""Silence procedures over HTTP: the same commands as the pages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema, fields, validate

from app.accounts.queries import current_actor
from app.api import schemas
from app.api.support import Body, PageArguments, make_blueprint, number, page_of, paged, signed_in, write
from app.core.rules.silence import State
from app.groups.queries import get_group
from app.record import PAGE, events_after, last_seq, transaction
from app.silence import breaks, queries, reception, services, views
from app.silence.models import SilenceProcedure

blueprint = make_blueprint("silence", "Silence procedures: a frozen text, a deadline, objections in writing")

Answer = tuple[dict[str, Any], int]


blueprint.before_request(reception.note)


class Under(Schema):
    paragraph = schemas.word()
    label = fields.String(required=True)


class PublishedObjection(Schema):
    """What a letter says of the objections to a paragraph; to the text as a whole where `paragraph` is null."""

    paragraph = schemas.maybe()
    label = fields.String(required=True)
    parties = fields.List(
        fields.Dict(), required=True, allow_none=True, metadata={"description": "Null where no name is published."}
    )


class ChairLetter(Schema):
    number = fields.Integer(required=True)
    kind = schemas.word()
    body = fields.String(required=True, metadata={"description": "Markdown"})
    at = schemas.word()
    objections = fields.List(fields.Nested(PublishedObjection), required=True)


class ObjectedParagraph(Schema):
    paragraph = schemas.word()
    label = fields.String(required=True)
    wording = fields.String(required=True)
    reason = fields.String(required=True)


class SilenceObjection(Schema):
    id = schemas.word()
    party = schemas.word()
    on_behalf_of = schemas.maybe()
    late = fields.Boolean(required=True)
    paragraphs = fields.List(fields.Nested(ObjectedParagraph), required=True)
    reason = fields.String(required=True)
    received_at = schemas.word()
    withdrawn_at = schemas.maybe()


class Silence(Schema):
    """A silence procedure. Its `state` is running until the deadline, whoever has objected by then."""

    id = schemas.word()
    group = schemas.word()
    draft = schemas.word()
    version = schemas.word()
    version_label = schemas.word()
    state = schemas.word()
    outcome = schemas.maybe()
    deadline = schemas.word()
    time_zone = schemas.word()
    now = schemas.word(metadata={"description": "The time of the server, by which the deadline counts."})
    scope = fields.List(
        fields.Nested(Under), required=True, allow_none=True, metadata={"description": "Null: the text as a whole."}
    )
    message = fields.String(required=True)
    consequence = fields.String(required=True)
    extensions = fields.Integer(required=True)
    told = fields.Boolean(required=True, metadata={"description": "The Chair said that it is broken, before the end."})
    opened_at = schemas.maybe()
    ended_at = schemas.maybe()
    reason = fields.String(required=True)
    predecessor = schemas.maybe()
    letters = fields.List(fields.Nested(ChairLetter), required=True)
    objections = fields.List(
        fields.Nested(SilenceObjection),
        required=True,
        metadata={"description": "All for the chair and the secretariat, for a delegation its own, else none."},
    )
    channel = schemas.word()


class ListArguments(PageArguments):
    group = fields.String(load_default=None)
    state = fields.String(load_default=None, validate=validate.OneOf([state.value for state in State]))


class EventArguments(Body):
    after = fields.Integer(load_default=0, validate=validate.Range(0, 2**53))
    limit = fields.Integer(load_default=100, validate=validate.Range(1, PAGE))


class NewSilence(Body):
    deadline = fields.AwareDateTime(required=True)
    scope = fields.List(fields.String(), load_default=None, allow_none=True, validate=validate.Length(max=5000))
    message = fields.String(load_default="")
    consequence = fields.String(load_default="")
    short_reason = fields.String(
        load_default="", metadata={"description": "Why there is less time than the rules give."}
    )
    predecessor = fields.String(load_default=None, allow_none=True)
    open = fields.Boolean(load_default=False, metadata={"description": "Open it at once."})


class Extension(Body):
    deadline = fields.AwareDateTime(required=True)
    reason = fields.String(required=True)


class Reason(Body):
    reason = fields.String(required=True)


class NewLetter(Body):
    body = fields.String(required=True)
    names = fields.Boolean(
        load_default=None, allow_none=True, metadata={"description": "Say who objects; default: as the rules have it."}
    )


class Formal(Body):
    session = fields.String(load_default=None, allow_none=True)
    note = fields.String(load_default="")


class ObjectedTo(Body):
    paragraph = fields.String(required=True)
    wording = fields.String(load_default="")
    reason = fields.String(load_default="")


class NewObjection(Body):
    """Without paragraphs it is an objection to the text as a whole."""

    paragraphs = fields.List(fields.Nested(ObjectedTo), load_default=list, validate=validate.Length(max=5000))
    reason = fields.String(load_default="")
    on_behalf_of = fields.String(load_default=None, allow_none=True)


class Behalf(Body):
    on_behalf_of = fields.String(load_default=None, allow_none=True)


@blueprint.get("/silence")
@blueprint.arguments(ListArguments, location="query")
@blueprint.response(200, page_of(Silence, "Silence"))
def list_silences(arguments: dict[str, Any]) -> dict[str, Any]:
    """The procedures on texts that the caller may read: those that run first."""
    actor = current_actor()
    group = get_group(actor, arguments["group"]).id if arguments["group"] else None
    states = [arguments["state"]] if arguments["state"] else []
    found = queries.silences(actor, group_id=group, states=states)
    return paged(found, arguments, lambda silence: views.as_dict(actor, silence, datetime.now(UTC)))


@blueprint.post("/versions/<version_id>/silence")
@blueprint.arguments(NewSilence)
@blueprint.response(201, Silence)
def prepare(body: dict[str, Any], version_id: str) -> Answer:
    """Prepare a silence procedure on an issued version; the chair may open it in the same act."""
    actor = signed_in()

    def do() -> dict[str, Any]:
        with transaction():  # what cannot be opened is not left behind as prepared
            found = services.prepare(actor, number(version_id), body)
            if body["open"]:
                services.open_silence(actor, found.id)
        return _as_dict(found.id)

    return write(actor, "silence", do, 201)


@blueprint.get("/silence/<silence_id>")
@blueprint.response(200, Silence)
def read(silence_id: str) -> dict[str, Any]:
    return _as_dict(number(silence_id))


@blueprint.get("/silence/<silence_id>/events")
@blueprint.arguments(EventArguments, location="query")
@blueprint.response(200, page_of(schemas.Envelope, "SilenceEvent"))
def list_events(arguments: dict[str, Any], silence_id: str) -> dict[str, Any]:
    """The log of a procedure: what is told to all who may read the text."""
    channel = queries.get_silence(current_actor(), number(silence_id)).channel
    return _page(channel, arguments)


@blueprint.get("/silence/<silence_id>/chair-events")
@blueprint.arguments(EventArguments, location="query")
@blueprint.response(200, page_of(schemas.Envelope, "SilenceChairEvent"))
def list_chair_events(arguments: dict[str, Any], silence_id: str) -> dict[str, Any]:
    """The log of the objections, for the chair and the secretariat."""
    return _page(queries.for_the_chair(current_actor(), number(silence_id)).chair_channel, arguments)


def _page(channel: str, arguments: dict[str, Any]) -> dict[str, Any]:
    found = events_after(channel, arguments["after"], arguments["limit"])
    more = bool(found) and found[-1].seq < last_seq(channel)
    return {"items": [event.as_dict() for event in found], "next": str(found[-1].seq) if more else None}


@blueprint.post("/silence/<silence_id>/open")
@blueprint.response(200, Silence)
def open_(silence_id: str) -> Answer:
    """The chair opens what was prepared: the text is frozen until the deadline."""
    actor = signed_in()
    return _write(silence_id, "open", lambda id_: services.open_silence(actor, id_))


@blueprint.post("/silence/<silence_id>/discard")
@blueprint.response(200, Silence)
def discard(silence_id: str) -> Answer:
    """Drop what was prepared."""
    actor = signed_in()
    return _write(silence_id, "discard", lambda id_: services.discard(actor, id_))


@blueprint.post("/silence/<silence_id>/extend")
@blueprint.arguments(Extension)
@blueprint.response(200, Silence)
def extend(body: dict[str, Any], silence_id: str) -> Answer:
    """Give more time, before the deadline."""
    received = reception.received()
    actor = signed_in()
    return _write(
        silence_id,
        "extend",
        lambda id_: services.extend(actor, id_, body["deadline"], body["reason"], received=received),
    )


@blueprint.post("/silence/<silence_id>/break")
@blueprint.arguments(NewObjection)
@blueprint.response(200, Silence)
def break_(body: dict[str, Any], silence_id: str) -> Answer:
    """Object. In time it breaks the silence; after the deadline it is a late objection."""
    received = reception.received()
    actor = signed_in()
    given = {"paragraphs": body["paragraphs"], "reason": body["reason"]}
    return _write(
        silence_id,
        "break",
        lambda id_: breaks.break_silence(actor, id_, given, on_behalf_of=body["on_behalf_of"], received=received),
    )


@blueprint.post("/silence/<silence_id>/break/withdraw")
@blueprint.arguments(Behalf)
@blueprint.response(200, Silence)
def withdraw_break(body: dict[str, Any], silence_id: str) -> Answer:
    """Take an objection back. The silence stays broken."""
    actor = signed_in()
    return _write(
        silence_id,
        "break/withdraw",
        lambda id_: breaks.withdraw_break(actor, id_, on_behalf_of=body["on_behalf_of"]),
    )


@blueprint.post("/silence/<silence_id>/tell")
@blueprint.response(200, Silence)
def tell(silence_id: str) -> Answer:
    """The chair informs all, before the deadline, that silence is broken."""
    actor = signed_in()
    return _write(silence_id, "tell", lambda id_: services.tell(actor, id_))


@blueprint.post("/silence/<silence_id>/withdraw")
@blueprint.arguments(Reason)
@blueprint.response(200, Silence)
def withdraw(body: dict[str, Any], silence_id: str) -> Answer:
    """The chair takes the text back from silence."""
    actor = signed_in()
    return _write(silence_id, "withdraw", lambda id_: services.withdraw(actor, id_, body["reason"]))


@blueprint.post("/silence/<silence_id>/void")
@blueprint.arguments(Reason)
@blueprint.response(200, Silence)
def void(body: dict[str, Any], silence_id: str) -> Answer:
    """The chair declares the procedure void."""
    actor = signed_in()
    return _write(silence_id, "void", lambda id_: services.void(actor, id_, body["reason"]))


@blueprint.post("/silence/<silence_id>/letter")
@blueprint.arguments(NewLetter)
@blueprint.response(200, Silence)
def letter(body: dict[str, Any], silence_id: str) -> Answer:
    """The chair's letter that silence was broken: the paragraphs and, with `names`, who objects."""
    actor = signed_in()
    return _write(silence_id, "letter", lambda id_: services.publish(actor, id_, body["body"], names=body["names"]))


@blueprint.post("/silence/<silence_id>/confirm")
@blueprint.arguments(NewLetter)
@blueprint.response(200, Silence)
def confirm(body: dict[str, Any], silence_id: str) -> Answer:
    """The chair's letter that silence was not broken."""
    actor = signed_in()
    return _write(silence_id, "confirm", lambda id_: services.confirm(actor, id_, body["body"]))


@blueprint.post("/silence/<silence_id>/formalise")
@blueprint.arguments(Formal)
@blueprint.response(200, Silence)
def formalise(body: dict[str, Any], silence_id: str) -> Answer:
    """Note that the outcome was taken up in a formal meeting."""
    actor = signed_in()
    session = number(body["session"]) if body["session"] else None
    return _write(silence_id, "formalise", lambda id_: services.formalise(actor, id_, session, body["note"]))


@blueprint.post("/silence/<silence_id>/consult")
@blueprint.response(200, Silence)
def consult(silence_id: str) -> Answer:
    """The chair consults those who objected."""
    actor = signed_in()
    return _write(silence_id, "consult", lambda id_: services.consult(actor, id_))


@blueprint.post("/silence/<silence_id>/close")
@blueprint.arguments(Reason)
@blueprint.response(200, Silence)
def close(body: dict[str, Any], silence_id: str) -> Answer:
    """The chair ends it without agreement."""
    actor = signed_in()
    return _write(silence_id, "close", lambda id_: services.close(actor, id_, body["reason"]))


def _write(silence_id: str, verb: str, do: Any) -> Answer:
    found = number(silence_id)

    def act() -> dict[str, Any]:
        do(found)
        return _as_dict(found)

    return write(signed_in(), f"silence/{verb}", act)


def _as_dict(silence_id: int) -> dict[str, Any]:
    actor = current_actor()
    found: SilenceProcedure = queries.get_silence(actor, silence_id)
    return views.as_dict(actor, found, datetime.now(UTC))
