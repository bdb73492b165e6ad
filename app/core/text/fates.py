"""What became of a proposal in the next version, suggested from the words themselves; a person confirms it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.core.text.diff import matches
from app.core.text.paragraphs import Kind, Paragraph, ParagraphId
from app.core.text.proposals import ADDING, Proposal, ProposalKind
from app.core.text.wordmap import Hunk, Maps, WordMap
from app.core.text.words import is_word, tokens

REFLECTED = 0.9
"""Share of what was asked from which it counts as done: an article or a preposition may differ."""
PARTLY = 0.15
PARAGRAPH = 0.5
"""Share of a proposed paragraph's words from which a new one is likened to it: norms resemble each other."""
NEAR = 6
"""Old tokens (words and spaces) beside an edit within which another edit is at the same place."""
SHORT = 3
"""Letters up to which a word that stands alone says nothing: *and*, *the*, *of*."""


class Fate(StrEnum):
    REFLECTED = "reflected"
    PARTLY_REFLECTED = "partly_reflected"
    NOT_REFLECTED = "not_reflected"
    OVERTAKEN = "overtaken"
    """What it was about is no longer there."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`share` of what was asked that is done, 0 to 1; `words` of the proposal that now stand in the text."""

    fate: Fate
    share: float
    words: tuple[str, ...] = ()


def suggest_fate(old_base: Sequence[Paragraph], new_base: Sequence[Paragraph], proposal: Proposal) -> Suggestion:
    """What the version after the one that a proposal was made on did with it."""
    return _fate(Maps.between(old_base, new_base), proposal)


def suggest_fates(
    old_base: Sequence[Paragraph],
    new_base: Sequence[Paragraph],
    proposals: Iterable[Proposal],
    maps: Maps | None = None,
) -> tuple[Suggestion, ...]:
    """One for each proposal, in the order given; what changed in a paragraph is found once.

    `maps` are those between the two bases, where the caller needs them for more than this.
    """
    maps = maps or Maps.between(old_base, new_base)
    return tuple(_fate(maps, proposal) for proposal in proposals)


def _fate(maps: Maps, proposal: Proposal) -> Suggestion:
    kind, about = proposal.kind, proposal.paragraph
    if kind in ADDING:
        return _of_adding(maps, proposal)
    if about is None or about not in maps.old:
        return _nothing()
    if kind is ProposalKind.SUPPRESS:
        return _of_suppress(maps, about)
    if kind is ProposalKind.RETAIN:
        return _of_retain(maps, about)
    if kind is ProposalKind.MERGE:
        return _of_merge(maps, proposal, about)
    if about not in maps.new:
        return Suggestion(Fate.OVERTAKEN, 0.0)
    if kind is ProposalKind.MOVE:
        return _of_move(maps, proposal, about)
    if kind is ProposalKind.SPLIT:
        return _of_split(maps, proposal)
    return _of_wording(maps, proposal, about)


def _nothing() -> Suggestion:
    return Suggestion(Fate.NOT_REFLECTED, 0.0)


def _by_share(share: float, words: Iterable[str] = (), partly: float = PARTLY) -> Suggestion:
    fate = Fate.NOT_REFLECTED
    if share >= partly:
        fate = Fate.REFLECTED if share >= REFLECTED else Fate.PARTLY_REFLECTED
    return Suggestion(fate, share, tuple(words))


def _of_wording(maps: Maps, proposal: Proposal, about: ParagraphId) -> Suggestion:
    if proposal.text == maps.new[about].text:
        return _by_share(1.0, _inserted(maps.asked(about, proposal.text)))
    done = maps.of(about)
    asked = maps.asked(about, proposal.text)
    total = met = 0
    found: list[str] = []
    gone = True
    for hunk in asked.hunks:
        words = [token for token in hunk.put if is_word(token)]
        deleted = [i for i in range(hunk.begin, hunk.end) if is_word(done.old[i])]
        here = _standing(words, _put_near(done, hunk))
        lost = [i for i in deleted if i not in done.to_new]
        gone = gone and bool(deleted) and len(lost) == len(deleted)
        total += len(words) + len(deleted)
        # Words replaced by others than those proposed are no part of the proposal come true.
        met += len(here) + (len(lost) if here or not words else 0)
        found += here
    if not total:
        return _by_marks(asked, done)
    suggestion = _by_share(met / total, found)
    if gone and suggestion.fate is Fate.NOT_REFLECTED:
        return Suggestion(Fate.OVERTAKEN, suggestion.share)
    return suggestion


def _by_marks(asked: WordMap, done: WordMap) -> Suggestion:
    """A comma for a semicolon is there or not."""
    edits = {(hunk.begin, hunk.end, hunk.put) for hunk in done.hunks}
    there = sum((hunk.begin, hunk.end, hunk.put) in edits for hunk in asked.hunks)
    return _by_share(there / max(1, len(asked.hunks)))


def _inserted(words: WordMap) -> list[str]:
    return [token for hunk in words.hunks for token in hunk.put if is_word(token)]


def _put_near(done: WordMap, asked: Hunk) -> list[str]:
    """Words that the new version put in at the place of a proposed edit."""
    return [
        token
        for hunk in done.hunks
        if hunk.begin <= asked.end + NEAR and asked.begin - NEAR <= hunk.end
        for token in hunk.put
        if is_word(token)
    ]


def _standing(words: list[str], there: list[str]) -> list[str]:
    """Those of `words` that are there in their order; a short one only beside another one, or if it is all."""
    low = [word.casefold() for word in words]
    places = {i for i, _j in matches(low, [word.casefold() for word in there])}
    if len(places) < len(words):
        places = {i for i in places if len(words[i]) > SHORT or i - 1 in places or i + 1 in places}
    return [words[i] for i in sorted(places)]


def _of_adding(maps: Maps, proposal: Proposal) -> Suggestion:
    if proposal.kind is ProposalKind.PLACEHOLDER:
        return _of_placeholder(maps, proposal)
    best = _best(proposal.text, _fresh(maps))
    about = proposal.paragraph
    if proposal.kind is ProposalKind.ALTERNATIVE and about in maps.old and about in maps.new:
        wording = _of_wording(maps, proposal, about)
        best = max(best, wording, key=lambda suggestion: suggestion.share)
    if best.fate is Fate.NOT_REFLECTED and about is not None and about not in maps.new:
        return Suggestion(Fate.OVERTAKEN, best.share, best.words)
    return best


def _of_placeholder(maps: Maps, proposal: Proposal) -> Suggestion:
    about = proposal.paragraph
    if about is not None and about not in maps.new:
        return Suggestion(Fate.OVERTAKEN, 0.0)
    follows = _follower(maps, about)
    held = follows is not None and follows.id not in maps.old
    if held and follows is not None and follows.kind is not Kind.PLACEHOLDER and proposal.text:
        return max(_best(proposal.text, [follows.text]), Suggestion(Fate.REFLECTED, 1.0), key=lambda s: s.share)
    return _by_share(float(held))


def _follower(maps: Maps, about: ParagraphId | None) -> Paragraph | None:
    order = list(maps.new.values())
    place = 0 if about is None else next(i for i, paragraph in enumerate(order) if paragraph.id == about) + 1
    return order[place] if place < len(order) else None


def _fresh(maps: Maps) -> list[str]:
    return [paragraph.text for id_, paragraph in maps.new.items() if id_ not in maps.old]


def _best(text: str, candidates: Iterable[str]) -> Suggestion:
    """By the paragraph that holds most of the words of `text`, in their order."""
    words = [token for token in tokens(text) if is_word(token)]
    best: list[str] = []
    for candidate in candidates:
        there = _standing(words, [token for token in tokens(candidate) if is_word(token)])
        best = max(best, there, key=len)
    return _by_share(len(best) / len(words) if words else 0.0, best, PARAGRAPH)


def _of_suppress(maps: Maps, about: ParagraphId) -> Suggestion:
    if about not in maps.new:
        return _by_share(1.0)
    return _by_share(1 - _left(maps.of(about)), partly=PARAGRAPH)


def _of_retain(maps: Maps, about: ParagraphId) -> Suggestion:
    if about not in maps.new:
        return _nothing()
    if maps.old[about].text == maps.new[about].text:
        return _by_share(1.0)
    return Suggestion(Fate.NOT_REFLECTED, _left(maps.of(about)))


def _left(words: WordMap) -> float:
    counted = [i for i, token in enumerate(words.old) if is_word(token)]
    return sum(i in words.to_new for i in counted) / max(1, len(counted))


def _of_merge(maps: Maps, proposal: Proposal, about: ParagraphId) -> Suggestion:
    """Of the paragraph that is left of all, the words; nothing while all of them stand."""
    parts = [about, *proposal.others]
    left = [part for part in parts if part in maps.new]
    fresh = _fresh(maps)
    if len(left) == len(parts):
        return _nothing()
    best = _best(proposal.text, [*(maps.new[part].text for part in left), *fresh])
    return Suggestion(Fate.OVERTAKEN, 0.0) if not left and best.fate is Fate.NOT_REFLECTED else best


def _of_split(maps: Maps, proposal: Proposal) -> Suggestion:
    fresh = _fresh(maps)
    parts = [_best(part, fresh) for part in proposal.parts[1:]]
    if not parts:
        return _nothing()
    share = sum(part.share for part in parts) / len(parts)
    return _by_share(share, [word for part in parts for word in part.words], PARAGRAPH)


def _of_move(maps: Maps, proposal: Proposal, about: ParagraphId) -> Suggestion:
    if proposal.after is not None and proposal.after not in maps.new:
        return Suggestion(Fate.OVERTAKEN, 0.0)
    follows = _follower(maps, proposal.after)
    return _by_share(float(follows is not None and follows.id == about))
