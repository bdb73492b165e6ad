"""A group whose text is put under silence, and the people around it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.accounts.models import User
from app.drafts.models import Version
from app.groups.models import Group
from app.policy import Actor, DelegationRole, Office
from app.record import as_of
from app.silence import breaks, ending, queries, services
from app.silence.models import SilenceProcedure
from tests.support.builders import World

OPENED = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)
HOURS_72 = timedelta(hours=72)
SECOND = timedelta(seconds=1)
TEXTS = (
    "Calls upon States to cooperate;",
    "Requests the Secretary-General to report;",
    "Encourages voluntary contributions;",
    "Invites regional organizations to contribute;",
    "Decides to meet again.",
)


@dataclass
class Table:
    """A working group at its table; `as_` gives the actor of a person by name."""

    world: World
    group: Group
    version: Version
    people: dict[str, User]

    def as_(self, name: str) -> Actor:
        return self.world.actor(self.people[name])

    @contextmanager
    def at(self, moment: datetime) -> Iterator[None]:
        """Be at the table at this moment."""
        with self.world.context(), as_of(moment):
            yield

    def silence(self, **given: Any) -> int:
        """Put the text under silence. Returns the id."""
        given = {"deadline": OPENED + HOURS_72, "message": "Rev.3 is put under silence."} | given
        with self.at(OPENED):
            prepared = services.prepare(self.as_("chair"), self.version.id, given)
            return services.open_silence(self.as_("chair"), prepared.id).id

    def object(self, name: str, silence: int, moment: datetime, *wids: str, **more: Any) -> None:
        paragraphs = [{"paragraph": wid, "wording": "Other words;", "reason": "Not agreed."} for wid in wids]
        with self.at(moment):
            breaks.break_silence(
                self.as_(name), silence, {"paragraphs": paragraphs, "reason": ""}, received=moment, **more
            )

    def clock(self, moment: datetime) -> list[int]:
        """The ticker of some process looks at this moment."""
        with self.at(moment):
            return ending.end_due(moment)

    def read(self, silence: int) -> SilenceProcedure:
        with self.world.context():
            found = queries.get_silence(self.as_("chair"), silence)
            _ = found.letters, [row.party.code for row in found.objections]
            return found


@pytest.fixture
def table(world: World) -> Table:
    return make_table(world)


def make_table(world: World, openness: str = "public", slug: str = "elements") -> Table:
    group = world.group(slug, openness=openness, members=("KEN", "BRA", "CHE", "MEX"))
    world.speaks_for("KEN")
    people = {
        "chair": world.chair_of(group),
        "secretariat": world.officer(group, Office.SECRETARIAT),
        "facilitator": world.officer(group, Office.FACILITATOR),
        "kenya": world.user(party="KEN", role=DelegationRole.HEAD),
        "kenya's expert": world.user(party="KEN", role=DelegationRole.EXPERT),
        "brazil": world.user(party="BRA", role=DelegationRole.HEAD),
        "switzerland": world.user(party="CHE", role=DelegationRole.HEAD),
        "mexico": world.user(party="MEX", role=DelegationRole.HEAD),
        "mexico's negotiator": world.user(party="MEX", role=DelegationRole.NEGOTIATOR),
    }
    return Table(world, group, world.version(group, *TEXTS, label="Rev.3"), people)
