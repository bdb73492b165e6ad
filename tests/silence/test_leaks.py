"""While silence runs, nobody but the chair, the secretariat and the breaker's delegation can tell that it is broken.

Two worlds are the same but for objections in one of them. What everybody else can reach is the same in both, byte for
byte but for what differs between any two requests.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app import create_app
from app.accounts.models import User
from app.extensions import db
from app.policy import DelegationRole
from app.record import as_of
from app.silence import breaks, queries, services
from tests.conftest import fresh_database, settings_for
from tests.silence.conftest import Table, make_table
from tests.support.builders import World
from tests.support.clients import Browser
from tests.support.rooms import Rooms

pytestmark = pytest.mark.database

NOW = datetime.now(UTC).replace(microsecond=0)
OUTSIDERS = ("public", "mexico", "facilitator", "kenya")
WORDS = "unmistakable"


def objecting(table: Table, silence: int) -> None:
    """Brazil objects, amends, takes back, objects again; Switzerland objects."""
    said = {"paragraphs": [{"paragraph": "p2", "wording": f"Words {WORDS};", "reason": WORDS}], "reason": WORDS}
    with table.at(NOW + timedelta(seconds=5)):
        breaks.break_silence(table.as_("brazil"), silence, said)
        breaks.withdraw_break(table.as_("brazil"), silence)
        breaks.break_silence(table.as_("brazil"), silence, said)
        breaks.break_silence(table.as_("switzerland"), silence, {})


def what_others_see(tmp_path: Path, template: str, broken: bool) -> dict[str, str]:
    """Everything that outsiders can ask for, in a world of its own."""
    tmp_path.mkdir()
    with fresh_database(template, tmp_path) as url:
        app = create_app(settings_for(url, tmp_path), TESTING=True, WTF_CSRF_ENABLED=False)
        with as_of(NOW - timedelta(hours=1)):
            table = make_table(World(app))
        with table.at(NOW):
            chair = table.as_("chair")
            given = {"deadline": NOW + timedelta(hours=80), "message": "Rev.3 is put under silence."}
            silence = services.open_silence(chair, services.prepare(chair, table.version.id, given).id).id
        if broken:
            objecting(table, silence)
        seen = {}
        for name in OUTSIDERS:
            browser = Browser(app, table.people.get(name))
            for address in addresses(table, silence):
                answer = browser.get(address)
                seen[f"{name} {address}"] = f"{answer.status_code} {plain(answer.get_data(as_text=True))}"
            with table.at(NOW + timedelta(hours=79)):
                found = queries.reminders_for(_actor(table, name), NOW + timedelta(hours=79))
                seen[f"{name} reminders"] = str([(r.kind, r.count, r.at) for r in found])
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        return seen


def _actor(table: Table, name: str) -> Any:
    return table.world.actor(table.people.get(name))


def addresses(table: Table, silence: int) -> list[str]:
    draft = table.version.draft_id
    return [
        "/",
        "/silence",
        f"/silence/{silence}",
        f"/silence/{silence}.json",
        f"/silence/{silence}/board",
        f"/silence/{silence}/break",
        f"/groups/{table.group.slug}",
        "/groups",
        "/texts",
        f"/drafts/{draft}/v/1",
        f"/drafts/{draft}/v/1/p/p2",
        f"/search?q={WORDS}",
        "/archive",
        "/inbox",
        "/programme",
        "/programme.ics",
        "/api/v1/silence",
        f"/api/v1/silence/{silence}",
        f"/api/v1/silence/{silence}/events",
        f"/api/v1/silence/{silence}/chair-events",
        f"/api/v1/search?q={WORDS}",
        f"/api/v1/versions/{table.version.id}",
        f"/api/v1/versions/{table.version.id}/compilation",
    ]


def plain(text: str) -> str:
    """Without what differs between any two requests: tokens, times of answering, ids of forms, hashes."""
    text = re.sub(r'(csrf[-_]token"[^>]*?(?:value|content)=")[^"]*', r"\1", text)
    text = re.sub(r'data-now="[^"]*"|"now":"[^"]*"', "", text)
    return re.sub(r"\b[0-9a-f]{64}\b|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "", text)


def test_a_broken_silence_looks_like_an_unbroken_one(template_database: str, tmp_path: Path) -> None:
    broken = what_others_see(tmp_path / "broken", template_database, broken=True)
    unbroken = what_others_see(tmp_path / "unbroken", template_database, broken=False)
    assert [key for key in broken if broken[key] != unbroken[key]] == []
    assert not [
        key
        for key, text in broken.items()
        if WORDS in text.replace(f"q={WORDS}", "").replace(f'value="{WORDS}"', "") and "search" not in key
    ]
    assert any("Under silence" in text for text in broken.values()), "the pages show the procedure itself"


def test_who_may_know_does_know(table: Table) -> None:
    with table.at(NOW):
        chair = table.as_("chair")
        given = {"deadline": NOW + timedelta(hours=80)}
        silence = services.open_silence(chair, services.prepare(chair, table.version.id, given).id).id
    objecting(table, silence)
    colleague = table.world.user(party="BRA", role=DelegationRole.VIEWER)

    def knows(user: User) -> bool:
        return WORDS in Browser(table.world.app, user).get(f"/silence/{silence}").get_data(as_text=True)

    assert knows(table.people["brazil"])
    assert knows(colleague)
    assert not knows(table.people["switzerland"])
    for name in ("chair", "secretariat"):
        board = Browser(table.world.app, table.people[name]).get(f"/silence/{silence}/board").get_data(as_text=True)
        assert WORDS in board
        assert "Che" in board
        log = Browser(table.world.app, table.people[name]).api("GET", f"/silence/{silence}/chair-events").json
        assert [event["type"] for event in log["items"]] == [
            "silence.prepared",
            "silence.broken",
            "silence.break_withdrawn",
            "silence.broken",
            "silence.broken",
        ]


def test_no_socket_hears_of_objections(served: Any) -> None:
    rooms = Rooms(*served)
    table = make_table(rooms.world, slug="silence-socket")
    session = rooms.world.session(table.group, version=table.version)
    now = datetime.now(UTC)
    with table.world.context():
        chair = table.as_("chair")
        given = {"deadline": now + timedelta(hours=80)}
        silence = services.open_silence(chair, services.prepare(chair, table.version.id, given).id).id
    mexico = rooms.of(table.people["mexico"])
    assert mexico.join(session.id)["ok"]
    for channel in (f"silence:{silence}", f"silence:{silence}:chair", f"session:{session.id}:chair"):
        assert not mexico.call("join", session=channel, after=0)["ok"]
    assert not mexico.call("join", silence=str(silence), after=0)["ok"]
    with table.world.context():
        breaks.break_silence(table.as_("brazil"), silence, {"reason": WORDS})
    after = mexico.call("events", session=str(session.id), after=0)
    assert WORDS not in json.dumps(after)
    assert mexico.heard == []
    rooms.close()


def test_a_closed_group_s_silence_is_not_found(world: World) -> None:
    table = make_table(world, openness="members", slug="closed")
    with table.at(NOW):
        chair = table.as_("chair")
        given = {"deadline": NOW + timedelta(hours=80)}
        silence = services.open_silence(chair, services.prepare(chair, table.version.id, given).id).id
    browser = Browser(world.app)
    statuses: Callable[[str], int] = lambda address: browser.get(address).status_code  # noqa: E731
    for address in (f"/silence/{silence}", f"/silence/{silence}.json", f"/api/v1/silence/{silence}/events"):
        assert statuses(address) == 404
    assert browser.api("GET", "/silence").json == {"items": [], "next": None}
    with as_of(NOW), world.context():
        assert queries.reminders_for(world.actor(None), NOW + timedelta(hours=79)) == []
