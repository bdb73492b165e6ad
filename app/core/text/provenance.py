"""Since which version each word stands in its paragraph, and through whose proposal it came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.core.text.compare import LIKE
from app.core.text.diff import matches
from app.core.text.paragraphs import Paragraph, ParagraphId
from app.core.text.proposals import ADDING, Proposal, ProposalKind
from app.core.text.wordmap import Hunk, Maps
from app.core.text.words import is_word


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words that came together. `by` are the sponsors of what brought them, empty for the pen-holder's own."""

    text: str
    since: str
    by: tuple[str, ...] = ()


Origin = tuple[str, tuple[str, ...]]
"""since, by"""


def provenance(
    versions: Sequence[tuple[str, Sequence[Paragraph]]], reflected: Mapping[str, Sequence[Proposal]]
) -> dict[ParagraphId, tuple[Stretch, ...]]:
    """Of the newest version, paragraph by paragraph; the stretches of one, joined, are its text.

    `versions` are (label, text), the oldest first. `reflected` names, for a version, the proposals on the version
    before it that it reflects in whole or in part. A paragraph that was gone for a while counts from its return;
    deleted ones are left out.
    """
    origins: dict[ParagraphId, list[Origin]] = {}
    before: Sequence[Paragraph] = ()
    for label, text in versions:
        maps = Maps.between(before, text)
        proposals = sorted(reflected.get(label, ()), key=lambda proposal: proposal.order)
        origins = {id_: _origins(maps, id_, label, origins, proposals) for id_ in maps.new}
        before = text
    return {
        paragraph.id: tuple(_stretches(maps.tokens(paragraph.text), origins[paragraph.id]))
        for paragraph in before
        if not paragraph.deleted
    }


def _origins(
    maps: Maps, about: ParagraphId, label: str, before: Mapping[ParagraphId, list[Origin]], proposals: list[Proposal]
) -> list[Origin]:
    """Of each token of one paragraph in the version called `label`."""
    words = maps.tokens(maps.new[about].text)
    if about not in maps.old:
        return [(label, names) for names in _credits_of_new(maps, words, proposals)]
    if maps.old[about].text == maps.new[about].text:
        return before[about]
    changed = maps.of(about)
    names = _credits(maps, about, [p for p in proposals if p.paragraph == about and p.kind not in ADDING])
    found: list[Origin] = [(label, by) for by in names]
    for i, j in changed.pairs:
        found[j] = before[about][i]
    return found


def _credits(maps: Maps, about: ParagraphId, proposals: list[Proposal]) -> list[tuple[str, ...]]:
    """Of each new token, the names on the proposals that put it in at this place."""
    done = maps.of(about)
    names: list[tuple[str, ...]] = [()] * len(done.new)
    for proposal in proposals:
        text = proposal.parts[0] if proposal.kind is ProposalKind.SPLIT and proposal.parts else proposal.text
        if not text:
            continue
        asked = maps.asked(about, text)
        for hunk in done.hunks:
            for wanted in asked.hunks:
                if _meet(hunk, wanted):
                    for place in _shared(hunk.put, wanted.put):
                        names[hunk.at + place] = _and(names[hunk.at + place], proposal.names)
    return names


def _credits_of_new(maps: Maps, words: Sequence[str], proposals: list[Proposal]) -> list[tuple[str, ...]]:
    """Of a paragraph that is new: by the proposals of a paragraph like it."""
    names: list[tuple[str, ...]] = [()] * len(words)
    for proposal in proposals:
        texts = proposal.parts[1:] if proposal.kind is ProposalKind.SPLIT else (proposal.text,)
        if proposal.kind not in ADDING and proposal.kind is not ProposalKind.SPLIT:
            continue
        for text in texts:
            asked = maps.tokens(text)
            places = _shared(words, asked)
            size = sum(map(is_word, words)) + sum(map(is_word, asked))
            if 2 * sum(is_word(words[place]) for place in places) >= LIKE * max(1, size):
                for place in places:
                    names[place] = _and(names[place], proposal.names)
    return names


def _meet(a: Hunk, b: Hunk) -> bool:
    """Are they edits at one place? They overlap, or a space at most stands between them."""
    return a.begin <= b.end + 1 and b.begin <= a.end + 1


def _shared(there: Sequence[str], asked: Sequence[str]) -> list[int]:
    """The places in `there` of what stands in both, if a word does; spaces only between words that do."""
    places = sorted(i for i, _j in matches(there, asked))
    return places if any(is_word(there[place]) or not there[place].isspace() for place in places) else []


def _and(names: tuple[str, ...], more: Iterable[str]) -> tuple[str, ...]:
    return names + tuple(name for name in more if name not in names)


def _stretches(words: Sequence[str], origins: Sequence[Origin]) -> list[Stretch]:
    """Neighbours of one origin, joined; a space between two words of one origin goes with them."""
    found: list[Stretch] = []
    for place, (word, origin) in enumerate(zip(words, origins, strict=True)):
        if word.isspace() and 0 < place < len(words) - 1 and origins[place - 1] == origins[place + 1]:
            origin = origins[place - 1]
        if found and (found[-1].since, found[-1].by) == origin:
            found[-1] = Stretch(found[-1].text + word, *origin)
        else:
            found.append(Stretch(word, *origin))
    return found
