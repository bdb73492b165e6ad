"""The table against the domain brief: what each role may do in each forum, and what nobody may."""

from __future__ import annotations

import pytest

from app.errors import Forbidden, NotFound, Unauthenticated
from app.policy import (
    MATRIX,
    OPENNESS_FORUM,
    PUBLIC,
    Action,
    Actor,
    DelegationRole,
    Forum,
    GroupId,
    Office,
    PartyId,
    PartyKind,
    PlatformRole,
    Role,
    UserId,
    can,
    require,
    role_in,
)
from app.policy.table import TABLE, read_table

GROUP = GroupId(1)
OTHER = GroupId(2)


def delegate(role: DelegationRole, kind: PartyKind = PartyKind.MEMBER_STATE) -> Actor:
    return Actor(
        user_id=UserId(1),
        party_id=PartyId(1),
        party_code="KEN",
        party_kind=kind,
        delegation_role=role,
        member_of=frozenset({GROUP}),
    )


ROLES = [
    (PUBLIC, Role.PUBLIC),
    (delegate(DelegationRole.HEAD), Role.HEAD),
    (delegate(DelegationRole.NEGOTIATOR), Role.NEGOTIATOR),
    (delegate(DelegationRole.EXPERT), Role.EXPERT),
    (delegate(DelegationRole.VIEWER), Role.VIEWER),
    (delegate(DelegationRole.NEGOTIATOR, PartyKind.OBSERVER_STATE), Role.OBSERVER_STATE),
    (delegate(DelegationRole.VIEWER, PartyKind.OBSERVER_STATE), Role.OBSERVER),
    (delegate(DelegationRole.HEAD, PartyKind.REGIONAL_ORG), Role.OBSERVER_STATE),
    (delegate(DelegationRole.HEAD, PartyKind.IGO), Role.OBSERVER),
    (delegate(DelegationRole.HEAD, PartyKind.SPECIAL_OBSERVER), Role.OBSERVER),
    (delegate(DelegationRole.HEAD, PartyKind.UN_ENTITY), Role.OBSERVER),
    (delegate(DelegationRole.HEAD, PartyKind.NGO_ECOSOC), Role.STAKEHOLDER),
    (delegate(DelegationRole.HEAD, PartyKind.STAKEHOLDER), Role.STAKEHOLDER),
    *[(Actor(user_id=UserId(1), offices={GROUP: office}), Role(office.value)) for office in Office],
    (Actor(user_id=UserId(1), platform_role=PlatformRole.SECRETARIAT), Role.SECRETARIAT),
    (Actor(user_id=UserId(1), platform_role=PlatformRole.OPERATOR), Role.PUBLIC),
]


@pytest.mark.parametrize(("actor", "role"), ROLES)
def test_who_one_is_in_a_group(actor: Actor, role: Role) -> None:
    assert role_in(actor, GROUP) is role


def test_an_outsider_is_the_public() -> None:
    assert role_in(delegate(DelegationRole.HEAD), OTHER) is Role.PUBLIC
    assert role_in(Actor(user_id=UserId(1), offices={GROUP: Office.CHAIR}), OTHER) is Role.PUBLIC


def test_an_office_outweighs_the_delegation() -> None:
    actor = Actor(
        user_id=UserId(1),
        party_kind=PartyKind.MEMBER_STATE,
        delegation_role=DelegationRole.VIEWER,
        member_of=frozenset({GROUP}),
        offices={GROUP: Office.CHAIR},
    )
    assert role_in(actor, GROUP) is Role.CHAIR


# Domain brief §11, the columns that the platform has so far, in its own letters.
BRIEF = {
    Action.READ_TEXT: {
        Role.PUBLIC: "P",
        Role.STAKEHOLDER: "P",
        Role.OBSERVER: "PI",
        Role.OBSERVER_STATE: "PFI",
        Role.VIEWER: "PFIM",
        Role.NEGOTIATOR: "PFIMV",
        Role.HEAD: "PFIMV",
        Role.CHAIR: "PFIMV",
        Role.SECRETARIAT: "PFIMV",
    },
    Action.COMMENT: {
        Role.PUBLIC: "",
        Role.STAKEHOLDER: "",
        Role.OBSERVER: "",
        Role.OBSERVER_STATE: "PI",
        Role.VIEWER: "D",
        Role.EXPERT: "D",
        Role.NEGOTIATOR: "PFIMVD",
        Role.CHAIR: "PFIMV",
    },
    Action.ISSUE_VERSION: {role: "PFIMV" if role in (Role.CHAIR, Role.VICE_CHAIR) else "" for role in Role},
    Action.PUBLISH: {role: "PFIMV" if role in (Role.CHAIR, Role.VICE_CHAIR) else "" for role in Role},
}


@pytest.mark.parametrize(
    ("action", "role", "forums"),
    [(action, role, forums) for action, row in BRIEF.items() for role, forums in row.items()],
)
def test_the_table_says_what_the_brief_says(action: Action, role: Role, forums: str) -> None:
    assert "".join(sorted(MATRIX[action][role])) == "".join(sorted(forums))


@pytest.mark.parametrize("action", list(Action))
def test_nobody_but_a_delegation_is_in_its_room(action: Action) -> None:
    delegates = {Role.VIEWER, Role.EXPERT, Role.NEGOTIATOR, Role.HEAD}
    assert all(Forum.DELEGATION not in forums for role, forums in MATRIX[action].items() if role not in delegates)


@pytest.mark.parametrize("action", list(Action))
def test_what_one_may_do_one_may_also_read(action: Action) -> None:
    if action in (Action.READ_RECORD, Action.READ_TEXT, Action.SEE_POSITIONS):
        return
    for role, forums in MATRIX[action].items():
        assert forums - {Forum.DELEGATION, Forum.GROUP} <= MATRIX[Action.READ_TEXT][role]


@pytest.mark.parametrize("openness", list(OPENNESS_FORUM))
def test_a_more_open_room_admits_no_fewer(openness: str) -> None:
    order = ["invited", "members", "observers", "public"]
    wider = order[order.index(openness) :]
    for role in Role:
        if role in (Role.VIEWER, Role.EXPERT):
            continue
        allowed = [OPENNESS_FORUM[word] in MATRIX[Action.READ_TEXT][role] for word in wider]
        assert allowed == sorted(allowed)


def test_refusals_say_no_more_than_they_must() -> None:
    with pytest.raises(NotFound):
        require(PUBLIC, Action.COMMENT, GROUP, "members")
    with pytest.raises(Unauthenticated):
        require(PUBLIC, Action.COMMENT, GROUP, "public")
    with pytest.raises(Forbidden):
        require(delegate(DelegationRole.VIEWER), Action.COMMENT, GROUP, "members")
    require(delegate(DelegationRole.NEGOTIATOR), Action.COMMENT, GROUP, "members")


def test_a_table_with_a_hole_is_refused() -> None:
    lines = TABLE.strip().splitlines()
    with pytest.raises(ValueError, match="every role"):
        read_table("\n".join(lines[:-1]))
    with pytest.raises(ValueError):
        read_table(TABLE.replace("PFIMVD", "PX", 1))


def test_can_takes_words_of_the_contract() -> None:
    assert can(PUBLIC, Action.READ_TEXT, GROUP, "public")
    assert not can(PUBLIC, Action.READ_TEXT, GROUP, "observers")
    assert can(delegate(DelegationRole.VIEWER), Action.READ_TEXT, GROUP, Forum.MEMBERS)
