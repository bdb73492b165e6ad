"""Saying where one stands on exact words, and that a condition is met."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.agreement import queries
from app.agreement.models import Bridging, WordStance
from app.agreement.tables import Table, audience, breadth, hold, record
from app.core.rules.agreement import Bridge
from app.core.rules.proposals import Code
from app.core.rules.stances import On, wording_of, wording_of_all
from app.drafts import queries as texts
from app.drafts.standing import require_unfrozen
from app.errors import Closed, Forbidden, Invalid, NotFound
from app.extensions import db
from app.groups.services import words
from app.policy import Actor, GroupId, PartyKind, role_in
from app.proposals.services import check_stance
from app.record import Envelope, Transaction, transaction

NOTE_LIMIT = 400


@dataclass(frozen=True, slots=True)
class Target:
    """What a stance is about: its name, the hash of its present words, how the room calls it."""

    name: str
    on: On
    wording: str
    paragraph: str | None
    label: str


def target_of(table: Table, name: Any) -> Target:
    """`paragraph:WID` or its label, `text:` for the whole, `bridging:ID`. Raises Invalid, NotFound or Closed."""
    kind, _colon, rest = str(name).partition(":")
    if kind == On.PARAGRAPH:
        row = table.paragraph(rest)
        return Target(f"paragraph:{row.wid}", On.PARAGRAPH, wording_of(row.text), row.wid, row.label)
    if kind == On.TEXT:
        rows = texts.version_paragraphs(table.version.id)
        wording = wording_of_all((row.wid, row.text) for row in rows)
        return Target("text:", On.TEXT, wording, None, table.version.label)
    if kind == On.BRIDGING:
        bridging = db.session.get(Bridging, rest[:16])
        if bridging is None or bridging.draft_id != table.draft.id or bridging.openness not in audience(table.openness):
            raise NotFound(_("This bridging text was not found, or is not open to you."))
        if bridging.state != Bridge.SHOWN:
            raise Closed(_("This bridging text is not on the screen any more."), state=bridging.state)
        return Target(bridging.target, On.BRIDGING, wording_of(bridging.text), bridging.paragraph, bridging.label)
    raise Invalid(_("A stance is on a paragraph, a proposal, a bridging text or the whole text."), field="target")


def take(
    actor: Actor,
    table: Table,
    target: Any,
    code: str | None,
    *,
    note: Any = "",
    condition: Any = None,
    on_behalf_of: str | None = None,
) -> Envelope:
    """Say where one's delegation, or the group of States it speaks for, stands on words; None takes it back.

    `condition` names the paragraph on whose agreement it depends. The caller made `table` with TAKE_POSITION.
    """
    with transaction() as tx:
        _require_voice(actor, table)
        hold(table.draft)  # before the look at what freezes it: who freezes a text holds the same row
        require_unfrozen(table.draft.id)
        found = target_of(table, target)
        check_stance(code)
        said = words.checked_text(note or "", "note", NOTE_LIMIT, required=False)
        depends = _condition(table, found, code, condition, said)
        signed = words.signed(actor, table.group.id, on_behalf_of)
        behalf = signed["on_behalf_of"]
        data = {
            "target": found.name,
            "paragraph": found.paragraph,
            "label": found.label,
            "number": found.label,
            "holder": holder_of(actor, behalf),
            "stance": code,
            "note": said,
            "condition": depends,
            "wording": found.wording,
            "version": str(table.version.id),
            "view": actor.party_kind is not PartyKind.MEMBER_STATE and behalf is None,
        }
        _keep(tx, actor, table, data, behalf)
        return record(tx, actor, table, "position.taken", data, on_behalf_of=behalf)


def holder_of(actor: Actor, on_behalf_of: str | None) -> str:
    """A party by its code; a group of States as `group:` and its code."""
    if on_behalf_of is None:
        return str(actor.party_code)
    return "group:" + next(code for code, name in actor.speaks_for.items() if name == on_behalf_of)


def _require_voice(actor: Actor, table: Table) -> None:
    if actor.party_id is None or role_in(actor, GroupId(table.group.id)) in words.OFFICERS:
        raise Forbidden(_("Only a delegation can do this."))
    table.require_names()


def _condition(table: Table, target: Target, code: str | None, condition: Any, note: str) -> str | None:
    """The paragraph on whose agreement a conditional stance depends, where it names one."""
    if code != Code.CONDITIONAL:
        return None
    if not condition:
        if not note:
            raise Invalid(_("Say on what condition."), field="condition")
        return None
    row = table.paragraph(str(condition))
    if row.wid == target.paragraph and target.on is On.PARAGRAPH:
        raise Invalid(_("A paragraph cannot be the condition of itself."), field="condition")
    return row.wid


def _keep(tx: Transaction, actor: Actor, table: Table, data: dict[str, Any], behalf: str | None) -> None:
    """What is said here is the last word for all who hear it: narrower rows of the same holder go."""
    query = select(WordStance).where(
        WordStance.draft_id == table.draft.id,
        WordStance.target == data["target"],
        WordStance.holder == data["holder"],
    )
    rows = list(db.session.scalars(query))
    for row in rows:
        if row.openness == table.openness or breadth(row.openness) < breadth(table.openness):
            db.session.delete(row)
    db.session.flush()
    if data["stance"] is None and not any(breadth(row.openness) > breadth(table.openness) for row in rows):
        return
    db.session.add(
        WordStance(
            draft_id=table.draft.id,
            target=data["target"],
            openness=table.openness,
            holder=data["holder"],
            party_id=actor.party_id,
            on_behalf_of=behalf,
            code=data["stance"],
            note=data["note"],
            condition=data["condition"],
            view=data["view"],
            wording=data["wording"],
            version_id=table.version.id,
            at=tx.now,
        )
    )


def confirm_condition(actor: Actor, table: Table, target: Any, holder: str, *, met: bool = True) -> Envelope:
    """Say that the condition of a stance is met, or not after all. The software suggests; an officer decides."""
    with transaction() as tx:
        hold(table.draft)
        found = target_of(table, target)
        known = queries.stance_rows(table.draft.id, audience(table.openness), target=found.name)
        row = next((row for row in known if row.holder == holder and row.code == Code.CONDITIONAL), None)
        if row is None:
            raise Invalid(_("Nobody of that name made a condition here."), field="holder")
        if row.wording != found.wording:
            raise Closed(_("That condition was about other words."), state="stale")
        if row.openness == table.openness:
            row.met = met
        else:
            _confirm_here(table, row, met)
        for other in _narrower_rows(table, row):
            other.met = met
        data = {
            "target": found.name,
            "paragraph": found.paragraph,
            "label": found.label,
            "holder": holder,
            "met": met,
        }
        return record(tx, actor, table, "condition.confirmed", data)


def _confirm_here(table: Table, row: WordStance, met: bool) -> None:
    """What was said in the open, and confirmed behind a door, is confirmed for those behind it."""
    names = ("draft_id", "target", "holder", "party_id", "on_behalf_of", "code", "note", "condition", "view")
    kept = {name: getattr(row, name) for name in (*names, "wording", "version_id", "at")}
    db.session.add(WordStance(**kept, openness=table.openness, met=met))
    db.session.flush()


def _narrower_rows(table: Table, row: WordStance) -> list[WordStance]:
    query = select(WordStance).where(
        WordStance.draft_id == row.draft_id, WordStance.target == row.target, WordStance.holder == row.holder
    )
    return [other for other in db.session.scalars(query) if breadth(other.openness) < breadth(table.openness)]
