"""A text before a room: a chair, delegations, groups of States, and verbs that act as them."""

from __future__ import annotations

from typing import Any

import pytest

from app.agreement import queries, services, tables, views
from app.agreement.stocktaking import folded
from app.core.rules import stances as stance_rules
from app.core.rules.agreement import Standing
from app.drafts import queries as texts
from app.drafts import services as drafts
from app.live import services as live
from app.policy import Action, Actor, DelegationRole, Office
from tests.support.builders import World

WORDS = (
    "Encourages States, on a voluntary basis, to report every two years;",
    "Invites States to offer assistance, upon request, to a State affected by a major incident;",
    "Recommends that States name points of contact;",
    "Decides to convene a review conference.",
)


class Room:
    """A session on a version. `as_` makes the actor of a delegation; the verbs act in the session."""

    def __init__(self, world: World, *, openness: str = "public", slug: str = "room") -> None:
        self.world = world
        self.group = world.group(slug, openness=openness, members=("KEN", "BRA", "IRN", "NOR", "FJI"))
        self.chair = world.actor(world.chair_of(self.group))
        version = world.version(self.group, *WORDS)
        self.draft, self.version = version.draft_id, version.id
        self.session = world.session(self.group, version=version).id
        self._actors: dict[Any, Actor] = {}

    def as_(self, code: str, role: DelegationRole = DelegationRole.NEGOTIATOR) -> Actor:
        if (code, role) not in self._actors:
            self._actors[code, role] = self.world.actor(self.world.user(party=code, role=role))
        return self._actors[code, role]

    def officer(self, office: Office) -> Actor:
        if office not in self._actors:
            self._actors[office] = self.world.actor(self.world.officer(self.group, office))
        return self._actors[office]

    def say(self, who: str | Actor, stance: str | None, target: str = "paragraph:p2", **more: Any) -> Any:
        """Take a stance in the session."""
        actor = self.as_(who) if isinstance(who, str) else who
        with self.world.context():
            return live.take_position(actor, self.session, target, stance, **more)

    def do(self, verb: Any, who: Actor, *arguments: Any, action: Action = Action.MARK_INFORMALLY, **more: Any) -> Any:
        """Do an act of `services` in the session."""
        with self.world.context():
            return verb(who, tables.in_session(who, self.session, action), *arguments, **more)

    def mark(self, level: str, paragraph: str = "p2", *, who: Actor | None = None, **more: Any) -> Any:
        return self.do(services.mark, who or self.chair, paragraph, level, action=Action.READ_TEXT, **more)

    def closed(self, openness: str = "members") -> None:
        with self.world.context():
            live.set_mode(self.chair, self.session, openness=openness)

    def standing(self, paragraph: str = "p2", *, reader: Actor | None = None) -> Standing:
        with self.world.context():
            words = queries.open_to(reader or self.chair, self.group)
            return queries.standing_of(queries.board_of(self.draft, words), paragraph)

    def reading(self, reader: Actor | None = None) -> views.Reading:
        with self.world.context():
            version = texts.get_version(self.chair, self.version)
            return views.Reading(reader or self.chair, version, texts.version_paragraphs(version.id))

    def summary(self, paragraph: str = "p2", reader: Actor | None = None) -> views.Summary:
        with self.world.context(), self.world.app.test_request_context():
            version = texts.get_version(self.chair, self.version)
            read = views.Reading(reader or self.chair, version, texts.version_paragraphs(version.id))
            return read.summary(next(row for row in read.rows if row.wid == paragraph))

    def edit(self, wid: str, text: str) -> None:
        with self.world.context():
            working = texts.draft_line(self.chair, self.draft).working
            assert working is not None
            row = next(row for row in texts.version_paragraphs(working.id) if row.wid == wid)
            drafts.edit_paragraph(self.chair, working.id, wid, text, row.revision)

    def issue(self, table: bool = True) -> int:
        """Issue the working copy, and put it on the table."""
        with self.world.context():
            self.version = drafts.issue_version(self.chair, self.draft).id
            if table:
                live.table_version(self.chair, self.session, self.version)
            return self.version

    def from_the_log(self, openness: str = "") -> tuple[dict[str, Standing], Any]:
        """The board and the stances, folded from the log alone, as those know who hear this openness."""
        with self.world.context():
            board: dict[str, Standing] = {}
            said: Any = {}
            for event in queries.history_of(self.draft, tables.audience(openness)):
                board = folded(board, event)
                body = event.as_dict()
                said = stance_rules.evolve(said, body["type"], body["data"])
            return board, {target: here for target, here in said.items() if here}

    def from_the_rows(self, openness: str = "") -> tuple[dict[str, Standing], Any]:
        with self.world.context():
            words = tables.audience(openness)
            said = queries.all_said(self.draft, words)
            return queries.board_of(self.draft, words), {t: queries.stances_in(here) for t, here in said.items()}


@pytest.fixture
def room(world: World) -> Room:
    return Room(world)
