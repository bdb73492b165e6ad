"""Working groups, threads and posts."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.groups.routes import blueprint
    from app.groups.views import openness_label
    from app.web.viewer import office_label

    app.register_blueprint(blueprint)
    app.jinja_env.filters.update(group_openness=openness_label, office=office_label)
