"""The pages: starting, objecting with a plain form, the chair's board and letter. Nothing that is typed is lost."""

from __future__ import annotations

import io
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from app.core.rules.silence import State
from app.drafts.queries import get_version
from app.errors import Closed
from app.silence import breaks, ending, queries, services
from tests.silence.conftest import Table, make_table
from tests.support.builders import World
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


def test_what_cannot_be_opened_is_not_left_behind_as_prepared(table: Table) -> None:
    soon = (datetime.now(UTC) + timedelta(hours=30)).replace(microsecond=0)
    given = {"deadline": soon.isoformat(), "open": True}
    assert start(table, deadline=soon.strftime("%Y-%m-%dT%H:%M"), zone="UTC", seen="y").status_code == 422
    assert of(table, "chair").api("POST", f"/versions/{table.version.id}/silence", given).status_code == 422
    with table.world.context():
        assert queries.silences(table.as_("chair")) == []


def test_a_deadline_is_judged_by_when_the_request_came(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not by when its turn came: ending what is due may wait for others."""
    silence = running(table)
    seen: list[datetime] = []
    waited: list[datetime] = []

    def wait(now: datetime | None = None) -> list[int]:
        time.sleep(0.02)
        waited.append(datetime.now(UTC))
        return []

    def keep(*_args: object, received: datetime, **_more: object) -> None:
        seen.append(received)
        raise Closed("Only the moment is looked at here.")

    monkeypatch.setattr(ending, "end_due", wait)
    monkeypatch.setattr(breaks, "break_silence", keep)
    monkeypatch.setattr(services, "extend", keep)
    later = {"deadline": working_day(200).strftime("%Y-%m-%dT%H:%M"), "zone": "UTC", "reason": "More time."}
    in_json = {"deadline": working_day(200).isoformat(), "reason": "More time."}
    brazil, chair = of(table, "brazil"), of(table, "chair")
    answers = [
        brazil.post(f"/silence/{silence}/break", {"p": ["p1"]}),
        chair.post(f"/silence/{silence}/extend", later),
        brazil.api("POST", f"/silence/{silence}/break", {"reason": "Not agreed."}),
        chair.api("POST", f"/silence/{silence}/extend", in_json),
    ]
    assert [answer.status_code for answer in answers] == [409] * 4
    assert len(seen) == len(waited) == 4
    assert all(came < turn for came, turn in zip(seen, waited, strict=True))


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


def test_a_letter_on_paper_says_what_it_is_and_no_more_than_the_page(table: Table) -> None:
    silence = running(table, message="Excellencies, I ask for:\n\n1. silence;\n2. patience.", scope=["p1", "p2"])
    of(table, "brazil").post(f"/silence/{silence}/break", {"p": ["p2"], "reason": "Not agreed by Brazil."})
    public, chair = Browser(table.world.app), of(table, "chair")
    with table.world.context():
        services.extend(table.as_("chair"), silence, table.read(silence).deadline + timedelta(days=1), "More time.")

    def paper(number: int) -> str:
        answer = public.get(f"/silence/{silence}/letters/{number}.pdf")
        assert (answer.status_code, answer.content_type) == (200, "application/pdf")
        with table.world.context():
            platform_id = get_version(table.as_("chair"), table.version.id).draft.platform_id
        assert answer.headers["X-Platform-Id"] == platform_id
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{platform_id}-letter-{number}.pdf"'
        words = " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages).split())
        assert "Working text – not an official United Nations document" in words
        assert f"{platform_id} Rev.3" in words
        assert f"Letter {number} of the Chair" in words
        assert "Brazil" not in words
        return words

    opening = paper(1)
    announced = table.read(silence).deadline - timedelta(days=1)
    assert f"{announced.astimezone(ZoneInfo('America/New_York')):%-d %b %Y, %H:%M}" in opening, "as it was announced"
    assert "Under silence: OP1, OP2" in opening
    assert "1. silence; 2. patience." in opening
    assert f"/silence/{silence}/letters/1.pdf" in public.get(f"/silence/{silence}").get_data(as_text=True)
    table.clock(table.read(silence).deadline + timedelta(seconds=2))
    chair.post(f"/silence/{silence}/letter", {"body": "Excellencies, it was broken.", "names": "paragraphs"})
    assert "Silence was broken on – OP2 Signed" in paper(2)
    chair.post(f"/silence/{silence}/letter", {"body": "Excellencies, by these.", "names": "parties"})
    assert "Silence was broken on – OP2: Bra Signed" in paper(3)
    assert public.get(f"/silence/{silence}/letters/4.pdf").status_code == 404


def test_a_letter_of_a_closed_group_is_nobody_else_s(world: World) -> None:
    table = make_table(world, openness="members", slug="closed")
    silence = running(table, message="Excellencies.")
    address = f"/silence/{silence}/letters/1.pdf"
    assert of(table, "brazil").get(address).status_code == 200
    assert Browser(world.app).get(address).status_code == 404


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
