"""Texts with all that belongs to them: what an export holds for its reader, and what an imported file brings.

A file says who proposed and who said what, but a file is no delegation's act. So what it tells is kept as *recorded*:
until the first version is issued it waits in the record of the desk, and then it stands on that version under the names
that the file gives, marked as recorded and led by no delegation. Nobody can speak for another party with a file.

Proposals and comments live above this room: those rooms register here what they tell, and who takes what came in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.core.interchange import (
    CommentRecord,
    Document,
    Entry,
    InterchangeRefused,
    ProposalRecord,
    arranged,
    from_json,
    from_markdown,
    is_complete,
)
from app.core.interchange.fields import Fields
from app.core.interchange.json_form import comment_as_dict, comment_of, proposal_as_dict, proposal_of
from app.core.text import Kind, Paragraph, ParagraphId, Style
from app.core.word import NOTICE
from app.drafts.models import Draft, Version, VersionParagraph
from app.drafts.queries import version_paragraphs
from app.drafts.views import as_paragraph
from app.policy import Actor, GroupId, envelope_actor, role_in
from app.record import Transaction, events_after, timestamp

WAITING = "draft.recorded"
"""In the channel of the desk: what a file brought with the text, until the first version is issued."""
AN_EVENT = 500
"""Proposals, and comments, that one event tells of at the most: a file may bring ten thousand."""
STANDING = "comments.recorded"
"""In the channel of the text: the comments that a file brought, once there is a version for them to stand on."""

Taker = Callable[[Transaction, Actor, Version, Sequence[Paragraph], Sequence[ProposalRecord]], None]
"""Lets recorded proposals stand on the first version. The paragraphs are the text as it came in."""


@dataclass(slots=True)
class Sources:
    """What the rooms above tell of a version to a reader, never more than the reader may see."""

    proposals: list[Callable[[Actor, Version], Sequence[ProposalRecord]]] = field(default_factory=list)
    comments: list[Callable[[Actor, Version], Sequence[CommentRecord]]] = field(default_factory=list)
    takers: list[Taker] = field(default_factory=list)
    amounts: list[Callable[[Actor, Version], int]] = field(default_factory=list)
    """About how many characters a room adds to a version: what is long is made as a job. Only of what the reader may
    see, or the way in which a file comes would tell of the rest."""


sources = Sources()


# --- Out -----------------------------------------------------------------------------------------------------------


def document_of(actor: Actor, version: Version) -> Document:
    """A version with what the actor may see of it. The caller has checked that it may be read."""
    proposals = [record for tell in sources.proposals for record in tell(actor, version)]
    comments = [record for tell in sources.comments for record in tell(actor, version)]
    for waiting in _waiting(version):
        proposals += waiting.proposals
        comments += waiting.comments
    draft = version.draft
    return arranged(
        Document(
            title=draft.title,
            style=Style(draft.style),
            platform_id=draft.platform_id,
            label=version.label,
            notice=NOTICE,
            entries=tuple(_entry(row) for row in version_paragraphs(version.id)),
            state=version.state,
            issued_at=timestamp(version.issued_at) if version.issued_at else None,
            sha256=version.sha256,
            proposals=tuple(proposals),
            comments=(*comments, *_standing(version)),
        )
    )


def _entry(row: VersionParagraph) -> Entry:
    return Entry(as_paragraph(row), row.label, tuple(row.pillars or ()), row.norm)


# --- In ------------------------------------------------------------------------------------------------------------


def opened(format: str, source: str, new_id: Callable[[], str]) -> Document | None:
    """The document that a file holds; None where it is a text and no more. Raises InterchangeRefused."""
    if format == "json":
        return from_json(source)
    if format == "markdown" and is_complete(source):
        return from_markdown(source, new_id)
    return None


def keep(tx: Transaction, actor: Actor, draft: Draft, document: Document) -> None:
    """Keep what the file tells beside the words, in the record of the desk."""
    if not document.proposals and not document.comments:
        return
    by = envelope_actor(actor, role_in(actor, GroupId(draft.group_id)))
    head = {
        "of": f"{document.platform_id} {document.label}".strip(),
        "paragraphs": [[p.id, str(p.kind), p.level, p.text] for p in document.paragraphs],
    }
    proposals = [proposal_as_dict(record) | {"recorded": True} for record in document.proposals]
    comments = [comment_as_dict(record) | {"recorded": True} for record in document.comments]
    for begin in range(0, max(len(proposals), len(comments)), AN_EVENT):
        piece = slice(begin, begin + AN_EVENT)
        told = {"proposals": proposals[piece], "comments": comments[piece]}
        tx.append(draft.desk_channel, WAITING, by, (head if begin == 0 else {"goes_on": True}) | told)


@dataclass(frozen=True, slots=True)
class _Brought:
    """What one file brought."""

    paragraphs: tuple[Paragraph, ...]
    proposals: tuple[ProposalRecord, ...]
    comments: tuple[CommentRecord, ...]


def stand(tx: Transaction, actor: Actor, issued: Version, _fates: Mapping[str, Any]) -> None:
    """Part of issuing the first version: what waited at the desk stands on it from now on."""
    if issued.based_on_id is not None:
        return
    for brought in _brought(issued.draft):
        for take in sources.takers:
            take(tx, actor, issued, brought.paragraphs, brought.proposals)
        by = envelope_actor(actor, role_in(actor, GroupId(issued.draft.group_id)))
        said = [comment_as_dict(record) for record in brought.comments]
        for begin in range(0, len(said), AN_EVENT):
            piece = said[begin : begin + AN_EVENT]
            tx.append(issued.draft.channel, STANDING, by, {"version": str(issued.id), "comments": piece})


def _waiting(version: Version) -> list[_Brought]:
    """What waits with a working copy of which no version is issued."""
    return [] if version.issued or version.based_on_id is not None else _brought(version.draft)


def _brought(draft: Draft) -> list[_Brought]:
    """What each file brought: its first event, and those that go on with it."""
    files: list[dict[str, Any]] = []
    for data in _told(draft.desk_channel, WAITING):
        if data.get("goes_on"):
            files[-1]["proposals"] += data["proposals"]
            files[-1]["comments"] += data["comments"]
        else:
            files.append(data)
    return [
        _Brought(
            tuple(
                Paragraph(ParagraphId(id_), Kind(kind), level, said) for id_, kind, level, said in data["paragraphs"]
            ),
            tuple(proposal_of(Fields(one, "a proposal")) for one in data["proposals"]),
            tuple(comment_of(Fields(one, "a comment")) for one in data["comments"]),
        )
        for data in files
    ]


def _standing(version: Version) -> tuple[CommentRecord, ...]:
    return tuple(
        comment_of(Fields(one, "a comment"))
        for data in _told(version.draft.channel, STANDING)
        if data["version"] == str(version.id)
        for one in data["comments"]
    )


def standing_on(version: Version, wid: str) -> list[CommentRecord]:
    """The recorded comments on a paragraph of a version."""
    return [record for record in _standing(version) if record.paragraph == wid]


def _told(channel: str, type_: str) -> list[dict[str, Any]]:
    return [json.loads(event.body)["data"] for event in events_after(channel, 0, types=[type_])]


__all__ = ["InterchangeRefused", "Sources", "document_of", "keep", "opened", "sources", "stand", "standing_on"]
