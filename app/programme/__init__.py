"""The programme of work: which meetings when and where, deadlines, and calendars that follow their changes."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.groups.panels import register_panel
    from app.programme import panel, routes, words

    app.register_blueprint(routes.blueprint)
    register_panel("programme", 25, panel.render)
    words.register()
