"""Sessions, the focus, presence, the socket events."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Wire this room."""
