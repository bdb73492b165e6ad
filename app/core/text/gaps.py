"""Where two texts differ, found in their letters: passages that stay are known without cutting them into words.

Most of what is compared is one paragraph with a few words changed. What stays of it is found by searching for long
passages as they are, which costs a fraction of cutting two paragraphs into words. Only what lies between is cut.
"""

from __future__ import annotations

from typing import Literal

import regex

Span = tuple[int, int, int, int]
"""begin and end in the one text, begin and end in the other, of what may differ."""

PASSAGE = 40
"""Characters from which a passage that stands once on both sides is taken to be the same one; six words or so."""
PROBE = 24
"""Characters that are looked for."""
LOOK = 200
"""Characters within which a border of words is looked for: a script without spaces may have none."""
_PROBES = tuple(odd / parts for parts in (2, 4, 8, 16) for odd in range(1, parts, 2))
"""Where in a gap they are taken from: in the middle first."""

_OPENING = regex.compile(
    r"[[\p{L}\p{N}]--[\p{Grapheme_Cluster_Break=Extend}\p{Grapheme_Cluster_Break=SpacingMark}]]", regex.V1
)


def gaps(a: str, b: str) -> list[Span]:
    """What may differ, in order. Between two gaps stands the same passage on both sides, of PASSAGE characters or more.

    Gaps begin and end where a token does, whatever stands before and after. Where much changed, or changed places, all
    from the first difference to the last is one gap: there every word has to be weighed.
    """
    most = min(len(a), len(b))
    head = _same(a[:most], b[:most], "big")
    if head == len(a) == len(b):
        return []
    rest = most - head
    tail = _same(a[len(a) - rest :], b[len(b) - rest :], "little")
    first = _beginning(a, b, len(a) - tail, len(b) - tail, len(a))
    head = _ending(a, b, 0, head, head)
    whole = (head, first, head, len(b) - (len(a) - first))
    found, known = _around(a, b, whole)
    if len(found) == 1:
        return found
    left = min(sum([a1 - a0 for a0, a1, _b0, _b1 in found]), sum([b1 - b0 for _a0, _a1, b0, b1 in found]))
    return found if left <= known else [whole]


def _around(a: str, b: str, whole: Span) -> tuple[list[Span], int]:
    """What lies around the passages in a span that stand once on both sides, and how long these are together."""
    found: list[Span] = []
    known = 0
    todo = [whole]
    while todo:
        a0, a1, b0, b1 = span = todo.pop()
        passage = _passage(a, b, span) if min(a1 - a0, b1 - b0) > PASSAGE else None
        if passage is None:
            if a0 < a1 or b0 < b1:
                found.append(span)
            continue
        i, j, size = passage
        known += size
        todo += [(i + size, a1, j + size, b1), (a0, i, b0, j)]
    return found, known


def _passage(a: str, b: str, span: Span) -> tuple[int, int, int] | None:
    """A passage that stands once on both sides: where it begins, and its size."""
    a0, a1, b0, b1 = span
    for share in _PROBES[: (a1 - a0) // PROBE]:
        at = a0 + int((a1 - a0 - PROBE) * share)
        probe = a[at : at + PROBE]
        there = b.find(probe, b0, b1)
        if there < 0 or b.find(probe, there + 1, b1) >= 0 or a.find(probe, a0, a1) != at:
            continue
        if a.find(probe, at + 1, a1) >= 0:
            continue
        left = min(at - a0, there - b0)
        before = _same(a[at - left : at], b[there - left : there], "little")
        right = min(a1 - at, b1 - there)
        end = at + PROBE + _same(a[at + PROBE : at + right], b[there + PROBE : there + right], "big")
        begin = a0 if before == at - a0 == there - b0 else _beginning(a, b, at - before, there - before, end)
        end = a1 if end == a1 and there - at + end == b1 else _ending(a, b, begin, end, there - at + end)
        if end - begin >= PASSAGE:
            return begin, there - at + begin, end - begin
    return None


def _same(a: str, b: str, order: Literal["big", "little"]) -> int:
    """How many characters of two texts of one length are the same: from the first on (big), or from the last back."""
    if a.isascii() and b.isascii():
        # As numbers, two texts are compared at once: the highest bit in which they differ tells where.
        differs = int.from_bytes(a.encode(), order) ^ int.from_bytes(b.encode(), order)
        return len(a) - (differs.bit_length() + 7) // 8
    low, high = 0, len(a) + 1
    while high - low > 1:
        size = (low + high) // 2
        same = a[low:size] == b[low:size] if order == "big" else a[-size : len(a) - low] == b[-size : len(b) - low]
        low, high = (size, high) if same else (low, size)
    return low


def _ending(a: str, b: str, begin: int, i: int, j: int) -> int:
    """Where a passage from `begin` of `a` ends that is the same up to `i` and `j`: a token begins there in both."""
    if begin < i < len(a) and j < len(b) and _is_border(a, i) and _is_border(b, j):
        return i
    lowest = max(begin, i - LOOK)
    at = a.rfind(" ", lowest, max(lowest, i - 1)) + 1
    if at > begin and a[at:i].isascii() and a[at].isalnum():
        return at
    return next((at for at in range(i - 1, lowest, -1) if _is_border(a, at)), begin)


def _beginning(a: str, b: str, i: int, j: int, end: int) -> int:
    """Where a passage up to `end` of `a` begins that is the same from `i` and `j` on."""
    if 0 < i < end and j and _is_end(a, i) and _is_end(b, j):
        return i
    highest = min(end, i + LOOK)
    at = a.find(" ", i, max(i, highest - 1)) + 1
    if at and a[i : at + 1].isascii() and a[at].isalnum():
        return at
    return next((at for at in range(i + 1, highest) if _is_border(a, at)), end)


def _is_end(text: str, at: int) -> bool:
    """Does a space begin here behind a word?"""
    before = text[at - 1]
    return text[at] == " " and before.isascii() and before.isalnum()


def _is_border(text: str, at: int) -> bool:
    """Does a token begin here, as the characters on both sides alone can tell?"""
    before, here = text[at - 1], text[at]
    if before == " ":
        return here.isalnum() if here.isascii() else _OPENING.match(here) is not None
    return "\u4e00" <= before <= "\u9fff" and "\u4e00" <= here <= "\u9fff"
