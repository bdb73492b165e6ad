"""The page on which a person waits for long work."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from app.accounts.queries import current_actor
from app.jobs.queries import get_job

blueprint = Blueprint("jobs", __name__)


@blueprint.get("/jobs/<job_id>")
def job(job_id: str) -> str | Response:
    """How far it has come; when it is done, what came of it. Reloads itself without JavaScript."""
    found = get_job(current_actor(), job_id)
    if found.state == "done" and found.result and found.result.get("url"):
        return redirect(str(found.result["url"]))
    return render_template("job.html", job=found)
