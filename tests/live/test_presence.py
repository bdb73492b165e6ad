"""Who is present: what is kept in memory ends with the rooms, whatever strings a socket sends."""

from __future__ import annotations

import time

import pytest
from flask import Flask

from app.live import events
from app.live.presence import FORGET, Presence, presence
from app.live.rooms import Visitor
from app.policy import PUBLIC


def test_leaving_what_one_is_not_in_is_not_remembered(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    touched: list[str] = []
    monkeypatch.setattr(presence, "touch", touched.append)
    visitor = Visitor(sid="nobody", who=lambda: PUBLIC)
    with app.test_request_context():
        for number in range(3):
            assert events.leave(PUBLIC, visitor, {"session": f"{number}" * 1000}) == {}
    assert touched == []


def test_an_empty_room_is_forgotten() -> None:
    here = Presence()
    here.local = lambda channel: ["KEN"] if channel == "session:1" else []
    for number in range(100):
        here.touch(f"session:{number}")
    here.tick(["session:1"])
    assert here._said.keys() == here._told.keys() == {"session:1"}
    here.tick([])
    assert not here._said
    assert not here._told


def test_a_process_that_died_is_forgotten_with_its_rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    here = Presence()
    here.on_presence("presence", '["session:1", "another", ["KEN"]]')
    assert here.present("session:1") == ("KEN",)
    later = time.monotonic() + FORGET + 1
    monkeypatch.setattr("app.live.presence.time.monotonic", lambda: later)
    assert here.present("session:1") == ()
    assert not here._heard
