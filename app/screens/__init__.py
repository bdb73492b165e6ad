"""The projector view of a room: the focus in large letters, the speaker, the clock, the next five."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.screens import events, parts, routes, wording

    app.register_blueprint(routes.blueprint)
    events.init_app(app)
    parts.register()
    wording.register()
