"""How Alembic reaches the app's database: through the running Flask app, never by an address of its own."""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from app.extensions import Base, db
from migrations.env_filter import include_object

config = context.config


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=include_object,
        compare_type=True,
        render_as_batch=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def main() -> None:
    if context.is_offline_mode():
        raise SystemExit("Migrations read the database as they go: run them online.")
    given = config.attributes.get("connection")
    if given is not None:
        run(given)
        return
    with current_app.app_context(), db.engine.connect() as connection:
        run(connection)


main()
