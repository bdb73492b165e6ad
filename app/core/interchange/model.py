"""What an export holds: the text, what is proposed on it and by whom, and what was said of its words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.core.text.applying import Layout
from app.core.text.brackets import Compilation
from app.core.text.compiling import compile_text
from app.core.text.paragraphs import Kind, Paragraph, ParagraphId, Style
from app.core.text.printing import printed
from app.core.text.proposals import Proposal, ProposalKind, Stance
from app.core.text.quotes import Quote

SCHEMA = "chapeau.text/1"
"""The form's name and its version. A reader refuses a version that it does not know."""


class InterchangeRefused(ValueError):
    """A file that is not read. `code` is for programs; the message tells a person what is wrong, and where.

    `said` is what the message is made of, for who says it in another language.
    """

    def __init__(self, code: str, message: str, **said: str | int) -> None:
        super().__init__(message)
        self.code = code
        self.said = said


@dataclass(frozen=True, slots=True)
class Entry:
    """A paragraph as it stands in the text: with its label, and what it is about."""

    paragraph: Paragraph
    label: str = ""
    pillars: tuple[str, ...] = ()
    norm: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a proposal asks for; the fields are those of `Proposal`."""

    kind: ProposalKind
    paragraph: ParagraphId | None
    text: str = ""
    after: ParagraphId | None = None
    others: tuple[ParagraphId, ...] = ()
    parts: tuple[str, ...] = ()
    new_kind: Kind | None = None
    new_level: int = 0


@dataclass(frozen=True, slots=True)
class Sponsor:
    """Who stands behind a proposal: a delegation, or an office with no `party`."""

    name: str
    party: str | None = None
    on_behalf_of: str | None = None
    since: str | None = None

    @property
    def printed(self) -> str:
        """In whose name: the group of States where one is spoken for."""
        return self.on_behalf_of or self.name


@dataclass(frozen=True, slots=True)
class Position:
    """What a delegation says of a proposal. `verb` is how a bracketed text prints it; empty where it does not."""

    name: str
    stance: str
    party: str | None = None
    on_behalf_of: str | None = None
    note: str = ""
    stale: bool = False
    verb: str = ""


@dataclass(frozen=True, slots=True)
class PastWording:
    """What a proposal asked for after one of its revisions, on the version with this label."""

    revision: int
    version: str
    cause: str
    asked: Asked
    verdict: str | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class ProposalRecord:
    """An open proposal. `sponsors` in their order, the lead first; moments are RFC 3339.

    `recorded` says that it came in with a file: then the names are what the file says, and no delegation's own act.
    `clashes` says that its words wait for a person: they stand in no bracket.
    """

    id: str
    number: str
    asked: Asked
    made_on: str = ""
    released_at: str | None = None
    revision: int = 1
    rationale: str = ""
    conditions: str = ""
    office: str | None = None
    recorded: bool = False
    clashes: bool = False
    sponsors: tuple[Sponsor, ...] = ()
    positions: tuple[Position, ...] = ()
    wordings: tuple[PastWording, ...] = ()


@dataclass(frozen=True, slots=True)
class CommentRecord:
    """What was said of a paragraph, of words in it where there is a `quote`, or of the whole text. `body`: Markdown.

    An empty `name`: it was said where nothing is attributed."""

    id: str
    body: str
    name: str
    paragraph: ParagraphId | None = None
    quote: Quote | None = None
    party: str | None = None
    on_behalf_of: str | None = None
    role: str = ""
    at: str | None = None
    recorded: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A version of a text with what its reader may see of it."""

    title: str
    style: Style
    platform_id: str
    label: str
    notice: str
    entries: tuple[Entry, ...]
    state: str = "issued"
    issued_at: str | None = None
    sha256: str | None = None
    proposals: tuple[ProposalRecord, ...] = ()
    comments: tuple[CommentRecord, ...] = ()

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        return tuple(entry.paragraph for entry in self.entries)

    @property
    def labels(self) -> Mapping[ParagraphId, str]:
        return {entry.paragraph.id: entry.label for entry in self.entries}


def arranged(document: Document) -> Document:
    """The document with its proposals and comments in the order of the text: first those on none of its paragraphs."""
    place = {entry.paragraph.id: number for number, entry in enumerate(document.entries, 1)}
    return replace(
        document,
        proposals=tuple(sorted(document.proposals, key=lambda p: place.get(p.asked.paragraph, 0))),  # type: ignore[arg-type]
        comments=tuple(sorted(document.comments, key=lambda c: place.get(c.paragraph, 0))),  # type: ignore[arg-type]
    )


def bracketed(document: Document) -> Compilation:
    """The text with its open proposals as brackets with names. What clashes, or fits no paragraph, stands in none."""
    layout = Layout([paragraph for paragraph in document.paragraphs if not paragraph.deleted])
    coming = sorted(document.proposals, key=lambda record: record.released_at or "")
    proposals = [as_proposal(record, order) for order, record in enumerate(coming) if not record.clashes]
    return compile_text(layout.base, document.labels, [one for one in proposals if fits(one, layout)])


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph as it goes on paper: with its words as they are printed. `own`: its label may stand as its number."""

    paragraph: Paragraph
    label: str
    text: str
    touched: bool = False
    own: bool = True


def lines(document: Document, compilation: bool = False) -> list[Line]:
    """The paragraphs that are not deleted; with `compilation` in brackets with names, and with those proposed."""
    shown = [paragraph for paragraph in document.paragraphs if not paragraph.deleted]
    own = not any(paragraph.marker for paragraph in shown if paragraph.kind is not Kind.FOOTNOTE)
    if not compilation:
        return [Line(one, document.labels[one.id], one.text, own=own) for one in shown]
    return [
        Line(
            one.paragraph,
            one.label,
            on_paper(printed(one)) if one.proposals else one.paragraph.text,
            bool(one.proposals),
            own or one.added,
        )
        for one in bracketed(document)
    ]


def on_paper(text: str) -> str:
    """Bracketed text without the backslashes that programs need to read it back."""
    return _ESCAPE.sub(lambda found: "" if found[1] in "&!" else found[1], text)


_ESCAPE = re.compile(r"\\(.)")


def fits(proposal: Proposal, layout: Layout) -> bool:
    """Are the paragraphs there that it speaks of?"""
    try:
        layout.check(proposal)
    except ValueError:
        return False
    return proposal.kind is not ProposalKind.SPLIT or bool(proposal.parts)


def as_proposal(record: ProposalRecord, order: int) -> Proposal:
    """The value of the text core, with the names as they are printed."""
    asked = record.asked
    return Proposal(
        id=record.id,
        kind=asked.kind,
        paragraph=asked.paragraph,
        text=asked.text,
        names=tuple(dict.fromkeys(sponsor.printed for sponsor in record.sponsors)),
        stances=tuple(
            Stance(said.on_behalf_of or said.name, said.verb)
            for said in record.positions
            if said.verb and not said.stale
        ),
        after=asked.after,
        others=asked.others,
        parts=asked.parts,
        new_kind=asked.new_kind,
        new_level=asked.new_level,
        order=order,
    )
