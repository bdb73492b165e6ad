"""Drafts, versions, paragraphs, comparison and exports over HTTP."""

from __future__ import annotations

from typing import Any

from flask import jsonify
from flask_babel import gettext as _
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
from app.core.pillars import NORMS, PILLARS
from app.core.text import ParagraphBrackets, ParagraphId, Row
from app.drafts import bracket_views, brackets, exports, queries, services, word_files
from app.drafts.models import Draft, Version, VersionParagraph
from app.errors import NotFound
from app.extensions import limiter
from app.groups.queries import get_group
from app.web.bodies import takes_files

blueprint = make_blueprint("drafts", "Drafts, versions, paragraphs, comparison, exports")
Answer = tuple[dict[str, Any], int]


class DraftSource(Body):
    title = fields.String(required=True, validate=validate.Length(1, 300))
    format = fields.String(required=True, validate=validate.OneOf(("markdown", "text", "json")))
    source = fields.String(required=True)


class Issue(Body):
    label = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=60))
    letter = fields.String(load_default="")
    fates = fields.Dict(
        keys=fields.String(),
        values=fields.Dict(),
        load_default=dict,
        metadata={"description": "Proposal id to {fate, reason}: what the chair says became of it with this version."},
    )


class EditedParagraph(Body):
    text = fields.String(required=True)
    pillars = fields.List(fields.String(validate=validate.OneOf(PILLARS)), load_default=None, allow_none=True)
    norm = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(NORMS))


class NewParagraph(Body):
    after = fields.String(required=True, metadata={"description": "The paragraph that it follows"})
    text = fields.String(required=True)
    relation = fields.String(
        load_default="inserted_after", validate=validate.OneOf(("inserted_after", "alternative_to"))
    )


class CompareArguments(Body):
    from_ = fields.String(load_default=None, data_key="from")
    to = fields.String(load_default=None)
    only_changed = fields.Boolean(load_default=False)


class ExportArguments(Body):
    view = fields.String(
        load_default="",
        validate=validate.OneOf(exports.VIEWS),
        metadata={"description": "compilation: in brackets with names (PDF, XML); text: the bare words (Markdown)"},
    )


@blueprint.get("/groups/<slug>/drafts")
@blueprint.arguments(PageArguments, location="query")
@blueprint.response(200, page_of(schemas.Draft, "Draft"))
def list_drafts(arguments: dict[str, Any], slug: str) -> dict[str, Any]:
    """The texts of a group of which the caller may read a version, or hold the pen."""
    actor = current_actor()
    lines = queries.drafts_of(actor, get_group(actor, slug))
    return paged(lines, arguments, lambda line: draft_as_dict(line.draft, line.newest, line.working))


@blueprint.post("/groups/<slug>/drafts")
@blueprint.arguments(DraftSource)
@blueprint.response(201, schemas.NewDraft)
@takes_files
def import_draft(body: dict[str, Any], slug: str) -> Answer:
    """Bring a text in. What did not parse is in `report`, and in the text: no word is lost."""
    actor = signed_in()
    group = get_group(actor, slug)

    def do() -> dict[str, Any]:
        draft, working = services.import_draft(actor, group, body["title"], body["format"], body["source"])
        return {
            "id": str(draft.id),
            "version": str(working.id),
            "report": draft.import_report,
            "brackets": bracket_views.summary(brackets.brackets_of(working)),
            "title": draft.title,
            "platform_id": draft.platform_id,
        }

    return write(actor, "drafts", do, 201)


@blueprint.get("/drafts/<draft_id>")
@blueprint.response(200, schemas.Draft)
def read_draft(draft_id: str) -> dict[str, Any]:
    line = queries.draft_line(current_actor(), number(draft_id))
    return draft_as_dict(line.draft, line.newest, line.working)


class Answers(Body):
    answers = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "Key of a question to one of its choices."},
    )


@blueprint.get("/drafts/<draft_id>/brackets")
@blueprint.response(200, schemas.BracketSummary)
def read_brackets(draft_id: str) -> dict[str, Any]:
    """How the brackets of the working copy are understood, and what the words leave open. For who holds the pen."""
    line = queries.draft_line(current_actor(), number(draft_id))
    if line.working is None:
        raise NotFound(_("This text was not found, or is not open to you."))
    return bracket_views.summary(brackets.brackets_of(line.working))


@blueprint.post("/drafts/<draft_id>/brackets")
@blueprint.arguments(Answers)
@blueprint.response(200, schemas.BracketSummary)
def answer_brackets(body: dict[str, Any], draft_id: str) -> Answer:
    """Answer questions about brackets. No word changes; each answer can be changed later."""
    actor = signed_in()
    return write(
        actor, "brackets", lambda: bracket_views.summary(brackets.answer(actor, number(draft_id), body["answers"]))
    )


@blueprint.get("/drafts/<draft_id>/versions")
@blueprint.arguments(PageArguments, location="query")
@blueprint.response(200, page_of(schemas.VersionLine, "Version"))
def list_versions(arguments: dict[str, Any], draft_id: str) -> dict[str, Any]:
    """The versions that the caller may read, oldest first; the working copy last, for those who hold the pen."""
    return paged(queries.versions_of(current_actor(), number(draft_id)), arguments, version_line)


@blueprint.post("/drafts/<draft_id>/versions")
@blueprint.arguments(Issue)
@blueprint.response(201, schemas.VersionLine)
def issue(body: dict[str, Any], draft_id: str) -> Answer:
    """Issue the working copy: frozen, hashed, dated. The chair's act."""
    actor = signed_in()

    def do() -> dict[str, Any]:
        issued = services.issue_version(
            actor, number(draft_id), label=body["label"], letter=body["letter"], fates=body["fates"]
        )
        return version_line(issued)

    return write(actor, "versions", do, 201)


@blueprint.get("/versions/<version_id>")
@blueprint.response(200, schemas.Version)
def read_version(version_id: str) -> dict[str, Any]:
    """A version with its paragraphs; the texts in order, joined, are the whole draft."""
    version = queries.get_version(current_actor(), number(version_id))
    return version_line(version) | {
        "title": version.draft.title,
        "platform_id": version.draft.platform_id,
        "paragraphs": paragraphs_of(version),
    }


@blueprint.get("/versions/<version_id>.<any(md, txt, json):form>")
@blueprint.arguments(ExportArguments, location="query")
@blueprint.alt_response(200, description="The export")
@blueprint.alt_response(202, schema=schemas.Started, description="It is long: a job makes it")
@limiter.limit("60/minute")
def export(arguments: dict[str, Any], version_id: str, form: str) -> Response:
    """The whole version as Markdown, plain text or JSON, with the proposals and comments that the caller may see."""
    return _export(version_id, form, arguments["view"])


@blueprint.get("/versions/<version_id>.pdf")
@blueprint.arguments(ExportArguments, location="query")
@blueprint.alt_response(200, description="The PDF", content_type=exports.TYPES["pdf"])
@blueprint.alt_response(202, schema=schemas.Started, description="It is long: a job makes it")
@limiter.limit("60/minute")
def pdf(arguments: dict[str, Any], version_id: str) -> Response:
    """The whole version as a PDF with line numbers."""
    return _export(version_id, "pdf", arguments["view"])


@blueprint.get("/versions/<version_id>.akn.xml")
@blueprint.arguments(ExportArguments, location="query")
@blueprint.alt_response(200, description="The XML", content_type="application/akn+xml")
@blueprint.alt_response(202, schema=schemas.Started, description="It is long: a job makes it")
@limiter.limit("60/minute")
def akn(arguments: dict[str, Any], version_id: str) -> Response:
    """The whole version in Akoma Ntoso for the United Nations."""
    return _export(version_id, "akn.xml", arguments["view"])


def _export(version_id: str, form: str, view: str) -> Response:
    actor = current_actor()
    version = queries.get_version(actor, number(version_id))
    made = exports.asked(actor, version, exports.wanted(form, view))
    if isinstance(made, Response):
        return made
    address = f"/api/v1/jobs/{made.id}"
    response = jsonify({"job": made.id, "state": made.state, "url": address})
    response.status_code = 202
    response.headers["Location"], response.headers["Retry-After"] = address, "1"
    return response


@blueprint.get("/exports/<token>")
@blueprint.alt_response(200, description="The file")
def made_export(token: str) -> Response:
    """The file that a job made: for the person who asked for it, who may still read the version."""
    return exports.kept(current_actor(), token)


@blueprint.get("/versions/<version_id>.docx")
@blueprint.alt_response(200, description="The Word file", content_type=word_files.TYPE)
@limiter.limit("60/minute")
def word(version_id: str) -> Response:
    """The whole version as a clean Word file."""
    version = queries.get_version(current_actor(), number(version_id))
    return word_files.clean(version, queries.version_paragraphs(version.id))


@blueprint.get("/versions/<version_id>/paragraphs/<wid>")
@blueprint.response(200, schemas.Paragraph)
def read_paragraph(version_id: str, wid: str) -> Response:
    """One paragraph, with the ETag that an edit of it names."""
    row = queries.get_paragraph(current_actor(), number(version_id), wid)
    return with_etag(with_brackets(row), row.revision)


@blueprint.put("/versions/<version_id>/paragraphs/<wid>")
@blueprint.arguments(EditedParagraph)
@blueprint.response(200, schemas.Paragraph)
def edit_paragraph(body: dict[str, Any], version_id: str, wid: str) -> Response:
    """Change a paragraph of the working copy. A stale edit gets both texts back."""
    actor = signed_in()
    revision = based_on()
    assert revision is not None

    def do() -> dict[str, Any]:
        changes = {"pillars": body["pillars"], "norm": body["norm"]} if body["pillars"] is not None else {}
        row = services.edit_paragraph(actor, number(version_id), wid, body["text"], revision, **changes)
        return with_brackets(row)

    answer, status = write(actor, "paragraph", do)
    return with_etag(answer, answer["revision"], status)


@blueprint.post("/versions/<version_id>/paragraphs")
@blueprint.arguments(NewParagraph)
@blueprint.response(201, schemas.Paragraph)
def insert_paragraph(body: dict[str, Any], version_id: str) -> Answer:
    """Put a new paragraph after another (OP3 bis), or beside it as an alternative (OP3 alt)."""
    actor = signed_in()

    def do() -> dict[str, Any]:
        row = services.insert_paragraph(
            actor, number(version_id), body["after"], body["text"], relation=body["relation"]
        )
        return with_brackets(row)

    return write(actor, "paragraphs", do, 201)


@blueprint.delete("/versions/<version_id>/paragraphs/<wid>")
@blueprint.response(200, schemas.Paragraph)
def delete_paragraph(version_id: str, wid: str) -> Answer:
    """Mark a paragraph of the working copy as deleted; it keeps its slot until the next version is issued."""
    actor = signed_in()
    return write(
        actor,
        "paragraph.delete",
        lambda: with_brackets(services.delete_paragraph(actor, number(version_id), wid)),
    )


@blueprint.get("/drafts/<draft_id>/compare")
@blueprint.arguments(CompareArguments, location="query")
@blueprint.response(200, schemas.Comparison)
def compare(arguments: dict[str, Any], draft_id: str) -> dict[str, Any]:
    """Two versions, paragraph by paragraph and word by word. Default: the newest and its predecessor."""
    pair = queries.compare_versions(
        current_actor(),
        number(draft_id),
        number(arguments["from_"]) if arguments["from_"] else None,
        number(arguments["to"]) if arguments["to"] else None,
    )
    rows = [row for row in pair.comparison.rows if not arguments["only_changed"] or row.kind != "same"]
    summary = pair.comparison.summary
    return {
        "from_": version_line(pair.old),
        "to": version_line(pair.new),
        "summary": {name: getattr(summary, name) for name in ("changed", "new", "deleted", "moved", "same")},
        "rows": [
            {
                "kind": str(row.kind),
                "id": _identity(row),
                "from_label": row.old_label,
                "to_label": row.new_label,
                "ops": [{"kind": str(op.kind), "text": op.text} for op in row.ops],
            }
            for row in rows
        ],
    }


def _identity(row: Row) -> str:
    paragraph = row.new or row.old
    assert paragraph is not None
    return paragraph.id


def draft_as_dict(draft: Draft, newest: Version | None, working: Version | None) -> dict[str, Any]:
    return {
        "id": str(draft.id),
        "group": draft.group.slug,
        "title": draft.title,
        "style": draft.style,
        "platform_id": draft.platform_id,
        "version": str(newest.id) if newest else None,
        "working_copy": str(working.id) if working else None,
    }


def version_line(version: Version) -> dict[str, Any]:
    return {
        "id": str(version.id),
        "draft": str(version.draft_id),
        "number": version.number,
        "label": version.label,
        "state": version.state,
        "sha256": version.sha256,
        "issued_at": moment(version.issued_at),
        "paragraph_count": version.paragraph_count,
    }


def paragraphs_of(version: Version) -> list[dict[str, Any]]:
    rows = queries.version_paragraphs(version.id)
    found = brackets.brackets_of(version, rows)
    return [paragraph_as_dict(row, found.paragraphs[ParagraphId(row.wid)]) for row in rows]


def with_brackets(row: VersionParagraph) -> dict[str, Any]:
    """One paragraph; its brackets may begin in another, so the whole version is read."""
    found = brackets.brackets_of(row.version)
    return paragraph_as_dict(row, found.paragraphs[ParagraphId(row.wid)])


def paragraph_as_dict(row: VersionParagraph, here: ParagraphBrackets) -> dict[str, Any]:
    return bracket_views.as_dict(here) | {
        "id": row.wid,
        "label": row.label,
        "slug": row.slug,
        "kind": row.kind,
        "level": row.level,
        "text": row.text,
        "marker": row.marker,
        "pillars": row.pillars or [],
        "norm": row.norm,
        "deleted": row.deleted,
        "revision": row.revision,
    }
