"""Where the paragraphs of a Word file stand in a version: by identity, by their words in order, else by likeness."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher

from app.core.text import Kind, Paragraph, ParagraphId, RowKind, compare
from app.core.text.compare import match
from app.core.text.normalise import visible
from app.core.word import ReadParagraph
from app.drafts.models import VersionParagraph


def plain(text: str) -> str:
    """The words as they would be kept: Word's soft hyphens and marks of direction are no change of a text."""
    return unicodedata.normalize("NFC", " ".join(visible(text).split()))


def places_in(paragraphs: Sequence[ReadParagraph], rows: Sequence[VersionParagraph]) -> dict[int, int]:
    """Number of a paragraph of the file to that of the version's. No row takes two, no paragraph a doubtful place."""
    placed = _by_identity(paragraphs, rows)
    for step in (_in_order, _only_once, _alike):
        free = [n for n, one in enumerate(paragraphs) if n not in placed and one.in_before and plain(one.text_before)]
        taken = set(placed.values())
        waiting = [n for n in range(len(rows)) if n not in taken]
        pairs = step([plain(paragraphs[n].text_before) for n in free], [plain(rows[n].text) for n in waiting])
        placed |= {free[here]: waiting[there] for here, there in pairs}
    return placed


def moved(placed: Mapping[int, int]) -> set[int]:
    """The rows that stand elsewhere in the file: out of the longest part that keeps its order."""
    if not placed:
        return set()
    rows = [placed[number] for number in sorted(placed)]
    found = compare(_stubs(sorted(rows)), _stubs(rows), {}, {})
    return {int(row.new.id) for row in found.rows if row.new is not None and row.kind is RowKind.MOVED}


def _by_identity(paragraphs: Sequence[ReadParagraph], rows: Sequence[VersionParagraph]) -> dict[int, int]:
    """Who copies a paragraph in Word copies its identity: the first one keeps it."""
    waiting = {row.wid: number for number, row in enumerate(rows)}
    return {
        number: waiting.pop(paragraph.id)
        for number, paragraph in enumerate(paragraphs)
        if paragraph.in_before and paragraph.id in waiting
    }


def _in_order(here: Sequence[str], there: Sequence[str]) -> Iterable[tuple[int, int]]:
    """The same words in the same order. Of several paragraphs with the same words each finds its own, where all of
    them are in the file or a neighbour says which one it is.
    """
    ours, theirs = Counter(here), Counter(there)
    for block in SequenceMatcher(None, here, there, autojunk=False).get_matching_blocks():
        for step in range(block.size):
            words = here[block.a + step]
            if block.size > 1 or ours[words] == theirs[words]:
                yield block.a + step, block.b + step


def _only_once(here: Sequence[str], there: Sequence[str]) -> Iterable[tuple[int, int]]:
    """The same words elsewhere, where only one paragraph on each side has them."""
    ours, theirs = Counter(here), Counter(there)
    place = {words: n for n, words in enumerate(there)}
    return [(n, place[words]) for n, words in enumerate(here) if ours[words] == theirs[words] == 1]


def _alike(here: Sequence[str], there: Sequence[str]) -> Iterable[tuple[int, int]]:
    """What was changed without tracking: most of the words in common, as two versions are compared. Words that are
    the same and found no place until now could be of several paragraphs.
    """
    doubtful = set(here) & set(there)
    return [(new, old) for old, new in match(_texts(there, "old", doubtful), _texts(here, "new", doubtful))]


def _texts(texts: Sequence[str], side: str, doubtful: set[str]) -> list[Paragraph]:
    return [
        Paragraph(ParagraphId(f"{side}{n}"), Kind.OPERATIVE, 0, "" if text in doubtful else text)
        for n, text in enumerate(texts)
    ]


def _stubs(numbers: Sequence[int]) -> list[Paragraph]:
    return [Paragraph(ParagraphId(str(number)), Kind.OPERATIVE, 0, "") for number in numbers]
