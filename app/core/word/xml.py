"""The XML of Word files: small, ours when written, and defused when read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias

from lxml import etree

from app.core.word.model import WordRefused

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
DC = "http://purl.org/dc/elements/1.1/"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

PART_LIMIT = 32_000_000
TAGS = 600_000
"""Tags, and attributes, of all parts that are read: what they cost in memory is a hundred times their bytes."""
DEPTH = 120
"""Ten tables inside each other are 40 deep; deeper than that is no text."""

_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": W.encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": R.encode(),
}
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_UNPRINTABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Element: TypeAlias = etree._Element


class Budget:
    """How much XML one file may still have."""

    def __init__(self) -> None:
        self.tags = self.attributes = TAGS

    def take(self, data: bytes) -> None:
        self.tags -= data.count(b"<")
        self.attributes -= data.count(b"=")
        if self.tags < 0 or self.attributes < 0:
            raise WordRefused("too_complex", "The file holds more formatting than a text needs. Save the text anew.")


def parse(data: bytes, budget: Budget) -> Element:
    """The root of a part. Raises WordRefused for a DTD, entities, other encodings than UTF-8 and 16, deep nesting."""
    data = _as_utf8(data)
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise WordRefused("dtd", "The file defines document types or entities, which Word never does. Save it anew.")
    budget.take(data)
    for strict, transitional in _STRICT.items():
        data = data.replace(strict, transitional)
    try:
        root = etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as error:
        raise WordRefused("broken", f"The file is damaged ({error.msg}). Open it in Word and save it anew.") from error
    except ValueError as error:
        raise WordRefused("broken", "The file is damaged. Open it in Word and save it anew.") from error
    if root.getroottree().docinfo.doctype:
        raise WordRefused("dtd", "The file defines document types, which Word never does. Save it anew.")
    _check_depth(root)
    return root


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )


def _as_utf8(data: bytes) -> bytes:
    """One encoding, so that what is looked for in the bytes cannot hide in another."""
    try:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            text = data.decode("utf-16")
            return re.sub(r"^\s*<\?xml[^>]*\?>", "", text).encode("utf-8")
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WordRefused("encoding", "The file is in an encoding that Word does not write. Save it anew.") from error
    declared = _ENCODING.match(data.removeprefix(b"\xef\xbb\xbf"))
    if declared and declared.group(1).lower() not in (b"utf-8", b"utf8", b"us-ascii"):
        raise WordRefused("encoding", "The file is in an encoding that Word does not write. Save it anew.")
    return data


def _check_depth(root: Element) -> None:
    depth = 0
    for event, _element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEPTH:
            raise WordRefused("too_deep", "The file is nested deeper than a text can be. Save the text anew.")


def w(name: str, attributes: Mapping[str, str] | None = None, *children: Element) -> Element:
    """An element of WordprocessingML; attributes are in its namespace, values free of what XML cannot hold."""
    made = etree.Element(f"{{{W}}}{name}", nsmap={"w": W, "r": R})
    for key, value in (attributes or {}).items():
        made.set(f"{{{W}}}{key}", printable(value))
    made.extend(children)
    return made


def words(name: str, text: str) -> Element:
    """An element with text whose spaces count."""
    made = w(name)
    made.set(XML_SPACE, "preserve")
    made.text = text
    return made


def printable(text: str) -> str:
    """XML cannot hold control characters and halves of characters: they become the replacement character."""
    return _UNPRINTABLE.sub("\ufffd", text)


def serialised(root: Element) -> bytes:
    etree.cleanup_namespaces(root)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def name_of(element: Element) -> str:
    """The local name; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def value(element: Element | None, attribute: str = "val") -> str:
    """An attribute in Word's namespace, empty where it is not there."""
    return "" if element is None else element.get(f"{{{W}}}{attribute}", "")


def child(element: Element | None, *path: str) -> Element | None:
    """The first element at a path of names in Word's namespace."""
    for step in path:
        if element is None:
            return None
        element = next(element.iterchildren(f"{{{W}}}{step}"), None)
    return element


def number(text: str, otherwise: int = 0) -> int:
    """A whole number of up to nine digits."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else otherwise
