"""The demo world: one believable negotiation, written by us, loaded through the same commands that people use."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.demo.cli import demo_commands

    app.cli.add_command(demo_commands)
