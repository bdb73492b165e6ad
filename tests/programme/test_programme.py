"""The programme: what stands in it for whom, and what becomes of a session that is moved or called off."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from app.core.rules.sessions import State
from app.errors import Closed, Forbidden, Invalid, NotFound
from app.groups.models import Group
from app.live import services as live
from app.live.models import LiveSession
from app.policy import Office
from app.programme import queries, services
from app.record import events_after
from tests.support.builders import World
from tests.support.clients import Browser

pytestmark = pytest.mark.database

TUESDAY = datetime(2026, 12, 8, 15, 0, tzinfo=UTC)  # ten in New York
HOURS_3 = timedelta(hours=3)


def announced(
    world: World, group: Group, title: str, openness: str, starts_at: datetime | None = TUESDAY
) -> LiveSession:
    chair = world.actor(world.chair_of(group))
    with world.context():
        return live.schedule_session(
            chair,
            group,
            title,
            openness,
            starts_at=starts_at,
            ends_at=starts_at + HOURS_3 if starts_at else None,
            place="Conference Room 4",
        )


ENDS_OF_THE_CALENDAR = (
    "0001-01-01T00:00:00+14:00",
    "0001-01-01T00:00:00Z",
    "9999-12-31T22:00:00Z",
    "9999-12-31T23:59:59-14:00",
)


@pytest.mark.parametrize("at", ENDS_OF_THE_CALENDAR)
def test_nothing_is_set_for_the_ends_of_the_calendar(world: World, at: str) -> None:
    """Hours later, or in another zone, such a moment cannot be written: one would break every calendar."""
    group = world.group()
    version, session = world.version(group), world.session(group, state="scheduled").id
    chair = Browser(world.app, world.chair_of(group))
    new = {"group": group.slug, "title": "1st meeting", "openness": "public", "starts_at": at}
    for path, body, field in (
        ("/sessions", new, "starts_at"),
        (f"/sessions/{session}/reschedule", {"starts_at": at}, "starts_at"),
        (f"/versions/{version.id}/silence", {"deadline": at}, "deadline"),
    ):
        answer = chair.api("POST", path, body)
        assert (answer.status_code, answer.json["field"]) == (422, field)
    assert chair.get("/programme.ics").status_code == 200


def test_days_and_meetings_of_headquarters(world: World) -> None:
    group = world.group()
    announced(world, group, "Morning", "public")
    announced(world, group, "Afternoon", "public", TUESDAY + timedelta(hours=5))
    announced(world, group, "Night", "public", TUESDAY + timedelta(hours=12))  # ten in the evening in New York
    announced(world, group, "Untimed", "public", None)
    with world.context():
        found = queries.days(world.actor(None), date(2026, 12, 7), 7)
        tuesday = found[1]
        titles = {part: [slot.session.title for slot in slots if slot.session] for part, slots in tuesday.parts.items()}
        assert [s.title for s in queries.without_time(world.actor(None))] == ["Untimed"]
    assert titles == {"morning": ["Morning"], "afternoon": ["Afternoon"], "evening": ["Night"]}
    page = Browser(world.app).get("/programme?from=2026-12-09").get_data(as_text=True)
    assert "10:00–13:00" in page
    assert "Conference Room 4" in page
    assert "Tue 8 Dec" in page


def test_outsiders_see_of_a_closed_meeting_its_time_alone(world: World) -> None:
    group = world.group("fund", openness="members", members=("KEN",), title="Secret fund")
    announced(world, group, "Secret title", "members")
    page = Browser(world.app).get("/programme?from=2026-12-08").get_data(as_text=True)
    assert "Closed meeting" in page
    assert "10:00–13:00" in page
    for told in ("Secret", "Conference Room 4", "/sessions/", "fund"):
        assert told not in page.replace('href="/sessions"', "")
    page = Browser(world.app, world.user(party="KEN")).get("/programme?from=2026-12-08").get_data(as_text=True)
    assert "Secret title" in page


def test_a_meeting_by_invitation_is_not_there_at_all(world: World) -> None:
    group = world.group("table", openness="public")
    before = Browser(world.app).get("/programme?from=2026-12-08").get_data(as_text=True)
    announced(world, group, "Friends of the Chair", "invited")
    after = Browser(world.app).get("/programme?from=2026-12-08").get_data(as_text=True)
    assert _plain(after) == _plain(before)


def _plain(page: str) -> str:
    import re

    return re.sub(r'(name="csrf[-_]token" (?:content|value)=")[^"]*', r"\1", page)


def test_a_closed_meeting_that_is_called_off_leaves_no_slot(world: World) -> None:
    group = world.group("fund", openness="members")
    session = announced(world, group, "Secret title", "members")
    with world.context():
        services.cancel(world.actor(world.chair_of(group)), session.id, "No quorum is expected.")
    assert "Closed meeting" not in Browser(world.app).get("/programme?from=2026-12-08").get_data(as_text=True)


def test_moved_postponed_given_a_time_again_cancelled(world: World) -> None:
    group = world.group()
    chair = world.actor(world.chair_of(group))
    session = announced(world, group, "1st meeting", "public")
    later = TUESDAY + timedelta(days=1)
    with world.context():
        moved = services.reschedule(chair, session.id, later, later + HOURS_3, place="CR 1", reason="Room is taken.")
        assert (moved.state, moved.starts_at, moved.schedule_revision) == (State.SCHEDULED, later, 1)
        assert services.postpone(chair, session.id, "Consultations go on.").state == State.POSTPONED
        with pytest.raises(Closed):
            live.conduct(chair, session.id, "open")
        assert [s.id for s in queries.without_time(chair)] == [session.id]
        assert services.reschedule(chair, session.id, later, place="CR 1").state == State.SCHEDULED
        assert services.cancel(chair, session.id, "No agreement to meet.").schedule_revision == 4
        with pytest.raises(Closed):
            services.reschedule(chair, session.id, later)
        log = [event for event in events_after(session.channel, 0) if event.type != "session.scheduled"]
    assert [event.type for event in log] == [
        "session.rescheduled",
        "session.postponed",
        "session.rescheduled",
        "session.cancelled",
    ]
    said = json.loads(log[0].body)["data"]
    assert said["before"]["starts_at"] == "2026-12-08T15:00:00.000000Z"
    assert (said["starts_at"], said["place"], said["reason"]) == (
        "2026-12-09T15:00:00.000000Z",
        "CR 1",
        "Room is taken.",
    )


def test_who_may_move_what(world: World) -> None:
    group = world.group(members=("KEN",))
    session = announced(world, group, "1st meeting", "members")
    kenya, outsider = world.actor(world.user(party="KEN")), world.actor(world.user(party="BRA"))
    facilitator = world.actor(world.officer(group, Office.FACILITATOR))
    chair = world.actor(world.chair_of(group))
    with world.context():
        with pytest.raises(Forbidden):
            services.cancel(kenya, session.id, "No.")
        with pytest.raises(NotFound):
            services.cancel(outsider, session.id, "No.")
        with pytest.raises(Invalid):
            services.cancel(chair, session.id, "  ")
        with pytest.raises(Invalid):
            services.reschedule(chair, session.id, TUESDAY, TUESDAY - HOURS_3)
        with pytest.raises(Invalid):
            services.reschedule(chair, session.id, TUESDAY, TUESDAY + HOURS_3, place="Conference Room 4")
        services.reschedule(facilitator, session.id, TUESDAY + HOURS_3)
        live.conduct(chair, session.id, "open")
        with pytest.raises(Closed):
            services.postpone(chair, session.id, "It runs already.")


def test_moving_by_a_plain_form_keeps_what_was_typed(world: World) -> None:
    group = world.group()
    session = announced(world, group, "1st meeting", "public")
    browser = Browser(world.app, world.chair_of(group))
    assert "Move or cancel" in browser.get("/programme?from=2026-12-08").get_data(as_text=True)
    assert "Move or cancel" not in Browser(world.app).get("/programme?from=2026-12-08").get_data(as_text=True)
    wrong = {
        "way": "reschedule",
        "starts_at": "2026-12-09T15:00",
        "ends_at": "2026-12-09T14:00",
        "zone": "America/New_York",
        "reason": "A reason worth keeping.",
    }
    answer = browser.post(f"/sessions/{session.id}/schedule", wrong)
    assert answer.status_code == 422
    assert "A reason worth keeping." in answer.get_data(as_text=True)
    answer = browser.post(f"/sessions/{session.id}/schedule", wrong | {"ends_at": "2026-12-09T18:00"})
    assert answer.location == f"/groups/{group.slug}/programme?from=2026-12-09"
    assert "15:00–18:00" in browser.get(answer.location).get_data(as_text=True)
    room = browser.get(f"/sessions/{session.id}").get_data(as_text=True)
    assert "moved the session: A reason worth keeping." in room
    browser.post(f"/sessions/{session.id}/schedule", {"way": "cancel", "reason": "Called off."})
    assert "Cancelled" in browser.get(f"/sessions/{session.id}").get_data(as_text=True)
    assert "Cancelled" in browser.get("/sessions").get_data(as_text=True)


def test_a_page_of_nonsense_is_this_week(world: World) -> None:
    for asked in ("", "yesterday", "9999-12-31", "0001-01-01"):
        assert Browser(world.app).get(f"/programme?from={asked}").status_code == 200


def test_the_api_moves_and_calls_off(world: World) -> None:
    group = world.group()
    session = announced(world, group, "1st meeting", "public")
    browser = Browser(world.app, world.chair_of(group))
    moved = browser.api("POST", f"/sessions/{session.id}/reschedule", {"starts_at": "2026-12-10T15:00:00Z"}).json
    assert (moved["starts_at"], moved["ends_at"], moved["place"]) == ("2026-12-10T15:00:00.000000Z", None, "")
    off = browser.api("POST", f"/sessions/{session.id}/cancel", {"reason": "Called off."})
    assert off.json["state"] == "cancelled"
