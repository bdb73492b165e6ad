"""An issued text never changes: what its hash is over, and the guard that refuses to alter its rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from app.drafts.models import ISSUED, Version, VersionParagraph
from app.record import canonical


class FrozenError(RuntimeError):
    """Somebody tried to change an issued version. No command does: this is a mistake in the code."""


def text_of(platform_id: str, label: str, rows: Iterable[VersionParagraph]) -> dict[str, Any]:
    """What is hashed: the platform id, the label, and each paragraph's identity, kind, level, label and words."""
    return {
        "platform_id": platform_id,
        "label": label,
        "paragraphs": [
            {"id": row.wid, "kind": row.kind, "level": row.level, "label": row.label, "text": row.text} for row in rows
        ],
    }


def fingerprint(text: dict[str, Any]) -> str:
    """SHA-256 over the canonical JSON of an issued text."""
    return hashlib.sha256(canonical(text).encode()).hexdigest()


_KEPT = ("label", "sha256", "number", "issued_at", "draft_id")


@event.listens_for(Session, "before_flush")
def _refuse_changes(session: Session, _context: Any, _instances: Any) -> None:
    for thing in (*session.dirty, *session.deleted):
        gone = thing in session.deleted
        if isinstance(thing, VersionParagraph) and (gone or session.is_modified(thing)) and _is_frozen(session, thing):
            raise FrozenError("a paragraph of an issued version")
        if isinstance(thing, Version) and _was_issued(thing) and (gone or _touched(thing)):
            raise FrozenError("an issued version")


def _is_frozen(session: Session, row: VersionParagraph) -> bool:
    """Does the row belong to an issued version, as the database has it?"""
    history = inspect(row).attrs.version_id.history
    version_id = history.deleted[0] if history.deleted else row.version_id
    with session.no_autoflush:
        version = session.get(Version, version_id) if version_id is not None else None
    return version is not None and _was_issued(version)


def _was_issued(version: Version) -> bool:
    before = inspect(version).attrs.state.history.deleted
    return (before[0] if before else version.state) in ISSUED


def _touched(version: Version) -> bool:
    state = inspect(version)
    if state.attrs.state.history.has_changes() and version.state != "adopted":
        return True  # adoption is the one thing that still happens to it
    return any(state.attrs[name].history.has_changes() for name in _KEPT)
