"""The OpenAPI document is valid, and true: what is asked by its rules is answered by them, and never with a 500."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import validate
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.support.builders import World

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]
IDS = {"version_id": "1", "draft_id": "1", "session_id": "1", "thread_id": "1", "slug": "table", "wid": "p1"}
"""Half of all calls name what is there, so that answers are more than 404."""


def test_the_document_is_valid(app: Flask) -> None:
    validate(app.test_client().get("/api/v1/openapi.json").json)


@pytest.fixture
def peopled(app: Flask, world: World) -> tuple[Flask, dict[str, str]]:
    """A table with a text, a session and a thread; and tokens of the chair and of a delegation."""
    from app.groups import services as groups

    group = world.group("table", members=("KEN",))
    version = world.version(group)
    world.session(group, version=version)
    chair = world.chair_of(group)
    with world.context():
        groups.start_thread(world.actor(chair), group, "Questions", "A first post.")
    return app, {"chair": world.token(chair), "ken": world.token(world.user(party="KEN"))}


def test_answers_are_as_the_document_says(peopled: tuple[Flask, dict[str, str]]) -> None:
    app, tokens = peopled
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 50
    wrong: list[str] = []

    @given(data=st.data())
    @settings(
        max_examples=4 * len(operations),
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(data: Any) -> None:
        operation = data.draw(st.sampled_from(operations))
        case = data.draw(operation.as_strategy())
        if data.draw(st.booleans()):
            case.path_parameters = {**(case.path_parameters or {}), **_known(case.path_parameters)}
        token = data.draw(st.sampled_from([None, *tokens.values()]))
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        response = case.call(headers=headers)
        try:
            case.validate_response(response, checks=CHECKS)
        except BaseExceptionGroup as failures:
            wrong.extend(f"{operation.method} {operation.path}: {str(why)[:600]}" for why in failures.exceptions)

    ask()
    assert wrong == []


def _known(parameters: dict[str, Any] | None) -> dict[str, str]:
    return {name: IDS[name] for name in parameters or {} if name in IDS}
