"""The floor: the speakers' list of a session, who speaks, and for how long."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.floor import events, parts, routes, stopping, wording

    app.register_blueprint(routes.blueprint)
    events.register()
    parts.register()
    stopping.register()
    wording.register()
