"""The chair's letter on paper: the page of the exports, with the platform's identifier and what it is not."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from flask import Response
from flask_babel import gettext as _

from app.aside import aside
from app.core.interchange import Document, Entry
from app.core.markup import Block, blocks
from app.core.pdf import PdfLabels, to_pdf
from app.core.text import Kind, Paragraph, ParagraphId, Style
from app.core.word.model import NOTICE
from app.errors import NotFound
from app.record import events_after, timestamp
from app.silence import views
from app.silence.models import ChairLetter, SilenceProcedure
from app.web.viewer import party_name, state_group_name


def letter_file(silence: SilenceProcedure, number: int) -> Response:
    """A letter as a PDF file. The caller has checked that the procedure may be known. Raises NotFound."""
    letter = next((one for one in silence.letters if one.number == number), None)
    if letter is None:
        raise NotFound(_("This letter was not found, or is not open to you."))
    words = PdfLabels(page=_("Page {page} of {pages}"))
    response = Response(aside(_written, _document(silence, letter), words), content_type="application/pdf")
    name = f"{silence.draft.platform_id}-letter-{letter.number}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Platform-Id"] = silence.draft.platform_id
    return response


def _written(document: Document, words: PdfLabels) -> bytes:
    return to_pdf(document, words, every=0)


def _document(silence: SilenceProcedure, letter: ChairLetter) -> Document:
    what = _("Silence procedure on “%(title)s”, %(label)s", title=silence.draft.title, label=silence.version.label)
    found = [Block(silence.group.title), Block(what)]
    if letter.kind == "opening":
        found += _announced(silence)
    found += blocks(letter.html)
    found += _objections(letter)
    found.append(Block(_("Signed: %(name)s, %(date)s", name=letter.signed, date=_date(letter.at, silence))))
    return Document(
        title=_("Letter %(number)s of the Chair", number=letter.number),
        style=Style.RESOLUTION,
        platform_id=silence.draft.platform_id,
        label=silence.version.label,
        notice=NOTICE,
        entries=tuple(_entries(found)),
        issued_at=timestamp(letter.at),
    )


def _announced(silence: SilenceProcedure) -> list[Block]:
    """What the letter announced, as it did so: an extension that came later is not in it."""
    [event] = events_after(silence.channel, 0, limit=1, types=["silence.announced"])
    said = json.loads(event.body)["data"]
    until = views.moment_in(datetime.fromisoformat(said["deadline"]), said["time_zone"])
    under = _("The text as a whole")
    if said["scope"] is not None:
        under = ", ".join(one["label"] or "¶" for one in said["scope"])
    found = [
        _("Deadline: %(there)s (%(utc)s)", there=until.there, utc=until.utc),
        _("Under silence: %(what)s", what=under),
    ]
    if said["consequence"]:
        found.append(_("Consequence: %(what)s", what=said["consequence"]))
    if said["short_reason"]:
        found.append(_("Why so little time: %(why)s", why=said["short_reason"]))
    return [Block(line, depth=1, marker="–") for line in found]


def _objections(letter: ChairLetter) -> list[Block]:
    """On what silence was broken and, where the chair chose so, by whom: as it was published."""
    if not letter.objections:
        return []
    found = [Block(_("Silence was broken on"), heading=3)]
    for said in letter.objections:
        what = (said["label"] or "¶") if said["paragraph"] else _("The text as a whole")
        names = ", ".join(_party(by["party"], by["on_behalf_of"]) for by in said.get("parties") or ())
        found.append(Block(f"{what}: {names}" if names else what, depth=1, marker="–"))
    return found


def _party(code: str, on_behalf_of: str | None) -> str:
    return party_name(code) + (f" ({state_group_name(on_behalf_of)})" if on_behalf_of else "")


def _date(at: datetime, silence: SilenceProcedure) -> str:
    return views.moment_in(at, silence.time_zone).there


def _entries(found: Iterable[Block]) -> Iterable[Entry]:
    for number, block in enumerate(found, 1):
        kind = Kind.HEADING if block.heading else Kind.ITEM if block.marker else Kind.CONTINUATION
        level = block.heading - 1 if block.heading else max(0, block.depth - bool(block.marker))
        yield Entry(Paragraph(ParagraphId(f"l{number}"), kind, level, block.text, marker=block.marker))
