"""The room may speak of one proposal, in the room and on the projector, and of none that some may not see."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from app.errors import Closed, Invalid, NotFound
from app.live import queries, services
from app.policy import PUBLIC, Office
from app.proposals import services as proposals
from app.record import events_of
from app.screens import queries as screens
from app.screens import services as displays
from app.web.wording import act_text
from tests.support.builders import World
from tests.support.clients import Browser

pytestmark = pytest.mark.database
WORDS = "Invites States to provide assistance;"


def events(channel: str) -> list[dict[str, Any]]:
    return [event.as_dict() for event in events_of([channel])]


def _proposed(session: int) -> str:
    said = [event for event in events(f"session:{session}") if event["type"] == "proposal.added"]
    return str(said[-1]["data"]["proposal"])


def test_the_room_and_the_projector_turn_to_one_proposal(app: Flask, world: World) -> None:
    group = world.group("focus", openness="public", members=("KEN", "BRA"))
    session = world.session(group, version=world.version(group, "Invites States to offer assistance;")).id
    kenya, chair = world.actor(world.user(party="KEN")), world.actor(world.chair_of(group))
    brazil = world.actor(world.user(party="BRA"))
    reader = Browser(app, world.officer(group, Office.OBSERVER))
    with world.context():
        for actor, words in ((kenya, WORDS), (brazil, "Invites States to lend assistance;")):
            services.propose(actor, session, {"kind": "replace", "paragraph": "p1", "text": words})
        named = _proposed(session)
        display, _code = displays.open_display(chair, session)
        token = screens.token_for(display)
        services.move_focus(chair, session, None, named)
        last = events(f"session:{session}")[-1]
        assert (last["data"]["paragraph"], last["data"]["label"], last["data"]["number"]) == ("p1", "OP1", "P2")
    with app.test_request_context():
        assert act_text(last).endswith("moved the discussion to P2 on OP1")
    page = reader.get(f"/sessions/{session}").text
    assert "OP1 · P2" in page
    assert 'name="proposal"' not in page  # to choose is the Chair's
    chairs = Browser(app, world.chair_of(group)).get(f"/sessions/{session}").text
    assert chairs.count('name="proposal"') == 2
    assert re.findall(r'aria-pressed="true">(P\d+) <', chairs) == ["P2"]  # the Chair sees what is before the room
    stage = reader.get(f"/display/{token}/stage").text
    assert "<bdi>Bra</bdi>" in stage
    assert "provide" not in stage
    with world.context():
        proposals.withdraw(brazil, named)
    stage = reader.get(f"/display/{token}/stage").text
    assert "lend" not in stage
    assert "provide" in stage  # the paragraph with what is still asked of it


def test_no_proposal_is_named_that_some_in_the_room_may_not_see(world: World) -> None:
    group = world.group("focus-closed", openness="public", members=("KEN", "BRA"))
    session = world.session(group, version=world.version(group, "Invites States to offer assistance;")).id
    kenya, chair = world.actor(world.user(party="KEN")), world.actor(world.chair_of(group))
    with world.context():
        services.set_mode(chair, session, openness="members")
        services.propose(kenya, session, {"kind": "replace", "paragraph": "p1", "text": WORDS})
        named = str(events(f"session:{session}:members")[-1]["data"]["proposal"])
        services.move_focus(chair, session, None, named)
        inside = queries.session_as_dict(queries.get_session(chair, session), chair)
        outside = queries.session_as_dict(queries.get_session(PUBLIC, session), PUBLIC)
        assert (inside["focus_proposal"], outside["focus_proposal"]) == (named, None)
        services.set_mode(chair, session, openness="public")
        assert queries.session_as_dict(queries.get_session(chair, session), chair)["focus_proposal"] is None
        with pytest.raises(Invalid, match="may not see"):
            services.move_focus(chair, session, None, named)
        with pytest.raises(NotFound):
            services.move_focus(chair, session, None, "0" * 16)


def test_what_is_over_is_not_turned_to(world: World) -> None:
    group = world.group("focus-over", openness="public", members=("KEN", "BRA"))
    session = world.session(group, version=world.version(group, "Invites States to offer assistance;")).id
    kenya, chair = world.actor(world.user(party="KEN")), world.actor(world.chair_of(group))
    with world.context():
        services.propose(kenya, session, {"kind": "replace", "paragraph": "p1", "text": WORDS})
        named = _proposed(session)
        services.move_focus(chair, session, None, named)
        services.move_focus(chair, session, "p1")
        assert queries.session_as_dict(queries.get_session(chair, session), chair)["focus_proposal"] is None
        proposals.withdraw(kenya, named)
        with pytest.raises(Closed):
            services.move_focus(chair, session, None, named)


def test_what_is_no_paragraph_does_not_move_the_room(world: World) -> None:
    group = world.group("focus", members=("KEN",))
    session = world.session(group, version=world.version(group, WORDS)).id
    chair = world.actor(world.chair_of(group))
    with world.context():
        services.move_focus(chair, session, "p1")
        for paragraph, proposal, field in (([], None, "paragraph"), ({}, None, "paragraph"), (None, [], "proposal")):
            with pytest.raises(Invalid) as refused:
                services.move_focus(chair, session, paragraph, proposal)  # type: ignore[arg-type]
            assert refused.value.field == field
        assert events(f"session:{session}")[-1]["data"]["paragraph"] == "p1"
