"""Bringing a long text in as a job: its progress shows, and the room does not wait for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from app.accounts.queries import fresh_actor
from app.drafts import services
from app.errors import NotFound
from app.extensions import db, socketio
from app.groups.models import Group
from app.jobs.services import Progress, Task, register_kind

KIND = "import"
AT_ONCE = 30_000
"""Characters that are read within the request; more becomes a job."""
TELL_EVERY = 0.2
"""Seconds between two looks at how far the reading is."""


def register() -> None:
    register_kind(KIND, run)


def run(task: Task) -> dict[str, Any]:
    """Import the text that a person sent: once, however often the job is done. Returns the draft's id."""
    arguments = task.arguments
    group = db.session.get(Group, arguments["group"])
    if group is None:
        raise NotFound(_("This group was not found, or is not open to you."))
    actor = fresh_actor(task.user_id)
    with _told(task.progress) as noted:
        draft, _working = services.import_draft(
            actor, group, arguments["title"], arguments["format"], arguments["source"], noted.take, key=task.id
        )
    return {"draft": str(draft.id), "url": f"/drafts/{draft.id}/report"}


@dataclass(slots=True)
class _Noted:
    """How far the reading is. It goes on in a thread of its own, which may note this, and no more."""

    done: int = 0
    total: int = 0
    over: bool = False

    def take(self, done: int, total: int) -> None:
        self.done, self.total = done, total


@contextmanager
def _told(progress: Progress) -> Iterator[_Noted]:
    """Tell of what is noted, from beside the reading; it has stopped before the job is said to be done."""
    noted = _Noted()
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def tell() -> None:
        told = 0
        while not noted.over:
            socketio.sleep(TELL_EVERY)
            if noted.done != told and not noted.over:
                told = noted.done
                with app.app_context():
                    progress(told, noted.total, "")

    telling = socketio.start_background_task(tell)
    try:
        yield noted
    finally:
        noted.over = True
        telling.join()
