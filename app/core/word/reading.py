"""A Word file as two texts: with all its changes rejected and accepted, and with what people say beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from app.core.text.paragraphs import Kind
from app.core.word import styles
from app.core.word.counting import Counter, Numbering
from app.core.word.model import (
    Author,
    ChangeKind,
    ReadComment,
    ReadDocx,
    ReadParagraph,
    TrackedChange,
    WordFinding,
    WordRefused,
)
from app.core.word.package import Package, core_properties
from app.core.word.walking import COMMENTS, Piece, Place, Raw, State, Walk, moment
from app.core.word.xml import Element, W, child, number, value

QUOTE = 1_000
"""Characters of a comment's quote."""
_MESSAGES = {
    "table": "{count} table(s): each cell is a paragraph of its own.",
    "footnote": "{count} footnote(s) stand at the end of the text.",
    "endnote": "{count} endnote(s) stand at the end of the text.",
    "text_box": "{count} text box(es) stand behind the paragraph that holds them.",
    "picture": "{count} picture(s) are left out.",
    "formula": "{count} formula(s) are kept as their letters only.",
    "symbol": "{count} sign(s) of a special font: check how they read.",
    "formatting": "{count} tracked change(s) of formatting only are left out.",
}


def read_docx(data: bytes) -> ReadDocx:
    """Every word of the file. Raises WordRefused for files that are no Word files, or not safe to read."""
    package = Package(data)
    body = child(package.part(package.main), "body")
    if body is None:
        raise WordRefused("no_document", "There is no text in this file. Choose a Word file (.docx).")
    walk = Walk()
    walk.part = package.main
    walk.story(body, State())
    _notes(package, walk)
    desk = _Desk(walk, _sheet(package), Numbering.read(_related(package, "numbering")))
    said = core_properties(package)
    paragraphs = desk.paragraphs(_comments(package))
    findings = [*desk.findings(), *_links(package, desk), *_headers(package)]
    return ReadDocx(
        paragraphs,
        tuple(findings),
        said.get("title", ""),
        said.get("identifier", ""),
        said.get("version", ""),
        package.marked,
    )


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    based_on: str
    num: tuple[str, int] | None


@dataclass
class _Desk:
    """The paragraphs as they were found, and what becomes of them."""

    walk: Walk
    sheet: dict[str, _Style]
    numbering: Numbering
    numbers: dict[int, int] = field(default_factory=dict)
    """Place among the raw paragraphs to the number in what is read."""
    lost: list[WordFinding] = field(default_factory=list)

    def paragraphs(self, comments: dict[str, ReadComment]) -> tuple[ReadParagraph, ...]:
        raws = self.walk.raws
        before = _texts(raws, lambda item: item.inserted)
        after = _texts(raws, lambda item: item.deleted)
        counters = Counter(self.numbering), Counter(self.numbering)
        said = self._placed(comments)
        found: list[ReadParagraph] = []
        for place, raw in enumerate(raws):
            changes, own = tuple(_changes(raw)), tuple(said.get(place, ()))
            there, stays = place in before, place in after
            num = self._num(raw)
            counted = [c.label(*num) if num and p else "" for c, p in zip(counters, (there, stays), strict=True)]
            if self._is_ours(raw) or not (there or stays or changes or own):
                continue
            kind, level = self._kind(raw)
            label = "".join(p.text for p in raw.pieces if p.label).strip() or (counted[0] if there else counted[1])
            found.append(
                ReadParagraph(
                    text_before=before.get(place, ""),
                    text_after=after.get(place, ""),
                    in_before=there,
                    in_after=stays,
                    style=self._name(raw.style),
                    kind=kind,
                    level=level or (num[1] if num else 0),
                    label=label,
                    changes=changes,
                    comments=own,
                    place=raw.place,
                    id=raw.id,
                )
            )
            self.numbers[place] = len(found)
        return tuple(found)

    def findings(self) -> Iterator[WordFinding]:
        yield from self.lost
        for code, count in self.walk.seen.items():
            yield WordFinding(code, _MESSAGES[code].format(count=count), self.number(self.walk.first[code]), str(count))

    def number(self, place: int) -> int:
        return self.numbers.get(place, 0)

    def _is_ours(self, raw: Raw) -> bool:
        """What was put around the text when it was written here."""
        name = self._name(raw.style)
        return name == styles.TITLE_LINE or (name == styles.END and not raw.pieces)

    def _name(self, style: str) -> str:
        return self.sheet[style].name if style in self.sheet else style

    def _chain(self, style: str) -> Iterator[tuple[str, _Style]]:
        """A style and those that it is based on; 20 at most, for they may run in a circle."""
        for _ in range(20):
            if style not in self.sheet:
                return
            yield style, self.sheet[style]
            style = self.sheet[style].based_on

    def _kind(self, raw: Raw) -> tuple[Kind | None, int]:
        for _identity, style in self._chain(raw.style):
            kind, level = styles.kind_of(style.name)
            if kind is not None:
                return kind, level
        kind, level = styles.kind_of(raw.style) if raw.style not in self.sheet else (None, 0)
        if kind is not None:
            return kind, level
        return (Kind.FOOTNOTE, 0) if raw.place in ("footnote", "endnote") else (None, 0)

    def _num(self, raw: Raw) -> tuple[str, int] | None:
        """The list and the depth; a style's list unless the paragraph has its own. List 0 takes the number away."""
        num = raw.num
        if num is None:
            for identity, style in self._chain(raw.style):
                if style.num is not None:
                    num = (style.num[0], style.num[1] or self.numbering.level_of_style(style.num[0], identity))
                    break
        return num if num and num[0] not in ("", "0") else None

    def _placed(self, comments: dict[str, ReadComment]) -> dict[int, list[ReadComment]]:
        """Comments under the paragraph where they begin. One that is nowhere is a finding, with its words."""
        placed: dict[int, list[ReadComment]] = {}
        for identity, comment in comments.items():
            end = self.walk.ended.get(identity)
            begin = self.walk.begun.get(identity, end)
            if begin is None or not self.walk.raws:
                text = f"A comment of {comment.author} stands nowhere in the text: {comment.text}"
                self.lost.append(WordFinding("comment_nowhere", text, about=f"{comment.author}: {comment.text}"))
                continue
            place = min(begin[0], len(self.walk.raws) - 1)
            quote = self._quote(begin, end) if end else ""
            placed.setdefault(place, []).append(ReadComment(comment.author, comment.at, comment.text, quote))
        return placed

    def _quote(self, begin: Place, end: Place) -> str:
        pieces = list(self._between(begin, end))
        kept = "".join(p.text for p in pieces if p.deleted is None).strip()
        return (kept or "".join(p.text for p in pieces if p.inserted is None).strip())[:QUOTE]

    def _between(self, begin: Place, end: Place) -> Iterator[Piece]:
        size = 0
        for place in range(begin[0], min(end[0] + 1, begin[0] + QUOTE, len(self.walk.raws))):
            pieces = self.walk.raws[place].pieces
            first = begin[1] if place == begin[0] else 0
            last = end[1] if place == end[0] else len(pieces)
            if place > begin[0]:
                yield Piece("\n")
            for piece in pieces[first : min(last, first + QUOTE)]:
                if not piece.label:
                    size += len(piece.text)
                    yield piece
            if size > QUOTE:
                return


def _texts(raws: Sequence[Raw], absent: Callable[[Raw | Piece], Author | None]) -> dict[int, str]:
    """Place to text, of the paragraphs of one view. A mark that is absent in it joins its paragraph to the next."""
    found: dict[int, str] = {}
    rows: dict[int, list[int]] = {}
    for place, raw in enumerate(raws):
        row = rows.setdefault(raw.story, [])
        row.append(place)
        if absent(raw) is not None and not raw.closing:
            continue
        texts = ["".join(p.text for p in raws[i].pieces if absent(p) is None and not p.label) for i in row]
        holder = next((i for i, text in zip(row, texts, strict=True) if text), None)
        if holder is None and absent(raw) is None:
            holder = place
        if holder is not None:
            found[holder] = "".join(texts)
        row.clear()
    return found


def _changes(raw: Raw) -> Iterator[TrackedChange]:
    """In order; pieces of one change are joined."""
    start = 0
    waiting: TrackedChange | None = None
    parts: list[str] = []
    for piece in raw.pieces:
        if piece.label:
            continue
        kind = _kind_of(piece)
        author = piece.inserted or piece.deleted
        if kind is None or author is None:
            if waiting:
                yield _closed(waiting, parts)
            waiting = None
        elif waiting and (waiting.kind, waiting.author, waiting.at) == (kind, author.name, author.at):
            parts.append(piece.text)
        else:
            if waiting:
                yield _closed(waiting, parts)
            waiting, parts = TrackedChange(kind, author.name, author.at, start, ""), [piece.text]
        start += 0 if piece.inserted else len(piece.text)
    if waiting:
        yield _closed(waiting, parts)
    for kind, author in ((ChangeKind.PARAGRAPH_INSERTED, raw.inserted), (ChangeKind.PARAGRAPH_DELETED, raw.deleted)):
        if author:
            yield TrackedChange(kind, author.name, author.at, start, "")


def _closed(change: TrackedChange, parts: list[str]) -> TrackedChange:
    return TrackedChange(change.kind, change.author, change.at, change.start, "".join(parts))


def _kind_of(piece: Piece) -> ChangeKind | None:
    if piece.inserted and piece.deleted:
        return ChangeKind.WITHDRAWN
    if piece.inserted:
        return ChangeKind.MOVED_HERE if piece.moved else ChangeKind.INSERT
    if piece.deleted:
        return ChangeKind.MOVED_AWAY if piece.moved else ChangeKind.DELETE
    return None


def _related(package: Package, kind: str) -> Element | None:
    names = package.related(package.main, kind)
    return package.part(names[0]) if names else None


def _notes(package: Package, walk: Walk) -> None:
    """In the order of their signs in the text: one whose sign is new or goes is new or goes with it."""
    for kind in ("footnote", "endnote"):
        walk.part = next(iter(package.related(package.main, f"{kind}s")), "")
        root = package.part(walk.part)
        found = root.iterfind(f"{{{W}}}{kind}") if root is not None else ()
        signs = {
            identity: (number, state) for number, ((of, identity), state) in enumerate(walk.notes.items()) if of == kind
        }
        notes = [
            (*signs.get(value(note, "id"), (len(walk.notes), State())), note)
            for note in found
            if value(note, "type") in ("", "normal")
        ]
        for _number, state, note in sorted(notes, key=lambda one: one[0]):
            walk.story(note, replace(state, place=kind))


def _sheet(package: Package) -> dict[str, _Style]:
    root = _related(package, "styles")
    found = {}
    for style in root.iterfind(f"{{{W}}}style") if root is not None else ():
        numbered = child(style, "pPr", "numPr")
        num = None
        if numbered is not None:
            num = (value(child(numbered, "numId")), number(value(child(numbered, "ilvl"))))
        name = value(child(style, "name"))
        found[value(style, "styleId")] = _Style(name, value(child(style, "basedOn")), num)
    return found


def _comments(package: Package) -> dict[str, ReadComment]:
    """Comment id to author, time and words."""
    root = _related(package, "comments")
    found: dict[str, ReadComment] = {}
    for comment in root.iterfind(f"{{{W}}}comment") if root is not None else ():
        walk = Walk()
        walk.story(comment, State())
        lines = ("".join(p.text for p in raw.pieces if p.deleted is None) for raw in walk.raws)
        found[value(comment, "id")] = ReadComment(
            value(comment, "author"), moment(value(comment, "date")), "\n".join(lines).strip()
        )
        if len(found) > COMMENTS:
            raise WordRefused("too_complex", f"A file has at most {COMMENTS} comments.")
    return found


def _links(package: Package, desk: _Desk) -> Iterator[WordFinding]:
    """The words of a link are text; where it leads is not, so it is told."""
    targets = {part: package.targets(part) for part in {part for part, _identity in desk.walk.links}}
    for (part, identity), place in desk.walk.links.items():
        if address := targets[part].get(identity, "")[:300]:
            yield WordFinding("link", f"A link leads to {address}", desk.number(place), address)


def _headers(package: Package) -> Iterator[WordFinding]:
    """Headers and footers are no text. What others wrote there is told; page numbers, and what we wrote, are not."""
    ours = (styles.HEADER, styles.FOOTER)
    told = set()
    for kind in ("header", "footer"):
        for name in package.related(package.main, kind):
            root = package.part(name)
            walk = Walk()
            if root is not None:
                walk.story(root, State())
            lines = ("".join(p.text for p in raw.pieces) for raw in walk.raws if raw.style not in ours)
            text = " ".join(" ".join(lines).split())[:300]
            if any(c.isalpha() for c in text) and text not in told:
                told.add(text)
                yield WordFinding("header", f"In the margin of the pages stands: {text}", about=text)
