"""The text core on texts that grow: compare, rebase and compile, against `git diff --word-diff` on the same text.

Every paragraph of the new text is reworded, and there are four proposals on each. What `git` does is a word diff of
two files; it is started anew for each, which is part of its time and shown apart.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from app.core.text import Paragraph, Proposal, ProposalKind, compare, compile_text, labels, rebase_all
from bench.norms import long_text

SIZES = (50, 100, 200, 500)
WORDS = ("responsible", "in good time", "jointly", "may", "and regions", "promptly")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark. Returns 1 if anything grows with the square of the text."""
    parser = argparse.ArgumentParser(prog="chapeau bench text", description="Compare, rebase and compile long texts.")
    parser.add_argument("--proposals", type=int, default=4, help="proposals on each paragraph")
    given = parser.parse_args(arguments)
    table = Table(title=f"milliseconds of CPU; {given.proposals} proposals on each paragraph, every paragraph reworded")
    for heading in ("paragraphs", "compare", "× git", "rebase", "compile", "git word diff", "start of git"):
        table.add_column(heading, justify="right")
    rows = {size: _measure(size, given.proposals) for size in SIZES}
    for size, (compared, rebased, compiled, git, start) in rows.items():
        times = (
            f"{compared:.0f}",
            f"{compared / git:.1f}",
            f"{rebased:.0f}",
            f"{compiled:.0f}",
            f"{git:.0f}",
            f"{start:.0f}",
        )
        table.add_row(str(size), *times)
    growth = [f"{rows[500][column] / rows[50][column]:.1f}" for column in range(4)]
    table.add_row("growth, 50 to 500", growth[0], "", *growth[1:], "")
    Console().print(table)
    print("growth: 10 is with the text, 100 with its square. compare: rows, labels and marks of every paragraph.")
    print("× git: our compare in times of git's word diff, in the same run. Least of three runs each.")
    return 0 if all(rows[500][column] / rows[50][column] < 40 for column in range(3)) else 1


def _measure(size: int, number: int) -> tuple[float, float, float, float, float]:
    chance = random.Random(size)
    old = long_text(size)
    new = [replace(paragraph, text=_edited(paragraph.text, chance)) for paragraph in old]
    proposals = [_proposal(at, old[at % size], chance) for at in range(size * number)]
    old_labels, new_labels = labels(old, "resolution"), labels(new, "resolution")
    return (
        _least(lambda: compare(old, new, old_labels, new_labels)),
        _least(lambda: rebase_all(old, new, proposals)),
        _least(lambda: compile_text(old, old_labels, proposals)),
        *_git(old, new),
    )


def _edited(text: str, chance: random.Random) -> str:
    """Two places of it put in other words."""
    words = text.split(" ")
    for _ in range(2):
        words[chance.randrange(len(words))] = chance.choice(WORDS)
    return " ".join(words)


def _proposal(at: int, paragraph: Paragraph, chance: random.Random) -> Proposal:
    text = _edited(paragraph.text, chance)
    return Proposal(f"x{at}", ProposalKind.REPLACE, paragraph.id, text, (f"Delegation {at % 190}",), order=at)


def _git(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> tuple[float, float]:
    """Its word diff of two files, and of two empty ones."""
    with tempfile.TemporaryDirectory(prefix="chapeau-bench-") as folder:
        a, b, nothing = (Path(folder) / name for name in ("old.txt", "new.txt", "empty.txt"))
        a.write_text("\n\n".join(paragraph.text for paragraph in old), encoding="utf-8")
        b.write_text("\n\n".join(paragraph.text for paragraph in new), encoding="utf-8")
        nothing.write_text("", encoding="utf-8")

        def run(one: Path, other: Path) -> None:
            command = ["git", "diff", "--no-index", "--word-diff", "--no-color", str(one), str(other)]
            done = subprocess.run(command, capture_output=True, check=False, cwd=folder)
            if done.returncode not in (0, 1):
                raise RuntimeError(done.stderr.decode())

        return _least(lambda: run(a, b)), _least(lambda: run(nothing, nothing))


def _least(work: Callable[[], object]) -> float:
    """Milliseconds of CPU, ours and of the processes we started, of the quickest of three runs."""
    times = []
    for _ in range(3):
        before = _cpu()
        work()
        times.append(_cpu() - before)
    return min(times) * 1000


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


if __name__ == "__main__":
    raise SystemExit(main())
