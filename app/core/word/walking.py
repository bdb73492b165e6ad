"""Through the body of a Word file: every word once, in order, with who inserted or deleted it."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from app.core.word.model import Author, WordRefused
from app.core.word.styles import LABEL
from app.core.word.writing import identity_of
from app.core.word.xml import Element, W, child, number, value

PARAGRAPHS = 20_000
"""The longest texts of this field have some thousand."""
COMMENTS = 10_000
_PROPERTIES = (
    *("pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr"),
    *("sdtPr", "sdtEndPr", "tblPrEx", "customXmlPr", "smartTagPr", "ffData"),
)
_WORDLESS = (
    *("fldChar", "instrText", "delInstrText", "annotationRef", "footnoteRef", "endnoteRef", "separator"),
    *("continuationSeparator", "proofErr", "permStart", "permEnd", "lastRenderedPageBreak", "pgNum"),
)
_SKIPPED = frozenset({*_PROPERTIES, *_WORDLESS})
_SIGNS = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_TRACKED = frozenset({"ins", "del", "moveFrom", "moveTo"})
_FORMATTING = frozenset({"rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "numberingChange"})


@dataclass(frozen=True, slots=True)
class State:
    """What surrounds the words: who inserted and deleted them, whether by moving, and where they stand."""

    inserted: Author | None = None
    deleted: Author | None = None
    moved: bool = False
    place: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    inserted: Author | None = None
    deleted: Author | None = None
    moved: bool = False
    label: bool = False


@dataclass(slots=True)
class Raw:
    """One `w:p`. `inserted` and `deleted` are those of its mark; `closing` says that it is the last of its story."""

    style: str
    pieces: list[Piece] = field(default_factory=list)
    inserted: Author | None = None
    deleted: Author | None = None
    moved: bool = False
    closing: bool = False
    num: tuple[str, int] | None = None
    place: str = ""
    id: str = ""
    story: int = 0
    """Which story it is of. A text box and a table stand between the paragraphs of another one."""


Place = tuple[int, int]
"""The number of a paragraph, and of a piece in it."""


class Walk:
    """Collects the paragraphs of one part after the other."""

    def __init__(self) -> None:
        self.raws: list[Raw] = []
        self.begun: dict[str, Place] = {}
        self.ended: dict[str, Place] = {}
        self.seen: Tally[str] = Tally()
        self.first: dict[str, int] = {}
        self.part = ""
        self.links: dict[tuple[str, str], int] = {}
        """Part and id of each link, to where it stands: each part numbers its own."""
        self.notes: dict[tuple[str, str], State] = {}
        """Kind and id of each footnote and endnote, in order, with what surrounds its sign in the text."""
        self._story = self._stories = 0
        self._last: dict[int, Raw] = {}
        """The last paragraph of each story until here."""
        self._boxes: list[tuple[Element, State]] = []

    def story(self, container: Element, state: State) -> None:
        """A body, a cell, a note, a text box: its last mark joins nothing to what follows."""
        outer, self._story = self._story, self._stories + 1
        self._stories += 1
        self._blocks(container, state)
        self._close()
        self._story = outer

    def _close(self) -> None:
        """The mark of the last paragraph of this story until here joins it to nothing."""
        if self._story in self._last:
            self._last[self._story].closing = True

    def note(self, code: str) -> None:
        self.seen[code] += 1
        self.first.setdefault(code, max(0, len(self.raws) - 1))

    def _blocks(self, container: Element, state: State) -> None:
        for element in container:
            name = word_name(element)
            if name == "p":
                self._paragraph(element, state)
            elif name == "tbl":
                self._table(element, state)
            elif name == "altChunk":
                raise WordRefused("embedded", "Other files are embedded in this one. Save the text without them.")
            elif name in _TRACKED:
                self._blocks(element, _within(element, name, state))
            elif name == "AlternateContent":
                self._blocks(_choice(element), state)
            elif name not in _SKIPPED:
                self._anchor(element, name)
                self._blocks(element, state)

    def _table(self, table: Element, state: State) -> None:
        self.note("table")
        self._close()
        for row in descend(table, "tr"):
            inside = replace(state, place=state.place or "table")
            for name in ("ins", "del"):
                mark = child(row, "trPr", name)
                if mark is not None:
                    inside = _within(mark, name, inside)
            for cell in descend(row, "tc"):
                self.story(cell, inside)

    def _paragraph(self, element: Element, state: State) -> None:
        properties = child(element, "pPr")
        raw = Raw(value(child(properties, "pStyle")), place=state.place, story=self._story)
        self._mark(raw, child(properties, "rPr"), state)
        numbered = child(properties, "numPr")
        if numbered is not None:
            raw.num = (value(child(numbered, "numId")), number(value(child(numbered, "ilvl"))))
        self.raws.append(raw)
        self._last[self._story] = raw
        if len(self.raws) > PARAGRAPHS:
            raise WordRefused("too_complex", f"A text has at most {PARAGRAPHS} paragraphs.")
        if properties is not None and any(word_name(inner) in _FORMATTING for inner in properties):
            self.note("formatting")
        outer, self._boxes = self._boxes, []
        self._inline(element, state, raw)
        boxes, self._boxes = self._boxes, outer
        for box, around in boxes:
            self.note("text_box")
            self.story(box, replace(around, place="text box"))

    def _mark(self, raw: Raw, properties: Element | None, state: State) -> None:
        for mark in properties if properties is not None else ():
            name = word_name(mark)
            if name in _TRACKED:
                state = _within(mark, name, state)
        raw.inserted, raw.deleted, raw.moved = state.inserted, state.deleted, state.moved

    def _inline(self, container: Element, state: State, raw: Raw) -> None:
        for element in container:
            name = word_name(element)
            if name == "r":
                self._run(element, state, raw)
            elif name in _TRACKED:
                self._inline(element, _within(element, name, state), raw)
            elif name == "AlternateContent":
                self._inline(_choice(element), state, raw)
            elif name == "txbxContent":
                self._boxes.append((element, state))
            elif name == "t":
                self._text(element.text or "", state, raw, label=False)
            elif name not in _SKIPPED:
                self._link(element, name)
                self._anchor(element, name, raw)
                self._inline(element, state, raw)

    def _run(self, run: Element, state: State, raw: Raw) -> None:
        label = value(child(run, "rPr", "rStyle")) == LABEL
        if child(run, "rPr", "rPrChange") is not None:
            self.note("formatting")
        for element in run:
            name = word_name(element)
            if name in ("t", "delText"):
                self._text(element.text or "", state, raw, label)
            elif name in _SIGNS:
                self._text(_SIGNS[name], state, raw, label)
            elif name == "br":
                # A page may end in the middle of a paragraph; a break before its words parts nothing.
                parts = raw.pieces or value(element, "type") in ("", "textWrapping")
                self._text("\n" if parts else "", state, raw, label)
            elif name == "sym":
                self._symbol(element, state, raw)
            elif name in ("footnoteReference", "endnoteReference"):
                kind = name.removesuffix("Reference")
                self.note(kind)
                sign = kind, value(element, "id")
                # Words that moved have it at both places: the note stays.
                self.notes[sign] = State() if sign in self.notes else state
            elif name == "commentReference":
                self._anchor(element, name, raw)
            elif name not in _SKIPPED:
                self._other(element, name, state, raw)

    def _other(self, element: Element, name: str, state: State, raw: Raw) -> None:
        """Pictures, text boxes, ruby, formulas: what they hold of words is kept."""
        boxes = len(self._boxes)
        self._inline(_choice(element) if name == "AlternateContent" else element, state, raw)
        if name in ("drawing", "pict", "object") and len(self._boxes) == boxes:
            self.note("picture")

    def _text(self, text: str, state: State, raw: Raw, label: bool) -> None:
        if text:
            raw.pieces.append(Piece(text, state.inserted, state.deleted, state.moved, label))

    def _symbol(self, element: Element, state: State, raw: Raw) -> None:
        code = value(element, "char")
        try:
            sign = chr(int(code, 16)) if len(code) <= 6 else "\ufffd"
        except (ValueError, OverflowError):
            sign = "\ufffd"
        self.note("symbol")
        self._text("\ufffd" if "\ud800" <= sign <= "\udfff" else sign, state, raw, label=False)

    def _link(self, element: Element, name: str) -> None:
        if name == "hyperlink":
            identity = next((v for k, v in element.attrib.items() if str(k).endswith("}id")), "")
            if identity:
                self.links.setdefault((self.part, str(identity)), len(self.raws) - 1)
        elif name == "oMath":
            self.note("formula")

    def _anchor(self, element: Element, name: str, raw: Raw | None = None) -> None:
        """Where comments begin and end, and the identity that was written with a paragraph."""
        here = (len(self.raws) - 1, len(raw.pieces)) if raw else (len(self.raws), 0)
        identity = value(element, "id")
        if name == "commentRangeStart":
            self.begun.setdefault(identity, here)
        elif name in ("commentRangeEnd", "commentReference"):
            self.ended.setdefault(identity, here)
        elif name == "bookmarkStart" and raw and not raw.id:
            raw.id = identity_of(value(element, "name"))
        if len(self.begun) + len(self.ended) > 2 * COMMENTS:
            raise WordRefused("too_complex", f"A file has at most {COMMENTS} comments.")


def word_name(element: Element) -> str:
    """The local name in Word's own namespace, and of the few others that hold words; "other" for all else."""
    tag = element.tag
    if not isinstance(tag, str):
        return "sectPr"
    space, _, name = tag.rpartition("}")
    if space == "{" + W or name in ("t", "AlternateContent", "oMath"):
        return name
    return "other"


def descend(element: Element, name: str) -> Iterator[Element]:
    """Rows of a table, cells of a row: also those inside content controls."""
    for inner in element:
        found = word_name(inner)
        if found == name:
            yield inner
        elif found in ("sdt", "sdtContent", "customXml", "other", "ins", "del"):
            yield from descend(inner, name)
        elif found == "AlternateContent":
            yield from descend(_choice(inner), name)


def signature(element: Element) -> Author:
    return Author(value(element, "author"), moment(value(element, "date")))


def moment(text: str) -> datetime | None:
    """Word writes the time without saying of which zone, or as UTC: taken as UTC."""
    try:
        at = datetime.fromisoformat(text)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _within(element: Element, name: str, state: State) -> State:
    moved = state.moved or name in ("moveFrom", "moveTo")
    if name in ("ins", "moveTo"):
        return replace(state, inserted=signature(element), moved=moved)
    return replace(state, deleted=signature(element), moved=moved)


def _choice(element: Element) -> Element:
    """Of several forms of the same content, the first; the fallback holds the same words again."""
    return next(iter(element), element)
