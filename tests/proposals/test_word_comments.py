"""The comments of a Word file, after a look at them: comments of the delegation on the words, or left out."""

from __future__ import annotations

import io
import re
import uuid
import zipfile

import pytest
from werkzeug.datastructures import MultiDict

from app.core.text import Kind
from app.core.word import NOTICE, WordComment, WordDocument, WordParagraph, WordRun, write_docx
from app.drafts import queries as texts
from app.extensions import db
from app.groups.models import Post
from app.live import services as live
from app.policy import DelegationRole
from app.proposals import queries, services
from tests.proposals.conftest import WORDS, Table
from tests.support.clients import Browser

pytestmark = pytest.mark.database
FIELD = re.compile(
    r'<(?:input type="(?:hidden|checkbox)"|textarea)[^>]*? name="([^"]+)"(?: value="([^"]*)")?[^>]*>([^<]*)'
)


def annotated() -> bytes:
    """A file as a capital sends it: a change with a comment on it, and a comment on words that stay."""
    start, end = WORDS[1].split("offer")
    runs = (
        WordRun(start),
        WordRun("offer", "delete", "K", comments=("c1",)),
        WordRun("provide", "insert", "K", comments=("c1",)),
        WordRun(end),
    )
    head, tail = WORDS[0].split("on a voluntary basis")
    whole = (WordRun(head), WordRun("on a voluntary basis", comments=("c2",)), WordRun(tail))
    paragraphs = (
        WordParagraph(Kind.OPERATIVE, 0, "OP1", whole, (WordComment("N. Wanjiru", None, "Our red line.", "c2"),)),
        WordParagraph(Kind.OPERATIVE, 0, "OP2", runs, (WordComment("Legal", None, "Stronger verb.", "c1"),)),
        WordParagraph(Kind.OPERATIVE, 0, "OP3", (WordRun(WORDS[2]),)),
    )
    return write_docx(WordDocument("A text", "CHP-1", "Zero draft", NOTICE, paragraphs))


class Capital:
    """Kenya sends the file, looks at it, and confirms."""

    def __init__(self, table: Table, role: DelegationRole = DelegationRole.NEGOTIATOR) -> None:
        self.table = table
        self.browser = Browser(table.world.app, table.world.user(party="KEN", role=role))
        self.path = f"/drafts/{table.draft}/v/1/word"
        answer = self.browser.post(self.path, {"way": "read", "file": (io.BytesIO(annotated()), "capital.docx")})
        assert answer.status_code == 200
        self.page = answer.text

    def form(self, **more: str) -> MultiDict[str, str]:
        """The form as the page has it, with every box ticked."""
        found = MultiDict((name, value or text) for name, value, text in FIELD.findall(self.page))
        found.pop("authors", None)
        for name, value in more.items():
            found[name] = value
        return found

    def posts(self) -> list[Post]:
        with self.table.world.context():
            return list(db.session.query(Post).order_by(Post.id))

    def drafts(self) -> list[str]:
        with self.table.world.context():
            return [row.rationale for row in queries.proposals_of(self.table.as_("KEN"), draft_id=self.table.draft)]


def replaced(data: bytes, old: str, new: str) -> bytes:
    """The file as somebody edited it in Word."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w") as made:
        for name in package.namelist():
            part = package.read(name)
            if name == "word/document.xml":
                assert old.encode() in part
                part = part.replace(old.encode(), new.encode())
            made.writestr(name, part)
    return out.getvalue()


def test_what_others_said_is_not_said_again_with_a_file_that_was_fetched_here(table: Table) -> None:
    first = table.propose("CHE", WORDS[1].replace("offer", "provide"))
    table.propose("BRA", kind="suppress", paragraph="p1")
    table.propose("BRA", "Requests a report;", kind="new_paragraph", paragraph="p3")
    table.do(services.take_position, table.as_("FJI"), first, "oppose")
    with table.world.context():
        session = table.world.session(table.group, version=texts.version_by_id(table.version))
        live.comment(table.as_("NOR"), session.id, id=str(uuid.uuid4()), body="Upon *whose* request?", paragraph="p2")
    kenya = Browser(table.world.app, table.world.user(party="KEN"))
    fetched = kenya.get(f"/drafts/{table.draft}/v/1/comments.docx").data
    own = (
        '<w:ins w:id="900" w:author="N. Wanjiru" w:date="2026-11-27T10:00:00Z"><w:r><w:t> as it was</w:t></w:r></w:ins>'
    )
    end = WORDS[2][-10:] + "</w:t></w:r>"
    edited = replaced(fetched, end, end + own)
    for data, changes in ((fetched, 0), (edited, 1)):
        answer = kenya.post(f"/drafts/{table.draft}/v/1/word", {"way": "read", "file": (io.BytesIO(data), "c.docx")})
        assert answer.status_code == 200
        assert (answer.text.count('name="take"'), answer.text.count('name="say"')) == (changes, 0)
        assert "Requests a report;" not in answer.text
    assert "as it was" in answer.text


def test_nothing_is_said_by_looking_and_the_choice_has_no_default(table: Table) -> None:
    capital = Capital(table)
    assert "Our red line." in capital.page
    assert capital.page.count('name="say"') == 2
    assert not re.search(r'name="comments"[^>]*checked', capital.page)
    assert (capital.posts(), capital.drafts()) == ([], [])


def test_the_comments_are_said_in_the_delegations_name_on_their_words(table: Table) -> None:
    capital = Capital(table)
    assert capital.browser.post(capital.path, capital.form(comments="say")).status_code == 302
    first, second = capital.posts()
    assert (first.paragraph, first.version_id, first.actor["delegation"]) == ("p1", table.version, "KEN")
    assert first.body == "> on a voluntary basis\n\nOur red line."
    assert second.paragraph == "p2"
    assert first.thread_id == second.thread_id
    assert capital.drafts() == ["Stronger verb."]
    page = Browser(table.world.app).get(f"/drafts/{table.draft}/v/1/p/p1").text
    assert "Written about it" in page
    assert "Our red line." in page
    assert "Wanjiru" not in page


def test_who_wrote_it_in_word_is_said_only_where_the_person_keeps_it(table: Table) -> None:
    capital = Capital(table)
    capital.browser.post(capital.path, capital.form(comments="say", authors="1"))
    assert [post.body.splitlines()[-1] for post in capital.posts()] == ["Word author: N. Wanjiru", "Word author: Legal"]


def test_what_is_kept_to_themselves_is_read_by_nobody_else(table: Table) -> None:
    capital = Capital(table)
    assert capital.browser.post(capital.path, capital.form(comments="leave")).status_code == 302
    assert capital.posts() == []
    assert capital.drafts() == ["Stronger verb."]


def test_an_expert_says_nothing_in_the_delegations_name(table: Table) -> None:
    capital = Capital(table, DelegationRole.EXPERT)
    assert 'name="comments"' not in capital.page
    assert "Our red line." in capital.page
    form = capital.form(comments="say", **{"say": "0", "on-0": "p1", "said-0": "Words."})
    assert capital.browser.post(capital.path, form).status_code == 403
    assert (capital.posts(), capital.drafts()) == ([], [])


def test_a_refusal_keeps_nothing_and_loses_nothing(table: Table) -> None:
    capital = Capital(table)
    form = capital.form(comments="say", **{"said-1": " ", "why-0": "A reason typed with care."})
    answer = capital.browser.post(capital.path, form)
    assert answer.status_code == 422
    assert "A reason typed with care." in answer.text
    assert "Our red line." in answer.text
    assert (capital.posts(), capital.drafts()) == ([], [])
