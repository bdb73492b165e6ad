"""Text of the Chair stands under the name of the office in the language of the reader."""

from __future__ import annotations

import json

import pytest
from flask_babel import gettext

from app.core.word import read_docx
from app.drafts import queries as texts
from app.policy import Office
from app.proposals import queries, services
from app.web import viewer
from tests.proposals.conftest import WORDS, Table
from tests.support.clients import Browser

BRIDGE = WORDS[1].replace("offer", "lend")


def bridged(table: Table) -> None:
    given = {"kind": "replace", "paragraph": "p2", "text": BRIDGE}
    table.do(services.propose, table.chair, table.version, given)


@pytest.mark.parametrize(("locale", "chair"), [("fr", "Présidence"), ("en", "Chair")])
def test_an_office_has_its_name_in_each_language(table: Table, locale: str, chair: str) -> None:
    with table.world.context():
        names = queries.names_in(locale)
        assert names["chair"] == chair
        assert set(Office) <= set(names)


def test_the_brackets_and_the_word_file_name_the_chair_in_the_readers_language(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    bridged(table)
    monkeypatch.setattr(viewer, "_", lambda words, **said: f"{gettext(words, **said)} (translated)")
    reader = Browser(table.world.app)
    page = reader.get(f"/drafts/{table.draft}/v/1/bracketed").text
    assert "Chair (translated)" in page
    found = read_docx(reader.get(f"/drafts/{table.draft}/v/1/bracketed.docx").data)
    assert {change.author for change in found.paragraphs[1].changes} == {"Chair (translated)"}


def test_who_stands_behind_a_text_of_the_chair_is_named_with_it(table: Table) -> None:
    """Who co-sponsors it, and whose own proposal went into it: in the brackets, on the page and in the file."""
    bridged(table)
    with table.world.context():
        (bridge,) = queries.proposals_on(table.chair, texts.get_version(table.chair, table.version))
        id_ = bridge.id
    table.do(services.cosponsor, table.as_("BRA"), id_)
    table.do(services.merge, table.chair, table.propose("KEN", BRIDGE.replace("upon", "on")), id_)
    reader = Browser(table.world.app)
    compiled = reader.api("GET", f"/versions/{table.version}/compilation").json
    assert "[offer | lend – Chair; Bra; Ken]" in compiled["paragraphs"][1]["printed"]
    said = json.loads(reader.get(f"/api/v1/versions/{table.version}.json").text)["proposals"][0]
    assert [one["name"] for one in said["sponsors"]] == ["Chair", "Bra", "Ken"]
