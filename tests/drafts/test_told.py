"""What the core says by a code is said in the language of the reader, and no code is forgotten."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import gettext

from app.core.interchange import InterchangeRefused, from_json, from_markdown
from app.core.interchange.fields import WHY
from app.core.text import TextRefused, clean
from app.core.word import WordFinding, reading
from app.delegations import files
from app.drafts import told
from app.errors import Invalid
from app.web import refusals
from tests.proposals.conftest import Table, table
from tests.support.clients import Browser

__all__ = ["table"]
CORE = Path(told.__file__).resolve().parents[1] / "core"


@pytest.fixture
def french(app: Flask, monkeypatch: pytest.MonkeyPatch):
    """A language into which each string is translated by a mark: what has none was not said through gettext."""

    def marked(string: str, **variables: object) -> str:
        return f"«{string % variables if variables else string}»"

    for module in (told, refusals):
        monkeypatch.setattr(module, "_", marked)
    with app.test_request_context():
        yield


def codes(folder: str, error: str) -> set[str]:
    sources = "".join(path.read_text(encoding="utf-8") for path in (CORE / folder).rglob("*.py"))
    return set(re.findall(error + r'\(\s*"([a-z_]+)"', sources))


@pytest.mark.usefixtures("french")
def test_every_refusal_of_a_text_has_its_words() -> None:
    normalise = (CORE / "text" / "normalise.py").read_text(encoding="utf-8")
    known = codes("text", "TextRefused") | set(re.findall(r'return "([a-z]+)", "', normalise))
    assert known == refusals.CODES
    for text in ("a\x00b", "a\ud800b", "a\u202eb", "x" * 100_001):
        with pytest.raises(TextRefused) as refused:
            clean(text)
        assert refusals.text_refused(refused.value).startswith("«")


BROKEN = (
    '{"schema": "chapeau.text/1", "paragraphs": [{"id": "1 "}]}',
    '{"schema": "chapeau.text/1", "paragraphs": {"a": 1}}',
    '{"schema": "chapeau.text/1", "paragraphs": [7]}',
    '{"schema": "chapeau.text/1", "title": "a\\u202eb"}',
    '{"schema": "chapeau.text/1", "title": 7}',
    '{"schema": "chapeau.text/1", "style": "poem"}',
    '{"schema": "chapeau.text/1", "issued_at": "soon"}',
    '{"schema": "chapeau.text/1", "paragraphs": [{"id": "p1", "text": "A"}, {"id": "p1", "text": "B"}]}',
    '{"schema": "chapeau.text/1", "paragraphs": [{"id": "p1", "level": "deep"}]}',
    '{"schema": "chapeau.text/1", "paragraphs": [{"id": "p1", "deleted": 3}]}',
    '{"schema": "chapeau.text/1", "paragraphs": [{"id": "p1", "pillars": [3]}]}',
    '{"schema": "other/1"}',
    "{",
    '{"a": NaN}',
)


@pytest.mark.usefixtures("french")
@pytest.mark.parametrize("source", BROKEN)
def test_every_refusal_of_an_export_has_its_words(source: str) -> None:
    with pytest.raises(InterchangeRefused) as refused:
        from_json(source)
    words = told.file_refused(refused.value)
    assert words.startswith("«")
    assert words != str(refused.value)


@pytest.mark.usefixtures("french")
def test_every_reason_against_a_member_has_its_words() -> None:
    said = {"where": "line 3, proposal", "member": "kind", "most": 3, "choices": "a, b", "refusal": "x"}
    for why in WHY:
        refused = InterchangeRefused("member", "English", **said, why=why, refused="bidi")
        assert told.file_refused(refused).count("«") == 3  # the sentence, the line, the reason
    assert codes("interchange", "refuse") | codes("interchange", "InterchangeRefused") == {
        *("too_large", "json", "schema", "twice", "head", "head_end", "shape", "member")
    }


@pytest.mark.usefixtures("french")
def test_the_head_of_a_markdown_file_is_told_with_its_line() -> None:
    with pytest.raises(InterchangeRefused) as refused:
        from_markdown('---\nschema: "chapeau.text/1"\nweather: 3\n---\n', lambda: "p1")
    assert told.file_refused(refused.value) == "«Line 3: the head of the file has no “weather”.»"


@pytest.mark.usefixtures("french")
def test_every_finding_in_a_word_file_has_its_words() -> None:
    known = set(reading._MESSAGES) | codes("word", "WordFinding")
    assert known == told.FINDINGS
    for code in known:
        assert "12" in told.word_finding(WordFinding(code, "English", about="12"))
        assert told.word_finding(WordFinding(code, "English", about="12")).startswith("«")


@pytest.mark.parametrize(
    ("name", "data"),
    [("x.json", b'{"schema":"chapeau.text/1","paragraphs":[{"id":"1 "}]}'), ("x.md", "1. a\u202eb".encode())],
)
def test_an_import_is_refused_in_the_words_of_the_edge(
    table: Table, monkeypatch: pytest.MonkeyPatch, name: str, data: bytes
) -> None:
    for module in (told, refusals):
        monkeypatch.setattr(module, "_", lambda string, **said: "«" + gettext(string, **said) + "»")
    chair = Browser(table.world.app, table.world.chair_of(table.group))
    form = {"title": "T", "format": "markdown", "file": (io.BytesIO(data), name)}
    answer = chair.post(f"/groups/{table.group.slug}/drafts/new", form)
    assert answer.status_code == 422
    assert "«" in answer.text


@pytest.mark.usefixtures("french")
def test_a_statement_that_is_no_word_file_is_refused_by_its_code() -> None:
    with pytest.raises(Invalid) as refused:
        files.opened("x.docx", b"PK\x03\x04 no zip")
    assert refused.value.message.startswith("«")
