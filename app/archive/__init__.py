"""Search, citations, and the records of closed sessions."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.archive import index, routes

    index.follow_record()
    app.register_blueprint(routes.blueprint)
