"""The pages of what was said of a text: all of it beside the words, as a Word file, and attaching what is loose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.queries import current_actor
from app.drafts import queries as texts
from app.drafts.views import view
from app.errors import DomainError, Forbidden, Invalid, NotFound
from app.extensions import limiter
from app.live import attaching, beside, word_files
from app.live.attachments import get_comment, may_attach
from app.live.queries import readable_session
from app.web.locale import current_language
from app.web.numbers import whole

blueprint = Blueprint("remarks", __name__, template_folder="templates")


@blueprint.get("/drafts/<int:draft_id>/v/<int:number>/comments")
def text(draft_id: int, number: int) -> str:
    """All that was said of a text: what has no place in this version first, then paragraph by paragraph."""
    actor = current_actor()
    version = texts.get_numbered(actor, draft_id, number)
    found = beside.all_remarks(actor, version)
    rows = [view(row) for row in texts.version_paragraphs(version.id)]
    labels = {row.id: row.label for row in rows}
    return render_template(
        "live/comments.html",
        draft=version.draft,
        version=version,
        total=len(found),
        limit=beside.LISTED,
        loose=[remark for remark in found if remark.lost],
        whole=[remark for remark in found if not remark.lost and remark.paragraph not in labels],
        labels=labels,
        paragraphs=[
            (row, on_it)
            for row in rows
            if (on_it := [remark for remark in found if remark.paragraph == row.id and not remark.lost])
        ],
    )


@blueprint.get("/drafts/<int:draft_id>/v/<int:number>/comments.docx")
@limiter.limit("60/minute")
def text_word(draft_id: int, number: int) -> Response:
    """The compilation as a Word file, with what was said of the text as its comments."""
    actor = current_actor()
    return word_files.commented(actor, texts.get_numbered(actor, draft_id, number), current_language())


@blueprint.get("/sessions/<int:session_id>/comments.docx")
@limiter.limit("60/minute")
def session_word(session_id: int) -> Response:
    """The compilation of the text on the table, with the comments of this session."""
    actor = current_actor()
    session = readable_session(actor, session_id)
    if session.version is None:
        raise NotFound(_("There is no text on the table of this session."))
    version = texts.get_version(actor, session.version.id)
    return word_files.commented(actor, version, current_language(), session.id)


@blueprint.route("/comments/<comment_id>/attach", methods=["GET", "POST"])
@limiter.limit("60/minute", methods=["POST"])
def attach(comment_id: str) -> Any:
    """Attach a comment again: choose a paragraph of the newest version, and quote its words, or mean all of it."""
    actor = current_actor()
    comment = get_comment(actor, comment_id)
    if not may_attach(actor, comment):
        raise Forbidden(_("The delegation that made this comment attaches it, or an officer of the group."))
    version = attaching.newest_of(comment)
    given = request.form
    message, field, status = "", None, 200
    if request.method == "POST":
        try:
            done = attaching.attach(actor, comment_id, given.get("paragraph"), _quote(given), version_id=_seen(given))
        except DomainError as error:
            message, field, status = error.message, error.field, error.status
        else:
            flash(_("The comment is attached to %(label)s.", label=done.label), "success")
            place = {"draft_id": version.draft_id, "number": version.number, "reference": done.paragraph}
            return redirect(url_for("drafts.paragraph", _anchor=f"r-{comment_id}", **place))  # type: ignore[arg-type]
    remark = beside.remark_of(actor, version, comment)
    rows = [view(row) for row in texts.version_paragraphs(version.id)]
    page = render_template(
        "live/attach.html",
        draft=version.draft,
        version=version,
        remark=remark,
        rows=rows,
        chosen=given.get("paragraph") or (remark.paragraph if any(r.id == remark.paragraph for r in rows) else ""),
        words=given.get("words", ""),
        suggestion=beside.suggestion_of(version, remark),
        by_id={row.id: row for row in rows},
        message=message,
        field=field,
    )
    return page, status


def _quote(form: Mapping[str, str]) -> dict[str, Any] | None:
    """The words of the form; None where the whole paragraph is meant, which is said by a button of its own."""
    if form.get("way") == "whole":
        return None
    start = form.get("start", "")
    around = {name: form.get(name, "").replace("\r\n", "\n") for name in ("prefix", "suffix")}
    place = whole(start, most=9_999_999) or 0
    return {"exact": form.get("words", "").replace("\r\n", "\n"), "start": place, **around}


def _seen(form: Mapping[str, str]) -> int:
    seen = whole(form.get("version"))
    if seen is None:
        raise Invalid(_("Reload the page, and send again."), field="version")
    return seen
