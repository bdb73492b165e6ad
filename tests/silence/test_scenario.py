"""Scenario 5 of the domain brief: silence on Rev.3, extended, broken in its last seconds, one objection too late."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from app.core.rules.silence import SETTLING, State
from app.errors import Closed
from app.record import as_of, events_after, verify_channel
from app.silence import queries, services
from tests.silence.conftest import HOURS_72, OPENED, SECOND, Table
from tests.support.clients import Browser

pytestmark = pytest.mark.database


def test_silence_on_rev_3(table: Table) -> None:
    # The chair puts Rev.3 under silence for 72 hours, and extends it once.
    silence = table.silence()
    first, deadline = OPENED + HOURS_72, OPENED + HOURS_72 + timedelta(hours=24)
    with table.at(first - timedelta(hours=2)):
        services.extend(table.as_("chair"), silence, deadline, "Two capitals ask for a day more.")
    assert table.clock(first + SETTLING) == [], "the first deadline is one no more"

    # Three seconds before its end two States and a group object, to four paragraphs together.
    table.object("brazil", silence, deadline - 3 * SECOND, "p1", "p2")
    table.object("switzerland", silence, deadline - 3 * SECOND, "p2", "p3")
    table.object("kenya", silence, deadline - 3 * SECOND, "p4", on_behalf_of="african-group")
    assert table.read(silence).state == State.RUNNING

    # One second after it Mexico objects: the chair is informed, and it breaks nothing.
    table.object("mexico", silence, deadline + SECOND, "p5")
    assert table.clock(deadline + SETTLING) == [silence]
    ended = table.read(silence)
    assert (ended.state, ended.outcome) == (State.BROKEN, State.BROKEN)
    assert {row.party.code for row in ended.objections if row.late} == {"MEX"}

    # The chair's letter lists paragraphs, and no name.
    with table.at(deadline + timedelta(hours=1)):
        letter = services.publish(table.as_("chair"), silence, "Silence was broken on the paragraphs below.")
    assert letter.number == 2
    assert [said["label"] for said in letter.objections] == ["OP1", "OP2", "OP3", "OP4"]
    with table.world.context():
        said = events_after(f"silence:{silence}", 0, types=["silence.letter"])[0].as_json()
        assert not any(name in said for name in ("BRA", "CHE", "KEN", "MEX", "African"))

        # And all of it can be computed again from the log alone.
        folded, outcome = queries.recomputed(queries.get_silence(table.as_("chair"), silence), deadline + SETTLING)
        assert outcome is State.BROKEN
        assert (folded.ends, folded.extensions, folded.letters) == (1, 1, 1)
        assert set(folded.objections) == {"BRA", "CHE", "KEN African Group"}
        assert set(folded.late) == {"MEX"}
        assert [verify_channel(name) for name in (f"silence:{silence}", f"silence:{silence}:chair")] == [None, None]


def test_a_broken_silence_is_restored_by_a_new_one_alone(table: Table) -> None:
    silence = table.silence()
    deadline = OPENED + HOURS_72
    table.object("brazil", silence, deadline, "p1")
    table.clock(deadline + SETTLING)
    with table.at(deadline + timedelta(hours=2)):
        from app.silence import breaks

        breaks.withdraw_break(table.as_("brazil"), silence)
        with pytest.raises(Closed):
            services.confirm(table.as_("chair"), silence, "Nobody objects any more.")
        services.consult(table.as_("chair"), silence)
    with table.at(deadline + timedelta(days=1)):
        from app.drafts import services as drafts

        chair = table.as_("chair")
        working = queries.texts.draft_line(chair, table.version.draft_id).working
        assert working is not None
        row = next(row for row in queries.texts.version_paragraphs(working.id) if row.wid == "p1")
        drafts.edit_paragraph(chair, working.id, "p1", "Calls upon all States to cooperate;", row.revision)
        rev4 = drafts.issue_version(chair, table.version.draft_id, label="Rev.4")
        changed = queries.changed_since(chair, rev4, table.version)
        assert changed == ["p1"]
        given = {"deadline": deadline + timedelta(days=5), "scope": changed, "predecessor": silence}
        partial = services.open_silence(chair, services.prepare(chair, rev4.id, given).id)
    earlier = table.read(silence)
    assert earlier.state == State.SUCCEEDED
    assert table.read(partial.id).predecessor_id == silence
    with table.world.context():
        said = json.loads(events_after(f"silence:{silence}", 0, types=["silence.succeeded"])[0].body)["data"]
        assert said == {"by": str(partial.id), "label": "Rev.4"}


def _noted(table: Table, **meeting: Any) -> dict[str, Any]:
    """What the log tells of the meeting in which an unbroken silence is noted."""
    silence = table.silence()
    table.clock(OPENED + HOURS_72 + SETTLING)
    session = table.world.session(table.group, title="Behind the door", **meeting)
    with table.at(OPENED + timedelta(days=4)):
        services.confirm(table.as_("chair"), silence, "Silence was not broken.")
        services.formalise(table.as_("chair"), silence, session.id, "Noted.")
    with table.world.context():
        said = json.loads(events_after(f"silence:{silence}", 0, types=["silence.formalised"])[0].body)["data"]
    told = Browser(table.world.app).api("GET", f"/silence/{silence}/events").text
    assert ("Behind the door" in told) is bool(said["title"])
    return dict(said)


def test_the_log_of_a_silence_names_no_meeting_that_its_readers_must_not_know_of(table: Table) -> None:
    assert _noted(table, openness="invited") == {"session": None, "title": "", "note": "Noted."}


def test_the_log_of_a_silence_names_the_meeting_that_noted_it(table: Table) -> None:
    assert _noted(table)["title"] == "Behind the door"


def test_a_silence_is_not_noted_in_a_meeting_that_was_over_before(table: Table) -> None:
    silence = table.silence()
    with as_of(OPENED):
        session = table.world.session(table.group, state="closed")
    table.clock(OPENED + HOURS_72 + SETTLING)
    with table.at(OPENED + timedelta(days=4)):
        services.confirm(table.as_("chair"), silence, "Silence was not broken.")
        with pytest.raises(Closed):
            services.formalise(table.as_("chair"), silence, session.id)


def test_unbroken_confirmed_and_noted_in_a_formal_meeting(table: Table) -> None:
    silence = table.silence()
    table.clock(OPENED + HOURS_72 + SETTLING)
    session = table.world.session(table.group)
    with table.at(OPENED + timedelta(days=4)):
        chair = table.as_("chair")
        letter = services.confirm(chair, silence, "Silence was not broken: the text is agreed *ad referendum*.")
        assert "<em>ad referendum</em>" in letter.html
        services.formalise(chair, silence, session.id)
        with pytest.raises(Closed):
            services.void(chair, silence, "Too late for that.")
    assert table.read(silence).state == State.FORMALISED
