"""What needs a delegation now: worked out each time from what is, never sent, and ordered by what cannot wait."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.delegations.models import InboxMark
from app.errors import Unauthenticated
from app.extensions import db, upsert
from app.policy import Actor
from app.record import transaction

KEY_LIMIT = 120


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that needs the delegation. `key` names the thing in its present state: when that moves, it is new.

    `act` is a form that does what is asked in one tap: address and fields; without one, `url` leads there.
    """

    key: str
    kind: str
    title: str
    detail: str
    url: str
    label: str
    """What the tap does."""
    at: datetime
    deadline: datetime | None = None
    session: int | None = None
    act: tuple[str, dict[str, str]] | None = None
    read: bool = field(default=False, compare=False)


Source = Callable[[Actor, datetime], Iterable[Item]]
sources: list[Source] = []


def items(actor: Actor, now: datetime | None = None) -> list[Item]:
    """What needs the actor's delegation, but for what this person has put away: the nearest deadline first."""
    if not actor.signed_in:
        return []
    moment = now or datetime.now(UTC)
    marks = _marks(actor)
    found = [item for source in sources for item in source(actor, moment)]
    return sorted(_marked({item.key: item for item in found}.values(), marks), key=_order)


def unread(found: Sequence[Item]) -> int:
    return sum(not item.read for item in found)


def mark(actor: Actor, keys: Sequence[Any], *, dismiss: bool = False) -> None:
    """Note that a person has read items, or puts them away. Theirs alone: colleagues see them still."""
    if actor.user_id is None:
        raise Unauthenticated(_("Sign in to do this."))
    with transaction() as tx:
        for key in {key for key in keys if isinstance(key, str) and 0 < len(key) <= KEY_LIMIT}:
            said = {"read_at": tx.now} | ({"dismissed_at": tx.now} if dismiss else {})
            upsert(InboxMark, {"user_id": actor.user_id, "key": key, **said}, key=("user_id", "key"), change=said)


def _marks(actor: Actor) -> dict[str, InboxMark]:
    query = select(InboxMark).where(InboxMark.user_id == actor.user_id)
    return {row.key: row for row in db.session.scalars(query)}


def _marked(found: Iterable[Item], marks: dict[str, InboxMark]) -> Iterator[Item]:
    for item in found:
        row = marks.get(item.key)
        if row is None:
            yield item
        elif row.dismissed_at is None:
            yield _read(item)


def _read(item: Item) -> Item:
    return replace(item, read=True)


def _order(item: Item) -> tuple[bool, float]:
    """By deadline; what has none after it, the newest first."""
    return (False, item.deadline.timestamp()) if item.deadline else (True, -item.at.timestamp())
