"""Parts of the suite that could not run here: named at the end, and a failure where CI=true."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests.support.rundir import locked, run_dir


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() == "true"


def missing(part: str, why: str) -> None:
    """Note that `part` (PostgreSQL, the browser tests …) cannot run here. Noted once, from any worker."""
    with locked("parts"):
        noted = read()
        if part not in noted:
            _file().write_text(json.dumps(noted | {part: why}), encoding="utf-8")


def skip(part: str, why: str) -> NoReturn:
    """Note it and skip the running test; where CI=true, fail it."""
    missing(part, why)
    if in_ci():
        pytest.fail(f"{part} cannot run here: {why}", pytrace=False)
    pytest.skip(f"{part}: {why}")


def read() -> dict[str, str]:
    """What was noted so far: the part, and why it cannot run."""
    try:
        noted: dict[str, str] = json.loads(_file().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return noted


def report(terminal: Any) -> None:
    """Write each noted part on a line of its own. For `pytest_terminal_summary`."""
    noted = read()
    if not noted:
        return
    terminal.section("parts that did not run here", bold=True, **{"red" if in_ci() else "yellow": True})
    for part, why in sorted(noted.items()):
        terminal.write_line(f"NOT RUN {part}: {why}")


def settle(session: pytest.Session) -> None:
    """Turn a passed run into a failed one where CI=true and a part is missing. For `pytest_sessionfinish`."""
    if in_ci() and session.exitstatus == pytest.ExitCode.OK and read():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _file() -> Path:
    return run_dir() / "parts.json"


run_dir()  # made where this is first imported, in the process that starts the workers
