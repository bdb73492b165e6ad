"""Decisions: what is put before a meeting, consensus and votes, the quorum, and what delegations say beside them."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.decisions import room, routes, views, wording

    app.register_blueprint(routes.blueprint)
    wording.register()
    room.register()
    app.jinja_env.globals.update(choice_label=views.choice_label, motion_label=views.motion_label)
