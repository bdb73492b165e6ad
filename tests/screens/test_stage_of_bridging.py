"""A bridging text that the chair puts up stands on the projector, as it is amended; behind a door it does not."""

from __future__ import annotations

from flask import Flask

from app.agreement import events as agreement
from app.live import services as live
from app.screens import queries, services
from tests.support.builders import World


def test_a_bridging_text_is_on_the_projector(app: Flask, world: World) -> None:
    group = world.group(members=("KEN", "BRA"))
    session = world.session(group, version=world.version(group))
    chair = world.actor(world.chair_of(group))
    with world.context():
        display, _code = services.open_display(chair, session.id)
        token = queries.token_for(display)
        live.move_focus(chair, session.id, "p1")
        shown = {"paragraph": "p1", "text": "Calls upon States to cooperate closely;"}
        agreement.act(chair, "bridge", session.id, shown)

    def page() -> str:
        return app.test_client().get(f"/display/{token}/stage").text

    assert "without prejudice" in page()
    assert "closely" in page()
    with world.context():
        again = queries.display_by_token(token)
        assert again is not None
        bridging = queries.stage_of(again).bridging
        assert bridging is not None
        assert (bridging.number, bridging.revision) == ("B1", 1)
        live.move_focus(chair, session.id, "p2")
    assert "without prejudice" not in page()


def test_what_is_put_up_behind_a_door_stays_there(app: Flask, world: World) -> None:
    group = world.group(members=("KEN", "BRA"))
    session = world.session(group, version=world.version(group))
    chair = world.actor(world.chair_of(group))
    with world.context():
        outside, _code = services.open_display(chair, session.id)
        hanging, _code = services.open_display(chair, session.id, in_room=True)
        live.move_focus(chair, session.id, "p1")
        live.set_mode(chair, session.id, mode="informal", openness="members")
        agreement.act(chair, "bridge", session.id, {"paragraph": "p1", "text": "Calls upon all States to cooperate;"})
        assert queries.stage_of(hanging).bridging is not None
        live.set_mode(chair, session.id, mode="formal", openness="public")
        assert queries.stage_of(outside).bridging is None
