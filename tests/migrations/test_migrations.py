"""Migrations run up and down on both databases, with data in them, and end where the models are."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import inspect, text

from app import create_app
from app.extensions import Base, db
from migrations.env_filter import include_object
from tests.conftest import settings_for

pytestmark = pytest.mark.database


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Flask]:
    """An app on a database without a single table."""
    if os.environ.get("CHAPEAU_TEST_DATABASE") == "postgresql":
        from tests.support.services import postgres

        name = f"empty_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
        url = postgres().create_database(name)
    else:
        name, url = "", f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    app = create_app(settings_for(url, tmp_path), TESTING=True)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    if name:
        postgres().drop_database(name)


def directory(app: Flask) -> str:
    return str(app.extensions["migrate"].directory)


def test_up_down_and_up_again_with_the_demo_world_in_it(empty: Flask) -> None:
    from app.demo.loader import load
    from app.record import channels
    from app.record.cli import faults_of

    with empty.app_context():
        flask_migrate.upgrade(directory=directory(empty))
        load()
        assert [fault for channel in channels() for fault in faults_of(channel)] == []
        db.session.remove()
        flask_migrate.downgrade(directory=directory(empty), revision="base")
        left = set(inspect(db.engine).get_table_names()) - {"alembic_version"}
        assert {name for name in left if not name.startswith("sqlite")} == set()
        flask_migrate.upgrade(directory=directory(empty))
        load()
        assert db.session.execute(text("SELECT count(*) FROM comment")).scalar_one() > 90


def test_the_migrations_end_where_the_models_are(empty: Flask) -> None:
    with empty.app_context():
        flask_migrate.upgrade(directory=directory(empty))
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"include_object": include_object})
            assert compare_metadata(context, Base.metadata) == []


def test_a_database_that_is_behind_is_not_ready(empty: Flask) -> None:
    answer = empty.test_client().get("/readyz")
    assert answer.status_code == 503
    assert "migrations" in answer.json["unfit"]
    assert empty.test_client().get("/healthz").status_code == 200
