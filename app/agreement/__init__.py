"""Stances on exact words, how far paragraphs are agreed, packages, bridging text, stocktaking."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.agreement import carrying, events, pages, room, routes
    from app.drafts.services import with_issue

    app.register_blueprint(routes.blueprint)
    with_issue(carrying.settle)
    events.register()
    room.register()
    pages.register(app)
