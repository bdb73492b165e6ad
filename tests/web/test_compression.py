"""Answers come compressed where the client takes it, and say what they are."""

from __future__ import annotations

import gzip
import http.client

import pytest
from flask import Flask, Response

from app.web import compression
from app.web.assets import STATIC, tree_checksum
from app.web.compression import LEAST, LONG, blurred
from tests.support.builders import World
from tests.support.clients import Browser
from tests.support.server import LiveServer

GZIP = {"Accept-Encoding": "gzip, br"}


@pytest.fixture
def page(world: World) -> str:
    group = world.group("g", openness="public")
    version = world.version(group, *(f"Recommends measure {number} to States;" for number in range(200)))
    return f"/drafts/{version.draft_id}/v/1"


def test_a_page_is_a_fraction_of_its_size_and_the_same_within(browser: Browser, page: str) -> None:
    plain, packed = browser.get(page), browser.get(page, headers=GZIP)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 5
    assert b"measure 199 to States" in gzip.decompress(packed.data)
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer.vary
        assert "Cookie" in answer.vary


@pytest.mark.parametrize("asked", ["", "br", "gzip;q=0", "identity"])
def test_who_does_not_take_gzip_gets_none(browser: Browser, page: str, asked: str) -> None:
    assert "Content-Encoding" not in browser.get(page, headers={"Accept-Encoding": asked}).headers


def test_a_short_answer_goes_as_it_is(browser: Browser) -> None:
    answer = browser.get("/healthz", headers=GZIP)
    assert len(answer.data) < LEAST
    assert "Content-Encoding" not in answer.headers


def test_what_an_edit_names_is_the_same_packed_or_not(app: Flask) -> None:
    """An ETag of the API goes back in If-Match: it must be the one that the server knows."""

    @app.get("/probe")
    def probe() -> Response:
        response = Response("x" * 5_000, mimetype="application/json")
        response.set_etag("7")
        return response

    answer = app.test_client().get("/probe", headers=GZIP)
    assert answer.headers["ETag"] == '"7"'
    assert "Content-Encoding" not in answer.headers


def test_a_long_answer_is_packed_beside_the_loop(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    beside = []
    monkeypatch.setattr(compression, "aside", lambda work, *said: (beside.append(work), work(*said))[1])
    for size in (LONG, LONG + 1):
        app.view_functions["home.today"] = lambda size=size: Response("x" * size, mimetype="text/plain")
        answer = app.test_client().get("/", headers=GZIP)
        assert gzip.decompress(answer.data) == b"x" * size
    assert len(beside) == 1


def test_the_length_of_a_page_tells_nothing_exact() -> None:
    body = b"the same words " * 400
    archives = [blurred(body) for _try in range(60)]
    assert {gzip.decompress(archive) for archive in archives} == {body}
    assert len({len(archive) for archive in archives}) > 20


def test_a_file_is_packed_once_and_asked_for_by_its_own_validator(browser: Browser) -> None:
    url = f"/static/{tree_checksum()}/css/base.css"
    plain, packed = browser.get(url), browser.get(url, headers=GZIP)
    assert gzip.decompress(packed.data) == plain.data == (STATIC / "css/base.css").read_bytes()
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert packed.headers["Cache-Control"] == plain.headers["Cache-Control"]
    assert "immutable" in packed.headers["Cache-Control"]
    for answer, headers in ((plain, {}), (packed, GZIP)):
        again = browser.get(url, headers={**headers, "If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
        assert again.data == b""


def test_what_is_packed_already_is_left_alone(app: Flask) -> None:
    @app.get("/probe")
    def probe() -> Response:
        return Response(b"PK" * 5_000, mimetype="application/zip")

    assert "Content-Encoding" not in app.test_client().get("/probe", headers=GZIP).headers


def test_the_server_sends_it_so(served: tuple[LiveServer, World]) -> None:
    """Over the wire, where gevent counts the bytes."""
    connection = http.client.HTTPConnection("127.0.0.1", served[0].port, timeout=20)
    for url in ("/sign-in", f"/static/{tree_checksum()}/css/components.css"):
        connection.request("GET", url, headers=GZIP)  # one connection: a wrong length would break the second
        answer = connection.getresponse()
        body = answer.read()
        assert answer.headers["Content-Encoding"] == "gzip"
        assert len(gzip.decompress(body)) > len(body) == int(answer.headers["Content-Length"])
    connection.close()
