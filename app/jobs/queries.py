"""Reads of jobs: only their owner sees them."""

from __future__ import annotations

from flask_babel import gettext as _

from app.errors import NotFound
from app.extensions import db
from app.jobs.models import Job
from app.policy import Actor


def get_job(actor: Actor, job_id: str) -> Job:
    job = db.session.get(Job, job_id, populate_existing=True)
    if job is None or actor.user_id is None or job.user_id != actor.user_id:
        raise NotFound(_("This work was not found."))
    return job
