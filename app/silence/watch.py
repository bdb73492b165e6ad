"""Notices when the platform was down: an outage in the last hour of a silence procedure is told to its chair.

While a procedure runs, the processes together keep one row fresh. A gap in it is an outage: of all of them, since one
that lives is enough to keep it fresh.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from app.core.rules.silence import State
from app.extensions import db, upsert
from app.record import Transaction, timestamp, transaction
from app.silence.acting import append_for_chair
from app.silence.ending import CLOCK
from app.silence.models import Heartbeat, SilenceProcedure

NAME = "platform"
EVERY = timedelta(seconds=20)
GAP = timedelta(seconds=90)
"""Silence of the platform itself for so long is an outage."""
LAST = timedelta(hours=1)
"""An outage matters so long before a deadline."""


def beat(now: datetime) -> None:
    """Say that the platform is up, at most every twenty seconds, while a procedure runs."""
    running = select(SilenceProcedure.id).where(SilenceProcedure.state == State.RUNNING).limit(1)
    if db.session.scalar(running) is None:
        return
    last = db.session.scalar(select(Heartbeat.at).where(Heartbeat.name == NAME))
    if last is not None and now - last < EVERY:
        return
    with transaction() as tx:
        begin(now)
        row = db.session.scalars(
            select(Heartbeat)
            .where(Heartbeat.name == NAME)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        ).one()
        if now - row.at >= GAP:
            _tell(tx, row.at, now)
        row.at = max(row.at, now)


def begin(now: datetime) -> None:
    """Make the row where there is none. Call inside a transaction."""
    upsert(Heartbeat, {"name": NAME, "at": now})


def begin_again(now: datetime) -> None:
    """A procedure opens: the time before it, in which nobody kept the row fresh, was no outage."""
    begin(now)
    row = db.session.scalars(select(Heartbeat).where(Heartbeat.name == NAME).with_for_update(key_share=True)).one()
    row.at = max(row.at, now)


def _tell(tx: Transaction, since: datetime, until: datetime) -> None:
    rows = db.session.scalars(
        select(SilenceProcedure).where(
            SilenceProcedure.state == State.RUNNING,
            SilenceProcedure.deadline >= since,
            SilenceProcedure.deadline <= until + LAST,
        )
    )
    for silence in rows:
        append_for_chair(tx, CLOCK, silence, "silence.outage", {"from": timestamp(since), "until": timestamp(until)})
