"""Odd numbers in addresses, queries and forms are refused in words: never an error of the server."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app.web.numbers import LARGEST, whole
from tests.policy.walk import furnish
from tests.support.builders import World
from tests.support.clients import Browser

ODD = ("²", "٣", "9" * 10, "9" * 15, "9" * 23, "-1")
FIELDS = (
    *("after", "cursor", "group", "from", "to", "version", "revision", "base", "start", "level", "seen"),
    *("session", "predecessor", "precedent", "page", "post", "scale", "number", "place", "against", "order"),
)


NUMBERS = (("0", 0), ("7", 7), (7, 7), (str(LARGEST), LARGEST))
NONE = (*ODD, "", None, True, "1.0", [1], str(LARGEST + 1), "9" * 5000)


@pytest.mark.parametrize(("text", "number"), [*NUMBERS, *((text, None) for text in NONE)])
def test_a_number_is_plain_digits_that_a_database_holds(text: object, number: int | None) -> None:
    assert whole(text) == number


def _pages(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every address and a method of it; the files of the site and its socket apart."""
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith(("/static", "/socket.io")):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method


@pytest.fixture
def chair(app: Flask, world: World) -> Browser:
    """At the head of a group in which the number 1 names a group, a text, a version, a thread and a session."""
    group = world.group("numbers", members=("KEN",))
    furnish(world, group)
    world.session(group, version=world.version(group))
    return Browser(app, world.chair_of(group))


def _written(rule: Rule, identity: str, slug: str) -> str:
    """The address of a rule with this number in each place; of a choice of words the first."""
    words = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule).replace("<slug>", slug)
    return re.sub(r"<[^>]+>", identity, words)


@pytest.mark.database
@pytest.mark.parametrize("odd", ["9" * 10, "9" * 23])
def test_no_address_breaks_on_an_odd_number(app: Flask, chair: Browser, odd: str) -> None:
    broken = []
    for rule, method in _pages(app):
        if rule.arguments:
            path = _written(rule, odd, odd)
            answer = chair.client.open(path, method=method)
            if answer.status_code >= 500:
                broken.append((method, path))
    assert not broken


@pytest.mark.database
@pytest.mark.parametrize("odd", ["²", "9" * 10])
def test_no_field_breaks_on_an_odd_number(app: Flask, chair: Browser, odd: str) -> None:
    said, broken = dict.fromkeys(FIELDS, odd) | {"q": "a"}, []
    for rule, method in _pages(app):
        path = _written(rule, "1", "numbers")
        way = "query_string" if method == "GET" else "json" if path.startswith("/api/") else "data"
        answer = chair.client.open(path, method=method, **{way: said})
        if answer.status_code >= 500:
            broken.append((method, path))
    assert not broken
