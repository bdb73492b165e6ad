"""Addresses are built as Werkzeug builds them, though their builders are compiled later."""

from __future__ import annotations

import pytest
from flask import Flask, url_for
from werkzeug.routing import Map, Rule
from werkzeug.routing.exceptions import BuildError

from app.web.rules import LazyRule

RULES = (
    "/",
    "/plain",
    "/a b/<int:number>",
    "/<name>/x/<path:rest>",
    "/<int:number>/<name>",
    "/é/<string(length=2):name>",
)
VALUES = (
    {},
    {"number": 7},
    {"name": "ab", "rest": "c/d e", "number": 1},
    {"name": "é&?", "number": "no number"},
    {"number": 3, "name": "ab", "more": ["1", "2"], "q": "a&b", "self": "x", "rule": "y"},
)


def built(kind: type[Rule], rule: str, values: dict[str, object], unknown: bool) -> object:
    adapter = Map([kind(rule, endpoint="it", defaults={"page": 1})]).bind("example.test")
    try:
        return [adapter.build("it", dict(values), append_unknown=unknown) for _time in range(2)]
    except (BuildError, ValueError) as error:
        return type(error)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("values", VALUES)
@pytest.mark.parametrize("unknown", [True, False])
def test_an_address_is_built_as_ever(rule: str, values: dict[str, object], unknown: bool) -> None:
    assert built(LazyRule, rule, values, unknown) == built(Rule, rule, values, unknown)


def test_the_app_uses_them(app: Flask) -> None:
    assert all(type(rule) is LazyRule for rule in app.url_map.iter_rules())
    with app.test_request_context():
        for _time in range(2):
            assert url_for("live.room", session_id=3, _anchor="p-p1", tab="talk") == "/sessions/3?tab=talk#p-p1"
