"""From lines to paragraphs: which line begins what, and what belongs together."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

import app.core.text.importing.lines as marks
from app.core.text.importing.inline import strip_markup
from app.core.text.importing.report import Finding, Imported
from app.core.text.importing.style import detect, with_kinds
from app.core.text.normalise import TextRefused, clean_source
from app.core.text.paragraphs import Kind, Paragraph, ParagraphId

SOURCE_LIMIT = 2 * 2**20
"""Characters of a source."""
DEPTH = 10
"""Levels of items; what is deeper counts as the last."""

Progress = Callable[[int, int], None]


def read(
    source: str, format: str, new_id: Callable[[], str], progress: Progress = lambda done, total: None
) -> Imported:
    """Read a whole source. Raises TextRefused for what cannot be kept; everything else comes in."""
    if len(source) > SOURCE_LIMIT:
        raise TextRefused("too_large", "The text is larger than 2 MB. Bring it in in parts.")
    cleaned, hidden = clean_source(source)
    reader = _Reader(markdown=format == "markdown", progress=progress)
    reader.findings += [Finding(line, "invisible", "Invisible characters were left out here.") for line in hidden]
    reader.run(marks.split(cleaned))
    drafts = [d for d in reader.drafts if d.text or d.marker]
    paragraphs = [
        Paragraph(ParagraphId(new_id()), d.kind, d.level, unicodedata.normalize("NFC", d.text), d.marker)
        for d in drafts
    ]
    style = detect(paragraphs)
    findings = [*reader.findings, *_unbalanced(cleaned, reader)]
    findings.sort(key=lambda finding: finding.line)
    return Imported(tuple(with_kinds(paragraphs, style)), tuple(findings), style)


@dataclass
class _Draft:
    """A paragraph while its lines come together."""

    line: int
    kind: Kind
    level: int = 0
    marker: str = ""
    parts: list[str] = field(default_factory=list)
    text: str = ""


@dataclass
class _Reader:
    markdown: bool
    progress: Progress
    drafts: list[_Draft] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    references: dict[str, str] = field(default_factory=dict)
    stack: list[tuple[int, int]] = field(default_factory=list)
    """(indentation, level) of the numbered paragraphs that are open, outermost first."""
    open: _Draft | None = None
    fence: str = ""
    blocks: list[int] = field(default_factory=list)
    """The first line of each paragraph of the source, as blank lines part them."""
    skipped: set[int] = field(default_factory=set)
    """Lines whose brackets are not negotiation."""

    def run(self, lines: list[marks.Line]) -> None:
        if self.markdown:
            for line in lines:
                if found := marks.DEFINITION.match(line.text):
                    self.references[found["name"].casefold()] = found["target"]
        begin = self._front_matter(lines)
        for index in range(begin, len(lines)):
            if index % 512 == 0:
                self.progress(index, len(lines))
            self._line(lines[index], lines[index + 1] if index + 1 < len(lines) else None)
        self.progress(len(lines), len(lines))
        for draft in self.drafts:
            joined = re.sub(r"\s+", " ", " ".join(draft.parts)).strip()
            draft.text = (
                strip_markup(joined, self.references) if self.markdown and draft.kind is not Kind.NOTE else joined
            )

    def _front_matter(self, lines: list[marks.Line]) -> int:
        if not self.markdown or not lines or lines[0].text != "---":
            return 0
        for index in range(1, min(len(lines), 200)):
            if lines[index].text in ("---", "..."):
                self._note_lines(lines[1:index])
                self.findings.append(Finding(1, "front_matter", "The front matter of the file was kept as notes."))
                return index + 1
        return 0

    def _note_lines(self, lines: list[marks.Line]) -> None:
        for line in lines:
            self.skipped.add(line.number)
            if not line.blank:
                self._add(_Draft(line.number, Kind.NOTE, parts=[line.text]))

    def _line(self, line: marks.Line, following: marks.Line | None) -> None:
        if line.blank:
            self._end()
            return
        if self.fence or self._begins_fence(line):
            self._fenced(line)
        elif not (self._markdown_line(line, following) if self.markdown else self._plain_heading(line, following)):
            self._words(line)

    def _begins_fence(self, line: marks.Line) -> bool:
        found = marks.FENCE.match(line.text) if self.markdown else None
        if found is None:
            return False
        self._end()
        self.findings.append(Finding(line.number, "code", "A block of code was kept as notes."))
        return True

    def _fenced(self, line: marks.Line) -> None:
        """Inside a fence each line is a note; the fence itself has no words but perhaps a language's name."""
        found = marks.FENCE.match(line.text)
        words = line.text
        if found and not self.fence:
            self.fence, words = found.group(1)[:3], line.text[len(found.group(1)) :].strip()
        elif found and line.text.strip(self.fence[0]) == "":
            self.fence, words = "", ""
        if words:
            self._add(_Draft(line.number, Kind.NOTE, parts=[words]))

    def _markdown_line(self, line: marks.Line, following: marks.Line | None) -> bool:
        """What only Markdown has. True when the line was one of these."""
        if heading := marks.HEADING.match(line.text):
            self._heading(line, heading["text"], len(heading["signs"]))
        elif marks.DIRECTIVE.match(line.text) or marks.DEFINITION.match(line.text):
            self.skipped.add(line.number)
            self._note(line, "directive", "A directive or a link's address was kept as a note.")
        elif marks.RULE.match(line.text):
            self._end()
        elif note := marks.FOOTNOTE.match(line.text):
            self._end()
            self._begin(_Draft(line.number, Kind.FOOTNOTE, marker=note["marker"], parts=[line.text[note.end() :]]))
        elif marks.TABLE.match(line.text):
            self._note(line, "table", "A row of a table was kept as a note.")
        elif marks.HTML.match(line.text):
            self._note(line, "html", "HTML was kept as a note.")
        elif (
            self.open is None
            and following
            and marks.UNDERLINE.match(following.text)
            and not marks.MARKER.match(line.text)
        ):
            self._heading(line, line.text, 1 if following.text.startswith("=") else 2)
        elif marks.UNDERLINE.match(line.text) and self.drafts and self.drafts[-1].line == line.number - 1:
            self._end()
        else:
            return False
        return True

    def _plain_heading(self, line: marks.Line, following: marks.Line | None) -> bool:
        """A heading of a plain text stands alone: a shouted line, "II. Norms", "Article 3 bis"."""
        alone = self.open is None and (following is None or following.blank)
        shouted = marks.is_shouted(line.text) and not marks.MARKER.match(line.text)
        article = self.open is None and marks.ARTICLE.match(line.text) and line.text[-1] not in ".;,"
        if article or (alone and marks.SECTION.match(line.text)):
            self._heading(line, line.text, 2)
        elif alone and shouted:
            self._heading(line, line.text, 1)
        else:
            return False
        return True

    def _heading(self, line: marks.Line, words: str, level: int) -> None:
        self._end()
        self.stack.clear()
        self._add(_Draft(line.number, Kind.HEADING, level, parts=[words]))

    def _note(self, line: marks.Line, code: str, message: str) -> None:
        self._end()
        self._add(_Draft(line.number, Kind.NOTE, parts=[line.text]))
        self.findings.append(Finding(line.number, code, message))

    def _words(self, line: marks.Line) -> None:
        """A line of text: it begins a numbered paragraph, a bullet, or goes on with what is open."""
        text, indent = line.text, line.indent
        while self.markdown and text.startswith(">"):
            text = text[1:].lstrip()
        if marker := marks.MARKER.match(text):
            self._numbered(line, marker["marker"], text[marker.end() :], indent)
        elif bullet := marks.BULLET.match(text):
            self._numbered(line, bullet["marker"], text[bullet.end() :], indent)
        elif self.open is not None:
            self.open.parts.append(text)
        else:
            self._unnumbered(line, text, indent)

    def _numbered(self, line: marks.Line, marker: str, rest: str, indent: int) -> None:
        self._end()
        level = self._level(marker, indent)
        kind = Kind.PARAGRAPH if level == 0 else Kind.ITEM
        self._begin(_Draft(line.number, kind, level, marker, [rest]))

    def _level(self, marker: str, indent: int) -> int:
        """How deep a number stands: by its indentation, and by its form where the source does not indent."""
        while self.stack and self.stack[-1][0] > indent:
            self.stack.pop()
        if self.stack and self.stack[-1][0] == indent:
            self.stack.pop()
        level = self.stack[-1][1] + 1 if self.stack else 0
        level = max(level, _form_level(marker, self._last_marker()))
        level = min(level, DEPTH)
        self.stack.append((indent, level))
        return level

    def _last_marker(self) -> tuple[str, int]:
        for draft in reversed(self.drafts):
            if draft.kind is Kind.HEADING:
                break
            if draft.marker and draft.kind in (Kind.PARAGRAPH, Kind.ITEM):
                return draft.marker, draft.level
        return "", -1

    def _unnumbered(self, line: marks.Line, text: str, indent: int) -> None:
        """Words without a number: below what they are indented under, else a paragraph of their own."""
        while self.stack and indent <= self.stack[-1][0]:
            self.stack.pop()
        level = self.stack[-1][1] + 1 if self.stack else 0
        self._begin(_Draft(line.number, Kind.PARAGRAPH, level, "", [text]))

    def _begin(self, draft: _Draft) -> None:
        self._add(draft)
        self.open = draft

    def _add(self, draft: _Draft) -> None:
        self.drafts.append(draft)

    def _end(self) -> None:
        self.open = None


_ROMAN = re.compile(r"^\(?[ivxl]+[.)]$", re.IGNORECASE)


def _form_level(marker: str, last: tuple[str, int]) -> int:
    """The depth that the form of a number tells: 1. is 0, (a) is 1, (i) is 2 unless it follows (h)."""
    bare = marker.strip("().").split()[0] if marker.strip("().") else ""
    if re.match(r"^(?:PP|OP)?\s?\d", marker, re.IGNORECASE):
        return 0
    if not bare.isalpha():
        return 0
    if _ROMAN.match(marker.split()[0] if " " not in marker else marker) and not _follows_letter(bare, last[0]):
        return 2 if last[1] >= 1 else 1
    return 1


def _follows_letter(bare: str, last: str) -> bool:
    """(i) after (h), (v) after (u), (x) after (w): letters, not Roman numbers."""
    before = last.strip("().").split()[0] if last.strip("().") else ""
    return len(bare) == 1 and len(before) == 1 and ord(bare.lower()) == ord(before.lower()) + 1


def _unbalanced(source: str, reader: _Reader) -> list[Finding]:
    """One finding for each paragraph of the source whose own brackets do not close.

    A paragraph of the source is what blank lines part. Brackets of footnote marks, links with an address and front
    matter are no brackets of negotiation.
    """
    found: list[Finding] = []
    block: list[tuple[int, str]] = []
    for number, raw in enumerate([*source.split("\n"), ""], 1):
        if raw.strip():
            if number not in reader.skipped:
                block.append((number, raw))
            continue
        if block:
            opened, closed, balanced = _balance("\n".join(words for _number, words in block), reader)
            if not balanced:
                message = f"The brackets of this paragraph do not match: {opened} opened, {closed} closed."
                found.append(Finding(block[0][0], "brackets", message, "warning"))
        block = []
    return found


def _balance(text: str, reader: _Reader) -> tuple[int, int, bool]:
    text = re.sub(r"\[\^[^\]\s]+\]", "", text)
    if reader.markdown:
        text = strip_markup(text, reader.references)
    depth, balanced = 0, True
    for sign in text:
        if sign == "[":
            depth += 1
        elif sign == "]":
            depth -= 1
            balanced = balanced and depth >= 0
    return text.count("["), text.count("]"), balanced and depth == 0
