"""The commands of the floor: who may, what is recorded, and that the log alone gives the state again."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from flask import Flask

from app.core.rules.speakers import Act
from app.core.rules.summary import summarise
from app.errors import Closed, Conflict, DomainError, Forbidden, Invalid, NotFound
from app.live.services import table_version
from app.record import events_after
from app.screens.services import open_display
from tests.floor.conftest import Meeting, meeting_in
from tests.support.builders import World
from tests.support.clients import Browser

pytestmark = pytest.mark.database


def refused(error_: type[DomainError], act: Any, /, *args: Any, field: str | None = None, **said: Any) -> str:
    with pytest.raises(error_) as error:
        act(*args, **said)
    if field:
        assert error.value.field == field
    return error.value.message


def test_one_tap_puts_a_delegation_on_the_list(meeting: Meeting) -> None:
    meeting.ask("ken")
    meeting.ask("bra")
    assert meeting.order == "KEN BRA"
    with meeting.world.context():
        event = events_after(f"session:{meeting.session}", 0)[-2].as_dict()
    assert event["type"] == "floor.requested"
    assert event["actor"]["delegation"] == "KEN"
    assert event["data"]["delegation"] == "KEN"
    assert refused(Conflict, meeting.ask, "ken") == "You are on the speakers’ list already."


def test_a_group_comes_first_and_is_named(meeting: Meeting) -> None:
    meeting.ask("bra")
    meeting.ask("ken", on_behalf_of="african-group")
    assert meeting.floor()["waiting"][0]["on_behalf_of"] == "African Group"
    meeting.give()
    assert meeting.floor()["speaking"]["limit"] == 720
    refused(Forbidden, meeting.ask, "che", on_behalf_of="african-group", field="on_behalf_of")


def test_a_joint_statement_names_those_who_join_in(meeting: Meeting) -> None:
    meeting.ask("bra")
    meeting.ask("che", joint=["KEN", "CHE", "BRA"])
    first = meeting.floor()["waiting"][0]
    assert (first["delegation"], first["joint"], first["category"]) == ("CHE", ["BRA", "KEN"], "group")
    refused(Invalid, meeting.ask, "ken", joint=["XXX"], field="joint")
    refused(Invalid, meeting.ask, "ken", joint="BRA", field="joint")


def test_observers_come_after_states_and_stakeholders_last(meeting: Meeting) -> None:
    for who in ("ngo", "icrc", "vat", "ken"):
        meeting.ask(who)
    assert meeting.order == "KEN VAT ICRC NGO"


def test_what_the_rule_set_grants_to_an_observer_state(meeting: Meeting) -> None:
    meeting.ask("pse", kind="point_of_order")
    meeting.ask("vat", kind="right_of_reply")
    refused(Forbidden, meeting.ask, "vat", kind="point_of_order", field="kind")
    refused(Forbidden, meeting.ask, "icrc", kind="right_of_reply", field="kind")
    refused(Forbidden, meeting.ask, "pse", kind="explanation", field="kind")


def test_no_point_of_order_where_the_matrix_has_none(world: World) -> None:
    meeting = meeting_in(world, openness="observers")
    refused(Forbidden, meeting.ask, "ken", kind="point_of_order")
    meeting.ask("ken")


def test_officers_speak_from_the_podium(meeting: Meeting) -> None:
    refused(Forbidden, meeting.ask, "chair")
    refused(Forbidden, meeting.ask, "secretariat")


def test_the_secretariat_acts_for_a_delegation_whose_device_failed(meeting: Meeting) -> None:
    meeting.for_("BRA")
    meeting.for_("KEN", on_behalf_of="African Group")
    assert meeting.order == "KEN BRA"
    with meeting.world.context():
        event = events_after(f"session:{meeting.session}", 0)[-2].as_dict()
    assert (event["actor"]["role"], event["data"]["delegation"]) == ("secretariat", "BRA")
    refused(Invalid, meeting.for_, "FRA", field="delegation")
    refused(Forbidden, meeting.for_, "CHE", on_behalf_of="African Group", field="on_behalf_of")
    refused(Forbidden, meeting.for_, "CHE", who="ken")
    meeting.withdraw("secretariat", delegation="BRA")
    assert meeting.order == "KEN"


def test_a_delegation_withdraws_its_own_only(meeting: Meeting) -> None:
    meeting.ask("ken")
    meeting.ask("bra")
    kenya = meeting.floor()["waiting"][0]["request"]
    refused(Conflict, meeting.withdraw, "bra", request=kenya)
    refused(Forbidden, meeting.withdraw, "bra", delegation="KEN", field="delegation")
    meeting.withdraw("bra")
    assert meeting.order == "KEN"
    refused(Conflict, meeting.withdraw, "bra")


def test_only_who_manages_the_list_gives_the_floor(meeting: Meeting) -> None:
    meeting.ask("ken")
    refused(Forbidden, meeting.give, who="bra")
    refused(Forbidden, meeting.act, Act.CLOSE, who="ken")
    meeting.give(who="secretariat")
    assert meeting.speaker == "KEN"
    refused(Conflict, meeting.give)


def test_the_chair_gives_the_floor_to_a_delegation_that_is_not_on_the_list(meeting: Meeting) -> None:
    meeting.give("CHE", limit=120)
    speaking = meeting.floor()["speaking"]
    assert (speaking["delegation"], speaking["limit"]) == ("CHE", 120)
    refused(Invalid, meeting.give, "FRA", field="delegation")
    for wrong in (0, -5, "soon", 10**9, True):
        refused(Invalid, meeting.give, "KEN", limit=wrong, field="limit")


def test_moving_swapping_and_setting_back(meeting: Meeting) -> None:
    for who in ("ken", "bra", "che"):
        meeting.ask(who)
    meeting.act(Act.MOVE, delegation="CHE", to=0)
    assert meeting.order == "CHE KEN BRA"
    meeting.act(Act.SWAP, delegation="CHE", other="BRA")
    assert meeting.order == "BRA KEN CHE"
    meeting.act(Act.ABSENT, delegation="BRA")
    assert meeting.order == "KEN CHE BRA"
    refused(Invalid, meeting.act, Act.SWAP, delegation="KEN", other="KEN", field="with")
    refused(Invalid, meeting.act, Act.MOVE, delegation="KEN", to="first", field="to")
    refused(Invalid, meeting.act, Act.ABSENT, field="delegation")
    refused(Conflict, meeting.act, Act.SWAP, delegation="KEN", other="VAT")


def test_a_closed_list_is_closed_to_statements(meeting: Meeting) -> None:
    meeting.act(Act.ANNOUNCE_CLOSING)
    meeting.ask("bra")
    meeting.act(Act.CLOSE)
    message = refused(Closed, meeting.ask, "ken")
    assert "Rights of reply and points of order" in message
    refused(Closed, meeting.act, Act.CLOSE)
    meeting.ask("ken", kind="right_of_reply")
    meeting.ask("che", kind="point_of_order")
    assert meeting.order == "CHE BRA KEN"


def test_an_unknown_kind_is_refused(meeting: Meeting) -> None:
    refused(Invalid, meeting.ask, "ken", kind="filibuster", field="kind")
    refused(Invalid, meeting.ask, "ken", level="king", field="level")
    refused(Invalid, meeting.ask, "ken", on_behalf_of=7, field="on_behalf_of")


def test_delegations_inscribe_before_the_session_opens_and_speak_after(world: World) -> None:
    meeting = meeting_in(world, state="scheduled")
    meeting.ask("ken")
    refused(Closed, meeting.give)
    refused(Closed, meeting.ask, "bra", kind="point_of_order")
    meeting.conduct("open")
    meeting.give()
    assert meeting.speaker == "KEN"


def test_a_suspension_stops_the_clock_and_the_end_ends_the_speech(meeting: Meeting) -> None:
    meeting.ask("ken")
    meeting.give()
    meeting.conduct("suspend")
    floor = meeting.floor()
    assert floor["speaking"] is None
    assert floor["interrupted"]["delegation"] == "KEN"
    refused(Closed, meeting.act, Act.RESUME)
    meeting.conduct("resume")
    meeting.act(Act.RESUME)
    assert meeting.speaker == "KEN"
    meeting.conduct("close")
    assert meeting.floor()["speaking"] is None
    refused(Closed, meeting.ask, "bra")
    with meeting.world.context():
        spoken = summarise(event.as_dict() for event in events_after(f"session:{meeting.session}", 0)).speeches
    assert [(speech.delegation, speech.ended is not None) for speech in spoken] == [("KEN", True)]


def test_a_closed_segment_has_a_list_of_its_own_that_nobody_outside_sees(meeting: Meeting) -> None:
    meeting.ask("icrc")
    meeting.ask("ken")
    meeting.give()
    meeting.mode(openness="members", mode="informal")
    assert meeting.floor()["waiting"] == []
    meeting.ask("bra")
    meeting.give()
    refused(NotFound, meeting.ask, "icrc")
    refused(NotFound, meeting.floor, "icrc")
    assert meeting.speaker == "BRA"
    with meeting.world.context():
        said = [event.as_json() for event in events_after(f"session:{meeting.session}", 0)]
    assert not any("BRA" in text for text in said)
    meeting.mode(openness="public", mode="formal")
    assert (meeting.order, meeting.speaker) == ("ICRC", None)
    for channel in (f"session:{meeting.session}", f"session:{meeting.session}:members"):
        assert meeting.refolded(channel) == meeting.kept(channel)
    assert meeting.kept(f"session:{meeting.session}:members").speaking is None


def test_where_no_names_are_kept_no_list_is(meeting: Meeting) -> None:
    meeting.ask("ken")
    meeting.give()
    meeting.mode(attribution="not_for_attribution")
    message = refused(Closed, meeting.ask, "bra")
    assert "No names are kept" in message
    refused(Closed, meeting.give, "BRA")
    assert meeting.floor()["speaking"] is None
    with meeting.world.context():
        events = [event.as_dict() for event in events_after(f"session:{meeting.session}", 0)]
    ended = events[-1]
    assert (ended["type"], ended["data"]["delegation"]) == ("floor.ended", "KEN")


def test_the_log_alone_gives_the_state_whatever_was_done(meeting: Meeting) -> None:
    """A hundred acts of chance by everybody, refused or not."""
    chance = random.Random(4)
    names, codes = list(meeting.people), [user.party.code for user in meeting.people.values()]
    kinds = ["general", "right_of_reply", "point_of_order", "explanation"]
    done = 0
    for _number in range(100):
        try:
            match chance.randrange(8):
                case 0 | 1 | 2:
                    meeting.ask(chance.choice(names), kind=chance.choice(kinds))
                case 3:
                    meeting.give(chance.choice([None, None, *codes]))
                case 4:
                    meeting.interrupt()
                case 5:
                    meeting.act(chance.choice([Act.END, Act.RESUME]))
                case 6:
                    act = chance.choice([Act.MOVE, Act.SWAP, Act.ABSENT])
                    meeting.act(
                        act, delegation=chance.choice(codes), other=chance.choice(codes), to=chance.randrange(4)
                    )
                case 7:
                    meeting.act(chance.choice([Act.OPEN, Act.CLOSE, Act.ANNOUNCE_CLOSING]))
            done += 1
        except DomainError:
            continue
    channel = f"session:{meeting.session}"
    assert done > 25
    assert meeting.refolded(channel) == meeting.kept(channel)


def test_the_speakers_with_their_times_from_the_log(meeting: Meeting) -> None:
    meeting.ask("ken")
    meeting.ask("bra", kind="point_of_order")
    meeting.give("KEN")
    meeting.interrupt()
    meeting.act(Act.RESUME)
    meeting.act(Act.END)
    with meeting.world.context():
        spoken = summarise(event.as_dict() for event in events_after(f"session:{meeting.session}", 0)).speeches
        events = [event.as_dict() for event in events_after(f"session:{meeting.session}", 0)]
    assert [speech.delegation for speech in spoken] == ["KEN", "BRA"]
    given = [event for event in events if event["type"] == "floor.given"]
    assert all(event["data"]["started_at"] == event["at"] for event in given)
    assert [event["data"]["limit"] for event in given] == [480, None]
    assert json.dumps(events)


def test_who_spoke_while_fewer_could_hear_is_not_opened_to_more(world: World) -> None:
    meeting = meeting_in(world)
    other = meeting_in_session(world, meeting)
    other.ask("ken")
    refused(Closed, other.mode, openness="public", field="openness")


def meeting_in_session(world: World, meeting: Meeting) -> Meeting:
    """Another session of the same group, announced to its members alone."""
    session = world.session(meeting.group, openness="members")
    return Meeting(world, meeting.group, session.id, meeting.chair, meeting.secretariat, meeting.people)


def test_nothing_takes_place_in_a_session_that_is_cancelled(app: Flask, world: World) -> None:
    meeting = meeting_in(world)
    version = world.version(meeting.group)
    session = world.session(meeting.group, state="cancelled").id
    other = Meeting(world, meeting.group, session, meeting.chair, meeting.secretariat, meeting.people)
    chair = other.actor("chair")
    with world.context():
        before = len(events_after(f"session:{session}", 0))
    assert refused(Closed, other.ask, "ken") == "The session is cancelled."
    refused(Closed, other.for_, "KEN")
    refused(Closed, other.act, Act.CLOSE)
    refused(Closed, other.mode, mode="informal")
    with world.context():
        refused(Closed, table_version, chair, session, version.id)
        refused(Closed, open_display, chair, session)
        assert len(events_after(f"session:{session}", 0)) == before
    ken = Browser(app, meeting.people["ken"])
    for number, offered in ((meeting.session, True), (session, False)):
        assert (f"/sessions/{number}/floor/floor.request" in ken.get(f"/sessions/{number}").text) is offered
