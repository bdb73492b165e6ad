"""A body is small, but for where a file comes in."""

from __future__ import annotations

import io
import os
import zipfile

from flask import Flask

from app.core.text.paragraphs import Kind, Paragraph, ParagraphId
from app.core.word import WordDocument, from_text, write_docx
from app.web.bodies import FILES
from app.webserver import BODY_BYTES
from tests.support.builders import World
from tests.support.clients import Browser


def with_pictures(size: int) -> bytes:
    """A Word file with pictures of `size` bytes."""
    words = Paragraph(id=ParagraphId("a"), kind=Kind.PARAGRAPH, level=0, text="Decides to meet in May;")
    plain = write_docx(WordDocument("A text", "", "", "", from_text([words], {})))
    file = io.BytesIO(plain)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("word/media/image1.png", os.urandom(size))
    return file.getvalue()


def test_a_word_file_with_pictures_comes_in(app: Flask, world: World) -> None:
    group = world.group("g")
    chair = Browser(app, world.chair_of(group))
    sent = {"title": "With pictures", "format": "markdown", "file": (io.BytesIO(with_pictures(9 * 2**20)), "text.docx")}
    answer = chair.post(f"/groups/{group.slug}/drafts/new", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 302, answer.text
    assert "Decides to meet in May" in chair.get(answer.headers["Location"]).text


def test_a_file_that_is_too_large_is_refused_with_a_way_out_and_the_form_as_it_was(app: Flask, world: World) -> None:
    group = world.group("g")
    chair = Browser(app, world.chair_of(group))
    sent = {"title": "Too many", "format": "markdown", "file": (io.BytesIO(with_pictures(20_000_000)), "text.docx")}
    answer = chair.post(f"/groups/{group.slug}/drafts/new", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Save the text without its pictures" in answer.text
    assert "Too many" in answer.text


def test_elsewhere_a_body_is_small(app: Flask, world: World) -> None:
    someone = Browser(app, world.user(party="KEN"))
    assert someone.post("/theme", data={"theme": "x" * (5 * 2**20)}).status_code == 413
    assert someone.api("POST", "/groups/g/threads", {"title": "x", "body": "x" * (5 * 2**20)}).status_code == 413


def test_the_server_reads_what_the_app_takes() -> None:
    assert FILES < BODY_BYTES
