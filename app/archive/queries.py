"""Reads of the archive: search over all that the reader may read, and the record of a session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, column, false, func, literal_column, or_, select, table, text

from app.archive.models import SearchEntry
from app.core.terms import Part, highlight, parse_query
from app.extensions import db
from app.groups.queries import readable_group_ids
from app.live.queries import heard_by
from app.policy import Actor

PAGE = 25
KINDS = ("paragraph", "comment", "decision", "statement", "post", "session", "group")
QUERY_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Found:
    """One hit. `excerpt` is the text around the words, as (piece, is a hit)."""

    kind: str
    url: str
    title: str
    party: str | None
    pillars: tuple[str, ...]
    at: datetime
    excerpt: list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class SearchPage:
    items: tuple[Found, ...]
    total: int
    counts: dict[str, int]
    """Kind to number of hits, before the filter of kind. Only what the reader may read is counted."""
    next: int | None


@dataclass(frozen=True, slots=True)
class Filters:
    kind: str | None = None
    group_id: int | None = None
    party: str | None = None
    pillar: str | None = None
    since: date | None = None
    until: date | None = None


def search(actor: Actor, words: str, filters: Filters = Filters(), *, after: int = 0, limit: int = PAGE) -> SearchPage:
    """What the actor may read that has all these words, best first. An empty query finds nothing."""
    query = parse_query(words[:QUERY_LIMIT])
    if not query:
        return SearchPage((), 0, {}, None)
    condition, rank = _match(query)
    where = and_(condition, _visible(actor), *_filters(filters))
    by_kind = select(SearchEntry.kind, func.count().label("number")).group_by(SearchEntry.kind)
    counts: dict[str, int] = {row.kind: row.number for row in db.session.execute(_from_index(by_kind).where(where))}
    if filters.kind:
        where = and_(where, SearchEntry.kind == filters.kind)
    rows = db.session.scalars(
        _from_index(select(SearchEntry)).where(where).order_by(rank, SearchEntry.id.desc()).offset(after).limit(limit)
    ).all()
    total = counts.get(filters.kind, 0) if filters.kind else sum(counts.values())
    more = after + len(rows) < total
    return SearchPage(tuple(_found(row, query) for row in rows), total, counts, after + len(rows) if more else None)


def _visible(actor: Actor) -> ColumnElement[bool]:
    """The one filter under the search: asked of the policy at this moment."""
    groups = readable_group_ids(actor)
    open_groups = and_(SearchEntry.session_id.is_(None), SearchEntry.group_id.in_(groups)) if groups else false()
    return or_(open_groups, heard_by(actor, SearchEntry.openness, SearchEntry.session_id))


def _filters(filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.group_id is not None:
        found.append(SearchEntry.group_id == filters.group_id)
    if filters.party:
        found.append(SearchEntry.party == filters.party)
    if filters.pillar:
        found.append((" " + SearchEntry.pillars + " ").contains(f" {filters.pillar} ", autoescape=True))
    if filters.since:
        found.append(SearchEntry.at >= datetime.combine(filters.since, time(), UTC))
    if filters.until:
        found.append(SearchEntry.at < datetime.combine(filters.until + timedelta(days=1), time(), UTC))
    return found


_FTS = table("search_fts", column("rowid"))


def _sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def _from_index(query: Any) -> Any:
    if _sqlite():
        return query.select_from(SearchEntry).join(_FTS, _FTS.c.rowid == SearchEntry.id)
    return query


def _match(query: Sequence[Part]) -> tuple[ColumnElement[bool], Any]:
    """The condition, and what to order by (best first), for the database at hand."""
    if _sqlite():
        words = " AND ".join(_fts5(part) for part in query)
        return text("search_fts MATCH :words").bindparams(words=words), text("search_fts.rank")  # type: ignore[return-value]
    vector = func.to_tsvector(literal_column("'simple'"), SearchEntry.terms)
    wanted = func.to_tsquery(literal_column("'simple'"), " & ".join(_tsquery(part) for part in query))
    return vector.op("@@")(wanted), func.ts_rank_cd(vector, wanted).desc()


def _fts5(part: Part) -> str:
    """Terms hold letters and digits only, so a quoted phrase cannot say anything but words."""
    return '"' + " ".join(part.terms) + '"' + ("*" if part.prefix else "")


def _tsquery(part: Part) -> str:
    words = [f"'{term}'" for term in part.terms]
    if part.prefix:
        words[-1] += ":*"
    return "(" + " <-> ".join(words) + ")"


def _found(row: SearchEntry, query: tuple[Part, ...]) -> Found:
    return Found(
        kind=row.kind,
        url=row.url,
        title=row.title,
        party=row.party,
        pillars=tuple(row.pillars.split()),
        at=row.at,
        excerpt=highlight(row.text, query),
    )
