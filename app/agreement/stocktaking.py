"""The text by levels of agreement, now and over time: computed from the log and the versions alone."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from app.agreement import queries
from app.core.rules import agreement as rules
from app.core.rules.agreement import Level, Standing
from app.drafts.models import Version
from app.drafts.queries import version_paragraphs
from app.record import Envelope, timestamp

STEPS_LIMIT = 2_000
"""Steps of the plot, at most: the last ones. A text has some hundreds."""


def taken(draft_id: int, versions: Sequence[Version], words: Sequence[str]) -> dict[str, Any]:
    """{version, levels, paragraphs, steps}: how each paragraph of the newest version stands, and how it came there.

    `versions` are the issued ones, oldest first. A step is {at, version, levels}: the counts from that moment on.
    """
    newest = versions[-1]
    rows = queries.negotiable(version_paragraphs(newest.id))
    steps: list[dict[str, Any]] = []
    board: dict[str, Standing] = {}
    for at, version, wids, board in _moments(draft_id, versions, words):
        levels = _counted(board, wids)
        if not steps or steps[-1]["levels"] != levels or steps[-1]["version"] != version:
            steps.append({"at": at, "version": version, "levels": levels})
    return {
        "version": newest.label,
        "levels": _counted(board, [row.wid for row in rows]),
        "paragraphs": [_told(row.wid, row.label, queries.standing_of(board, row.wid)) for row in rows],
        "steps": steps[-STEPS_LIMIT:],
    }


def _moments(
    draft_id: int, versions: Sequence[Version], words: Sequence[str]
) -> Iterator[tuple[str, str, list[str], dict[str, Standing]]]:
    """Each moment at which something may have changed: time, label of the version, its paragraphs, the board."""
    board: dict[str, Standing] = {}
    waiting = list(versions)
    wids: list[str] = []
    label = ""
    for event in queries.history_of(draft_id, words):
        while waiting and waiting[0].issued_at and timestamp(waiting[0].issued_at) <= event.at:
            version = waiting.pop(0)
            label, wids = version.label, _wids(version)
            issued_at = timestamp(version.issued_at) if version.issued_at else ""
            if issued_at != event.at:  # what the issue itself reopens belongs to its moment
                yield issued_at, label, wids, board
        board = folded(board, event)
        yield event.at, label, wids, board
    for version in waiting:
        yield timestamp(version.issued_at) if version.issued_at else "", version.label, _wids(version), board


def _wids(version: Version) -> list[str]:
    return [row.wid for row in queries.negotiable(version_paragraphs(version.id))]


def folded(board: dict[str, Standing], event: Envelope) -> dict[str, Standing]:
    """The board after one more event of the log."""
    said = json.loads(event.body)
    return dict(rules.evolve(board, event.type, said["data"], event.at, said["actor"]["role"]))


def _counted(board: dict[str, Standing], wids: Sequence[str]) -> dict[str, int]:
    counts = Counter(str(queries.standing_of(board, wid).level) for wid in wids)
    return {str(level): counts.get(level, 0) for level in Level}


def _told(wid: str, label: str, standing: Standing) -> dict[str, Any]:
    return {
        "paragraph": wid,
        "label": label,
        "level": str(standing.level),
        "flags": dict(standing.flags),
        "package": standing.package,
        "reopened": standing.reopened,
        "at": standing.at or None,
    }
