"""`/healthz`: the process lives. `/readyz`: it can serve."""

from __future__ import annotations

import logging
from functools import lru_cache

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy import text

from app.extensions import db

log = logging.getLogger(__name__)
blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    return jsonify(status="ok")


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """200 when database, migrations and queue are fit, else 503 naming what is not."""
    unfit = [
        name for name, check in (("database", _database), ("migrations", _migrations), ("queue", _queue)) if not check()
    ]
    return jsonify(status="unavailable" if unfit else "ok", unfit=unfit), 503 if unfit else 200


def _database() -> bool:
    try:
        db.session.execute(text("SELECT 1"))
    except Exception:
        log.exception("the database does not answer")
        db.session.rollback()
        return False
    return True


def _migrations() -> bool:
    try:
        return current_revision() == head_revision()
    except Exception:
        log.exception("the state of the migrations cannot be read")
        db.session.rollback()
        return False


def _queue() -> bool:
    url = current_app.config["SETTINGS"].redis_url
    if not url:
        return True
    import redis

    try:
        with redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        log.exception("the queue does not answer")
        return False


def current_revision() -> str | None:
    """The revision that the database is at."""
    return MigrationContext.configure(db.session.connection()).get_current_revision()


@lru_cache(maxsize=1)
def head_revision() -> str | None:
    """The newest revision that this code knows."""
    from app import MIGRATIONS

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config).get_current_head()
