"""Proposals carried over to a new base: word by word inside their paragraph, with a verdict, never by guessing."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

import regex

from app.core.text.applying import Layout
from app.core.text.diff import matches
from app.core.text.paragraphs import Kind, Paragraph, ParagraphId
from app.core.text.proposals import ADDING, WORDING, Proposal, ProposalKind
from app.core.text.wordmap import Hunk, Maps, WordMap
from app.core.text.words import is_word

_CUT = "\n"
"""Stands between the parts of a split while their words are merged: paragraphs hold one line."""


class Verdict(StrEnum):
    """How a proposal stands on the new base (law 6)."""

    CLEAN = "clean"
    """It asks the same of the new words."""
    ADJACENT = "adjacent"
    """Carried over, but an edit of the new base stands right beside it: somebody should look."""
    CONFLICTING = "conflicting"
    """Both changed the same words. The proposal is as it was, for a person to decide."""
    OVERTAKEN = "overtaken"
    """What it asked for is there, or what it was about is gone. The proposal is as it was."""


class Detail(StrEnum):
    """Why, in words for a person; each is a fixed sentence, so that it can be translated."""

    UNTOUCHED = "The new text did not touch what it is about."
    APART = "The new text changed other words of the paragraph."
    BESIDE = "The new text changed words right beside it."
    SAME_PLACE = "Both add words at the same place; those of the new text stand first."
    WITHIN_WORD = "Both changed the same word at different ends."
    SAME_WORDS = "The new text changed the same words differently."
    PARTLY_THERE = "Part of what it asked for is there already; the rest is carried over."
    THERE = "What it asked for is there already."
    GONE = "Its paragraph is gone."
    NOT_IN_BASE = "Its paragraph is not in the text on which it was made."
    CHANGED = "The paragraph has changed since."
    NEIGHBOUR_GONE = "The paragraph beside which it was to stand is gone."
    NEIGHBOUR_BELOW = "The paragraph behind which it was to go stands below it now."
    NEIGHBOUR_CHANGED = "The paragraph beside which it is to stand has changed."
    PLACE_TAKEN = "The new text has another new paragraph at the same place."
    PRECEDENT = "The paragraph has changed since; the agreed language would undo that."
    MOVED = "The paragraph has moved elsewhere since."
    OTHERS_GONE = "A paragraph that it would merge is gone."
    NOTHING_LEFT = "With the words of the new text, one of its parts would be empty."


@dataclass(frozen=True, slots=True)
class Rebased:
    """`proposal` is made for the new base if it is clean or adjacent, else exactly as it was given."""

    verdict: Verdict
    proposal: Proposal
    detail: str


def rebase(old_base: Sequence[Paragraph], new_base: Sequence[Paragraph], proposal: Proposal) -> Rebased:
    """Carry one proposal, made on `old_base`, over to `new_base`."""
    return _Rebase(Maps.between(old_base, new_base)).one(proposal)


def rebase_all(
    old_base: Sequence[Paragraph],
    new_base: Sequence[Paragraph],
    proposals: Iterable[Proposal],
    maps: Maps | None = None,
) -> tuple[Rebased, ...]:
    """Carry all over, in the order given. What changed in a paragraph is found once, however many speak of it.

    `maps` are those between the two bases, where the caller needs them for more than this.
    """
    task = _Rebase(maps or Maps.between(old_base, new_base))
    return tuple(task.one(proposal) for proposal in proposals)


class _Rebase:
    """One old and one new base."""

    def __init__(self, maps: Maps) -> None:
        self._maps = maps
        self._old, self._new = maps.old, maps.new

    def one(self, proposal: Proposal) -> Rebased:
        kind, about = proposal.kind, proposal.paragraph
        if about is None:
            # Only what adds a paragraph may be about none: it comes first.
            return self._adding(proposal) if kind in ADDING else _kept(proposal, Detail.NOT_IN_BASE)
        if about not in self._old:
            return _kept(proposal, Detail.NOT_IN_BASE)
        if kind in ADDING:
            return self._adding(proposal)
        if kind is ProposalKind.RETAIN:
            return self._retain(proposal, about)
        if kind is ProposalKind.MERGE:
            return self._merge(proposal, about)
        if about not in self._new:
            return Rebased(Verdict.OVERTAKEN, proposal, Detail.THERE if kind is ProposalKind.SUPPRESS else Detail.GONE)
        if kind is ProposalKind.SUPPRESS:
            return self._suppress(proposal, about)
        if kind is ProposalKind.MOVE:
            return self._move(proposal, about)
        if kind is ProposalKind.SPLIT:
            return self._split(proposal, about)
        assert kind in WORDING
        return self._wording(proposal, about)

    def _wording(self, proposal: Proposal, about: ParagraphId) -> Rebased:
        if self._unchanged(about):
            return _on(Verdict.CLEAN, proposal, Detail.UNTOUCHED)
        if proposal.text == self._new[about].text:
            return Rebased(Verdict.OVERTAKEN, proposal, Detail.THERE)
        merged = _three_way(self._maps.asked(about, proposal.text), self._maps.of(about))
        if proposal.kind is ProposalKind.REVERT and merged.undone:
            return _kept(proposal, Detail.PRECEDENT)
        return _with_text(proposal, merged)

    def _suppress(self, proposal: Proposal, about: ParagraphId) -> Rebased:
        if self._unchanged(about):
            return _on(Verdict.CLEAN, proposal, Detail.UNTOUCHED)
        return _on(Verdict.ADJACENT, proposal, Detail.CHANGED)

    def _retain(self, proposal: Proposal, about: ParagraphId) -> Rebased:
        """It asked that nothing change: whatever changed is against it, and the room should know."""
        if about not in self._new:
            return _kept(proposal, Detail.GONE)
        if self._unchanged(about):
            return _on(Verdict.CLEAN, proposal, Detail.UNTOUCHED)
        return _kept(proposal, Detail.CHANGED)

    def _move(self, proposal: Proposal, about: ParagraphId) -> Rebased:
        if proposal.after is not None and proposal.after not in self._new:
            return _kept(proposal, Detail.NEIGHBOUR_GONE)
        if self._new_order.before(about) == proposal.after:
            if self._old_order.before(about) == proposal.after:
                return _on(Verdict.CLEAN, proposal, Detail.UNTOUCHED)
            return Rebased(Verdict.OVERTAKEN, proposal, Detail.THERE)
        if proposal.after in self._new_order.below(about):
            return _kept(proposal, Detail.NEIGHBOUR_BELOW)
        if about not in self._stayed:
            return _kept(proposal, Detail.MOVED)
        return _on(Verdict.CLEAN, proposal, Detail.UNTOUCHED if self._unchanged(about) else Detail.APART)

    def _merge(self, proposal: Proposal, about: ParagraphId) -> Rebased:
        parts = [part for part in self._old if part == about or part in proposal.others]
        if len(parts) != len({about, *proposal.others}):
            return _kept(proposal, Detail.NOT_IN_BASE)
        left = [part for part in parts if part in self._new]
        if about in left and len(left) == 1 and self._new[about].text == proposal.text:
            return Rebased(Verdict.OVERTAKEN, proposal, Detail.THERE)
        if not left:
            return Rebased(Verdict.OVERTAKEN, proposal, Detail.GONE)
        if len(left) < len(parts):
            return _kept(proposal, Detail.OTHERS_GONE)
        if all(self._unchanged(part) for part in parts):
            return _on(Verdict.CLEAN, proposal, Detail.UNTOUCHED)
        old, new = (" ".join(base[part].text for part in parts) for base in (self._old, self._new))
        mine, theirs = self._maps.between_texts(old, proposal.text), self._maps.between_texts(old, new)
        return _with_text(proposal, _three_way(mine, theirs))

    def _split(self, proposal: Proposal, about: ParagraphId) -> Rebased:
        if self._unchanged(about):
            return _on(Verdict.CLEAN, proposal, Detail.UNTOUCHED)
        if proposal.parts and self._new[about].text == proposal.parts[0] and self._are_there(proposal.parts[1:]):
            return Rebased(Verdict.OVERTAKEN, proposal, Detail.THERE)
        theirs = self._maps.of(about)
        merged = _three_way(self._maps.asked(about, _CUT.join(proposal.parts)), theirs)
        parts = tuple(part.strip() for part in merged.text.split(_CUT))
        if merged.verdict in (Verdict.CLEAN, Verdict.ADJACENT):
            if len(parts) != len(proposal.parts):
                return _kept(proposal, Detail.SAME_WORDS)
            if any(not part for part in parts):
                return _kept(proposal, Detail.NOTHING_LEFT)
            text = proposal.text and " ".join(parts)
            return _on(merged.verdict, replace(proposal, parts=parts, text=text), merged.detail)
        return Rebased(merged.verdict, proposal, merged.detail)

    def _adding(self, proposal: Proposal) -> Rebased:
        """A new paragraph follows its neighbour wherever that went."""
        beside = proposal.paragraph
        if proposal.text and self._are_there([proposal.text]):
            return Rebased(Verdict.OVERTAKEN, proposal, Detail.THERE)
        if proposal.kind is ProposalKind.ALTERNATIVE and beside in self._new:
            if self._new[beside].text == proposal.text != self._old[beside].text:
                return Rebased(Verdict.OVERTAKEN, proposal, Detail.THERE)
            if not self._unchanged(beside):
                return _on(Verdict.ADJACENT, proposal, Detail.NEIGHBOUR_CHANGED)
            return _on(Verdict.CLEAN, proposal, Detail.UNTOUCHED)
        if beside is not None and beside not in self._new:
            return _kept(proposal, Detail.NEIGHBOUR_GONE)
        after = self._new_order.after(beside)
        if after is None or after in self._old:
            return _on(Verdict.CLEAN, proposal, Detail.UNTOUCHED)
        if proposal.kind is ProposalKind.PLACEHOLDER and self._new[after].kind is Kind.PLACEHOLDER:
            return Rebased(Verdict.OVERTAKEN, proposal, Detail.THERE)
        return _on(Verdict.ADJACENT, proposal, Detail.PLACE_TAKEN)

    def _unchanged(self, about: ParagraphId) -> bool:
        return about in self._new and self._old[about].text == self._new[about].text

    def _are_there(self, texts: Sequence[str]) -> bool:
        """Do paragraphs that are new in the new base read so?"""
        return all(_plain(text) in self._fresh for text in texts)

    @cached_property
    def _fresh(self) -> frozenset[str]:
        return frozenset(_plain(p.text) for id_, p in self._new.items() if id_ not in self._old)

    @cached_property
    def _old_order(self) -> _Order:
        return _Order(list(self._old.values()))

    @cached_property
    def _new_order(self) -> _Order:
        return _Order(list(self._new.values()))

    @cached_property
    def _stayed(self) -> frozenset[ParagraphId]:
        """Paragraphs of both bases that kept their order among each other."""
        old, new = list(self._old), list(self._new)
        return frozenset(old[i] for i, _j in matches(old, new))


class _Order:
    def __init__(self, paragraphs: list[Paragraph]) -> None:
        self._layout = Layout(paragraphs)
        self._order, self._place = [paragraph.id for paragraph in paragraphs], self._layout.index

    def before(self, paragraph: ParagraphId) -> ParagraphId | None:
        place = self._place[paragraph]
        return self._order[place - 1] if place else None

    def after(self, paragraph: ParagraphId | None) -> ParagraphId | None:
        """The one that follows; behind None comes the first."""
        place = -1 if paragraph is None else self._place[paragraph]
        return self._order[place + 1] if place + 1 < len(self._order) else None

    def below(self, paragraph: ParagraphId) -> list[ParagraphId]:
        """The paragraph and what goes where it goes."""
        place = self._place[paragraph]
        return self._order[place : self._layout.block_end(place)]


def _on(verdict: Verdict, proposal: Proposal, detail: str) -> Rebased:
    return Rebased(verdict, proposal, detail)


def _kept(proposal: Proposal, detail: Detail) -> Rebased:
    return Rebased(Verdict.CONFLICTING, proposal, detail)


def _with_text(proposal: Proposal, merged: _Merged) -> Rebased:
    if merged.verdict in (Verdict.CLEAN, Verdict.ADJACENT):
        proposal = replace(proposal, text=merged.text)
    return Rebased(merged.verdict, proposal, merged.detail)


def _plain(text: str) -> str:
    return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class _Merged:
    verdict: Verdict
    text: str
    detail: Detail
    undone: bool
    """Did the new text change words that the proposal leaves as they were?"""


def _three_way(mine: WordMap, theirs: WordMap) -> _Merged:
    """Merge what a proposal changed into what the new base changed, both from the same old words."""
    merged = _merge(mine, theirs)
    if merged.verdict is not Verdict.CONFLICTING:
        return merged
    # Changes that a person reads as one may be several, of which some are asked by both.
    finer = _merge(mine.finest, theirs.finest)
    if finer.verdict is Verdict.CONFLICTING:
        return merged
    return replace(finer, verdict=Verdict.ADJACENT) if finer.verdict is Verdict.CLEAN else finer


def _merge(mine: WordMap, theirs: WordMap) -> _Merged:
    old, asked, done = mine.old, mine.hunks, _Hunks(theirs.hunks, mine.old)
    left = [hunk for hunk in asked if not any(_is_met(hunk, other, old) for other in done.meeting(hunk))]
    wanted = {_edit(hunk) for hunk in asked}
    undone = any(_edit(hunk) not in wanted for hunk in done.all)
    if not left:
        return _Merged(Verdict.OVERTAKEN, theirs.new_text, Detail.THERE, undone)
    met = len(left) < len(asked)
    edits: list[tuple[Hunk, int]] = [(hunk, 0) for hunk in done.all]
    notes: set[Detail] = set()
    for hunk in left:
        near = done.near(hunk)
        for other in near:
            note = _clash(hunk, other, old)
            if note is Detail.SAME_WORDS or (note is Detail.WITHIN_WORD and len(near) > 1):
                return _Merged(Verdict.CONFLICTING, "", Detail.SAME_WORDS, undone)
            if note is Detail.WITHIN_WORD:
                edits.remove((other, 0))
                hunk = replace(hunk, put=(_one_word(old, hunk, other),))
            notes.add(note)
        edits.append((hunk, 1))
    text = _apply(old, edits)
    if notes:
        return _Merged(Verdict.ADJACENT, text, max(notes, key=_GRAVEST.index), undone)
    return _Merged(Verdict.CLEAN, text, Detail.PARTLY_THERE if met else Detail.APART, undone)


_GRAVEST = (Detail.BESIDE, Detail.SAME_PLACE, Detail.WITHIN_WORD)


class _Hunks:
    """What the new base changed, found by its place: in a long paragraph each side may have thousands of edits."""

    def __init__(self, hunks: Sequence[Hunk], old: Sequence[str]) -> None:
        self.all = hunks
        self._old = old
        self._begins, self._ends = [hunk.begin for hunk in hunks], [hunk.end for hunk in hunks]

    def meeting(self, hunk: Hunk) -> Sequence[Hunk]:
        """Those that overlap another edit, or end or begin where it does."""
        return self.all[slice(*self._span(hunk))]

    def near(self, hunk: Hunk) -> Sequence[Hunk]:
        """Those that touch another edit."""
        first, last = self._span(hunk)
        while first and _touches(hunk, self.all[first - 1], self._old):
            first -= 1
        while last < len(self.all) and _touches(hunk, self.all[last], self._old):
            last += 1
        return self.all[first:last]

    def _span(self, hunk: Hunk) -> tuple[int, int]:
        return bisect_left(self._ends, hunk.begin), bisect_right(self._begins, hunk.end)


def _edit(hunk: Hunk) -> tuple[int, int, tuple[str, ...]]:
    """What an edit does, wherever its words stand in the text that has it."""
    return hunk.begin, hunk.end, hunk.put


def _is_met(asked: Hunk, done: Hunk, old: Sequence[str]) -> bool:
    """Did the new base do what is asked here: the very same, or did words go with more around them?"""
    if _edit(asked) == _edit(done):
        return True
    covers = done.begin <= asked.begin and asked.end <= done.end
    if not covers or any(token.strip() for token in asked.put):
        return False
    words = {token for token in old[asked.begin : asked.end] if not token.isspace()}
    return bool(words) and words.isdisjoint(done.put)


def _touches(a: Hunk, b: Hunk, old: Sequence[str]) -> bool:
    """Do they overlap, or does no whole word stand between them?"""
    first, second = sorted((a, b), key=lambda hunk: (hunk.begin, hunk.end))
    return not any(is_word(old[place]) for place in range(first.end, second.begin))


def _clash(mine: Hunk, theirs: Hunk, old: Sequence[str]) -> Detail:
    """What two edits that touch are to each other."""
    if mine.begin == mine.end == theirs.begin == theirs.end:
        shared = {t.casefold() for t in mine.put if is_word(t)} & {t.casefold() for t in theirs.put if is_word(t)}
        return Detail.SAME_WORDS if shared else Detail.SAME_PLACE
    if mine.end <= theirs.begin or theirs.end <= mine.begin:
        return Detail.BESIDE
    return Detail.WITHIN_WORD if _one_word(old, mine, theirs) else Detail.SAME_WORDS


def _one_word(old: Sequence[str], mine: Hunk, theirs: Hunk) -> str:
    """Both edits of one word, if they lie at its two ends and leave half of it (*State*: *state*, *States*); or ""."""
    if not (mine.begin == theirs.begin == mine.end - 1 == theirs.end - 1 and len(mine.put) == len(theirs.put) == 1):
        return ""
    word = regex.findall(r"\X", old[mine.begin])
    edits = sorted(_word_edit(word, regex.findall(r"\X", hunk.put[0])) for hunk in (mine, theirs))
    (begin, left, head), (right, end, tail) = edits
    if begin > 0 or end < len(word) or right - left < max(1, len(word) / 2):
        return ""
    return "".join([*head, *word[left:right], *tail])


def _word_edit(old: list[str], new: list[str]) -> tuple[int, int, list[str]]:
    begin, end, cut = 0, len(old), len(new)
    while begin < min(end, cut) and old[begin] == new[begin]:
        begin += 1
    while end > begin and cut > begin and old[end - 1] == new[cut - 1]:
        end, cut = end - 1, cut - 1
    return begin, end, new[begin:cut]


def _apply(old: Sequence[str], edits: list[tuple[Hunk, int]]) -> str:
    """The old words with all edits in; of two additions at one place, the new base's first."""
    made: list[str] = []
    at = 0
    for hunk, _side in sorted(edits, key=lambda edit: (edit[0].begin, edit[0].end, edit[1])):
        made += old[at : hunk.begin]
        made += hunk.put
        at = hunk.end
    return "".join([*made, *old[at:]])
