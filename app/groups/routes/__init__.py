"""The pages of working groups and their threads. They work without JavaScript; a thread's page improves with it."""

from __future__ import annotations

from app.groups.routes import groups, threads  # noqa: F401  (they hang their pages on the blueprint)
from app.groups.routes.blueprint import blueprint

__all__ = ["blueprint"]
