"""What a run of the fan-out found, and how it is printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Result:
    """One server under the load."""

    name: str
    members: int
    per_second: float
    """Deliveries a second: comments times members."""
    ack_ms: float
    """Median milliseconds until the poster has the ack."""
    cpu_us: float
    """Microseconds of the server's CPU for one delivery."""
    kib_per_member: float
    whole: bool
    """Every comment acknowledged, and delivered to all, once, in order."""

    @classmethod
    def of(cls, name: str, said: dict[str, Any], cpu_seconds: float, bytes_per_member: float) -> Result:
        deliveries = max(said["deliveries"], 1)
        acks = said["acks"] or [float("nan")]
        return cls(
            name=name,
            members=said["members"],
            per_second=deliveries / said["seconds"],
            ack_ms=acks[len(acks) // 2] * 1000,
            cpu_us=cpu_seconds / deliveries * 1e6,
            kib_per_member=bytes_per_member / 1024,
            whole=said["whole"],
        )


def print_table(results: Sequence[Result]) -> None:
    """Print the results, each with its ratio to the first."""
    reference = results[0]
    table = Table(title=f"{reference.members} members; ratios to: {reference.name}")
    table.add_column("server")
    for heading in ("deliveries/s", "×", "ack ms", "CPU µs", "×", "KiB"):
        table.add_column(heading, justify="right")
    table.add_column("whole")
    for result in results:
        table.add_row(
            result.name,
            f"{result.per_second:,.0f}",
            f"{result.per_second / reference.per_second:.1f}",
            f"{result.ack_ms:.1f}",
            f"{result.cpu_us:.1f}",
            f"{reference.cpu_us / result.cpu_us:.1f}" if result.cpu_us else "–",
            f"{result.kib_per_member:.0f}",
            "yes" if result.whole else "NO",
        )
    Console().print(table)
    print("ack: median until the poster has it. CPU: of the server, for one delivery. KiB: of memory, for one member.")
    print("whole: every comment acknowledged, and delivered to all, once, in order.")
