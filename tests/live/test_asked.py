"""What is asked of the text stands in the room, woven into the words, for whom it may be seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.live import asked, services
from app.policy import Office
from app.web.wording import act_labels, act_patterns, act_text
from tests.support.builders import World
from tests.support.clients import Browser

pytestmark = pytest.mark.database
WORDS = "Invites States to provide assistance;"


def test_the_room_shows_the_brackets_of_its_paragraphs(app: Flask, world: World) -> None:
    group = world.group("asked", openness="public", members=("KEN", "BRA"))
    session = world.session(group, version=world.version(group, "Invites States to offer assistance;")).id
    kenya, chair = world.actor(world.user(party="KEN")), world.actor(world.chair_of(group))
    observer = Browser(app, world.officer(group, Office.OBSERVER))
    member = Browser(app, world.user(party="BRA"))
    assert "asked-words" not in observer.get(f"/sessions/{session}").text
    with world.context():
        services.set_mode(chair, session, openness="members")
        services.propose(kenya, session, {"kind": "replace", "paragraph": "p1", "text": WORDS})
    inside = member.get(f"/sessions/{session}/asked/p1")
    assert "<ins>provide</ins>" in inside.text
    assert "Ken" in inside.text
    assert observer.get(f"/sessions/{session}/asked/p1").status_code == 404
    with world.context():
        services.set_mode(chair, session, openness="public")
    assert observer.get(f"/sessions/{session}/asked/p1").text == ""
    assert "asked-words" not in observer.get(f"/sessions/{session}").text
    assert "asked-words" in member.get(f"/sessions/{session}").text


def test_one_paragraph_is_answered_for_without_drawing_the_others(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = world.group("one", members=("KEN",))
    session = world.session(group, version=world.version(group, "Invites States to help;", "Calls upon States;")).id
    kenya = world.actor(world.user(party="KEN"))
    drawn: list[str] = []
    macro_of = asked.macro_of

    def watched(template: str, name: str) -> Callable[..., str]:
        macro = macro_of(template, name)

        def draw(**more: Any) -> str:
            drawn.append(more["wid"])
            return macro(**more)

        return draw

    monkeypatch.setattr(asked, "macro_of", watched)
    with world.context():
        for place in ("p1", "p2"):
            services.propose(kenya, session, {"kind": "replace", "paragraph": place, "text": WORDS})
    assert "<ins>" in Browser(app).get(f"/sessions/{session}/asked/p2").text
    assert Browser(app).get(f"/sessions/{session}/asked/p9").text == ""
    assert drawn == ["p2"]


def test_where_much_is_asked_a_folded_block_comes_empty_and_is_drawn_when_it_is_opened(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked, "AT_ONCE", 2)
    group = world.group("long", members=("KEN",), openness="public")
    session = world.session(group, version=world.version(group, *(f"Decides on {n};" for n in range(4)))).id
    kenya, chair = world.actor(world.user(party="KEN")), world.actor(world.chair_of(group))
    page = Browser(app)
    with world.context():
        for place in ("p1", "p2"):
            services.propose(kenya, session, {"kind": "replace", "paragraph": place, "text": WORDS})
    assert page.get(f"/sessions/{session}").text.count("asked-words") == 2
    with world.context():
        services.propose(kenya, session, {"kind": "replace", "paragraph": "p3", "text": WORDS})
        services.move_focus(chair, session, "p2")
    seen = page.get(f"/sessions/{session}").text
    assert seen.count("asked-words") == 1  # what the room is on is open, and there
    assert seen.count('<details class="asked" data-later>') == 2
    assert seen.count("1 proposal<") == 3
    assert "asked-words" in page.get(f"/sessions/{session}/asked/p3").text


def test_an_act_says_the_stance_and_the_level_by_their_names(app: Flask) -> None:
    who = {"delegation": None, "name": "Kenya", "role": "delegate"}
    with app.test_request_context():
        said = {"type": "position.taken", "actor": who, "data": {"number": "B1", "stance": "reserve"}}
        assert act_text(said) == "Kenya on B1: Study reserve"
        assert act_text(said | {"data": {"number": "B1", "stance": None}}).endswith("takes its stance back")
        assert act_patterns()["agreement.marked"] == "{who} marked {label}: {level}"
        assert act_labels()["level"]["agreed_ad_ref"] == "agreed ad referendum"
        assert act_labels()["stance"]["oppose"] == "Cannot accept"
