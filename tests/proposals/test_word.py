"""Word files over the pages: out with tracked changes, in as proposals of a delegation after a look at each."""

from __future__ import annotations

import io

import pytest

from app.core.text import Kind
from app.core.word import NOTICE, WordDocument, WordParagraph, WordRun, read_docx, write_docx
from app.drafts import queries as texts
from app.proposals import queries
from tests.proposals.conftest import WORDS, Table
from tests.support.clients import Browser

pytestmark = pytest.mark.database
PROVIDE = WORDS[1].replace("offer", "provide")


def download(browser: Browser, path: str):
    answer = browser.get(path)
    assert answer.status_code == 200
    assert answer.headers["X-Platform-Id"].startswith("CHP-")
    return read_docx(answer.data)


def test_a_version_comes_out_clean(table: Table) -> None:
    found = download(Browser(table.world.app), f"/drafts/{table.draft}/v/1.docx")
    assert [p.text_after for p in found.paragraphs] == list(WORDS)
    assert all(not p.changes for p in found.paragraphs)


def test_the_compilation_comes_out_tracked_by_delegation(table: Table) -> None:
    table.propose("KEN", PROVIDE)
    table.propose("CHE", kind="suppress", paragraph="p1")
    found = download(Browser(table.world.app), f"/drafts/{table.draft}/v/1/bracketed.docx")
    assert [p.text_before for p in found.paragraphs] == list(WORDS)
    assert {change.author for change in found.paragraphs[1].changes} == {"Ken"}
    assert "Che" in {change.author for change in found.paragraphs[0].changes}


def test_a_draft_of_a_delegation_is_in_nobodys_file(table: Table) -> None:
    table.propose("KEN", PROVIDE, draft=True)
    found = download(
        Browser(table.world.app, table.world.chair_of(table.group)), f"/drafts/{table.draft}/v/1/bracketed.docx"
    )
    assert all(not p.changes for p in found.paragraphs)


def test_a_comparison_comes_out_tracked(table: Table) -> None:
    table.edit("p2", PROVIDE)
    table.issue()
    found = download(Browser(table.world.app), f"/drafts/{table.draft}/compare.docx")
    assert (found.paragraphs[1].text_before, found.paragraphs[1].text_after) == (WORDS[1], PROVIDE)


def tracked() -> bytes:
    """A file as a capital sends it: one paragraph reworded, one deleted, one new."""
    start, end = WORDS[1].split("offer")
    runs = (WordRun(start), WordRun("offer", "delete", "K"), WordRun("provide", "insert", "K"), WordRun(end))
    from app.core.word import Author

    paragraphs = (
        WordParagraph(Kind.OPERATIVE, 0, "OP1", (WordRun(WORDS[0]),), removed_by=Author("K")),
        WordParagraph(Kind.OPERATIVE, 0, "OP2", runs),
        WordParagraph(Kind.OPERATIVE, 0, "", (WordRun("Requests a report;"),), added_by=Author("K")),
        WordParagraph(Kind.OPERATIVE, 0, "OP3", (WordRun(WORDS[2]),)),
    )
    return write_docx(WordDocument("A text", "CHP-1", "Zero draft", NOTICE, paragraphs))


def test_tracked_changes_come_in_as_drafts_after_a_look(table: Table) -> None:
    kenya = Browser(table.world.app, table.world.user(party="KEN"))
    path = f"/drafts/{table.draft}/v/1/word"
    page = kenya.post(path, {"way": "read", "file": (io.BytesIO(tracked()), "from-capital.docx")})
    assert page.status_code == 200
    assert page.text.count('name="take"') == 3
    assert table.propose("BRA", PROVIDE)  # nothing is kept yet
    with table.world.context():
        assert queries.proposals_of(table.as_("KEN"), draft_id=table.draft) == []
    form = {
        "way": "keep",
        "take": ["1", "2"],
        "kind-1": "replace",
        "paragraph-1": "p2",
        "text-1": PROVIDE,
        "why-1": "From capital.",
        "kind-2": "new_paragraph",
        "paragraph-2": "p2",
        "text-2": "Requests a report;",
    }
    assert kenya.post(path, form).status_code == 302
    with table.world.context():
        rows = queries.proposals_of(table.as_("KEN"), draft_id=table.draft)
        assert {(row.kind, row.state, row.rationale) for row in rows} == {
            ("replace", "draft", "From capital."),
            ("new_paragraph", "draft", ""),
        }
        version = texts.get_version(table.chair, table.version)
        assert len(queries.proposals_on(table.chair, version)) == 1


def test_a_file_of_an_earlier_version_asks_for_nothing_that_the_chair_has_changed_since(table: Table) -> None:
    kenya = Browser(table.world.app, table.world.user(party="KEN"))
    files = [
        kenya.get(f"/drafts/{table.draft}/v/1{name}").data for name in (".docx", "/bracketed.docx", "/comments.docx")
    ]
    table.edit("p2", PROVIDE)
    table.issue()
    for data in files:
        page = kenya.post(f"/drafts/{table.draft}/v/2/word", {"way": "read", "file": (io.BytesIO(data), "old.docx")})
        assert page.status_code == 200
        assert page.text.count('name="take"') == 0
        assert f'action="/drafts/{table.draft}/v/1/word"' in page.text
    both = kenya.get(f"/drafts/{table.draft}/compare.docx").data
    page = kenya.post(f"/drafts/{table.draft}/v/2/word", {"way": "read", "file": (io.BytesIO(both), "both.docx")})
    assert f'action="/drafts/{table.draft}/v/2/word"' in page.text


def test_what_is_no_word_file_is_refused_with_what_to_do(table: Table) -> None:
    kenya = Browser(table.world.app, table.world.user(party="KEN"))
    for content in (b"not a file", b"PK\x03\x04 broken"):
        page = kenya.post(f"/drafts/{table.draft}/v/1/word", {"way": "read", "file": (io.BytesIO(content), "x.docx")})
        assert page.status_code == 422
        assert "This Word file is not read" in page.text


def test_a_word_file_comes_in_as_a_text(table: Table) -> None:
    chair = Browser(table.world.app, table.world.chair_of(table.group))
    clean = Browser(table.world.app).get(f"/drafts/{table.draft}/v/1.docx").data
    form = {"title": "From Word", "format": "text", "source": "", "file": (io.BytesIO(clean), "text.docx")}
    answer = chair.post(f"/groups/{table.group.slug}/drafts/new", form)
    assert answer.status_code == 302
    with table.world.context():
        line = next(line for line in texts.texts(table.chair) if line.draft.title == "From Word")
        there = [row.text for row in texts.version_paragraphs(line.working.id)]
    assert there == list(WORDS)
