"""A text as a Word file: changes as tracked changes under the delegations' names, comments beside the words."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from lxml import etree

from app.core.text.opening import opening
from app.core.text.paragraphs import Kind
from app.core.word import styles
from app.core.word.model import Author, WordComment, WordDocument, WordParagraph, WordRun
from app.core.word.scripts import hint, is_rtl, pieces, run_properties
from app.core.word.xml import CONTENT_TYPES, CORE, DC, RELATIONSHIPS, Element, R, printable, serialised, w, words

_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CORE_RELATION = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
_WHEN = (1980, 1, 1, 0, 0, 0)
"""The same text gives the same bytes."""

_PARTS = ("styles", "settings", "comments", "header", "footer")
_TO_BOOKMARK = str.maketrans("-_", "_ð")
_FROM_BOOKMARK = str.maketrans("_ð", "-_")
"""One character for one: a UUID just fits."""
_BREAKS = re.compile(r"(\t|\r\n|\r|\n)")


def write_docx(document: WordDocument) -> bytes:
    """The file. Without changes and comments on its paragraphs it is a clean text."""
    body = _Body()
    parts = {
        "word/document.xml": body.write(document),
        "word/comments.xml": w("comments", None, *body.comments),
        "word/styles.xml": styles.stylesheet(((p.kind, p.level) for p in document.paragraphs), document.language),
        "word/settings.xml": _settings(document.language),
        "word/header.xml": _header(document),
        "word/footer.xml": _footer(),
        "docProps/core.xml": _core(document),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        _put(package, "[Content_Types].xml", _content_types())
        main = [("document", f"{_RELATION}/officeDocument", "word/document.xml")]
        _put(package, "_rels/.rels", _relationships([*main, ("core", _CORE_RELATION, "docProps/core.xml")]))
        related = [(name, f"{_RELATION}/{name}", f"{name}.xml") for name in _PARTS]
        _put(package, "word/_rels/document.xml.rels", _relationships(related))
        for name, part in parts.items():
            _put(package, name, part)
    return out.getvalue()


@dataclass
class _Body:
    """The document part while it is written, with the comments that it collects on the way."""

    comments: list[Element] = field(default_factory=list)
    numbered: int = 0

    def write(self, document: WordDocument) -> Element:
        body = w("body")
        if document.title and not any(p.kind is Kind.TITLE for p in document.paragraphs):
            body.append(_plain(styles.TITLE_LINE, document.title))
        for paragraph in document.paragraphs:
            body.append(self.paragraph(paragraph))
        last = document.paragraphs[-1] if document.paragraphs else None
        if last is None or last.added_by or last.removed_by:
            body.append(_plain(styles.END, ""))
        body.append(_section())
        return w("document", None, body)

    def paragraph(self, paragraph: WordParagraph) -> Element:
        text = "".join(run.text for run in paragraph.runs)
        rtl = is_rtl(text)
        made = w("p", None, self._properties(paragraph, rtl))
        bookmark = bookmark_name(paragraph.id)
        number = self._next()
        if bookmark:
            made.append(w("bookmarkStart", {"id": number, "name": bookmark}))
        if paragraph.label:
            made.extend(self._tracked(_label_run(paragraph), WordRun(""), paragraph))
        self._runs(made, paragraph, rtl)
        if bookmark:
            made.append(w("bookmarkEnd", {"id": number}))
        return made

    def _properties(self, paragraph: WordParagraph, rtl: bool) -> Element:
        made = w("pPr", None, w("pStyle", {"val": styles.style_of(paragraph.kind, paragraph.level)}))
        if rtl:
            made.append(w("bidi"))
        marks = [
            self._mark(name, author)
            for name, author in (("ins", paragraph.added_by), ("del", paragraph.removed_by))
            if author
        ]
        if marks:
            made.append(w("rPr", None, *marks))
        return made

    def _runs(self, made: Element, paragraph: WordParagraph, rtl: bool) -> None:
        """The words, with each comment around the runs that name it, or around all of them."""
        spans = [(self._comment(c), *_span(c, paragraph.runs)) for c in paragraph.comments]
        for place, run in enumerate([*paragraph.runs, WordRun("")]):
            for number, begin, end in spans:
                if begin < end == place:
                    made.extend(_comment_end(number))
            for number, begin, end in spans:
                if begin == place:
                    made.append(w("commentRangeStart", {"id": number}))
                if begin == end == place:
                    made.extend(_comment_end(number))
            if run.text:
                elements = _run_elements(run, paragraph, rtl, first=place == 0)
                made.extend(self._tracked(elements, run, paragraph))

    def _tracked(self, elements: list[Element], run: WordRun, paragraph: WordParagraph) -> list[Element]:
        """The elements, inside what inserts and what deletes them."""
        own = Author(run.author, run.at)
        deleted = own if run.change == "delete" else paragraph.removed_by
        inserted = own if run.change == "insert" else paragraph.added_by
        for name, author in (("del", deleted), ("ins", inserted)):
            if author:
                around = self._mark(name, author)
                around.extend(elements)
                elements = [around]
        return elements

    def _mark(self, name: str, author: Author) -> Element:
        return w(name, {"id": self._next(), **_signature(author.name, author.at)})

    def _comment(self, comment: WordComment) -> str:
        number = str(len(self.comments))
        attributes = {"id": number, **_signature(comment.author, comment.at), "initials": _initials(comment.author)}
        lines = [_plain(styles.COMMENT, line) for line in comment.text.split("\n")]
        self.comments.append(w("comment", attributes, *lines))
        return number

    def _next(self) -> str:
        self.numbered += 1
        return str(self.numbered)


def bookmark_name(identity: str) -> str:
    """A paragraph's identity as a name that Word accepts (letters, digits, _; 40 at most); empty if it has none."""
    if not re.fullmatch(r"[A-Za-z0-9_-]+", identity):
        return ""
    name = "ch_" + identity.translate(_TO_BOOKMARK)
    return name if len(name) <= 40 else ""


def identity_of(bookmark: str) -> str:
    """The identity in a bookmark's name, empty in those of others."""
    return bookmark[3:].translate(_FROM_BOOKMARK) if bookmark.startswith("ch_") else ""


def _span(comment: WordComment, runs: Sequence[WordRun]) -> tuple[int, int]:
    """The first run that a comment is on, and the one behind its last."""
    places = [place for place, run in enumerate(runs) if comment.id and comment.id in run.comments]
    return (places[0], places[-1] + 1) if places else (0, len(runs))


def _comment_end(number: str) -> list[Element]:
    reference = w("r", None, w("commentReference", {"id": number}))
    return [w("commentRangeEnd", {"id": number}), reference]


def _label_run(paragraph: WordParagraph) -> list[Element]:
    kind = "delText" if paragraph.removed_by else "t"
    style = w("rPr", None, w("rStyle", {"val": styles.LABEL}))
    return [w("r", None, style, words(kind, printable(paragraph.label)), w("tab"))]


def _run_elements(run: WordRun, paragraph: WordParagraph, rtl: bool, first: bool) -> list[Element]:
    kind = "delText" if run.change == "delete" or paragraph.removed_by else "t"
    italic = opening(run.text, paragraph.kind) if first and not run.change else 0
    made = []
    for text, slanted in ((run.text[:italic], True), (run.text[italic:], False)):
        for piece, direction in pieces(text, rtl):
            made.append(_run(piece, direction, slanted, kind))
    return made


def _run(text: str, rtl: bool, italic: bool, kind: str) -> Element:
    properties = hint(text)
    if italic:
        properties += [w("i"), w("iCs")]
    properties += run_properties(text, rtl)
    made = w("r", None, w("rPr", None, *properties)) if properties else w("r")
    for part in _BREAKS.split(text):
        if part == "\t":
            made.append(w("tab"))
        elif part in ("\n", "\r", "\r\n"):
            made.append(w("br"))
        elif part:
            made.append(words(kind, printable(part)))
    return made


def _plain(style: str, text: str) -> Element:
    """A paragraph without changes, outside the text that is negotiated."""
    rtl = is_rtl(text)
    properties = w("pPr", None, w("pStyle", {"val": style}))
    if rtl:
        properties.append(w("bidi"))
    return w("p", None, properties, *(_run(piece, direction, False, "t") for piece, direction in pieces(text, rtl)))


def _signature(author: str, at: datetime | None) -> dict[str, str]:
    if at is None:
        return {"author": author}
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return {"author": author, "date": at.strftime("%Y-%m-%dT%H:%M:%SZ")}


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split())[:4]


def _section() -> Element:
    references = []
    for name in ("header", "footer"):
        reference = w(f"{name}Reference", {"type": "default"})
        reference.set(f"{{{R}}}id", name)
        references.append(reference)
    size = w("pgSz", {"w": "11906", "h": "16838"})
    margins = dict.fromkeys(("top", "right", "bottom", "left"), "1134") | {"header": "567", "footer": "567"}
    return w("sectPr", None, *references, size, w("pgMar", margins | {"gutter": "0"}))


def _header(document: WordDocument) -> Element:
    line = _plain(styles.HEADER, "")
    line.append(_run(f"{document.platform_id}\t{document.label}", False, False, "t"))
    notice = _plain(styles.HEADER, document.notice)
    border = w("pBdr", None, w("bottom", {"val": "single", "sz": "4", "space": "4", "color": "auto"}))
    notice[0].insert(1, border)
    return w("hdr", None, line, notice)


def _footer() -> Element:
    line = _plain(styles.FOOTER, "")
    line.extend([_page_field("PAGE"), _run(" / ", False, False, "t"), _page_field("NUMPAGES")])
    return w("ftr", None, line)


def _page_field(code: str) -> Element:
    return w("fldSimple", {"instr": code}, w("r", None, words("t", "1")))


def _settings(language: str) -> Element:
    """Changes stay tracked when a mission edits the file: a draft comes back with every change shown, or late."""
    mode = {"name": "compatibilityMode", "uri": "http://schemas.microsoft.com/office/word", "val": "15"}
    return w(
        "settings",
        None,
        w("trackRevisions"),
        w("defaultTabStop", {"val": "567"}),
        w("compat", None, w("compatSetting", mode)),
        w("themeFontLang", {"val": language, "eastAsia": "zh-CN", "bidi": "ar"}),
    )


def _core(document: WordDocument) -> Element:
    """What the file is, so that it is known when it comes back: dc:identifier and cp:version."""
    root = etree.Element(f"{{{CORE}}}coreProperties", nsmap={"cp": CORE, "dc": DC})
    said = {
        f"{{{DC}}}title": document.title,
        f"{{{DC}}}identifier": document.platform_id,
        f"{{{DC}}}language": document.language,
        f"{{{CORE}}}version": document.label,
    }
    for tag, text in said.items():
        etree.SubElement(root, tag).text = printable(text)
    return root


def _content_types() -> Element:
    root = etree.Element(f"{{{CONTENT_TYPES}}}Types", nsmap={None: CONTENT_TYPES})
    relationships = "application/vnd.openxmlformats-package.relationships+xml"
    for extension, kind in (("rels", relationships), ("xml", "application/xml")):
        etree.SubElement(root, f"{{{CONTENT_TYPES}}}Default", Extension=extension, ContentType=kind)
    types = {"/word/document.xml": f"{_TYPE}.document.main+xml", "/docProps/core.xml": _CORE_TYPE}
    types |= {f"/word/{name}.xml": f"{_TYPE}.{name}+xml" for name in _PARTS}
    for name, kind in types.items():
        etree.SubElement(root, f"{{{CONTENT_TYPES}}}Override", PartName=name, ContentType=kind)
    return root


def _relationships(related: Iterable[tuple[str, str, str]]) -> Element:
    root = etree.Element(f"{{{RELATIONSHIPS}}}Relationships", nsmap={None: RELATIONSHIPS})
    for identity, kind, target in related:
        etree.SubElement(root, f"{{{RELATIONSHIPS}}}Relationship", Id=identity, Type=kind, Target=target)
    return root


def _put(package: zipfile.ZipFile, name: str, root: Element) -> None:
    entry = zipfile.ZipInfo(name, _WHEN)
    entry.compress_type = zipfile.ZIP_DEFLATED
    package.writestr(entry, serialised(root))
