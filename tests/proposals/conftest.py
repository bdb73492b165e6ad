"""A table with a text on it: a chair, delegations, and verbs that act as them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pytest

from app.drafts import queries as texts
from app.drafts import services as drafts
from app.policy import Actor, DelegationRole
from app.proposals import queries, services
from app.proposals.models import ProposalRow
from tests.support.builders import World

WORDS = (
    "Encourages States, on a voluntary basis, to report every two years;",
    "Invites States to offer assistance, upon request, to a State affected by a major disruptive cyberattack;",
    "Decides to convene a review conference.",
)


class Table:
    """A version before the room. `as_` makes the actor of a delegation; `propose` and the rest act as one."""

    def __init__(
        self,
        world: World,
        *texts_: str,
        openness: str = "public",
        slug: str = "table",
        items: Collection[int] = (),
    ) -> None:
        self.world = world
        self.group = world.group(slug, openness=openness, members=("KEN", "BRA", "CHE", "NOR", "FJI"))
        version = world.version(self.group, *(texts_ or WORDS), items=items)
        self.draft, self.version = version.draft_id, version.id
        self.chair = world.actor(world.chair_of(self.group))
        self._actors: dict[tuple[str, DelegationRole], Actor] = {}

    def as_(self, code: str, role: DelegationRole = DelegationRole.NEGOTIATOR) -> Actor:
        if (code, role) not in self._actors:
            self._actors[code, role] = self.world.actor(self.world.user(party=code, role=role))
        return self._actors[code, role]

    def propose(self, code: str, text: str = "", *, paragraph: str | None = "p2", kind: str = "replace", **more: Any):
        given = {"kind": kind, "paragraph": paragraph, "text": text}
        options = {name: more.pop(name) for name in ("draft", "on_behalf_of", "openness") if name in more}
        with self.world.context():
            return services.propose(self.as_(code), self.version, given | more, **options).id

    def do(self, verb: Any, who: Actor, *arguments: Any, **more: Any) -> Any:
        with self.world.context():
            return verb(who, *arguments, **more)

    def read(self, id_: str, who: Actor | None = None) -> ProposalRow:
        with self.world.context():
            row = queries.get_proposal(who or self.chair, id_)
            assert row.wordings  # loaded, so that a test may read it afterwards
            return row

    def edit(self, wid: str, text: str, **more: Any) -> None:
        with self.world.context():
            working = texts.draft_line(self.chair, self.draft).working
            row = next(row for row in texts.version_paragraphs(working.id) if row.wid == wid)
            drafts.edit_paragraph(self.chair, working.id, wid, text, row.revision, **more)

    def issue(self, **more: Any) -> int:
        with self.world.context():
            return drafts.issue_version(self.chair, self.draft, **more).id


@pytest.fixture
def table(world: World) -> Table:
    return Table(world)
