"""What is said behind a door stays behind it: stances, levels, bridging texts, counts, the map, stocktaking."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from app.agreement import services
from app.core.rules.agreement import Level
from app.errors import Closed, NotFound
from app.policy import Action, Actor
from tests.agreement.conftest import WORDS, Room
from tests.support.builders import World
from tests.support.clients import Browser

pytestmark = pytest.mark.database
PUBLIC = Actor()


def outside(app: Flask, room: Room) -> list[str]:
    """All that the public reads of stances and levels, as bytes without what differs in every answer."""
    browser = Browser(app)
    version, draft = room.version, room.draft
    pages = [
        f"/drafts/{draft}/v/1/p/op-2",
        f"/drafts/{draft}/v/1/p/op-2/stances",
        f"/drafts/{draft}/v/1",
        f"/drafts/{draft}/stocktaking",
        f"/api/v1/versions/{version}/agreement",
        f"/api/v1/versions/{version}/stances",
        f"/api/v1/versions/{version}/bridging",
        f"/api/v1/drafts/{draft}/stocktaking",
    ]
    answers = [browser.get(page) for page in pages]
    assert {answer.status_code for answer in answers} == {200}
    token = re.compile(r'value="[^"]{40,}"|nonce="[^"]*"|content="[^"]{40,}"')
    return [token.sub("", answer.get_data(as_text=True)) for answer in answers]


def test_nothing_of_a_closed_segment_shows_outside(app: Flask, world: World) -> None:
    room = Room(world)
    room.say("KEN", "support")
    room.mark("agreed_in_informals")
    before = outside(app, room)
    room.closed()
    room.say("KEN", "oppose")
    room.say("BRA", "concern", "paragraph:p1")
    room.say("NOR", "support", "text:")
    room.do(services.reopen, room.chair, "p2", "A delegation cannot go along.")
    room.do(services.flag, room.chair, "p1", "pending", detail="Brazil")
    room.do(services.form_package, room.chair, "Quiet", ["OP1", "OP3"])
    room.do(services.show, room.chair, "p2", WORDS[1].replace("offer", "provide"), action=Action.SHOW_BRIDGING)
    assert outside(app, room) == before
    assert room.standing(reader=PUBLIC).level == Level.AGREED_IN_INFORMALS
    assert room.standing(reader=room.as_("BRA")).level == Level.OPEN
    assert room.summary(reader=room.as_("BRA")).blocking == "Ken"
    assert room.summary(reader=PUBLIC).blocking == ""


def test_the_last_word_in_the_open_is_the_last_word_for_all(room: Room) -> None:
    room.say("KEN", "support")
    room.closed()
    room.say("KEN", "oppose")
    room.say("BRA", "oppose")
    room.mark("agreed_ad_ref", reason="The two will come along.")
    room.closed("public")
    assert [line.code for line in room.summary(reader=PUBLIC).lines] == ["support"]
    assert [line.code for line in room.summary(reader=room.as_("NOR")).lines] == ["oppose"]
    room.say("KEN", "flexible")
    assert [line.code for line in room.summary(reader=PUBLIC).lines] == ["flexible"]
    assert [line.code for line in room.summary(reader=room.as_("NOR")).lines] == ["flexible", "oppose"]
    room.mark("agreed_in_informals")  # what the open room knows: it was open until now
    for reader in (PUBLIC, room.as_("NOR")):
        assert room.standing(reader=reader).level == Level.AGREED_IN_INFORMALS
    for openness in ("", "members"):
        assert room.from_the_log(openness) == room.from_the_rows(openness)


def test_a_stance_taken_back_behind_a_door_still_stands_outside(room: Room) -> None:
    room.say("KEN", "support")
    room.closed()
    room.say("KEN", None)
    assert [line.code for line in room.summary(reader=PUBLIC).lines] == ["support"]
    assert room.summary(reader=room.as_("BRA")).lines == []
    assert room.from_the_log("members") == room.from_the_rows("members")


def test_a_condition_confirmed_behind_a_door_is_confirmed_there(room: Room) -> None:
    room.say("KEN", "conditional", note="If the fund is named.")
    room.closed()
    room.do(services.confirm_condition, room.chair, "paragraph:p2", "KEN")
    assert room.summary(reader=room.as_("BRA")).blocking == ""
    assert room.summary(reader=PUBLIC).blocking == "Ken"
    assert room.from_the_log("members") == room.from_the_rows("members")
    assert room.from_the_log() == room.from_the_rows()


def test_a_bridging_text_of_a_closed_segment_is_not_found_outside(room: Room) -> None:
    room.closed()
    room.do(services.show, room.chair, "p2", "Invites States to help;", action=Action.SHOW_BRIDGING)
    [hidden] = room.reading().bridgings["p2"]
    room.closed("public")
    with pytest.raises(NotFound):
        room.say("KEN", "support", f"bridging:{hidden.id}")
    with pytest.raises(NotFound):
        room.do(services.amend, room.chair, hidden.id, "Invites States to act;", action=Action.SHOW_BRIDGING)
    room.do(services.show, room.chair, "p2", "Invites States to assist;", action=Action.SHOW_BRIDGING)
    shown = room.reading(room.as_("KEN")).bridgings["p2"]
    assert [bridging.label for bridging in shown] == ["MB1", "B1"], "numbered apart: no gap tells"
    room.closed()
    with pytest.raises(Closed):
        room.do(services.amend, room.chair, shown[1].id, "Invites States to act;", action=Action.SHOW_BRIDGING)


def test_words_that_change_reopen_on_both_sides_of_the_door(room: Room) -> None:
    room.closed()
    room.mark("agreed_ad_ref")
    room.closed("public")
    room.mark("agreed_in_informals", "p1")
    room.edit("p2", WORDS[1].replace("offer", "provide"))
    room.edit("p1", WORDS[0].replace("two", "three"))
    room.issue()
    assert (room.standing().reopened, room.standing().reason) == (True, "offer → provide")
    assert room.standing(reader=PUBLIC).wording == "", "outside, nothing was ever agreed, and nothing is reopened"
    assert room.standing("p1", reader=PUBLIC).reason == "two → three"
    for openness in ("", "members"):
        assert room.from_the_log(openness) == room.from_the_rows(openness)
