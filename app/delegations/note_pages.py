"""The pages of a delegation's notes: all notes on a text, and the forms that write them."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.queries import current_actor
from app.core.rules.sessions import State
from app.delegations import notes
from app.delegations.awareness import in_session
from app.delegations.rights import require_of_delegation
from app.drafts.models import Version, VersionParagraph
from app.drafts.queries import draft_line, get_numbered, get_version, paragraph_in, version_paragraphs
from app.drafts.views import as_paragraph
from app.errors import DomainError, Invalid, NotFound
from app.extensions import limiter
from app.live.models import LiveSession
from app.live.queries import readable_session, require_present
from app.policy import Actor
from app.record import once
from app.web.addresses import own_address
from app.web.numbers import whole

blueprint = Blueprint("notes", __name__, template_folder="templates")


@blueprint.get("/drafts/<int:draft_id>/v/<int:number>/notes")
def text(draft_id: int, number: int) -> str:
    """All notes of one's delegation on a text, as they stand beside this version."""
    actor = current_actor()
    version = get_numbered(actor, draft_id, number)
    require_of_delegation(actor, version.draft.group_id)
    found = notes.notes_on(actor, version)
    by_wid: dict[str, list[notes.ShownNote]] = {}
    for shown in found:
        by_wid.setdefault("" if shown.gone else shown.note.paragraph or "", []).append(shown)
    rows = [row for row in version_paragraphs(version.id) if row.wid in by_wid]
    return render_template(
        "delegations/notes.html",
        draft=version.draft,
        version=version,
        paragraphs=[(as_paragraph(row), row, by_wid[row.wid]) for row in rows],
        whole=[shown for shown in found if shown.note.paragraph is None],
        gone=[shown for shown in found if shown.gone],
        total=len(found),
        new_id=str(uuid.uuid4()),
    )


@blueprint.post("/versions/<int:version_id>/notes")
@limiter.limit("60/minute")
def add(version_id: int) -> Any:
    """Write a note, then back to where one was. What could not be kept comes back with its words."""
    actor = current_actor()
    given = {name: request.form.get(name, "") for name in ("id", "body", "paragraph")}

    def do() -> tuple[int, dict[str, Any]]:
        note = notes.add(actor, version_id, id=given["id"], body=given["body"], paragraph=given["paragraph"] or None)
        return 201, {"id": note.id}

    try:
        said = [version_id, given["paragraph"], given["body"]]
        once(actor.key, given["id"] or str(uuid.uuid4()), "note.add", said, do)
    except NotFound:
        raise
    except DomainError as error:
        address = url_for("notes.add", version_id=version_id)
        return _unsent(error, given["body"], address, {"id": given["id"], "paragraph": given["paragraph"]})
    if _wants_part():
        return _part(actor, get_version(actor, version_id), given["paragraph"])
    flash(_("Kept, for your delegation alone."), "success")
    return redirect(_back(get_version(actor, version_id)))


@blueprint.route("/notes/<note_id>/edit", methods=["GET", "POST"])
@limiter.limit("60/minute", methods=["POST"])
def edit(note_id: str) -> Any:
    """Change a note. A colleague's newer words and one's own then stand beside each other."""
    actor = current_actor()
    note = notes.get(actor, note_id)
    line = draft_line(actor, note.draft_id)
    version = line.newest or note.version
    message, theirs, body, status = "", None, note.body, 200
    if request.method == "POST":
        body = request.form.get("body", "")
        try:
            revision = _revision()
            notes.edit(actor, note_id, body=body, revision=revision, version_id=version.id)
        except DomainError as error:
            message, theirs, status = error.message, error.extra.get("theirs"), error.status
        else:
            if _wants_part():
                return _part(actor, version, note.paragraph or "")
            return redirect(_back(version))
    return render_template(
        "delegations/note_edit.html", note=note, version=version, body=body, message=message, theirs=theirs
    ), status


@blueprint.post("/notes/<note_id>/remove")
def remove(note_id: str) -> Any:
    actor = current_actor()
    note = notes.get(actor, note_id)
    line = draft_line(actor, note.draft_id)
    notes.remove(actor, note_id)
    if _wants_part():
        return _part(actor, line.newest or note.version, note.paragraph or "")
    flash(_("The note is taken away."), "success")
    return redirect(_back(line.newest or note.version))


@blueprint.get("/sessions/<int:session_id>/own/<wid>")
def own(session_id: int, wid: str) -> str:
    """What stands below a paragraph in the room for one's delegation alone: asked for again when it changes."""
    actor = current_actor()
    session = readable_session(actor, session_id)
    require_present(actor, session)
    require_of_delegation(actor, session.group_id)
    if session.version is None:
        raise Invalid(_("There is no text on the table of this session."))
    return beside(actor, session, session.version, paragraph_in(session.version, wid))


def beside(
    actor: Actor,
    session: LiveSession,
    version: Version,
    row: VersionParagraph,
    shown: list[notes.ShownNote] | None = None,
) -> str:
    """The block of one paragraph in the room: notes, drafts, what colleagues said."""
    return render_template(
        "delegations/_own.html",
        session_id=session.id,
        version=version,
        wid=row.wid,
        label=row.label,
        notes=notes.notes_on(actor, version, row.wid) if shown is None else shown,
        aware=in_session(actor, session, row.wid),
        closed=session.state == State.CLOSED,
        new_id=str(uuid.uuid4()),
    )


def _wants_part() -> bool:
    """A script of the room sent the form: it draws the notes of the paragraph anew."""
    return bool(request.form.get("part"))


def _part(actor: Actor, version: Version, wid: str) -> str:
    from_session = whole(request.form.get("session"))
    if from_session is not None and wid:
        return own(from_session, wid)
    return render_template("delegations/_notes.html", notes=notes.notes_on(actor, version, wid or None))


def _unsent(error: DomainError, body: str, address: str, fields: dict[str, str]) -> Any:
    if _wants_part():
        raise error
    page = render_template("delegations/note_unsent.html", error=error, body=body, address=address, fields=fields)
    return page, error.status


def _back(version: Version) -> str:
    """Where the form said that it stood: a path of this site; else the notes of the text."""
    wanted = own_address(request.form.get("next", ""))
    return wanted or url_for("notes.text", draft_id=version.draft_id, number=version.number)


def _revision() -> int:
    number = whole(request.form.get("revision"))
    if number is None:
        raise Invalid(_("This page is too old to send from. Reload it: what you wrote is kept."), field="revision")
    return number
