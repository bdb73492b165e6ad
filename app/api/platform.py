"""Who I am, the parties, search, and long work."""

from __future__ import annotations

from typing import Any

from flask import request
from marshmallow import fields, validate

from app.accounts import queries as accounts
from app.accounts.queries import current_actor
from app.api import schemas
from app.api.support import Body, PageArguments, make_blueprint, moment, page_of, paged
from app.archive import queries as archive
from app.errors import Invalid
from app.jobs import queries as jobs
from app.web.locale import CODES
from app.web.numbers import whole

blueprint = make_blueprint("platform", "Identity, parties, search, jobs")


class PartyArguments(PageArguments):
    language = fields.String(load_default="en", validate=validate.OneOf(CODES))


class SearchArguments(Body):
    q = fields.String(required=True, validate=validate.Length(max=200))
    kind = fields.String(load_default=None, validate=validate.OneOf(archive.KINDS))
    party = fields.String(load_default=None)
    pillar = fields.String(load_default=None)
    cursor = fields.String(load_default=None)
    limit = fields.Integer(load_default=archive.PAGE, validate=validate.Range(1, 100))


@blueprint.get("/me")
@blueprint.response(200, schemas.Me)
def me() -> dict[str, Any]:
    """Who the caller is; nobody's members are null."""
    actor = current_actor()
    return {
        "user": str(actor.user_id) if actor.user_id else None,
        "name": actor.name,
        "delegation": actor.party_code,
        "role": actor.delegation_role,
        "platform_role": actor.platform_role,
        "speaks_for": [{"code": code, "name": name} for code, name in actor.speaks_for.items()],
    }


@blueprint.get("/parties")
@blueprint.arguments(PartyArguments, location="query")
@blueprint.response(200, page_of(schemas.Party, "Party"))
def list_parties(arguments: dict[str, Any]) -> dict[str, Any]:
    """States and organisations under their UN names, in English alphabetical order."""
    language = arguments["language"]
    return paged(
        accounts.parties(),
        arguments,
        lambda party: {
            "code": party.code,
            "kind": party.kind,
            "name": party.name(language),
            "formal": party.name(language, "formal"),
            "region": party.region,
        },
    )


@blueprint.get("/search")
@blueprint.arguments(SearchArguments, location="query")
@blueprint.response(200, schemas.Search)
def search(arguments: dict[str, Any]) -> dict[str, Any]:
    """Search all that the caller may read."""
    cursor = whole(arguments["cursor"] or "0", most=999_999)
    if cursor is None:
        raise Invalid("This cursor is not one that a list gave.", field="cursor")
    filters = archive.Filters(kind=arguments["kind"], party=arguments["party"], pillar=arguments["pillar"])
    page = archive.search(current_actor(), arguments["q"], filters, after=cursor, limit=arguments["limit"])
    return {
        "items": [
            {
                "kind": hit.kind,
                "url": request.url_root.rstrip("/") + hit.url,
                "title": hit.title,
                "party": hit.party,
                "pillars": list(hit.pillars),
                "at": moment(hit.at),
                "excerpt": "".join(piece for piece, _hit in hit.excerpt),
            }
            for hit in page.items
        ],
        "next": str(page.next) if page.next is not None else None,
        "total": page.total,
    }


@blueprint.get("/jobs/<job_id>")
@blueprint.response(200, schemas.Job)
def read_job(job_id: str) -> dict[str, Any]:
    """How far long work has come. Only for the person who began it."""
    job = jobs.get_job(current_actor(), job_id)
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state,
        "done": job.done,
        "total": job.total,
        "step": job.step,
        "result": job.result,
        "error": job.error,
    }
