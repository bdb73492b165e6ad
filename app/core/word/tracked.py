"""Comparisons and compilations as paragraphs of a Word file: what changed, under the names of those who want it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.core.text.brackets import Attribution, Bracket, Compilation, CompiledParagraph, Note, Option, Run, Words
from app.core.text.compare import Row, RowKind
from app.core.text.diff import Change
from app.core.text.paragraphs import Kind, Paragraph, ParagraphId
from app.core.text.weaving import reading
from app.core.word.model import Author, WordComment, WordParagraph, WordRun

_CLOSING = frozenset(" ,.;:!?)]}»”’、。،؛؟")
_UNNUMBERED = frozenset({Kind.TITLE, Kind.HEADING, Kind.CHAPEAU, Kind.CONTINUATION, Kind.NOTE})
"""Their labels are for links and talk, and no part of the page."""
MOVED = "Moved: was {label}"
NOTES = "Note"


def from_text(paragraphs: Iterable[Paragraph], labels: Mapping[ParagraphId, str]) -> list[WordParagraph]:
    """A clean text."""
    return [
        WordParagraph(p.kind, p.level, _label(p, labels.get(p.id, "")), (WordRun(p.text),), id=p.id)
        for p in paragraphs
        if not p.deleted
    ]


def from_comparison(
    rows: Sequence[Row],
    labels: Mapping[ParagraphId, str],
    author: str,
    at: datetime | None,
    moved: str = MOVED,
) -> list[WordParagraph]:
    """From the old version to the new one, all under one name. `labels` go before those of the rows.

    A paragraph that moved stands where it is now, with a comment that says what it was (`moved`, translated).
    """
    return [_compared(row, labels, Author(author, at), moved) for row in rows]


def _compared(row: Row, labels: Mapping[ParagraphId, str], author: Author, moved: str) -> WordParagraph:
    paragraph = row.new or row.old
    assert paragraph is not None
    whole = row.kind in (RowKind.NEW, RowKind.DELETED)
    comments: tuple[WordComment, ...] = ()
    if row.kind in (RowKind.MOVED, RowKind.MOVED_CHANGED):
        comments = (WordComment(author.name, author.at, moved.format(label=row.old_label or "?")),)
    return WordParagraph(
        paragraph.kind,
        paragraph.level,
        _label(paragraph, labels.get(paragraph.id) or row.new_label or row.old_label or ""),
        [
            WordRun(op.text)
            if whole or op.kind is Change.EQUAL
            else _tracked(op.text, op.kind is Change.INSERT, author)
            for op in row.ops
        ],
        comments,
        added_by=author if row.kind is RowKind.NEW else None,
        removed_by=author if row.kind is RowKind.DELETED else None,
        id=paragraph.id,
    )


def from_compilation(
    compilation: Compilation, at: datetime | None = None, authors: Mapping[str, Author] | None = None
) -> list[WordParagraph]:
    """The base with every proposal tracked under its lead sponsor; all changes rejected, it is the base again.

    `authors` says who proposes, and when, by the proposal's id; without it, names come from the compilation and `at`
    from here. Words that two proposals want otherwise are deleted once, and each alternative is inserted behind with
    its names in brackets. Co-sponsors, and what others say of a proposal, are comments on the words.
    """
    return [_Compiled(compiled, at, authors or {}).paragraph() for compiled in compilation]


@dataclass
class _Compiled:
    compiled: CompiledParagraph
    at: datetime | None
    authors: Mapping[str, Author]
    runs: list[WordRun] = field(default_factory=list)
    comments: list[WordComment] = field(default_factory=list)

    def paragraph(self) -> WordParagraph:
        base = self.compiled.paragraph
        added, removed = self._whole()
        self._lay(self.compiled.runs)
        if not added and not self._reads_right():
            self._lay_whole()
        runs = tuple(run for run in self.runs if run.text)
        return WordParagraph(
            *(
                base.kind,
                base.level,
                _label(base, self.compiled.label),
                runs,
                tuple(self.comments),
                added,
                removed,
                base.id,
            )
        )

    def _whole(self) -> tuple[Author | None, Author | None]:
        """Who adds or removes the whole paragraph. What else is said of it is a comment."""
        added = removed = None
        for said in self.compiled.whole:
            lead = self._named(said.names)
            if self.compiled.added and added is None:
                added = self._author(self.compiled.proposals, said.names)
            elif not self.compiled.added and said.verb == "delete" and removed is None:
                removed = lead
            elif said.verb == "":
                continue
            if said.verb not in ("", "delete") or len(said.names) > 1 or (self.compiled.added and said.verb):
                self.comments.append(WordComment(lead.name, lead.at, _printed(said)))
        return added, removed

    def _reads_right(self) -> bool:
        """Rejected it must be the base; accepted, what is wanted, where all want the same."""
        runs = self.compiled.runs
        wanted = {reading(runs, proposal) for proposal, _option in _wanting(runs)}
        after = "".join(run.text for run in self.runs if run.change != "delete")
        return _before(self.runs) == reading(runs, None) and (len(wanted) != 1 or after in wanted)

    def _lay(self, runs: Sequence[Run]) -> None:
        for place, run in enumerate(runs):
            if isinstance(run, Words):
                self.runs.append(WordRun(run.text))
            elif isinstance(run, Note):
                self.comments.append(WordComment(NOTES, None, run.text))
            else:
                self._bracket(run, runs[place + 1] if place + 1 < len(runs) else None)

    def _bracket(self, bracket: Bracket, following: Run | None) -> None:
        base = next((option for option in bracket.options if option.base), None)
        others = [option for option in bracket.options if not option.base]
        if not others and not bracket.without:
            self._standing(bracket, base)
            return
        loses_words = base is None or not others
        space = self._space(following) if loses_words and not bracket.exact else ""
        if base is not None:
            deleter = self._deleter(bracket, base, others)
            words = _plain(base.runs) if others else space + _plain(base.runs)
            self._put(words, False, deleter, base)
            space = ""
        for number, option in enumerate(others):
            author = self._author(option.proposals, _sponsors(option))
            text = _plain(option.runs)
            if len(others) > 1:
                text = f"{text} ({', '.join(_sponsors(option)) or author.name})"
            self._put((space if not number else " ") + text, True, author, option)

    def _standing(self, bracket: Bracket, base: Option | None) -> None:
        """Nobody proposes other words: they stay, with what is said of them; without a base, as they are printed."""
        if base is None:
            self.runs.append(WordRun(_plain([bracket])))
            return
        self.runs.append(self._said(WordRun(_plain(base.runs)), base))

    def _space(self, following: Run | None) -> str:
        """The space before the bracket that goes with the words in it, taken from the words before."""
        last = self.runs[-1] if self.runs else None
        text = following.text if isinstance(following, Words) else ""
        if last and not last.change and last.text.endswith(" ") and (following is None or text[:1] in _CLOSING):
            self.runs[-1] = replace(last, text=last.text[:-1])
            return " "
        return ""

    def _put(self, text: str, insert: bool, author: Author, option: Option) -> None:
        self.runs.append(self._said(_tracked(text, insert, author), option))

    def _said(self, run: WordRun, option: Option) -> WordRun:
        """The run with comments for what is said of its words beyond the lead sponsor's own change."""
        names = []
        for said in option.attributions:
            if said.verb in ("", "delete") and len(said.names) == 1 and said.names[0] == run.author:
                continue
            identity = f"c{len(self.comments)}"
            lead = self._named(said.names)
            self.comments.append(WordComment(lead.name, lead.at, _printed(said), identity))
            names.append(identity)
        return replace(run, comments=tuple(names))

    def _deleter(self, bracket: Bracket, base: Option, others: Sequence[Option]) -> Author:
        wanting = next((said.names for said in base.attributions if said.verb == "delete"), ())
        if bracket.without or wanting or not others:
            return self._author(bracket.without, wanting)
        return self._author(others[0].proposals, _sponsors(others[0]))

    def _author(self, proposals: Iterable[str], names: Sequence[str]) -> Author:
        known = next((self.authors[name] for name in proposals if name in self.authors), None)
        return known or self._named(names)

    def _named(self, names: Sequence[str]) -> Author:
        return Author(names[0] if names else "", self.at)

    def _lay_whole(self) -> None:
        """Where brackets touch so that the base cannot be read out piece by piece: the paragraph once, then each."""
        runs = self.compiled.runs
        base = reading(runs, None)
        readings: dict[str, list[tuple[str, Option]]] = {}
        for proposal, option in _wanting(runs):
            text = reading(runs, proposal)
            if text != base:
                readings.setdefault(text, []).append((proposal, option))
        wanted = [(text, self._author([said[0][0]], _sponsors(said[0][1]))) for text, said in readings.items()]
        self.runs = [_tracked(base, False, wanted[0][1])] if wanted else [WordRun(base)]
        for number, (text, author) in enumerate(wanted):
            printed = f"{text} ({author.name})" if len(wanted) > 1 else text
            self.runs.append(_tracked((" " if number else "") + printed, True, author))
        self.comments = [replace(comment, id="") for comment in self.comments]


def _label(paragraph: Paragraph, label: str) -> str:
    return "" if paragraph.kind in _UNNUMBERED else label


def _tracked(text: str, insert: bool, author: Author) -> WordRun:
    return WordRun(text, "insert" if insert else "delete", author.name, author.at)


def _before(runs: Iterable[WordRun]) -> str:
    return "".join(run.text for run in runs if run.change != "insert")


def _sponsors(option: Option) -> tuple[str, ...]:
    return next((said.names for said in option.attributions if not said.verb), ())


def _wanting(runs: Sequence[Run]) -> Iterator[tuple[str, Option]]:
    """Each proposal once, with the first option that it wants; with an option that says nothing if it wants none."""
    seen = set()
    for run in runs:
        if isinstance(run, Bracket):
            wanting = [(p, option) for option in run.options if not option.base for p in option.proposals]
            deleting = next((s.names for o in run.options for s in o.attributions if s.verb == "delete"), ())
            wanting += [(p, Option((), (Attribution(deleting),))) for p in run.without]
            for proposal, option in wanting:
                if proposal not in seen:
                    seen.add(proposal)
                    yield proposal, option


def _printed(said: Attribution) -> str:
    names = ", ".join(said.names)
    return f"{names}: {said.verb}" if said.verb else names


def _plain(runs: Iterable[Run]) -> str:
    """Words inside an option; brackets inside those as they are written."""
    found = []
    for run in runs:
        if isinstance(run, Words):
            found.append(run.text)
        elif isinstance(run, Note):
            found.append(f"{{{run.text}}}")
        else:
            found.append("".join(f"[{_plain(option.runs)}]" for option in run.options))
    return "".join(found)
