"""`flask demo play`: a full session at a given pace, and what it showed."""

from __future__ import annotations

import asyncio
import sys

import click
from rich.console import Console
from rich.table import Table

from app.demo.play import player, script, stage
from app.demo.play.audit import Findings, audit
from app.demo.play.player import Played
from app.errors import DomainError
from app.record import channels
from app.record.cli import faults_of


@click.command("play")
@click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="Where the site is served.")
@click.option("--delegations", default=60, show_default=True, help="How many sit in the room.")
@click.option("--minutes", default=3.0, show_default=True, help="How long it takes, if the machine can.")
@click.option("--seed", default=1, show_default=True, help="The same seed plays the same session.")
@click.option("--session", "session_id", type=int, help="A session that is there. Default: a new group and session.")
@click.option("--new", is_flag=True, help="Make a new group and session (the default).")
@click.option("--step", is_flag=True, help="Stop at each mark, and go on at Return.")
def play(url: str, delegations: int, minutes: float, seed: int, session_id: int | None, new: bool, step: bool) -> None:
    """Play a full session on a site that is served: speakers, comments, stances, a closed segment, a decision.

    It takes the same database as the server. At the end it looks from outside whether everything arrived, once and in
    order, and whether the pages say what the log says. Exit 1 when something does not hold.
    """
    if new and session_id is not None:
        raise click.UsageError("Either --new or --session.")
    try:
        made = stage.stage_of(session_id) if session_id else stage.new_stage(delegations, seed)
    except DomainError as error:
        raise click.ClickException(error.message) from None
    click.echo(f"Session {made.session} at {url}/sessions/{made.session}: {len(made.delegations)} delegations")
    try:
        played, found = asyncio.run(_run(url, made, seed, minutes * 60, step))
    except OSError as error:
        raise click.ClickException(f"The site at {url} does not answer as it should: {error}") from None
    found.faults += [line for channel in _channels(made.session) for line in faults_of(channel)]
    _print(played, found)
    if found.faults:
        sys.exit(1)


async def _run(url: str, made: stage.Stage, seed: int, seconds: float, step: bool) -> tuple[Played, Findings]:
    seats = await player.enter(url, made)
    click.echo(f"{len(seats)} sockets are in the room.")
    watched = sys.stderr.isatty() and not step

    def show(done: int, total: int) -> None:
        if watched:
            print(
                f"\rPlaying: {done * 100 // total:3d} %", end="" if done < total else "\n", file=sys.stderr, flush=True
            )

    async def mark(name: str) -> None:
        if step:
            click.echo(f"mark: {name}")
            sys.stdout.flush()
            await asyncio.to_thread(sys.stdin.readline)

    try:
        played = await player.play(made, seats, script.script_of(made, seed), seconds, mark, show)
        return played, await audit(played, url)
    finally:
        await player.leave(seats)


def _channels(session: int) -> list[str]:
    """The session's own channels and those of its texts: all that the play wrote into."""
    return [name for name in channels() if name.split(":")[:2] == ["session", str(session)] or ":" in name]


def _print(played: Played, found: Findings) -> None:
    table = Table(show_header=False, box=None)
    rows = {
        "played in": f"{played.seconds:.1f} s",
        "acts": f"{played.acts} ({played.refusals} refused as they should be, {len(played.refused)} not possible here)",
        "events": f"{found.events} in the session, {found.closed_events} behind closed doors",
        "deliveries": f"{found.deliveries}",
        "lost, doubled, out of order, leaked": f"{found.lost}, {found.doubled}, {found.disordered}, {found.leaked}",
        "ack, ms (p50, p95, p99)": ", ".join(f"{found.percentile(share):.0f}" for share in (0.5, 0.95, 0.99)),
        "put out by the closed door": f"{found.removed}",
        "speeches": f"{found.speeches}",
        "decision": found.decided or "none",
        "levels": ", ".join(f"{count} {level}" for level, count in sorted(found.levels.items())),
        "record": "every event holds" if not found.faults else "see below",
    }
    for name, value in rows.items():
        table.add_row(name, value)
    Console(width=110).print(table)
    for fault in found.faults:
        click.echo(f"  ✗ {fault}")
