"""Proposals, the compilation, what became of them, who wrote what, and agreed language, over HTTP."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
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
    number,
    page_of,
    paged,
    signed_in,
    with_etag,
    write,
)
from app.core.rules import proposals as rules
from app.core.text.brackets import Bracket, CompiledParagraph, Note, Run
from app.core.text.printing import printed
from app.drafts import queries as texts
from app.proposals import language, queries, reading, services
from app.proposals.models import ProposalRow
from app.proposals.views import as_dict
from app.web.locale import current_language

blueprint = make_blueprint("proposals", "Proposals, compilations, fates, provenance, agreed language")
Answer = tuple[dict[str, Any], int]
DIALECTS = ("house", "rio", "ecosoc")


class Content(Body):
    kind = fields.String(required=True)
    paragraph = fields.String(load_default=None, allow_none=True)
    text = fields.String(load_default="", allow_none=True)
    after = fields.String(load_default=None, allow_none=True)
    others = fields.List(fields.String(), load_default=list)
    parts = fields.List(fields.String(), load_default=list)
    new_kind = fields.String(load_default=None, allow_none=True)
    new_level = fields.Integer(load_default=None, allow_none=True)
    rationale = fields.String(load_default=None, allow_none=True)
    conditions = fields.String(load_default=None, allow_none=True)


class NewProposal(Content):
    on_behalf_of = fields.String(load_default=None, allow_none=True)
    invited = fields.List(fields.String(), load_default=list)
    draft = fields.Boolean(load_default=False, metadata={"description": "Keep it inside the delegation."})


class ListArguments(PageArguments):
    state = fields.String(load_default=None, validate=validate.OneOf([state.value for state in rules.State]))


class CompilationArguments(Body):
    dialect = fields.String(load_default="house", validate=validate.OneOf(DIALECTS))


class NewPosition(Body):
    stance = fields.String(
        required=True, allow_none=True, validate=validate.OneOf([*(code.value for code in rules.Code), None])
    )
    note = fields.String(load_default="")
    on_behalf_of = fields.String(load_default=None, allow_none=True)


class NewFate(Body):
    fate = fields.String(required=True, validate=validate.OneOf(sorted(rules.FATE_STATES)))
    reason = fields.String(load_default="")


class Joining(Body):
    on_behalf_of = fields.String(load_default=None, allow_none=True)


class Into(Body):
    into = fields.String(required=True)


class CompareArguments(Body):
    from_ = fields.String(load_default=None, data_key="from")
    to = fields.String(load_default=None)


class NewPrecedent(Body):
    source = fields.String(required=True, validate=validate.Length(1, 200))
    text = fields.String(required=True)


class Check(Body):
    text = fields.String(required=True)


@blueprint.get("/versions/<version_id>/proposals")
@blueprint.arguments(ListArguments, location="query")
@blueprint.response(200, page_of(schemas.Proposal, "Proposal"))
def list_proposals(arguments: dict[str, Any], version_id: str) -> dict[str, Any]:
    """What was proposed on a version, or carried to it, in the order of release; one's own drafts last."""
    actor = current_actor()
    version = texts.get_version(actor, number(version_id))
    rows = queries.proposals_on(actor, version, states=[arguments["state"]] if arguments["state"] else ())
    tell = Teller(rows)
    return paged(rows, arguments, tell)


@blueprint.post("/versions/<version_id>/proposals")
@blueprint.arguments(NewProposal)
@blueprint.response(201, schemas.Proposal)
def propose(body: dict[str, Any], version_id: str) -> Answer:
    """Propose a change to an issued version, in the name of one's delegation.

    `kind`: add, delete, replace and revert carry the whole paragraph as it would read; new_paragraph, alternative and
    placeholder name the paragraph that they follow or stand beside; suppress and retain need no text; move takes
    `after`, merge `others` and `text`, split `parts`.
    """
    actor = signed_in()

    def do() -> dict[str, Any]:
        row = services.propose(actor, number(version_id), body, draft=body["draft"], on_behalf_of=body["on_behalf_of"])
        return tell_one(row)

    return write(actor, "proposals", do, 201)


@blueprint.get("/proposals/<proposal_id>")
@blueprint.response(200, schemas.Proposal)
def read_proposal(proposal_id: str) -> Response:
    """One proposal, with the ETag that a revision of it names."""
    row = queries.get_proposal(current_actor(), proposal_id)
    return with_etag(tell_one(row), row.revision)


@blueprint.put("/proposals/<proposal_id>")
@blueprint.arguments(Content(partial=True))
@blueprint.response(200, schemas.Proposal)
def revise(body: dict[str, Any], proposal_id: str) -> Response:
    """Put other words into a proposal of one's delegation. A stale edit gets both texts back."""
    actor = signed_in()
    revision = based_on()
    assert revision is not None
    given = {name: value for name, value in body.items() if value not in (None, [])}

    def do() -> dict[str, Any]:
        return tell_one(services.revise(actor, proposal_id, given, revision))

    answer, status = write(actor, "proposal", do)
    return with_etag(answer, answer["revision"], status)


@blueprint.post("/proposals/<proposal_id>/release")
@blueprint.response(200, schemas.Proposal)
def release(proposal_id: str) -> Answer:
    """Release a draft in the delegation's name."""
    actor = signed_in()
    return write(actor, "release", lambda: tell_one(services.release(actor, proposal_id)))


@blueprint.post("/proposals/<proposal_id>/withdraw")
@blueprint.response(200, schemas.Proposal)
def withdraw(proposal_id: str) -> Answer:
    """Take a proposal of one's delegation back; a draft is discarded."""
    actor = signed_in()
    return write(actor, "withdraw", lambda: tell_one(services.withdraw(actor, proposal_id)))


@blueprint.post("/proposals/<proposal_id>/readopt")
@blueprint.response(200, schemas.Proposal)
def readopt(proposal_id: str) -> Answer:
    """Take up, as its lead, what its sponsor withdrew."""
    actor = signed_in()
    return write(actor, "readopt", lambda: tell_one(services.readopt(actor, proposal_id)))


@blueprint.post("/proposals/<proposal_id>/cosponsor")
@blueprint.arguments(Joining)
@blueprint.response(200, schemas.Proposal)
def cosponsor(body: dict[str, Any], proposal_id: str) -> Answer:
    """Stand behind a proposal of another delegation."""
    actor = signed_in()
    return write(
        actor,
        "cosponsor",
        lambda: tell_one(services.cosponsor(actor, proposal_id, on_behalf_of=body["on_behalf_of"])),
    )


@blueprint.delete("/proposals/<proposal_id>/cosponsor")
@blueprint.response(200, schemas.Proposal)
def leave(proposal_id: str) -> Answer:
    """Stand behind it no longer."""
    actor = signed_in()
    return write(actor, "leave", lambda: tell_one(services.cosponsor(actor, proposal_id, join=False)))


@blueprint.post("/proposals/<proposal_id>/position")
@blueprint.arguments(NewPosition)
@blueprint.response(200, schemas.Proposal)
def position(body: dict[str, Any], proposal_id: str) -> Answer:
    """Say what one's delegation thinks of its words: support, can_live, flexible, reserve, concern, retain, oppose,
    conditional; null takes it back."""
    actor = signed_in()

    def do() -> dict[str, Any]:
        row = services.take_position(
            actor, proposal_id, body["stance"], note=body["note"], on_behalf_of=body["on_behalf_of"]
        )
        return tell_one(row)

    return write(actor, "position", do)


@blueprint.post("/proposals/<proposal_id>/fate")
@blueprint.arguments(NewFate)
@blueprint.response(200, schemas.Proposal)
def decide(body: dict[str, Any], proposal_id: str) -> Answer:
    """Say what became of a proposal. The chair's act; most fates are given in the act of issuing a version.

    There, of what neither the request nor the desk names, the words themselves say whether it is reflected.
    """
    actor = signed_in()
    return write(actor, "fate", lambda: tell_one(services.decide(actor, proposal_id, body["fate"], body["reason"])))


@blueprint.post("/proposals/<proposal_id>/merge")
@blueprint.arguments(Into)
@blueprint.response(200, schemas.Proposal)
def merge(body: dict[str, Any], proposal_id: str) -> Answer:
    """Let a proposal go on in another one that asks for the same. Gives the one it went into."""
    actor = signed_in()
    return write(actor, "merge", lambda: tell_one(services.merge(actor, proposal_id, body["into"])))


@blueprint.get("/drafts/<draft_id>/proposals/mine")
@blueprint.arguments(PageArguments, location="query")
@blueprint.response(200, page_of(schemas.Proposal, "OwnProposal"))
def mine(arguments: dict[str, Any], draft_id: str) -> dict[str, Any]:
    """What became of the proposals of one's delegation, across versions, newest first."""
    actor = signed_in()
    line = texts.draft_line(actor, number(draft_id))
    rows = queries.proposals_of(actor, draft_id=line.draft.id)
    return paged(rows, arguments, Teller(rows))


@blueprint.get("/versions/<version_id>/compilation")
@blueprint.arguments(CompilationArguments, location="query")
@blueprint.response(200, schemas.Compilation)
def compilation(arguments: dict[str, Any], version_id: str) -> dict[str, Any]:
    """The version with all that was proposed on it as one bracketed text, as data and printed."""
    actor = current_actor()
    version = texts.get_version(actor, number(version_id))
    found = queries.compiled(actor, version)
    return {
        "version": str(version.id),
        "dialect": arguments["dialect"],
        "paragraphs": [_compiled(paragraph, arguments["dialect"]) for paragraph in found.compilation],
    }


def _compiled(compiled: CompiledParagraph, dialect: str) -> dict[str, Any]:
    return {
        "id": compiled.paragraph.id,
        "label": compiled.label,
        "kind": str(compiled.paragraph.kind),
        "level": compiled.paragraph.level,
        "added": compiled.added,
        "proposals": list(compiled.proposals),
        "runs": runs_as_data(compiled.runs),
        "whole": [asdict(attribution) for attribution in compiled.whole],
        "printed": printed(compiled, dialect),
    }


def runs_as_data(runs: Iterable[Run]) -> list[dict[str, Any]]:
    """Runs as JSON: {text}, {note}, or {options: [{runs, attributions, proposals, base}]}."""
    return [_run(run) for run in runs]


def _run(run: Run) -> dict[str, Any]:
    if isinstance(run, Bracket):
        return {
            "options": [
                {
                    "runs": runs_as_data(option.runs),
                    "attributions": [asdict(attribution) for attribution in option.attributions],
                    "proposals": list(option.proposals),
                    "base": option.base,
                }
                for option in run.options
            ]
        }
    return {"note": run.text} if isinstance(run, Note) else {"text": run.text}


@blueprint.get("/versions/<version_id>/provenance")
@blueprint.response(200, schemas.Provenance)
def provenance(version_id: str) -> dict[str, Any]:
    """For every word, since which version it stands there and through whose proposal it came."""
    actor = current_actor()
    version = texts.get_version(actor, number(version_id))
    return {"version": str(version.id), "paragraphs": reading.provenance_as_data(actor, version, current_language())}


@blueprint.get("/drafts/<draft_id>/concordance")
@blueprint.arguments(CompareArguments, location="query")
@blueprint.response(200, schemas.Concordance)
def concordance(arguments: dict[str, Any], draft_id: str) -> dict[str, Any]:
    """Which paragraph of one version became which of the other, splits and merges included."""
    pair = texts.compare_versions(
        current_actor(),
        number(draft_id),
        number(arguments["from_"]) if arguments["from_"] else None,
        number(arguments["to"]) if arguments["to"] else None,
    )
    return {
        "from_": str(pair.old.id),
        "to": str(pair.new.id),
        "items": [
            {"relation": str(c.relation), "from_": list(c.old_labels), "to": list(c.new_labels)}
            for c in reading.concordance_of(pair)
        ],
    }


@blueprint.get("/precedents")
@blueprint.arguments(PageArguments, location="query")
@blueprint.response(200, page_of(schemas.Precedent, "Precedent"))
def list_precedents(arguments: dict[str, Any]) -> dict[str, Any]:
    """The agreed language that the secretariat keeps."""
    return paged(queries.precedents(), arguments, _precedent)


@blueprint.post("/precedents")
@blueprint.arguments(NewPrecedent)
@blueprint.response(201, schemas.Precedent)
def add_precedent(body: dict[str, Any]) -> Answer:
    """Keep a passage of agreed language. The secretariat's act."""
    actor = signed_in()
    return write(actor, "precedents", lambda: _precedent(language.keep(actor, body["source"], body["text"])), 201)


@blueprint.post("/precedents/check")
@blueprint.arguments(Check)
@blueprint.response(200, schemas.PrecedentCheck)
def check_precedents(body: dict[str, Any]) -> dict[str, Any]:
    """Are these words verbatim from a precedent, and where do they differ?"""
    return {
        "items": [
            {
                "precedent": _precedent(precedent),
                "verbatim": match.verbatim,
                "share": match.share,
                "ops": [{"kind": str(op.kind), "text": op.text} for op in match.ops],
            }
            for precedent, match in language.check(body["text"])
        ]
    }


def _precedent(row: Any) -> dict[str, Any]:
    return {"id": str(row.id), "source": row.source, "text": row.text}


class Teller:
    """Tells many proposals: names, labels and base texts are read once."""

    def __init__(self, rows: Iterable[ProposalRow]) -> None:
        self._names = queries.names_in(current_language())
        self._party = current_actor().party_id
        self._bases = {base: texts.version_paragraphs(base) for base in {row.anchor_id for row in rows}}

    def __call__(self, row: ProposalRow) -> dict[str, Any]:
        base = self._bases[row.anchor_id]
        label = next((p.label for p in base if p.wid == row.paragraph), None)
        ops = queries.change_of(row, {p.wid: p.text for p in base})
        return as_dict(row, self._names, label=label, ops=ops, party=self._party)


def tell_one(row: ProposalRow) -> dict[str, Any]:
    return Teller([row])(row)
