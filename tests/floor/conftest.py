"""A meeting with a chair, a secretariat, delegations of several kinds, and the acts of the floor in few words."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from app.accounts.models import User
from app.core.rules.speakers import EVENTS, Act, Floor, fold
from app.extensions import db
from app.floor import queries, services
from app.floor.models import SpeakersList
from app.groups.models import Group
from app.live import services as live
from app.live.models import LiveSession
from app.policy import Actor, DelegationRole, Office, PartyKind
from app.record import events_of
from tests.support.builders import World


@dataclass
class Meeting:
    """`meeting.ask("ken")`, `meeting.give()`: each returns the event's seq."""

    world: World
    group: Group
    session: int
    chair: User
    secretariat: User
    people: dict[str, User] = field(default_factory=dict)

    def actor(self, who: str) -> Actor:
        user = {"chair": self.chair, "secretariat": self.secretariat}.get(who) or self.people[who]
        return self.world.actor(user)

    def ask(self, who: str, **said: Any) -> int:
        actor = self.actor(who)
        with self.world.context():
            return services.request_floor(actor, self.session, **said)

    def for_(self, delegation: str, who: str = "secretariat", **said: Any) -> int:
        actor = self.actor(who)
        with self.world.context():
            return services.request_for(actor, self.session, delegation, **said)

    def give(self, delegation: str | None = None, who: str = "chair", **said: Any) -> int:
        actor = self.actor(who)
        with self.world.context():
            return services.give(actor, self.session, delegation=delegation, **said)

    def act(self, act: Act, who: str = "chair", **said: Any) -> int:
        actor = self.actor(who)
        with self.world.context():
            return services.manage(actor, self.session, act, **said)

    def interrupt(self, delegation: str | None = None) -> int:
        actor = self.actor("chair")
        with self.world.context():
            return services.interrupt(actor, self.session, delegation=delegation)

    def withdraw(self, who: str, **said: Any) -> int:
        actor = self.actor(who)
        with self.world.context():
            return services.withdraw(actor, self.session, **said)

    def conduct(self, act: str) -> None:
        actor = self.actor("chair")
        with self.world.context():
            live.conduct(actor, self.session, act)

    def mode(self, **said: Any) -> None:
        actor = self.actor("chair")
        with self.world.context():
            live.set_mode(actor, self.session, **said)

    def floor(self, who: str = "chair") -> dict[str, Any]:
        actor = self.actor(who)
        with self.world.context():
            return queries.read_floor(actor, db.session.get_one(LiveSession, self.session))

    @property
    def order(self) -> str:
        return " ".join(entry["delegation"] for entry in self.floor()["waiting"])

    @property
    def speaker(self) -> str | None:
        speaking = self.floor()["speaking"]
        return speaking["delegation"] if speaking else None

    def kept(self, channel: str) -> Floor:
        """The state in the row."""
        with self.world.context():
            return Floor.from_dict(db.session.get_one(SpeakersList, channel).state)

    def refolded(self, channel: str) -> Floor:
        """The state that the log alone gives."""
        with self.world.context():
            events = events_of([channel], EVENTS)
            return fold((event.type, json.loads(event.body)["data"], event.at) for event in events)


DELEGATIONS = {
    "ken": ("KEN", PartyKind.MEMBER_STATE),
    "bra": ("BRA", PartyKind.MEMBER_STATE),
    "che": ("CHE", PartyKind.MEMBER_STATE),
    "pse": ("PSE", PartyKind.OBSERVER_STATE),
    "vat": ("VAT", PartyKind.OBSERVER_STATE),
    "icrc": ("ICRC", PartyKind.SPECIAL_OBSERVER),
    "ngo": ("NGO", PartyKind.STAKEHOLDER),
}


def meeting_in(world: World, *, openness: str = "public", state: str = "open", texts: tuple[str, ...] = ()) -> Meeting:
    group = world.group("floor", openness=openness)
    for code, kind in DELEGATIONS.values():
        world.join(group, code, kind)
    people = {
        name: world.user(party=code, kind=kind, role=DelegationRole.NEGOTIATOR)
        for name, (code, kind) in DELEGATIONS.items()
    }
    world.speaks_for("KEN")
    chair = world.chair_of(group)
    session = world.session(group, state=state, version=world.version(group, *texts))
    return Meeting(world, group, session.id, chair, world.officer(group, Office.SECRETARIAT), people)


@pytest.fixture
def meeting(world: World) -> Meeting:
    return meeting_in(world)
