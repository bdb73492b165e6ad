"""The whole as JSON. Documented member by member in docs/exports.md; unknown members are left alone."""

from __future__ import annotations

import json
from typing import Any

from app.core.interchange.fields import Fields, refuse
from app.core.interchange.model import (
    SCHEMA,
    Asked,
    CommentRecord,
    Document,
    Entry,
    PastWording,
    Position,
    ProposalRecord,
    Sponsor,
    arranged,
)
from app.core.text.paragraphs import Kind, Paragraph, ParagraphId, Relation, Style
from app.core.text.proposals import ProposalKind
from app.core.text.quotes import Quote

LIMIT = 16 * 2**20
"""Characters of a file."""


def to_json(document: Document) -> str:
    """The document as a JSON object, readable, ending in a line break."""
    return json.dumps(as_dict(arranged(document)), ensure_ascii=False, indent=1) + "\n"


def from_json(source: str) -> Document:
    """Read what `to_json` wrote. Raises InterchangeRefused, naming the member that is not as it must be."""
    if len(source) > LIMIT:
        refuse("too_large", "The file is larger than 16 MB. Bring the text in in parts.")
    try:
        whole = json.loads(source, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        refuse("json", f"This is no JSON: {error}"[:300], line=line)
    return document_of(whole)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


# --- Out -----------------------------------------------------------------------------------------------------------


def as_dict(document: Document) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "notice": document.notice,
        "platform_id": document.platform_id,
        "title": document.title,
        "label": document.label,
        "style": str(document.style),
        "state": document.state,
        "issued_at": document.issued_at,
        "sha256": document.sha256,
        "paragraphs": [entry_as_dict(entry) | {"text": entry.paragraph.text} for entry in document.entries],
        "proposals": [proposal_as_dict(record) for record in document.proposals],
        "comments": [comment_as_dict(record) for record in document.comments],
    }


def entry_as_dict(entry: Entry) -> dict[str, Any]:
    """A paragraph without its words."""
    paragraph = entry.paragraph
    return {
        "id": paragraph.id,
        "kind": str(paragraph.kind),
        "level": paragraph.level,
        "label": entry.label,
        "marker": paragraph.marker,
        "relation": str(paragraph.relation) if paragraph.relation else None,
        "relation_to": paragraph.relation_to,
        "deleted": paragraph.deleted,
        "pillars": list(entry.pillars),
        "norm": entry.norm,
    }


def asked_as_dict(asked: Asked) -> dict[str, Any]:
    return {
        "kind": str(asked.kind),
        "paragraph": asked.paragraph,
        "text": asked.text,
        "after": asked.after,
        "others": list(asked.others),
        "parts": list(asked.parts),
        "new_kind": str(asked.new_kind) if asked.new_kind else None,
        "new_level": asked.new_level,
    }


def proposal_as_dict(record: ProposalRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "number": record.number,
        **asked_as_dict(record.asked),
        "rationale": record.rationale,
        "conditions": record.conditions,
        "made_on": record.made_on,
        "released_at": record.released_at,
        "revision": record.revision,
        "office": record.office,
        "recorded": record.recorded,
        "clashes": record.clashes,
        "sponsors": [
            {
                "party": sponsor.party,
                "name": sponsor.name,
                "on_behalf_of": sponsor.on_behalf_of,
                "lead": place == 0,
                "since": sponsor.since,
            }
            for place, sponsor in enumerate(record.sponsors)
        ],
        "positions": [
            {
                "party": said.party,
                "name": said.name,
                "on_behalf_of": said.on_behalf_of,
                "stance": said.stance,
                "verb": said.verb,
                "note": said.note,
                "stale": said.stale,
            }
            for said in record.positions
        ],
        "wordings": [_wording_as_dict(wording) for wording in record.wordings],
    }


def _wording_as_dict(wording: PastWording) -> dict[str, Any]:
    return {
        "revision": wording.revision,
        "version": wording.version,
        "cause": wording.cause,
        "verdict": wording.verdict,
        "at": wording.at,
        **asked_as_dict(wording.asked),
    }


def comment_as_dict(record: CommentRecord) -> dict[str, Any]:
    quote = record.quote
    return {
        "id": record.id,
        "paragraph": record.paragraph,
        "quote": {"exact": quote.exact, "start": quote.start, "prefix": quote.prefix, "suffix": quote.suffix}
        if quote
        else None,
        "party": record.party,
        "name": record.name,
        "on_behalf_of": record.on_behalf_of,
        "role": record.role,
        "at": record.at,
        "recorded": record.recorded,
        "body": record.body,
    }


# --- In ------------------------------------------------------------------------------------------------------------


def document_of(whole: Any) -> Document:
    """The document that a JSON object says. Raises InterchangeRefused."""
    given = Fields(whole, "the file")
    if given.raw("schema") != SCHEMA:
        refuse("schema", f'This file is not of the form "{SCHEMA}": its member "schema" says otherwise.', schema=SCHEMA)
    return arranged(
        Document(
            title=given.line("title", 300),
            style=Style(given.choice("style", Style, "resolution")),
            platform_id=given.line("platform_id", 60),
            label=given.line("label", 60),
            notice=given.line("notice", 400),
            entries=entries_of([entry_of(each) for each in given.each("paragraphs")]),
            state=given.line("state", 20, "issued"),
            issued_at=given.moment("issued_at"),
            sha256=given.maybe("sha256", 64),
            proposals=tuple(proposal_of(each) for each in given.each("proposals")),
            comments=tuple(comment_of(each) for each in given.each("comments")),
        )
    )


def entries_of(entries: list[Entry]) -> tuple[Entry, ...]:
    """The same, where no identity stands twice. Raises InterchangeRefused."""
    seen: set[str] = set()
    for entry in entries:
        if entry.paragraph.id in seen:
            refuse("twice", f"Two paragraphs have the id {entry.paragraph.id}.", id=entry.paragraph.id)
        seen.add(entry.paragraph.id)
    return tuple(entries)


def entry_of(given: Fields, text: str | None = None) -> Entry:
    relation = given.maybe("relation", 20)
    if relation and relation not in set(Relation):
        given.bad("relation")
    paragraph = Paragraph(
        id=ParagraphId(given.identity("id")),
        kind=Kind(given.choice("kind", Kind)),
        level=given.number("level", 10),
        text=given.words("text") if text is None else text,
        marker=given.line("marker", 80),
        relation=Relation(relation) if relation else None,
        relation_to=_identity(given, "relation_to"),
        deleted=given.flag("deleted"),
    )
    return Entry(paragraph, given.line("label", 80), given.strings("pillars", 20), given.maybe("norm", 1))


def asked_of(given: Fields) -> Asked:
    kind = given.maybe("new_kind", 20)
    if kind and kind not in set(Kind):
        given.bad("new_kind")
    return Asked(
        kind=ProposalKind(given.choice("kind", ProposalKind)),
        paragraph=_identity(given, "paragraph"),
        text=given.words("text"),
        after=_identity(given, "after"),
        others=tuple(ParagraphId(other) for other in given.strings("others", 40)),
        parts=tuple(given.clean(part, "parts") for part in given.strings("parts", None)),
        new_kind=Kind(kind) if kind else None,
        new_level=given.number("new_level", 10),
    )


def proposal_of(given: Fields) -> ProposalRecord:
    return ProposalRecord(
        id=given.line("id", 40),
        number=given.line("number", 20),
        asked=asked_of(given),
        made_on=given.line("made_on", 60),
        released_at=given.moment("released_at"),
        revision=given.number("revision", 10**6, 1),
        rationale=given.message("rationale"),
        conditions=given.line("conditions", 400),
        office=given.maybe("office", 20),
        recorded=given.flag("recorded"),
        clashes=given.flag("clashes"),
        sponsors=tuple(_sponsor_of(each) for each in given.each("sponsors")),
        positions=tuple(_position_of(each) for each in given.each("positions")),
        wordings=tuple(_wording_of(each) for each in given.each("wordings")),
    )


def _sponsor_of(given: Fields) -> Sponsor:
    return Sponsor(
        name=given.name("name"),
        party=given.maybe("party", 20),
        on_behalf_of=given.maybe("on_behalf_of", 200),
        since=given.moment("since"),
    )


def _position_of(given: Fields) -> Position:
    return Position(
        name=given.name("name"),
        stance=given.line("stance", 20),
        party=given.maybe("party", 20),
        on_behalf_of=given.maybe("on_behalf_of", 200),
        note=given.line("note", 400),
        stale=given.flag("stale"),
        verb=given.line("verb", 40),
    )


def _wording_of(given: Fields) -> PastWording:
    return PastWording(
        revision=given.number("revision", 10**6, 1),
        version=given.line("version", 60),
        cause=given.line("cause", 20),
        asked=asked_of(given),
        verdict=given.maybe("verdict", 20),
        at=given.moment("at"),
    )


def comment_of(given: Fields) -> CommentRecord:
    quoted = given.inner("quote")
    quote = None
    if quoted is not None:
        quote = Quote(
            exact=quoted.text("exact", 10_000),
            start=quoted.number("start", 10**6),
            prefix=quoted.text("prefix", 64),
            suffix=quoted.text("suffix", 64),
        )
    return CommentRecord(
        id=given.line("id", 40),
        body=given.message("body"),
        name=given.line("name", 200),
        paragraph=_identity(given, "paragraph"),
        quote=quote,
        party=given.maybe("party", 20),
        on_behalf_of=given.maybe("on_behalf_of", 200),
        role=given.line("role", 20),
        at=given.moment("at"),
        recorded=given.flag("recorded"),
    )


def _identity(given: Fields, name: str) -> ParagraphId | None:
    return ParagraphId(given.identity(name)) if given.raw(name) is not None else None
