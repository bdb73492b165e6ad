"""The form that announces a session."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from app.extensions import db
from app.live.models import LiveSession
from tests.support.builders import World
from tests.support.clients import Browser

pytestmark = pytest.mark.database


def test_the_same_form_sent_twice_announces_one(app: Flask, world: World) -> None:
    group = world.group("once")
    chair, address = Browser(app, world.chair_of(group)), "/groups/once/sessions/new"
    identity = re.search(r'name="id"[^>]*value="([^"]+)"', chair.get(address).text)
    assert identity is not None
    said = {"id": identity.group(1), "title": "3rd meeting", "openness": "public"}
    first, second = (chair.post(address, said) for _again in range(2))
    assert first.status_code == second.status_code == 302
    assert first.headers["Location"] == second.headers["Location"]
    other = chair.post(address, said | {"title": "4th meeting"})
    assert other.status_code == 422
    assert "4th meeting" in other.text
    assert identity.group(1) not in other.text, "the next try stands for this one"
    with world.context():
        assert db.session.query(LiveSession).count() == 1
