"""A write that carries a key takes effect once, however often it is sent, and is answered alike each time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from app.errors import Conflict, Invalid
from app.extensions import db, upsert
from app.record.envelope import canonical
from app.record.models import IdempotentWrite
from app.record.transactions import transaction

Answer = tuple[int, dict[str, Any]]


def once(user_key: str, key: str, verb: str, payload: Any, do: Callable[[], Answer]) -> Answer:
    """Run `do` once for this user and key, inside one transaction, and keep its answer.

    The second call returns the first answer without running `do`. The same key with another verb or other words
    is a Conflict: it is a mistake of the client, and silence would lose the second write. An error raised by `do`
    keeps nothing, so that the write may be sent again when its cause is gone.
    """
    key = parse_key(key)
    fingerprint = hashlib.sha256(canonical([verb, payload]).encode()).hexdigest()
    with transaction() as tx:
        if not _claim(user_key, key, verb, fingerprint, tx.now):
            return _earlier(user_key, key, fingerprint)
        status, answer = do()
        db.session.execute(
            update(IdempotentWrite)
            .where(IdempotentWrite.user_key == user_key, IdempotentWrite.key == key)
            .values(status=status, answer=json.dumps(answer, ensure_ascii=False))
            .execution_options(synchronize_session=False)
        )
        return status, answer


def parse_key(key: Any) -> str:
    """The key in its one spelling. Raises Invalid when it is no UUID."""
    try:
        return str(UUID(str(key)))
    except ValueError:
        raise Invalid("The id of a write must be a UUID made by the client.", field="id") from None


def _claim(user_key: str, key: str, verb: str, fingerprint: str, now: Any) -> bool:
    """True for the first to come. On PostgreSQL a second one waits here until the first has ended."""
    said = {"verb": verb, "fingerprint": fingerprint, "status": 0, "answer": None, "at": now}
    return upsert(IdempotentWrite, {"user_key": user_key, "key": key, **said})


def _earlier(user_key: str, key: str, fingerprint: str) -> Answer:
    row = db.session.execute(
        select(IdempotentWrite.fingerprint, IdempotentWrite.status, IdempotentWrite.answer).where(
            IdempotentWrite.user_key == user_key, IdempotentWrite.key == key
        )
    ).one()
    if row.fingerprint != fingerprint or row.answer is None:
        raise Conflict("This id was already used for another write. Make a new one for each write.", field="id")
    return row.status, json.loads(row.answer)
