"""The text core on texts that grow: open, compile, compare and rebase, against `git diff --word-diff` on the same text.

Every paragraph of the new text is reworded, and there are four proposals on each. What `git` does is a word diff of
two files; the whole command is measured, and its start is shown apart. Ours runs in a process that is there already,
as on the site, and nothing is kept from one run to the next.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from rich.console import Console
from rich.table import Table

from app.core.text import Paragraph, Proposal, ProposalKind, compare, compile_text, labels, read, rebase_all
from bench.norms import long_text

SIZES = (50, 100, 200, 500)
WORDS = ("responsible", "in good time", "jointly", "may", "and regions", "promptly")
TWICE = 2.0
"""Times of git's word diff that a comparison may take."""


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds, of the quickest of RUNS: of CPU, and on the clock."""

    cpu: float
    clock: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark. Returns 1 if anything grows with the square of the text, or compares too slowly."""
    parser = argparse.ArgumentParser(prog="chapeau bench text", description="Open, compare, rebase and compile.")
    parser.add_argument("--proposals", type=int, default=4, help="proposals on each paragraph")
    given = parser.parse_args(arguments)
    rows = {size: _measure(size, given.proposals) for size in SIZES}
    table = Table(title=f"milliseconds of CPU; {given.proposals} proposals on each paragraph, every paragraph reworded")
    for heading in ("paragraphs", *rows[SIZES[0]]):
        table.add_column(heading, justify="right")
    for size, row in rows.items():
        table.add_row(str(size), *(f"{times.cpu:.1f}" for times in row.values()))
    growth = {name: rows[500][name].cpu / rows[50][name].cpu for name in rows[500]}
    table.add_row("growth, 50 to 500", *(f"{factor:.1f}" for factor in growth.values()))
    Console().print(table)
    for size in (50, 500):
        ours, git = rows[size]["compare"], rows[size]["git word diff"]
        print(
            f"{size} paragraphs: compare takes {ours.cpu / git.cpu:.1f} times git's CPU "
            f"({ours.cpu:.1f} to {git.cpu:.1f} ms), {ours.clock / git.clock:.1f} times its time on the clock "
            f"({ours.clock:.1f} to {git.clock:.1f} ms)."
        )
    print("growth: 10 is with the text, 100 with its square. compare: rows, labels and marks of every paragraph, in a")
    print(f"process that runs already. git: the whole command, its start included. The quickest of {RUNS} runs each.")
    grows = any(growth[name] >= 40 for name in OURS)
    return 1 if grows or rows[500]["compare"].cpu > TWICE * rows[500]["git word diff"].cpu else 0


OURS = ("open", "compile", "compare", "rebase")


def _measure(size: int, number: int) -> dict[str, Times]:
    chance = random.Random(size)
    old = long_text(size)
    new = [replace(paragraph, text=_edited(paragraph.text, chance)) for paragraph in old]
    proposals = [_proposal(at, old[at % size], chance) for at in range(size * number)]
    old_labels, new_labels = labels(old, "resolution"), labels(new, "resolution")
    source = "\n\n".join(f"{at}. {paragraph.text}" for at, paragraph in enumerate(old, 1))
    return {
        "open": _least(lambda: read(source, "markdown", map(str, count()).__next__)),
        "compile": _least(lambda: compile_text(old, old_labels, proposals)),
        "compare": _least(lambda: compare(old, new, old_labels, new_labels)),
        "rebase": _least(lambda: rebase_all(old, new, proposals)),
        **_git(old, new),
    }


def _edited(text: str, chance: random.Random) -> str:
    """Two places of it put in other words."""
    words = text.split(" ")
    for _ in range(2):
        words[chance.randrange(len(words))] = chance.choice(WORDS)
    return " ".join(words)


def _proposal(at: int, paragraph: Paragraph, chance: random.Random) -> Proposal:
    text = _edited(paragraph.text, chance)
    return Proposal(f"x{at}", ProposalKind.REPLACE, paragraph.id, text, (f"Delegation {at % 190}",), order=at)


def _git(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> dict[str, Times]:
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

        return {"git word diff": _least(lambda: run(a, b)), "start of git": _least(lambda: run(nothing, nothing))}


RUNS = 7


def _least(work: Callable[[], object]) -> Times:
    """Of CPU: ours and of the processes that we started."""
    cpu, clock = [], []
    for _ in range(RUNS):
        began, used = time.perf_counter(), _cpu()
        work()
        cpu.append(_cpu() - used)
        clock.append(time.perf_counter() - began)
    return Times(min(cpu) * 1000, min(clock) * 1000)


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


if __name__ == "__main__":
    raise SystemExit(main())
