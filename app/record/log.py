"""Reading the record: the events of a channel, its head, and whether its chain holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from app.extensions import db
from app.record.envelope import GENESIS, Envelope, Fault, first_fault, timestamp
from app.record.models import Channel, EventRow

PAGE = 500
"""Events in one answer, at most."""


def events_after(channel: str, after: int, limit: int = PAGE, types: Sequence[str] | None = None) -> list[Envelope]:
    """The events of `channel` with a seq above `after`, in order."""
    query = select(EventRow).where(EventRow.channel == channel, EventRow.seq > after)
    if types:
        query = query.where(EventRow.type.in_(types))
    rows = db.session.scalars(query.order_by(EventRow.seq).limit(limit))
    return [_envelope(row) for row in rows]


def events_of(channels: Sequence[str], types: Sequence[str] | None = None) -> list[Envelope]:
    """All events of one or several channels in the order in which they were written, across the channels too."""
    query = select(EventRow).where(EventRow.channel.in_(channels))
    if types:
        query = query.where(EventRow.type.in_(types))
    return [_envelope(row) for row in db.session.scalars(query.order_by(EventRow.id))]


def last_seq(channel: str) -> int:
    """The seq of the newest event, 0 where there is none."""
    return db.session.scalar(select(Channel.last_seq).where(Channel.name == channel)) or 0


def channels() -> list[str]:
    return list(db.session.scalars(select(Channel.name).order_by(Channel.name)))


def verify_channel(channel: str) -> Fault | None:
    """Check the whole chain of `channel` against its head. None when it holds."""
    fault, seq, hash_ = first_fault(channel, _walk(channel))
    if fault is None:
        head = db.session.execute(
            select(Channel.last_seq, Channel.last_hash).where(Channel.name == channel)
        ).one_or_none()
        said = (head.last_seq, head.last_hash) if head else (0, GENESIS)
        if said != (seq, hash_):
            fault = Fault(channel, seq + 1, f"the channel says that it ends with event {said[0]}, the log with {seq}")
    return fault


def _walk(channel: str) -> Iterator[Envelope]:
    after = 0
    while page := events_after(channel, after):
        yield from page
        after = page[-1].seq
        db.session.expunge_all()


def _envelope(row: EventRow) -> Envelope:
    return Envelope(row.channel, row.seq, row.type, timestamp(row.at), row.body, row.prev, row.hash)
