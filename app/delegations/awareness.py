"""What one's delegation has said and is drafting on a paragraph, so that nobody speaks against it unawares."""

from __future__ import annotations

import json
from dataclasses import dataclass
from textwrap import shorten
from typing import Any

from sqlalchemy import select

from app.core.rules.proposals import Code, State
from app.core.text.proposals import ProposalKind
from app.delegations.rights import is_of_delegation
from app.delegations.seen import channels_of
from app.drafts.models import Version
from app.extensions import db
from app.live.models import LiveSession
from app.policy import Actor
from app.proposals.models import ProposalRow
from app.proposals.queries import may_see, with_all
from app.record.models import EventRow

FOR = frozenset({Code.SUPPORT, Code.CAN_LIVE, Code.FLEXIBLE})
AGAINST = frozenset({Code.OPPOSE, Code.CONCERN, Code.RETAIN})
"""Codes of stances that stand on one side of words. Who reserves or sets a condition speaks against neither."""
AGAINST_WORDS = frozenset({ProposalKind.DELETE, ProposalKind.REPLACE, ProposalKind.SUPPRESS, ProposalKind.REVERT})
"""Kinds of drafts that want other words than those that stand."""
SHOWN = 5
WORDS = 160


@dataclass(frozen=True, slots=True)
class OwnWord:
    """What somebody of the delegation said in this session on a paragraph."""

    kind: str
    """comment or stance."""
    words: str
    """The words of a comment; the code of a stance."""
    target: str
    number: str
    """What a stance is on, as the room cites it."""
    who: str
    at: str
    side: str
    """for, against, or empty."""


@dataclass(frozen=True, slots=True)
class OwnDraft:
    """What a colleague drafts on it, and has not released."""

    row: ProposalRow
    who: str
    side: str
    """against the words as they stand, where it deletes or replaces them."""


@dataclass(frozen=True, slots=True)
class Awareness:
    words: tuple[OwnWord, ...]
    drafts: tuple[OwnDraft, ...]

    def against(self, stance: str, target: str) -> OwnWord | OwnDraft | None:
        """What the delegation said, or drafts, that a stance on `target` would contradict."""
        side = side_of(stance)
        if not side:
            return None
        for word in self.words:
            if word.kind == "stance" and word.target == target:
                return word if word.side and word.side != side else None
        on_words = target.startswith("paragraph:")
        return next((draft for draft in self.drafts if on_words and side == "for" and draft.side == "against"), None)


def side_of(stance: str | None) -> str:
    return "for" if stance in FOR else "against" if stance in AGAINST else ""


def in_session(actor: Actor, session: LiveSession, wid: str) -> Awareness:
    """On a paragraph of the text on the table, from the channels that the actor may read. Empty for others."""
    if not is_of_delegation(actor, session.group_id):
        return Awareness((), ())
    drafts = drafts_on(actor, session.version, wid) if session.version else ()
    return Awareness(_said(actor, session, wid), drafts)


def drafts_on(actor: Actor, version: Version, wid: str) -> tuple[OwnDraft, ...]:
    """The unreleased drafts of one's own delegation on a paragraph, whoever writes them."""
    if not is_of_delegation(actor, version.draft.group_id):
        return ()
    query = with_all().where(
        ProposalRow.party_id == actor.party_id,
        ProposalRow.draft_id == version.draft_id,
        ProposalRow.paragraph == wid,
        ProposalRow.state == State.DRAFT,
    )
    rows = [row for row in db.session.scalars(query) if may_see(actor, row)]
    return tuple(OwnDraft(row, str(row.actor.get("name") or ""), _side(row)) for row in rows)


def _side(row: ProposalRow) -> str:
    return "against" if row.kind in AGAINST_WORDS else ""


def _said(actor: Actor, session: LiveSession, wid: str) -> tuple[OwnWord, ...]:
    """The newest first; of each target the last stance alone, as it stands."""
    query = (
        select(EventRow.body)
        .where(
            EventRow.channel.in_(channels_of(actor, session)),
            EventRow.type.in_(("comment.added", "position.taken")),
            EventRow.body.contains(f'"delegation":{json.dumps(actor.party_code)}'),
            EventRow.body.contains(f'"paragraph":{json.dumps(wid)}'),
        )
        .order_by(EventRow.id.desc())
        .limit(100)
    )
    found: list[OwnWord] = []
    taken: set[str] = set()
    for body in db.session.scalars(query):
        said = json.loads(body)
        word = _word(said)
        own = said["actor"].get("delegation") == actor.party_code and said["data"].get("paragraph") == wid
        if own and (word.kind == "comment" or word.target not in taken):
            taken.add(word.target)
            found.append(word)
    return tuple(word for word in found if word.words)[:SHOWN]


def _word(said: dict[str, Any]) -> OwnWord:
    data, who, at = said["data"], str(said["actor"].get("name") or ""), str(said["at"])
    if said["type"] == "comment.added":
        return OwnWord("comment", shorten(data["body"], WORDS, placeholder="…"), "", "", who, at, "")
    code = str(data.get("stance") or "")
    return OwnWord("stance", code, _target(str(data["target"])), str(data.get("number") or ""), who, at, side_of(code))


def _target(name: str) -> str:
    """A proposal is named with or without its kind."""
    return name if ":" in name else f"proposal:{name}"
