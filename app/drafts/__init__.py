"""Drafts, their versions and paragraphs: bringing texts in, working on them, issuing, comparing."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.drafts import checks, freezing, imports, panel, places, routes  # noqa: F401  (freezing listens)
    from app.groups.links import register_texts
    from app.groups.panels import register_panel
    from app.record.cli import also_check

    app.register_blueprint(routes.blueprint)
    imports.register()
    register_panel("drafts", 10, panel.render)
    register_texts(places.Places())
    also_check("draft", checks.check)
