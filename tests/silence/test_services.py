"""The acts of a silence procedure: who may do what when, and what becomes of it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from app.agreement import services as agreement
from app.agreement.queries import board_of, standing_of
from app.agreement.tables import outside
from app.core.rules.agreement import Level
from app.core.rules.silence import SETTLING, State
from app.drafts import services as drafts
from app.errors import Closed, Conflict, Forbidden, Invalid, NotFound
from app.extensions import db
from app.policy import Action, Actor, PartyKind
from app.proposals import services as proposals
from app.record import events_after, transaction
from app.silence import breaks, ending, queries, services, watch
from tests.silence.conftest import HOURS_72, OPENED, SECOND, Table

pytestmark = pytest.mark.database
DEADLINE = OPENED + HOURS_72


def test_the_secretariat_prepares_and_the_chair_opens(table: Table) -> None:
    with table.at(OPENED):
        prepared = services.prepare(table.as_("secretariat"), table.version.id, {"deadline": DEADLINE})
        with pytest.raises(Forbidden):
            services.open_silence(table.as_("secretariat"), prepared.id)
        with pytest.raises(NotFound):
            services.open_silence(table.as_("brazil"), prepared.id)
        with pytest.raises(NotFound):
            queries.get_silence(table.as_("facilitator"), prepared.id)
        assert events_after(f"silence:{prepared.id}", 0) == []
        services.open_silence(table.as_("chair"), prepared.id)
        assert queries.get_silence(table.as_("facilitator"), prepared.id).state == State.RUNNING


def test_less_time_than_the_rules_give_needs_a_reason_that_all_read(table: Table) -> None:
    given = {"deadline": OPENED + timedelta(hours=71)}
    with table.at(OPENED):
        prepared = services.prepare(table.as_("chair"), table.version.id, given)
        with pytest.raises(Invalid) as refused:
            services.open_silence(table.as_("chair"), prepared.id)
        assert refused.value.field == "short_reason"
        services.revise(table.as_("chair"), prepared.id, given | {"short_reason": "The session ends on Thursday."})
        services.open_silence(table.as_("chair"), prepared.id)
        said = json.loads(events_after(f"silence:{prepared.id}", 0)[0].body)["data"]
    assert said["short_reason"] == "The session ends on Thursday."
    assert said["warnings"] == ["short"]


def test_what_cannot_be_put_under_silence(table: Table) -> None:
    with table.at(OPENED):
        chair = table.as_("chair")
        with pytest.raises(Invalid):
            services.prepare(chair, table.version.id, {"deadline": OPENED})
        with pytest.raises(Invalid):
            services.prepare(chair, table.version.id, {"deadline": DEADLINE, "scope": ["p1", "nothing"]})
        working = queries.texts.draft_line(chair, table.version.draft_id).working
        assert working is not None
        with pytest.raises(Closed):
            services.prepare(chair, working.id, {"deadline": DEADLINE})
        one = services.prepare(chair, table.version.id, {"deadline": DEADLINE})
        other = services.prepare(chair, table.version.id, {"deadline": DEADLINE})
        with pytest.raises(Invalid):
            services.revise(chair, one.id, {"deadline": DEADLINE, "predecessor": one.id})
        services.open_silence(chair, one.id)
        with pytest.raises(Conflict):
            services.open_silence(chair, other.id)


def test_a_newer_version_is_what_goes_under_silence(table: Table) -> None:
    with table.at(OPENED):
        chair = table.as_("chair")
        prepared = services.prepare(chair, table.version.id, {"deadline": DEADLINE})
        drafts.issue_version(chair, table.version.draft_id, label="Rev.4")
        with pytest.raises(Closed):
            services.open_silence(chair, prepared.id)


def test_while_it_runs_no_word_moves_and_no_stance_is_published(table: Table) -> None:
    with table.world.context():
        chair, brazil, mexico = table.as_("chair"), table.as_("brazil"), table.as_("mexico")
        change = {"kind": "replace", "paragraph": "p1", "text": "Urges States to cooperate;"}
        proposal = proposals.propose(brazil, table.version.id, change)
        given = {"deadline": _now() + timedelta(hours=80)}
        silence = services.open_silence(chair, services.prepare(chair, table.version.id, given).id)
        with pytest.raises(Closed, match="under silence"):
            drafts.issue_version(chair, table.version.draft_id, label="Rev.4")
        with pytest.raises(Closed):
            proposals.take_position(mexico, proposal.id, "support")
        with pytest.raises(Closed):
            proposals.cosponsor(mexico, proposal.id)
        with pytest.raises(Closed):
            proposals.propose(mexico, table.version.id, change)
        inside = proposals.propose(mexico, table.version.id, change, draft=True)
        with pytest.raises(Closed):
            proposals.release(mexico, inside.id)
        with pytest.raises(Closed, match="under silence"):
            stance(mexico, table, "oppose")
        services.withdraw(chair, silence.id, "The text goes back to the table.")
        stance(mexico, table, "oppose")
        proposals.take_position(mexico, proposal.id, "support")
        drafts.issue_version(chair, table.version.draft_id, label="Rev.4")


def stance(actor: Actor, table: Table, code: str) -> None:
    agreement.take(actor, outside(actor, table.version.id, Action.TAKE_POSITION), "paragraph:p1", code)


def levels(table: Table) -> list[Level]:
    with table.world.context():
        board = board_of(table.version.draft_id, ("",))
        return [standing_of(board, f"p{n}").level for n in (1, 2, 3, 4, 5)]


def test_what_was_under_an_unbroken_silence_is_agreed_ad_referendum(table: Table) -> None:
    with table.at(OPENED - SECOND):
        chair = table.as_("chair")
        at_the_table = outside(chair, table.version.id, Action.MARK_INFORMALLY)
        agreement.form_package(chair, at_the_table, "Meetings", ["p2", "p5"])
        stance(table.as_("brazil"), table, "oppose")
    silence = table.silence(scope=["p1", "p2"])
    table.clock(DEADLINE + SETTLING)
    assert levels(table) == [Level.OPEN] * 5, "the Chair says so, not the clock"
    with table.at(DEADLINE + timedelta(hours=1)):
        services.confirm(table.as_("chair"), silence, "Silence was not broken.")
        standing = standing_of(board_of(table.version.draft_id, ("",)), "p1")
    agreed = Level.AGREED_AD_REF
    assert levels(table) == [agreed, agreed, Level.OPEN, Level.OPEN, agreed], "the package moves as one"
    assert (standing.reason, [one["holder"] for one in standing.blocking]) == ("Silence was not broken.", ["BRA"])


def test_an_unbroken_silence_on_words_that_are_no_longer_the_newest_agrees_nothing(table: Table) -> None:
    silence = table.silence()
    table.clock(DEADLINE + SETTLING)
    with table.at(DEADLINE + timedelta(hours=1)):
        drafts.issue_version(table.as_("chair"), table.version.draft_id, label="Rev.4")
        services.confirm(table.as_("chair"), silence, "Silence was not broken.")
    assert levels(table) == [Level.OPEN] * 5
    assert table.read(silence).state == State.CONFIRMED


def _now() -> object:
    from datetime import UTC, datetime

    return datetime.now(UTC)


def test_the_deadline_itself_is_in_time(table: Table) -> None:
    silence = table.silence()
    table.object("brazil", silence, DEADLINE, "p1")
    table.object("mexico", silence, DEADLINE + timedelta(microseconds=1), "p1")
    assert [(row.party.code, row.late) for row in table.read(silence).objections] == [("BRA", False), ("MEX", True)]


def test_a_request_that_waited_counts_from_when_it_came(table: Table) -> None:
    silence = table.silence()
    with table.at(DEADLINE + SECOND):  # its turn in the database comes one second after the deadline
        breaks.break_silence(table.as_("brazil"), silence, {"paragraphs": []}, received=DEADLINE - SECOND)
    table.clock(DEADLINE + SETTLING)
    assert table.read(silence).outcome == State.BROKEN


def test_what_comes_after_the_end_is_late_whenever_it_was_received(table: Table) -> None:
    silence = table.silence()
    table.clock(DEADLINE + SETTLING)
    with table.at(DEADLINE + 60 * SECOND):
        row = breaks.break_silence(table.as_("brazil"), silence, {"paragraphs": []}, received=DEADLINE - SECOND)
        assert (row.late, row.received_at) == (True, DEADLINE - SECOND)
    assert table.read(silence).outcome == State.UNBROKEN


def test_nobody_claims_a_moment_that_was_not(table: Table) -> None:
    silence = table.silence()
    with table.at(OPENED + SECOND):
        row = breaks.break_silence(table.as_("brazil"), silence, {}, received=DEADLINE)
        assert row.received_at == OPENED + SECOND
        row = breaks.break_silence(table.as_("mexico"), silence, {}, received=OPENED - HOURS_72)
        assert row.received_at == OPENED


def test_a_second_objection_of_a_party_takes_the_place_of_the_first(table: Table) -> None:
    silence = table.silence()
    table.object("brazil", silence, OPENED + SECOND, "p1", "p2")
    table.object("brazil", silence, OPENED + 2 * SECOND, "p3")
    table.object("kenya", silence, OPENED + SECOND, "p1")
    table.object("kenya", silence, OPENED + SECOND, "p4", on_behalf_of="african-group")
    said = {
        (row.party.code, row.on_behalf_of): [one["paragraph"] for one in row.paragraphs]
        for row in table.read(silence).objections
    }
    assert said == {("BRA", ""): ["p3"], ("KEN", ""): ["p1"], ("KEN", "African Group"): ["p4"]}
    with table.world.context():
        log = events_after(f"silence:{silence}:chair", 0, types=["silence.broken"])
        assert [json.loads(event.body)["data"]["amends"] for event in log] == [False, True, False, False]


def test_who_may_break_silence(table: Table) -> None:
    silence = table.silence()
    vatican = table.world.user(party="VAT", kind=PartyKind.OBSERVER_STATE)
    table.world.join(table.group, "VAT", PartyKind.OBSERVER_STATE)
    with table.at(OPENED + SECOND):
        for person in ("chair", "secretariat", "facilitator", "kenya's expert", "mexico's negotiator"):
            with pytest.raises(Forbidden):
                breaks.break_silence(table.as_(person), silence, {})
        with pytest.raises(Forbidden):
            breaks.break_silence(table.world.actor(vatican), silence, {})
        with pytest.raises(Forbidden):
            breaks.break_silence(table.as_("brazil"), silence, {}, on_behalf_of="african-group")
        with transaction():
            db.session.get_one(type(vatican), table.people["mexico's negotiator"].id).entrusted = True
        breaks.break_silence(table.as_("mexico's negotiator"), silence, {})


def test_only_what_is_under_silence_can_be_objected_to(table: Table) -> None:
    silence = table.silence(scope=["p1", "p2"])
    with table.at(OPENED + SECOND):
        assert [row.wid for row in queries.paragraphs_under(queries.get_silence(table.as_("brazil"), silence))] == [
            "p1",
            "p2",
        ]
        with pytest.raises(Invalid):
            breaks.break_silence(table.as_("brazil"), silence, {"paragraphs": [{"paragraph": "p3"}]})
        breaks.break_silence(table.as_("brazil"), silence, {"paragraphs": [{"paragraph": "p2"}]})


def test_an_objection_that_is_taken_back_leaves_it_broken(table: Table) -> None:
    silence = table.silence()
    table.object("brazil", silence, OPENED + SECOND, "p1")
    with table.at(OPENED + 2 * SECOND):
        breaks.withdraw_break(table.as_("brazil"), silence)
        with pytest.raises(NotFound):
            breaks.withdraw_break(table.as_("mexico"), silence)
    table.clock(DEADLINE + SETTLING)
    ended = table.read(silence)
    assert ended.outcome == State.BROKEN
    with table.world.context():
        assert services.published(queries.get_silence(table.as_("chair"), silence), names=True) == []


def test_it_ends_once_however_often_the_clock_looks(table: Table) -> None:
    silence = table.silence()
    assert table.clock(DEADLINE) == []
    assert table.clock(DEADLINE + SETTLING - timedelta(microseconds=1)) == []
    assert table.clock(DEADLINE + timedelta(days=9)) == [silence]
    assert table.clock(DEADLINE + timedelta(days=9)) == []
    with table.world.context():
        ends = events_after(f"silence:{silence}", 0, types=["silence.ended"])
        data = json.loads(ends[0].body)["data"]
    assert len(ends) == 1
    assert data == {"deadline": "2026-11-19T15:00:00.000000Z", "outcome": "unbroken"}


def test_whoever_waited_for_the_row_looks_again(table: Table) -> None:
    extended, ended = table.silence(), DEADLINE + SETTLING
    with table.at(DEADLINE):
        services.extend(table.as_("chair"), extended, DEADLINE + HOURS_72, "At the last moment.")
    with table.at(ended):
        assert not ending.end(extended, ended), "it was due when it was looked for, and is not any more"
    later = ended + HOURS_72
    with table.at(later):
        assert ending.end(extended, later)
        assert not ending.end(extended, later)
        assert len(events_after(f"silence:{extended}", 0, types=["silence.ended"])) == 1


def test_an_extension_comes_before_the_deadline(table: Table) -> None:
    silence = table.silence()
    later = DEADLINE + timedelta(hours=24)
    with table.at(DEADLINE + SECOND):
        with pytest.raises(Closed):
            services.extend(table.as_("chair"), silence, later, "Too late.")
        with pytest.raises(Closed):
            services.withdraw(table.as_("chair"), silence, "Too late as well.")
        services.extend(table.as_("chair"), silence, later, "Sent in time.", received=DEADLINE)
    with table.at(DEADLINE + 2 * SECOND), pytest.raises(Invalid):
        services.extend(table.as_("chair"), silence, later - SECOND, "Less time is no extension.")
    assert table.clock(DEADLINE + SETTLING) == []
    assert table.clock(later + SETTLING) == [silence]


def test_no_extension_passes_over_an_objection_that_was_late(table: Table) -> None:
    silence = table.silence()
    table.object("brazil", silence, DEADLINE + timedelta(microseconds=1), "p1")
    with table.at(DEADLINE + SECOND), pytest.raises(Closed, match="after the deadline"):
        services.extend(table.as_("chair"), silence, DEADLINE + HOURS_72, "Sent in time.", received=DEADLINE)
    assert table.clock(DEADLINE + SETTLING) == [silence]


def test_the_chair_may_tell_before_the_deadline_that_it_is_broken(table: Table) -> None:
    silence = table.silence()
    with table.at(OPENED + SECOND), pytest.raises(Closed):
        services.tell(table.as_("chair"), silence)
    table.object("brazil", silence, OPENED + SECOND, "p1")
    with table.at(OPENED + 2 * SECOND):
        services.tell(table.as_("chair"), silence)
        services.tell(table.as_("chair"), silence)
        assert len(events_after(f"silence:{silence}", 0, types=["silence.told"])) == 1
    table.object("mexico", silence, DEADLINE, "p2")
    table.clock(DEADLINE + SETTLING)
    assert {row.party.code for row in table.read(silence).objections if not row.late} == {"BRA", "MEX"}


def test_a_letter_with_names_where_the_chair_chooses_so(table: Table) -> None:
    silence = table.silence()
    table.object("brazil", silence, OPENED + SECOND)
    table.object("kenya", silence, OPENED + SECOND, "p4", on_behalf_of="african-group")
    table.clock(DEADLINE + SETTLING)
    with table.at(DEADLINE + timedelta(hours=1)):
        letter = services.publish(table.as_("chair"), silence, "Broken.", names=True)
    assert letter.objections == [
        {"paragraph": None, "label": "", "parties": [{"party": "BRA", "on_behalf_of": None}]},
        {"paragraph": "p4", "label": "OP4", "parties": [{"party": "KEN", "on_behalf_of": "African Group"}]},
    ]


def test_void_for_a_defect(table: Table) -> None:
    silence = table.silence()
    table.clock(DEADLINE + SETTLING)
    with table.at(DEADLINE + timedelta(hours=1)):
        with pytest.raises(Invalid):
            services.void(table.as_("chair"), silence, " ")
        services.void(table.as_("chair"), silence, "The platform was down before the deadline.")
        folded, outcome = queries.recomputed(queries.get_silence(table.as_("chair"), silence), DEADLINE + HOURS_72)
    assert (folded.state, folded.outcome, outcome) == (State.VOID, State.UNBROKEN, State.UNBROKEN)


def test_the_rows_are_what_the_log_says(table: Table) -> None:
    silence = table.silence()
    table.object("brazil", silence, OPENED + SECOND, "p1", "p2")
    table.object("kenya", silence, OPENED + SECOND, "p4", on_behalf_of="african-group")
    with table.at(OPENED + 2 * SECOND):
        breaks.withdraw_break(table.as_("brazil"), silence)
        services.extend(table.as_("chair"), silence, DEADLINE + HOURS_72, "More time.")
    table.clock(DEADLINE + HOURS_72 + SETTLING)
    with table.world.context():
        row = queries.get_silence(table.as_("chair"), silence)
        folded, outcome = queries.recomputed(row, DEADLINE + 2 * HOURS_72)
        assert (folded.state, folded.deadline, folded.ended_at) == (row.state, row.deadline, row.ended_at)
        assert (folded.outcome, folded.extensions) == (outcome, row.extensions)
        kept = {
            " ".join(filter(None, (o.party.code, o.on_behalf_of))): (
                tuple(one["paragraph"] for one in o.paragraphs),
                o.received_at,
                o.withdrawn_at is not None,
            )
            for o in row.objections
        }
        assert kept == {by: (o.paragraphs, o.received, o.withdrawn) for by, o in folded.objections.items()}


# --- Reminders and outages -----------------------------------------------------------------------------------------


def test_delegations_are_reminded_and_the_chair_hears_of_objections(table: Table) -> None:
    silence = table.silence()
    with table.at(DEADLINE - timedelta(hours=25)):
        now = DEADLINE - timedelta(hours=25)
        assert queries.reminders_for(table.as_("mexico"), now) == []
    now = DEADLINE - timedelta(hours=23)
    table.object("brazil", silence, now, "p1")
    with table.at(now):
        kinds = {
            name: [reminder.kind for reminder in queries.reminders_for(table.as_(name), now)]
            for name in ("mexico", "kenya's expert", "chair", "secretariat")
        }
    assert kinds == {
        "mexico": ["deadline"],
        "kenya's expert": [],
        "chair": ["deadline", "objection"],
        "secretariat": ["deadline", "objection"],
    }
    table.clock(DEADLINE + SETTLING)
    with table.at(DEADLINE + timedelta(hours=1)):
        later = DEADLINE + timedelta(hours=1)
        assert [reminder.kind for reminder in queries.reminders_for(table.as_("chair"), later)] == ["ended"]
        assert queries.reminders_for(table.as_("mexico"), later) == []


def test_an_outage_in_the_last_hour_is_told_to_the_chair_alone(table: Table) -> None:
    silence = table.silence()

    def beat(before: timedelta) -> None:
        with table.at(DEADLINE - before):
            watch.beat(DEADLINE - before)

    def told() -> list[str]:
        with table.world.context():
            found = queries.reminders_for(table.as_("chair"), DEADLINE - timedelta(hours=24, seconds=1))
            return [reminder.kind for reminder in found]

    for minutes in (180, 178.6, 120, 119.5, 61.1, 60.2):
        beat(timedelta(minutes=minutes))
    assert told() == [], "an outage that was over an hour before the deadline matters to nobody"
    beat(timedelta(minutes=50))
    assert told() == ["outage"]
    beat(timedelta(minutes=49.9))
    with table.world.context():
        assert len(queries.outages(queries.get_silence(table.as_("chair"), silence))) == 1
        assert [event.type for event in events_after(f"silence:{silence}", 0)] == ["silence.announced"]


def test_a_platform_that_sleeps_through_the_deadline_ends_it_and_says_so(table: Table) -> None:
    silence = table.silence()
    with table.at(DEADLINE - timedelta(minutes=10)):
        watch.beat(DEADLINE - timedelta(minutes=10))
    back = DEADLINE + timedelta(hours=5)
    with table.at(back):
        watch.beat(back)
        assert ending.end_due(back) == [silence]
        found = queries.outages(queries.get_silence(table.as_("chair"), silence))
    assert found[-1] == {"from": "2026-11-19T14:50:00.000000Z", "until": "2026-11-19T20:00:00.000000Z"}
