"""Runs long work beside the requests, and says how far it has come.

A job is a row first: it survives a restart. It runs in a native thread, so that the loop that serves the live rooms
goes on; where a process died in the middle, the next start takes its jobs up again from their beginning.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, current_app
from sqlalchemy import or_, select, update

from app.errors import DomainError
from app.extensions import db
from app.jobs.models import Job
from app.policy import Actor
from app.record import transaction

log = logging.getLogger(__name__)

Progress = Callable[[int, int, str], None]
Run = Callable[[int, dict[str, Any], Progress], dict[str, Any]]
"""Does a job: (user, arguments, progress) to its result."""

TELL_EVERY = 0.25
"""Seconds between two words about progress, at least."""
DEAD_AFTER = timedelta(seconds=60)
_kinds: dict[str, Run] = {}


def register_kind(kind: str, run: Run) -> None:
    """Let jobs of `kind` be done by `run`, which must be able to begin again from nothing."""
    _kinds[kind] = run


def start(actor: Actor, kind: str, arguments: dict[str, Any]) -> Job:
    """Keep a job, and begin it."""
    with transaction() as tx:
        job = Job(
            id=str(uuid.uuid4()),
            user_id=actor.user_id,
            kind=kind,
            arguments=arguments,
            state="waiting",
            created_at=tx.now,
        )
        db.session.add(job)
        db.session.flush()
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        job_id = job.id
        tx.after_commit(lambda: _spawn(app, job_id))
        return job


def take_up(app: Flask) -> None:
    """Begin again what waits, and what a dead process left running. Called when serving starts."""
    with app.app_context():
        limit = datetime.now(UTC) - DEAD_AFTER
        dead = (Job.state == "running") & or_(Job.beat_at.is_(None), Job.beat_at < limit)
        ids = db.session.scalars(select(Job.id).where((Job.state == "waiting") | dead)).all()
        with transaction():
            db.session.execute(update(Job).where(Job.id.in_(ids)).values(state="waiting"))
    for job_id in ids:
        _spawn(app, job_id)


def _spawn(app: Flask, job_id: str) -> None:
    from app.extensions import socketio

    socketio.start_background_task(run_job, app, job_id)


def run_job(app: Flask, job_id: str) -> None:
    """Do one job to its end. What it raises is kept in it, in words for the person who waits."""
    with app.app_context():
        claimed = _claim(job_id)
        if claimed is None:
            return
        kind, user_id, arguments = claimed
        try:
            result = _kinds[kind](user_id, arguments, _teller(job_id))
        except DomainError as error:
            _finish(job_id, state="failed", error=error.message)
        except Exception:
            log.exception("the job %s failed", job_id)
            _finish(job_id, state="failed", error="Something broke on our side. Try again.")
        else:
            _finish(job_id, state="done", result=result)


def _claim(job_id: str) -> tuple[str, int, dict[str, Any]] | None:
    """Take the job, unless another process has it."""
    with transaction() as tx:
        taken = db.session.execute(
            update(Job)
            .where(Job.id == job_id, Job.state == "waiting")
            .values(state="running", beat_at=tx.now)
            .execution_options(synchronize_session=False)
        )
        if taken.rowcount != 1:  # type: ignore[attr-defined]
            return None
        job = db.session.get_one(Job, job_id, populate_existing=True)
        return job.kind, job.user_id, dict(job.arguments)


def _teller(job_id: str) -> Progress:
    last = 0.0

    def tell(done: int, total: int, step: str) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < TELL_EVERY or db.session.info.get("transaction"):
            return
        last = now
        _finish(job_id, state="running", done=done, total=total, step=step)

    return tell


def _finish(job_id: str, **values: Any) -> None:
    with transaction() as tx:
        db.session.execute(
            update(Job)
            .where(Job.id == job_id)
            .values(beat_at=tx.now, **values)
            .execution_options(synchronize_session=False)
        )
