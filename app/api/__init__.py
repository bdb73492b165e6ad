"""The HTTP API: schemas and routes over the same commands as the pages, and its OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Response
from flask_smorest import Api
from marshmallow import INCLUDE, Schema, fields

TITLE = "Chapeau"
DESCRIPTION = (
    "Deliberation on the text of a Programme of Action. Ids are strings, times are RFC 3339 in UTC, lists are "
    "`{items, next}`. Authorise with `Authorization: Bearer TOKEN`; without it one sees what is public. A write with "
    "`Idempotency-Key: UUID` takes effect once. Errors are problem documents (RFC 9457) with a member `code`."
)


class Problem(Schema):
    """A problem document (RFC 9457). A refusal may say more: the state it met, both texts of a stale edit."""

    class Meta:
        unknown = INCLUDE

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True)
    detail = fields.String()
    field = fields.String()
    retry_after = fields.Integer()


class _Api(Api):
    """The house answers errors itself, so that pages, API and socket say the same (app.web.errors)."""

    ERROR_SCHEMA = Problem

    def __init__(self, app: Flask) -> None:
        self._later: list[Callable[[], None]] = []
        super().__init__(app)

    def later(self, write: Callable[[], None]) -> None:
        """Let `write` write its part of the document when the document is asked for."""
        self._later.append(write)

    def document(self) -> dict[str, Any]:
        """The OpenAPI document."""
        while self._later:
            self._later.pop(0)()
        found: dict[str, Any] = self.spec.to_dict()
        return found

    def _openapi_json(self) -> Response:
        self.document()
        answer: Response = super()._openapi_json()
        return answer

    def _register_responses(self) -> None:
        self.later(self._write_responses)

    def _write_responses(self) -> None:
        """Errors are problem documents; everything else is plain JSON."""
        self.DEFAULT_RESPONSE_CONTENT_TYPE = "application/problem+json"
        super()._register_responses()
        del self.DEFAULT_RESPONSE_CONTENT_TYPE

    def _register_error_handlers(self) -> None:
        return


def init_app(app: Flask) -> None:
    from app.api import (
        agreement,
        decisions,
        delegations,
        displays,
        docs,
        drafts,
        floor,
        groups,
        platform,
        programme,
        proposals,
        remarks,
        sessions,
        silence,
    )

    app.config.update(
        API_TITLE=TITLE,
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
        OPENAPI_JSON_INDENT=None,
        API_SPEC_OPTIONS={
            "info": {"description": DESCRIPTION, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
            "servers": [{"url": "/", "description": "This server"}],
            "security": [{"bearer": []}, {"cookie": []}, {}],
        },
    )
    api = _Api(app)
    api.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    api.spec.components.security_scheme("cookie", {"type": "apiKey", "in": "cookie", "name": "chapeau"})
    for room in (
        groups,
        drafts,
        proposals,
        agreement,
        sessions,
        remarks,
        floor,
        displays,
        delegations,
        decisions,
        silence,
        programme,
        platform,
    ):
        api.register_blueprint(room.blueprint)
    app.register_blueprint(docs.blueprint)
