"""The table in the documents is the table in the code."""

from __future__ import annotations

from pathlib import Path

from app.core.rules.sessions import CHANGES
from tests.docs.test_docs import table_rows

PAGE = Path(__file__).resolve().parents[2] / "docs" / "programme.md"


def test_the_changes_in_the_docs_are_the_changes() -> None:
    said = table_rows(PAGE.read_text(encoding="utf-8"))
    assert said[1:] == [[str(part) for part in row] for row in CHANGES]
