"""Acceptance scenario 1 of the domain brief: a zero draft, thirty proposals, Rev.1, and everybody is told."""

from __future__ import annotations

import pytest

from app.core.rules import proposals as rules
from app.core.text import ParagraphId
from app.drafts import queries as texts
from app.proposals import desk, queries, reading
from tests.proposals.conftest import Table
from tests.support.builders import World

pytestmark = pytest.mark.database
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
