"""Long work with progress."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.jobs import routes

    app.register_blueprint(routes.blueprint)
