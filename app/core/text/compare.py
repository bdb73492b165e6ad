"""Two versions of a text, paragraph by paragraph: the same, changed, new, deleted, moved."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.core.text.diff import Change, Op, diff
from app.core.text.paragraphs import Paragraph, ParagraphId
from app.core.text.words import words

LIKE = 0.5
"""Share of common words from which two paragraphs without a common identity are the same one."""


class RowKind(StrEnum):
    SAME = "same"
    CHANGED = "changed"
    NEW = "new"
    DELETED = "deleted"
    MOVED = "moved"
    MOVED_CHANGED = "moved_changed"


@dataclass(frozen=True, slots=True)
class Row:
    """One paragraph in both versions; `old` or `new` is None where it is not there. `ops` lead from old to new."""

    kind: RowKind
    old: Paragraph | None
    new: Paragraph | None
    ops: tuple[Op, ...]
    old_label: str | None
    new_label: str | None


@dataclass(frozen=True, slots=True)
class Summary:
    """How many paragraphs; a moved one that also changed counts as moved and as changed."""

    changed: int
    new: int
    deleted: int
    moved: int
    same: int


@dataclass(frozen=True, slots=True)
class Comparison:
    rows: tuple[Row, ...]
    summary: Summary


def compare(
    old: Sequence[Paragraph],
    new: Sequence[Paragraph],
    old_labels: Mapping[ParagraphId, str],
    new_labels: Mapping[ParagraphId, str],
) -> Comparison:
    """Rows in the order of the new version, deleted ones at their old place."""
    pairs = match(old, new)
    moved = _moved(pairs)
    rows: list[Row] = []
    paired_old = {i for i, _j in pairs}
    partner = {j: i for i, j in pairs}
    gone = [i for i in range(len(old)) if i not in paired_old]
    follows = _places_of_deleted(gone, pairs, moved)
    rows += [_deleted(old[i], old_labels) for i in follows.get(-1, [])]
    for j, paragraph in enumerate(new):
        i = partner.get(j)
        before = old[i] if i is not None else None
        rows.append(_row(before, paragraph, j in moved, old_labels, new_labels))
        rows += [_deleted(old[k], old_labels) for k in follows.get(j, [])]
    return Comparison(tuple(rows), _summary(rows))


def match(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> list[tuple[int, int]]:
    """Pairs of positions of the same paragraph: by identity, else by the same words, else by most words in common."""
    place = {paragraph.id: j for j, paragraph in enumerate(new)}
    pairs = [(i, place[paragraph.id]) for i, paragraph in enumerate(old) if paragraph.id in place]
    free_old = sorted(set(range(len(old))) - {i for i, _j in pairs})
    free_new = sorted(set(range(len(new))) - {j for _i, j in pairs})
    if pairs:
        # Versions of one draft share identities: who has none of the other version is new or deleted.
        return sorted(pairs, key=lambda pair: pair[1])
    pairs = _equals(old, new)
    free_old = sorted(set(free_old) - {i for i, _j in pairs})
    free_new = sorted(set(free_new) - {j for _i, j in pairs})
    pairs += _by_words(old, new, free_old, free_new)
    return sorted(pairs, key=lambda pair: pair[1])


def _equals(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> list[tuple[int, int]]:
    """Paragraphs of one kind with the very same words; of several that are the same, the first with the first."""
    waiting: dict[tuple[str, str], list[int]] = defaultdict(list)
    for j in range(len(new) - 1, -1, -1):
        if new[j].text:
            waiting[new[j].kind, new[j].text].append(j)
    return [(i, here.pop()) for i, p in enumerate(old) if (here := waiting.get((p.kind, p.text)))]


def _by_words(
    old: Sequence[Paragraph], new: Sequence[Paragraph], free_old: list[int], free_new: list[int]
) -> list[tuple[int, int]]:
    bags_old = {i: _bag(old[i]) for i in free_old}
    bags_new = {j: _bag(new[j]) for j in free_new}
    scored = sorted(_scores(bags_old, bags_new), reverse=True)
    pairs: list[tuple[int, int]] = []
    used_old: set[int] = set()
    used_new: set[int] = set()
    for _score, _near, i, j in scored:
        if i not in used_old and j not in used_new and old[i].kind is new[j].kind:
            used_old.add(i)
            used_new.add(j)
            pairs.append((i, j))
    return pairs


def _scores(old: dict[int, Counter[str]], new: dict[int, Counter[str]]) -> list[tuple[float, int, int, int]]:
    """(share of words in common, nearness, i, j) of the pairs that share a rare word, so that few are weighed."""
    holders: dict[str, list[int]] = {}
    for j, bag in new.items():
        for word in bag:
            holders.setdefault(word, []).append(j)
    rare = {word for word, where in holders.items() if len(where) <= 12}
    sizes_old, sizes_new = ({at: bag.total() for at, bag in bags.items()} for bags in (old, new))
    scores = []
    for i, bag in old.items():
        candidates = {j for word in bag if word in rare for j in holders[word]}
        for j in candidates:
            size = sizes_old[i] + sizes_new[j]
            if 2 * min(sizes_old[i], sizes_new[j]) < LIKE * size:
                continue  # one is so short that no word of it could be missing
            other = new[j]
            common = bag.keys() & other.keys()
            share = 2 * sum(min(bag[word], other[word]) for word in common) / size
            if share >= LIKE:
                scores.append((share, -abs(i - j), i, j))
    return scores


def _bag(paragraph: Paragraph) -> Counter[str]:
    return Counter(words(paragraph.text))


def _moved(pairs: list[tuple[int, int]]) -> set[int]:
    """The new positions that are not in the longest row that kept its order."""
    tops: list[int] = []
    row: list[int] = []
    before: dict[int, int | None] = {}
    by_new = {j: i for i, j in pairs}
    for j in sorted(by_new):
        place = bisect_left(tops, by_new[j])
        before[j] = row[place - 1] if place else None
        tops[place : place + 1] = [by_new[j]]
        row[place : place + 1] = [j]
    kept: set[int] = set()
    last: int | None = row[-1] if row else None
    while last is not None:
        kept.add(last)
        last = before[last]
    return set(by_new) - kept


def _places_of_deleted(gone: list[int], pairs: list[tuple[int, int]], moved: set[int]) -> dict[int, list[int]]:
    """New position to the deleted paragraphs shown after it: after the nearest one before them that stayed."""
    stayed = sorted((i, j) for i, j in pairs if j not in moved)
    olds = [i for i, _j in stayed]
    places: dict[int, list[int]] = {}
    for i in gone:
        index = bisect_left(olds, i) - 1
        places.setdefault(stayed[index][1] if index >= 0 else -1, []).append(i)
    return places


_KINDS = {
    (False, False): RowKind.SAME,
    (True, False): RowKind.CHANGED,
    (False, True): RowKind.MOVED,
    (True, True): RowKind.MOVED_CHANGED,
}
"""By: do the words differ, did it move?"""


def _row(
    before: Paragraph | None,
    after: Paragraph,
    moved: bool,
    old_labels: Mapping[ParagraphId, str],
    new_labels: Mapping[ParagraphId, str],
) -> Row:
    label = new_labels.get(after.id)
    if before is None:
        return Row(RowKind.NEW, None, after, (Op(Change.INSERT, after.text),) if after.text else (), None, label)
    changed = before.text != after.text
    return Row(_KINDS[changed, moved], before, after, diff(before.text, after.text), old_labels.get(before.id), label)


def _deleted(paragraph: Paragraph, labels: Mapping[ParagraphId, str]) -> Row:
    ops = (Op(Change.DELETE, paragraph.text),) if paragraph.text else ()
    return Row(RowKind.DELETED, paragraph, None, ops, labels.get(paragraph.id), None)


def _summary(rows: list[Row]) -> Summary:
    kinds = Counter(row.kind for row in rows)
    return Summary(
        changed=kinds[RowKind.CHANGED] + kinds[RowKind.MOVED_CHANGED],
        new=kinds[RowKind.NEW],
        deleted=kinds[RowKind.DELETED],
        moved=kinds[RowKind.MOVED] + kinds[RowKind.MOVED_CHANGED],
        same=kinds[RowKind.SAME],
    )
