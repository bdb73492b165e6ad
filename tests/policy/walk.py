"""A small world for walking the matrix: one person in each role, one group in each openness, and what is in it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from app.accounts.models import User
from app.decisions import services as decisions
from app.drafts import queries as texts
from app.drafts import services as drafts
from app.groups import services as groups
from app.groups.models import Group
from app.groups.services import update_group
from app.live import services as live
from app.policy import DelegationRole, Office, PartyKind, Role
from app.proposals import services as proposals
from tests.support.builders import World
from tests.support.clients import Browser

OPENNESS = ("public", "observers", "members", "invited")
DELEGATES = {
    Role.HEAD: ("KEN", PartyKind.MEMBER_STATE, DelegationRole.HEAD),
    Role.NEGOTIATOR: ("BRA", PartyKind.MEMBER_STATE, DelegationRole.NEGOTIATOR),
    Role.EXPERT: ("FJI", PartyKind.MEMBER_STATE, DelegationRole.EXPERT),
    Role.VIEWER: ("CHE", PartyKind.MEMBER_STATE, DelegationRole.VIEWER),
    Role.OBSERVER_STATE: ("VAT", PartyKind.OBSERVER_STATE, DelegationRole.NEGOTIATOR),
    Role.OBSERVER: ("ICRC", PartyKind.SPECIAL_OBSERVER, DelegationRole.HEAD),
    Role.STAKEHOLDER: ("NGO", PartyKind.STAKEHOLDER, DelegationRole.HEAD),
}
OFFICES = {
    Role.CHAIR: Office.CHAIR,
    Role.VICE_CHAIR: Office.VICE_CHAIR,
    Role.FACILITATOR: Office.FACILITATOR,
    Role.SECRETARIAT: Office.SECRETARIAT,
}


@dataclass
class Place:
    """A group and the ids of what is in it."""

    group: Group
    draft: int
    working: int
    version: int
    paragraph: str
    thread: int
    members: int = 0


def people_in(world: World, group: Group) -> dict[Role, User | None]:
    """One person for each role in the group; None is the public."""
    people: dict[Role, User | None] = {Role.PUBLIC: None}
    for role, (code, kind, delegation_role) in DELEGATES.items():
        world.party(code, kind)
        world.join(group, code, kind)
        people[role] = world.user(party=code, kind=kind, role=delegation_role, entrusted=role is Role.NEGOTIATOR)
    for role, office in OFFICES.items():
        people[role] = world.officer(group, office)
    return people


def furnish(world: World, group: Group) -> Place:
    """A text with a version, and a thread."""
    version = world.version(group)
    chair = world.actor(world.chair_of(group))
    with world.context():
        from app.drafts.queries import draft_line

        working = draft_line(chair, version.draft_id).working
        thread = groups.start_thread(chair, group, "Questions", "A first post.")
        assert working is not None
        return Place(group, version.draft_id, working.id, version.id, "p1", thread.id)


def session_in(world: World, place: Place, state: str = "open") -> int:
    """A session of the group, as open as the group, in this state."""
    chair = world.actor(world.chair_of(place.group))
    acts = {
        "scheduled": (),
        "open": ("open",),
        "closed": ("open", "close"),
        "published": ("open", "close", "publish"),
    }[state]
    with world.context():
        session = live.schedule_session(chair, place.group, "A meeting", place.group.openness, version_id=place.version)
        for act in acts:
            if act == "publish":
                live.publish(chair, session.id)
            else:
                live.conduct(chair, session.id, act)
        return session.id


def proposal_in(world: World, place: Place) -> str:
    """A proposal of the chair on the text: open to everybody's stance, as none of the delegations leads it."""
    chair = world.actor(world.chair_of(place.group))
    with world.context():
        return proposals.propose(chair, place.version, new_proposal()).id


def new_proposal(**more: Any) -> dict[str, Any]:
    return {"kind": "replace", "paragraph": "p1", "text": "Urges all States to cooperate;"} | more


def decision_in(world: World, place: Place, kind: str = "consensus", state: str = "proposed") -> tuple[int, str]:
    """A session with a decision before it: proposed, or with the voting open. Gives the ids of both."""
    chair = world.actor(world.chair_of(place.group))
    session, decision = session_in(world, place), str(uuid.uuid4())
    given = new_decision(id=decision, kind=kind)
    with world.context():
        update_group(chair, place.group, title="Group", mandate="", pillars=[], ruleset="first-committee-1")
        decisions.propose(chair, session, given)
        if state == "open":
            decisions.open_vote(chair, session, decision)
    return session, decision


def new_comment(**more: Any) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "body": "Words for the record."} | more


def orphan_in(world: World, place: Place, browser: Browser) -> str:
    """A comment on words that are gone since: of who asks, if they may make one, else of the chair."""
    session, said = session_in(world, place), new_comment(paragraph="p1", quote={"exact": "cooperate"})
    chair = world.actor(world.chair_of(place.group))
    made = browser.api("POST", f"/sessions/{session}/comments", said).status_code == 201
    with world.context():
        if not made:
            live.comment(chair, session, **said)
        row = next(row for row in texts.version_paragraphs(place.working) if row.wid == "p1")
        if "cooperate" in row.text:
            drafts.edit_paragraph(chair, place.working, "p1", "Calls upon States to work together;", row.revision)
            drafts.issue_version(chair, place.draft)
    return str(said["id"])


def new_decision(**more: Any) -> dict[str, Any]:
    return {"kind": "consensus", "target": "procedural", "words": "Takes note of the report."} | more


def fresh_version(world: World, place: Place) -> int:
    """A version of a text of its own, on which nothing has been agreed yet, and whose working copy has one edit."""
    version = world.version(place.group)
    chair = world.actor(world.chair_of(place.group))
    with world.context():
        working = texts.draft_line(chair, version.draft_id).working
        assert working is not None
        row = next(row for row in texts.version_paragraphs(working.id) if row.wid == "p1")
        drafts.edit_paragraph(chair, working.id, "p1", "Calls upon States to co-operate;", row.revision)
    return version.id


def draft_of(world: World, version: int) -> int:
    with world.context():
        return texts.version_by_id(version).draft_id
