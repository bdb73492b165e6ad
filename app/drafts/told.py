"""What the core says of a source in English, by its codes, in the language of the reader."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

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
