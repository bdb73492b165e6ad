"""Runs long work beside the requests, and says how far it has come.

A job is a row first: it survives a restart. It runs in a native thread, so that the loop that serves the live rooms
goes on. Where a process died in the middle, another one, or the next start, takes its jobs up from their beginning.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import or_, select, update

from app.errors import DomainError
from app.extensions import db, socketio
from app.jobs.models import Job
from app.policy import Actor
from app.record import transaction
from app.web.locale import current_language

log = logging.getLogger(__name__)

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Task:
    """A job as the one who does it sees it. `id` stays the same when it is done again: it is the key of its writes."""

    id: str
    user_id: int
    arguments: dict[str, Any]
    progress: Progress


Run = Callable[[Task], dict[str, Any]]
"""Does a job, in the language of the person who asked. Returns its result."""

TELL_EVERY = 0.25
"""Seconds between two words about progress, at least."""
BEAT_EVERY = 10.0
"""Seconds between two signs of life of a running job, and between two looks for jobs whose process died."""
DEAD_AFTER = timedelta(seconds=60)
GIVE_UP_AFTER = timedelta(hours=1)
"""What could not be done by then is not begun again: work that ends its process would end it for ever."""
_kinds: dict[str, Run] = {}


def register_kind(kind: str, run: Run) -> None:
    """Let jobs of `kind` be done by `run`. It may be begun again at any point, and must then take effect once."""
    _kinds[kind] = run


def start(actor: Actor, kind: str, arguments: dict[str, Any]) -> Job:
    """Keep a job, and begin it."""
    with transaction() as tx:
        job = Job(
            id=str(uuid.uuid4()),
            user_id=actor.user_id,
            kind=kind,
            arguments={"language": current_language(), **arguments},
            state="waiting",
            created_at=tx.now,
        )
        db.session.add(job)
        db.session.flush()
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        job_id = job.id
        tx.after_commit(lambda: _spawn(app, job_id))
        return job


# --- After a crash -------------------------------------------------------------------------------------------------


def watch(app: Flask) -> None:
    """Take up what dead processes left, now and from time to time. Every serving process may do so at once."""

    def look() -> None:
        while True:
            try:
                take_up(app)
            except Exception:
                log.exception("jobs could not be taken up")
            socketio.sleep(BEAT_EVERY)

    socketio.start_background_task(look)


def take_up(app: Flask) -> None:
    """Begin again what waits, and what a dead process left running. What is too old for it fails, in words."""
    with app.app_context():
        ids = []
        for job in db.session.scalars(select(Job).where(_left())).all():
            if job.created_at < datetime.now(UTC) - GIVE_UP_AFTER:
                with _spoken(job.arguments):
                    _set(job.id, _left(), state="failed", error=_broken())
            elif job.state == "waiting" or _set(job.id, _left(), state="waiting"):
                ids.append(job.id)
    for job_id in ids:
        _spawn(app, job_id)


def _left() -> Any:
    """Does nobody do this job? Asked again by each UPDATE: another process may have taken it up in between."""
    limit = datetime.now(UTC) - DEAD_AFTER
    return (Job.state == "waiting") | ((Job.state == "running") & or_(Job.beat_at.is_(None), Job.beat_at < limit))


def _spawn(app: Flask, job_id: str) -> None:
    socketio.start_background_task(run_job, app, job_id)


# --- One job -------------------------------------------------------------------------------------------------------


def run_job(app: Flask, job_id: str) -> None:
    """Do one job to its end. What it raises is kept in it, in words for the person who waits."""
    with app.app_context():
        job = _claim(job_id)
        if job is None:
            return
        task = Task(job.id, job.user_id, dict(job.arguments), _teller(job_id))
        with _spoken(task.arguments), _beating(app, job_id):
            try:
                result = _kinds[job.kind](task)
            except DomainError as error:
                ended: dict[str, Any] = {"state": "failed", "error": str(error.message)}
            except Exception:
                log.exception("the job %s failed", job_id)
                ended = {"state": "failed", "error": _broken()}
            else:
                ended = {"state": "done", "result": result}
        _set(job_id, **ended)


def _claim(job_id: str) -> Job | None:
    """Take the job, unless another process has it."""
    if not _set(job_id, Job.state == "waiting", state="running"):
        return None
    return db.session.get_one(Job, job_id, populate_existing=True)


def _broken() -> str:
    return _("Something broke on our side. Try again.")


@contextmanager
def _spoken(arguments: dict[str, Any]) -> Iterator[None]:
    """In the language of the page on which the person asked."""
    with force_locale(str(arguments.get("language") or "en")):
        yield


@contextmanager
def _beating(app: Flask, job_id: str) -> Iterator[None]:
    """Say from time to time that the job lives, however little it has to tell of itself."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(BEAT_EVERY):
            with app.app_context():
                _set(job_id, Job.state == "running")

    beating = socketio.start_background_task(beat)
    try:
        yield
    finally:
        over.set()
        beating.join()


def _teller(job_id: str) -> Progress:
    last = 0.0

    def tell(done: int, total: int, step: str) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < TELL_EVERY or db.session.info.get("transaction"):
            return
        last = now
        _set(job_id, Job.state == "running", done=done, total=total, step=step)

    return tell


def _set(job_id: str, *conditions: Any, **values: Any) -> bool:
    """Change a job and say that it lives, if it still is as `conditions` say. Returns whether it was."""
    with transaction() as tx:
        changed = db.session.execute(
            update(Job)
            .where(Job.id == job_id, *conditions)
            .values(beat_at=tx.now, **values)
            .execution_options(synchronize_session=False)
        )
        return changed.rowcount == 1  # type: ignore[attr-defined, no-any-return]
