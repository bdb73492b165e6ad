"""Sessions: the focus, comments, presence, the socket events."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.extensions import socketio
    from app.groups.panels import register_panel
    from app.live import asked, beside, events, exporting, options, panel, remark_pages, routes, services, transport
    from app.record import on_append

    socketio.init_app(app, **options.socket_options(app.config["SETTINGS"]))
    transport.install(socketio)
    events.init_app(app)
    app.register_blueprint(routes.blueprint)
    app.register_blueprint(remark_pages.blueprint)
    register_panel("sessions", 20, panel.render)
    beside.register()
    asked.register()
    exporting.register()
    on_append("group.openness", services.follow_group)
