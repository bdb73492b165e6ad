"""Where paragraphs of a working copy stand, and what they are called there.

Nothing is renumbered inside a round, because every instruction from a capital cites the numbers of the version that
is out: a paragraph of that version keeps its label wherever it is moved, a new one is called after its neighbour
(bis, ter, alt). Only the issue numbers anew (domain brief §3.3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.core.text import Kind, Paragraph, ParagraphId, Relation, Style, labels, slugs
from app.drafts.models import VersionParagraph
from app.drafts.views import as_paragraph

BELOW = (Kind.ITEM, Kind.CONTINUATION)
"""Kinds that stand under a numbered paragraph and go where it goes."""
BODY = (Kind.PREAMBULAR, Kind.OPERATIVE, Kind.PARAGRAPH, Kind.CHAPEAU, *BELOW)
Rows = Sequence[VersionParagraph]
Names = dict[str, tuple[str, str]]
"""Paragraph to its label and slug."""


def block_end(rows: Rows, start: int) -> int:
    """One past the last row that stands below `rows[start]`: its items and what continues it."""
    end = start + 1
    while end < len(rows) and is_below(rows[end], rows[start]):
        end += 1
    return end


def is_below(row: VersionParagraph, host: VersionParagraph) -> bool:
    """May `row` be a part of `host`, by its kind and level?"""
    if row.kind not in BELOW or host.kind not in BODY:
        return False
    return host.kind not in BELOW or row.level > host.level


def place_after(rows: Rows, neighbour: VersionParagraph, new: VersionParagraph) -> int:
    """Where a new row goes: after its neighbour, that one's items, and those that came in there before it."""
    end = block_end(rows, rows.index(neighbour))
    if is_below(new, neighbour):
        return end
    families = {_first_of(rows, neighbour.wid)}
    related = [Relation.ALTERNATIVE_TO]
    if new.relation == Relation.INSERTED_AFTER:
        related.append(Relation.INSERTED_AFTER)
    while end < len(rows) and rows[end].relation in related and _first_of(rows, rows[end].wid) in families:
        end = block_end(rows, end)
    return end


def relate(rows: Rows, neighbour: VersionParagraph, new: VersionParagraph) -> None:
    """Say after which paragraph a new one is named: its neighbour, or the nearest one of its own kind before it."""
    if new.relation == Relation.ALTERNATIVE_TO or (new.kind == neighbour.kind and new.level == neighbour.level):
        new.relation_to = neighbour.wid
        return
    start = rows.index(neighbour)
    if is_below(new, neighbour):
        candidates = [row for row in rows[start + 1 : block_end(rows, start)] if row.level == new.level]
    else:
        candidates = [row for row in rows[: start + 1] if row.kind not in BELOW]
    like = [row for row in candidates if row.kind == new.kind]
    new.relation_to = like[-1].wid if like else None
    if not like:
        new.relation = None


def kind_after(rows: Rows, neighbour: VersionParagraph, style: str) -> Kind:
    """What a new paragraph after this one is, unless said: like its neighbour; after a heading, like the text near."""
    if neighbour.kind in BODY:
        return Kind(neighbour.kind)
    place = rows.index(neighbour)
    for row in (*rows[place:], *reversed(rows[:place])):
        if row.kind in (Kind.PREAMBULAR, Kind.OPERATIVE, Kind.PARAGRAPH):
            return Kind(row.kind)
    return Kind.OPERATIVE if style == Style.RESOLUTION else Kind.PARAGRAPH


def moved(rows: Rows, row: VersionParagraph, after: VersionParagraph | None) -> list[VersionParagraph]:
    """The rows with `row` and what stands below it behind `after`, or first. As they were, when it is its own part."""
    start = rows.index(row)
    block = list(rows[start : block_end(rows, start)])
    if after in block:
        return list(rows)
    rest = [other for other in rows if other not in block]
    if after is None:
        return block + rest
    place = rest.index(after)
    place = place + 1 if is_below(row, after) else block_end(rest, place)
    return [*rest[:place], *block, *rest[place:]]


def stepped(rows: Rows, row: VersionParagraph, step: int) -> list[VersionParagraph]:
    """The rows with `row` and what stands below it one place up (-1) or down (1), past a whole neighbour."""
    start = rows.index(row)
    end = block_end(rows, start)
    block = list(rows[start:end])
    if step > 0:
        past = block_end(rows, end) if end < len(rows) else end
        return [*rows[:start], *rows[end:past], *block, *rows[past:]]
    place = _begin_of_neighbour(rows, start)
    return [*rows[:place], *block, *rows[place:start], *rows[end:]]


def _begin_of_neighbour(rows: Rows, start: int) -> int:
    """Where the whole neighbour above `rows[start]` begins: its head, not its last item."""
    place = max(0, start - 1)
    for candidate in range(start - 1, -1, -1):
        if block_end(rows, candidate) >= start and not is_below(rows[start], rows[candidate]):
            place = candidate
        if rows[candidate].kind not in BELOW:
            break
    return place


def names_at_the_desk(rows: Rows, base: Rows, style: str) -> Names:
    """Labels and slugs of a working copy whose last issued version is `base`."""
    if not base:
        return _names([as_paragraph(row) for row in rows], style)
    known = {row.wid for row in base}
    text = [as_paragraph(row) for row in base]
    place_of = {row.wid: place for place, row in enumerate(rows)}
    for row in sorted((row for row in rows if row.wid not in known), key=_age):
        before = rows[place_of[row.wid] - 1].wid if place_of[row.wid] else None
        if row.kind in BELOW and row.relation is None and before is not None:
            text.insert(_index(text, before) + 1, as_paragraph(row))
        else:
            text.append(as_paragraph(row))
    return _names(text, style)


def names_when_issued(rows: Rows, style: str) -> Names:
    """Labels and slugs as the issue gives them: what came in is numbered like all others, in the order of the text."""
    return _names([_settled(as_paragraph(row), rows) for row in rows], style)


def settle(rows: Rows) -> None:
    """Let go of relations that end with the issue: that something came in late, and alternatives to what is gone."""
    for row in rows:
        kept = _settled(as_paragraph(row), rows)
        row.relation, row.relation_to = kept.relation, kept.relation_to


def _settled(paragraph: Paragraph, rows: Rows) -> Paragraph:
    there = paragraph.relation_to in {row.wid for row in rows} if paragraph.relation_to else False
    if paragraph.relation is Relation.ALTERNATIVE_TO and there:
        return paragraph
    return replace(paragraph, relation=None, relation_to=None)


def _names(text: list[Paragraph], style: str) -> Names:
    found = labels(text, Style(style))
    parts = slugs(found)
    return {identity: (label, parts[identity]) for identity, label in found.items()}


def _first_of(rows: Rows, wid: str) -> str:
    """The paragraph that stood there before others came in after it, or beside it."""
    by_wid = {row.wid: row for row in rows}
    seen: set[str] = set()
    while wid in by_wid and wid not in seen:
        seen.add(wid)
        related = by_wid[wid].relation_to
        if not by_wid[wid].relation or related not in by_wid or related is None:
            break
        wid = related
    return wid


def _age(row: VersionParagraph) -> float:
    """Those that came in first are named first; a row that is not in the database yet is the newest."""
    return row.id if row.id is not None else float("inf")


def _index(text: list[Paragraph], wid: str) -> int:
    place = next((i for i, paragraph in enumerate(text) if paragraph.id == ParagraphId(wid)), None)
    return len(text) - 1 if place is None else place
