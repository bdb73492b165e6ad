"""A compilation that is kept and brought up to date is the one that would be made of everything anew."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from app.core.text import Compilation, compiling
from app.drafts import queries as texts
from app.proposals import queries, services
from tests.proposals.conftest import WORDS, Table

pytestmark = pytest.mark.database

MANY = "Invites States to offer much assistance, upon request, to a State affected by a cyberattack;"


def compiled(table: Table, version: int, *, anew: bool = False) -> queries.Compiled:
    with table.world.context():
        if anew:
            queries._kept.clear()
        return queries.compiled(table.chair, texts.get_version(table.chair, version))


def check(table: Table, *versions: int) -> Compilation:
    """Reads the kept compilations, then makes them of everything: they agree. Returns the first."""
    kept = [compiled(table, version) for version in versions]
    for version, found in zip(versions, kept, strict=True):
        anew = compiled(table, version, anew=True)
        assert found.compilation == anew.compilation
        assert found.proposals == anew.proposals
    return kept[0].compilation


def names_in(compilation: Compilation) -> str:
    return repr([(p.runs, p.whole) for p in compilation])


def test_whatever_happens_to_a_proposal_it_stands_in_the_kept_text_as_in_a_new_one(table: Table) -> None:
    first = table.propose("KEN", MANY)
    other = table.propose("BRA", MANY.replace("much", "more"), paragraph="p1")
    check(table, table.version)
    third = table.propose("CHE", "New words for all;", kind="new_paragraph")
    assert "New words" in repr(check(table, table.version))
    steps: list[tuple[Callable[..., Any], str, tuple[Any, ...], dict[str, Any]]] = [
        (services.revise, "KEN", (first, {"text": MANY + " and so on;"}, 1), {}),
        (services.cosponsor, "NOR", (first,), {}),
        (services.take_position, "FJI", (first, "oppose"), {}),
        (services.take_position, "FJI", (first, None), {}),
        (services.cosponsor, "NOR", (first,), {"join": False}),
        (services.withdraw, "BRA", (other,), {}),
        (services.readopt, "FJI", (other,), {}),
    ]
    seen = []
    for verb, who, arguments, more in steps:
        table.do(verb, table.as_(who), *arguments, **more)
        seen.append(names_in(check(table, table.version)))
    assert all(before != after for before, after in pairwise(seen))
    twin = table.propose("BRA", MANY.replace("much", "some"))
    check(table, table.version)
    table.do(services.merge, table.chair, twin, first)
    assert "Bra" in names_in(check(table, table.version))
    table.do(services.decide, table.chair, third, "reflected")
    check(table, table.version)
    table.edit("p2", WORDS[1].replace("Invites", "Encourages"))
    newer = table.issue()
    check(table, table.version, newer)


def test_after_a_change_only_the_proposals_that_it_names_are_read_and_only_their_paragraphs_woven(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [table.propose("KEN", f"Other words {n};", paragraph=f"p{n}") for n in (1, 2, 3)]
    compiled(table, table.version, anew=True)
    read: list[str] = []
    woven: list[str] = []
    as_proposal, weave = queries.as_proposal, compiling.woven
    monkeypatch.setattr(queries, "as_proposal", lambda row, *more: read.append(row.id) or as_proposal(row, *more))
    monkeypatch.setattr(compiling, "woven", lambda base, *more: woven.append(base) or weave(base, *more))
    compiled(table, table.version)
    assert (read, woven) == ([], [])
    table.do(services.take_position, table.as_("BRA"), ids[1], "support")
    compiled(table, table.version)
    assert (read, woven) == ([ids[1]], [WORDS[1]])


def test_many_changes_at_once_are_read_as_a_whole(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "READ_AGAIN", 1)
    compiled(table, table.version, anew=True)
    for n in (1, 2, 3):
        table.propose("KEN", f"Other words {n};", paragraph=f"p{n}")
    assert [len(p.proposals) for p in check(table, table.version)] == [1, 1, 1]


def test_what_was_kept_of_another_record_is_not_brought_up_to_date(table: Table) -> None:
    table.propose("KEN", MANY)
    with table.world.context():
        now = queries._heads(table.draft)
        (channel, (seq, _hash)) = next(iter(now.items()))
        assert queries._changed({}, now)
        assert queries._changed(now, now) == set()
        for before in ({channel: (seq, "f" * 64)}, {channel: (seq - 1, "f" * 64)}, {channel: (seq + 5, "f" * 64)}):
            assert queries._changed(before, now) is None
        assert queries._changed(now | {"proposals:9": (1, "f" * 64)}, now) is None
