"""What a delegation wrote before it released a proposal: on no page, in no view of any version, for nobody else."""

from __future__ import annotations

import pytest

from app.drafts import queries as texts
from app.policy import PUBLIC, DelegationRole
from app.proposals import queries, services
from app.proposals.models import ProposalRow
from app.proposals.views import was_released
from app.record import as_of
from tests.proposals.conftest import WORDS, Table
from tests.support.builders import NOW
from tests.support.clients import Browser

pytestmark = pytest.mark.database
RED_LINE = WORDS[1].replace("offer", "REDLINE")
PROVIDE = WORDS[1].replace("offer", "provide")


@pytest.fixture
def released(table: Table) -> str:
    """Written on the first version, carried to the second in silence, reworded there, and then released."""
    expert = table.as_("KEN", DelegationRole.EXPERT)
    id_ = table.propose("KEN", RED_LINE, draft=True)
    table.edit("p1", WORDS[0].replace("two", "three"))
    table.issue()
    table.do(services.revise, expert, id_, {"text": PROVIDE}, 2)
    table.do(services.release, table.as_("KEN"), id_)
    return id_


def test_the_page_shows_others_only_what_was_released(table: Table, released: str) -> None:
    expert = table.as_("KEN", DelegationRole.EXPERT)
    for other in (Browser(table.world.app), Browser(table.world.app, table.world.user(party="BRA"))):
        page = other.get(f"/proposals/{released}").text
        assert "provide" in page
        assert "REDLINE" not in page
        assert expert.name not in page
    own = Browser(table.world.app, table.world.user(party="KEN")).get(f"/proposals/{released}").text
    assert "REDLINE" in own
    assert expert.name in own


@pytest.mark.parametrize(
    "address",
    [
        "/drafts/{draft}/v/{number}/bracketed",
        "/drafts/{draft}/v/{number}/p/p2/proposals",
        "/drafts/{draft}/v/{number}.json?view=compilation",
        "/drafts/{draft}/v/{number}.md?view=compilation",
        "/api/v1/versions/{version}/proposals",
        "/api/v1/versions/{version}/compilation",
    ],
)
def test_no_version_shows_it(table: Table, released: str, address: str) -> None:
    """Not the one on which it was written either, where it would stand with its first words."""
    reader = Browser(table.world.app)
    with table.world.context():
        versions = [(v.number, v.id) for v in texts.draft_line(PUBLIC, table.draft).versions]
    pages = [reader.get(address.format(draft=table.draft, number=n, version=id_)) for n, id_ in versions]
    assert {page.status_code for page in pages} == {200}
    assert ["provide" in page.text for page in pages] == [False, True]
    assert "REDLINE" not in "".join(page.text for page in pages)


def test_what_was_made_on_an_older_version_was_seen_there(table: Table) -> None:
    table.issue()
    id_ = table.propose("KEN", PROVIDE)
    with table.world.context():
        first = texts.get_version(table.chair, table.version)
        assert [row.id for row in queries.proposals_on(PUBLIC, first)] == [id_]


def test_a_whole_life_in_one_moment_tells_its_drafts_apart(table: Table) -> None:
    """As in a history that is loaded; and when a release that waited took its moment before the last revision."""
    ken = table.as_("KEN")
    with as_of(NOW):
        id_ = table.propose("KEN", RED_LINE, draft=True)
        table.do(services.revise, ken, id_, {"text": PROVIDE}, 1)
        table.do(services.release, ken, id_)
    table.issue()
    with table.world.context():
        row = queries.get_proposal(PUBLIC, id_)
        assert isinstance(row, ProposalRow)
        assert [was_released(row, wording) for wording in row.wordings] == [False, True, True]


def test_whom_the_lead_asks_to_sponsor_is_known_to_those_alone(table: Table) -> None:
    id_ = table.propose("KEN", PROVIDE, invited=["NOR", "FJI"])
    seen = {
        code: Browser(table.world.app, table.world.user(party=code)).api("GET", f"/proposals/{id_}").json["invited"]
        for code in ("KEN", "NOR", "BRA")
    }
    assert seen == {"KEN": ["NOR", "FJI"], "NOR": ["NOR"], "BRA": []}
    assert Browser(table.world.app).api("GET", f"/proposals/{id_}").json["invited"] == []
