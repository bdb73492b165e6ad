"""Fixtures that every test may use: a fresh database a test, an app, a client, and builders of the world."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from flask import Flask
from hypothesis import HealthCheck, settings

from app import create_app
from app.extensions import Base, db
from config import Settings
from tests.support import parts
from tests.support.builders import World
from tests.support.clients import Browser
from tests.support.rooms import Rooms
from tests.support.server import LiveServer

# A loaded machine is slow, and what is slow is not wrong: properties are judged by what they find.
settings.register_profile("chapeau", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("chapeau")

SECRET = "a-secret-for-tests-only-0123456789abcdef"


def settings_for(database_url: str, instance: Path, **changes: Any) -> Settings:
    """Settings of a test's app."""
    values: dict[str, Any] = {
        "instance_path": instance,
        "database_url": database_url,
        "redis_url": None,
        "secret_key": SECRET,
        "host": "127.0.0.1",
        "port": 0,
        "processes": 1,
        "ratelimit_enabled": False,
        "production": False,
        "demo": False,
        "forwarded_hops": 0,
    }
    return Settings(**(values | changes))


@pytest.fixture(scope="session")
def template_database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An empty database with all tables: copied for each test. SQLite, or PostgreSQL with CHAPEAU_TEST_DATABASE."""
    if os.environ.get("CHAPEAU_TEST_DATABASE") == "postgresql":
        from tests.support.services import postgres

        name = f"template_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
        url = postgres().create_database(name)
        _create_tables(url, tmp_path_factory.mktemp("instance"))
        return name
    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    _create_tables(f"sqlite:///{path}", path.parent)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode=DELETE")
    return str(path)


def _create_tables(url: str, instance: Path) -> None:
    app = create_app(settings_for(url, instance), TESTING=True)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        # A server of a test then finds its database up to date, and does not migrate it once more.
        flask_migrate.stamp(directory=app.extensions["migrate"].directory)
        db.session.remove()
        db.engine.dispose()


_number = iter(range(1_000_000))


@contextmanager
def fresh_database(template: str, folder: Path) -> Iterator[str]:
    """A copy of the template database, gone afterwards."""
    if os.environ.get("CHAPEAU_TEST_DATABASE") == "postgresql":
        from tests.support.services import postgres

        name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{next(_number)}"
        yield postgres().create_database(name, template=template)
        postgres().drop_database(name)
        return
    path = folder / "test.sqlite3"
    shutil.copyfile(template, path)
    yield f"sqlite:///{path}"


@pytest.fixture
def database_url(template_database: str, tmp_path: Path) -> Iterator[str]:
    with fresh_database(template_database, tmp_path) as url:
        yield url


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The whole application on a fresh database. No context is pushed: each request has its own, as in life."""
    app = create_app(settings_for(database_url, tmp_path), TESTING=True, WTF_CSRF_ENABLED=False)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def world(app: Flask) -> World:
    """Builders: parties, people, groups, drafts, sessions."""
    return World(app)


@pytest.fixture
def browser(app: Flask) -> Browser:
    """An HTTP client of nobody; `browser.sign_in(user)` makes it somebody's."""
    return Browser(app)


def pytest_terminal_summary(terminalreporter: Any, exitstatus: int, config: pytest.Config) -> None:
    parts.report(terminalreporter)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if not hasattr(session.config, "workerinput"):
        parts.settle(session)


@pytest.fixture(scope="module")
def served(template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LiveServer, World]]:
    """A server process, and builders that write into the same database."""
    folder = tmp_path_factory.mktemp("served")
    with fresh_database(template_database, folder) as url:
        app: Flask = create_app(settings_for(url, folder), TESTING=True)
        with LiveServer(url, folder) as server:
            yield server, World(app)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def rooms(served: tuple[LiveServer, World]) -> Iterator[Rooms]:
    rooms = Rooms(*served)
    yield rooms
    rooms.close()
