"""Numbers that Word counts by itself (numbering.xml), as they would be printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from app.core.word.xml import Element, W, child, number, value

LEVELS = 9


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    text: str
    start: int
    style: str
    legal: bool = False
    """All its numbers are digits, however the levels above print theirs."""


@dataclass
class Numbering:
    """The lists that a file defines. A text is counted with a `Counter`."""

    lists: dict[str, str] = field(default_factory=dict)
    """num id to abstract id."""
    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    starts: dict[tuple[str, int], int] = field(default_factory=dict)
    own: dict[str, dict[int, _Level]] = field(default_factory=dict)
    """The levels of a list by its num id, where it prints some of them otherwise than its abstract one."""

    @classmethod
    def read(cls, root: Element | None) -> Numbering:
        made = cls()
        if root is None:
            return made
        by_style, linked = {}, {}  # a list may name the style that holds its levels
        for abstract in root.iterfind(f"{{{W}}}abstractNum"):
            identity = value(abstract, "abstractNumId")
            made.levels[identity] = dict(_levels(abstract))
            if style := value(child(abstract, "styleLink")):
                by_style[style] = identity
            if style := value(child(abstract, "numStyleLink")):
                linked[identity] = style
        for num in root.iterfind(f"{{{W}}}num"):
            abstract_id = value(child(num, "abstractNumId"))
            made._add(num, by_style.get(linked.get(abstract_id, ""), abstract_id))
        return made

    def _add(self, num: Element, abstract: str) -> None:
        identity = value(num, "numId")
        self.lists[identity] = abstract
        for override in num.iterfind(f"{{{W}}}lvlOverride"):
            depth = number(value(override, "ilvl"))
            if start := value(child(override, "startOverride")):
                self.starts[identity, depth] = number(start, 1)
            for _depth, level in _levels(override):
                self.own.setdefault(identity, dict(self.levels.get(abstract, {})))[depth] = level
                self.starts.setdefault((identity, depth), level.start)

    def levels_of(self, num: str) -> dict[int, _Level]:
        return self.own.get(num) or self.levels.get(self.lists.get(num, ""), {})

    def level_of_style(self, num: str, style: str) -> int:
        """A style that is numbered names its list; the list says at which level."""
        levels = self.levels_of(num)
        return next((depth for depth, level in levels.items() if level.style and level.style == style), 0)


class Counter:
    """Counts one reading of a text, paragraph by paragraph in order."""

    def __init__(self, numbering: Numbering) -> None:
        self.numbering = numbering
        self.counts: dict[str, list[int | None]] = {}
        self.overridden: set[tuple[str, int]] = set()

    def label(self, num: str, depth: int) -> str:
        """The number of the next paragraph of this list at this depth; empty where the file does not define it."""
        abstract = self.numbering.lists.get(num, "")
        levels = self.numbering.levels_of(num)
        if depth not in levels or not 0 <= depth < LEVELS:
            return ""
        counts = self.counts.setdefault(abstract, [None] * LEVELS)
        before, key = counts[depth], (num, depth)
        if key in self.numbering.starts and key not in self.overridden:
            self.overridden.add(key)
            before = None
        start = self.numbering.starts.get(key, levels[depth].start)
        counts[depth] = start if before is None else before + 1
        counts[depth + 1 :] = [None] * (LEVELS - depth - 1)
        return self._printed(levels, counts, depth)

    def _printed(self, levels: dict[int, _Level], counts: list[int | None], depth: int) -> str:
        if levels[depth].form in ("bullet", "none"):
            return "•" if levels[depth].form == "bullet" else ""

        def one(found: re.Match[str]) -> str:
            place = int(found.group(1)) - 1
            level = levels.get(place)
            if level is None:
                return ""
            count = counts[place]
            form = "decimal" if levels[depth].legal else level.form
            return formatted(level.start if count is None else count, form)

        return re.sub(r"%([1-9])", one, levels[depth].text).strip()


def _levels(of: Element) -> Iterator[tuple[int, _Level]]:
    for level in of.iterfind(f"{{{W}}}lvl"):
        legal = child(level, "isLgl")
        yield (
            number(value(level, "ilvl")),
            _Level(
                value(child(level, "numFmt")) or "decimal",
                value(child(level, "lvlText"))[:60],
                number(value(child(level, "start")), 1),
                value(child(level, "pStyle")),
                legal is not None and value(legal) not in ("0", "false", "off"),
            ),
        )


def formatted(count: int, form: str) -> str:
    """A number as Word prints it. Forms that are not known here are printed as digits."""
    maker: Callable[[int], str] | None = _FORMS.get(form)
    return maker(count) if maker and 0 < count < 1_000 else str(count)


def _letter(count: int) -> str:
    """a … z, aa, bb …: Word repeats the letter."""
    return chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)


def _roman(count: int) -> str:
    found = ""
    for size, sign in _ROMAN:
        found += sign * (count // size)
        count %= size
    return found


_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_FORMS: dict[str, Callable[[int], str]] = {
    "lowerLetter": _letter,
    "upperLetter": lambda count: _letter(count).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda count: _roman(count).upper(),
    "decimalZero": lambda count: f"{count:02d}",
}
