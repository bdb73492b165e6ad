"""The append-only log: channels, sequence, hash chain, publishing, verification.

Every change that a person makes is one event in one channel, written in the same transaction as the change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.record import transactions
from app.record.bus import TOPIC_AGAIN, TOPIC_EVENT, TOPIC_PRESENCE, TOPIC_RIGHTS, bus
from app.record.envelope import Envelope, Fault, canonical, timestamp
from app.record.idempotency import once, parse_key
from app.record.log import PAGE, channels, events_after, events_of, last_seq, verify_channel
from app.record.transactions import Transaction, as_of, on_append, transaction

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """The command line of the record, and the queue between processes where there is one."""
    from app.record.cli import record_commands

    app.cli.add_command(record_commands)


__all__ = [
    "PAGE",
    "TOPIC_AGAIN",
    "TOPIC_EVENT",
    "TOPIC_PRESENCE",
    "TOPIC_RIGHTS",
    "Envelope",
    "Fault",
    "Transaction",
    "as_of",
    "bus",
    "canonical",
    "channels",
    "events_after",
    "events_of",
    "init_app",
    "last_seq",
    "on_append",
    "once",
    "parse_key",
    "timestamp",
    "transaction",
    "transactions",
    "verify_channel",
]
