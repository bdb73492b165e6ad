"""`flask record verify [CHANNEL]`."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click
from flask.cli import AppGroup

from app.record.log import channels, verify_channel

record_commands = AppGroup("record", help="The append-only log.")

Check = Callable[[str], list[str]]
"""Compares what the tables hold with what the events of one channel say. Returns what does not agree."""
_checks: dict[str, Check] = {}


def also_check(prefix: str, check: Check) -> None:
    """Let a feature compare its own tables with channels named `prefix:…`, whenever the record is verified."""
    _checks[prefix] = check


@record_commands.command("verify")
@click.argument("channel", required=False)
def verify(channel: str | None) -> None:
    """Check the hash chain, and that the tables still say what the events say. Exit 0 when all holds, else 1."""
    known = channels()
    if channel and channel not in known:
        click.echo(f"There is no channel {channel}.", err=True)
        sys.exit(1)
    chosen = [channel] if channel else known
    faults = [line for name in chosen for line in faults_of(name)]
    for line in faults:
        click.echo(line, err=True)
    if faults:
        sys.exit(1)
    click.echo(f"{len(chosen)} channel{'s' if len(chosen) != 1 else ''}: every event holds.")


def faults_of(channel: str) -> list[str]:
    """What does not hold in a channel, first fault first; empty when all does."""
    fault = verify_channel(channel)
    if fault:
        return [f"{channel}, event {fault.seq}: {fault.reason}."]
    check = _checks.get(channel.split(":", 1)[0])
    return [f"{channel}: {said}" for said in check(channel)] if check else []
