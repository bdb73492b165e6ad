"""Drafts, their versions and paragraphs: bringing texts in, working on them, issuing, comparing."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.drafts import (  # noqa: F401  (freezing listens)
        checks,
        exports,
        freezing,
        imports,
        interchange,
        panel,
        places,
        recorded,
        routes,
        services,
        standing,
    )
    from app.groups.links import register_texts
    from app.groups.panels import register_panel
    from app.record.cli import also_check

    app.register_blueprint(routes.blueprint)
    app.jinja_env.globals["notices_on"] = standing.notices_on
    imports.register()
    exports.register()
    services.with_issue(interchange.stand)
    recorded.register()
    register_panel("drafts", 10, panel.render)
    register_texts(places.Places())
    also_check("draft", checks.check)
