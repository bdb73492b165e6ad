"""A version as a file: JSON, Markdown, plain text, PDF, Akoma Ntoso. Each says what it is and that it is not official.

A file holds what its reader may see, and no more. A long one is made as a job, beside the requests; what came of it is
given to the person who asked, as long as that person may read all that it holds.
"""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Response, current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import func, select

from app.accounts.queries import fresh_actor
from app.aside import aside
from app.core.interchange import Document, to_akn, to_json, to_markdown
from app.core.pdf import PdfLabels, to_pdf
from app.core.text.exporting import markdown, plain
from app.drafts.interchange import document_of, sources
from app.drafts.models import Version, VersionParagraph
from app.drafts.queries import get_version
from app.errors import Invalid, NotFound, RateLimited
from app.extensions import db
from app.jobs import services as jobs
from app.jobs.models import Job
from app.jobs.services import Task, register_kind
from app.policy import Actor, GroupId, role_in
from app.web.locale import current_language

TYPES = {
    "md": "text/markdown; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "pdf": "application/pdf",
    "akn.xml": "application/akn+xml; charset=utf-8",
}
VIEWS = ("", "text", "compilation")
"""The text with what belongs to it; the bare text (Markdown); the text in brackets with names (PDF, Akoma Ntoso)."""
LONG = 500_000
"""Characters from which a file is made as a job. A PDF of so many takes one to two seconds."""
KIND = "export"
KEPT = 3600
"""Seconds for which the file that a job made can be fetched."""
_public = threading.Lock()
"""A job belongs to somebody. Who is not signed in waits for a long file, and only one is made for all of them."""


def register() -> None:
    register_kind(KIND, run)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The version as one of TYPES, in one of VIEWS, with what stands around the text in `language`."""

    form: str
    view: str = ""
    language: str = "en"


def wanted(form: str, view: str | None) -> Wanted:
    """Raises Invalid for a view that there is not."""
    if (view or "") not in VIEWS:
        raise Invalid(_("The view is text or compilation."), field="view")
    return Wanted(form, view or "", current_language())


def asked(actor: Actor, version: Version, what: Wanted) -> Response | Job:
    """The file; or the job that makes it, where it is long and a person asks. The caller has checked the right."""
    if not is_long(actor, version, what):
        return _answer(_made(actor, version, what), what.form, name_of(version, what.form), version.draft.platform_id)
    if actor.signed_in:
        arguments = {"version": version.id, "form": what.form, "view": what.view, "language": what.language}
        return jobs.start(actor, KIND, arguments)
    if not _public.acquire(blocking=False):
        raise RateLimited(_("Another long file is being made. Try again in a moment, or sign in."), retry_after=5)
    try:
        return _answer(_made(actor, version, what), what.form, name_of(version, what.form), version.draft.platform_id)
    finally:
        _public.release()


def is_long(actor: Actor, version: Version, what: Wanted) -> bool:
    """By the characters of the paragraphs, and of what the rooms above tell of them where the file holds that."""
    query = select(func.sum(func.length(VersionParagraph.text))).where(VersionParagraph.version_id == version.id)
    characters: int = db.session.scalar(query) or 0
    if not (what.form == "txt" or what.view == "text"):
        characters += sum(amount(actor, version) for amount in sources.amounts)
    return characters > LONG


def _made(actor: Actor, version: Version, what: Wanted) -> bytes:
    return _file_of(document_of(actor, version), what)


def _file_of(document: Document, what: Wanted) -> bytes:
    with force_locale(what.language):
        words = PdfLabels(page=_("Page {page} of {pages}"))
    return aside(_written, document, what, words)


def _written(document: Document, what: Wanted, words: PdfLabels) -> bytes:
    """Pure: it runs beside the loop."""
    compilation = what.view == "compilation"
    if what.form == "pdf":
        return to_pdf(document, words, compilation=compilation)
    if what.form == "akn.xml":
        return to_akn(document, compilation=compilation)
    if what.form == "json":
        return to_json(document).encode()
    if what.form == "md" and what.view != "text":
        return to_markdown(document).encode()
    return (markdown if what.form == "md" else plain)(document.paragraphs, document.labels).encode()


def _answer(body: bytes, form: str, name: str, platform_id: str) -> Response:
    response = Response(body, content_type=TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Platform-Id"] = platform_id
    return response


def name_of(version: Version, form: str) -> str:
    label = version.label.replace(" ", "-").replace(".", "") if version.label.isascii() else f"v{version.number}"
    safe = "".join(c for c in label if c.isalnum() or c == "-")
    return f"{version.draft.platform_id}-{safe or version.number}.{form}"


# --- As a job ------------------------------------------------------------------------------------------------------


def run(task: Task) -> dict[str, Any]:
    """Make the file, and keep it for an hour under a name that nobody guesses."""
    arguments = task.arguments
    actor = fresh_actor(task.user_id)
    version = get_version(actor, int(arguments["version"]))
    what = Wanted(arguments["form"], arguments["view"], arguments["language"])
    task.progress(0, 1, "")
    document = document_of(actor, version)
    said = {"user": task.user_id, "version": version.id, "form": what.form, "right": _right(actor, version)}
    body = _file_of(document, what)
    token = secrets.token_hex(16)
    folder = _folder()
    _sweep(folder)
    (folder / f"{token}.json").write_text(json.dumps(said | {"holds": sorted(_holds(document))}), encoding="utf-8")
    (folder / token).write_bytes(body)
    return {"version": str(version.id), "url": f"/api/v1/exports/{token}"}


def kept(actor: Actor, token: str) -> Response:
    """The file that a job made for this person, as long as they may read all that it holds. Raises NotFound."""
    if not re.fullmatch(r"[0-9a-f]{32}", token):
        raise _gone()
    folder = _folder()
    try:
        said = json.loads((folder / f"{token}.json").read_text(encoding="utf-8"))
        body = (folder / token).read_bytes()
    except FileNotFoundError:
        raise _gone() from None
    if actor.user_id is None or said["user"] != actor.user_id:
        raise _gone()
    version = get_version(actor, said["version"])
    if said["right"] != _right(actor, version) or not _holds(document_of(actor, version)).issuperset(said["holds"]):
        raise _gone()
    return _answer(body, said["form"], name_of(version, said["form"]), version.draft.platform_id)


def _gone() -> NotFound:
    return NotFound(_("This file was not found, or is not open to you."))


def _right(actor: Actor, version: Version) -> list[str | None]:
    """As what the person reads, and how open the group is: what they see of a version follows from it."""
    group = version.draft.group
    role = role_in(actor, GroupId(group.id))
    return [str(role), actor.party_code, actor.delegation_role and str(actor.delegation_role), group.openness]


def _holds(document: Document) -> set[str]:
    """What the rooms above told of the version. Each of them was open to the reader, and must be still."""
    return {f"proposal {one.id}" for one in document.proposals} | {f"comment {one.id}" for one in document.comments}


def _folder() -> Path:
    folder = Path(current_app.instance_path) / "exports"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _sweep(folder: Path) -> None:
    """Files whose hour is over go. Another process may sweep at the same time."""
    for path in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < time.time() - KEPT:
                path.unlink()
