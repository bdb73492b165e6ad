"""What Alembic compares: everything but the tables that a full-text index makes for itself."""

from __future__ import annotations


def include_object(item: object, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:
    """The tables of SQLite's FTS5 and PostgreSQL's full-text index come from the migration's own statements."""
    if kind == "index" and reflected and name == "ix_search_entry_terms":
        return False
    return not (kind == "table" and (name or "").startswith("search_fts"))
