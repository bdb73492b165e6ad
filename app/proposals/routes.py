"""The pages of proposals: the bracketed text, one proposal, the form, the chair's desk, what became of them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as WerkzeugResponse

from app.accounts.queries import current_actor
from app.drafts import queries as texts
from app.drafts import services as drafts
from app.drafts import word_files as drafts_word
from app.drafts.extras import downloads_of
from app.drafts.views import view
from app.errors import DomainError, Invalid, NotFound
from app.extensions import limiter
from app.policy import Action, GroupId, require
from app.proposals import desk as chair_desk
from app.proposals import forms, language, pages, queries, reading, services, word_files, word_in
from app.web.addresses import own_address
from app.web.bodies import takes_files
from app.web.locale import current_language

blueprint = Blueprint("proposals", __name__, template_folder="templates")


# --- Reading -------------------------------------------------------------------------------------------------------


@blueprint.get("/drafts/<int:draft_id>/v/<int:number>/bracketed")
def bracketed(draft_id: int, number: int) -> str:
    """A version with its proposals as one bracketed text. `show`: all, open, mine; party, pillar and norm narrow it."""
    actor = current_actor()
    line = texts.draft_line(actor, draft_id)
    version = texts.get_numbered(actor, draft_id, number)
    page = pages.Bracketed(actor, version, request.args)
    more = downloads_of(actor, version)
    return render_template(
        "proposals/bracketed.html", line=line, draft=line.draft, version=version, page=page, downloads=more
    )


@blueprint.get("/drafts/<int:draft_id>/v/<int:number>/p/<reference>/proposals")
def touching(draft_id: int, number: int, reference: str) -> str:
    """Who wants what of one paragraph, and why."""
    actor = current_actor()
    line = texts.draft_line(actor, draft_id)
    version = texts.get_numbered(actor, draft_id, number)
    row = texts.paragraph_in(version, reference)
    cards = pages.cards(actor, queries.proposals_at(actor, version, row.wid))
    return render_template("proposals/touching.html", line=line, draft=line.draft, version=version, p=row, cards=cards)


@blueprint.get("/drafts/<int:draft_id>/v/<int:number>/who-wrote-what")
def provenance(draft_id: int, number: int) -> str:
    """A version with its provenance, word by word."""
    actor = current_actor()
    line = texts.draft_line(actor, draft_id)
    version = texts.get_numbered(actor, draft_id, number)
    found = reading.provenance_of(actor, version, current_language())
    rows = [(view(row), found.get(row.wid, ())) for row in texts.version_paragraphs(version.id)]
    return render_template("proposals/provenance.html", line=line, draft=line.draft, version=version, rows=rows)


@blueprint.get("/drafts/<int:draft_id>/my-proposals")
def mine(draft_id: int) -> str:
    """What became of the proposals of one's delegation, across versions."""
    actor = current_actor()
    line = texts.draft_line(actor, draft_id)
    if actor.party_id is None:
        raise NotFound(_("Only a delegation has proposals. Sign in as one."))
    cards = pages.cards(actor, queries.proposals_of(actor, draft_id=draft_id))
    return render_template("proposals/mine.html", line=line, draft=line.draft, cards=cards)


@blueprint.get("/proposals/<proposal_id>")
def proposal(proposal_id: str) -> str:
    actor = current_actor()
    row = queries.get_proposal(actor, proposal_id)
    return render_template("proposals/proposal.html", page=pages.One(actor, row), draft=row.draft)


# --- Writing -------------------------------------------------------------------------------------------------------


@blueprint.route("/drafts/<int:draft_id>/v/<int:number>/p/<reference>/propose", methods=["GET", "POST"])
@limiter.limit("60/minute", methods=["POST"])
def propose(draft_id: int, number: int, reference: str) -> Any:
    """Edit a paragraph in place, see the change as others will, and release it or keep it in the delegation."""
    actor = current_actor()
    version = texts.get_numbered(actor, draft_id, number)

    def submit(given: dict[str, Any], draft: bool, behalf: str | None) -> str:
        row = services.propose(actor, version.id, given, draft=draft, on_behalf_of=behalf)
        return url_for("proposals.proposal", proposal_id=row.id)

    back = url_for("proposals.bracketed", draft_id=draft_id, number=number)
    return forms.propose(actor, version, texts.paragraph_in(version, reference), submit, back)


@blueprint.route("/proposals/<proposal_id>/revise", methods=["GET", "POST"])
@limiter.limit("60/minute", methods=["POST"])
def revise(proposal_id: str) -> Any:
    actor = current_actor()
    row = queries.get_proposal(actor, proposal_id)
    if not queries.is_own(actor, row):
        raise NotFound(_("This proposal was not found, or is not open to you."))
    back = url_for("proposals.proposal", proposal_id=row.id)
    given, message, status = forms.given_of(row), "", 200
    if request.method == "POST":
        given |= forms.given_in(request.form)
        try:
            services.revise(actor, proposal_id, given, forms.whole_number(request.form.get("revision"), "revision"))
        except DomainError as error:
            message, status = error.message, error.status
        else:
            return redirect(back)
    base = {p.wid: p for p in texts.version_paragraphs(row.base_id)}
    return render_template(
        "proposals/revise.html",
        draft=row.draft,
        row=row,
        given=given,
        message=message,
        back=back,
        base=base.get(row.paragraph or ""),
        now=queries.get_proposal(actor, proposal_id),
    ), status


@blueprint.get("/drafts/<int:draft_id>/v/<int:number>/bracketed.docx")
@limiter.limit("60/minute")
def bracketed_word(draft_id: int, number: int) -> Response:
    """The compilation as a Word file with each delegation's changes tracked."""
    actor = current_actor()
    return word_files.compilation(actor, texts.get_numbered(actor, draft_id, number), current_language())


@blueprint.route("/drafts/<int:draft_id>/v/<int:number>/word", methods=["GET", "POST"])
@limiter.limit("30/minute", methods=["POST"])
@takes_files
def word(draft_id: int, number: int) -> Any:
    """Tracked changes of a Word file become drafts of the delegation, its comments comments, after a look at each."""
    actor = current_actor()
    version = texts.get_numbered(actor, draft_id, number)
    group = version.draft.group
    require(actor, Action.DRAFT_PROPOSAL, GroupId(group.id), group.openness, what=_("This text"))
    found, message, status = None, "", 200
    try:
        if request.method == "POST" and request.form.get("way") == "keep":
            _say_kept(word_in.keep(actor, version, request.form))
            return redirect(url_for("proposals.mine", draft_id=draft_id))
        if request.method == "POST":
            upload = request.files.get("file")
            if upload is None or not upload.filename:
                raise Invalid(_("Choose a Word file."), field="file")
            read = drafts_word.opened(upload.read())
            issued = [one for one in texts.versions_of(actor, draft_id) if one.issued]
            version = word_files.made_of(read, version, issued)
            known = word_files.known_of(actor, version) if read.platform_id else word_files.NOTHING
            found = word_files.read_changes(read, texts.version_paragraphs(version.id), known)
    except DomainError as error:
        message, status = error.message, error.status
        if request.form.get("way") == "keep":
            found = word_in.again(request.form, texts.version_paragraphs(version.id))
    return render_template(
        "proposals/word.html",
        draft=version.draft,
        version=version,
        found=found,
        message=message,
        may_say=word_in.may_say(actor, version),
        limit=word_in.LIMIT,
    ), status


def _say_kept(kept: word_in.Kept) -> None:
    if kept.proposals:
        flash(ngettext("%(num)s proposal is kept.", "%(num)s proposals are kept.", kept.proposals), "success")
    if kept.comments:
        flash(ngettext("%(num)s comment is said.", "%(num)s comments are said.", kept.comments), "success")


VERBS: dict[str, Any] = {
    "release": lambda actor, id_: services.release(actor, id_),
    "withdraw": lambda actor, id_: services.withdraw(actor, id_),
    "readopt": lambda actor, id_: services.readopt(actor, id_),
    "cosponsor": lambda actor, id_: services.cosponsor(actor, id_, on_behalf_of=request.form.get("behalf") or None),
    "leave": lambda actor, id_: services.cosponsor(actor, id_, join=False),
    "position": lambda actor, id_: services.take_position(
        actor,
        id_,
        request.form.get("stance") or None,
        note=request.form.get("note", ""),
        on_behalf_of=request.form.get("behalf") or None,
    ),
    "take": chair_desk.take,
    "plan": lambda actor, id_: services.plan(
        actor, id_, request.form.get("fate") or None, request.form.get("reason", "")
    ),
    "merge": lambda actor, id_: services.merge(actor, id_, request.form.get("into", "")),
}
TYPED = {"position": "note", "plan": "reason"}
"""Acts in whose forms people write, and the field that they write in."""


@blueprint.post("/proposals/<proposal_id>/<any({}):verb>".format(", ".join(VERBS)))
def act(proposal_id: str, verb: str) -> Any:
    """One act on a proposal; then back to where one was. A refusal is said there, and nothing typed is lost."""
    actor = current_actor()
    queries.get_proposal(actor, proposal_id)  # what the reader may not see is not found, whatever the act
    try:
        VERBS[verb](actor, proposal_id)
    except NotFound:
        raise
    except DomainError as error:
        if request.form.get(TYPED.get(verb, "")):
            return _as_typed(proposal_id, verb, error)
        flash(error.message, "error")
    back = own_address(request.form.get("next", ""))
    return redirect(back or url_for("proposals.proposal", proposal_id=proposal_id))


def _as_typed(proposal_id: str, verb: str, error: DomainError) -> Any:
    """The page again, with the form as it was sent. Where it has that form no more, the page of the error gives it."""
    actor = current_actor()
    row = queries.get_proposal(actor, proposal_id)
    if verb == "position":
        one = pages.One(actor, row)
        if not one.may_say:
            raise error
        one.message, one.said = error.message, request.form
        return render_template("proposals/proposal.html", page=one, draft=row.draft), error.status
    line = _pen(row.draft_id)
    rows = texts.version_paragraphs(line.working.id)  # type: ignore[union-attr]
    wid = pages.desk_of(row, rows)
    if wid not in {p.wid for p in rows}:
        raise error
    page = pages.Desk(actor, line, wid)
    if row.id not in page.names:
        raise error
    page.refused, page.reason, page.why_not = row.id, request.form.get("reason", ""), error.message
    return render_template("proposals/desk.html", line=line, draft=line.draft, page=page), error.status


# --- The chair's desk ----------------------------------------------------------------------------------------------


@blueprint.get("/drafts/<int:draft_id>/desk/proposals")
def desk_first(draft_id: int) -> WerkzeugResponse:
    """The first paragraph that has open proposals, else the first."""
    line = _pen(draft_id)
    rows = texts.version_paragraphs(line.working.id)  # type: ignore[union-attr]
    if not rows:
        return redirect(url_for("drafts.desk", draft_id=draft_id))
    live = queries.live_on(current_actor(), line.newest) if line.newest else []
    wanted = {pages.desk_of(row, rows) for row in live}
    first = next((row for row in rows if row.wid in wanted), rows[0])
    return redirect(url_for("proposals.desk", draft_id=draft_id, wid=first.wid))


@blueprint.get("/drafts/<int:draft_id>/desk/proposals/<wid>")
def desk(draft_id: int, wid: str) -> str:
    """One paragraph: its proposals by the words they touch, how it will read, the new words, who stands where."""
    line = _pen(draft_id)
    return render_template(
        "proposals/desk.html", line=line, draft=line.draft, page=pages.Desk(current_actor(), line, wid)
    )


@blueprint.post("/drafts/<int:draft_id>/desk/proposals/<wid>")
def save(draft_id: int, wid: str) -> Any:
    """Save the new words of the paragraph, bridging text included."""
    line = _pen(draft_id)
    assert line.working is not None
    text = request.form.get("text", "")
    try:
        drafts.edit_paragraph(
            current_actor(), line.working.id, wid, text, forms.whole_number(request.form.get("revision"), "revision")
        )
    except DomainError as error:
        page = pages.Desk(current_actor(), line, wid)
        page.unsaved, page.message = text, error.message
        return render_template("proposals/desk.html", line=line, draft=line.draft, page=page), error.status
    return redirect(url_for("proposals.desk", draft_id=draft_id, wid=wid))


@blueprint.post("/drafts/<int:draft_id>/desk/proposals/<wid>/bridge")
def bridge(draft_id: int, wid: str) -> Any:
    """Put bridging text before the room as a proposal of the Chair, without prejudice."""
    line = _pen(draft_id)
    if line.newest is None:
        raise Invalid(_("Issue a version first."), field="text")
    try:
        row = services.propose(
            current_actor(),
            line.newest.id,
            {
                "kind": "replace",
                "paragraph": wid,
                "text": request.form.get("text", ""),
                "rationale": services.BRIDGING,
            },
        )
    except DomainError as error:
        flash(error.message, "error")
        page = pages.Desk(current_actor(), line, wid)
        page.unsaved, page.message = request.form.get("text", ""), error.message
        return render_template("proposals/desk.html", line=line, draft=line.draft, page=page), error.status
    flash(_("The bridging text is before the room as %(label)s.", label=row.label), "success")
    return redirect(url_for("proposals.desk", draft_id=draft_id, wid=wid))


def _pen(draft_id: int) -> texts.DraftLine:
    actor = current_actor()
    line = texts.draft_line(actor, draft_id)
    if line.working is None:
        raise NotFound(_("This text was not found, or is not open to you."))
    group = line.draft.group
    require(actor, Action.DECIDE_FATES, GroupId(group.id), group.openness, what=_("This text"))
    return line


# --- Agreed language -----------------------------------------------------------------------------------------------


@blueprint.route("/language", methods=["GET", "POST"])
@limiter.limit("60/minute", methods=["POST"])
def agreed_language() -> Any:
    """Are these words verbatim from a precedent? The secretariat keeps the passages here."""
    actor = current_actor()
    keeps = language.may_keep(actor)
    text, found, message, status = request.form.get("text", request.args.get("text", "")), None, "", 200
    try:
        if request.method == "POST" and request.form.get("act") == "keep":
            language.keep(actor, request.form.get("source", ""), text)
            flash(_("The passage is kept."), "success")
            return redirect(url_for("proposals.agreed_language"))
        if request.method == "POST" and request.form.get("act") == "drop":
            language.drop(actor, forms.whole_number(request.form.get("precedent"), "precedent"))
            return redirect(url_for("proposals.agreed_language"))
        if text.strip():
            found = language.check(text)
    except DomainError as error:
        message, status = error.message, error.status
    return render_template(
        "proposals/language.html",
        precedents=queries.precedents(),
        text=text,
        found=found,
        message=message,
        keeps=keeps,
        source=request.form.get("source", ""),
    ), status
