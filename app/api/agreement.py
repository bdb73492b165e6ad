"""Stances on words, levels of agreement, bridging texts, stocktaking, over HTTP: in a session, or between sessions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, validate

from app.accounts.queries import current_actor
from app.agreement import queries, services, stocktaking, tables
from app.agreement.events import ACTS
from app.agreement.models import Bridging, WordStance
from app.api.schemas import maybe, word
from app.api.support import Body, PageArguments, make_blueprint, number, page_of, paged, signed_in, write
from app.core.rules import stances as rules
from app.core.rules.agreement import ACT_OF, Flag
from app.core.rules.proposals import Code
from app.core.rules.stances import On, wording_of
from app.drafts import queries as texts
from app.drafts.models import Version
from app.errors import Closed
from app.policy import Action, Actor, GroupId, require
from app.record import Envelope, timestamp, transaction

blueprint = make_blueprint("agreement", "Stances on exact words, levels of agreement, packages, bridging texts")
Answer = tuple[dict[str, Any], int]
STANCES = [*(code.value for code in Code), None]


class Act(Schema):
    """The event that a write left."""

    type = word()
    at = word()
    data = fields.Dict(required=True)


class Standing(Schema):
    id = word()
    label = word()
    level = word()
    reopened = fields.Boolean(required=True)
    reason = word(metadata={"description": "Why it was agreed over a stance, or reopened."})
    wording = word(metadata={"description": "SHA-256 of the words that stand now."})
    flags = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    package = maybe()
    holders = fields.List(fields.String(), required=True)
    blocking = fields.List(fields.Dict(), required=True)


class Agreement(Schema):
    version = word()
    paragraphs = fields.List(fields.Nested(Standing), required=True)


class Stance(Schema):
    target = word()
    holder = word(metadata={"description": "A party's code, or `group:` and the code of a group of States."})
    party = word()
    on_behalf_of = maybe()
    stance = word()
    note = word()
    condition = maybe()
    met = fields.Boolean(required=True)
    stale = fields.Boolean(required=True)
    version = word(metadata={"description": "The version on which it was said."})
    at = word()


class Cell(Schema):
    stance = maybe()
    via = maybe()
    stale = fields.Boolean(required=True)
    conflict = fields.List(fields.String(), required=True)


class BoardRow(Schema):
    id = word()
    label = word()
    level = word()
    stands = fields.Dict(keys=fields.String(), values=fields.Nested(Cell), required=True)


class Board(Schema):
    version = word()
    delegations = fields.List(fields.String(), required=True)
    paragraphs = fields.List(fields.Nested(BoardRow), required=True)


class BridgingText(Schema):
    id = word()
    number = word()
    paragraph = word()
    version = word()
    state = word()
    revision = fields.Integer(required=True)
    text = word()
    wordings = fields.List(fields.Dict(), required=True)


class Stock(Schema):
    version = word()
    levels = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    paragraphs = fields.List(fields.Dict(), required=True)
    steps = fields.List(fields.Dict(), required=True)


class Published(Schema):
    number = fields.Integer(required=True)
    version = word()
    sha256 = word()
    at = word()


class InSession(Body):
    session = fields.String(
        load_default=None,
        allow_none=True,
        metadata={"description": "Do it in this session; without, between sessions."},
    )


class NewStance(InSession):
    target = fields.String(required=True, metadata={"description": "`paragraph:ID`, `bridging:ID` or `text:`"})
    stance = fields.String(required=True, allow_none=True, validate=validate.OneOf(STANCES))
    note = fields.String(load_default="")
    condition = fields.String(load_default=None, allow_none=True)
    on_behalf_of = fields.String(load_default=None, allow_none=True)


class NewLevel(InSession):
    paragraph = fields.String(required=True)
    level = fields.String(required=True, validate=validate.OneOf([str(level) for level in ACT_OF]))
    reason = fields.String(load_default="")
    holders = fields.List(fields.String(), load_default=list)


class Reopening(InSession):
    paragraph = fields.String(required=True)
    reason = fields.String(required=True)


class NewFlag(InSession):
    paragraph = fields.String(required=True)
    flag = fields.String(required=True, validate=validate.OneOf([str(flag) for flag in Flag]))
    on = fields.Boolean(load_default=True)
    detail = fields.String(load_default="")


class NewPackage(InSession):
    name = fields.String(required=True)
    paragraphs = fields.List(fields.String(), load_default=list)
    dissolve = fields.Boolean(load_default=False)


class Confirmation(InSession):
    target = fields.String(required=True)
    holder = fields.String(required=True)
    met = fields.Boolean(load_default=True)


class NewBridging(InSession):
    paragraph = fields.String(required=True)
    text = fields.String(required=True)


class Amendment(InSession):
    text = fields.String(required=True)
    revision = fields.Integer(load_default=None, allow_none=True)


class Editorial(Body):
    note = fields.String(load_default="")
    on = fields.Boolean(load_default=True)


class StanceArguments(PageArguments):
    target = fields.String(load_default=None)


# --- Reading -------------------------------------------------------------------------------------------------------


@blueprint.get("/versions/<version_id>/agreement")
@blueprint.response(200, Agreement)
def read_agreement(version_id: str) -> dict[str, Any]:
    """How far each paragraph of a version is agreed, and what stands in the way, as the caller may know it."""
    version = _seen(current_actor(), version_id, Action.SEE_POSITIONS)
    words = queries.open_to(current_actor(), version.draft.group)
    board = queries.board_of(version.draft_id, words)
    rows = queries.negotiable(texts.version_paragraphs(version.id))
    return {
        "version": str(version.id),
        "paragraphs": [
            {
                "id": row.wid,
                "label": row.label,
                "level": str(standing.level),
                "reopened": standing.reopened,
                "reason": standing.reason,
                "wording": wording_of(row.text),
                "flags": dict(standing.flags),
                "package": standing.package or None,
                "holders": list(standing.holders),
                "blocking": [dict(one) for one in standing.blocking],
            }
            for row in rows
            for standing in [queries.standing_of(board, row.wid)]
        ],
    }


@blueprint.get("/versions/<version_id>/stances")
@blueprint.arguments(StanceArguments, location="query")
@blueprint.response(200, page_of(Stance, "Stance"))
def list_stances(arguments: dict[str, Any], version_id: str) -> dict[str, Any]:
    """Who said what of the words of a text: the last word of each, stale where the words are others now."""
    actor = current_actor()
    version = _seen(actor, version_id, Action.SEE_POSITIONS)
    words = queries.open_to(actor, version.draft.group)
    rows = queries.stance_rows(version.draft_id, words, target=arguments["target"])
    wordings = _wordings(version)
    return paged(rows, arguments, lambda row: _stance(row, wordings))


@blueprint.get("/versions/<version_id>/board")
@blueprint.response(200, Board)
def read_board(version_id: str) -> dict[str, Any]:
    """Who stands where: paragraph by delegation, with the group through which. For those who conduct.

    On an earlier version it is who stood where on its words.
    """
    actor = current_actor()
    version = _seen(actor, version_id, Action.SEE_BOARD)
    board, said = queries.stood(version, queries.open_to(actor, version.draft.group))
    delegations = queries.delegations_of(version.draft.group_id)
    return {
        "version": str(version.id),
        "delegations": [party.code for party in delegations.states],
        "paragraphs": [
            {
                "id": row.wid,
                "label": row.label,
                "level": str(queries.standing_of(board, row.wid).level),
                "stands": {
                    party.code: _cell(at)
                    for party, at in queries.where_stand(
                        delegations, queries.stances_in(said.get(f"paragraph:{row.wid}", ())), wording_of(row.text)
                    )
                },
            }
            for row in queries.negotiable(texts.version_paragraphs(version.id))
        ],
    }


@blueprint.get("/versions/<version_id>/bridging")
@blueprint.arguments(PageArguments, location="query")
@blueprint.response(200, page_of(BridgingText, "BridgingText"))
def list_bridging(arguments: dict[str, Any], version_id: str) -> dict[str, Any]:
    """The bridging texts of a version, each with all the words that it had."""
    actor = current_actor()
    version = _seen(actor, version_id, Action.SEE_POSITIONS)
    return paged(queries.bridgings_on(actor, version), arguments, _bridging)


@blueprint.get("/drafts/<draft_id>/stocktaking")
@blueprint.response(200, Stock)
def read_stocktaking(draft_id: str) -> dict[str, Any]:
    """The paragraphs by level, now and over time, computed from the log."""
    actor = current_actor()
    line = texts.draft_line(actor, number(draft_id))
    group = line.draft.group
    require(actor, Action.SEE_POSITIONS, GroupId(group.id), group.openness, what="This text")
    if not line.versions:
        raise Closed("No version of this text has been issued yet.")
    return stocktaking.taken(line.draft.id, line.versions, queries.open_to(actor, group))


# --- Writing -------------------------------------------------------------------------------------------------------


@blueprint.post("/versions/<version_id>/stances")
@blueprint.arguments(NewStance)
@blueprint.response(200, Act)
def take_stance(body: dict[str, Any], version_id: str) -> Answer:
    """Say where one's delegation stands on exact words; null takes it back."""
    actor = signed_in()
    more = {name: body[name] for name in ("note", "condition", "on_behalf_of")}

    def do() -> dict[str, Any]:
        table = _table(actor, version_id, body, Action.TAKE_POSITION)
        return _act(services.take(actor, table, body["target"], body["stance"], **more))

    return _write(actor, "stances", body, do)


def _officers(verb: str, version_id: str, body: Mapping[str, Any]) -> Answer:
    actor = signed_in()
    action, do = ACTS[verb]
    return _write(actor, verb, body, lambda: _act(do(actor, _table(actor, version_id, body, action), body)))


@blueprint.post("/versions/<version_id>/agreement")
@blueprint.arguments(NewLevel)
@blueprint.response(200, Act)
def mark(body: dict[str, Any], version_id: str) -> Answer:
    """Mark how far a paragraph is agreed; the members of its package move with it."""
    return _officers("agree", version_id, body)


@blueprint.post("/versions/<version_id>/reopen")
@blueprint.arguments(Reopening)
@blueprint.response(200, Act)
def reopen(body: dict[str, Any], version_id: str) -> Answer:
    """Reopen an agreed paragraph, with the reason."""
    return _officers("reopen", version_id, body)


@blueprint.post("/versions/<version_id>/flags")
@blueprint.arguments(NewFlag)
@blueprint.response(200, Act)
def flag(body: dict[str, Any], version_id: str) -> Answer:
    """Flag a paragraph, or take a flag off."""
    return _officers("flag", version_id, body)


@blueprint.post("/versions/<version_id>/packages")
@blueprint.arguments(NewPackage)
@blueprint.response(200, Act)
def package(body: dict[str, Any], version_id: str) -> Answer:
    """Bind paragraphs into a package, or dissolve it."""
    return _officers("package", version_id, body)


@blueprint.post("/versions/<version_id>/conditions")
@blueprint.arguments(Confirmation)
@blueprint.response(200, Act)
def confirm(body: dict[str, Any], version_id: str) -> Answer:
    """Confirm that the condition of a stance is met, or say that it is not after all."""
    return _officers("condition", version_id, body)


@blueprint.post("/versions/<version_id>/bridging")
@blueprint.arguments(NewBridging)
@blueprint.response(200, Act)
def show(body: dict[str, Any], version_id: str) -> Answer:
    """Put a bridging text on the screen, without prejudice."""
    return _officers("bridge", version_id, body)


@blueprint.post("/bridging/<bridging_id>/amend")
@blueprint.arguments(Amendment)
@blueprint.response(200, Act)
def amend(body: dict[str, Any], bridging_id: str) -> Answer:
    """Amend a bridging text orally. Each version of it is kept."""
    return _bridged("bridge", bridging_id, body)


@blueprint.post("/bridging/<bridging_id>/<any(down, up, propose):verb>")
@blueprint.arguments(InSession)
@blueprint.response(200, Act)
def move_bridging(body: dict[str, Any], bridging_id: str, verb: str) -> Answer:
    """Take a bridging text off the screen, put it there again, or let it go on as a proposal."""
    command = {"down": "bridge.down", "up": "bridge.down", "propose": "bridge.propose"}[verb]
    return _bridged(command, bridging_id, body | {"again": verb == "up"})


def _bridged(verb: str, bridging_id: str, body: Mapping[str, Any]) -> Answer:
    row = queries.get_bridging(signed_in(), bridging_id)
    return _officers(verb, str(row.version_id), {**body, "bridging": row.id})


@blueprint.post("/drafts/<draft_id>/stocktaking")
@blueprint.response(201, Published)
def publish(draft_id: str) -> Answer:
    """Publish the stocktaking as it stands in the open. The chair's act; it never changes."""
    actor = signed_in()

    def do() -> dict[str, Any]:
        row = services.publish_stocktaking(actor, number(draft_id))
        return {"number": row.number, "version": str(row.version_id), "sha256": row.sha256, "at": timestamp(row.at)}

    return write(actor, "stocktaking", do, 201)


@blueprint.post("/drafts/<draft_id>/paragraphs/<wid>/editorial")
@blueprint.arguments(Editorial)
@blueprint.response(200, Editorial)
def editorial(body: dict[str, Any], draft_id: str, wid: str) -> Answer:
    """Say at the desk that the changed words mean what they meant: agreement on them stays. The secretariat's act."""
    actor = signed_in()

    def do() -> dict[str, Any]:
        services.mark_editorial(actor, number(draft_id), wid, body["note"], on=body["on"])
        return {"note": body["note"], "on": body["on"]}

    return write(actor, "editorial", do)


# --- Below the routes ----------------------------------------------------------------------------------------------


def _seen(actor: Actor, version_id: str, action: Action) -> Version:
    version = texts.get_version(actor, number(version_id))
    if not version.issued:
        raise Closed("This is told of an issued version: the working copy is the Chair's.")
    require(actor, action, GroupId(version.draft.group_id), version.draft.group.openness, what="This text")
    return version


def _table(actor: Actor, version_id: str, body: Mapping[str, Any], action: Action) -> tables.Table:
    if not body["session"]:
        return tables.outside(actor, number(version_id), action)
    table = tables.in_session(actor, number(body["session"]), action)
    if table.version.id != number(version_id):
        raise Closed("Another version is on the table of that session.", field="session")
    return table


def _write(actor: Actor, verb: str, body: Mapping[str, Any], do: Any) -> Answer:
    def whole() -> dict[str, Any]:
        with transaction():
            return dict(do())

    return write(actor, verb, whole, session=number(body["session"]) if body["session"] else None)


def _act(envelope: Envelope) -> dict[str, Any]:
    told = envelope.as_dict()
    return {"type": told["type"], "at": told["at"], "data": told["data"]}


def _wordings(version: Version) -> dict[str, str]:
    rows = texts.version_paragraphs(version.id)
    found = {f"{On.PARAGRAPH}:{row.wid}": wording_of(row.text) for row in rows}
    return found | {"text:": rules.wording_of_all((row.wid, row.text) for row in rows)}


def _stance(row: WordStance, wordings: Mapping[str, str]) -> dict[str, Any]:
    return {
        "target": row.target,
        "holder": row.holder,
        "party": row.party.code,
        "on_behalf_of": row.on_behalf_of,
        "stance": row.code,
        "note": row.note,
        "condition": row.condition,
        "met": row.met,
        "stale": wordings.get(row.target, row.wording) != row.wording,
        "version": str(row.version_id),
        "at": timestamp(row.at),
    }


def _cell(at: rules.Effective) -> dict[str, Any]:
    holder = at.stance.holder if at.stance is not None else None
    return {
        "stance": str(at.stance.code) if at.stance is not None else None,
        "via": holder.removeprefix("group:") if holder is not None and not at.own else None,
        "stale": at.stale,
        "conflict": [stance.holder.removeprefix("group:") for stance in at.conflict],
    }


def _bridging(row: Bridging) -> dict[str, Any]:
    return {
        "id": row.id,
        "number": row.label,
        "paragraph": row.paragraph,
        "version": str(row.version_id),
        "state": row.state,
        "revision": row.revision,
        "text": row.text,
        "wordings": [{"revision": one.revision, "text": one.text, "at": timestamp(one.at)} for one in row.wordings],
    }
