"""The pages of texts: lists, reading, comparing, the lasting address of a paragraph, the desk, issuing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as WerkzeugResponse

from app.accounts.queries import current_actor
from app.core.pillars import NORMS, PILLARS
from app.core.text import Kind, diff
from app.drafts import bracket_views, brackets, exports, imports, queries, services, word_files
from app.drafts.extras import asides_of, desk_asides_of, fates_in, issue_part, keep_part, paragraph_part, ways_of
from app.drafts.forms import ImportForm, IssueForm, ParagraphForm
from app.drafts.models import Version
from app.drafts.told import finding_words
from app.drafts.views import ParagraphView, view
from app.errors import Conflict, DomainError, Invalid, NotFound
from app.extensions import limiter
from app.groups.queries import get_group
from app.jobs import services as jobs
from app.policy import Action, GroupId, can, require
from app.web.bodies import takes_files
from app.web.numbers import whole
from app.web.pillars import norm_choices, pillar_choices
from app.web.times import day

blueprint = Blueprint("drafts", __name__, template_folder="templates")


blueprint.add_app_template_filter(bracket_views.shown_part)


@blueprint.get("/texts")
def texts() -> str:
    """All texts of which the reader may read something."""
    return render_template("drafts/texts.html", lines=queries.texts(current_actor()))


@blueprint.route("/groups/<slug>/drafts/new", methods=["GET", "POST"])
@limiter.limit("20/minute", methods=["POST"])
@takes_files
def new_draft(slug: str) -> Any:
    """Bring a text in. A long one is read as a job, with its progress on a page."""
    actor = current_actor()
    group = get_group(actor, slug)
    require(actor, Action.EDIT_WORKING_COPY, GroupId(group.id), group.openness, what=_("This group"))
    form = ImportForm()
    if form.validate_on_submit():
        try:
            format, source = _source(form)
            if len(source) > imports.AT_ONCE:
                arguments = {"group": group.id, "title": form.title.data, "format": format, "source": source}
                return redirect(url_for("jobs.job", job_id=jobs.start(actor, imports.KIND, arguments).id))
            draft, _working = services.import_draft(actor, group, form.title.data or "", format, source)
        except DomainError as error:
            _blame(form, error)
        else:
            return redirect(url_for("drafts.report", draft_id=draft.id))
    return render_template("drafts/new.html", form=form, group=group), 422 if form.errors else 200


def _source(form: ImportForm) -> tuple[str, str]:
    """The form of the text and its words: of the file where there is one, else as pasted."""
    upload = form.file.data
    if upload and getattr(upload, "filename", ""):
        if upload.filename.lower().endswith((".docx", ".docm", ".doc")):
            return "markdown", word_files.as_source(word_files.opened(upload.read()))
        format = "json" if upload.filename.lower().endswith(".json") else form.format.data
        try:
            return format, str(upload.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise Invalid(
                _("The file is not in UTF-8. Save it as UTF-8 text, and send it again."), field="file"
            ) from None
    return form.format.data, form.source.data or ""


@blueprint.get("/drafts/<int:draft_id>")
def draft(draft_id: int) -> WerkzeugResponse:
    """The newest issued version, else the desk."""
    line = queries.draft_line(current_actor(), draft_id)
    if line.newest:
        return redirect(url_for("drafts.version", draft_id=draft_id, number=line.newest.number))
    return redirect(url_for("drafts.desk", draft_id=draft_id))


@blueprint.get("/drafts/<int:draft_id>/report")
def report(draft_id: int) -> str:
    """What came in, and what a person should look at."""
    return _report(_pen(draft_id))


@blueprint.post("/drafts/<int:draft_id>/report")
def answer_report(draft_id: int) -> Any:
    """Keep what was answered of the brackets. The words stay as they are."""
    line = _pen(draft_id)
    try:
        brackets.answer(current_actor(), draft_id, _answers(line))
    except DomainError as error:
        return _report(line, error.message), error.status
    flash(_("Your answers are kept. No word has changed."), "success")
    return redirect(url_for("drafts.report", draft_id=draft_id, _anchor="brackets"))


def _report(line: queries.DraftLine, message: str = "") -> str:
    assert line.working is not None
    rows = queries.version_paragraphs(line.working.id)
    found = brackets.brackets_of(line.working, rows)
    labels = {row.wid: row.label for row in rows}
    shown = bracket_views.views(rows, found)
    return render_template(
        "drafts/report.html",
        line=line,
        draft=line.draft,
        count=len(rows),
        rows=shown[:12],
        found=found,
        asked=bracket_views.asked(found, labels),
        names=[(name, bracket_views.proper(name)) for name in found.holders],
        unclosed=[row for row in shown if row.unclosed],
        findings=[finding | {"words": finding_words(finding)} for finding in line.draft.import_report],
        message=message,
        given=request.form,
    )


def _answers(line: queries.DraftLine) -> dict[str, str]:
    """Each answer in the form; with `all`, one answer to all questions of two brackets side by side."""
    given = {key: choice for key, choice in request.form.items() if "-" in key}
    for_all = request.form.get("all")
    if not for_all:
        return given
    assert line.working is not None
    asked = brackets.brackets_of(line.working).questions
    return given | {question.key: for_all for question in asked if question.ask == "adjacent"}


@blueprint.get("/drafts/<int:draft_id>/v/<int:number>")
def version(draft_id: int, number: int) -> str:
    """Read a version. `pillar` and `norm` leave only the paragraphs that touch them."""
    actor = current_actor()
    line = queries.draft_line(actor, draft_id)
    found = queries.get_numbered(actor, draft_id, number)
    rows = _with_brackets(found)
    pillar, norm = request.args.get("pillar") or None, request.args.get("norm") or None
    shown = [row for row in rows if (not pillar or pillar in row.pillars) and (not norm or row.norm == norm)]
    return render_template(
        "drafts/version.html",
        line=line,
        draft=line.draft,
        version=found,
        rows=shown,
        total=len(rows),
        pillar=pillar,
        norm=norm,
        pillars=[code for code in PILLARS if any(code in row.pillars for row in rows)],
        norms=[letter for letter in NORMS if any(row.norm == letter for row in rows)],
        timeline=_timeline(line, current=found),
        ways=_ways(found),
        asides=asides_of(actor, found),
    )


@blueprint.get('/drafts/<int:draft_id>/v/<int:number>.<any(md, txt, json, pdf, "akn.xml"):form>')
@limiter.limit("60/minute")
def export(draft_id: int, number: int, form: str) -> WerkzeugResponse:
    """The version as a file. A long one is made as a job, with its progress on a page."""
    actor = current_actor()
    found = queries.get_numbered(actor, draft_id, number)
    made = exports.asked(actor, found, exports.wanted(form, request.args.get("view")))
    return made if isinstance(made, Response) else redirect(url_for("jobs.job", job_id=made.id))


@blueprint.get("/drafts/<int:draft_id>/v/<int:number>.docx")
@limiter.limit("60/minute")
def word(draft_id: int, number: int) -> Response:
    """The version as a clean Word file."""
    found = queries.get_numbered(current_actor(), draft_id, number)
    return word_files.clean(found, queries.version_paragraphs(found.id))


@blueprint.get("/drafts/<int:draft_id>/compare.docx")
@limiter.limit("60/minute")
def compare_word(draft_id: int) -> Response:
    """The comparison as a Word file with tracked changes."""
    return word_files.compared(queries.compare_versions(current_actor(), draft_id, _id("from"), _id("to")))


@blueprint.get("/drafts/<int:draft_id>/v/<int:number>/p/<reference>")
def paragraph(draft_id: int, number: int, reference: str) -> str:
    """The lasting address of a paragraph: its words in this version, and through all versions."""
    actor = current_actor()
    found = queries.get_numbered(actor, draft_id, number)
    row = queries.paragraph_in(found, reference)
    history = queries.paragraph_history(actor, draft_id, row.wid)
    steps = []
    for index, (at, there) in enumerate(history):
        before = history[index - 1][1].text if index else None
        steps.append(
            {"version": at, "row": view(there), "ops": diff(before, there.text) if before is not None else None}
        )
    return render_template(
        "drafts/paragraph.html",
        draft=found.draft,
        version=found,
        p=next(p for p in _with_brackets(found) if p.id == row.wid),
        steps=steps[::-1],
        more=paragraph_part(actor, found, row),
    )


def _with_brackets(version: Version) -> list[ParagraphView]:
    rows = queries.version_paragraphs(version.id)
    return bracket_views.views(rows, brackets.brackets_of(version, rows))


@blueprint.get("/drafts/<int:draft_id>/compare")
def compare(draft_id: int) -> str:
    """Two versions, word by word: inline or side by side."""
    actor = current_actor()
    pair = queries.compare_versions(actor, draft_id, _id("from"), _id("to"))
    line = queries.draft_line(actor, draft_id)
    # A form that was sent without the box says "only=0"; the first visit shows what changed.
    only = request.args.get("only", "1") == "1"
    pillar = request.args.get("pillar") or None
    rows = [
        row
        for row in pair.comparison.rows
        if (not only or row.kind != "same") and (not pillar or pillar in _pillars_of(pair, row))
    ]
    return render_template(
        "drafts/compare.html",
        line=line,
        draft=line.draft,
        pair=pair,
        rows=rows,
        only=only,
        pillar=pillar,
        pillars=PILLARS,
        side=request.args.get("view") == "side",
        timeline=_timeline(line, old=pair.old, new=pair.new),
        ways=_ways(pair.new),
        asides=asides_of(actor, pair.new),
    )


def _ways(version: Version) -> list[tuple[str, str, bool]]:
    """Further ways of reading a version, as a segmented control takes them."""
    return [(way.label, way.url, False) for way in ways_of(current_actor(), version)]


def _pillars_of(pair: queries.Pair, row: Any) -> list[str]:
    kept = pair.new_rows.get(row.new.id) if row.new else pair.old_rows.get(row.old.id)
    return list(kept.pillars or []) if kept else []


def _id(name: str) -> int | None:
    text = request.args.get(name, "")
    number = whole(text)
    if text and number is None:
        raise NotFound(_("This version was not found, or is not open to you."))
    return number


# --- The desk ------------------------------------------------------------------------------------------------------


@blueprint.get("/drafts/<int:draft_id>/desk")
def desk(draft_id: int) -> str:
    """The working copy, paragraph by paragraph."""
    line = _pen(draft_id)
    assert line.working is not None
    stored = queries.version_paragraphs(line.working.id)
    found = brackets.brackets_of(line.working, stored)
    rows = bracket_views.views(stored, found)
    base = {row.wid: row.text for row in queries.version_paragraphs(line.newest.id)} if line.newest else {}
    return render_template(
        "drafts/desk.html",
        line=line,
        draft=line.draft,
        working=line.working,
        rows=rows,
        changed={row.id for row in rows if (base and base.get(row.id) != row.text) or row.deleted},
        asides=desk_asides_of(current_actor(), line.draft, line.working),
        pillars=pillar_choices(),
        norms=norm_choices(),
        kinds=list(Kind),
        open_questions=sum(question.answer is None for question in found.questions),
        may_issue=can(current_actor(), Action.ISSUE_VERSION, GroupId(line.draft.group_id), line.draft.group.openness),
    )


@blueprint.post("/drafts/<int:draft_id>/desk/<wid>")
def save_paragraph(draft_id: int, wid: str) -> Any:
    """Save a paragraph. A stale edit shows both texts, and nothing is lost."""
    line = _pen(draft_id)
    assert line.working is not None
    form = _paragraph_form()
    text, revision = request.form.get("text", ""), _revision()
    try:
        services.edit_paragraph(
            current_actor(),
            line.working.id,
            wid,
            text,
            revision,
            pillars=form.pillars.data or [],
            norm=form.norm.data or None,
            kind=request.form.get("kind") or None,
            level=_level(),
        )
    except Conflict as error:
        return _stale(line, wid, error), error.status
    except DomainError as error:
        return render_template(
            "drafts/unsaved.html", draft=line.draft, wid=wid, text=text, message=error.message
        ), error.status
    return redirect(url_for("drafts.desk", draft_id=draft_id, _anchor=f"p-{wid}"))


def _stale(line: queries.DraftLine, wid: str, error: Conflict) -> str:
    yours, theirs = str(error.extra["yours"]), str(error.extra["theirs"])
    return render_template(
        "drafts/stale.html",
        draft=line.draft,
        wid=wid,
        message=error.message,
        yours=yours,
        theirs=theirs,
        revision=error.extra["revision"],
        ops=diff(theirs, yours),
    )


@blueprint.post("/drafts/<int:draft_id>/desk/<wid>/insert")
def insert_paragraph(draft_id: int, wid: str) -> Any:
    line = _pen(draft_id)
    assert line.working is not None
    text, relation = request.form.get("text", ""), request.form.get("relation", "inserted_after")
    if relation not in ("inserted_after", "alternative_to"):
        raise Invalid(_("A new paragraph comes after another one, or beside it."), field="relation")
    kind = request.form.get("kind") or None
    if kind and kind not in set(Kind):
        raise Invalid(_("There is no such kind of paragraph."), field="kind")
    try:
        row = services.insert_paragraph(
            current_actor(),
            line.working.id,
            wid,
            text,
            relation=relation,
            kind=kind,
            level=1 if kind == "item" else None,
        )
    except DomainError as error:
        return render_template(
            "drafts/unsaved.html", draft=line.draft, wid=wid, text=text, message=error.message
        ), error.status
    return redirect(url_for("drafts.desk", draft_id=draft_id, _anchor=f"p-{row.wid}"))


@blueprint.post("/drafts/<int:draft_id>/desk/<wid>/<any(delete, restore):verb>")
def set_deleted(draft_id: int, wid: str, verb: str) -> WerkzeugResponse:
    line = _pen(draft_id)
    assert line.working is not None
    change = services.delete_paragraph if verb == "delete" else services.restore_paragraph
    change(current_actor(), line.working.id, wid)
    return redirect(url_for("drafts.desk", draft_id=draft_id, _anchor=f"p-{wid}"))


@blueprint.post("/drafts/<int:draft_id>/desk/<wid>/move")
def move_paragraph(draft_id: int, wid: str) -> WerkzeugResponse:
    line = _pen(draft_id)
    assert line.working is not None
    services.move_paragraph(current_actor(), line.working.id, wid, _after(line.working.id))
    return redirect(url_for("drafts.desk", draft_id=draft_id, _anchor=f"p-{wid}"))


@blueprint.post("/drafts/<int:draft_id>/desk/<wid>/<any(up, down):way>")
def step_paragraph(draft_id: int, wid: str, way: str) -> WerkzeugResponse:
    line = _pen(draft_id)
    assert line.working is not None
    services.step_paragraph(current_actor(), line.working.id, wid, -1 if way == "up" else 1)
    return redirect(url_for("drafts.desk", draft_id=draft_id, _anchor=f"p-{wid}"))


def _after(working: int) -> str | None:
    """The identity of the paragraph that the form names by its label or its identity; None for the beginning."""
    wanted = request.form.get("after", "").strip()
    if not wanted:
        return None
    for row in queries.version_paragraphs(working):
        if wanted in (row.wid, row.label):
            return row.wid
    raise Invalid(_("The working copy has no paragraph %(label)s.", label=wanted[:80]), field="after")


@blueprint.route("/drafts/<int:draft_id>/issue", methods=["GET", "POST"])
def issue(draft_id: int) -> Any:
    """Preview the working copy as it will be issued, write the covering note, and issue it."""
    actor = current_actor()
    line = _pen(draft_id)
    assert line.working is not None
    require(actor, Action.ISSUE_VERSION, GroupId(line.draft.group_id), line.draft.group.openness, what=_("This text"))
    form = IssueForm()
    try:
        if request.method == "POST" and "keep" in request.form:
            keep_part(actor, line.draft, request.form)
        elif form.validate_on_submit():
            issued = services.issue_version(
                actor,
                draft_id,
                label=form.label.data or None,
                letter=form.letter.data or "",
                fates=fates_in(request.form),
            )
            flash(_("%(label)s is issued.", label=issued.label), "success")
            return redirect(url_for("drafts.version", draft_id=draft_id, number=issued.number))
    except DomainError as error:
        if error.field in form._fields:
            _blame(form, error)
        else:
            form.form_errors.append(error.message)
    next_label = services.next_label(line.newest.number + 1 if line.newest else 1)
    pair = queries.compare_versions(actor, draft_id, line.newest.id, line.working.id) if line.newest else None
    return render_template(
        "drafts/issue.html",
        form=form,
        line=line,
        draft=line.draft,
        issue_part=issue_part(actor, line.draft),
        next_label=next_label,
        pair=pair,
        rows=[row for row in pair.comparison.rows if row.kind != "same"] if pair else [],
        count=len([row for row in queries.version_paragraphs(line.working.id) if not row.deleted]),
    ), 422 if form.errors else 200


def _pen(draft_id: int) -> queries.DraftLine:
    """The text, for who holds the pen; for everybody else its desk does not exist."""
    line = queries.draft_line(current_actor(), draft_id)
    if line.working is None:
        raise NotFound(_("This text was not found, or is not open to you."))
    return line


def _paragraph_form() -> ParagraphForm:
    form = ParagraphForm()
    form.pillars.choices = pillar_choices()
    form.norm.choices = [("", ""), *norm_choices()]
    return form


def _revision() -> int:
    number = whole(request.form.get("revision"))
    if number is None:
        raise Invalid(_("Reload the page, and send again."), field="revision")
    return number


def _level() -> int | None:
    text = request.form.get("level", "")
    number = whole(text, most=99)
    if text and number is None:
        raise Invalid(_("The level is a number from 0 to 6."), field="level")
    return number


def _timeline(
    line: queries.DraftLine, *, current: Version | None = None, old: Version | None = None, new: Version | None = None
) -> list[dict[str, Any]]:
    """The life of the text: its versions as points on a line."""
    points = [
        {
            "label": version.label,
            "date": day(version.issued_at) if version.issued_at else "",
            "url": url_for("drafts.version", draft_id=line.draft.id, number=version.number),
            "from": old is not None and version.id == old.id,
            "to": version.id == (new or current or version).id if (new or current) else False,
            "current": current is not None and version.id == current.id,
        }
        for version in line.versions
    ]
    if line.working:
        desk_url = url_for("drafts.desk", draft_id=line.draft.id)
        points.append(
            {"label": _("Working copy"), "date": _("only the pen-holders see it"), "url": desk_url, "working": True}
        )
    return points


def _blame(form: Any, error: DomainError) -> None:
    field = form._fields.get(error.field or "") or next(iter(form._fields.values()))
    field.errors = [*field.errors, error.message]
