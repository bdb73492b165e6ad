"""What changed between two texts, word by word, as a person would mark it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.core.text.words import is_word, tokens

EXACT = 60_000
"""Cells of the exact comparison of one gap. A gap with more, and without a word that stands once on both sides, is
marked as replaced as a whole."""


class Change(StrEnum):
    EQUAL = "equal"
    INSERT = "insert"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Op:
    """A run of text that is equal, inserted or deleted."""

    kind: Change
    text: str


Span = tuple[int, int, int, int]
"""a_begin, a_end, b_begin, b_end of what is not matched."""


def diff(a: str, b: str) -> tuple[Op, ...]:
    """From `a` to `b`: the texts of equal and deleted, joined, are `a`; those of equal and inserted are `b`."""
    if a == b:
        return (Op(Change.EQUAL, a),) if a else ()
    old, new = tokens(a), tokens(b)
    return tuple(_ops(old, new, _readable(old, matches(old, new))))


def matches(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Pairs of positions that hold the same token, rising on both sides."""
    found: list[tuple[int, int]] = []
    todo: list[Span] = [(0, len(a), 0, len(b))]
    while todo:
        a0, a1, b0, b1 = todo.pop()
        while a0 < a1 and b0 < b1 and a[a0] == b[b0]:
            found.append((a0, b0))
            a0, b0 = a0 + 1, b0 + 1
        while a0 < a1 and b0 < b1 and a[a1 - 1] == b[b1 - 1]:
            a1, b1 = a1 - 1, b1 - 1
            found.append((a1, b1))
        if a0 == a1 or b0 == b1:
            continue
        if (a1 - a0) * (b1 - b0) <= EXACT:
            found.extend((a0 + i, b0 + j) for i, j in _longest(a[a0:a1], b[b0:b1]))
        else:
            todo.extend(_around(a, b, (a0, a1, b0, b1), found))
    return sorted(found)


def _around(a: Sequence[Hashable], b: Sequence[Hashable], span: Span, found: list[tuple[int, int]]) -> list[Span]:
    """Match the tokens that stand once on both sides, in their longest rising row; what lies between is to do."""
    a0, a1, b0, b1 = span
    anchors = _rising(_unique_pairs(a, b, span))
    if not anchors:
        return []
    found.extend(anchors)
    gaps, ai, bi = [], a0, b0
    for i, j in [*anchors, (a1, b1)]:
        if ai < i and bi < j:
            gaps.append((ai, i, bi, j))
        ai, bi = i + 1, j + 1
    return gaps


def _unique_pairs(a: Sequence[Hashable], b: Sequence[Hashable], span: Span) -> list[tuple[int, int]]:
    a0, a1, b0, b1 = span
    once_a, once_b = _once(a, a0, a1), _once(b, b0, b1)
    return [(i, once_b[token]) for token, i in once_a.items() if token in once_b]


def _once(tokens_: Sequence[Hashable], begin: int, end: int) -> dict[Hashable, int]:
    """Token to its place, of those that stand once."""
    place: dict[Hashable, int] = {}
    twice: set[Hashable] = set()
    for index in range(begin, end):
        token = tokens_[index]
        if token in place:
            twice.add(token)
        place[token] = index
    for token in twice:
        del place[token]
    return place


def _rising(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest row of pairs that rises on both sides (patience sorting)."""
    tops: list[int] = []
    row: list[tuple[int, int]] = []
    before: dict[tuple[int, int], tuple[int, int] | None] = {}
    for pair in sorted(pairs):
        place = bisect_left(tops, pair[1])
        before[pair] = row[place - 1] if place else None
        tops[place : place + 1] = [pair[1]]
        row[place : place + 1] = [pair]
    found: list[tuple[int, int]] = []
    last = row[-1] if row else None
    while last is not None:
        found.append(last)
        last = before[last]
    return found[::-1]


def _longest(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[tuple[int, int]]:
    """The longest common row of two short sequences, words before spaces and marks."""
    weights = [2 if not isinstance(t, str) or is_word(t) else 1 for t in a]
    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in range(len(a) - 1, -1, -1):
        row, below, token, weight = table[i], table[i + 1], a[i], weights[i]
        for j in range(len(b) - 1, -1, -1):
            if token == b[j]:
                row[j] = below[j + 1] + weight
            else:
                row[j] = below[j] if below[j] >= row[j + 1] else row[j + 1]
    return _walk(a, b, table)


def _walk(a: Sequence[Hashable], b: Sequence[Hashable], table: list[list[int]]) -> list[tuple[int, int]]:
    found, i, j = [], 0, 0
    while i < len(a) and j < len(b):
        if a[i] == b[j]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif table[i + 1][j] >= table[i][j + 1]:
            i += 1
        else:
            j += 1
    return found


def _readable(old: list[str], pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Drop matches that only make noise: a lone short word or mark between two larger changes."""
    islands = _islands(pairs)
    kept: list[tuple[int, int]] = []
    for number, island in enumerate(islands):
        if _is_noise(old, islands, number, kept):
            continue
        kept.extend(island)
    return kept


def _islands(pairs: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Runs of matches without a change between them."""
    islands: list[list[tuple[int, int]]] = []
    for i, j in pairs:
        if islands and islands[-1][-1] == (i - 1, j - 1):
            islands[-1].append((i, j))
        else:
            islands.append([(i, j)])
    return islands


def _is_noise(old: list[str], islands: list[list[tuple[int, int]]], number: int, kept: list[tuple[int, int]]) -> bool:
    """A run between two changes that holds no more words than the smaller of the changes beside it, and two at most."""
    island = islands[number]
    if number == len(islands) - 1:
        return False
    first, last = island[0], island[-1]
    previous = kept[-1] if kept else (-1, -1)
    following = islands[number + 1][0]
    words = sum(1 for i, _j in island if is_word(old[i]))
    before = max(first[0] - previous[0] - 1, first[1] - previous[1] - 1)
    after = max(following[0] - last[0] - 1, following[1] - last[1] - 1)
    if words == 0:
        return min(before, after) >= 1 and all(not old[i].strip() for i, _j in island)
    return words <= 2 and min(before, after) >= 2 * words + 1


def _ops(old: list[str], new: list[str], pairs: list[tuple[int, int]]) -> list[Op]:
    ops: list[Op] = []
    i = j = 0
    for a, b in [*pairs, (len(old), len(new))]:
        _push(ops, Change.DELETE, "".join(old[i:a]))
        _push(ops, Change.INSERT, "".join(new[j:b]))
        if a < len(old):
            _push(ops, Change.EQUAL, old[a])
        i, j = a + 1, b + 1
    return ops


def _push(ops: list[Op], kind: Change, text: str) -> None:
    if not text:
        return
    if ops and ops[-1].kind is kind:
        ops[-1] = Op(kind, ops[-1].text + text)
    else:
        ops.append(Op(kind, text))
