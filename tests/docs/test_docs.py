"""What the documents say is so: links lead somewhere, tables are the code's, nothing names a machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from app.core.rules.agreement import TRANSITIONS as AGREEMENT
from app.core.rules.decisions import TRANSITIONS as DECISIONS
from app.core.rules.proposals import TRANSITIONS as PROPOSALS
from app.core.rules.sessions import TRANSITIONS
from app.core.rules.speakers import ENTRY_TRANSITIONS, LIST_TRANSITIONS
from app.policy.table import TABLE

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]


def table_rows(text: str) -> list[list[str]]:
    rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in text.splitlines() if "|" in line]
    return [row for row in rows if set("".join(row)) - {"-"}]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / target).exists(), target


def test_the_matrix_in_the_docs_is_the_matrix() -> None:
    said = table_rows((ROOT / "docs" / "permissions.md").read_text(encoding="utf-8"))
    assert said == table_rows(TABLE)


def test_the_states_in_the_docs_are_the_states() -> None:
    said = table_rows((ROOT / "docs" / "live-room.md").read_text(encoding="utf-8"))
    assert said[1:] == [[str(part) for part in row] for row in TRANSITIONS]


def test_the_life_of_a_proposal_in_the_docs_is_its_life() -> None:
    said = table_rows((ROOT / "docs" / "proposals.md").read_text(encoding="utf-8"))
    assert said[1:] == [[str(part) for part in row] for row in PROPOSALS]


def test_the_states_of_the_floor_in_the_docs_are_its_states() -> None:
    said = table_rows((ROOT / "docs" / "floor.md").read_text(encoding="utf-8"))
    rows = [[str(part) for part in row] for row in (*ENTRY_TRANSITIONS, *LIST_TRANSITIONS)]
    assert [row for row in said if len(row) == 4 and row[0] != "from"] == rows


def test_the_life_of_a_decision_in_the_docs_is_its_life() -> None:
    said = table_rows((ROOT / "docs" / "decisions.md").read_text(encoding="utf-8"))
    assert said[1:] == [[" or ".join(kinds), *(str(part) for part in row)] for kinds, *row in DECISIONS]


def test_the_levels_of_agreement_in_the_docs_are_the_levels() -> None:
    said = table_rows((ROOT / "docs" / "agreement.md").read_text(encoding="utf-8"))
    assert said[1:] == [[str(part) for part in row] for row in AGREEMENT]


def test_the_readme_names_both_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "./chapeau serve" in readme
    assert "./chapeau test" in readme


def test_nothing_names_a_machine_or_a_registry() -> None:
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    wrong = []
    place = re.compile(
        "|".join(["/" + "work/", "/" + "root/", "/" + "tmp/[a-z]", "pypi" + r"\.org", "npmjs" + r"\.(?:org|com)"])
    )
    for name in files.split("\0"):
        path = ROOT / name
        if not name or not path.is_file() or path.stat().st_size > 2**20 or "vendor" in path.parts:
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if found := place.search(text):
            wrong.append(f"{name}: {found.group()}")
    assert wrong == []
