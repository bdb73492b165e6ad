"""A NUL in an address, a query or a form is refused in words: never an error of the server."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.proposals.conftest import Table, table
from tests.support.builders import World
from tests.support.clients import Browser
from tests.web.test_numbers import FIELDS, _pages, _written, chair

__all__ = ["chair", "table"]
pytestmark = pytest.mark.database
NUL = "a\x00b"
WORDS = ("text", "title", "body", "label", "letter", "paragraph", "reference", "party", "kind", "note", "reason", "q")
WORDS += (
    "into",
    "behalf",
    "on_behalf_of",
    "invited",
    "pillar",
    "norm",
    "show",
    "view",
    "next",
    "email",
    "name",
    "code",
)
WORDS += ("rationale", "conditions", "after", "stance", "fate", "mode", "openness", "at", "id", "language", "format")


def test_no_address_breaks_on_a_nul(app: Flask, chair: Browser) -> None:
    broken = []
    for rule, method in _pages(app):
        for number in ("1", "%00") if rule.arguments else ():
            path = _written(rule, number, "%00")
            status = chair.client.open(path, method=method).status_code
            if status >= 500 or ("%00" in path and status != 404):
                broken.append((status, method, path))
    assert not broken


def test_no_field_breaks_on_a_nul(app: Flask, chair: Browser) -> None:
    said, broken = dict.fromkeys((*FIELDS, *WORDS), NUL), []
    for rule, method in _pages(app):
        path = _written(rule, "1", "numbers")
        way = "query_string" if method == "GET" else "json" if path.startswith("/api/") else "data"
        status = chair.client.open(path, method=method, **{way: said}).status_code
        if status >= 500:
            broken.append((status, method, path))
    assert not broken


@pytest.mark.parametrize("path", ["/proposals/%00", "/drafts/1/v/1/p/%00", "/jobs/%00", "/api/v1/proposals/%00"])
def test_nothing_has_a_nul_in_its_name(world: World, path: str) -> None:
    world.version(world.group("numbers"))
    assert Browser(world.app).get(path).status_code == 404


def test_a_question_with_a_nul_is_refused_with_its_field(app: Flask) -> None:
    answer = Browser(app).api("GET", "/search?q=a&party=K%00")
    assert (answer.status_code, answer.json["field"]) == (422, "party")


def test_no_act_on_a_proposal_breaks_on_a_nul(table: Table) -> None:
    """Its address has an id of its own, which the walk through all addresses does not know."""
    id_ = table.propose("KEN", "Calls upon States;")
    chair = Browser(table.world.app, table.world.chair_of(table.group))
    kenya = Browser(table.world.app, table.world.user(party="KEN"))
    said, broken = dict.fromkeys((*FIELDS, *WORDS), NUL), []
    for rule, method in _pages(table.world.app):
        if "<proposal_id>" in rule.rule and method != "GET":
            for verb in ("merge", "cosponsor", "position", "plan", "take", "withdraw"):
                path = rule.rule.replace("<proposal_id>", id_)
                path = re.sub(r"<any\([^>]*>", verb, path)
                way = "json" if path.startswith("/api/") else "data"
                for browser in (chair, kenya):
                    status = browser.client.open(path, method=method, **{way: said}).status_code
                    broken += [(status, method, path)] if status >= 500 else []
    assert not broken
