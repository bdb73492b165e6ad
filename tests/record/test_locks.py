"""Rows are held in one order, and never harder than they must be: or two acts at once wait for each other for ever."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.agreement import events as agreement
from app.extensions import db
from app.groups import services as groups
from app.groups.models import Group
from app.live import services as live
from app.policy import Actor
from app.silence import breaks, ending, services
from app.silence.models import SilenceProcedure
from tests.support.builders import World

pytestmark = pytest.mark.database

ORDER = ("silence", "group", "session", "version", "draft")
"""Who holds the group goes on to its sessions, a session goes on to the desk of its text, and that to the text."""


class Held:
    """What an act held, in order: the tables, and the clauses."""

    def __init__(self) -> None:
        self.tables: list[str] = []
        self.hard: list[str] = []

    def see(self, state: Any) -> None:
        clause = getattr(state.statement, "_for_update_arg", None)
        if clause is None:
            return
        table = state.statement.get_final_froms()[0]
        while hasattr(table, "left"):
            table = table.left
        self.tables.append(table.name)
        if not (clause.read or clause.key_share):
            self.hard.append(table.name)

    @property
    def order(self) -> list[int]:
        return [ORDER.index(table) for table in dict.fromkeys(self.tables) if table in ORDER]


@contextmanager
def watched() -> Iterator[Held]:
    held = Held()
    event.listen(Session, "do_orm_execute", held.see)
    try:
        yield held
    finally:
        event.remove(Session, "do_orm_execute", held.see)


class Course:
    """A text that goes through the room and through silence, with the people for it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.group = world.group("locks", members=("KEN", "BRA"))
        self.version = world.version(self.group)
        self.session = world.session(self.group, version=self.version).id
        self.chair = world.actor(world.chair_of(self.group))
        self.kenya: Actor = world.actor(world.user(party="KEN", entrusted=True))

    def prepare(self, **given: Any) -> int:
        deadline = datetime.now(UTC) + timedelta(hours=2)
        said = {"deadline": deadline, "short_reason": "The session ends.", **given}
        return services.prepare(self.chair, self.version.id, said).id

    def end(self, silence: int) -> None:
        ending.end_due(db.session.get_one(SilenceProcedure, silence).deadline + timedelta(minutes=1))

    def narrow(self) -> None:
        group = db.session.get_one(Group, self.group.id)
        groups.update_group(self.chair, group, title="Locks", mandate="", pillars=[], openness="members")


def test_the_acts_of_a_session_and_of_its_group_hold_in_order(world: World) -> None:
    course = Course(world)
    given = {"kind": "replace", "paragraph": "p1", "text": "Other words;", "id": str(uuid.uuid4())}
    with world.context():
        for act in (
            lambda: live.propose(course.kenya, course.session, given),
            lambda: agreement.act(course.chair, "agree", course.session, {"paragraph": "p1", "level": "bracketed"}),
            course.narrow,
        ):
            with watched() as held:
                act()
            assert held.order, "nothing was held"
            assert held.order == sorted(held.order), held.tables
            assert held.hard == []


def test_silence_holds_its_group_before_the_text(world: World) -> None:
    course = Course(world)
    with world.context():
        silence = course.prepare()
        with watched() as opening:
            services.open_silence(course.chair, silence)
        breaks.break_silence(course.kenya, silence, {"paragraphs": [{"paragraph": "p1", "reason": "Not agreed."}]})
        course.end(silence)
        with watched() as publishing:
            services.publish(course.chair, silence, "Silence was broken.")
        after = course.prepare(predecessor=str(silence))
        with watched() as succeeding:
            services.open_silence(course.chair, after)
        course.end(after)
        with watched() as confirming:
            services.confirm(course.chair, after, "Silence was not broken.")
    for held in (opening, publishing, succeeding, confirming):
        assert "group" in held.tables
        assert held.order == sorted(held.order), held.tables
        assert held.hard == []
    assert succeeding.tables[:2] == ["silence", "silence"], "the earlier one is held before the text, too"
