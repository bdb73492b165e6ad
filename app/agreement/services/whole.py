"""What happens to all paragraphs at once: the decision on the whole text, and a silence that was not broken.

These take a transaction that is open: the decision is what is decided, and this is what follows from it. They ask no
policy: who may decide is asked by whoever calls them.
"""

from __future__ import annotations

from typing import Any

from app.agreement import queries
from app.agreement.tables import Table, audience, hold, marked, record, require_newest
from app.core.rules.agreement import AGREEING, Act, Level, Who, after, together
from app.drafts import queries as texts
from app.drafts.models import Version
from app.live.models import LiveSession
from app.policy import Actor
from app.record import Envelope, Transaction


def adopt_text(
    tx: Transaction,
    actor: Actor,
    version: Version,
    *,
    session: LiveSession | None = None,
    openness: str = "",
    reason: str = "",
) -> Envelope | None:
    """Mark every paragraph of an issued version as adopted, by the decision on the whole.

    `openness` is empty unless it was decided where fewer hear than the group is open to. Returns None where every
    paragraph was adopted already. Raises Closed when a newer version is out.
    """
    return _all(tx, actor, Table(version, openness, session), Act.ADOPT, Level.ADOPTED, reason)


def agree_text_ad_ref(
    tx: Transaction,
    actor: Actor,
    version: Version,
    *,
    session: LiveSession | None = None,
    openness: str = "",
    reason: str = "",
    only: frozenset[str] | None = None,
) -> Envelope | None:
    """Mark every paragraph, or `only` these, as agreed ad referendum: silence was not broken on them.

    The members of a package move together, though silence was on one of them alone. Those that stand further stay
    where they are. What stood in the way is kept with it.
    """
    return _all(tx, actor, Table(version, openness, session), Act.AGREE_AD_REF, Level.AGREED_AD_REF, reason, only)


def _all(
    tx: Transaction,
    actor: Actor,
    table: Table,
    act: Act,
    level: Level,
    reason: str,
    only: frozenset[str] | None = None,
) -> Envelope | None:
    hold(table.draft)
    require_newest(table)
    board = queries.board_of(table.draft.id, audience(table.openness))
    who = (Who.DECISION, Who.CHAIR)
    if only is not None:
        only = frozenset(wid for one in only for wid in together(board, one))
    rows = [
        row
        for row in queries.negotiable(texts.version_paragraphs(table.version.id))
        if (only is None or row.wid in only) and after(queries.standing_of(board, row.wid).level, act, who) is not None
    ]
    if not rows:
        return None
    blocking = queries.blocking_on(table, rows) if act in AGREEING else {}
    data: dict[str, Any] = {
        "paragraph": None,
        "label": table.version.label,
        "act": str(act),
        "level": str(level),
        "version": str(table.version.id),
        "reason": reason,
        "package": "",
        "holders": [],
        "on_instruction": False,
        "paragraphs": marked(rows, blocking),
    }
    return record(tx, actor, table, "agreement.marked", data)
