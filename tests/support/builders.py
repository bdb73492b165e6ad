"""Builders: small verbs that make the world of a test through the same commands that people use."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask import Flask

from app.accounts.models import Member, Officer, Party, StateGroup, StateGroupMember, User
from app.accounts.queries import actor_for, fresh_actor
from app.accounts.services import issue_token
from app.core.text import Kind, Paragraph, ParagraphId
from app.drafts import services as drafts
from app.drafts.models import Version
from app.extensions import db
from app.groups.models import Group
from app.live import services as live
from app.live.models import LiveSession
from app.policy import Actor, DelegationRole, Office, PartyKind, PlatformRole
from app.programme import services as programme
from app.record import transaction

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")


class World:
    """Makes parties, people, groups and texts in the app's database. Objects come back detached, ready to read."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    @contextmanager
    def context(self) -> Iterator[None]:
        with self.app.app_context():
            yield

    def party(self, code: str = "KEN", kind: PartyKind = PartyKind.MEMBER_STATE, name: str | None = None) -> Party:
        """The party with this code; made when it is not there."""
        with self.context():
            party = db.session.query(Party).filter_by(code=code).one_or_none()
            if party is None:
                names = dict.fromkeys(LANGUAGES, name or code.title())
                party = self._add(Party(code=code, kind=kind, short=names, formal=names))
            return party

    def user(
        self,
        email: str | None = None,
        *,
        party: str | None = None,
        kind: PartyKind = PartyKind.MEMBER_STATE,
        role: DelegationRole | None = None,
        platform_role: PlatformRole | None = None,
        name: str | None = None,
        entrusted: bool = False,
    ) -> User:
        """A person: of a delegation when `party` is given (negotiator unless said)."""
        of = self.party(party, kind) if party else None
        with self.context():
            number = db.session.query(User).count() + 1
            user = User(
                email=email or f"person{number}@chapeau.example",
                name=name or f"P. Person{number}",
                party_id=of.id if of else None,
                delegation_role=(role or DelegationRole.NEGOTIATOR) if of else None,
                platform_role=platform_role,
                entrusted=entrusted,
                created_at=NOW,
            )
            self._add(user)
            db.session.refresh(user)
            return user

    def group(
        self, slug: str = "group", *, openness: str = "public", members: tuple[str, ...] = (), title: str | None = None
    ) -> Group:
        """A working group with these parties as members."""
        parties = [self.party(code) for code in members]
        with self.context():
            group = Group(
                slug=slug, title=title or slug.replace("-", " ").title(), openness=openness, created_at=NOW, pillars=[]
            )
            self._add(group)
            for party in parties:
                self._add(Member(group_id=group.id, party_id=party.id, joined_at=NOW))
            return group

    def join(self, group: Group, party: str, kind: PartyKind = PartyKind.MEMBER_STATE) -> None:
        """Make a party a member (or, by its kind, an observer) of a group."""
        of = self.party(party, kind)
        with self.context():
            self._add(Member(group_id=group.id, party_id=of.id, joined_at=NOW))

    def officer(self, group: Group, office: Office, user: User | None = None) -> User:
        """Give a person (a new one unless given) an office in a group."""
        user = user or self.user()
        with self.context():
            self._add(Officer(group_id=group.id, user_id=user.id, office=office))
        return user

    def speaks_for(self, party: str, code: str = "african-group", name: str = "African Group") -> None:
        """Let a State speak for a group of States."""
        of = self.party(party)
        with self.context():
            state_group = db.session.query(StateGroup).filter_by(code=code).one_or_none()
            if state_group is None:
                names = dict.fromkeys(LANGUAGES, name)
                state_group = self._add(StateGroup(code=code, kind="negotiating", short=names))
            self._add(StateGroupMember(state_group_id=state_group.id, party_id=of.id, speaks=True))

    def version(self, group: Group, *texts: str, label: str = "Zero draft", items: Collection[int] = ()) -> Version:
        """An issued version of a new draft with these operative paragraphs; those of the numbers `items` are items."""
        chair = self.chair_of(group)
        paragraphs = [
            Paragraph(ParagraphId(f"p{number}"), *((Kind.ITEM, 1) if number in items else (Kind.OPERATIVE, 0)), text)
            for number, text in enumerate(texts or ("Calls upon States to cooperate;", "Decides to meet again."), 1)
        ]
        with self.context():
            draft, _working = drafts.create_draft(self.actor(chair), group, "Draft elements", "resolution", paragraphs)
            version = drafts.issue_version(self.actor(chair), draft.id, label=label)
            db.session.refresh(version)
            return version

    def session(
        self,
        group: Group,
        *,
        openness: str | None = None,
        state: str = "open",
        version: Version | None = None,
        title: str = "1st meeting",
    ) -> LiveSession:
        """A session of the group in this state, reached by the acts that lead to it."""
        chair = self.actor(self.chair_of(group))
        acts = {"scheduled": (), "open": ("open",), "suspended": ("open", "suspend"), "closed": ("open", "close")}
        with self.context():
            session = live.schedule_session(
                chair, group, title, openness or group.openness, version_id=version.id if version else None
            )
            for act in acts.get(state, ()):
                session = live.conduct(chair, session.id, act)
            if change := {"postponed": programme.postpone, "cancelled": programme.cancel}.get(state):
                session = change(chair, session.id, "The room is not free.")
            return session

    def chair_of(self, group: Group) -> User:
        """The group's chair; made when there is none."""
        with self.context():
            found = db.session.query(Officer).filter_by(group_id=group.id, office=Office.CHAIR).first()
            if found is not None:
                return db.session.get_one(User, found.user_id)
        return self.officer(group, Office.CHAIR)

    def token(self, user: User) -> str:
        """An API token of a person."""
        with self.context():
            return issue_token(self.actor(user), user, "test")

    def actor(self, user: User | None) -> Actor:
        """The policy's view of a person now. Call inside `context()` or a request, or alone."""
        with self.context():
            return fresh_actor(user.id) if user else Actor()

    def _add(self, thing: Any) -> Any:
        with transaction():
            db.session.add(thing)
            db.session.flush()
        return thing


__all__ = ["NOW", "World", "actor_for"]
