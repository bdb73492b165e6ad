"""Where an act on a text happens: before a room, or outside any. And how it is kept: in the log, then in rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.agreement.models import AgreementRow
from app.core.rules import agreement as rules
from app.core.rules.agreement import Standing
from app.core.rules.sessions import OPENNESS_ORDER, is_wider
from app.core.rules.stances import wording_of
from app.core.text import Kind
from app.drafts import queries as texts
from app.drafts.models import Draft, Version, VersionParagraph
from app.errors import Closed, Invalid
from app.extensions import db
from app.groups.models import Group
from app.groups.services.words import signed
from app.live.acting import append_act, held_session, require_act, require_names, require_open
from app.live.models import LiveSession
from app.live.segments import author_in, is_attributed, openness_now
from app.policy import Action, Actor, GroupId, require
from app.record import Envelope, Transaction, timestamp

SILENT = frozenset({Kind.TITLE, Kind.HEADING, Kind.FOOTNOTE, Kind.NOTE})
"""Kinds of paragraphs that nobody agrees by themselves."""


@dataclass(frozen=True, slots=True)
class Table:
    """A version on the table, for those who may be in a room of this openness. Empty: as open as its group."""

    version: Version
    openness: str
    session: LiveSession | None = None

    @property
    def draft(self) -> Draft:
        return self.version.draft

    @property
    def group(self) -> Group:
        return self.version.draft.group

    @property
    def open_to(self) -> str:
        """The word of the policy for who hears what is said here."""
        return self.openness or self.group.openness

    @property
    def channel(self) -> str:
        return channel_of(self.draft.id, self.openness)

    @property
    def attributed(self) -> bool:
        return self.session is None or is_attributed(self.session)

    def require_names(self) -> None:
        """Raise Closed where no names are kept."""
        if self.session is not None:
            require_names(self.session)

    def paragraph(self, reference: Any) -> VersionParagraph:
        """A paragraph that can be agreed, by its identity or its label. Raises Invalid."""
        row = texts.paragraph_in(self.version, reference) if isinstance(reference, str) and reference else None
        if row is None or row.kind in SILENT:
            raise Invalid(_("Say which paragraph of the text on the table."), field="paragraph")
        return row

    def author(self, actor: Actor, on_behalf_of: str | None = None) -> dict[str, Any]:
        if self.session is not None:
            return author_in(actor, self.session, on_behalf_of)
        return signed(actor, self.group.id, on_behalf_of)


def in_session(actor: Actor, session_id: int, action: Action) -> Table:
    """The table of a session that is open, where the actor may do this at this moment."""
    session = held_session(session_id)
    require_act(actor, session, action)
    require_open(session)
    if session.version is None:
        raise Closed(_("There is no text on the table of this session."))
    return Table(session.version, narrowed(openness_now(session), session.group), session)


def outside(actor: Actor, version_id: int, action: Action) -> Table:
    """The table of a text between sessions."""
    version = texts.get_version(actor, version_id)
    if not version.issued:
        raise Closed(_("This is done on an issued version: the working copy is the Chair's."))
    require(actor, action, GroupId(version.draft.group_id), version.draft.group.openness, what=_("This text"))
    return Table(version, "")


def require_newest(table: Table) -> None:
    """Raise Closed unless the version is the newest: agreement is of words that still stand."""
    if texts.newest_version(table.draft.id).id != table.version.id:
        raise Closed(_("A newer version of this text is out. Put it on the table first."), state="superseded")


def hold(draft: Draft) -> None:
    """Hold the text until the commit, so that two acts on it come one after the other."""
    db.session.scalars(select(Draft.id).where(Draft.id == draft.id).with_for_update(key_share=True)).one()


# --- Openness ------------------------------------------------------------------------------------------------------


def channel_of(draft_id: int, openness: str) -> str:
    """Where what is said of a text is recorded: one channel for each openness, so that closed ones stay closed."""
    return f"agreement:{draft_id}" + (f":{openness}" if openness else "")


def narrowed(openness: str, group: Group) -> str:
    """Empty where the room is as open as the group of the text."""
    return "" if openness == group.openness or is_wider(openness, group.openness) else openness


def audience(openness: str) -> tuple[str, ...]:
    """Whose rows those read who may be in a room of this openness: its own, and all that are wider."""
    if not openness:
        return ("",)
    return ("", *(word for word in OPENNESS_ORDER if not is_wider(openness, word)))


def breadth(openness: str) -> int:
    """Lower is narrower. The narrowest row that one may read knows most."""
    return OPENNESS_ORDER.index(openness) if openness else len(OPENNESS_ORDER)


# --- Keeping -------------------------------------------------------------------------------------------------------


def marked(rows: Iterable[VersionParagraph], blocking: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The paragraphs of an event that marks them: each with its exact words, and who stood in the way."""
    return [
        {
            "paragraph": row.wid,
            "label": row.label,
            "wording": wording_of(row.text),
            "blocking": blocking.get(row.wid, []),
        }
        for row in rows
    ]


def record(
    tx: Transaction,
    actor: Actor,
    table: Table,
    type_: str,
    data: Mapping[str, Any],
    *,
    on_behalf_of: str | None = None,
) -> Envelope:
    """Write an act into the log of the text, and into the room where it happened. Returns the room's event if any."""
    author = table.author(actor, on_behalf_of)
    envelope = tx.append(table.channel, type_, author, data)
    if type_ in rules.EVENTS:
        keep(table.draft.id, table.openness, type_, data, timestamp(tx.now), author["role"])
    if table.session is not None:
        return append_act(tx, actor, table.session, type_, data, on_behalf_of=on_behalf_of)
    return envelope


def keep(draft_id: int, openness: str, type_: str, data: Mapping[str, Any], at: str, by: str) -> None:
    """Fold an event into the rows of all who could hear it: of its own openness, and of those that are narrower."""
    for said in data["paragraphs"]:
        wid = said["paragraph"]
        rows = {row.openness: row for row in _rows(draft_id, wid)}
        if openness not in rows:
            rows[openness] = _row(draft_id, openness, wid, rows)
        for word, row in rows.items():
            if word == openness or breadth(word) < breadth(openness):
                board = rules.evolve(
                    {wid: Standing.from_dict(row.standing)}, type_, dict(data, paragraphs=[said]), at, by
                )
                row.standing, row.level = board[wid].as_dict(), board[wid].level
    db.session.flush()


def _rows(draft_id: int, wid: str) -> list[AgreementRow]:
    query = select(AgreementRow).where(AgreementRow.draft_id == draft_id, AgreementRow.paragraph == wid)
    return list(db.session.scalars(query))


def _row(draft_id: int, openness: str, wid: str, rows: Mapping[str, AgreementRow]) -> AgreementRow:
    """A row for an openness that had none: it begins with what those people knew already."""
    wider = [word for word in audience(openness) if word in rows]
    known = rows[min(wider, key=breadth)].standing if wider else Standing().as_dict()
    row = AgreementRow(draft_id=draft_id, openness=openness, paragraph=wid, level=known["level"], standing=known)
    db.session.add(row)
    return row
