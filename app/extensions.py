"""The extensions, made once and wired by create_app. Models hang on `Base`, so that mypy sees plain classes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_socketio import SocketIO
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import DateTime, MetaData, TypeDecorator, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A time with its zone on the way in, in UTC on the way out, on SQLite as on PostgreSQL."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The one declarative base; the naming convention lets migrations name every constraint."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime}


db = SQLAlchemy(metadata=Base.metadata, session_options={"autoflush": True, "expire_on_commit": False})
migrate = Migrate()
login_manager = LoginManager()
csrf = CSRFProtect()
babel = Babel()
limiter = Limiter(key_func=get_remote_address, headers_enabled=True)
socketio = SocketIO()


def upsert(
    model: type[Base],
    values: Mapping[str, Any],
    *,
    key: Sequence[str] = (),
    change: Mapping[str, Any] | Callable[[Any], Mapping[str, Any]] | None = None,
) -> bool:
    """Write a row; where one with this `key` is there already, change it so, or without `change` leave it as it is.

    Two that come at once do not fail: the second waits for the first, and meets its row. `change` may be made of the
    values that found no place. Says whether a row was written or changed.
    """
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    row = dialect.insert(model).values(values)
    if change is None:
        row = row.on_conflict_do_nothing()
    else:
        row = row.on_conflict_do_update(
            index_elements=list(key), set_=dict(change(row.excluded) if callable(change) else change)
        )
    return db.session.execute(row.returning(*inspect(model).primary_key)).first() is not None
