"""A text in Akoma Ntoso for the United Nations (AKN4UN, UNSCEB-HLCM): XML that is valid by the schema of OASIS.

A draft is a `<statement name="resolutionDraft">`. Its preambular paragraphs are containers of the preamble, everything
else is a hierarchy in the main body: headings are sections, items are points of lists. `wId` is the identity that a
paragraph keeps through all versions, `eId` says where it stands in this one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from lxml import etree

from app.core.interchange.languages import LONG, language_here, language_of
from app.core.interchange.model import Document, lines
from app.core.text.applying import is_below
from app.core.text.exporting import number
from app.core.text.numbering import slug
from app.core.text.paragraphs import Kind, Paragraph, Style

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
Element = Any  # lxml tells no types
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NAMES = {Style.RESOLUTION: "resolutionDraft", Style.REPORT: "reportDraft", Style.ARTICLES: "agreementDraft"}
_BODY = frozenset({Kind.OPERATIVE, Kind.PARAGRAPH, Kind.ITEM, Kind.CONTINUATION})


def to_akn(document: Document, *, compilation: bool = False) -> bytes:
    """The document as XML in UTF-8. With `compilation`, open proposals stand in brackets with names."""
    return _Writer(document, compilation).write()


class _Writer:
    def __init__(self, document: Document, compilation: bool) -> None:
        self._document = document
        shown = lines(document, compilation)
        self._shown = [line.paragraph for line in shown]
        self._lines = {line.paragraph.id: line for line in shown}
        self._language = language_of(line.text for line in shown)
        self._taken: set[str] = set()

    def write(self) -> bytes:
        root = etree.Element(_q("akomaNtoso"), nsmap={None: NAMESPACE})
        statement = _in(root, "statement", name=_NAMES[self._document.style])
        self._meta(_in(statement, "meta"))
        self._preface(_in(statement, "preface"))
        begin = self._end_of_preamble()
        if begin:
            preamble = _in(statement, "preamble")
            for paragraph in self._shown[:begin]:
                self._container(preamble, paragraph)
        self._main_body(_in(statement, "mainBody"), self._shown[begin:])
        for part in statement[1:]:
            part.set(_LANG, self._language)  # of the parts, for a document itself takes none
        etree.indent(root, " ")
        whole: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
        return whole + b"\n"

    # --- What it is ------------------------------------------------------------------------------------------------

    def _meta(self, meta: Element) -> None:
        document = self._document
        work = f"/akn/un/statement/draft/chapeau/{_day(document)}/{slug(document.platform_id)}"
        expression = f"{work}/{LONG[self._language]}@{slug(document.label)}"
        identification = _in(meta, "identification", source="#chapeau")
        frbr = _in(identification, "FRBRWork")
        self._core(frbr, work, "work")
        _in(frbr, "FRBRcountry", value="un")
        _in(frbr, "FRBRnumber", value=document.platform_id)
        _in(frbr, "FRBRname", value=document.title)
        frbr = _in(identification, "FRBRExpression")
        self._core(frbr, expression, "expression")
        _in(frbr, "FRBRversionNumber", value=document.label)
        _in(frbr, "FRBRlanguage", language=LONG[self._language])
        frbr = _in(identification, "FRBRManifestation")
        self._core(frbr, f"{expression}.akn", "manifestation")
        _in(frbr, "FRBRformat", value="application/akn+xml")
        references = _in(meta, "references", source="#chapeau")
        for name, shown in (("chapeau", "Chapeau"), ("chair", "Chair")):
            kind = "TLCRole" if name == "chair" else "TLCOrganization"
            group = "role" if name == "chair" else "organization"
            _in(references, kind, eId=name, href=f"/akn/ontology/{group}/un/{name}", showAs=shown)

    def _core(self, frbr: Element, iri: str, name: str) -> None:
        base, format, _rest = iri.partition(".akn")
        _in(frbr, "FRBRthis", value=f"{base}/!main{format}")
        _in(frbr, "FRBRuri", value=iri)
        _in(frbr, "FRBRdate", date=_day(self._document), name=name)
        _in(frbr, "FRBRauthor", href="#chair" if name != "manifestation" else "#chapeau")

    def _preface(self, preface: Element) -> None:
        title = _in(_in(preface, "longTitle", eId="title"), "p")
        _in(title, "docTitle").text = self._document.title
        number_ = _in(preface, "p")
        _in(number_, "docNumber").text = f"{self._document.platform_id} {self._document.label}".strip()
        _in(preface, "p", {"class": "notice"}).text = self._document.notice

    # --- The preamble ----------------------------------------------------------------------------------------------

    def _end_of_preamble(self) -> int:
        """One past the last preambular paragraph that stands before the operative part; 0 where there is none."""
        end = next((i for i, p in enumerate(self._shown) if p.kind in _BODY), len(self._shown))
        return max((i + 1 for i, p in enumerate(self._shown[:end]) if p.kind is Kind.PREAMBULAR), default=0)

    def _container(self, parent: Element, paragraph: Paragraph) -> None:
        name = str(paragraph.kind)
        found = _in(parent, "container", name=name, **self._ids(paragraph, "container", ""))
        self._p(found, paragraph)

    # --- The main body ---------------------------------------------------------------------------------------------

    def _main_body(self, body: Element, paragraphs: Sequence[Paragraph]) -> None:
        sections: list[tuple[int, Element]] = []
        place = 0
        while place < len(paragraphs):
            paragraph = paragraphs[place]
            end = _block_end(paragraphs, place)
            if paragraph.kind is Kind.HEADING:
                while sections and sections[-1][0] >= paragraph.level:
                    _filled(sections.pop()[1])
                parent = sections[-1][1] if sections else body
                sections.append((paragraph.level, self._section(parent, paragraph)))
            else:
                self._hierarchy(sections[-1][1] if sections else body, paragraphs[place:end])
            place = end
        for _level, section in sections:
            _filled(section)
        if not len(body):
            _in(body, "p")

    def _section(self, parent: Element, paragraph: Paragraph) -> Element:
        section = _in(parent, "section", **self._ids(paragraph, "section", parent.get("eId") or ""))
        self._written(_in(section, "heading"), paragraph)
        return section

    def _hierarchy(self, parent: Element, block: Sequence[Paragraph]) -> None:
        """A paragraph and what stands below it."""
        head = block[0]
        found = self._node(parent, head)
        self._number(found, head)
        items = [place for place in range(1, len(block)) if block[place].kind is Kind.ITEM]
        if not items:
            self._words(_in(found, "content"), block, head)
            return
        rest = range(items[-1] + 1, len(block))
        end = next((place for place in rest if block[place].level <= block[items[0]].level), len(block))
        list_ = _in(found, "list", eId=self._unique(f"{found.get('eId')}__list_1"))
        self._words(_in(list_, "intro"), block[: items[0]], head)
        place = items[0]
        while place < end:
            behind = min(_block_end(block, place), end)
            self._hierarchy(list_, block[place:behind])
            place = behind
        if end < len(block):
            self._words(_in(list_, "wrapUp"), block[end:], head)

    def _words(self, parent: Element, block: Sequence[Paragraph], head: Paragraph) -> None:
        """The words of paragraphs in a row; all but the head's carry their own identity."""
        for paragraph in block:
            self._p(parent, paragraph, mark=paragraph is not head)

    def _node(self, parent: Element, paragraph: Paragraph) -> Element:
        above = parent.get("eId") or ""
        if paragraph.kind in (Kind.OPERATIVE, Kind.PARAGRAPH):
            return _in(parent, "paragraph", **self._ids(paragraph, "para", above))
        if paragraph.kind is Kind.ITEM:
            return _in(parent, "point", **self._ids(paragraph, "point", above))
        if paragraph.kind is Kind.CONTINUATION:
            return _in(parent, "alinea", **self._ids(paragraph, "al", above))
        return _in(parent, "hcontainer", name=str(paragraph.kind), **self._ids(paragraph, "hcontainer", above))

    def _number(self, found: Element, paragraph: Paragraph) -> None:
        line = self._lines[paragraph.id]
        if before := number(paragraph, line.label, line.own):
            _in(found, "num").text = before

    def _p(self, parent: Element, paragraph: Paragraph, mark: bool = False) -> None:
        """The words. With `mark` they have an identity of their own, since no element around them has it."""
        above = parent.getparent()
        at = (above.get("eId") if above is not None else "") or ""
        self._written(_in(parent, "p", **(self._ids(paragraph, "p", at) if mark else {})), paragraph)

    def _written(self, element: Element, paragraph: Paragraph) -> None:
        text = _allowed(self._lines[paragraph.id].text)
        element.text = text
        language = language_here(text, self._language)
        if language != self._language:
            element.set(_LANG, language)

    def _ids(self, paragraph: Paragraph, prefix: str, above: str) -> dict[str, str]:
        label = self._lines[paragraph.id].label or paragraph.id
        own = label.rsplit(" ", 1)[-1] if paragraph.kind in (Kind.ITEM, Kind.CONTINUATION) else label
        part = f"{prefix}_{re.sub(r'^(?:op|pp)-', '', slug(own))}"
        return {"eId": self._unique(f"{above}__{part}" if above else part), "wId": paragraph.id}

    def _unique(self, name: str) -> str:
        found, again = name, 2
        while found in self._taken:
            found, again = f"{name}-{again}", again + 1
        self._taken.add(found)
        return found


def _block_end(paragraphs: Sequence[Paragraph], start: int) -> int:
    end = start + 1
    while end < len(paragraphs) and is_below(paragraphs[end], paragraphs[start]):
        end += 1
    return end


def _filled(section: Element) -> None:
    """A section has something below its heading, by the schema."""
    if len(section) == 1:
        _in(_in(section, "content"), "p")


def _day(document: Document) -> str:
    return (document.issued_at or "1970-01-01")[:10]


def _allowed(text: str) -> str:
    """Without the few signs that no XML can hold, which no text that was kept here has."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]", "\ufffd", text)


def _q(tag: str) -> str:
    return f"{{{NAMESPACE}}}{tag}"


def _in(parent: Element, tag: str, attributes: Mapping[str, str] | None = None, /, **more: str) -> Element:
    found = etree.SubElement(parent, _q(tag))
    for name, value in {**(attributes or {}), **more}.items():
        found.set(name, _allowed(value))
    return found
