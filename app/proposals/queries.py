"""Reads of proposals, each through the one question who may see what."""

from __future__ import annotations

import json
from collections import Counter, OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased, joinedload

from app.accounts.queries import party_names, state_groups
from app.core.interchange.model import fits
from app.core.rules import proposals as rules
from app.core.rules.sessions import OPENNESS_ORDER, is_wider
from app.core.text import ParagraphId, diff
from app.core.text.applying import Layout
from app.core.text.brackets import Compilation
from app.core.text.compiling import Compiler
from app.core.text.proposals import ADDING, WORDING, Proposal
from app.core.word import Author, WordParagraph, from_compilation
from app.drafts import queries as texts
from app.drafts.models import Draft, Version, VersionParagraph
from app.drafts.views import as_paragraph
from app.errors import NotFound
from app.extensions import db
from app.groups.services.words import OFFICERS
from app.policy import Action, Actor, GroupId, Office, can, role_in
from app.proposals.models import Precedent, ProposalRow, Wording
from app.proposals.views import RECORDED, as_proposal, sponsor_names, standing
from app.record import events_after
from app.record.envelope import GENESIS
from app.record.models import Channel
from app.web.viewer import office_label

KEPT_COMPILATIONS = 64
READ_AGAIN = 200
"""Events since a compilation was made from which all proposals are read again, instead of those that changed."""


def openness_of(row: ProposalRow) -> str:
    """How open the proposal is: never more than its group is now."""
    group = row.draft.group.openness
    return group if not row.openness or is_wider(row.openness, group) else row.openness


def is_more_open(row: ProposalRow, openness: str) -> bool:
    """Do more people see the proposal than a room of this openness?"""
    return is_wider(openness_of(row), openness)


def is_own(actor: Actor, row: ProposalRow) -> bool:
    """Is it of the actor's delegation; or, for text of an office, of somebody who holds the pen?

    What came in with a file is nobody's own: no one puts words into the mouths of those whom it names.
    """
    if row.office == RECORDED:
        return False
    role = role_in(actor, GroupId(row.draft.group_id))
    if row.party_id is None:
        return role in OFFICERS and texts.holds_pen(actor, row.draft.group)
    return row.party_id == actor.party_id and role not in OFFICERS


def may_see(actor: Actor, row: ProposalRow) -> bool:
    """A draft is seen by its own delegation alone; what was released, by those who may see positions there."""
    group = GroupId(row.draft.group_id)
    if row.state not in rules.PUBLIC_STATES:
        return is_own(actor, row) and can(actor, Action.DRAFT_PROPOSAL, group, openness_of(row))
    return can(actor, Action.SEE_POSITIONS, group, openness_of(row))


def get_proposal(actor: Actor, proposal_id: str) -> ProposalRow:
    """Raises NotFound."""
    row = db.session.scalar(with_all().where(ProposalRow.id == proposal_id))
    if row is None or not may_see(actor, row):
        raise NotFound(_("This proposal was not found, or is not open to you."))
    return row


def proposals_on(
    actor: Actor, version: Version, *, states: Sequence[str] = (), among: Collection[str] | None = None
) -> list[ProposalRow]:
    """What was proposed on a version, or carried to it: in the order of release, one's own drafts last.

    `among` narrows it to some ids.
    """
    query = with_all().where(ProposalRow.id.in_(_seen_on(version)))
    if states:
        query = query.where(ProposalRow.state.in_(states))
    if among is not None:
        query = query.where(ProposalRow.id.in_(among))
    return _in_order(row for row in db.session.scalars(query) if may_see(actor, row))


def _seen_on(version: Version) -> Select[str]:
    """The proposals that had a wording on the version. One that stayed inside its delegation puts nothing there."""
    query = select(Wording.proposal_id).join(Wording.proposal)
    return query.where(Wording.version_id == version.id, seen_outside())


def seen_outside() -> ColumnElement[bool]:
    """Of a query for wordings joined with their proposals: no wording that was written over before the release.

    Those of a draft are all left in: who may see the draft is asked elsewhere.
    """
    later = aliased(Wording)
    query = select(later.id).where(
        later.proposal_id == Wording.proposal_id,
        later.revision > Wording.revision,
        later.at < ProposalRow.released_at,
    )
    return ~query.correlate(Wording, ProposalRow).exists()


def live_on(actor: Actor, version: Version) -> list[ProposalRow]:
    """The open proposals whose base is this version."""
    query = with_all().where(ProposalRow.base_id == version.id, ProposalRow.state == rules.State.LIVE)
    return _in_order(row for row in db.session.scalars(query) if may_see(actor, row))


def open_on(actor: Actor, version: Version) -> list[ProposalRow]:
    """What is open on a version, or stood open on it until a later one."""
    return [row for row in proposals_on(actor, version) if row.released_at is not None and _stood_open(row, version)]


def proposals_of(actor: Actor, *, draft_id: int | None = None) -> list[ProposalRow]:
    """What the actor's delegation proposed or stands behind, drafts included: newest first."""
    if actor.party_id is None:
        return []
    query = with_all().where(ProposalRow.state != rules.State.DISCARDED)
    if draft_id is not None:
        query = query.where(ProposalRow.draft_id == draft_id)
    found = [row for row in db.session.scalars(query) if _stands_behind(actor, row) and may_see(actor, row)]
    return _in_order(found)[::-1]


def _stands_behind(actor: Actor, row: ProposalRow) -> bool:
    return row.party_id == actor.party_id or any(s.party_id == actor.party_id for s in row.sponsors)


def proposals_at(actor: Actor, version: Version, wid: str) -> list[ProposalRow]:
    """What was proposed on one paragraph of a version, or carried to it; one's own drafts last."""
    query = with_all().where(ProposalRow.id.in_(_seen_on(version)), ProposalRow.paragraph == wid)
    return _in_order(row for row in db.session.scalars(query) if may_see(actor, row))


def own_drafts_on(actor: Actor, version: Version) -> Counter[str]:
    """Paragraph to number of drafts of the actor's delegation."""
    query = with_all().where(ProposalRow.base_id == version.id, ProposalRow.state == rules.State.DRAFT)
    if actor.party_id is None and not texts.holds_pen(actor, version.draft.group):
        return Counter()
    own = ProposalRow.party_id == actor.party_id if actor.party_id is not None else ProposalRow.party_id.is_(None)
    return Counter(
        row.paragraph for row in db.session.scalars(query.where(own)) if row.paragraph and may_see(actor, row)
    )


def counts_on(actor: Actor, version: Version) -> dict[str, int]:
    """Paragraph to number of open proposals that the actor may see."""
    rows = db.session.execute(
        select(ProposalRow.paragraph, func.count())
        .where(
            ProposalRow.base_id == version.id,
            ProposalRow.state == rules.State.LIVE,
            ProposalRow.paragraph.is_not(None),
            ProposalRow.openness.in_(_open_to(actor, version)),
        )
        .group_by(ProposalRow.paragraph)
    )
    return {str(paragraph): count for paragraph, count in rows}


def paragraph_labels(version_id: int) -> dict[str, str]:
    """Paragraph to its label. The caller has checked that the version may be read."""
    rows = db.session.execute(
        select(VersionParagraph.wid, VersionParagraph.label).where(VersionParagraph.version_id == version_id)
    )
    return {row.wid: row.label for row in rows}


def names_in(locale: str) -> dict[str, str]:
    """Codes of parties, English names of groups of States and offices, to their names in a language."""
    with force_locale(locale):
        offices = {str(office): office_label(office) for office in Office}
    return party_names(locale) | {group.name("en"): group.name(locale) for group in state_groups()} | offices


@dataclass(frozen=True, slots=True)
class Brief:
    """What the bracketed view needs to know of a proposal: number, state, and the codes of who stands behind it."""

    id: str
    number: str
    state: str
    lead: str
    """The name of who leads it, in the reader's language."""
    sponsors: frozenset[str]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A version with its open proposals as one bracketed text."""

    version: Version
    rows: list[VersionParagraph]
    proposals: dict[str, Brief]
    compilation: Compilation


def compiled(actor: Actor, version: Version, locale: str = "en") -> Compiled:
    """The compilation of all that stood, or stands, open on a version; kept until something there changes.

    Who sees the same openness sees the same compilation. While nothing changes, no proposal is read again; after a
    change, only those that the record names, and only their paragraphs are woven anew.
    """
    rows = texts.version_paragraphs(version.id)
    # A working copy has no hash, and other words after each change.
    key = (version.id, version.sha256 or version.changed_at, locale, _open_to(actor, version))
    heads = _heads(version.draft_id)
    kept = _kept.get(key)
    if kept is None or kept.heads != heads:
        kept = _kept[key] = _brought_up(kept, heads, actor, version, names_in(locale), rows)
        while len(_kept) > KEPT_COMPILATIONS:
            _kept.popitem(last=False)
    _kept.move_to_end(key)
    return Compiled(version, rows, kept.briefs, kept.compilation)


def tracked(actor: Actor, version: Version, locale: str) -> list[WordParagraph]:
    """The paragraphs of the compilation for a Word file, each proposal tracked under its lead sponsor's name."""
    found = compiled(actor, version, locale)
    names = names_in(locale)
    authors = {
        row.id: Author((sponsor_names(row, names) or ("?",))[0], row.released_at)
        for row in proposals_on(actor, version)
        if row.id in found.proposals
    }
    return from_compilation(found.compilation, version.issued_at, authors)


Heads = dict[str, tuple[int, str]]
"""Channel to the seq and the hash of its last event."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A compilation, what it was made of, and up to which events."""

    heads: Heads
    names: Mapping[str, str]
    values: dict[str, Proposal]
    briefs: dict[str, Brief]
    compiler: Compiler
    compilation: Compilation


_kept: OrderedDict[tuple[Any, ...], _Kept] = OrderedDict()


def _brought_up(
    kept: _Kept | None,
    heads: Heads,
    actor: Actor,
    version: Version,
    names: Mapping[str, str],
    rows: Sequence[VersionParagraph],
) -> _Kept:
    """The compilation as it is now: from what is kept and the proposals that changed since, else from all of them."""
    changed = _changed(kept.heads, heads) if kept is not None and kept.names == names else None
    values: dict[str, Proposal] = {}
    briefs: dict[str, Brief] = {}
    if kept is not None and changed is not None:
        values = {id_: value for id_, value in kept.values.items() if id_ not in changed}
        briefs = {id_: brief for id_, brief in kept.briefs.items() if id_ not in changed}
    proposals = [row for row in proposals_on(actor, version, among=changed) if _stood_open(row, version)]
    wordings = _wordings_on(version, proposals)
    paragraphs = [as_paragraph(row) for row in rows]
    layout = Layout(paragraphs)
    for row in proposals:
        # One that does not fit its text must not take the whole text down with it.
        if row.id in wordings and fits(value := as_proposal(row, names, wordings[row.id]), layout):
            values[row.id] = value
            briefs[row.id] = _brief(row, value)
    compiler = kept.compiler if kept is not None else Compiler()
    labels = {ParagraphId(row.wid): row.label for row in rows}
    compilation = compiler.compile(paragraphs, labels, list(values.values()))
    return _Kept(heads, names, values, briefs, compiler, compilation)


def _brief(row: ProposalRow, value: Proposal) -> Brief:
    codes = frozenset(sponsor.party.code for sponsor in standing(row))
    return Brief(row.id, row.label, row.state, next(iter(value.names), ""), codes)


def _changed(before: Heads, now: Heads) -> set[str] | None:
    """The proposals of which the events in between speak; None where these are too many, or not of the same record."""
    found: set[str] = set()
    if not before.keys() <= now.keys():
        return None
    for channel, (seq, hash_) in now.items():
        known, prev = before.get(channel, (0, GENESIS))
        if (seq, hash_) == (known, prev):
            continue
        if not known < seq <= known + READ_AGAIN:
            return None
        events = events_after(channel, known)
        if not events or events[0].prev != prev:
            return None
        for event in events:
            data = json.loads(event.body)["data"]
            found |= {data[name] for name in ("proposal", "into") if name in data}
    return found


def _open_to(actor: Actor, version: Version) -> tuple[str, ...]:
    """The openness of proposals on this text that the actor may see; empty stands for that of the group."""
    group = version.draft.group
    return tuple(
        word
        for word in ("", *OPENNESS_ORDER)
        if can(
            actor,
            Action.SEE_POSITIONS,
            GroupId(group.id),
            group.openness if not word or is_wider(word, group.openness) else word,
        )
    )


def _stood_open(row: ProposalRow, version: Version) -> bool:
    """Is it open on this version, or was it until a later one ended it?"""
    if row.state == rules.State.LIVE:
        return True
    return row.state in rules.FATE_STATES and row.fate_version is not None and row.fate_version.number > version.number


def _heads(draft_id: int) -> Heads:
    """Of the channels in which proposals of the draft are recorded: equal while nothing happened."""
    names = [f"proposals:{draft_id}", *(f"proposals:{draft_id}:{openness}" for openness in OPENNESS_ORDER)]
    rows = db.session.execute(select(Channel.name, Channel.last_seq, Channel.last_hash).where(Channel.name.in_(names)))
    return {row.name: (row.last_seq, row.last_hash) for row in rows}


def _wordings_on(version: Version, proposals: Sequence[ProposalRow]) -> dict[str, Wording]:
    """The last wording that each proposal had on the version; none of those whose words waited for a person there."""
    ids = [row.id for row in proposals]
    query = select(Wording).join(Wording.proposal).where(Wording.version_id == version.id, seen_outside())
    query = query.where(Wording.proposal_id.in_(ids))
    last = {wording.proposal_id: wording for wording in db.session.scalars(query.order_by(Wording.revision))}
    return {id_: wording for id_, wording in last.items() if wording.verdict not in _WAITING}


_WAITING = ("conflicting", "overtaken")


def waiting_on(actor: Actor, version: Version) -> list[ProposalRow]:
    """The open proposals that clash with the words of a paragraph, or came too late: they stand in no bracket."""
    query = with_all().where(
        ProposalRow.base_id == version.id,
        ProposalRow.state == rules.State.LIVE,
        ProposalRow.anchor_id != ProposalRow.base_id,
    )
    return [row for row in db.session.scalars(query) if row.paragraph and may_see(actor, row)]


def change_of(row: ProposalRow, base: dict[str, str]) -> list[dict[str, str]]:
    """What leads from the base to the proposal's words, as runs. `base` is paragraph to text."""
    if row.kind in WORDING and row.paragraph in base:
        return [{"kind": str(op.kind), "text": op.text} for op in diff(base[row.paragraph], row.text)]
    if row.kind in ADDING:
        return [{"kind": "insert", "text": row.text}] if row.text else []
    if row.kind == "suppress" and row.paragraph in base:
        return [{"kind": "delete", "text": base[row.paragraph]}]
    if row.kind == "split" and row.paragraph in base:
        return [
            {"kind": str(op.kind), "text": op.text} for op in diff(base[row.paragraph], "\n\n".join(row.parts or []))
        ]
    if row.kind == "merge" and row.paragraph in base:
        whole = " ".join(base.get(wid, "") for wid in (row.paragraph, *(row.others or [])))
        return [{"kind": str(op.kind), "text": op.text} for op in diff(whole, row.text)]
    return []


def trimmed(ops: list[dict[str, str]], keep: int = 40) -> list[dict[str, str]]:
    """A change with only a few of the equal words around it: for cards. `keep` in characters."""
    found = []
    for place, op in enumerate(ops):
        text = op["text"]
        if op["kind"] == "equal" and len(text) > 2 * keep:
            head = text[:keep].rsplit(" ", 1)[0] + " … " if place else "… "
            tail = text[-keep:].split(" ", 1)[-1] if place < len(ops) - 1 else ""
            text = head + tail
        found.append({"kind": op["kind"], "text": text})
    return found


def precedents() -> list[Precedent]:
    """The agreed language that the secretariat keeps, by source."""
    query = select(Precedent).where(Precedent.withdrawn_at.is_(None))
    return list(db.session.scalars(query.order_by(Precedent.source, Precedent.id)))


def with_all() -> Any:
    return select(ProposalRow).options(
        joinedload(ProposalRow.draft).joinedload(Draft.group),
        joinedload(ProposalRow.base),
        joinedload(ProposalRow.fate_version),
    )


def _in_order(rows: Iterable[ProposalRow]) -> list[ProposalRow]:
    return sorted(rows, key=_moment)


def _moment(row: ProposalRow) -> tuple[bool, float, str]:
    at = row.released_at or row.created_at
    return row.released_at is None, at.timestamp(), row.id
