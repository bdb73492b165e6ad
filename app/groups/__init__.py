"""Working groups, threads and posts."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.groups.routes import blueprint
    from app.groups.views import openness_label

    app.register_blueprint(blueprint)
    app.jinja_env.filters["group_openness"] = openness_label
