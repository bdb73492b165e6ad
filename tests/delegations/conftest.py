"""A delegation of three, another one, a chair and a secretary, on a text with a session."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import User
from app.drafts.models import Version
from app.groups.models import Group
from app.live.models import LiveSession
from app.policy import DelegationRole, Office, PlatformRole
from tests.support.builders import World
from tests.support.clients import Browser


def new_id() -> str:
    return str(uuid.uuid4())


@dataclass
class Room:
    app: Flask
    world: World
    group: Group
    version: Version
    session: LiveSession
    kenya: User
    expert: User
    viewer: User
    brazil: User
    chair: User
    secretary: User
    operator: User
    stranger: User

    def as_(self, user: User | None) -> Browser:
        return Browser(self.app, user)

    @property
    def others(self) -> list[User | None]:
        """Everybody who is not of Kenya's delegation."""
        return [self.brazil, self.chair, self.secretary, self.operator, self.stranger, None]

    def note(self, user: User, body: str = "Our red line is the second clause.", **more: Any) -> dict[str, Any]:
        said = {"body": body, "paragraph": "p1"} | more
        answer = self.as_(user).api("POST", f"/versions/{self.version.id}/notes", said)
        assert answer.status_code == 201, answer.text
        return dict(answer.json or {})


@pytest.fixture
def room(app: Flask, world: World) -> Room:
    group = world.group("group", members=("KEN", "BRA"))
    version = world.version(group)
    world.party("NOR")
    return Room(
        app,
        world,
        group,
        version,
        world.session(group, version=version),
        kenya=world.user(party="KEN", name="K. Mwangi"),
        expert=world.user(party="KEN", role=DelegationRole.EXPERT, name="A. Okoro"),
        viewer=world.user(party="KEN", role=DelegationRole.VIEWER),
        brazil=world.user(party="BRA"),
        chair=world.chair_of(group),
        secretary=world.officer(group, Office.SECRETARIAT, world.user(platform_role=PlatformRole.SECRETARIAT)),
        operator=world.user(platform_role=PlatformRole.OPERATOR),
        stranger=world.user(party="NOR"),
    )
