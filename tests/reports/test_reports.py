"""Procedural reports: drawn from the log, edited by officers, published by the chair, frozen."""

from __future__ import annotations

import hashlib
import re
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import User
from app.errors import Closed, Conflict, Forbidden, Invalid, NotFound
from app.extensions import db
from app.groups import services as groups
from app.groups.models import Group
from app.live import services as live
from app.live.models import LiveSession
from app.live.queries import readable_session
from app.policy import PUBLIC, Office
from app.record import as_of, transaction
from app.reports import queries, services
from app.reports.models import Report
from tests.support.builders import World
from tests.support.clients import Browser

pytestmark = pytest.mark.database
SECRET = "Zanzibarite"


class Desk:
    """A group with a closed session in which something was said in public, and something behind a door."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.group = world.group("reports", openness="public", members=("KEN", "BRA"), title="Working Group on support")
        version = world.version(self.group, "Invites States to offer assistance;")
        self.session = world.session(self.group, version=version, title="3rd meeting").id
        self.chair_user = world.chair_of(self.group)
        self.chair = world.actor(self.chair_user)
        self.kenya = world.actor(world.user(party="KEN"))
        self.secretariat = world.actor(world.officer(self.group, Office.SECRETARIAT))
        with world.context():
            self.say("We offer words in public.")
            live.set_mode(self.chair, self.session, openness="members")
            self.say(f"Behind the door: {SECRET}.")
            live.set_mode(self.chair, self.session, openness="public")
            live.conduct(self.chair, self.session, "close")

    def say(self, body: str) -> None:
        live.comment(self.kenya, self.session, id=str(uuid.uuid4()), body=body, paragraph="p1")

    def published(self) -> int:
        """The id of a report that the public reads."""
        with self.world.context():
            live.publish(self.chair, self.session)
            report = self.draw()
            services.publish_report(self.chair, report.id, report.revision)
            return report.id

    def draw(self) -> Report:
        return services.draw_report(self.chair, self.group, "Report of the Group", [self.session])


def test_the_draft_says_what_the_log_says(world: World) -> None:
    desk = Desk(world)
    with world.context():
        body = desk.draw().body
    for words in ("Working Group on support", "3rd meeting", "1 comment", "OP1", "Ken", "closed segment"):
        assert words in body
    assert SECRET not in body
    numbers = [line.split("\\")[0] for line in body.splitlines() if "\\. " in line]
    assert numbers == [str(n) for n in range(1, len(numbers) + 1)]


def test_a_report_tells_of_each_meeting_once_as_it_happened_by_the_clock_of_headquarters(world: World) -> None:
    group = world.group("night", openness="public")
    chair = world.actor(world.chair_of(group))
    with world.context():
        second = live.schedule_session(chair, group, "2nd meeting", "public").id
    first = world.session(group, title="1st meeting", state="scheduled").id
    for session, day in ((first, 23), (second, 24)):
        for act, hour in (("open", 0), ("close", 3)):
            with world.context(), as_of(datetime(2026, 11, day, hour, 30, tzinfo=UTC)):
                live.conduct(chair, session, act)
    with world.context():
        report = services.draw_report(chair, group, "Report", [second, first, second])
        assert report.sessions == [first, second]
        assert "2 meetings from 22 November 2026 to 23 November 2026" in report.body
        for title, day in (("1st", 22), ("2nd", 23)):
            times = f"{day} November 2026, 19:30–22:30"
            assert f"“{title} meeting” met at the following times: {times}." in report.body


def test_a_draft_is_its_editors_alone_until_the_chair_publishes_it(app: Flask, world: World) -> None:
    desk = Desk(world)
    with world.context():
        report = desk.draw()
        number = report.id
        for outsider in (desk.kenya, PUBLIC):
            with pytest.raises(NotFound):
                queries.get_report(outsider, report.id)
        with pytest.raises(Forbidden):
            services.publish_report(desk.secretariat, report.id, report.revision)
        live.publish(desk.chair, desk.session)
        services.publish_report(desk.chair, report.id, report.revision)
        again = queries.get_report(PUBLIC, report.id)
        assert again.sha256 == hashlib.sha256(again.body.encode()).hexdigest()
        with pytest.raises(Closed):
            services.edit_report(desk.chair, report.id, "Other", "Other words.", again.revision)
        with pytest.raises(Conflict):
            services.publish_report(desk.chair, report.id, again.revision)
    page = Browser(app).get(f"/reports/{number}")
    assert page.status_code == 200
    assert "Report of the Group" in page.text


def test_two_editors_lose_nothing(app: Flask, world: World) -> None:
    desk = Desk(world)
    with world.context():
        number = desk.draw().id
        services.edit_report(desk.secretariat, number, "Report", "Their words.", 1)
        with pytest.raises(Conflict):
            services.edit_report(desk.chair, number, "Report", "My words.", 1)
    chair = Browser(app, desk.chair_user)
    said = {"title": "Report", "body": "My words.", "revision": "1"}
    answer = chair.post(f"/reports/{number}/edit", said)
    assert answer.status_code == 409
    assert "My words." in answer.text
    assert "Their words." in answer.text
    assert chair.post(f"/reports/{number}/edit", said | {"body": "Both.", "revision": "2"}).status_code == 302


@pytest.mark.parametrize("state", [None, "open"])
def test_a_report_tells_of_closed_sessions(world: World, state: str | None) -> None:
    desk = Desk(world)
    numbers = [world.session(desk.group, state=state).id] if state else []
    with world.context(), pytest.raises(Invalid) as caught:
        services.draw_report(desk.chair, desk.group, "Report", numbers)
    assert caught.value.field == "sessions"


def test_the_summary_tells_each_reader_what_they_may_read(app: Flask, world: World) -> None:
    desk = Desk(world)
    with world.context():
        live.publish(desk.chair, desk.session)
        session = readable_session(PUBLIC, desk.session)
        assert queries.summary_of(PUBLIC, session).comments == 1
        assert queries.summary_of(desk.kenya, session).comments == 2
    page = Browser(app).get(f"/sessions/{desk.session}/summary")
    assert page.status_code == 200
    assert "closed session" in page.text
    assert "Summary of the session" in Browser(app).get(f"/sessions/{desk.session}/record").text


def _readers(app: Flask, number: int, *users: User | None) -> list[bool]:
    """Who of them reads it: the page, its Markdown, and its line on the page of the group alike."""
    found = []
    for user in users:
        browser = Browser(app, user)
        page, markdown = browser.get(f"/reports/{number}"), browser.get(f"/reports/{number}.md")
        listed = f"/reports/{number}" in browser.get("/groups/reports").text
        assert (page.status_code == 200) == (markdown.status_code == 200) == listed
        found.append(listed)
    return found


def test_a_report_waits_for_the_records_that_it_tells_of(app: Flask, world: World) -> None:
    desk = Desk(world)
    with world.context():
        number = desk.draw().id
        with pytest.raises(Closed, match="3rd meeting"):
            services.publish_report(desk.chair, number, 1)
    chair = Browser(app, desk.chair_user)
    page = chair.get(f"/reports/{number}").text
    assert f"/sessions/{desk.session}/record" in page
    assert f"/reports/{number}/publish" not in page
    refused = chair.post(f"/reports/{number}/publish", {"revision": "1"})
    assert refused.status_code == 409
    assert "Publish the record first" in refused.text


def test_a_report_closes_with_its_group(app: Flask, world: World) -> None:
    desk = Desk(world)
    number, member = desk.published(), world.user(party="KEN")
    assert _readers(app, number, None, member, desk.chair_user) == [True, True, True]
    with world.context():
        said = {"title": "Group", "mandate": "", "pillars": [], "openness": "members"}
        groups.update_group(desk.chair, db.session.get_one(Group, desk.group.id), **said)
    assert _readers(app, number, None, member, desk.chair_user) == [False, True, True]


@pytest.mark.parametrize("change", [{"openness": "members"}, {"published_at": None}])
def test_a_report_is_never_more_open_than_a_session_that_it_tells_of(
    app: Flask, world: World, change: dict[str, Any]
) -> None:
    desk = Desk(world)
    number = desk.published()
    with world.context(), transaction():  # as a session that was narrowed since, or a report older than this rule
        for name, value in change.items():
            setattr(db.session.get_one(LiveSession, desk.session), name, value)
    assert _readers(app, number, None, world.user(party="KEN")) == [False, True]


def test_the_chair_publishes_the_words_that_were_read(app: Flask, world: World) -> None:
    desk = Desk(world)
    with world.context():
        live.publish(desk.chair, desk.session)
        number = desk.draw().id
    chair = Browser(app, desk.chair_user)
    shown = re.search(r'name="revision" value="(\d+)"', chair.get(f"/reports/{number}").text)
    assert shown is not None
    with world.context():
        services.edit_report(desk.secretariat, number, "Report", "Words that the chair has not seen.", 1)
    refused = chair.post(f"/reports/{number}/publish", {"revision": shown.group(1)})
    assert refused.status_code == 409
    assert "Words that the chair has not seen." in refused.text
    assert Browser(app).get(f"/reports/{number}").status_code == 404
    assert chair.post(f"/reports/{number}/publish", {"revision": "2"}).status_code == 302
    assert Browser(app).get(f"/reports/{number}").status_code == 200


@pytest.mark.parametrize(
    ("announced", "segment", "closed"),
    [("members", "members", False), ("public", "observers", True), ("observers", "members", True)],
)
def test_the_draft_calls_closed_what_was_closed_to_some(
    world: World, announced: str, segment: str, closed: bool
) -> None:
    group = world.group("segments", openness=announced, members=("KEN",))
    session, chair = world.session(group), world.actor(world.chair_of(group))
    with world.context():
        live.set_mode(chair, session.id, mode="informal", openness=segment)
        live.conduct(chair, session.id, "close")
        body = services.draw_report(chair, db.session.get_one(Group, group.id), "Report", [session.id]).body
    assert ("closed segment" in body) is closed
