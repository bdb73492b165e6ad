"""Bringing a long text in as a job: its progress shows, and the room does not wait for it."""

from __future__ import annotations

from typing import Any

from app.accounts.queries import fresh_actor
from app.drafts import services
from app.errors import NotFound
from app.extensions import db
from app.groups.models import Group
from app.jobs.services import Progress, register_kind

KIND = "import"
AT_ONCE = 30_000
"""Characters that are read within the request; more becomes a job."""


def register() -> None:
    register_kind(KIND, run)


def run(user_id: int, arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Import the text that a person sent. Returns the draft's id."""
    group = db.session.get(Group, arguments["group"])
    if group is None:
        raise NotFound("The group is gone.")
    actor = fresh_actor(user_id)
    draft, _working = services.import_draft(
        actor,
        group,
        arguments["title"],
        arguments["format"],
        arguments["source"],
        lambda done, total: progress(done, total, ""),
    )
    return {"draft": str(draft.id), "url": f"/drafts/{draft.id}/report"}
