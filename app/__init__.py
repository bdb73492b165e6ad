"""The application factory: wires everything, decides nothing.

Importing this package loads nothing else: `app.serving` sets up gevent before anything makes a lock or a socket.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config import Settings, load_settings

if TYPE_CHECKING:
    from flask import Flask

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def create_app(settings: Settings | None = None, **overrides: Any) -> Flask:
    """Make the application from `settings` (default: the environment). `overrides` go into Flask's config."""
    from flask import Flask

    from app.web.rules import LazyRule

    settings = settings or load_settings()
    settings.instance_path.mkdir(parents=True, exist_ok=True)
    app = Flask("app", instance_path=str(settings.instance_path), static_folder=None)
    app.url_rule_class = LazyRule
    _configure(app, settings)
    app.config.update(overrides)
    _wire(app, settings)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings.database_url),
        SESSION_COOKIE_NAME="chapeau",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.production,
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_SECURE=settings.production,
        PERMANENT_SESSION_LIFETIME=60 * 60 * 24 * 14,
        MAX_CONTENT_LENGTH=4 * 2**20,
        MAX_FORM_MEMORY_SIZE=3 * 2**20,
        MAX_FORM_PARTS=300,
        WTF_CSRF_TIME_LIMIT=None,  # a session lasts for hours, and so does its open page
        WTF_CSRF_CHECK_DEFAULT=False,  # app.web.security decides: a bearer token needs no CSRF token
        RATELIMIT_ENABLED=settings.ratelimit_enabled,
        RATELIMIT_STORAGE_URI=settings.redis_url or "memory://",
        RATELIMIT_STRATEGY="moving-window",
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,  # while the queue is away, each process counts for itself
        BABEL_DEFAULT_LOCALE="en",
        BABEL_TRANSLATION_DIRECTORIES=str(Path(app.root_path) / "web" / "translations"),
        TEMPLATES_AUTO_RELOAD=False,
    )


def _engine_options(url: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 10, "check_same_thread": False}}
    # Who reads sees one moment, as with SQLite: a right that was asked for is that of the words that are read after it.
    snapshot = {"isolation_level": "REPEATABLE READ"}
    return snapshot | {"pool_size": 10, "max_overflow": 20, "pool_pre_ping": True, "pool_recycle": 1800}


def _wire(app: Flask, settings: Settings) -> None:
    from app import (
        accounts,
        agreement,
        api,
        archive,
        decisions,
        delegations,
        demo,
        drafts,
        extensions,
        floor,
        groups,
        home,
        jobs,
        live,
        programme,
        proposals,
        record,
        reports,
        screens,
        silence,
        web,
    )

    extensions.db.init_app(app)
    with app.app_context():
        record.transactions.set_up_engine(extensions.db.engine)
    extensions.migrate.init_app(app, extensions.db, directory=str(MIGRATIONS), render_as_batch=True)
    extensions.csrf.init_app(app)
    extensions.limiter.init_app(app)
    for feature in ("live", "agreement", "floor", "decisions", "delegations", "screens"):
        # Their commands of the socket must be known before its server is made, or a second app would lose them.
        import_module(f"app.{feature}.events")
    for room in (
        web,
        record,
        accounts,
        groups,
        drafts,
        proposals,
        live,
        programme,
        silence,
        agreement,
        floor,
        decisions,
        delegations,
        screens,
        reports,
        archive,
        jobs,
        home,
        api,
        demo,
    ):
        room.init_app(app)
