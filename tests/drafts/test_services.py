"""Texts through their commands: in, worked on, issued, compared; and frozen for ever once issued."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.core.text import Kind, Paragraph, ParagraphId
from app.drafts import queries, services
from app.drafts.freezing import FrozenError
from app.drafts.models import VersionParagraph
from app.errors import Closed, Conflict, Invalid, NotFound, TooLarge
from app.extensions import db
from app.record.cli import faults_of
from tests.support.builders import World
from tests.support.clients import Browser
from tests.support.queries import count_queries

pytestmark = pytest.mark.database


_number = itertools.count()


class Desk:
    """A chair at the working copy of a small draft."""

    def __init__(self, world: World, *texts: str, slug: str = "group") -> None:
        self.world = world
        self.group = world.group(slug, members=("KEN",))
        self.chair = world.actor(world.chair_of(self.group))
        paragraphs = [
            Paragraph(ParagraphId(f"p{n}"), Kind.OPERATIVE, 0, words)
            for n, words in enumerate(texts or ("Calls upon States;", "Invites States;", "Decides."), 1)
        ]
        with world.context():
            draft, working = services.create_draft(self.chair, self.group, "A text", "resolution", paragraphs)
        self.draft, self.working = draft.id, working.id

    def rows(self) -> list[tuple[str, str, str]]:
        with self.world.context():
            return [(row.wid, row.label, row.text) for row in queries.version_paragraphs(self.working)]

    def labels(self) -> list[str]:
        return [label for _wid, label, _text in self.rows()]

    def do(self, verb, *arguments, **more):
        with self.world.context():
            return verb(self.chair, self.working, *arguments, **more)

    def issue(self, **more):
        with self.world.context():
            return services.issue_version(self.chair, self.draft, **more)


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


def test_a_paragraph_inserted_gets_bis_until_the_issue(desk: Desk) -> None:
    bis = desk.do(services.insert_paragraph, "p1", "Urges States;")
    desk.do(services.insert_paragraph, bis.wid, "Stresses;")
    desk.do(services.insert_paragraph, "p2", "Requests States;", relation="alternative_to")
    assert desk.labels() == ["OP1", "OP1 bis", "OP1 ter", "OP2", "OP2 alt", "OP3"]
    desk.issue()
    assert desk.labels() == ["OP1", "OP2", "OP3", "OP4", "OP4 alt", "OP5"]


def test_a_deleted_paragraph_keeps_its_slot_until_the_issue(desk: Desk) -> None:
    desk.do(services.delete_paragraph, "p2")
    assert desk.labels() == ["OP1", "OP2", "OP3"]
    desk.do(services.restore_paragraph, "p2")
    desk.do(services.delete_paragraph, "p1")
    version = desk.issue()
    with desk.world.context():
        assert [(r.wid, r.label) for r in queries.version_paragraphs(version.id)] == [("p2", "OP1"), ("p3", "OP2")]


def test_a_stale_edit_gets_both_texts_and_loses_nothing(desk: Desk) -> None:
    desk.do(services.edit_paragraph, "p1", "First to save;", 1)
    with pytest.raises(Conflict) as stale:
        desk.do(services.edit_paragraph, "p1", "Second to save;", 1)
    assert stale.value.status == 412
    assert stale.value.extra == {"yours": "Second to save;", "theirs": "First to save;", "revision": 2}
    desk.do(services.edit_paragraph, "p1", "Second to save;", 2)
    assert desk.rows()[0][2] == "Second to save;"


def test_the_stale_page_shows_both_texts(desk: Desk) -> None:
    browser = Browser(desk.world.app, desk.world.chair_of(desk.group))
    address = f"/drafts/{desk.draft}/desk/p1"
    assert browser.post(address, {"text": "First to save;", "revision": "1"}).status_code == 302
    stale = browser.post(address, {"text": "Second to save;", "revision": "1"})
    assert stale.status_code == 412
    assert "First to save;" in stale.text
    assert "Second to save;" in stale.text


def test_versions_are_called_in_their_order(desk: Desk) -> None:
    assert [desk.issue().label for _ in range(3)] == ["Zero draft", "Rev.1", "Rev.2"]
    with pytest.raises(Conflict):
        desk.issue(label="Rev.1")


def test_an_issued_version_takes_no_edit(desk: Desk) -> None:
    version = desk.issue()
    with desk.world.context(), pytest.raises(Closed):
        services.edit_paragraph(desk.chair, version.id, "p1", "Changed;", 1)


def test_no_code_can_change_what_was_issued(desk: Desk) -> None:
    version = desk.issue()
    with desk.world.context():
        row = db.session.query(VersionParagraph).filter_by(version_id=version.id).first()
        row.text = "Changed behind the back;"
        with pytest.raises(FrozenError):
            db.session.flush()
        db.session.rollback()
        db.session.delete(db.session.query(VersionParagraph).filter_by(version_id=version.id).first())
        with pytest.raises(FrozenError):
            db.session.flush()
        db.session.rollback()


@pytest.mark.parametrize(
    "alteration",
    [
        "UPDATE version_paragraph SET text = replace(text, 'Calls', 'Falls') WHERE version_id = {}",
        "UPDATE version_paragraph SET label = 'OP9' WHERE version_id = {} AND wid = 'p1'",
        "DELETE FROM version_paragraph WHERE version_id = {} AND wid = 'p2'",
        "UPDATE version SET label = 'Rev.7' WHERE id = {}",
    ],
)
def test_an_altered_version_shows(desk: Desk, alteration: str) -> None:
    version = desk.issue()
    with desk.world.context():
        channel = f"draft:{desk.draft}"
        assert faults_of(channel) == []
        db.session.execute(text(alteration.format(version.id)))
        db.session.commit()
        assert faults_of(channel)


def test_an_issued_version_is_read_once_and_anew_after_a_rollback(desk: Desk) -> None:
    version = desk.issue()

    def reads(statements: list[str]) -> int:
        return sum("FROM version_paragraph" in statement for statement in statements)

    with desk.world.context():
        held = queries.version_by_id(version.id)
        with count_queries(desk.world.app) as statements:
            first = [row.text for row in queries.version_paragraphs(held.id)]
            assert [row.text for row in queries.version_paragraphs(held.id)] == first
        assert reads(statements) == 1
        db.session.rollback()  # all rows are stale now: read again together, and not one by one
        with count_queries(desk.world.app) as statements:
            assert [row.text for row in queries.version_paragraphs(held.id)] == first
        assert reads(statements) == 1 < len(first)


def test_the_working_copy_is_nobody_elses(desk: Desk) -> None:
    kenya = desk.world.actor(desk.world.user(party="KEN"))
    with desk.world.context():
        for act in (
            lambda: queries.get_version(kenya, desk.working),
            lambda: queries.draft_line(kenya, desk.draft),
        ):
            with pytest.raises(NotFound):
                act()


UNFIT = [("", Invalid), ("  \n ", Invalid), ("a\x00b", Invalid), ("x" * 100_001, TooLarge), (7, Invalid)]


@pytest.mark.parametrize(("words", "error"), UNFIT)
def test_words_that_cannot_be_kept_are_refused(desk: Desk, words: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        desk.do(services.edit_paragraph, "p1", words, 1)
    assert desk.rows()[0][2] == "Calls upon States;"


@pytest.mark.parametrize("letter", ["a\x00b", "a\ud800b", "a\u202eb"])
def test_a_covering_note_that_breaks_or_deceives_is_refused_and_nothing_is_issued(desk: Desk, letter: str) -> None:
    with pytest.raises(Invalid) as refused:
        desk.issue(letter=letter)
    assert refused.value.field == "letter"
    with desk.world.context():
        assert queries.draft_line(desk.chair, desk.draft).newest is None


def test_a_covering_note_is_kept_clean(desk: Desk) -> None:
    assert desk.issue(letter=" Dear\u200b colleagues,\r\n\r\nthe text. \n").letter == "Dear colleagues,\n\nthe text."


def test_a_comparison_finds_what_moved_changed_came_and_went(desk: Desk) -> None:
    desk.issue()
    desk.do(services.edit_paragraph, "p1", "Urges States;", 1)
    desk.do(services.move_paragraph, "p3", None)
    desk.do(services.delete_paragraph, "p2")
    desk.do(services.insert_paragraph, "p1", "Requests States;")
    desk.issue()
    with desk.world.context():
        pair = queries.compare_versions(desk.chair, desk.draft)
        summary = pair.comparison.summary
        assert (summary.changed, summary.new, summary.deleted, summary.moved, summary.same) == (1, 1, 1, 1, 0)
        concordance = dict(queries.concordance(pair))
        assert concordance["OP2"] is None
        assert {old for old, _new in queries.concordance(pair) if old} == {"OP1", "OP2", "OP3"}


def test_pages_cost_the_same_for_few_paragraphs_and_for_many(world: World) -> None:
    costs = []
    for number, size in enumerate((3, 60)):
        group = world.group(f"group-{number}", members=("KEN",))
        first = world.version(group, *[f"Calls upon States {n};" for n in range(size)])
        browser = Browser(world.app)
        with count_queries(world.app) as counted:
            assert browser.get(f"/drafts/{first.draft_id}/v/1").status_code == 200
            assert browser.get(f"/drafts/{first.draft_id}/compare").status_code == 200
        costs.append(len(counted))
    assert costs[0] == costs[1]


verbs = st.sampled_from(["edit", "insert", "alt", "delete", "move", "issue"])
acts = st.lists(st.tuples(verbs, st.integers(0, 30), st.integers(0, 30)), max_size=14)


@given(acts=acts)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_a_chair_does_labels_stay_unique_and_versions_hold(world: World, acts: list) -> None:
    desk = Desk(world, slug=f"group-{next(_number)}")
    for act, one, two in acts:
        with world.context():
            rows = queries.version_paragraphs(desk.working)
            first, second = rows[one % len(rows)], rows[two % len(rows)]
            wid, other, revision, deleted = first.wid, second.wid, first.revision, first.deleted
        if act == "edit" and not deleted:
            desk.do(services.edit_paragraph, wid, f"Words {one} {two};", revision)
        elif act == "insert":
            desk.do(services.insert_paragraph, wid, "Inserted;")
        elif act == "alt":
            desk.do(services.insert_paragraph, wid, "Alternative;", relation="alternative_to")
        elif act == "delete" and len(rows) > 2:
            desk.do(services.delete_paragraph, wid)
        elif act == "move":
            desk.do(services.move_paragraph, wid, other)
        elif act == "issue" and any(not row.deleted for row in rows):
            desk.issue()
        labels = desk.labels()
        assert len(set(labels)) == len(labels)
    with world.context():
        assert faults_of(f"draft:{desk.draft}") == [] or not queries.draft_line(desk.chair, desk.draft).versions
