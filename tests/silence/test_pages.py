"""The pages: starting, objecting with a plain form, the chair's board and letter. Nothing that is typed is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.core.rules.silence import State
from app.silence import services
from tests.silence.conftest import Table
from tests.support.clients import Browser

pytestmark = pytest.mark.database


def working_day(hours: int = 80) -> datetime:
    """A moment on a working day after so many hours."""
    from app.core.rules.workdays import day_off

    moment = datetime.now(UTC).replace(hour=17, minute=0, second=0, microsecond=0) + timedelta(hours=hours)
    moment = moment.replace(hour=17)
    while day_off(moment.date()):
        moment += timedelta(days=1)
    return moment


def running(table: Table, **given: object) -> int:
    with table.world.context():
        chair = table.as_("chair")
        values = {"deadline": datetime.now(UTC) + timedelta(hours=80), **given}
        return services.open_silence(chair, services.prepare(chair, table.version.id, values).id).id


def of(table: Table, name: str) -> Browser:
    return Browser(table.world.app, table.people[name])


def start(table: Table, name: str = "chair", **form: object) -> object:
    at = working_day()
    sent = {
        "deadline": at.strftime("%Y-%m-%dT%H:%M"),
        "zone": "America/New_York",
        "scope": "whole",
        "message": "Excellencies, Rev.3.",
        "way": "open",
    } | form
    return of(table, name).post(f"/drafts/{table.version.draft_id}/v/1/silence", sent)


def test_the_chair_opens_from_the_page_of_the_text(table: Table) -> None:
    page = of(table, "chair").get(f"/drafts/{table.version.draft_id}/v/1").get_data(as_text=True)
    assert f"/drafts/{table.version.draft_id}/v/1/silence" in page
    assert "under silence" not in of(table, "brazil").get(f"/drafts/{table.version.draft_id}/v/1").get_data(
        as_text=True
    )
    answer = start(table)
    assert answer.status_code == 302
    page = of(table, "mexico").get(answer.location).get_data(as_text=True)
    assert "Under silence" in page
    assert "12:00 New York" in page or "17:00 New York" in page
    assert "22:00 UTC" in page or "21:00 UTC" in page
    assert "Excellencies, Rev.3." in page


def test_what_the_secretariat_prepares_waits_for_the_chair(table: Table) -> None:
    answer = start(table, "secretariat", way="prepare")
    board = answer.location
    assert "Prepared" in of(table, "secretariat").get(board).get_data(as_text=True)
    silence = board.removesuffix("/board")
    assert of(table, "mexico").get(silence).status_code == 404
    assert of(table, "secretariat").post(f"{silence}/open").status_code == 403
    assert of(table, "chair").post(f"{silence}/open").status_code == 302
    assert of(table, "mexico").get(silence).status_code == 200


def test_a_weekend_is_a_warning_that_the_chair_confirms(table: Table) -> None:
    at = working_day()
    while at.weekday() != 5:
        at += timedelta(days=1)
    saturday = at.strftime("%Y-%m-%dT12:00")
    answer = start(table, deadline=saturday)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "weekend" in page
    assert "Excellencies, Rev.3." in page, "what was typed is still there"
    assert start(table, deadline=saturday, seen="y").status_code == 302


def test_too_little_time_names_the_field(table: Table) -> None:
    soon = (datetime.now(UTC) + timedelta(hours=30)).strftime("%Y-%m-%dT%H:%M")
    answer = start(table, deadline=soon, zone="UTC", seen="y")
    assert answer.status_code == 422
    assert 'id="short_reason-error"' in answer.get_data(as_text=True)
    assert start(table, deadline=soon, zone="UTC", seen="y", short_reason="The session ends.").status_code == 302


def test_breaking_silence_with_a_plain_form(table: Table) -> None:
    silence = running(table)
    kenya = of(table, "kenya")
    form = kenya.get(f"/silence/{silence}/break").get_data(as_text=True)
    assert "African Group" in form
    sent = {
        "behalf": "african-group",
        "p": ["p1"],
        "wording-p1": "Urges States to cooperate;",
        "reason-p2": "Not in this mandate.",
    }
    assert kenya.post(f"/silence/{silence}/break", sent).status_code == 302
    page = kenya.get(f"/silence/{silence}").get_data(as_text=True)
    assert "Urges States to cooperate;" in page
    assert "Not in this mandate." in page, "a paragraph with words counts, ticked or not"
    board = of(table, "chair").get(f"/silence/{silence}/board").get_data(as_text=True)
    assert "for African Group" in board
    back = kenya.post(f"/silence/{silence}/break/withdraw", {"behalf": "African Group"})
    assert back.status_code == 302
    assert "taken back" in kenya.get(f"/silence/{silence}").get_data(as_text=True)


def test_what_cannot_be_sent_stays_in_the_form(table: Table) -> None:
    silence = running(table)
    with table.world.context():
        services.withdraw(table.as_("chair"), silence, "Back to the table.")
    answer = of(table, "brazil").post(
        f"/silence/{silence}/break", {"p": ["p2"], "wording-p2": "Precious words;", "reason": "Precious reason."}
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Precious words;" in page
    assert "Precious reason." in page
    assert 'value="p2" checked' in page


def test_who_may_not_object_has_no_form(table: Table) -> None:
    silence = running(table)
    for name, status in (("mexico's negotiator", 403), ("chair", 403), ("secretariat", 403)):
        assert of(table, name).get(f"/silence/{silence}/break").status_code == status
    assert Browser(table.world.app).get(f"/silence/{silence}/break").status_code == 302
    assert "/break" not in of(table, "mexico's negotiator").get(f"/silence/{silence}").get_data(as_text=True)
    assert of(table, "brazil").get(f"/silence/{silence}/board").status_code == 403


def test_the_board_keeps_what_was_typed_when_an_act_fails(table: Table) -> None:
    silence = running(table)
    earlier = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    answer = of(table, "chair").post(
        f"/silence/{silence}/extend", {"deadline": earlier, "zone": "UTC", "reason": "A reason worth keeping."}
    )
    assert answer.status_code == 422
    assert "A reason worth keeping." in answer.get_data(as_text=True)
    assert earlier in answer.get_data(as_text=True)


def test_the_letter_shows_what_the_chair_chose(table: Table) -> None:
    silence = running(table)
    of(table, "brazil").post(f"/silence/{silence}/break", {"p": ["p2"]})
    deadline = table.read(silence).deadline
    table.clock(deadline + timedelta(seconds=2))
    public = Browser(table.world.app)
    page = public.get(f"/silence/{silence}").get_data(as_text=True)
    assert "Silence broken" in page
    assert "Bra" not in page.replace("Brackets", "").replace("Branch", "")
    chair = of(table, "chair")
    assert "Silence was broken" in chair.get(f"/silence/{silence}/board").get_data(as_text=True)
    chair.post(f"/silence/{silence}/letter", {"body": "Excellencies, it was broken.", "names": "paragraphs"})
    page = public.get(f"/silence/{silence}").get_data(as_text=True)
    assert "Letter 2 of the Chair" in page
    assert ">OP2</a>" in page
    assert ">Bra<" not in page
    chair.post(f"/silence/{silence}/letter", {"body": "Excellencies, by these.", "names": "parties"})
    assert "<bdi>Bra</bdi>" in public.get(f"/silence/{silence}").get_data(as_text=True)


def test_the_group_s_page_lists_it(table: Table) -> None:
    silence = running(table)
    page = of(table, "mexico").get(f"/groups/{table.group.slug}").get_data(as_text=True)
    assert f"/silence/{silence}" in page
    assert f"/silence/{silence}" in of(table, "mexico").get("/silence").get_data(as_text=True)


def test_a_write_over_the_api_takes_effect_once(table: Table) -> None:
    silence = running(table)
    brazil = of(table, "brazil")
    key = {"Idempotency-Key": "0191b7a4-0000-7000-8000-000000000001"}
    answers = [
        brazil.api("POST", f"/silence/{silence}/break", {"reason": "Not agreed."}, headers=key).json for _ in range(2)
    ]
    assert answers[0]["objections"][0]["reason"] == "Not agreed."
    assert answers[0]["objections"] == answers[1]["objections"]
    assert len(table.read(silence).objections) == 1
    assert table.read(silence).state == State.RUNNING
