"""A projector shows a vote while it goes on, and its result; behind a closed door it shows neither."""

from __future__ import annotations

from flask import Flask

from app.live import services as live
from app.screens import queries as screens
from app.screens import services
from tests.decisions.meeting import Meeting
from tests.support.builders import World
from tests.support.clients import Browser


def test_a_vote_on_the_projector(app: Flask, world: World) -> None:
    meeting = Meeting(world, ["BRA", "KEN"])
    with world.context():
        display, _code = services.open_display(meeting.chair, meeting.session.id)
        address = f"/display/{screens.token_for(display)}/stage"
    stage = Browser(app)
    assert "stage-decision" not in stage.get(address).text
    decision = meeting.decide("vote", "text", "Adopts the text.")
    meeting.chairs("open_vote", decision)
    meeting.votes("KEN", "no")
    shown = stage.get(address).text
    assert "Adopts the text." in shown
    assert "has voted" in shown
    assert '<span class="how">No</span>' not in shown
    assert "<form" not in shown
    meeting.chairs("close_vote")
    meeting.chairs("announce")
    result = stage.get(address).text
    assert '<span class="how">No</span>' in result
    assert '<span class="how">Not voting</span>' in result
    with world.context():
        live.set_mode(meeting.chair, meeting.session.id, openness="members")
    meeting.decide("consensus", "text", "Adopts behind doors.")
    assert "behind doors" not in stage.get(address).text
