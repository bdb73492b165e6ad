"""What changed between two texts, word by word, as a person would mark it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.core.text.gaps import Span, gaps
from app.core.text.words import is_word, tokens

EXACT = 60_000
"""Cells of the exact comparison of one gap. A gap with more, and without a word that stands equally often on both
sides, is marked as replaced as a whole."""


class Change(StrEnum):
    EQUAL = "equal"
    INSERT = "insert"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Op:
    """A run of text that is equal, inserted or deleted."""

    kind: Change
    text: str


Pairs = list[tuple[int, int]]
"""Positions that hold the same token, rising on both sides."""


def diff(a: str, b: str) -> tuple[Op, ...]:
    """From `a` to `b`: the texts of equal and deleted, joined, are `a`; those of equal and inserted are `b`."""
    if a == b:
        return (Op(Change.EQUAL, a),) if a else ()
    ops: list[Op] = []
    at = 0
    for a0, a1, b0, b1 in gaps(a, b):
        _stay(ops, a[at:a0])
        old, new = tokens(a[a0:a1]), tokens(b[b0:b1])
        if pairs := matches(old, new):
            _mark(ops, old, new, readable(old, pairs, (len(old), len(new))))
        else:
            _replace(ops, a[a0:a1], b[b0:b1])
        at = a1
    _stay(ops, a[at:])
    return tuple(ops)


def _ends(a: Sequence[Hashable], b: Sequence[Hashable]) -> tuple[int, int]:
    """How many tokens are the same at the beginning, and how many at the end."""
    most = min(len(a), len(b))
    head = tail = 0
    while head < most and a[head] == b[head]:
        head += 1
    while tail < most - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    return head, tail


def matches(a: Sequence[Hashable], b: Sequence[Hashable]) -> Pairs:
    """Pairs of positions that hold the same token, rising on both sides."""
    if set(a).isdisjoint(b):
        return []  # most changes put other words in the place of some: there is nothing to weigh
    head, tail = _ends(a, b)
    inner_a, inner_b = a[head : len(a) - tail], b[head : len(b) - tail]
    inner = [] if set(inner_a).isdisjoint(inner_b) else _weighed(inner_a, inner_b)
    return _joined(head, inner, tail, len(a), len(b))


def _joined(head: int, inner: Pairs, tail: int, a: int, b: int) -> Pairs:
    """All pairs of two rows of `a` and `b` tokens, of which `head` and `tail` are the same at their ends."""
    found = [(at, at) for at in range(head)]
    found += [(head + i, head + j) for i, j in inner]
    found += [(a - at, b - at) for at in range(tail, 0, -1)]
    return found


def _weighed(a: Sequence[Hashable], b: Sequence[Hashable]) -> Pairs:
    found: Pairs = []
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


def _around(a: Sequence[Hashable], b: Sequence[Hashable], span: Span, found: Pairs) -> list[Span]:
    """Match the tokens that stand once on both sides, in their longest rising row; what lies between is to do."""
    a0, a1, b0, b1 = span
    anchors = rising(_unique_pairs(a, b, span)) or rising(_paired(a, b, span))
    if not anchors:
        return []
    found.extend(anchors)
    spans, ai, bi = [], a0, b0
    for i, j in [*anchors, (a1, b1)]:
        if ai < i and bi < j:
            spans.append((ai, i, bi, j))
        ai, bi = i + 1, j + 1
    return spans


def _unique_pairs(a: Sequence[Hashable], b: Sequence[Hashable], span: Span) -> Pairs:
    a0, a1, b0, b1 = span
    once_a, once_b = _once(a, a0, a1), _once(b, b0, b1)
    return [(i, once_b[token]) for token, i in once_a.items() if token in once_b]


def _paired(a: Sequence[Hashable], b: Sequence[Hashable], span: Span) -> Pairs:
    """Of the words that stand equally often on both sides, the first with the first, and so on: in a list, say, in
    which the same phrase comes again and again, no word stands once."""
    a0, a1, b0, b1 = span
    here, there = _places(a, a0, a1), _places(b, b0, b1)
    often = {token for token, places in here.items() if len(there.get(token, ())) == len(places)}
    return sorted(pair for token in often for pair in zip(here[token], there[token], strict=True))


def _places(tokens_: Sequence[Hashable], begin: int, end: int) -> dict[Hashable, list[int]]:
    """Word to its places, in order."""
    places: dict[Hashable, list[int]] = {}
    for index in range(begin, end):
        if _is_heavy(tokens_[index]):
            places.setdefault(tokens_[index], []).append(index)
    return places


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


def rising(pairs: Iterable[tuple[int, int]]) -> Pairs:
    """The longest row that rises on both sides (patience sorting), the earliest of equal ones.

    `pairs` come in the order of the one side; those with the same place there, in the falling order of the other.
    """
    tops: list[int] = []
    row: list[tuple[int, int]] = []
    before: dict[tuple[int, int], tuple[int, int] | None] = {}
    for pair in pairs:
        place = bisect_left(tops, pair[1])
        if place == len(tops):
            tops.append(pair[1])
            row.append(pair)
        elif tops[place] == pair[1]:
            continue
        else:
            tops[place], row[place] = pair[1], pair
        before[pair] = row[place - 1] if place else None
    found: Pairs = []
    last = row[-1] if row else None
    while last is not None:
        found.append(last)
        last = before[last]
    return found[::-1]


def _longest(a: Sequence[Hashable], b: Sequence[Hashable]) -> Pairs:
    """The longest common row of two short sequences: of words first, then of spaces and marks between them."""
    found: Pairs = []
    ai = bi = 0
    for i, j in [*rising(_equal(a, b, _is_heavy)), (len(a), len(b))]:
        if ai < i and bi < j:
            found.extend((ai + x, bi + y) for x, y in _between(a[ai:i], b[bi:j]))
        if i < len(a):
            found.append((i, j))
        ai, bi = i + 1, j + 1
    return found


def _between(a: Sequence[Hashable], b: Sequence[Hashable]) -> Pairs:
    """Spaces and marks that stay between two words that do: those beside the words, and the longest row of others."""
    if len(a) == len(b) == 1:
        return [(0, 0)] if a[0] == b[0] else []
    head, tail = _ends(a, b)
    inner = rising(_equal(a[head : len(a) - tail], b[head : len(b) - tail], _is_light))
    return _joined(head, inner, tail, len(a), len(b))


def _equal(a: Sequence[Hashable], b: Sequence[Hashable], counts: Callable[[Hashable], bool]) -> Pairs:
    """All pairs of places that hold the same token, of those that count, in the order that `rising` asks for."""
    places: dict[Hashable, list[int]] = {}
    for j in range(len(b) - 1, -1, -1):
        if counts(b[j]):
            places.setdefault(b[j], []).append(j)
    return [(i, j) for i, token in enumerate(a) for j in places.get(token, ())]


def _is_heavy(token: Hashable) -> bool:
    return not isinstance(token, str) or is_word(token)


def _is_light(token: Hashable) -> bool:
    return not _is_heavy(token)


def readable(old: Sequence[str], pairs: Pairs, end: tuple[int, int]) -> Pairs:
    """Drop matches that only make noise: a lone short word or mark between two larger changes. `end` is of both."""
    islands = _islands(pairs)
    kept: Pairs = []
    for island, following in zip(islands, _following(old, islands, end), strict=True):
        if not _is_noise(old, island, kept[-1] if kept else (-1, -1), following):
            kept.extend(island)
    return kept


def _following(old: Sequence[str], islands: list[Pairs], end: tuple[int, int]) -> list[tuple[int, int]]:
    """Where after each island something stays again. A mere space between two changes does not: it goes with them."""
    found: list[tuple[int, int]] = []
    following = solid = end
    for island in reversed(islands):
        blank = all(not old[i].strip() for i, _j in island)
        found.append(following if blank else solid)
        following = island[0]
        solid = solid if blank else following
    return found[::-1]


def _islands(pairs: Pairs) -> list[Pairs]:
    """Runs of matches without a change between them."""
    islands: list[Pairs] = []
    for i, j in pairs:
        if islands and islands[-1][-1] == (i - 1, j - 1):
            islands[-1].append((i, j))
        else:
            islands.append([(i, j)])
    return islands


def _is_noise(old: Sequence[str], island: Pairs, previous: tuple[int, int], following: tuple[int, int]) -> bool:
    """A run between two changes that holds no more words than the smaller of the changes beside it, and two at most."""
    first, last = island[0], island[-1]
    before = max(first[0] - previous[0] - 1, first[1] - previous[1] - 1)
    after = max(following[0] - last[0] - 1, following[1] - last[1] - 1)
    change = min(before, after)
    if not change:
        return False
    words = sum(1 for i, _j in island if is_word(old[i]))
    if words == 0:
        return all(not old[i].strip() for i, _j in island)
    return words <= 2 and change >= 2 * words + 1


def _mark(ops: list[Op], old: Sequence[str], new: Sequence[str], pairs: Pairs) -> None:
    """Append what leads from the one row of tokens to the other."""
    i = j = begin = 0
    for a, b in [*pairs, (len(old), len(new))]:
        if i < a or j < b or a == len(old):
            _stay(ops, "".join(old[begin:i]))
            _replace(ops, "".join(old[i:a]), "".join(new[j:b]))
            begin = a
        i, j = a + 1, b + 1


def _stay(ops: list[Op], text: str) -> None:
    if not text:
        return
    if ops and ops[-1].kind is Change.EQUAL:
        text = ops.pop().text + text
    ops.append(Op(Change.EQUAL, text))


def _replace(ops: list[Op], old: str, new: str) -> None:
    if old:
        ops.append(Op(Change.DELETE, old))
    if new:
        ops.append(Op(Change.INSERT, new))
