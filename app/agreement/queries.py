"""Reads of stances and levels, each for what one person may know."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from app.accounts.models import Member, Party, StateGroup, StateGroupMember
from app.agreement.models import AgreementRow, Bridging, EditorialMark, Stocktaking, WordStance
from app.agreement.tables import SILENT, Table, audience, breadth, channel_of
from app.core.rules import agreement as rules
from app.core.rules import stances as stance_rules
from app.core.rules.agreement import Standing
from app.core.rules.proposals import Code
from app.core.rules.sessions import OPENNESS_ORDER, is_wider
from app.core.rules.stances import Block, Effective, On, Stance
from app.drafts import queries as texts
from app.drafts.models import Version, VersionParagraph
from app.errors import NotFound
from app.extensions import db
from app.groups.models import Group
from app.policy import Action, Actor, GroupId, PartyKind, can
from app.record import Envelope, events_of


def open_to(actor: Actor, group: Group) -> tuple[str, ...]:
    """The openness of rows on texts of this group that the actor may read; empty stands for that of the group."""
    found = []
    for word in ("", *OPENNESS_ORDER):
        at = group.openness if not word or is_wider(word, group.openness) else word
        if can(actor, Action.SEE_POSITIONS, GroupId(group.id), at):
            found.append(word)
    return tuple(found)


# --- Levels --------------------------------------------------------------------------------------------------------


def board_of(draft_id: int, words: Sequence[str]) -> dict[str, Standing]:
    """Paragraph to how it stands, for those who may read rows of these kinds of openness."""
    query = select(AgreementRow).where(AgreementRow.draft_id == draft_id, AgreementRow.openness.in_(words))
    narrowest: dict[str, AgreementRow] = {}
    for row in db.session.scalars(query):
        other = narrowest.get(row.paragraph)
        if other is None or breadth(row.openness) < breadth(other.openness):
            narrowest[row.paragraph] = row
    return {wid: Standing.from_dict(row.standing) for wid, row in narrowest.items()}


def standing_of(board: Mapping[str, Standing], wid: str) -> Standing:
    return board.get(wid) or Standing()


def history_of(draft_id: int, words: Sequence[str]) -> list[Envelope]:
    """All that moved levels and stances of a text, in the order in which it happened."""
    return events_of([channel_of(draft_id, word) for word in words])


def negotiable(rows: Iterable[VersionParagraph]) -> list[VersionParagraph]:
    """The paragraphs that are agreed one by one: without titles, headings and notes."""
    return [row for row in rows if row.kind not in SILENT]


# --- Stances -------------------------------------------------------------------------------------------------------


def stance_rows(draft_id: int, words: Sequence[str], *, target: str | None = None) -> list[WordStance]:
    """What each said last of anything of a text, or of one target, as rows with who said it and when."""
    query = select(WordStance).where(WordStance.draft_id == draft_id, WordStance.openness.in_(words))
    if target is not None:
        query = query.where(WordStance.target == target)
    query = query.options(joinedload(WordStance.version))
    narrowest: dict[tuple[str, str], WordStance] = {}
    for row in db.session.scalars(query.order_by(WordStance.at, WordStance.id)):
        other = narrowest.get((row.target, row.holder))
        if other is None or breadth(row.openness) < breadth(other.openness):
            narrowest[row.target, row.holder] = row
    return [row for row in narrowest.values() if row.code is not None]


@dataclass(frozen=True, slots=True)
class Said:
    """What one holder said, as pages need it."""

    stance: Stance
    note: str

    @property
    def holder(self) -> str:
        return self.stance.holder


def all_said(draft_id: int, words: Sequence[str], *, targets: Sequence[str] | None = None) -> dict[str, list[Said]]:
    """Target to what each holder said last of it. Plain values: a full room has a hundred thousand of them."""
    row = WordStance
    columns = (row.target, row.holder, row.openness, row.code, row.wording, row.condition, row.met, row.view, row.note)
    query = select(*columns).where(row.draft_id == draft_id, row.openness.in_(words))
    if targets is not None:
        query = query.where(row.target.in_(targets))
    narrowest: dict[tuple[str, str], Any] = {}
    for one in db.session.execute(query.order_by(row.at, row.id)):
        other = narrowest.get((one.target, one.holder))
        if other is None or breadth(one.openness) < breadth(other.openness):
            narrowest[one.target, one.holder] = one
    found: dict[str, list[Said]] = defaultdict(list)
    for one in narrowest.values():
        if one.code is not None:
            stance = Stance(one.holder, Code(one.code), one.wording, one.condition, one.met, one.view)
            found[one.target].append(Said(stance, one.note))
    return found


def stances_in(said: Iterable[Said]) -> dict[str, Stance]:
    """Holder to stance, as the rules take it."""
    return {one.holder: one.stance for one in said}


@dataclass(frozen=True, slots=True)
class Delegations:
    """Who sits at a table, and in which groups of States."""

    parties: tuple[Party, ...]
    groups_of: Mapping[str, tuple[str, ...]]
    names: Mapping[str, str]
    """English names of the groups of States, by code."""

    @property
    def states(self) -> list[Party]:
        return [party for party in self.parties if party.kind == PartyKind.MEMBER_STATE]


def delegations_of(group_id: int) -> Delegations:
    """The members of a working group in English alphabetical order, and their groups of States today."""
    today = date.today()
    parties = list(db.session.scalars(select(Party).join(Member).where(Member.group_id == group_id)))
    rows = db.session.execute(
        select(Party.code, StateGroup.code.label("state_group"))
        .join(StateGroupMember, StateGroupMember.party_id == Party.id)
        .join(StateGroup, StateGroup.id == StateGroupMember.state_group_id)
        .join(Member, Member.party_id == Party.id)
        .where(
            Member.group_id == group_id,
            or_(StateGroupMember.since.is_(None), StateGroupMember.since <= today),
            or_(StateGroupMember.until.is_(None), StateGroupMember.until > today),
        )
        .order_by(StateGroup.code)
    )
    groups: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        groups[row.code].append(row.state_group)
    names = {one.code: one.name("en") for one in db.session.scalars(select(StateGroup))}
    parties.sort(key=lambda party: party.short["en"].casefold())
    return Delegations(tuple(parties), {code: tuple(found) for code, found in groups.items()}, names)


def where_stand(delegations: Delegations, said: Mapping[str, Stance], wording: str) -> list[tuple[Party, Effective]]:
    """Each member State that stands somewhere on these words, or stood on others, and through whom."""
    if not said:
        return []
    found = []
    for party in delegations.states:
        at = stance_rules.effective(party.code, delegations.groups_of.get(party.code, ()), said, wording)
        if at.stance is not None or at.conflict:
            found.append((party, at))
    return found


def blocking(
    delegations: Delegations, said: Mapping[str, Stance], wording: str, on: On, agreed: Iterable[str]
) -> list[dict[str, Any]]:
    """What stands in the way on these words: {holder, stance, block, for}, the hardest first.

    `for` counts the member States whose effective stance it is. Groups of a State that differ are in the way softly:
    nobody but the State can say which of them speaks for it.
    """
    return blocking_of(((party.code, at) for party, at in where_stand(delegations, said, wording)), on, agreed)


def blocking_of(where: Iterable[tuple[str, Effective]], on: On, agreed: Iterable[str]) -> list[dict[str, Any]]:
    """The same, of where each party stands."""
    agreed = frozenset(agreed)
    states: dict[str, list[str]] = defaultdict(list)
    stances: dict[str, Stance] = {}
    torn: list[str] = []
    for party, at in where:
        if at.conflict:
            torn.append(party)
        elif at.stance is not None and not at.stale:
            states[at.stance.holder].append(party)
            stances[at.stance.holder] = at.stance
    found = [
        {"holder": holder, "stance": str(stance.code), "block": str(block), "for": len(states[holder])}
        for holder, stance in stances.items()
        if (block := stance_rules.block_of(stance, on, agreed)) is not Block.NONE
    ]
    found += [{"holder": code, "stance": "conflict", "block": str(Block.SOFT), "for": 1} for code in torn]
    return sorted(found, key=lambda one: (one["block"] != Block.HARD, -int(str(one["for"])), str(one["holder"])))


def blocking_on(table: Table, rows: Sequence[VersionParagraph]) -> dict[str, list[dict[str, Any]]]:
    """What stands in the way of agreeing paragraphs, by their identity, as those know who hear what is said here."""
    words = audience(table.openness)
    targets = {row.wid: f"paragraph:{row.wid}" for row in rows}
    said = all_said(table.draft.id, words, targets=list(targets.values()) if len(rows) == 1 else None)
    agreed = rules.agreed_in(board_of(table.draft.id, words))
    delegations = delegations_of(table.group.id)
    return {
        row.wid: blocking(
            delegations,
            stances_in(said.get(targets[row.wid], ())),
            stance_rules.wording_of(row.text),
            On.PARAGRAPH,
            agreed,
        )
        for row in rows
    }


# --- As it stood ---------------------------------------------------------------------------------------------------

Stood = tuple[Mapping[str, Standing], Mapping[str, list[Said]]]
"""The levels of paragraphs, and target to what each holder said of it."""
_FOLDED = ("position.taken", "condition.confirmed", *sorted(rules.EVENTS))


def stood(version: Version, words: Sequence[str]) -> Stood:
    """How things stand on a version: now on the newest one; on an earlier one as they stood on its words."""
    if texts.newest_version(version.draft_id).id == version.id:
        return board_of(version.draft_id, words), all_said(version.draft_id, words)
    return _from_the_log(version, words)


def _from_the_log(version: Version, words: Sequence[str]) -> Stood:
    """The log of the text without what was done on later versions.

    What was said on this one once a newer was out is about its words, and counts. The last word of a holder counts
    wherever it was said: `words` are the kinds of openness of which the reader hears.
    """
    later = _later(version)
    board: Mapping[str, Standing] = {}
    said: stance_rules.Said = {}
    notes: dict[tuple[str, str], str] = {}
    moved_on: set[tuple[str, str]] = set()
    for event in events_of([channel_of(version.draft_id, word) for word in words], types=_FOLDED):
        body = json.loads(event.body)
        data = body["data"]
        about = (data.get("target", ""), data.get("holder", ""))
        if event.type == "condition.confirmed":
            if about in moved_on:
                continue  # of what its holder says on a later version
        elif data["version"] in later:
            if event.type == "position.taken":
                moved_on.add(about)
            continue
        elif event.type == "position.taken":
            notes[about] = data["note"]
            moved_on.discard(about)
        said = stance_rules.evolve(said, event.type, data)
        board = rules.evolve(board, event.type, data, event.at, body["actor"]["role"])
    return board, {
        target: [Said(stance, notes[target, holder]) for holder, stance in here.items()]
        for target, here in said.items()
    }


def _later(version: Version) -> frozenset[str]:
    query = select(Version.id).where(Version.draft_id == version.draft_id, Version.number > version.number)
    return frozenset(str(one) for one in db.session.scalars(query))


# --- Bridging texts, marks, stocktaking ----------------------------------------------------------------------------


def get_bridging(actor: Actor, bridging_id: Any) -> Bridging:
    """Raises NotFound."""
    row = db.session.get(Bridging, str(bridging_id)[:16])
    if row is None or row.openness not in open_to(actor, row.draft.group):
        raise NotFound(_("This bridging text was not found, or is not open to you."))
    return row


def bridgings_on(actor: Actor, version: Version, *, states: Sequence[str] = ()) -> list[Bridging]:
    """The bridging texts of a version that the actor may see, in order."""
    query = select(Bridging).where(
        Bridging.version_id == version.id, Bridging.openness.in_(open_to(actor, version.draft.group))
    )
    if states:
        query = query.where(Bridging.state.in_(states))
    return list(db.session.scalars(query.order_by(Bridging.at, Bridging.id)))


def editorial_marks(draft_id: int) -> dict[str, EditorialMark]:
    query = select(EditorialMark).where(EditorialMark.draft_id == draft_id)
    return {row.paragraph: row for row in db.session.scalars(query)}


def stocktakings(draft_id: int) -> list[Stocktaking]:
    """What was published, newest first. The caller has checked that the text may be read."""
    query = select(Stocktaking).where(Stocktaking.draft_id == draft_id)
    return list(db.session.scalars(query.order_by(Stocktaking.number.desc())))


def get_stocktaking(actor: Actor, draft_id: int, number: int) -> Stocktaking:
    """Raises NotFound."""
    texts.draft_line(actor, draft_id)
    query = select(Stocktaking).where(Stocktaking.draft_id == draft_id, Stocktaking.number == number)
    row = db.session.scalar(query)
    if row is None:
        raise NotFound(_("This stocktaking was not found, or is not open to you."))
    return row
