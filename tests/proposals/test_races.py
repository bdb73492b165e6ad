"""Acts on proposals while the chair issues: each comes before the issue or after it, and none is half undone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from app.drafts import queries as texts
from app.errors import Closed, Conflict, DomainError
from app.extensions import db
from app.proposals import carrying, queries, services
from app.proposals.models import ProposalRow
from app.record.cli import faults_of
from tests.proposals.conftest import WORDS, Table

pytestmark = pytest.mark.database
PROVIDE = WORDS[1].replace("offer", "provide")
INCIDENT = WORDS[1].replace("cyberattack", "ICT incident")
HEAD_START = 0.4
"""Seconds that the issue stands still, once it has read the proposals, for the other act to come in between."""


@pytest.fixture
def meanwhile(table: Table, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], Any]:
    """Does something in the middle of an issue, and gives what came of it: an answer, or the refusal."""

    def run(act: Callable[[], Any]) -> Any:
        reading, became = threading.Event(), carrying._became
        found: list[Any] = []

        def slow(*arguments: Any) -> Any:
            reading.set()
            other.join(HEAD_START)
            return became(*arguments)

        def go() -> None:
            reading.wait(20)
            try:
                found.append(act())
            except DomainError as refused:
                found.append(refused)

        other = threading.Thread(target=go)
        other.start()
        monkeypatch.setattr(carrying, "_became", slow)
        table.issue()
        other.join(20)
        monkeypatch.setattr(carrying, "_became", became)
        return found[0]

    return run


def on_newest(table: Table, id_: str) -> bool:
    with table.world.context():
        newest = texts.draft_line(table.chair, table.draft).newest
        return db.session.get_one(ProposalRow, id_).base_id == newest.id


@pytest.mark.parametrize("draft", [True, False])
def test_what_is_written_while_the_chair_issues_stands_on_the_new_version(table: Table, meanwhile, draft: bool) -> None:
    table.as_("KEN")
    id_ = meanwhile(lambda: table.propose("KEN", PROVIDE, draft=draft))
    assert on_newest(table, id_)


def test_what_is_released_while_the_chair_issues_stands_on_the_new_version(table: Table, meanwhile) -> None:
    ken = table.as_("KEN")
    id_ = table.propose("KEN", PROVIDE, draft=True)
    meanwhile(lambda: table.do(services.release, ken, id_))
    assert (on_newest(table, id_), table.read(id_).state) == (True, "live")


def test_a_draft_that_was_left_behind_is_brought_up_when_it_is_released(table: Table) -> None:
    id_ = table.propose("KEN", PROVIDE, draft=True)
    table.issue()
    with table.world.context():
        row = db.session.get_one(ProposalRow, id_)
        row.base_id = row.anchor_id = table.version
        db.session.commit()
    table.do(services.release, table.as_("KEN"), id_)
    assert on_newest(table, id_)
    with table.world.context():
        newest = texts.draft_line(table.chair, table.draft).newest
        assert id_ in [row.id for row in queries.live_on(table.chair, newest)]


def test_a_revision_while_the_chair_issues_is_kept_or_refused(table: Table, meanwhile) -> None:
    ken = table.as_("KEN")
    id_ = table.propose("KEN", PROVIDE)
    came = meanwhile(lambda: table.do(services.revise, ken, id_, {"text": INCIDENT}, 1))
    assert isinstance(came, Conflict) == (table.read(id_).text == PROVIDE)
    assert [wording.revision for wording in table.read(id_).wordings] == [1, 2]


def test_a_withdrawal_while_the_chair_issues_is_kept_or_refused(table: Table, meanwhile) -> None:
    ken = table.as_("KEN")
    id_ = table.propose("KEN", PROVIDE)
    table.do(services.plan, table.chair, id_, "not_reflected", "No room for it.")
    came = meanwhile(lambda: table.do(services.withdraw, ken, id_))
    assert table.read(id_).state == ("not_reflected" if isinstance(came, Closed) else "withdrawn")
    with table.world.context():
        assert faults_of(f"proposals:{table.draft}") == []
