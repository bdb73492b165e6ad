"""What no database can keep, or what is nested without end, is refused with its field; the server stays up."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask

from tests.support.builders import World
from tests.support.clients import Browser

pytestmark = pytest.mark.database


@pytest.fixture
def kenya(app: Flask, world: World) -> Browser:
    group = world.group("table", members=("KEN",))
    world.session(group, version=world.version(group))
    return Browser(app, world.user(party="KEN"))


@pytest.mark.parametrize("unwritable", ["\\ud800", "a\\u0000b"])
@pytest.mark.parametrize("field", ["body", "paragraph", "on_behalf_of"])
def test_half_a_character_is_refused_with_its_field(kenya: Browser, field: str, unwritable: str) -> None:
    words = {"id": str(uuid.uuid4()), "body": "Words."}
    body = ",".join(
        f'"{name}":"{unwritable if name == field else value}"' for name, value in (words | {field: ""}).items()
    )
    answer = kenya.client.post("/api/v1/sessions/1/comments", data="{" + body + "}", content_type="application/json")
    assert (answer.status_code, answer.json["code"], answer.json["field"]) == (422, "invalid", field)


def test_a_bottomless_message_is_refused(kenya: Browser) -> None:
    for text in ('{"a":' * 3000, '{"a":' * 100 + "1" + "}" * 100):
        answer = kenya.client.post("/api/v1/sessions/1/comments", data=text, content_type="application/json")
        assert answer.status_code in (400, 422)
