"""The text core on texts that grow: open, compile, compare and rebase, against `git diff --word-diff` on the same text.

Every paragraph of the new text is reworded, and there are four proposals on each. What `git` does is a word diff of
two files; the whole command is measured, and its start is shown apart. Ours runs in a process that is there already,
as on the site, and nothing is kept from one run to the next.

Then the pages of a draft as large as the platform is made for: what is sent, compressed, and what that costs.
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
from bench.opening import COMMENTS, PARTIES, PROPOSALS, Opened, edited, opened

SIZES = (50, 100, 200, 500)
TWICE = 2.0
"""Times of git's word diff that a comparison may take."""
SECOND = 1000.0
"""Milliseconds of CPU that compiling or rebasing all of 500 paragraphs may take."""
SENT, SPENT = 250_000, 150.0
"""Bytes, compressed, that a page of 500 paragraphs may send, and milliseconds of CPU that it may take."""
ENDS = (50, 500)


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds, of the quickest of RUNS: of CPU, and on the clock."""

    cpu: float
    clock: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark. Returns 1 if anything grows with the square of the text, or misses its goal."""
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
    for name in ("compile", "rebase"):
        print(f"500 paragraphs: {name} takes {_beside(rows[500][name].cpu, SECOND, 'ms of CPU')}.")
    ours, git = rows[500]["compare"], rows[500]["git word diff"]
    print(f"500 paragraphs: compare takes {_beside(ours.cpu / git.cpu, TWICE, 'times the CPU of git')}.\n")
    slow = any(growth[name] >= 40 for name in OURS) or ours.cpu > TWICE * git.cpu
    slow = slow or max(rows[500]["compile"].cpu, rows[500]["rebase"].cpu) > SECOND
    return 1 if not _pages() or slow else 0


def _pages() -> bool:
    """Print what opening costs. Says whether what is sent is within its goal; time depends on the machine."""
    small, large = (opened(size) for size in ENDS)
    table = Table(
        title=f"opening; {PARTIES} parties, {PROPOSALS} proposals and {COMMENTS} comments on each paragraph",
        min_width=80,
    )
    for heading in ("page", "paragraphs", "KB", "KB compressed", "ms of CPU", "ms, the first time"):
        table.add_column(heading, justify="right")
    for name in large:
        for size, found in zip(ENDS, (small[name], large[name]), strict=True):
            table.add_row(name, str(size), *_figures(found))
        growth = (b / a for a, b in zip(_numbers(small[name]), _numbers(large[name]), strict=True))
        table.add_row("", "growth", *(f"{factor:.1f}" for factor in growth))
    Console().print(table)
    for name, found in large.items():
        sent = _beside(found.compressed / 1000, SENT / 1000, "KB compressed")
        print(f"500 paragraphs: {name} sends {sent}, and takes {_beside(found.cpu, SPENT, 'ms of CPU')}.")
    print(f"A page's first time weaves and compiles; after it, the quickest of {RUNS} runs.")
    return all(found.compressed <= SENT for found in large.values())


def _numbers(found: Opened) -> tuple[float, ...]:
    return found.plain / 1000, found.compressed / 1000, found.cpu, found.first


def _figures(found: Opened) -> list[str]:
    return [f"{number:.1f}" for number in _numbers(found)]


def _beside(measured: float, goal: float, unit: str) -> str:
    """A figure, with its goal beside it."""
    return f"{measured:.1f} {unit} (goal: at most {goal:g}; {'met' if measured <= goal else 'MISSED'})"


OURS = ("open", "compile", "compare", "rebase")


def _measure(size: int, number: int) -> dict[str, Times]:
    chance = random.Random(size)
    old = long_text(size)
    new = [replace(paragraph, text=edited(paragraph.text, chance)) for paragraph in old]
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


def _proposal(at: int, paragraph: Paragraph, chance: random.Random) -> Proposal:
    text = edited(paragraph.text, chance)
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
