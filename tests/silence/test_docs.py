"""The table in the documents is the table in the code."""

from __future__ import annotations

from pathlib import Path

from app.core.rules.silence import TRANSITIONS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "silence.md"


def test_the_life_in_the_docs_is_its_life() -> None:
    lines = PAGE.read_text(encoding="utf-8").split("## Its life")[1].split("\n\n")[0].strip().splitlines()[2:]
    said = [tuple(cell.strip() for cell in line.strip("| ").split("|")) for line in lines]
    assert said == [tuple(str(part) for part in row) for row in TRANSITIONS]
