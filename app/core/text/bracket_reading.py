"""Bracketed text from anywhere, read into structure: both foreign dialects, the house's own, and texts without names.

What does not parse stays as text and is reported; printed again, every character is where it was (law 4).
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field, replace

from app.core.text.attributions import VERBS, Names
from app.core.text.brackets import Attribution, Bracket, Note, Option, Run, Words
from app.core.text.escapes import Escaped
from app.core.text.normalise import TextRefused
from app.core.text.printing import (
    AGREED,
    JOINT,
    PLACEHOLDER,
    frame,
    is_named,
    needs_joint,
    note_printed,
    style_of,
    words_printed,
)

DEPTH = 100
"""Brackets in brackets that are read; real texts have ten."""
_STATUS = re.compile(
    rf"\((?P<round>(?:{AGREED.pattern}(?:,[^()\[\]]*)?|pending\b[^()\[\]]*))\)\s*$|\[(?P<square>{AGREED.pattern})\]\s*$",
    re.IGNORECASE,
)
_NOTE = re.compile(r"\{([^{}]*)\}")
_IN_PARENTHESES = re.compile(r"\(((?:[^()]++|\([^()]*+\))*+)\)")
_BEHIND = re.compile(r"\s*+" + _IN_PARENTHESES.pattern)
_DASH = re.compile(r"(?<=\s)[-‐‑–—]")
_NAME_LIKE = re.compile(r"[^\W\d_a-z][^.]{0,60}")


@dataclass(frozen=True, slots=True)
class BracketFinding:
    """Something that a person should look at. `offset` counts characters from 0; `code` is for programs.

    `names` are the words that could be names, where nobody is known by them.
    """

    code: str
    message: str
    offset: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadResult:
    """`status` is the tail that says how far the paragraph is agreed, without its brackets; it is in `runs` too."""

    runs: tuple[Run, ...]
    findings: tuple[BracketFinding, ...] = ()
    status: str = ""


def read_brackets(text: str, parties: Container[str] = (), joined: Container[int] = ()) -> ReadResult:
    """One paragraph. `parties` holds the names that count as such; an alias table will do.

    `joined` are the places of spaces between two brackets of which a person said that they are alternatives: the
    offsets of findings `adjacent`. Raises TextRefused for brackets that are more than DEPTH deep.
    """
    return _Reader(text, Names(parties), joined).read()


def read_document_brackets(texts: Sequence[str]) -> list[int]:
    """The indexes of paragraphs whose brackets do not close inside the paragraph."""
    return [number for number, text in enumerate(texts) if strays(Escaped(text).masked)]


def strays(masked: str) -> dict[int, str]:
    """Places of brackets without a partner, and what they are."""
    opened: list[int] = []
    alone: dict[int, str] = {}
    for found in re.finditer(r"[\[\]]", masked):
        if found[0] == "[":
            opened.append(found.start())
        elif opened:
            opened.pop()
        else:
            alone[found.start()] = "]"
    return alone | dict.fromkeys(opened, "[")


@dataclass(slots=True)
class _Span:
    """Words, from one place of the text to another."""

    start: int
    end: int


@dataclass(slots=True)
class _Node:
    """A bracket or a remark that is understood. `around` is what stands around the options of a bracket."""

    start: int
    end: int
    run: Bracket | Note
    around: list[str] = field(default_factory=list)
    is_house: bool = False
    """Names stand in it behind an en dash: what stands beside it is no alternative."""


_Items = list[_Span | _Node]


class _Reader:
    def __init__(self, text: str, names: Names, joined: Container[int]) -> None:
        self.text = text
        self.names = names
        self.joined = joined
        self.escaped = Escaped(text)
        self.masked = self.escaped.masked
        self.findings: list[BracketFinding] = []
        self.status = ""

    def read(self) -> ReadResult:
        remarks = self._remarks()
        items = self._items(remarks)
        runs = self._runs(items, inside=False)
        self.findings.sort(key=lambda finding: finding.offset)
        return ReadResult(runs, tuple(self.findings), self.status)

    def _report(self, code: str, message: str, offset: int, names: tuple[str, ...] = ()) -> None:
        self.findings.append(BracketFinding(code, message, offset, names))

    # What stands out before brackets are matched: remarks in braces, and the status at the end.

    def _remarks(self) -> list[_Node]:
        found = []
        for match in _NOTE.finditer(self.masked):
            if not strays(match[1]):
                found.append(self._remark(match.start(), match.end(), ""))
        status = _STATUS.search(self.masked)
        if status and not any(node.end > status.start() for node in found):
            end = len(self.masked.rstrip())
            found.append(self._remark(status.start(), end, "()" if status["round"] else "[]"))
            self.status = self.escaped.plain(status["round"] or status["square"])
        for brace in re.finditer(r"[{}]", self._without(found)):
            self._report("brace", "This brace has no partner.", brace.start())
        return found

    def _remark(self, start: int, end: int, style: str) -> _Node:
        note = Note(self.escaped.plain(self.masked[start + 1 : end - 1]), style)
        source = self.text[start:end]
        return _Node(start, end, note if note_printed(note) == source else replace(note, source=source))

    # Brackets into nodes, from the inside out, without recursion.

    def _items(self, remarks: Sequence[_Node]) -> _Items:
        alone = strays(self._without(remarks))
        for place, sign in alone.items():
            code, what = ("unclosed", "is never closed") if sign == "[" else ("unopened", "was never opened")
            self._report(code, f"This bracket {what} in the paragraph.", place)
        open_: list[tuple[int, _Items]] = [(-1, [])]
        at = 0
        for place, node in self._signs(remarks, alone):
            items = open_[-1][1]
            _push(items, at, place)
            at = place + 1
            if node is not None:
                items.append(node)
                at = node.end
            elif self.masked[place] == "[":
                if len(open_) > DEPTH:
                    raise TextRefused("too_deep", f"Brackets are read up to {DEPTH} deep.")
                open_.append((place, []))
            else:
                start, inner = open_.pop()
                open_[-1][1].append(self._node(inner, start, place + 1))
        _push(open_[0][1], at, len(self.text))
        return open_[0][1]

    def _without(self, remarks: Sequence[_Node]) -> str:
        parts: list[str] = []
        at = 0
        for node in remarks:
            parts.extend((self.masked[at : node.start], " " * (node.end - node.start)))
            at = node.end
        return "".join((*parts, self.masked[at:]))

    def _signs(self, remarks: Sequence[_Node], alone: dict[int, str]) -> Iterator[tuple[int, _Node | None]]:
        waiting = list(remarks)
        for found in re.finditer(r"[\[\]]", self._without(remarks)):
            while waiting and waiting[0].start < found.start():
                yield waiting[0].start, waiting.pop(0)
            if found.start() not in alone:
                yield found.start(), None
        for node in waiting:
            yield node.start, node

    def _node(self, items: _Items, start: int, end: int) -> _Node:
        inner = self.masked[start + 1 : end - 1]
        if PLACEHOLDER.match(inner) and not any(isinstance(item, _Node) for item in items):
            return self._remark(start, end, "[]")
        first = start + 1
        exact = inner.startswith(self.escaped.exact)
        first += 2 * exact
        first += 2 * self.masked.startswith(self.escaped.joint, first)
        _cut(items, first)
        options, around, is_house = [], [], False
        at = start
        for begin, stop, part in self._options(items, first, end - 1):
            said, cut, house = self._said(part, begin, stop)
            options.append(Option(self._runs(_until(part, cut), inside=True), said))
            around.append(self.text[at:begin])
            at = cut
            is_house = is_house or house
        around.append(self.text[at:end])
        return _Node(start, end, Bracket(tuple(options), exact=exact), around, is_house)

    def _options(self, items: _Items, start: int, end: int) -> Iterator[tuple[int, int, _Items]]:
        """The sides of a bracket, parted by bars, or else by slashes, each with where it begins and ends."""
        spans = [item for item in items if isinstance(item, _Span)]
        sign = next((s for s in (" | ", " / ") if any(s in self.masked[i.start : i.end] for i in spans)), None)
        part: _Items = []
        begin = start
        for item in items:
            at = item.start
            while sign and isinstance(item, _Span) and (cut := self.masked.find(sign, at, item.end)) >= 0:
                _push(part, at, cut)
                yield begin, cut, part
                part, begin, at = [], cut + 3, cut + 3
            if isinstance(item, _Node):
                part.append(item)
            else:
                _push(part, at, item.end)
        yield begin, end, part

    # Names.

    def _said(self, part: _Items, begin: int, stop: int) -> tuple[tuple[Attribution, ...], int, bool]:
        """What is said behind the last dash with only names behind it, where the words end, and is it the house's."""
        last = part[-1] if part else None
        if not isinstance(last, _Span):
            return (), stop, False
        dashes = [m.start() + last.start for m in _DASH.finditer(self.masked[last.start : stop])]
        said: tuple[Attribution, ...] = ()
        cut, house = stop, False
        for dash in reversed(dashes):
            more = self.names.said(self.masked[dash + 1 : cut], self.escaped)
            if more is None or (said and not (house and self._goes_on(dash, more, said))):
                if said:
                    break
                self._report_name(dash, stop)
                continue
            said = (*more, *said)
            cut = dash - 1
            house = self.masked.startswith(" – ", cut)
        if cut < stop and not house:
            cut = len(self.masked[:cut].rstrip(" ")) if cut > last.start else cut
        return said, max(cut, begin), house

    def _goes_on(self, dash: int, more: Sequence[Attribution], said: Sequence[Attribution]) -> bool:
        """In the house dialect, two rows of names that propose the same words stand behind a dash each."""
        return self.masked.startswith(" – ", dash - 1) and not more[-1].verb and not said[0].verb

    def _report_name(self, dash: int, stop: int) -> None:
        behind = self.masked[dash + 1 : stop].strip()
        if _NAME_LIKE.fullmatch(behind) and len(behind.split()) <= 5:
            self._report_unknown(behind, dash)

    def _report_unknown(self, masked: str, offset: int) -> None:
        message = f"“{self.escaped.plain(masked)}” is no known name: it stays as text."
        self._report("unknown_name", message, offset, tuple(self._unknown(masked)))

    def _unknown(self, masked: str) -> Iterator[str]:
        """The names that nobody is known by, without what they want: Ruritania, of “EU, Ruritania delete”."""
        for part in re.split(r"[;,]", masked.partition(":")[0]):
            verb = next((verb for verb in VERBS if part.rstrip().endswith(f" {verb}")), "")
            name = part.strip().removesuffix(verb).strip()
            if name and not self.names.listed(name, self.escaped):
                yield self.escaped.plain(name)

    # One level of the text into runs.

    def _runs(self, items: _Items, inside: bool) -> tuple[Run, ...]:
        nodes = self._gathered(self._with_behind(items))
        runs: list[Run] = []
        for number, item in enumerate(nodes):
            if isinstance(item, _Node):
                runs.append(_settled(item))
                continue
            following = nodes[number + 1] if number + 1 < len(nodes) else None
            before = runs[-1] if runs else None
            source = self.text[item.start : item.end]
            if source == JOINT and isinstance(following, _Node) and _is_joined(before, following):
                continue
            text = self.escaped.plain(self.masked[item.start : item.end])
            usual = words_printed(text, inside, before)
            runs.append(Words(text, "" if usual == source else source))
        return tuple(runs)

    def _with_behind(self, items: _Items) -> _Items:
        """Brackets with the names that stand in parentheses behind them, and such names without a bracket."""
        found: _Items = []
        for item in items:
            if isinstance(item, _Node):
                found.append(item)
                continue
            start = item.start
            before = found[-1] if found else None
            if isinstance(before, _Node) and isinstance(before.run, Bracket) and not is_named(before.run):
                start = self._take_behind(before, item)
            found.extend(self._with_bare(start, item.end))
        return found

    def _take_behind(self, node: _Node, span: _Span) -> int:
        assert isinstance(node.run, Bracket)
        at = span.start
        said: tuple[Attribution, ...] = ()
        while match := _BEHIND.match(self.masked, at, span.end):
            more = self.names.said(match[1], self.escaped)
            if more is None:
                if _NAME_LIKE.fullmatch(match[1].strip()) and len(match[1].split()) <= 3:
                    self._report_unknown(match[1].strip(), match.start())
                break
            said = (*said, *more)
            at = match.end()
        if said:
            options = tuple(replace(o, attributions=(*o.attributions, *said)) for o in node.run.options)
            node.run = replace(node.run, options=options)
            node.around[-1] += self.text[span.start : at]
            node.end = at
        return at

    def _with_bare(self, start: int, end: int) -> _Items:
        """Positions that stand alone: (EU, US: no change in position)(CANZ: reflect)."""
        found: _Items = []
        at = start
        for match in _IN_PARENTHESES.finditer(self.masked, start, end):
            begin, stop = match.span()
            said = self.names.said(match[1], self.escaped) if ":" in match[1] else None
            if not said:
                continue
            last = found[-1] if found else None
            if isinstance(last, _Node) and isinstance(last.run, Bracket) and not self.masked[at:begin].strip():
                option = last.run.options[0]
                last.run = Bracket((replace(option, attributions=(*option.attributions, *said)),))
                last.around[-1] += self.text[at:stop]
                last.end = stop
            else:
                _push(found, at, begin)
                around = ["", self.text[begin:stop]]
                found.append(_Node(begin, stop, Bracket((Option((), said),)), around, is_house=True))
            at = stop
        _push(found, at, end)
        return found

    def _gathered(self, items: _Items) -> _Items:
        """Brackets that touch are alternatives; with a space between, a person should say."""
        found: _Items = []
        for number, item in enumerate(items):
            last = found[-1] if found else None
            if isinstance(item, _Node) and isinstance(last, _Node) and _are_alternatives(last, item):
                _join(last, item)
                continue
            following = items[number + 1] if number + 1 < len(items) else None
            if isinstance(item, _Span) and isinstance(last, _Node) and self._is_between(last, item, following):
                if item.start in self.joined:
                    last.around[-1] += self.text[item.start : item.end]
                    last.end = item.end
                    continue
                message = "Two brackets side by side: alternatives, or two choices? They are read as two."
                self._report("adjacent", message, item.start)
            found.append(item)
        return found

    def _is_between(self, last: _Node, span: _Span, following: _Span | _Node | None) -> bool:
        """Does no more than a space part two brackets that could be alternatives?"""
        return self.text[span.start : span.end].isspace() and _could_be_alternatives(last, following)


def _join(last: _Node, item: _Node) -> None:
    assert isinstance(last.run, Bracket)
    assert isinstance(item.run, Bracket)
    last.run = replace(last.run, options=(*last.run.options, *item.run.options))
    last.around = [*last.around[:-1], last.around[-1] + item.around[0], *item.around[1:]]
    last.end = item.end


def _are_alternatives(one: _Node, other: _Node) -> bool:
    return one.end == other.start and _could_be_alternatives(one, other)


def _could_be_alternatives(*items: _Span | _Node | None) -> bool:
    return all(isinstance(i, _Node) and isinstance(i.run, Bracket) and not i.is_house for i in items)


def _is_joined(before: Run | None, following: _Node) -> bool:
    """Do the printers put a joint here on their own?"""
    run = _settled(following)
    return isinstance(run, Bracket) and needs_joint(before, run)


def _settled(node: _Node) -> Run:
    """A bracket keeps its spelling only if it is not the house's."""
    if isinstance(node.run, Note) or node.around == frame(node.run):
        return node.run
    return replace(node.run, style=style_of(node.around))


def _push(items: _Items, start: int, end: int) -> None:
    if start < end:
        items.append(_Span(start, end))


def _cut(items: _Items, start: int) -> None:
    """Nothing before `start`."""
    if items and isinstance(items[0], _Span):
        items[0].start = max(items[0].start, start)
        if items[0].start >= items[0].end:
            del items[0]


def _until(items: _Items, end: int) -> _Items:
    """Nothing from `end` on: the words of an option without the names behind them."""
    if items and isinstance(items[-1], _Span):
        items[-1].end = min(items[-1].end, end)
        if items[-1].start >= items[-1].end:
            del items[-1]
    return items
