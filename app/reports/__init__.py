"""What takes place, drawn from the log: the summary of a session, and the procedural report that is made of it."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.groups.panels import register_panel
    from app.live.parts import parts
    from app.reports import routes, views

    app.register_blueprint(routes.blueprint)
    register_panel("reports", 40, views.panel)
    if views.record_part not in parts.record_parts:
        parts.record_parts.append(views.record_part)
