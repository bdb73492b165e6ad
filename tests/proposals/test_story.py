"""Whatever delegations and a chair do, nothing is lost: a machine that plays them at random and checks the laws."""

from __future__ import annotations

import itertools

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.core.rules import proposals as rules
from app.core.text.applying import apply_proposal
from app.core.text.compiling import project
from app.drafts import queries as texts
from app.drafts.views import as_paragraph
from app.errors import DomainError
from app.extensions import db
from app.proposals import desk, queries, services
from app.proposals.models import ProposalRow
from app.proposals.views import as_proposal
from app.record.cli import faults_of
from tests.proposals.conftest import WORDS, Table
from tests.support.builders import World

_number = itertools.count()
PARTIES = ("KEN", "BRA", "CHE")
CHANGES = (
    ("offer", "provide"),
    ("cyberattack", "incident"),
    (", upon request,", ""),
    ("two", "three"),
    ("States", "All"),
)
ITEM, PARAGRAPH = {"kind": "item", "level": 1}, {"kind": "operative", "level": 0}
VERBS = (
    "propose",
    "draft",
    "new",
    "suppress",
    "move",
    "level",
    "revise",
    "release",
    "withdraw",
    "sponsor",
    "oppose",
    "take",
    "edit",
    "issue",
)


class Play(Table):
    """The table, with verbs that a number chooses the details of. What is out of order is refused, and that is fine."""

    def newest(self) -> int:
        with self.world.context():
            return texts.draft_line(self.chair, self.draft).newest.id

    def rows(self) -> list[ProposalRow]:
        with self.world.context():
            found = db.session.query(ProposalRow).filter_by(draft_id=self.draft)
            return list(found.order_by(ProposalRow.created_at, ProposalRow.id))

    def act(self, verb: str, one: int, two: int) -> None:
        self.version = self.newest()
        with self.world.context():
            paragraphs = texts.version_paragraphs(self.version)
        paragraph = paragraphs[one % len(paragraphs)]
        old, new = CHANGES[two % len(CHANGES)]
        code, actor = PARTIES[two % 3], self.as_(PARTIES[two % 3])
        rows = self.rows()
        row = rows[one % len(rows)] if rows else None
        words = paragraph.text.replace(old, new, 1) or "x"
        if verb in ("propose", "draft"):
            self.propose(code, words, paragraph=paragraph.wid, draft=verb == "draft")
        elif verb == "new":
            self.propose(code, f"Requests number {one};", paragraph=paragraph.wid, kind="new_paragraph")
        elif verb == "suppress":
            self.propose(code, kind="suppress", paragraph=paragraph.wid)
        elif verb == "move":
            after = paragraphs[two % len(paragraphs)].wid
            self.propose(code, kind="move", paragraph=paragraph.wid, after=after)
        elif verb == "level":
            self.edit(paragraph.wid, paragraph.text, **(ITEM if paragraph.kind == "operative" else PARAGRAPH))
        elif verb == "edit":
            self.edit(paragraph.wid, words)
        elif verb == "issue":
            self.issue()
        elif row is not None:
            self.act_on(verb, row, actor, two)

    def act_on(self, verb: str, row: ProposalRow, actor, two: int) -> None:
        verbs = {
            "revise": lambda: services.revise(actor, row.id, {"text": f"{row.text} {two}"}, row.revision),
            "release": lambda: services.release(actor, row.id),
            "withdraw": lambda: services.withdraw(actor, row.id),
            "sponsor": lambda: services.cosponsor(actor, row.id),
            "oppose": lambda: services.take_position(actor, row.id, "oppose"),
            "take": lambda: desk.take(self.chair, row.id),
        }
        with self.world.context():
            verbs[verb]()

    def check(self) -> None:
        """The laws, as the chair sees them."""
        with self.world.context():
            version = texts.get_version(self.chair, self.newest())
            found = queries.compiled(self.chair, version)
            base = tuple(as_paragraph(row) for row in found.rows)
            assert project(found.compilation, None, base) == base
            live = {
                row.id for row in queries.live_on(self.chair, version) if row.verdict in (None, "clean", "adjacent")
            }
            assert live <= set(found.proposals), "whoever spoke is heard"
            for row in (db.session.get_one(ProposalRow, id_) for id_ in found.proposals):
                if row.base_id == version.id and row.state == rules.State.LIVE and row.verdict in (None, "clean"):
                    value = as_proposal(row)
                    assert project(found.compilation, row.id, base) == apply_proposal(base, value)
            drafts = [row for row in self.rows() if row.state in ("draft", "discarded")]
            assert not {row.id for row in drafts} & set(found.proposals)


acts = st.lists(st.tuples(st.sampled_from(VERBS), st.integers(0, 40), st.integers(0, 40)), max_size=16)


BEHIND_ITS_ITEM = [("move", 0, 1)]
BECOMES_ITS_ITEM = [("move", 0, 2), ("level", 2, 0), ("issue", 0, 0)]


@given(acts=acts)
@example(acts=BEHIND_ITS_ITEM)
@example(acts=BECOMES_ITS_ITEM)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_is_played_the_laws_hold(world: World, acts: list) -> None:
    play = Play(world, *WORDS, slug=f"table-{next(_number)}", items=[2])
    seen: set[str] = set()
    for verb, one, two in acts:
        try:
            play.act(verb, one, two)
        except DomainError:
            world.app.logger.debug("out of order: %s", verb)
        ids = {row.id for row in play.rows()}
        assert seen <= ids
        seen = ids
        play.check()
    with world.context():
        assert faults_of(f"draft:{play.draft}") == []
        assert faults_of(f"proposals:{play.draft}") == []
