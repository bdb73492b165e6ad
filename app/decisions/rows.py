"""Rows and the values of the rules: finding a decision, folding an event into its row."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.core.rules import decisions as rules
from app.decisions.models import Ballot, DecisionRow
from app.errors import Closed, Conflict, Forbidden, Invalid, NotFound
from app.extensions import db
from app.live.models import LiveSession
from app.live.segments import channel_now
from app.policy import Action, Actor, GroupId, can
from app.record import Envelope


def core_of(
    row: DecisionRow, *, voted: Collection[str] = (), ballots: Mapping[str, str] | None = None
) -> rules.Decision:
    """The row as the rules see it. Statements beside it are left out: no rule asks for them."""
    return rules.Decision(
        id=row.id,
        number=row.number,
        kind=row.kind,
        target=row.target,
        state=row.state,
        motion=row.motion,
        majority=row.majority,
        sponsor=row.sponsor,
        version=str(row.version_id) if row.version_id else None,
        objections=tuple(row.objections),
        eligible=frozenset(row.eligible),
        voted=frozenset(voted),
        ballots=ballots or {},
        tally=row.tally,
    )


def keep(row: DecisionRow, event: Envelope) -> None:
    """Fold an event that was appended just now into its row."""
    said = event.as_dict()
    ballots = said["data"].get("ballots", {})
    now = rules.evolve(core_of(row, voted=ballots), event.type, said["data"], said["actor"]["delegation"])
    row.kind, row.state, row.majority = str(now.kind), str(now.state), str(now.majority)
    row.objections, row.tally = list(now.objections), dict(now.tally)
    if event.type == "vote.opened":
        row.eligible = list(said["data"]["eligible"])


def ballots_of(decision_id: str) -> dict[str, str]:
    """Party to choice. Not to be read by anybody until the vote is announced."""
    rows = db.session.execute(select(Ballot.party, Ballot.choice).where(Ballot.decision_id == decision_id))
    return {row.party: row.choice for row in rows}


def find(session: LiveSession, decision_id: Any, states: Collection[str] = ()) -> DecisionRow:
    """The decision that a command names, in the present segment, held until the commit.

    Without a name it is the newest one in one of `states`. Raises NotFound, also for one of another segment.
    """
    query = select(DecisionRow).where(DecisionRow.channel == channel_now(session))
    if decision_id not in (None, ""):
        query = query.where(DecisionRow.id == str(decision_id))
    elif states:
        query = query.where(DecisionRow.state.in_(states))
    row = db.session.scalar(
        query.order_by(DecisionRow.number.desc()).limit(1).with_for_update(key_share=True, of=DecisionRow)
    )
    if row is not None:
        return row
    if decision_id in (None, ""):
        raise Closed(_("There is nothing before the meeting to do this with."), field="decision")
    raise NotFound(_("This decision was not found, or is not open to you."), field="decision")


def others_of(row: DecisionRow) -> list[rules.Decision]:
    """All decisions of the segment, in their order."""
    found = db.session.scalars(
        select(DecisionRow).where(DecisionRow.channel == row.channel).order_by(DecisionRow.number)
    )
    return [core_of(other) for other in found]


def by(actor: Actor, session: LiveSession, openness: str, action: Action) -> rules.By:
    """Who acts, when the policy has allowed `action`: the chair, or a member State's delegate."""
    chair = can(actor, Action.DECIDE, GroupId(session.group_id), openness)
    return rules.By(
        actor.party_code, chair=chair, member=not chair and can(actor, action, GroupId(session.group_id), openness)
    )


def require_allowed(row: DecisionRow, act: rules.Act, who: rules.By) -> None:
    """Raise unless the rules allow the act in the decision's state."""
    core = core_of(row)
    others = others_of(row) if act in (rules.Act.GAVEL, rules.Act.OPEN) else []
    refused = rules.refusal(core, act, who, others)
    if refused is None:
        return
    if refused is rules.Refused.STATE:
        raise Closed(_out_of_order(row, act), state=row.state)
    if refused is rules.Refused.FIRST:
        first = rules.first_of(core, others)
        assert first is not None
        raise Closed(_("Decision %(number)s has to be taken first.", number=first.number), first=first.id)
    raise Forbidden(_not_yours(act))


def _out_of_order(row: DecisionRow, act: rules.Act) -> str:
    if act is rules.Act.GAVEL and row.state == rules.State.OBJECTED:
        return _("There is an objection: there is no consensus. Consult, withdraw it, or put it to the vote.")
    if act is rules.Act.GAVEL and row.kind == rules.Kind.VOTE:
        return _("This is decided by a vote: open the voting.")
    if act is rules.Act.BALLOT:
        return _("The voting is not open.") if row.state == rules.State.PROPOSED else _("The voting is closed.")
    if row.state in rules.VOTING:
        return _("The voting has begun: nothing interrupts it until the result is announced.")
    if row.state in (*rules.DECIDED, rules.State.WITHDRAWN):
        return _("This is decided already: it stays as it is.")
    return _("This cannot be done now.")


def _not_yours(act: rules.Act) -> str:
    return {
        rules.Act.RELENT: _("Only a delegation that objected can withdraw its objection."),
        rules.Act.BALLOT: _("Only the member States of the group vote."),
        rules.Act.NOTE_INTENT: _("Only who could vote can say how it meant to vote."),
        rules.Act.WITHDRAW: _("Only its sponsor can withdraw it, until the voting begins."),
    }.get(act, _("Your role in this group does not allow this."))


def require_new(decision_id: str) -> None:
    if db.session.get(DecisionRow, decision_id) is not None:
        raise Conflict(_("There is a decision with this id already."), field="id")


def one_of(kind: Any, word: Any, field: str) -> str:
    """A word of an enumeration. Raises Invalid, naming `field`."""
    if word not in list(kind):
        raise Invalid(_("Choose one of: %(words)s.", words=", ".join(kind)), field=field)
    return str(word)
