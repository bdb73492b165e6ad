"""A meeting of a body that decides: its delegations, its chair, and short verbs for what they do."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from app.accounts.models import Member, Party, User
from app.core.rules import decisions as rules
from app.decisions import services, statements
from app.decisions.models import DecisionRow
from app.decisions.queries import voted
from app.decisions.rows import ballots_of, core_of
from app.extensions import db
from app.groups.services import update_group
from app.policy import Actor, DelegationRole, GroupId, PartyId, PartyKind, UserId
from app.record import events_after, transaction
from tests.support.builders import LANGUAGES, NOW, World

FIRST_COMMITTEE = "first-committee-1"


class Meeting:
    """An open session on a text of two operative paragraphs, among these member States, each with its head."""

    def __init__(
        self, world: World, codes: Iterable[str], *, ruleset: str = FIRST_COMMITTEE, openness: str = "public"
    ) -> None:
        self.world, self.codes = world, list(codes)
        self.group = world.group(openness=openness)
        self.chair = world.actor(world.chair_of(self.group))
        self.heads = self._seat(self.codes)
        with world.context():
            update_group(self.chair, self.group, title="First Committee", mandate="", pillars=[], ruleset=ruleset)
        self.version = world.version(self.group)
        self.session = world.session(self.group, version=self.version)

    def _seat(self, codes: list[str]) -> dict[str, Actor]:
        with self.world.context(), transaction():
            parties, heads = {}, {}
            for code in codes:
                names = dict.fromkeys(LANGUAGES, code.title())
                parties[code] = Party(code=code, kind=PartyKind.MEMBER_STATE, short=names, formal=names)
            db.session.add_all(parties.values())
            db.session.flush()
            for code, party in parties.items():
                db.session.add(Member(group_id=self.group.id, party_id=party.id, joined_at=NOW))
                heads[code] = User(
                    email=f"{code.lower()}@chapeau.example",
                    name=f"Head of {code}",
                    party_id=party.id,
                    delegation_role=DelegationRole.HEAD,
                    created_at=NOW,
                )
            db.session.add_all(heads.values())
            db.session.flush()
            return {code: self._actor(user, parties[code]) for code, user in heads.items()}

    def _actor(self, user: User, party: Party) -> Actor:
        return Actor(
            user_id=UserId(user.id),
            name=user.name,
            party_id=PartyId(party.id),
            party_code=party.code,
            party_kind=PartyKind.MEMBER_STATE,
            delegation_role=DelegationRole.HEAD,
            member_of=frozenset({GroupId(self.group.id)}),
        )

    def decide(self, kind: str, target: str, words: str = "Adopts the text.", **more: Any) -> str:
        """The chair puts something before the meeting. Returns the id of the decision."""
        decision = str(uuid.uuid4())
        with self.world.context():
            services.propose(
                self.chair, self.session.id, {"id": decision, "kind": kind, "target": target, "words": words, **more}
            )
        return decision

    def chairs(self, verb: str, decision: str | None = None) -> int:
        with self.world.context():
            return getattr(services, verb)(self.chair, self.session.id, decision)

    def votes(self, code: str, choice: str, decision: str | None = None) -> int:
        with self.world.context():
            return services.vote(self.heads[code], self.session.id, choice, decision)

    def does(self, code: str, verb: str, *arguments: Any) -> int:
        """A delegation objects, relents or withdraws."""
        with self.world.context():
            return getattr(services, verb)(self.heads[code], self.session.id, *arguments)

    def says(self, code: str, verb: str, **given: Any) -> int:
        """A delegation explains, dissociates or notes its intention."""
        with self.world.context():
            return getattr(statements, verb)(self.heads[code], self.session.id, {"id": str(uuid.uuid4()), **given})

    def whole_vote(self, target: str, ballots: dict[str, str], words: str = "Adopts the text.", **more: Any) -> str:
        """A vote from the proposal to the result."""
        decision = self.decide("vote", target, words, **more)
        self.chairs("open_vote", decision)
        for code, choice in ballots.items():
            self.votes(code, choice, decision)
        self.chairs("close_vote", decision)
        self.chairs("announce", decision)
        return decision

    def row(self, decision: str) -> DecisionRow:
        with self.world.context():
            return db.session.get_one(DecisionRow, decision)

    def log(self) -> list[dict[str, Any]]:
        with self.world.context():
            found: list[dict[str, Any]] = []
            while page := events_after(self.session.channel, len(found)):
                found += [event.as_dict() for event in page]
            return found

    def last(self) -> dict[str, Any]:
        return self.log()[-1]

    def assert_log_and_rows_agree(self) -> None:
        """What the log alone tells is what the rows keep."""
        told = rules.replay(self.log())
        with self.world.context():
            rows = db.session.query(DecisionRow).filter_by(channel=self.session.channel).all()
            assert {row.id for row in rows} == set(told)
            for row in rows:
                ballots = ballots_of(row.id) if row.tally else {}
                kept = core_of(row, voted=voted(row.id), ballots=ballots)
                said = told[row.id]
                beside = {name: getattr(said, name) for name in ("explained", "dissociated", "intents")}
                for name, value in beside.items():
                    assert len(value) == _count(row, name)
                assert kept == rules_without_statements(said)


def _count(row: DecisionRow, name: str) -> int:
    kind = {"explained": "explanation", "dissociated": "dissociation", "intents": "intent"}[name]
    return sum(statement.kind == kind for statement in row.statements)


def rules_without_statements(decision: rules.Decision) -> rules.Decision:
    from dataclasses import replace

    return replace(decision, explained=(), dissociated=(), intents=())
