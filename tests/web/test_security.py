"""The headers of every answer, the CSRF check, cookies, limits, and errors that say what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from tests.conftest import settings_for
from tests.support.builders import World
from tests.support.clients import Browser

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def strict(database_url: str, tmp_path: Path) -> Flask:
    """The app with CSRF on and rate limits on, as in life."""
    return create_app(settings_for(database_url, tmp_path, ratelimit_enabled=True), TESTING=True)


@pytest.mark.parametrize("path", ["/", "/sign-in", "/api/v1/groups", "/nothing", "/static/x/css/base.css", "/healthz"])
def test_every_answer_carries_the_policy(app: Flask, path: str) -> None:
    headers = Browser(app).get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"


def test_no_page_may_be_kept_by_a_shared_cache(app: Flask) -> None:
    assert "private" in Browser(app).get("/").headers["Cache-Control"]


def test_a_write_by_cookie_needs_the_token(strict: Flask) -> None:
    world = World(strict)
    user = world.user(party="KEN")
    browser = Browser(strict, user)
    assert browser.post("/sign-out-everywhere").status_code == 403
    assert browser.api("POST", "/groups", {"slug": "x"}).status_code == 403
    page = browser.get("/account").text
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert token is not None
    assert browser.post("/sign-out-everywhere", {"csrf_token": token.group(1)}).status_code == 302


def test_a_bearer_token_needs_none(strict: Flask) -> None:
    world = World(strict)
    user = world.user(party="KEN")
    answer = Browser(strict).api(
        "POST",
        "/sessions",
        {"group": "none", "title": "t", "openness": "public"},
        headers={"Authorization": f"Bearer {world.token(user)}"},
    )
    assert answer.status_code == 404


def test_cookies_are_marked(strict: Flask) -> None:
    cookie = Browser(strict).get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_guessing_passwords_is_slowed(strict: Flask) -> None:
    browser = Browser(strict)
    token = re.search(r'name="csrf-token" content="([^"]+)"', browser.get("/sign-in").text)
    assert token is not None
    data = {"csrf_token": token.group(1), "email": "a@b.example", "password": "x"}
    statuses = [browser.post("/sign-in", data).status_code for _ in range(25)]
    assert statuses[-1] == 429


def test_who_floods_the_api_is_slowed_and_nobody_else_is(strict: Flask) -> None:
    world = World(strict)
    ken, bra = ({"Authorization": f"Bearer {world.token(world.user(party=code))}"} for code in ("KEN", "BRA"))
    browser, said = Browser(strict), {"body": "Words."}
    statuses = [
        browser.api("POST", f"/{noun}/9/{what}", said, headers=ken).status_code
        for noun, what in (("sessions", "comments"), ("threads", "posts"))
        for _ in range(150)
    ]
    assert set(statuses) == {404}
    refused = browser.api("POST", "/sessions/9/comments", said, headers=ken)
    assert (refused.status_code, refused.json["code"]) == (429, "rate_limited")
    assert 1 <= refused.json["retry_after"] <= 60
    assert browser.api("GET", "/sessions", headers=ken).status_code == 200
    assert browser.api("POST", "/sessions/9/comments", said, headers=bra).status_code == 404


def test_errors_of_the_api_are_problem_documents(app: Flask) -> None:
    answer = Browser(app).api("GET", "/groups/none")
    assert answer.content_type == "application/problem+json"
    assert (answer.status_code, answer.json["code"], answer.json["status"]) == (404, "not_found", 404)
    assert Browser(app).api("POST", "/groups", {}).json["code"] == "invalid"
    assert Browser(app).api("PATCH", "/groups").json["status"] == 405


def test_a_body_that_its_schema_refuses_is_refused_with_its_field(app: Flask, world: World) -> None:
    group = world.group("table")
    chair = Browser(app, world.chair_of(group))
    wanted = {"group": "table", "title": "First meeting", "openness": "public"}
    for field, value in (("title", ""), ("title", 5), ("openness", "everybody"), ("starts_at", "soon")):
        answer = chair.api("POST", "/sessions", wanted | {field: value})
        assert (answer.status_code, answer.json["code"], answer.json["field"]) == (422, "invalid", field)
    assert answer.json["detail"] == "Not a valid datetime."
    assert chair.api("GET", "/sessions?limit=0").json["field"] == "limit"
    nested = chair.api("POST", "/versions/1/proposals", {"kind": "merge", "others": ["p1", 5]}).json
    assert (nested["code"], nested["field"], nested["detail"]) == ("invalid", "others", "Not a valid string.")
    assert "field" not in chair.api("POST", "/sessions", [1]).json  # the whole body is to blame
    broken = chair.post("/api/v1/sessions", "{", content_type="application/json")
    assert (broken.status_code, broken.json["detail"]) == (400, "Invalid JSON body.")


def test_too_large_is_said(app: Flask) -> None:
    answer = Browser(app).client.post("/api/v1/groups", data=b"x" * (5 * 2**20), content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")


def test_no_template_has_script_or_style_inside() -> None:
    wrong = []
    for template in ROOT.glob("app/**/templates/**/*.html"):
        text = template.read_text(encoding="utf-8")
        for script in re.findall(r"<script\b[^>]*>", text):
            if "src=" not in script and "application/json" not in script:
                wrong.append(f"{template.name}: {script}")
        if re.search(r"<style\b|\sstyle=\"|\son[a-z]+=\"", text):
            wrong.append(f"{template.name}: inline style or handler")
    assert wrong == []


def test_styles_name_no_side_that_arabic_would_turn() -> None:
    sides = r"(?:left|right)"
    physical = re.compile(
        rf"(?<![-\w])(?:margin|padding|border)-{sides}|(?<![-\w]){sides}\s*:|(?:text-align|float):\s*{sides}"
    )
    wrong = [
        f"{sheet.name}: {line.strip()}"
        for sheet in ROOT.glob("app/web/static/css/*.css")
        for line in sheet.read_text(encoding="utf-8").splitlines()
        if physical.search(line)
    ]
    assert wrong == []


def test_a_crash_is_logged_and_says_nothing_of_itself(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def broken(*_arguments: object) -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setitem(app.view_functions, "home.about", broken)
    page = Browser(app).get("/about")
    assert page.status_code == 500
    assert "secret" not in page.text
