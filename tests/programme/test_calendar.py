"""Calendar files, read back by the parser: identity, sequence, status, UTC, long lines; and whose feed shows what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar, Event

from app.live import services as live
from app.programme import services
from app.silence import services as silence
from tests.programme.test_programme import HOURS_3, announced
from tests.support.builders import World
from tests.support.clients import Browser

pytestmark = pytest.mark.database

SOON = (datetime.now(UTC) + timedelta(days=3)).replace(hour=15, minute=0, second=0, microsecond=0)


def events(browser: Browser, address: str) -> list[Event]:
    answer = browser.get(address)
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    body = answer.get_data()
    assert all(len(line) <= 75 for line in body.split(b"\r\n")), "lines are folded at 75 octets"
    assert b"\n" not in body.replace(b"\r\n", b"")
    return list(Calendar.from_ical(body).walk("VEVENT"))


def test_an_entry_is_what_the_session_is(world: World) -> None:
    group = world.group(title="Soutien après incident; suite, fin")
    session = announced(world, group, "会议 " + "négociation " * 12, "public", SOON)
    [event] = events(Browser(world.app), f"/sessions/{session.id}.ics")
    assert event["summary"] == f"{group.title}: {session.title}"
    assert (event["dtstart"].dt, event["dtend"].dt) == (SOON, SOON + HOURS_3)
    assert event["dtstart"].to_ical().endswith(b"Z")
    assert event["dtstamp"].to_ical().endswith(b"Z")
    assert (event["sequence"], event["status"], event["location"]) == (0, "CONFIRMED", "Conference Room 4")
    assert event["url"].endswith(f"/sessions/{session.id}")


def test_its_identity_lasts_and_its_sequence_follows_changes(world: World) -> None:
    group = world.group()
    chair = world.actor(world.chair_of(group))
    session = announced(world, group, "1st meeting", "public", SOON)
    seen = []

    def look() -> None:
        [event] = events(Browser(world.app), f"/sessions/{session.id}.ics")
        seen.append((event["uid"], event["sequence"], event["status"], event["dtstart"].dt))

    look()
    later = SOON + timedelta(days=1)
    with world.context():
        services.reschedule(chair, session.id, later, reason="Room is taken.")
    look()
    with world.context():
        services.postpone(chair, session.id, "Consultations go on.")
    look()
    with world.context():
        services.reschedule(chair, session.id, SOON)
    look()
    with world.context():
        services.cancel(chair, session.id, "Called off.")
    look()
    assert len({uid for uid, _seq, _status, _at in seen}) == 1
    assert [row[1:] for row in seen] == [
        (0, "CONFIRMED", SOON),
        (1, "CONFIRMED", later),
        (2, "CANCELLED", later),
        (3, "CONFIRMED", SOON),
        (4, "CANCELLED", SOON),
    ]


def test_what_one_may_not_know_has_no_file(world: World) -> None:
    group = world.group(openness="members", members=("KEN",))
    session = announced(world, group, "Secret", "members", SOON)
    assert Browser(world.app).get(f"/sessions/{session.id}.ics").status_code == 404
    assert len(events(Browser(world.app, world.user(party="KEN")), f"/sessions/{session.id}.ics")) == 1
    with world.context():
        untimed = live.schedule_session(world.actor(world.chair_of(group)), group, "Untimed", "members")
    assert Browser(world.app, world.chair_of(group)).get(f"/sessions/{untimed.id}.ics").status_code == 404


def feed_of(world: World, browser: Browser) -> str:
    page = browser.post("/programme/feed").get_data(as_text=True)
    return page.split('class="token">http://localhost')[1].split("<")[0]


def test_a_feed_shows_what_its_owner_may_know(world: World) -> None:
    public = world.group("open")
    closed = world.group("fund", openness="members", members=("KEN",))
    announced(world, public, "Open meeting", "public", SOON)
    announced(world, closed, "Secret", "members", SOON)
    kenya = Browser(world.app, world.user(party="KEN"))
    address = feed_of(world, kenya)
    nobody = Browser(world.app)
    assert {str(event["summary"]) for event in events(nobody, address)} == {"Open: Open meeting", "Fund: Secret"}
    assert {str(event["summary"]) for event in events(nobody, "/programme.ics")} == {"Open: Open meeting"}
    assert "no-store" in nobody.get(address).headers["Cache-Control"]


def test_a_secret_address_can_be_closed_and_the_next_one_closes_it(world: World) -> None:
    browser, nobody = Browser(world.app, world.user(party="KEN")), Browser(world.app)
    first = feed_of(world, browser)
    second = feed_of(world, browser)
    assert nobody.get(first).status_code == 404
    assert nobody.get(second).status_code == 200
    browser.post("/programme/feed/revoke")
    assert nobody.get(second).status_code == 404
    assert nobody.get("/programme.ics?token=guess").status_code == 404
    assert nobody.post("/programme/feed").status_code == 401


def test_the_key_of_a_feed_opens_nothing_else(world: World) -> None:
    secret = feed_of(world, Browser(world.app, world.user(party="KEN"))).split("token=")[1]
    answer = Browser(world.app).api("GET", "/me", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 401 or answer.json["user"] is None


def test_deadlines_of_silence_are_in_the_feed_and_say_nothing_of_objections(world: World) -> None:
    from app.silence import breaks
    from tests.silence.conftest import make_table

    table = make_table(world)
    with world.context():
        chair = table.as_("chair")
        given = {"deadline": datetime.now(UTC).replace(microsecond=0) + timedelta(hours=80)}
        found = silence.open_silence(chair, silence.prepare(chair, table.version.id, given).id)
    before = Browser(world.app).get("/programme.ics").get_data()
    [event] = events(Browser(world.app), "/programme.ics")
    assert (event["dtstart"].dt, event["sequence"]) == (given["deadline"], 0)
    assert "dtend" not in event, "an end has to be later than its start"
    with world.context():
        breaks.break_silence(table.as_("brazil"), found.id, {"reason": "Not agreed."})
    assert Browser(world.app).get("/programme.ics").get_data() == before
    with world.context():
        silence.extend(chair, found.id, given["deadline"] + timedelta(days=1), "More time.")
    [event] = events(Browser(world.app), "/programme.ics")
    assert (event["dtstart"].dt, event["sequence"]) == (given["deadline"] + timedelta(days=1), 1)


def test_a_deadline_that_moves_is_stamped_anew(world: World) -> None:
    from tests.silence.conftest import make_table

    table = make_table(world)
    opened = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
    seen = []

    def look() -> None:
        [event] = events(Browser(world.app), "/programme.ics")
        seen.append((event["sequence"], event["dtstamp"].dt, event["last-modified"].dt, event["status"]))

    with table.at(opened):
        chair = table.as_("chair")
        deadline = opened + timedelta(hours=80)
        found = silence.open_silence(chair, silence.prepare(chair, table.version.id, {"deadline": deadline}).id)
    look()
    with table.at(opened + timedelta(hours=1)):
        silence.extend(chair, found.id, deadline + timedelta(days=1), "More time.")
    look()
    with table.at(opened + timedelta(minutes=90)):
        silence.withdraw(chair, found.id, "The text goes back to the table.")
    look()
    moved, off = opened + timedelta(hours=1), opened + timedelta(minutes=90)
    assert seen == [
        (0, opened, opened, "CONFIRMED"),
        (1, moved, moved, "CONFIRMED"),
        (2, off, off, "CANCELLED"),
    ]
