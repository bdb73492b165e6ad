"""Acceptance scenarios of the domain brief: 1, a zero draft, thirty proposals, Rev.1; 11, a draft in the capital."""

from __future__ import annotations

import pytest

from app.core.rules import proposals as rules
from app.core.text import ParagraphId
from app.drafts import queries as texts
from app.errors import Forbidden, NotFound
from app.policy import DelegationRole, Office
from app.proposals import desk, queries, reading, services
from app.record import events_after
from tests.proposals.conftest import Table
from tests.support.builders import World
from tests.support.clients import Browser

pytestmark = pytest.mark.database
SEC = Office.SECRETARIAT
SIZE = 40


def test_each_sponsor_of_thirty_proposals_is_told_what_became_of_it(world: World) -> None:
    table = Table(
        world, *[f"Encourages States to consider measure number {n} on a voluntary basis;" for n in range(SIZE)]
    )
    for coordinator, code, name in (("BRA", "g77", "G77 and China"), ("NOR", "eu", "European Union")):
        world.speaks_for(coordinator, code, name)
    filed: dict[str, list[str]] = {"KEN": [], "BRA": [], "NOR": []}
    for n in range(10):
        words = f"Encourages States to consider measure number {n} on a voluntary basis;"
        filed["KEN"].append(table.propose("KEN", words.replace("Encourages", "Urges"), paragraph=f"p{n + 1}"))
        filed["BRA"].append(
            table.propose("BRA", words.replace(" on a voluntary basis", ""), paragraph=f"p{n + 1}", on_behalf_of="g77")
        )
        filed["NOR"].append(
            table.propose(
                "NOR", f"Invites States to report on measure {n};", paragraph=f"p{n + 1}", kind="new_paragraph"
            )
        )
    for id_ in (*filed["KEN"][:6], *filed["NOR"][:5]):
        table.do(desk.take, table.chair, id_)
    reasons = {id_: {"fate": "not_reflected", "reason": "No agreement yet."} for id_ in filed["BRA"][:7]}
    second = table.issue(fates=reasons)

    for code, wanted in (("KEN", {"reflected": 6, "live": 4}), ("NOR", {"reflected": 5, "live": 5})):
        assert _fates(table, code) == wanted
    assert _fates(table, "BRA") == {"not_reflected": 7, "live": 3}
    with table.world.context():
        told = queries.proposals_of(table.as_("BRA"), draft_id=table.draft)
        assert {row.fate_reason for row in told if row.state == rules.State.NOT_REFLECTED} == {"No agreement yet."}
        assert {row.verdict for row in told if row.state == rules.State.LIVE} == {"clean"}
        pair = texts.compare_versions(table.chair, table.draft, table.version, second)
        found = reading.concordance_of(pair)
        old = [label for item in found for label in item.old_labels]
        new = [label for item in found for label in item.new_labels]
        assert sorted(old) == sorted(row.label for row in pair.old_rows.values())
        assert sorted(new) == sorted(row.label for row in pair.new_rows.values())
        words = reading.provenance_of(table.chair, texts.get_version(table.chair, second), "en")
        assert [s.by for s in words[ParagraphId("p1")] if s.by] == [("Ken",)]


def _fates(table: Table, code: str) -> dict[str, int]:
    with table.world.context():
        rows = queries.proposals_of(table.as_(code), draft_id=table.draft)
        states = [row.state for row in rows]
    return {state: states.count(state) for state in sorted(set(states), reverse=True)}


def test_scenario_11_what_a_capital_drafts_reaches_nobody_before_the_head_releases_it(world: World) -> None:
    """An expert sits in the capital; the head of the delegation releases the words in its name."""
    table = Table(world)
    drafter, head = table.as_("NOR", DelegationRole.EXPERT), table.as_("NOR", DelegationRole.HEAD)
    words = "Invites States to offer assistance without delay, upon request, to a State affected by an incident;"
    given = {"kind": "replace", "paragraph": "p2", "text": words, "rationale": "Instructions of the capital."}
    with world.context():
        id_ = services.propose(drafter, table.version, given, draft=True).id
        with pytest.raises(Forbidden):
            services.release(drafter, id_)

    everybody_else = [table.chair, table.as_("KEN", DelegationRole.HEAD), world.actor(world.officer(table.group, SEC))]
    for other in everybody_else:
        with pytest.raises(NotFound):
            table.read(id_, other)
    chair = Browser(world.app, world.chair_of(table.group))
    before = {path: chair.get(path).text for path in _paths(table)}
    assert all("without delay" not in text for text in before.values())

    with world.context():
        services.release(head, id_)
    released = table.read(id_)
    assert released.state == rules.State.LIVE
    assert "without delay" in chair.get(f"/proposals/{id_}").text
    with world.context():
        event = [e.as_dict() for e in events_after(f"proposals:{table.draft}", 0)][-1]
    assert event["actor"]["user"] == str(head.user_id)
    assert event["actor"]["delegation"] == "NOR"


def _paths(table: Table) -> list[str]:
    base = f"/drafts/{table.draft}/v/1"
    desk_page = f"/drafts/{table.draft}/desk/proposals"
    api = f"/api/v1/versions/{table.version}"
    return [base, f"{base}/bracketed", desk_page, "/search?q=delay", f"{api}/proposals", f"{api}/compilation"]
