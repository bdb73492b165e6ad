"""Silence procedures: a frozen text, a deadline, objections in writing, and the chair's letter."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.drafts.standing import standing
    from app.groups.panels import register_panel
    from app.silence import beside, routes, words

    app.register_blueprint(routes.blueprint)
    register_panel("silence", 15, beside.panel)
    if beside.frozen not in standing.freezes:
        standing.freezes.append(beside.frozen)
        standing.notices.append(beside.notice)
    words.register()
