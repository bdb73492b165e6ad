"""The first page: what runs now, what comes next, what was issued. It reads all features and belongs to none."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.home import routes

    app.register_blueprint(routes.blueprint)
