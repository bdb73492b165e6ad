"""The zip around a Word file, opened as if everything in it wished us ill."""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from app.core.word.model import WordRefused
from app.core.word.xml import CONTENT_TYPES, PART_LIMIT, RELATIONSHIPS, Budget, Element, W, parse

FILE_LIMIT = 20_000_000
PARTS = 1_000
TOTAL = 200_000_000
"""Bytes of all parts as they say of themselves. Only those with text are ever unpacked."""
RATIO = 150
"""XML of Word shrinks to a tenth, a long table to a fiftieth; a bomb to a thousandth."""
SMALL = 1_000_000
"""Parts below may shrink as they like."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BROKEN = (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError, IndexError, struct.error, zlib.error)
_MACROS = re.compile(r"vbaProject|vbaData|macroEnabled|keyMapCustomizations|/attachedToolbars", re.IGNORECASE)
_EMBEDDED = re.compile(r"/(oleObject|package|control|activeXControlBinary|aFChunk|subDocument)$", re.IGNORECASE)
_EMBEDDED_PARTS = re.compile(r"(^|/)(embeddings|activeX)/", re.IGNORECASE)
_MARKS = [
    f"{{{W}}}{name}"
    for name in (
        *("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge", "comment", "numberingChange"),
        *(f"{of}PrChange" for of in ("r", "p", "sect", "tbl", "tr", "tc")),
        *("tblPrExChange", "tblGridChange"),
    )
]
_OFFICE_DOCUMENT = re.compile(r"/officeDocument$")


class Package:
    """The parts of a Word file by name. Making one raises WordRefused for what is not safe to read."""

    def __init__(self, data: bytes) -> None:
        self.budget = Budget()
        self.marked = False
        """Does a part that was read hold tracked changes or comments?"""
        self._zip = _opened(data)
        self._names = {info.filename for info in self._zip.infolist()}
        _check_parts(self._zip.infolist())
        self._check_types()
        self._check_relationships()
        self.main = self._main()

    def part(self, name: str) -> Element | None:
        """The XML of a part, None where there is none."""
        if name not in self._names:
            return None
        try:
            with self._zip.open(name) as stream:
                # As much as it says and no more: the unpacker makes room for all that it is asked for.
                data = stream.read(min(self._zip.getinfo(name).file_size, PART_LIMIT) + 1)
        except _BROKEN as error:
            raise _damaged() from error
        if len(data) > PART_LIMIT:
            raise WordRefused("bomb", "A part of the file is far larger than a text. Save the text anew.")
        root = parse(data, self.budget)
        self.marked = self.marked or next(root.iter(*_MARKS), None) is not None
        return root

    def related(self, source: str, kind: str) -> list[str]:
        """The names of the parts that `source` names as its header, comments, styles …"""
        folder, name = posixpath.split(source)
        found = []
        for relation in self._relations(posixpath.join(folder, "_rels", f"{name}.rels")):
            if relation.get("Type", "").endswith(f"/{kind}") and not _is_external(relation):
                target = relation.get("Target", "")
                joined = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                found.append(posixpath.normpath(joined))
        return found

    def targets(self, source: str) -> dict[str, str]:
        """Relationship id to the address of a hyperlink that leaves the file."""
        folder, name = posixpath.split(source)
        relations = self._relations(posixpath.join(folder, "_rels", f"{name}.rels"))
        return {r.get("Id", ""): r.get("Target", "") for r in relations if _is_external(r)}

    def _relations(self, name: str) -> Iterator[Element]:
        root = self.part(name)
        if root is not None:
            yield from root.iter(f"{{{RELATIONSHIPS}}}Relationship")

    def _check_types(self) -> None:
        types = self.part("[Content_Types].xml")
        if types is None:
            raise WordRefused("not_word", "This is a zip file, but no Word file (.docx).")
        for entry in types.iter(f"{{{CONTENT_TYPES}}}Override", f"{{{CONTENT_TYPES}}}Default"):
            if _MACROS.search(entry.get("ContentType", "")):
                raise _macros()

    def _check_relationships(self) -> None:
        for name in sorted(self._names):
            if name.lower().endswith(".rels"):
                for relation in self._relations(name):
                    _check_relation(relation)

    def _main(self) -> str:
        for relation in self._relations("_rels/.rels"):
            if _OFFICE_DOCUMENT.search(relation.get("Type", "")):
                name = posixpath.normpath(str(relation.get("Target", "")).lstrip("/"))
                if name in self._names:
                    return name
        raise WordRefused("no_document", "There is no text in this file. Choose a Word file (.docx).")


def core_properties(package: Package) -> dict[str, str]:
    """Title, identifier, version and language that the file says of itself."""
    names = package.related("", "core-properties") or ["docProps/core.xml"]
    root = package.part(names[0])
    if root is None:
        return {}
    return {etree.QName(element).localname: element.text or "" for element in root}


def _opened(data: bytes) -> zipfile.ZipFile:
    if len(data) > FILE_LIMIT:
        raise WordRefused("too_large", f"A file has at most {FILE_LIMIT // 1_000_000} MB.")
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise WordRefused("encrypted", "The file is protected by a password. Save it without one.")
        raise WordRefused("old_format", "This is a file of an old format. Save it as .docx in Word.")
    if not data.startswith(b"PK\x03\x04"):
        raise WordRefused("not_zip", "This is no Word file (.docx).")
    # Counted in the bytes: the zip itself may lie about how many there are, and each costs memory once it is open.
    if data.count(b"PK\x01\x02") > PARTS:
        raise WordRefused("too_many_parts", f"A Word file has at most {PARTS} parts.")
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except _BROKEN as error:
        raise _damaged() from error


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    if len({part.filename.lower() for part in parts}) < len(parts):
        raise WordRefused("path", "Two parts of the file have the same name. Save the text anew.")
    if sum(part.file_size for part in parts) > TOTAL:
        raise WordRefused("bomb", "The file unpacks to far more than a text. Save the text without its pictures.")
    for part in parts:
        _check_name(part.orig_filename)
        if part.flag_bits & 0x1:
            raise WordRefused("encrypted", "The file is protected by a password. Save it without one.")
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _damaged()
        if part.file_size > SMALL and part.file_size > RATIO * max(1, part.compress_size):
            raise WordRefused("bomb", "The file unpacks to far more than a text. Save the text anew.")


def _check_name(name: str) -> None:
    steps = name.split("/")
    if name.startswith("/") or ".." in steps or any(c in name for c in "\\:\0") or len(name) > 255:
        raise WordRefused("path", "The file has parts with names that point elsewhere. Save the text anew.")
    if _MACROS.search(name):
        raise _macros()
    if _EMBEDDED_PARTS.search(name) and not name.endswith("/"):
        raise _embedded()


def _check_relation(relation: Element) -> None:
    kind = relation.get("Type", "")
    if _MACROS.search(kind):
        raise _macros()
    if _EMBEDDED.search(kind):
        raise _embedded()
    if not _is_external(relation):
        return
    if kind.endswith("/attachedTemplate"):
        raise WordRefused("template", "The file loads a template from elsewhere. Copy its text to a new file.")
    if not kind.endswith("/hyperlink"):
        raise WordRefused("external", "The file loads parts of itself from elsewhere. Copy its text to a new file.")


def _is_external(relation: Element) -> bool:
    return str(relation.get("TargetMode", "")).lower() == "external"


def _macros() -> WordRefused:
    return WordRefused("macros", "The file holds macros. Save it as a Word document without macros (.docx).")


def _embedded() -> WordRefused:
    return WordRefused("embedded", "Other files are embedded in this one. Save the text without them.")


def _damaged() -> WordRefused:
    return WordRefused("broken", "The file is damaged. Open it in Word and save it anew.")
