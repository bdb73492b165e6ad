"""The catalogues of strings: kept as text (.po), read as binary (.mo), which is made where it is missing or older."""

from __future__ import annotations

import logging
import os
import tempfile
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

TRANSLATIONS = Path(__file__).resolve().parent / "translations"
log = logging.getLogger(__name__)


def compile_catalogues(folder: Path = TRANSLATIONS) -> list[str]:
    """Make what is missing or older than its source. Returns the languages that were made.

    Several processes may do so at once: each file is put in place whole. Where the folder cannot be written, pages
    speak English, and the log says why.
    """
    made = []
    for source in sorted(folder.glob("*/LC_MESSAGES/messages.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        try:
            _compile(source, target)
        except OSError as error:
            log.warning("the catalogue %s could not be made: %s", target, error)
        else:
            made.append(source.parent.parent.name)
    return made


def _compile(source: Path, target: Path) -> None:
    with source.open("rb") as text:
        catalogue = read_po(text, locale=source.parent.parent.name)
    handle, temporary = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as binary:
            write_mo(binary, catalogue)
        os.replace(temporary, target)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
