"""A job outlives its process: it is begun again, by one process only, and takes effect once."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.drafts import imports
from app.drafts.models import Draft
from app.errors import Invalid
from app.extensions import db
from app.jobs import services
from app.jobs.models import Job
from app.jobs.services import Task
from app.record import transaction
from tests.support.builders import World
from tests.support.server import LiveServer

pytestmark = pytest.mark.database
KIND = "test"


@pytest.fixture
def done() -> Iterator[list[str]]:
    """The ids of the jobs of a kind of the tests', as often as they were done."""
    ids: list[str] = []

    def run(task: Task) -> dict[str, Any]:
        ids.append(task.id)
        return {}

    services.register_kind(KIND, run)
    yield ids
    del services._kinds[KIND]


@pytest.fixture
def spawned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    ids: list[str] = []
    monkeypatch.setattr(services, "_spawn", lambda _app, job_id: ids.append(job_id))
    return ids


def keep(world: World, kind: str = KIND, state: str = "waiting", **values: Any) -> str:
    user = values.pop("user", None) or world.user()
    with world.context(), transaction() as tx:
        values = {"arguments": {}, "created_at": tx.now, **values}
        job = Job(id=str(uuid.uuid4()), kind=kind, user_id=user.id, state=state, **values)
        db.session.add(job)
        return job.id


def read(world: World, job_id: str) -> Job:
    with world.context():
        return db.session.get_one(Job, job_id)


def ago(**span: float) -> datetime:
    return datetime.now(UTC) - timedelta(**span)


def eventually(world: World, job_id: str, state: str) -> Job:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if (job := read(world, job_id)).state == state:
            return job
        time.sleep(0.005)
    raise AssertionError(f"the job is still {job.state}, not {state}: {job.error}")


def test_a_killed_process_takes_no_job_with_it(world: World, database_url: str, tmp_path: Path) -> None:
    group = world.group("group", members=("KEN",))
    source = "\n\n".join(f"{number}. Decides on the matter of number {number}, and more." for number in range(1, 3000))
    arguments = {"group": group.id, "title": "Long", "format": "text", "source": source}
    job_id = keep(world, imports.KIND, user=world.chair_of(group), arguments=arguments)
    server = LiveServer(database_url, tmp_path).start()
    eventually(world, job_id, "running")
    server.kill()
    assert read(world, job_id).state == "running"
    with world.context(), transaction():
        db.session.execute(update(Job).values(beat_at=ago(minutes=5)))
    with LiveServer(database_url, tmp_path):
        job = eventually(world, job_id, "done")
    with world.context():
        drafts = db.session.scalars(select(Draft)).all()
        assert [draft.title for draft in drafts] == ["Long"]
        assert job.result == {"draft": str(drafts[0].id), "url": f"/drafts/{drafts[0].id}/report"}


def test_an_import_whose_process_died_at_its_very_end_makes_no_second_draft(world: World) -> None:
    group = world.group("group", members=("KEN",))
    chair = world.chair_of(group)
    arguments = {"group": group.id, "title": "Long", "format": "text", "source": "1. Words.\n"}
    task = Task(str(uuid.uuid4()), chair.id, arguments, lambda done, total, step: None)
    with world.context():
        assert imports.run(task) == imports.run(task)
        assert db.session.scalar(select(func.count()).select_from(Draft)) == 1


def test_what_waits_and_what_a_dead_process_left_is_begun_again(world: World, spawned: list[str]) -> None:
    waiting = keep(world)
    silent = keep(world, state="running")
    dead = keep(world, state="running", beat_at=ago(minutes=2))
    alive = keep(world, state="running", beat_at=ago(seconds=5))
    keep(world, state="done")
    services.take_up(world.app)
    assert set(spawned) == {waiting, silent, dead}
    assert read(world, alive).state == "running"


def test_two_processes_that_start_at_once_do_a_job_once(
    world: World, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = keep(world, state="running", beat_at=ago(minutes=2))
    monkeypatch.setattr(services, "_spawn", services.run_job)
    change, others = services._set, [lambda: services.take_up(world.app)]

    def slower(*said: Any, **values: Any) -> bool:
        """The other process starts after this one has looked, and before it writes: it takes the job and does it."""
        if others:
            others.pop()()
        return change(*said, **values)

    monkeypatch.setattr(services, "_set", slower)
    services.take_up(world.app)
    assert done == [job_id]
    assert read(world, job_id).state == "done"


def test_a_job_that_tells_nothing_is_not_taken_for_dead(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "BEAT_EVERY", 0.05)
    job_id = keep(world)
    beats: list[datetime] = []

    def run(task: Task) -> dict[str, Any]:
        for _look in range(2):
            beats.append(read(world, task.id).beat_at)  # type: ignore[arg-type]
            time.sleep(0.4)
        return {}

    monkeypatch.setitem(services._kinds, KIND, run)
    services.run_job(world.app, job_id)
    assert beats[0] < beats[1]


def test_what_ended_its_processes_for_an_hour_is_not_begun_again(world: World, spawned: list[str]) -> None:
    job_id = keep(world, state="running", beat_at=ago(minutes=2), created_at=ago(hours=2))
    services.take_up(world.app)
    assert spawned == []
    assert read(world, job_id).error == "Something broke on our side. Try again."


def test_a_job_speaks_the_language_in_which_it_was_asked_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from flask_babel import gettext as _

    def run(task: Task) -> dict[str, Any]:
        raise Invalid(_("Paste a text, or choose a file."))

    monkeypatch.setitem(services._kinds, KIND, run)
    job_id = keep(world, arguments={"language": "fr"})
    services.run_job(world.app, job_id)
    assert read(world, job_id).error == "Collez un texte ou choisissez un fichier."
    user = world.user(name="Somebody")
    with world.app.test_request_context(headers={"Accept-Language": "es"}), monkeypatch.context() as patched:
        patched.setattr(services, "_spawn", lambda _app, _job: None)
        assert services.start(world.actor(user), KIND, {}).arguments == {"language": "es"}
