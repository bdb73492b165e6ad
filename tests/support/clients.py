"""HTTP clients of the tests: one a person, with cookies or a token of their own."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts.models import User


class Browser:
    """A person at the pages and the API, in-process. Signing in sets the cookie as the sign-in page does."""

    def __init__(self, app: Flask, user: User | None = None) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()
        if user is not None:
            self.sign_in(user)

    def sign_in(self, user: User) -> Browser:
        with self.client.session_transaction() as session:
            session["_user_id"] = user.session_stamp
            session["_fresh"] = True
        return self

    def get(self, url: str, **options: Any) -> TestResponse:
        return self.client.get(url, **options)

    def post(self, url: str, data: Any = None, **options: Any) -> TestResponse:
        return self.client.post(url, data=data, **options)

    def api(self, method: str, path: str, json: Any = None, **options: Any) -> TestResponse:
        """Call the HTTP API: `path` is below /api/v1."""
        return self.client.open(f"/api/v1{path}", method=method, json=json, **options)


def session_cookie(app: Flask, user: User) -> str:
    """The cookie of a browser in which this person has signed in: for servers and browsers that are real."""
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return str(serializer.dumps({"_user_id": user.session_stamp, "_fresh": True}))
