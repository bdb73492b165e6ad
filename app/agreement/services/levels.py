"""Marking how far paragraphs are agreed, reopening them, flags, packages. Acts of officers; the software only warns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from app.agreement import queries
from app.agreement.tables import Table, audience, hold, marked, record, require_newest
from app.core.rules import agreement as rules
from app.core.rules.agreement import Act, Flag, Level, Standing, Who
from app.core.rules.sessions import Mode
from app.core.rules.stances import wording_of
from app.drafts import queries as texts
from app.drafts.models import VersionParagraph
from app.errors import Closed, Conflict, Forbidden, Invalid
from app.groups.services import words
from app.policy import Action, Actor, GroupId, Role, can, require, role_in
from app.record import Envelope, transaction

REASON_LIMIT = 1_000
NAME_LIMIT = 60
DETAIL_LIMIT = 200


def mark(
    actor: Actor, table: Table, paragraph: Any, level: Any, *, reason: Any = "", holders: Sequence[str] = ()
) -> Envelope:
    """Mark a paragraph, and those of its package with it: bracketed, open again, or agreed at some level.

    Over a stance that stands in the way it is agreed with a reason only, which everybody reads. `holders` of a
    bracket: codes of parties, or `group:` and the code of a group of States.
    """
    act = _act(level)
    with transaction() as tx:
        hold(table.draft)
        row = table.paragraph(paragraph)
        board = queries.board_of(table.draft.id, audience(table.openness))
        who = _who(actor, table, queries.standing_of(board, row.wid))
        _require_may(actor, table, act, who)
        require_newest(table)
        if act is Act.AGREE:
            _require_formal(table)
        rows = _moved(table, board, row, act, who)
        said = words.checked_text(reason or "", "reason", REASON_LIMIT, required=False)
        blocking = queries.blocking_on(table, rows) if act in rules.AGREEING else {}
        _require_reason(act, blocking, said)
        left = _left(actor, queries.standing_of(board, row.wid)) if who == (Who.HOLDER,) else ()
        data = {
            **_about(table, row, act, said, board),
            "level": str(Level.BRACKETED if left else level),
            "holders": list(left or _holders(table, holders, act)),
            "paragraphs": marked(rows, blocking),
        }
        return record(tx, actor, table, "agreement.marked", data | _instructed(actor, table))


def reopen(actor: Actor, table: Table, paragraph: Any, reason: Any) -> Envelope:
    """Reopen what was agreed, with the reason; the members of a package reopen together."""
    with transaction() as tx:
        hold(table.draft)
        row = table.paragraph(paragraph)
        board = queries.board_of(table.draft.id, audience(table.openness))
        who = _who(actor, table, queries.standing_of(board, row.wid))
        _require_may(actor, table, Act.REOPEN, who)
        require_newest(table)
        said = words.checked_text(reason, "reason", REASON_LIMIT)
        rows = _moved(table, board, row, Act.REOPEN, who)
        data = {
            **_about(table, row, Act.REOPEN, said, board),
            "paragraphs": [{"paragraph": one.wid, "label": one.label, "wording": wording_of(one.text)} for one in rows],
        }
        return record(tx, actor, table, "agreement.reopened", data | _instructed(actor, table))


def flag(actor: Actor, table: Table, paragraph: Any, name: Any, *, on: bool = True, detail: Any = "") -> Envelope:
    """Flag a paragraph, or take a flag off: placement, consistency, pending (the detail says for what)."""
    with transaction() as tx:
        _require_may(actor, table, None, _officer(actor, table))
        hold(table.draft)
        row = table.paragraph(paragraph)
        if name not in list(Flag):
            raise Invalid(_("A flag is one of: %(names)s.", names=", ".join(Flag)), field="flag")
        said = words.checked_text(detail or "", "detail", DETAIL_LIMIT, required=on and name == Flag.PENDING)
        data = {
            "paragraph": row.wid,
            "label": row.label,
            "version": str(table.version.id),
            "flag": str(name),
            "on": on,
            "detail": said,
            "paragraphs": [{"paragraph": row.wid, "label": row.label}],
        }
        return record(tx, actor, table, "agreement.flagged", data | _instructed(actor, table))


# --- Packages ------------------------------------------------------------------------------------------------------


def form_package(actor: Actor, table: Table, name: Any, paragraphs: Sequence[Any]) -> Envelope:
    """Bind paragraphs into a package: from now on they are agreed, and reopened, together."""
    with transaction() as tx:
        _require_may(actor, table, None, _officer(actor, table))
        hold(table.draft)
        called = words.checked_line(name, "name", NAME_LIMIT)
        rows = list({row.wid: row for row in map(table.paragraph, paragraphs)}.values())
        if len(rows) < 2:
            raise Invalid(_("A package holds at least two paragraphs."), field="paragraphs")
        board = queries.board_of(table.draft.id, audience(table.openness))
        if any(standing.package == called for standing in board.values()):
            raise Conflict(_("There is a package of that name already."), field="name")
        for row in rows:
            if other := queries.standing_of(board, row.wid).package:
                raise Conflict(_("%(label)s is in the package %(name)s.", label=row.label, name=other))
        data = _package(table, called, rows)
        return record(tx, actor, table, "package.formed", data | _instructed(actor, table))


def dissolve_package(actor: Actor, table: Table, name: Any) -> Envelope:
    """Let the paragraphs of a package go each its own way. What is agreed stays agreed."""
    with transaction() as tx:
        _require_may(actor, table, None, _officer(actor, table))
        hold(table.draft)
        board = queries.board_of(table.draft.id, audience(table.openness))
        rows = [
            row
            for row in texts.version_paragraphs(table.version.id)
            if name and queries.standing_of(board, row.wid).package == name
        ]
        if not rows:
            raise Invalid(_("There is no package of that name."), field="name")
        data = _package(table, str(name), rows)
        return record(tx, actor, table, "package.dissolved", data | _instructed(actor, table))


def _package(table: Table, name: str, rows: Sequence[VersionParagraph]) -> dict[str, Any]:
    return {
        "name": name,
        "version": str(table.version.id),
        "paragraph": rows[0].wid,
        "label": ", ".join(row.label for row in rows),
        "paragraphs": [{"paragraph": row.wid, "label": row.label} for row in rows],
    }


# --- Below the commands --------------------------------------------------------------------------------------------


def _act(level: Any) -> Act:
    if not isinstance(level, str) or level not in rules.ACT_OF:
        raise Invalid(_("A level is one of: %(names)s.", names=", ".join(rules.ACT_OF)), field="level")
    return rules.ACT_OF[Level(level)]


def _officer(actor: Actor, table: Table) -> tuple[Who, ...]:
    group = GroupId(table.group.id)
    if can(actor, Action.MARK_AGREED, group, table.open_to):
        return (Who.OFFICER, Who.CHAIR)
    return (Who.OFFICER,) if can(actor, Action.MARK_INFORMALLY, group, table.open_to) else ()


def _who(actor: Actor, table: Table, standing: Standing) -> tuple[Who, ...]:
    """What the actor is to this paragraph: an officer, or a delegation that holds its bracket."""
    if officer := _officer(actor, table):
        return officer
    speaks = can(actor, Action.TAKE_POSITION, GroupId(table.group.id), table.open_to) and table.attributed
    return (Who.HOLDER,) if speaks and _names(actor) & set(standing.holders) else ()


def _names(actor: Actor) -> set[str]:
    return {str(actor.party_code), *(f"group:{code}" for code in actor.speaks_for)}


def _left(actor: Actor, standing: Standing) -> tuple[str, ...]:
    """Who holds the bracket still when one holder lets go: the last one lifts it."""
    mine = _names(actor)
    return tuple(holder for holder in standing.holders if holder not in mine)


def _require_may(actor: Actor, table: Table, act: Act | None, who: Sequence[Who]) -> None:
    """Who may not do such a thing at all is refused before anything is said of the state."""
    if act is Act.LIFT and Who.HOLDER in who:
        return
    group = GroupId(table.group.id)
    require(actor, Action.MARK_INFORMALLY, group, table.open_to, what=_("This text"))
    if act in (Act.AGREE, Act.AGREE_AD_REF):
        require(actor, Action.MARK_AGREED, group, table.open_to, what=_("This text"))


def _require_formal(table: Table) -> None:
    """Agreed for good is a decision, and a decision is taken in a formal meeting."""
    if table.session is None:
        raise Closed(
            _("No meeting is on: agree it in informals or ad referendum, and confirm it in a formal meeting."),
            state="outside",
        )
    if table.session.mode != Mode.FORMAL:
        raise Closed(
            _("The meeting is informal: agree it in informals or ad referendum, and confirm it in a formal one."),
            state=table.session.mode,
        )


def _moved(
    table: Table, board: Mapping[str, Standing], row: VersionParagraph, act: Act, who: Sequence[Who]
) -> list[VersionParagraph]:
    """The paragraphs that move with this act, each where it may. Raises Closed where one of them may not."""
    there = {one.wid: one for one in texts.version_paragraphs(table.version.id)}
    moves = act in (*rules.AGREEING, Act.REOPEN)
    wids = [wid for wid in (rules.together(board, row.wid) if moves else (row.wid,)) if wid in there]
    found = []
    for wid in wids:
        level = queries.standing_of(board, wid).level
        if rules.after(level, act, who) is not None:
            found.append(there[wid])
        elif rules.doers(level, act):
            raise Forbidden(_("%(label)s stands where only the Chair can move it.", label=there[wid].label))
        elif wid == row.wid or act is not Act.REOPEN:
            if wid != row.wid and _is_further(level, act):
                continue
            raise Closed(
                _("%(label)s cannot be marked so from where it stands.", label=there[wid].label), state=str(level)
            )
    return found


def _is_further(level: Level, act: Act) -> bool:
    """Does a member of the package stand at that level already, or beyond it?"""
    wanted = {Act.AGREE_IN_INFORMALS: 0, Act.AGREE_AD_REF: 1, Act.AGREE: 2}.get(act)
    return wanted is not None and level in rules.AGREED and rules.AGREED.index(level) >= wanted


def _require_reason(act: Act, blocking: Mapping[str, Sequence[Mapping[str, Any]]], reason: str) -> None:
    against = rules.OVERRIDDEN.get(act, ())
    found = [one for here in blocking.values() for one in here if one["block"] in against]
    if found and not reason:
        raise Invalid(
            _("Somebody stands in the way. Say why it is agreed all the same: everybody will read it."),
            field="reason",
            blocking=found,
        )


def _holders(table: Table, holders: Sequence[Any], act: Act) -> list[str]:
    if act is not Act.BRACKET or not holders:
        return []
    table.require_names()
    if isinstance(holders, str) or len(holders) > 60 or not all(isinstance(one, str) for one in holders):
        raise Invalid(_("Say who holds the bracket, by codes."), field="holders")
    return [one[:60] for one in holders]


def _about(table: Table, row: VersionParagraph, act: Act, reason: str, board: Mapping[str, Standing]) -> dict[str, Any]:
    return {
        "paragraph": row.wid,
        "label": row.label,
        "act": str(act),
        "version": str(table.version.id),
        "reason": reason,
        "package": queries.standing_of(board, row.wid).package,
    }


def _instructed(actor: Actor, table: Table) -> dict[str, Any]:
    """The secretariat types what an officer says: the record tells it from an officer's own act."""
    return {"on_instruction": role_in(actor, GroupId(table.group.id)) is Role.SECRETARIAT}
