"""The unit of work: one command, one transaction, its events sealed inside it and published after it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import event, insert, select, update
from sqlalchemy.engine import Connection, Engine

from app.extensions import db, upsert
from app.record.bus import TOPIC_EVENT, TOPIC_RIGHTS, bus
from app.record.envelope import GENESIS, Envelope, seal
from app.record.models import Channel, EventRow

WRITE = "chapeau_write"
_sqlite_writer = threading.RLock()
"""SQLite takes one writer. Waiting for this lock lets other greenlets run; waiting for the file would stop them all."""


Said = tuple[str, Mapping[str, Any], Mapping[str, Any]]
"""Type, actor and data of an event that is to be."""


class Transaction:
    """What a command writes with: `append` seals an event; `after_commit` runs things that must not come before."""

    def __init__(self) -> None:
        self._began = datetime.now(UTC)
        self.events: list[Envelope] = []
        self.rights: list[str] = []
        self._after: list[Callable[[], None]] = []

    @property
    def now(self) -> datetime:
        """The moment of the command: when its transaction began, or the moment of the history that is loaded."""
        return _as_of.get() or self._began

    def append(
        self,
        channel: str,
        type_: str,
        actor: Mapping[str, Any],
        data: Mapping[str, Any],
    ) -> Envelope:
        """Add the next event of `channel`."""
        return self.append_all(channel, [(type_, actor, data)])[0]

    def append_all(self, channel: str, said: Sequence[Said]) -> list[Envelope]:
        """Add the next events of `channel`, in order: as `append` does with each, but in three statements for all."""
        if not said:
            return []
        seq, prev = _lock_head(channel)
        moment = self.now
        made: list[Envelope] = []
        for type_, actor, data in said:
            made.append(seal(channel, seq + len(made) + 1, type_, moment, actor, data, prev))
            prev = made[-1].hash
        db.session.execute(insert(EventRow), [_as_row(envelope, moment) for envelope in made])
        db.session.execute(
            update(Channel)
            .where(Channel.name == channel)
            .values(last_seq=made[-1].seq, last_hash=prev)
            .execution_options(synchronize_session=False)
        )
        self.events += made
        for envelope in made:
            for prefix, follower in _followers:
                if envelope.type.startswith(prefix):
                    follower(envelope)
        return made

    def rights_changed(self, *whose: str) -> None:
        """Say that rights of `user:ID`, `group:ID` or `session:ID` changed.

        Rooms are told before the events of this transaction go out, so that not one more reaches whom it must not.
        """
        self.rights.extend(whose)

    def after_commit(self, action: Callable[[], None]) -> None:
        """Run `action` once the transaction is on disk, after its events were published."""
        self._after.append(action)


def _as_row(envelope: Envelope, moment: datetime) -> dict[str, Any]:
    return {
        "channel": envelope.channel,
        "seq": envelope.seq,
        "type": envelope.type,
        "at": moment,
        "body": envelope.body,
        "prev": envelope.prev,
        "hash": envelope.hash,
    }


_as_of: ContextVar[datetime | None] = ContextVar("as_of", default=None)


@contextmanager
def as_of(moment: datetime) -> Iterator[None]:
    """Let commands happen at `moment`: for a history that is loaded, such as the demo world's."""
    token = _as_of.set(moment)
    try:
        yield
    finally:
        _as_of.reset(token)


Follower = Callable[[Envelope], None]
_followers: list[tuple[str, Follower]] = []


def on_append(prefix: str, follower: Follower) -> None:
    """Call `follower` for each event whose type begins with `prefix`, inside its transaction.

    For what must never be out of step with the record, such as the search index: it commits with it or not at all.
    """
    if (prefix, follower) not in _followers:
        _followers.append((prefix, follower))


def _lock_head(channel: str) -> tuple[int, str]:
    """The seq and hash that the next event follows; its row stays locked until the end of the transaction."""
    head = select(Channel.last_seq, Channel.last_hash).where(Channel.name == channel).with_for_update(key_share=True)
    row = db.session.execute(head).one_or_none()
    if row is None:
        upsert(Channel, {"name": channel, "last_seq": 0, "last_hash": GENESIS})
        row = db.session.execute(head).one()
    return row.last_seq, row.last_hash


@contextmanager
def transaction() -> Iterator[Transaction]:
    """Open a command's transaction, or join the one that is open.

    What was read before it is read again inside it, so that rights and texts are fresh. When the block raises,
    nothing of it is kept.
    """
    session = db.session()
    current = session.info.get("transaction")
    if current is not None:
        yield current
        return
    with _writer():
        session.rollback()
        current = session.info["transaction"] = Transaction()
        try:
            session.connection(execution_options=_writing())
            yield current
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop("transaction", None)
        for whose in current.rights:
            bus.publish(TOPIC_RIGHTS, whose)
        for envelope in current.events:
            bus.publish(TOPIC_EVENT, f"{envelope.channel} {envelope.seq} {envelope.as_json()}")
    for action in current._after:
        action()


def _writing() -> dict[str, Any]:
    """On PostgreSQL, one that waited for a row goes on with what the other made of it; only readers keep a moment."""
    if db.engine.dialect.name == "sqlite":
        return {WRITE: True}
    return {WRITE: True, "isolation_level": "READ COMMITTED"}


@contextmanager
def _writer() -> Iterator[None]:
    if db.engine.dialect.name != "sqlite":
        yield
        return
    with _sqlite_writer:
        yield


def set_up_engine(engine: Engine) -> None:
    """Make SQLite behave: real transactions, a writer that declares itself, and every commit on the disk."""
    if engine.dialect.name != "sqlite":
        return
    if not event.contains(engine, "connect", _sqlite_connect):
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)


def _sqlite_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin by itself: _sqlite_begin does
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        # FULL, not NORMAL: an acknowledged word survives a power cut too.
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=10000",
        "temp_store=MEMORY",
        "cache_size=-32000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    """A writer takes the lock at once (IMMEDIATE): a reader that turns writer midway could only fail."""
    writing = connection.get_execution_options().get(WRITE)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
