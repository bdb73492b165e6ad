"""Comments follow the text: on their words, or as orphans beside the paragraph; never on another paragraph's words."""

from __future__ import annotations

import uuid

import pytest

from app.drafts import queries as texts
from app.drafts import services as drafts
from app.live import beside, services
from app.policy import PUBLIC
from tests.support.builders import World
from tests.support.clients import Browser

pytestmark = pytest.mark.database
WORDS = "Invites States to offer assistance, upon request, on mutually agreed terms;"


class Room:
    def __init__(self, world: World, openness: str = "public") -> None:
        self.world = world
        self.group = world.group("table", members=("KEN",))
        self.version = world.version(self.group, WORDS, "Decides to offer assistance again.")
        self.session = world.session(self.group, version=self.version, openness=openness).id
        self.chair = world.actor(world.chair_of(self.group))
        self.kenya = world.actor(world.user(party="KEN"))

    def say(self, exact: str | None) -> None:
        quote = {"exact": exact} if exact else None
        with self.world.context():
            services.comment(
                self.kenya, self.session, id=str(uuid.uuid4()), body="On this.", paragraph="p1", quote=quote
            )

    def issue(self, text: str) -> int:
        with self.world.context():
            working = texts.draft_line(self.chair, self.version.draft_id).working
            row = next(row for row in texts.version_paragraphs(working.id) if row.wid == "p1")
            drafts.edit_paragraph(self.chair, working.id, "p1", text, row.revision)
            return drafts.issue_version(self.chair, self.version.draft_id).id

    def remarks(self, version: int, actor=None, wid: str = "p1") -> list[beside.Remark]:
        with self.world.context():
            found = texts.get_version(self.chair, version)
            return beside.remarks(actor or self.chair, found, texts.paragraph_in(found, wid))


def test_a_comment_moves_with_its_words(world: World) -> None:
    room = Room(world)
    room.say("on mutually agreed terms")
    text = "Urges all States to provide assistance, upon request, on mutually agreed terms;"
    (remark,) = room.remarks(room.issue(text))
    assert remark.place is not None
    assert text[slice(*remark.place)] == "on mutually agreed terms"


def test_a_comment_on_words_that_are_gone_is_an_orphan_with_its_words(world: World) -> None:
    room = Room(world)
    room.say("offer assistance")
    room.say(None)
    second = room.issue("Invites States to cooperate, upon request, on mutually agreed terms;")
    orphan, whole = room.remarks(second)
    assert orphan.lost
    assert orphan.quoted == "offer assistance"
    assert not whole.lost
    assert room.remarks(second, wid="p2") == []
    page = Browser(world.app).get(f"/drafts/{room.version.draft_id}/v/2/p/p1").text
    assert "these words are gone" in page
    assert "offer assistance" in page


def test_what_was_said_in_a_closed_session_is_not_beside_the_text(world: World) -> None:
    room = Room(world, openness="members")
    room.say("offer assistance")
    assert len(room.remarks(room.version.id)) == 1
    assert room.remarks(room.version.id, PUBLIC) == []
    assert "What was said" not in Browser(world.app).get(f"/drafts/{room.version.draft_id}/v/1/p/p1").text
