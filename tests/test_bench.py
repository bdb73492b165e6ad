"""A benchmark that cannot be run measures nothing: the one that speaks to the server as members do, in small."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_the_fan_out_is_measured_and_nothing_is_lost() -> None:
    command = [sys.executable, "-m", "bench", "fanout", "--members", "3", "--comments", "2", "--only", "house"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    (row,) = (line for line in done.stdout.splitlines() if "│ house" in line)
    assert row.rstrip("│ ").endswith("yes")
