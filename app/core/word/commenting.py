"""Comments on words of paragraphs that are tracked already: the runs are cut where the quoted words begin and end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.core.word.model import WordComment, WordParagraph, WordRun


@dataclass(frozen=True, slots=True)
class Spoken:
    """A comment on the characters `start` to `end` of a paragraph's words before all changes; on all without them."""

    comment: WordComment
    start: int = 0
    end: int = 0


def with_comments(paragraph: WordParagraph, spoken: Sequence[Spoken]) -> WordParagraph:
    """The paragraph with these comments after its own. Its words and changes stay as they are."""
    runs, comments = list(paragraph.runs), list(paragraph.comments)
    for number, said in enumerate(spoken):
        if said.start >= said.end:
            comments.append(replace(said.comment, id=""))
            continue
        identity = f"said{number}"
        comments.append(replace(said.comment, id=identity))
        runs = [piece for run, at in _placed(runs) for piece in _cut(run, at, said, identity)]
    return replace(paragraph, runs=tuple(runs), comments=tuple(comments))


def _placed(runs: Iterable[WordRun]) -> Iterable[tuple[WordRun, int]]:
    """Each run with the place where it begins in the words before all changes."""
    at = 0
    for run in runs:
        yield run, at
        if run.change != "insert":
            at += len(run.text)


def _cut(run: WordRun, at: int, said: Spoken, identity: str) -> Iterable[WordRun]:
    """The run in up to three pieces, of which the middle one carries the comment."""
    begin, end = max(0, said.start - at), min(len(run.text), said.end - at)
    if run.change == "insert" or begin >= end:
        yield run
        return
    middle = replace(run, text=run.text[begin:end], comments=(*run.comments, identity))
    for piece in (replace(run, text=run.text[:begin]), middle, replace(run, text=run.text[end:])):
        if piece.text:
            yield piece
