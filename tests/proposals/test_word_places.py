"""A Word file that kept no identities of paragraphs: nothing in it is lost, and nothing is put where it is not."""

from __future__ import annotations

import io

import pytest

from app.core.text import Kind
from app.core.word import (
    NOTICE,
    Author,
    Spoken,
    WordComment,
    WordDocument,
    WordParagraph,
    WordRun,
    read_docx,
    with_comments,
    write_docx,
)
from app.drafts import queries as texts
from app.proposals import queries, word_in
from app.proposals.word_files import Reading, read_changes
from tests.proposals.conftest import WORDS, Table
from tests.support.builders import World
from tests.support.clients import Browser

pytestmark = pytest.mark.database
PROVIDE = WORDS[1].replace("offer", "provide")
NEW = "A new paragraph at the beginning;"


def paragraph(*runs: WordRun | str, **more) -> WordParagraph:
    """As a foreign Word writes it: without an identity of ours."""
    runs = tuple(WordRun(run) if isinstance(run, str) else run for run in runs)
    return WordParagraph(Kind.OPERATIVE, 0, "", runs, **more)


def written(*paragraphs: WordParagraph | str) -> bytes:
    made = [paragraph(one) if isinstance(one, str) else one for one in paragraphs]
    return write_docx(WordDocument("T", "X", "v", NOTICE, made))


def read(table: Table, *paragraphs: WordParagraph | str) -> Reading:
    with table.world.app.test_request_context():
        return read_changes(read_docx(written(*paragraphs)), texts.version_paragraphs(table.version))


def asks(found: Reading) -> list[tuple[str, str | None, str]]:
    return [(str(ask.kind), ask.paragraph, ask.text) for ask in found.asked]


def commented(text: str, said: str) -> WordParagraph:
    return with_comments(paragraph(text), [Spoken(WordComment("K", None, said), 2, 11)])


# --- Tracked -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "opening",
    [paragraph(WordRun(NEW, "insert", "K")), paragraph(WordRun(NEW, "insert", "K"), added_by=Author("K"))],
)
def test_a_paragraph_before_the_first_one_is_asked_for_there(table: Table, opening: WordParagraph) -> None:
    found = read(table, opening, *WORDS)
    assert asks(found) == [("new_paragraph", None, NEW)]
    assert found.asked[0].label == "At the beginning"


def test_a_new_paragraph_before_the_first_one_is_kept_as_such(table: Table) -> None:
    kenya = Browser(table.world.app, table.world.user(party="KEN"))
    path = f"/drafts/{table.draft}/v/1/word"
    file = written(paragraph(WordRun(NEW, "insert", "K")), *WORDS)
    page = kenya.post(path, {"way": "read", "file": (io.BytesIO(file), "a.docx")}).text
    assert 'name="paragraph-0" value=""' in page
    assert "after it" not in page
    form = {"way": "keep", "take": ["0"], "kind-0": "new_paragraph", "paragraph-0": "", "text-0": " "}
    assert NEW not in kenya.post(path, form).text
    assert 'name="take" value="0"' in kenya.post(path, form).text  # refused, and still on the page
    assert kenya.post(path, form | {"text-0": NEW}).status_code == 302
    with table.world.context():
        [row] = queries.proposals_of(table.as_("KEN"), draft_id=table.draft)
        assert (row.kind, row.paragraph, row.text) == ("new_paragraph", None, NEW)


@pytest.mark.parametrize("which", [0, 2])
def test_of_two_paragraphs_with_the_same_words_each_finds_its_own(world: World, which: int) -> None:
    same, other = "Recalls the Charter;", "Decides to meet;"
    table = Table(world, same, other, same, slug="twins")
    change = paragraph("Recalls the ", WordRun("Charter", "delete", "K"), WordRun("Statute", "insert", "K"), ";")
    file = [same, other, same]
    file[which] = change
    assert asks(read(table, *file)) == [("replace", f"p{which + 1}", "Recalls the Statute;")]
    alone = read(table, other, change)  # only one of the two is in the file: it is the one after the other paragraph
    assert asks(alone) == [("replace", "p3", "Recalls the Statute;")]


def test_words_that_could_be_of_two_paragraphs_are_left_to_a_person(world: World) -> None:
    same = "Recalls the Charter;"
    table = Table(world, same, "Decides to meet;", "Invites States;", same, slug="twins")
    change = paragraph("Recalls the ", WordRun("Charter", "delete", "K"), WordRun("Statute", "insert", "K"), ";")
    found = read(table, change, "Invites States;")
    assert asks(found) == []
    assert found.left == ("Recalls the Statute;",)


def test_a_comment_on_what_the_version_lacks_is_put_on_no_other_paragraph(table: Table) -> None:
    foreign = commented("Wholly unlike anything.", "This is wrong")
    change = paragraph(WordRun(WORDS[2]), removed_by=Author("K"))
    for file in ((foreign, *WORDS[:2], change), (WORDS[0], foreign, WORDS[1], change)):
        found = read(table, *file)
        assert found.said == ()
        assert asks(found) == [("suppress", "p3", "")]
        assert found.left == ("Wholly unlike anything.", "Comment on “olly unli”: This is wrong")


def test_a_comment_on_a_new_paragraph_is_its_reason_and_nothing_on_the_one_before(table: Table) -> None:
    new = with_comments(
        paragraph(WordRun(NEW, "insert", "K"), added_by=Author("K")), [Spoken(WordComment("K", None, "Needed"), 0, 0)]
    )
    found = read(table, WORDS[0], new, *WORDS[1:])
    assert [(ask.paragraph, ask.remarks) for ask in found.asked] == [("p1", ("Needed",))]
    assert found.said == ()


# --- Clean ---------------------------------------------------------------------------------------------------------


def test_a_clean_file_is_compared_paragraph_by_paragraph(table: Table) -> None:
    found = read(table, NEW, WORDS[0], PROVIDE)
    assert asks(found) == [
        ("new_paragraph", None, NEW),
        ("replace", "p2", PROVIDE),
        ("suppress", "p3", ""),
    ]
    assert found.left == ()
    assert "".join(op.text for op in found.asked[1].ops if op.kind != "insert") == WORDS[1]


def test_a_clean_file_without_changes_asks_for_nothing(table: Table) -> None:
    assert read(table, *WORDS) == Reading((), (), (), ())


def test_signs_that_nobody_sees_are_no_change(table: Table) -> None:
    soft = WORDS[1][:5] + "\u00ad\u200f" + WORDS[1][5:]
    found = read(table, WORDS[0], soft, WORDS[2])
    assert (found.asked, found.left) == ((), ())
    assert asks(read(table, WORDS[0], soft + "\u00ad Cafe\u0301", WORDS[2])) == [("replace", "p2", WORDS[1] + " Café")]


def test_what_moved_in_a_clean_file_is_left_to_a_person(table: Table) -> None:
    found = read(table, WORDS[2], WORDS[0], WORDS[1])
    assert found.asked == ()
    assert found.left == ("OP3 stands at another place in the file.",)


def test_a_part_of_a_text_deletes_nothing_of_the_rest(table: Table) -> None:
    found = read(table, PROVIDE)
    assert asks(found) == [("replace", "p2", PROVIDE)]
    assert found.left == ("Most paragraphs of this version are not in the file. No deletion is read from that.",)


def test_an_identity_that_was_copied_with_its_paragraph_is_that_of_the_first(table: Table) -> None:
    data = Browser(table.world.app).get(f"/drafts/{table.draft}/v/1.docx").data
    found = read_docx(data)
    twice = (found.paragraphs[0], *found.paragraphs)
    with table.world.app.test_request_context():
        rows = texts.version_paragraphs(table.version)
        reading = read_changes(type(found)(twice), rows)
    assert asks(reading) == [("new_paragraph", "p1", WORDS[0])]


# --- Much ----------------------------------------------------------------------------------------------------------


def test_more_changes_than_are_kept_at_once_are_said_and_none_is_dropped(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word_in, "LIMIT", 1)
    kenya = Browser(table.world.app, table.world.user(party="KEN"))
    path = f"/drafts/{table.draft}/v/1/word"
    file = written(NEW, WORDS[0], PROVIDE, WORDS[2])
    page = kenya.post(path, {"way": "read", "file": (io.BytesIO(file), "a.docx")}).text
    assert "the first 1 changes" in page
    assert page.count('name="take"') == 2
    assert page.count(" checked") == 1
    form = {"way": "keep", "take": ["0", "1"]}
    for n, (kind, place, text) in enumerate([("new_paragraph", "", NEW), ("replace", "p2", PROVIDE)]):
        form |= {f"kind-{n}": kind, f"paragraph-{n}": place, f"text-{n}": text}
    refused = kenya.post(path, form)
    assert refused.status_code == 413
    assert "At most 1 changes" in refused.text
    assert refused.text.count(" checked") == 2
    with table.world.context():
        assert queries.proposals_of(table.as_("KEN"), draft_id=table.draft) == []
