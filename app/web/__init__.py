"""What all pages share: layout, macros, static files, language, security headers, error pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, Flask
from flask_wtf.csrf import generate_csrf

blueprint = Blueprint("web", __name__, template_folder="templates")
SPRITE = Path(__file__).resolve().parent / "static" / "icons" / "sprite.svg"


def init_app(app: Flask) -> None:
    from app.extensions import babel
    from app.web import (
        assets,
        bodies,
        catalogues,
        compression,
        errors,
        health,
        locale,
        numbers,
        pillars,
        security,
        theme,
        times,
        viewer,
        wellformed,
        wording,
    )

    compression.init_app(app)  # the first to be named is the last to see an answer
    numbers.init_app(app)
    catalogues.compile_catalogues()
    babel.init_app(app, locale_selector=locale.select_locale, timezone_selector=locale.select_timezone)
    if app.config["SETTINGS"].forwarded_hops:
        _trust_proxy(app, app.config["SETTINGS"].forwarded_hops)
    assets.init_app(app)
    bodies.init_app(app)  # before the check of a form, which reads it
    security.init_app(app)
    errors.init_app(app)
    wellformed.init_app(app)
    app.register_blueprint(blueprint)
    app.register_blueprint(health.blueprint)
    app.register_blueprint(theme.blueprint)
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(when=times.when, datetime=times.date_and_time, date=times.day, time=times.clock)
    app.jinja_env.filters.update(weekday=times.weekday)
    app.jinja_env.filters.update(
        party=viewer.party_name,
        state_group=viewer.state_group_name,
        speaker=viewer.speaker_name,
        act_text=wording.act_text,
        event_anchor=lambda event: wording.event_anchor(event["channel"], event["seq"]),
        footnote_marks=wording.footnote_marks,
        mode_label=wording.mode_label,
        openness_label=wording.openness_label,
        markup=wording.markup,
        pillar=pillars.pillar_label,
        norm=pillars.norm_label,
    )

    @app.context_processor
    def shared() -> dict[str, Any]:
        return {
            "csrf_token": generate_csrf,
            "languages": locale.LANGUAGES,
            "locale": locale.current_language(),
            "text_direction": locale.text_direction(),
            "theme": theme.current_theme(),
            "current_actor": viewer.current_viewer(),
        }


def _trust_proxy(app: Flask, hops: int) -> None:
    from werkzeug.middleware.proxy_fix import ProxyFix

    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
