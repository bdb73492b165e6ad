"""Search finds words in every script, and nothing that is closed to the reader: no hit, no count."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from hypothesis import example, given
from hypothesis import strategies as st

from app.archive import queries
from app.core.terms import fold, highlight, parse_query, terms
from app.groups import services as groups
from app.live import services as live
from app.policy import Office
from tests.support.builders import World
from tests.support.clients import Browser

pytestmark = pytest.mark.database


def say(world: World, user, session, body: str) -> None:
    with world.context():
        live.comment(world.actor(user), session.id, id=str(uuid.uuid4()), body=body)


def found(world: World, user, words: str) -> list[str]:
    with world.context():
        return [hit.kind for hit in queries.search(world.actor(user), words).items]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Les États s’engagent à coopérer", "etats"),
        ("Les États s’engagent à coopérer", "ÉTATS coopérer"),
        ("Ответственное поведение государств", "ответственное ПОВЕДЕНИЕ"),
        ("سلوك الدول المسؤول في الفضاء", "الدول"),
        ("الأمن السيبراني", "الامن"),
        ("各国负责任的行为", "负责任"),
        ("各国负责任的行为", "负"),
        ("on mutually agreed terms", '"mutually agreed"'),
        ("assistance upon request", "assis"),
        ("the State’s consent", "state consent"),
    ],
)
def test_words_are_found_in_every_script(world: World, text: str, query: str) -> None:
    group = world.group(members=("KEN",))
    kenya = world.user(party="KEN")
    say(world, kenya, world.session(group), text)
    assert found(world, kenya, query) == ["comment"]


@pytest.mark.parametrize(
    "query", ["", "   ", '"', "***", "AND OR NOT", "a:b", "(((", "'; DROP TABLE", "NEAR/2", "x" * 500]
)
def test_no_query_breaks_the_search(world: World, query: str) -> None:
    with world.context():
        queries.search(world.actor(None), query)


def test_what_is_closed_is_neither_found_nor_counted(app: Flask, world: World) -> None:
    kenya, stranger = world.user(party="KEN"), world.user(party="FJI")
    closed = world.group("closed", openness="members", members=("KEN",), title="Zanzibar talks")
    session = world.session(closed, version=world.version(closed, "Recommends Zanzibar measures;"))
    say(world, kenya, session, "The Zanzibar question.")
    with world.context():
        groups.start_thread(world.actor(kenya), closed, "On Zanzibar", "Zanzibar again.")
    assert len(found(world, kenya, "zanzibar")) >= 3
    observer = world.officer(closed, Office.OBSERVER)
    for reader in (stranger, observer, None):
        with world.context():
            page = queries.search(world.actor(reader), "zanzibar")
        assert (page.total, page.counts, page.items) == (0, {}, ())
        browser = Browser(app, reader)
        assert browser.api("GET", "/search?q=zanzibar").json == {"items": [], "next": None, "total": 0}
        assert b"measures" not in browser.get("/search?q=zanzibar").data


def test_an_unpublished_record_is_not_found_by_the_public(world: World) -> None:
    group = world.group(members=("KEN",))
    kenya = world.user(party="KEN")
    session = world.session(group)
    say(world, kenya, session, "A quetzal in the room.")
    assert found(world, None, "quetzal") == ["comment"]
    chair = world.chair_of(group)
    with world.context():
        live.conduct(world.actor(chair), session.id, "close")
    assert found(world, None, "quetzal") == []
    assert found(world, kenya, "quetzal") == ["comment"]
    with world.context():
        live.publish(world.actor(chair), session.id)
    assert found(world, None, "quetzal") == ["comment"]


def test_an_edited_post_is_found_by_its_new_words_only(world: World) -> None:
    group = world.group(members=("KEN",))
    kenya = world.user(party="KEN")
    with world.context():
        actor = world.actor(kenya)
        thread = groups.start_thread(actor, group, "A thread", "The first.")
        post = groups.post(actor, thread, "Pangolin policy.")
        groups.edit_post(actor, post.id, "Armadillo policy.", post.revision)
    assert found(world, kenya, "pangolin") == []
    assert found(world, kenya, "armadillo") == ["post"]


@given(text=st.text(st.characters(codec="utf-8"), max_size=60))
def test_a_text_is_found_by_each_of_its_words(text: str) -> None:
    known = terms(text)
    for part in parse_query(text):
        assert all(term in known or (part.prefix and any(k.startswith(term) for k in known)) for term in part.terms)


@example(text="🄐", query="")
@given(text=st.text(st.characters(codec="utf-8"), max_size=80), query=st.text(max_size=10))
def test_an_excerpt_is_a_piece_of_the_text(text: str, query: str) -> None:
    pieces = "".join(piece for piece, _hit in highlight(text, parse_query(query)))
    assert pieces.removeprefix("… ").removesuffix(" …") in text
    assert fold(fold(text)) == fold(text)
