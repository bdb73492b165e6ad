"""`flask demo load`, `flask demo play`."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.demo.play.command import play

demo_commands = AppGroup("demo", help="The demo world.")
demo_commands.add_command(play)


@demo_commands.command("load")
def load() -> None:
    """Load the demo world. Where it is there already, nothing happens."""
    from app.demo.loader import is_loaded, load_with_progress

    if is_loaded():
        click.echo("The demo world is here already.")
        return
    load_with_progress()
    click.echo("The demo world is loaded.")
