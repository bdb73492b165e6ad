"""When a version is issued: agreement goes with the words. Same words keep it, other words reopen it, with the reason.

Stances need no carrying: each knows its words by their hash. What the secretariat marked as editorial takes both along.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from app.agreement import queries
from app.agreement.models import AgreementRow, EditorialMark, WordStance
from app.agreement.tables import Table, audience, breadth, record
from app.core.rules.agreement import Act, Standing
from app.core.rules.stances import wording_of
from app.core.text import diff
from app.drafts.models import Version, VersionParagraph
from app.drafts.queries import version_paragraphs
from app.extensions import db
from app.policy import Actor
from app.record import Transaction

CHANGE_LIMIT = 300

Rows = Mapping[str, VersionParagraph]


def settle(tx: Transaction, actor: Actor, issued: Version, _fates: Mapping[str, Any]) -> None:
    """Part of the act of issuing, after the version stands."""
    if issued.based_on_id is None:
        return
    old = {row.wid: row for row in version_paragraphs(issued.based_on_id)}
    new = {row.wid: row for row in version_paragraphs(issued.id)}
    marks = valid_marks(issued.draft_id, old, new)
    for openness in sorted(_opennesses(issued.draft_id), key=breadth, reverse=True):
        table = Table(issued, openness)
        for wid, mark in marks.items():
            _take_along(tx, actor, table, old[wid], new[wid], mark)
        _reopen_changed(tx, actor, table, old, new)
    for mark in queries.editorial_marks(issued.draft_id).values():
        db.session.delete(mark)


def valid_marks(draft_id: int, old: Rows, new: Rows) -> dict[str, EditorialMark]:
    """Editorial marks whose words are those that the paragraph has now, where they are others than before."""
    return {
        wid: mark
        for wid, mark in queries.editorial_marks(draft_id).items()
        if wid in old and wid in new and old[wid].text != new[wid].text and wording_of(new[wid].text) == mark.wording
    }


def would_reopen(board: Mapping[str, Standing], old: Rows, new: Rows) -> dict[str, str]:
    """Paragraph to why it would be reopened by these words: wording, gone, or package and its name."""
    found: dict[str, str] = {}
    for wid, standing in board.items():
        if not standing.agreed:
            continue
        if wid not in new:
            found[wid] = "gone"
        elif wording_of(new[wid].text) != standing.wording:
            found[wid] = "wording"
    broken = {board[wid].package for wid in found} - {""}
    for wid, standing in board.items():
        if standing.agreed and standing.package in broken and wid not in found:
            found[wid] = f"package:{standing.package}"
    return found


def words_of_change(before: str, after: str) -> str:
    """What changed, and no more: `offer → provide; cyberattack → ICT incident`. Whole words, in any language."""
    pairs: list[list[str]] = []
    joined = False
    for op in diff(before, after):
        if str(op.kind) == "equal":
            joined = not op.text.strip()  # one blank between two changes does not part them
            if joined and pairs:
                pairs[-1] = [side + op.text for side in pairs[-1]]
            continue
        if not joined or not pairs:
            pairs.append(["", ""])
        pairs[-1][str(op.kind) == "insert"] += op.text
        joined = True
    told = "; ".join(_pair(old.strip(), new.strip()) for old, new in pairs)
    return told if len(told) <= CHANGE_LIMIT else told[: CHANGE_LIMIT - 1] + "…"


def _pair(old: str, new: str) -> str:
    return f"{old} → {new}" if old and new else f"+ {new}" if new else f"− {old}"


def _opennesses(draft_id: int) -> set[str]:
    levels = db.session.scalars(select(AgreementRow.openness).where(AgreementRow.draft_id == draft_id).distinct())
    said = db.session.scalars(select(WordStance.openness).where(WordStance.draft_id == draft_id).distinct())
    return {*levels, *said}


def _take_along(
    tx: Transaction, actor: Actor, table: Table, old: VersionParagraph, new: VersionParagraph, mark: EditorialMark
) -> None:
    """An editorial change, by the secretariat's word: the notice stands in the log, and nothing reopens."""
    before, wording = wording_of(old.text), wording_of(new.text)
    query = select(WordStance).where(
        WordStance.draft_id == table.draft.id,
        WordStance.target == f"paragraph:{new.wid}",
        WordStance.openness == table.openness,
        WordStance.wording == before,
    )
    for row in db.session.scalars(query):
        row.wording = wording
    data = {
        "paragraph": new.wid,
        "label": new.label,
        "before": before,
        "wording": wording,
        "change": words_of_change(old.text, new.text),
        "note": mark.note,
        "by": mark.by,
        "version": str(table.version.id),
        "paragraphs": [{"paragraph": new.wid, "label": new.label, "wording": wording}],
    }
    record(tx, actor, table, "agreement.editorial", data)


def _reopen_changed(tx: Transaction, actor: Actor, table: Table, old: Rows, new: Rows) -> None:
    board = queries.board_of(table.draft.id, audience(table.openness))
    causes: dict[str, list[str]] = defaultdict(list)
    for wid, cause in would_reopen(board, old, new).items():
        causes[wid if cause == "wording" else cause].append(wid)
    for cause, wids in causes.items():
        data = _reopening(table, cause, wids, old, new)
        record(tx, actor, table, "agreement.reopened", data)


def _reopening(table: Table, cause: str, wids: Sequence[str], old: Rows, new: Rows) -> dict[str, Any]:
    """One event for each paragraph whose words changed, and one for those that go with it."""
    rows = [new.get(wid) or old[wid] for wid in wids]
    worded = cause not in ("gone",) and not cause.startswith("package:")
    return {
        "paragraph": wids[0],
        "label": ", ".join(row.label for row in rows),
        "act": str(Act.CHANGE),
        "cause": "wording" if worded else cause.partition(":")[0],
        "package": cause.partition(":")[2] if cause.startswith("package:") else "",
        "reason": words_of_change(old[wids[0]].text, new[wids[0]].text) if worded and wids[0] in old else "",
        "version": str(table.version.id),
        "paragraphs": [{"paragraph": row.wid, "label": row.label, "wording": wording_of(row.text)} for row in rows],
    }
