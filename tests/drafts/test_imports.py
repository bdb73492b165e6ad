"""A long text comes in as a job. It is read in a thread of its own, which touches neither database nor app."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from app.core.text import read
from app.drafts import imports, services
from app.drafts.models import Draft
from app.extensions import db
from app.jobs.models import Job
from app.jobs.services import Task, run_job
from tests.support.builders import World

pytestmark = pytest.mark.database


def in_a_thread(work: Callable[..., Any], *arguments: Any) -> Any:
    """As `aside` does where gevent serves."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work, *arguments).result()


def slowly(source: str, format: str, new_id: Callable[[], str], progress: Callable[[int, int], None]) -> Any:
    progress(1, 2)
    time.sleep(0.6)
    return read(source, format, new_id, progress)


def test_a_long_text_is_read_in_a_thread_and_its_progress_shows(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "aside", in_a_thread)
    monkeypatch.setattr(services, "read", slowly)
    group = world.group("group", members=("KEN",))
    chair = world.chair_of(group)
    told: list[tuple[int, int]] = []
    with world.context():
        arguments = {"group": group.id, "title": "Long", "format": "text", "source": "1. Words [and more].\n"}
        task = Task(str(uuid4()), chair.id, arguments, lambda done, total, _step: told.append((done, total)))
        made = imports.run(task)
        assert db.session.get_one(Draft, int(made["draft"])).title == "Long"
    assert told[0] == (1, 2)


def test_the_job_ends_well_where_the_reading_has_a_thread(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "aside", in_a_thread)
    group = world.group("group", members=("KEN",))
    chair = world.chair_of(group)
    job_id = str(uuid4())
    with world.context():
        arguments = {"group": group.id, "title": "Long", "format": "text", "source": "1. Words.\n"}
        job = Job(id=job_id, kind=imports.KIND, user_id=chair.id, state="waiting", arguments=arguments)
        _keep(job)
    run_job(world.app, job_id)
    with world.context():
        assert db.session.get_one(Job, job_id).state == "done"


def _keep(job: Job) -> None:
    from app.record import transaction

    with transaction() as tx:
        job.created_at = tx.now
        db.session.add(job)
