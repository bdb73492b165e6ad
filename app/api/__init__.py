"""The HTTP API: schemas and routes over the same commands as the pages."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Wire this room."""
