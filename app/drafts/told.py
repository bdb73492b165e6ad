"""What the core says of a source in English, by its codes, in the language of the reader."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from app.core.interchange import InterchangeRefused
from app.core.word import WordFinding
from app.web.refusals import refused_by

_LINE = re.compile(r"line (\d+)(?:, (.*))?")
_COUNTS = re.compile(r"(\d+) opened, (\d+) closed")


def finding_words(finding: Mapping[str, Any]) -> str:
    """A line of the import's report. A code that is not known here keeps the words that were kept with it."""
    if finding["code"] == "brackets" and (counts := _COUNTS.search(str(finding["message"]))):
        said = {"opened": counts[1], "closed": counts[2]}
        return _("The brackets of this paragraph do not match: %(opened)s opened, %(closed)s closed.", **said)
    found = _findings().get(str(finding["code"]))
    return found or str(finding["message"])


def _findings() -> dict[str, str]:
    return {
        "invisible": _("Invisible characters were left out here."),
        "front_matter": _("The front matter of the file was kept as notes."),
        "code": _("A block of code was kept as notes."),
        "directive": _("A directive or a link's address was kept as a note."),
        "table": _("A row of a table was kept as a note."),
        "html": _("HTML was kept as a note."),
    }


def file_refused(refused: InterchangeRefused) -> str:
    """Why an export is not read again, and where in it."""
    said = refused.said
    if refused.code == "member":
        return _(
            "%(where)s, “%(member)s”: %(why)s",
            where=_where(str(said["where"])),
            member=said["member"],
            why=_wrong(str(said["why"]), said),
        )
    found: dict[str, Callable[[], str]] = {
        "too_large": lambda: _("The file is larger than 16 MB. Bring the text in in parts."),
        "json": lambda: _("Line %(line)s: this is no JSON.", line=said["line"]),
        "schema": lambda: _("Its member “schema” must be “%(schema)s”.", schema=said["schema"]),
        "twice": lambda: _("Two paragraphs have the id %(id)s.", id=said["id"]),
        "head": lambda: _(
            "Line %(line)s: the head of the file has no “%(name)s”.", line=said["line"], name=said["name"]
        ),
        "head_end": lambda: _("The head of the file does not end: a line with --- is missing."),
        "shape": lambda: _("%(where)s must be an object.", where=_where(str(said["where"]))),
    }
    words = found.get(refused.code)
    return words() if words else str(refused)


def _where(place: str) -> str:
    """A place in a file: names of its members and their numbers stay as the file has them."""
    if line := _LINE.fullmatch(place):
        return ", ".join(part for part in (_("Line %(number)s", number=line[1]), line[2]) if part)
    return _("The file") if place == "the file" else place


def _wrong(why: str, said: Mapping[str, str | int]) -> str:
    return {
        "known": lambda: _("This is not one that is known here."),
        "list": lambda: _("This must be a list of at most %(most)s.", most=said["most"]),
        "text": lambda: _("This must be a text of at most %(most)s characters.", most=said["most"]),
        "empty": lambda: _("This must not be empty."),
        "kept": lambda: refused_by(str(said.get("refused"))) or str(said.get("refusal")),
        "texts": lambda: _("This must be a list of texts."),
        "number": lambda: _("This must be a whole number from 0 to %(most)s.", most=said["most"]),
        "flag": lambda: _("This must be true or false."),
        "choice": lambda: _("This must be one of %(choices)s.", choices=said["choices"]),
        "identity": lambda: _("This must be a letter and at most 39 letters, digits, - or _."),
        "moment": lambda: _("This must be a moment in RFC 3339."),
    }[why]()


def word_finding(finding: WordFinding) -> str:
    """What was read of a Word file in another form than it has, or not at all."""
    words = _WORD_FINDINGS.get(finding.code)
    return words(finding.about) if words else finding.message


_WORD_FINDINGS: Mapping[str, Callable[[str], str]] = {
    "comment_nowhere": lambda about: _("A comment stands nowhere in the text: %(comment)s", comment=about),
    "header": lambda about: _("In the margin of the pages stands: %(text)s", text=about),
    "link": lambda about: _("A link leads to %(address)s", address=about),
    "table": lambda about: _("Tables: %(number)s. Each cell is a paragraph of its own.", number=about),
    "footnote": lambda about: _("Footnotes: %(number)s. They stand at the end of the text.", number=about),
    "endnote": lambda about: _("Endnotes: %(number)s. They stand at the end of the text.", number=about),
    "text_box": lambda about: _("Text boxes: %(number)s. They stand behind their paragraphs.", number=about),
    "picture": lambda about: _("Pictures that are left out: %(number)s.", number=about),
    "formula": lambda about: _("Formulas of which only the letters are kept: %(number)s.", number=about),
    "symbol": lambda about: _("Signs of a special font: %(number)s. Check how they read.", number=about),
    "formatting": lambda about: _("Tracked changes of formatting only that are left out: %(number)s.", number=about),
}
FINDINGS = frozenset(_WORD_FINDINGS)


def refused_words(code: str, message: str) -> str:
    """Why a Word file is not read, and what to do. A code that is not known here keeps the message."""
    words = _REFUSED.get(code)
    return words() if words else message


_REFUSED: Mapping[str, Callable[[], str]] = {
    "bomb": lambda: _("The file unpacks to far more than a text. Save the text anew, without its pictures."),
    "broken": lambda: _("The file is damaged. Open it in Word and save it anew."),
    "dtd": lambda: _("The file defines document types or entities, which Word never does. Save it anew."),
    "embedded": lambda: _("Other files are embedded in this one. Save the text without them."),
    "encoding": lambda: _("The file is in an encoding that Word does not write. Save it anew."),
    "encrypted": lambda: _("The file is protected by a password. Save it without one."),
    "external": lambda: _("The file loads parts of itself from elsewhere. Copy its text to a new file."),
    "macros": lambda: _("The file holds macros. Save it as a Word document without macros (.docx)."),
    "no_document": lambda: _("There is no text in this file. Choose a Word file (.docx)."),
    "not_word": lambda: _("This is a zip file, but no Word file (.docx)."),
    "not_zip": lambda: _("This is no Word file (.docx)."),
    "old_format": lambda: _("This is a file of an old format. Save it as .docx in Word."),
    "path": lambda: _("The parts of the file have names that cannot be trusted. Save the text anew."),
    "template": lambda: _("The file loads a template from elsewhere. Copy its text to a new file."),
    "too_complex": lambda: _("The file holds more paragraphs, comments or formatting than are read. Split it."),
    "too_deep": lambda: _("The file is nested deeper than a text can be. Save the text anew."),
    "too_large": lambda: _("The file is too large. Save the text without its pictures, or bring it in in parts."),
    "too_many_parts": lambda: _("The file has too many parts. Save the text anew, without its pictures."),
}
CODES = frozenset(_REFUSED)
