"""The clock: a silence procedure ends exactly once, at its deadline.

Every process may try, at any time: the first one to hold the row writes the end, the others find it written. Nobody
need be awake at the deadline: whoever comes later ends it first, with the outcome that the objections received by
then decide.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select

from app.core.rules import silence as rules
from app.core.rules.silence import Act, State
from app.extensions import db
from app.record import timestamp, transaction
from app.silence.acting import held
from app.silence.models import SilenceProcedure

CLOCK: dict[str, Any] = {"user": None, "name": "", "delegation": None, "on_behalf_of": None, "role": "system"}
"""The author of what nobody does: it happens by the server's clock."""


def end_due(now: datetime | None = None) -> list[int]:
    """End what is due. Cheap where nothing is: one read of an index. Returns what this call ended."""
    moment = now or datetime.now(UTC)
    due = select(SilenceProcedure.id).where(
        SilenceProcedure.state == State.RUNNING, SilenceProcedure.deadline <= moment - rules.SETTLING
    )
    return [found for found in db.session.scalars(due).all() if end(found, moment)]


def next_due() -> datetime | None:
    """When the next procedure is due."""
    deadline = db.session.scalar(
        select(func.min(SilenceProcedure.deadline)).where(SilenceProcedure.state == State.RUNNING)
    )
    return rules.due_at(deadline) if deadline else None


def end(silence_id: int, now: datetime) -> bool:
    """End one, if it is still running and due once its row is held. Says whether it was this call that did."""
    with transaction() as tx:
        silence = held(silence_id)
        if silence.state != State.RUNNING or rules.due_at(silence.deadline) > now:
            return False  # another process was faster, or the chair extended it
        broken = any(not objection.late for objection in silence.objections)
        outcome = rules.after(silence.state, Act.END, broken=broken)
        assert outcome is not None
        silence.state = silence.outcome = outcome
        silence.ended_at = tx.now
        tx.append(
            silence.channel, "silence.ended", CLOCK, {"deadline": timestamp(silence.deadline), "outcome": str(outcome)}
        )
        return True
