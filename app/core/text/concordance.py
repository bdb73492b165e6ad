"""Which paragraph of one version is which of another: every paragraph of both is accounted for, once (law 8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.core.text.compare import match
from app.core.text.diff import matches
from app.core.text.paragraphs import Paragraph, ParagraphId
from app.core.text.wordmap import Tokenised, mapped
from app.core.text.words import is_word, words

MOST = 0.5
"""Share of a paragraph's words that came from, or went to, another one."""
RUN = 3
"""Words in a row that are known again: single words are common to all norms."""


class CorrespondenceKind(StrEnum):
    """How paragraphs of the new version stand to those of the old."""

    SAME = "same"
    MOVED = "moved"
    """The same words at another place."""
    CHANGED = "changed"
    """Other words, wherever it stands."""
    SPLIT = "split"
    MERGED = "merged"
    NEW = "new"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Correspondence:
    """Labels on both sides, in the order of the texts. A deleted paragraph that keeps its number has it on both."""

    old_labels: tuple[str, ...]
    new_labels: tuple[str, ...]
    relation: CorrespondenceKind


def concordance(
    old: Sequence[Paragraph],
    new: Sequence[Paragraph],
    old_labels: Mapping[ParagraphId, str],
    new_labels: Mapping[ParagraphId, str],
) -> tuple[Correspondence, ...]:
    """In the order of the new version, what is gone at its old place. A paragraph without a label has its identity."""
    pairs = match(old, new)
    links = set(pairs) | _equals(old, new, pairs)
    links |= _by_words(old, new, links)
    stayed = _stayed(links)
    found = []
    for olds, news in _groups(len(old), len(new), links):
        relation = _relation(
            [old[i] for i in olds], [new[j] for j in news], {(i, j) for i in olds for j in news} & stayed
        )
        names = tuple(old_labels.get(old[i].id, old[i].id) for i in olds)
        found.append(Correspondence(names, tuple(new_labels.get(new[j].id, new[j].id) for j in news), relation))
    return tuple(found)


def _equals(old: Sequence[Paragraph], new: Sequence[Paragraph], pairs: list[tuple[int, int]]) -> set[tuple[int, int]]:
    """Paragraphs without a partner that have the same words: gone under one identity, back under another."""
    here: dict[tuple[str, str], list[int]] = defaultdict(list)
    for j in sorted(set(range(len(new))) - {j for _i, j in pairs}, reverse=True):
        if new[j].text and not new[j].deleted:
            here[new[j].kind, new[j].text].append(j)
    found = set()
    for i in sorted(set(range(len(old))) - {i for i, _j in pairs}):
        if waiting := here.get((old[i].kind, old[i].text)):
            found.add((i, waiting.pop()))
    return found


def _by_words(old: Sequence[Paragraph], new: Sequence[Paragraph], links: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Links of the paragraphs that stand alone to where most of their words came from, or went."""
    partner, origin = dict(links), {j: i for i, j in links}
    lost = {i: _changed(old[i], new[partner[i]] if i in partner else None) for i in range(len(old))}
    gained = {j: _changed(new[j], old[origin[j]] if j in origin else None) for j in range(len(new))}
    fresh = {j: gained[j] for j in range(len(new)) if j not in origin}
    gone = {i: lost[i] for i in range(len(old)) if i not in partner}
    came = {(i, j) for j, i in _sources(fresh, lost).items()}
    taken = {i for i, _j in came}
    went = set(_sources({i: runs for i, runs in gone.items() if i not in taken}, gained).items())
    return came | went


Runs = list[list[str]]
"""Words, in runs that stood together."""


def _changed(here: Paragraph, there: Paragraph | None) -> Runs:
    """The words of a paragraph that its partner does not have: what it lost, or gained. All, if it has none."""
    if here.deleted:
        return []
    if there is None or there.deleted:
        return [words(here.text)]
    if here.text == there.text:
        return []
    change = mapped(Tokenised(here.text), Tokenised(there.text))
    return [
        [token.casefold() for token in change.old[hunk.begin : hunk.end] if is_word(token)] for hunk in change.hunks
    ]


def _sources(wanted: Mapping[int, Runs], offered: Mapping[int, Runs]) -> dict[int, int]:
    """For each that is wanted, the one that offers most of its words, if it does."""
    holders: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for number, runs in offered.items():
        for _place, row in _rows(runs):
            holders[row].add(number)
    found = {}
    for number, runs in wanted.items():
        covered: dict[int, set[int]] = defaultdict(set)
        for place, row in _rows(runs):
            for holder in holders.get(row, ()):
                covered[holder].update(range(place, place + RUN))
        size = sum(map(len, runs))
        best = max(covered, key=lambda holder: (len(covered[holder]), -holder), default=None)
        if best is not None and len(covered[best]) >= MOST * size:
            found[number] = best
    return found


def _rows(runs: Runs) -> Iterable[tuple[int, tuple[str, ...]]]:
    """Every RUN words in a row, and the place of the first among all the words."""
    begin = 0
    for run in runs:
        for at in range(len(run) - RUN + 1):
            yield begin + at, tuple(run[at : at + RUN])
        begin += len(run)


def _stayed(links: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """The links that keep the order of both texts."""
    single = sorted(links)
    by_new = sorted(single, key=lambda link: (link[1], link[0]))
    return {single[a] for a, _b in matches(single, by_new)}


def _groups(olds: int, news: int, links: set[tuple[int, int]]) -> list[tuple[list[int], list[int]]]:
    """What hangs together by links, each paragraph in exactly one group."""
    parent = list(range(olds + news))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for i, j in links:
        parent[root(olds + j)] = root(i)
    groups: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for node in range(olds + news):
        side = groups[root(node)]
        (side[0] if node < olds else side[1]).append(node if node < olds else node - olds)
    return _in_order(list(groups.values()))


def _in_order(groups: list[tuple[list[int], list[int]]]) -> list[tuple[list[int], list[int]]]:
    place = {i: group[1][0] for group in groups if group[1] for i in group[0]}

    def key(group: tuple[list[int], list[int]]) -> tuple[int, int, int]:
        if group[1]:
            return group[1][0], 0, 0
        before = max((i for i in place if i < group[0][0]), default=None)
        return (place[before] if before is not None else -1), 1, group[0][0]

    return sorted(groups, key=key)


def _relation(olds: Sequence[Paragraph], news: Sequence[Paragraph], stayed: set[tuple[int, int]]) -> CorrespondenceKind:
    before, after = [p for p in olds if not p.deleted], [p for p in news if not p.deleted]
    if not after:
        # A number kept for a paragraph deleted before is the same empty place.
        return CorrespondenceKind.SAME if olds and news and not before else CorrespondenceKind.DELETED
    if not before:
        return CorrespondenceKind.NEW
    if len(olds) > 1 or len(news) > 1:
        return CorrespondenceKind.SPLIT if len(news) > len(olds) else CorrespondenceKind.MERGED
    if (before[0].text, before[0].kind) != (after[0].text, after[0].kind):
        return CorrespondenceKind.CHANGED
    return CorrespondenceKind.SAME if stayed else CorrespondenceKind.MOVED
