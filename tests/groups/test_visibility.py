"""Who may read and write in groups and threads: every role in every openness, on every path that leads there."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask

from app.accounts.models import User
from app.groups import queries, services
from app.groups.models import Group
from app.policy import DelegationRole, Office, PartyKind, PlatformRole
from tests.support.builders import World
from tests.support.clients import Browser

OPENNESS = ("public", "observers", "members", "invited")
READS = {
    "nobody": "public",
    "outsider": "public",
    "stakeholder": "public",
    "observer": "public observers",
    "observer_state": "public observers",
    "viewer": "public observers members",
    "expert": "public observers members",
    "negotiator": "public observers members invited",
    "head": "public observers members invited",
    "facilitator": "public observers members invited",
    "vice_chair": "public observers members invited",
    "chair": "public observers members invited",
    "secretariat": "public observers members invited",
    "operator": "public",
}
WRITES = {
    "observer_state": "public observers",
    "negotiator": "public observers members invited",
    "head": "public observers members invited",
    "facilitator": "public observers members invited",
    "vice_chair": "public observers members invited",
    "chair": "public observers members invited",
    "secretariat": "public observers members invited",
}
"""Written down a second time on purpose: a change of the matrix must be meant."""


def person(world: World, group: Group, role: str) -> User | None:
    """Somebody who is `role` in the group."""
    if role == "nobody":
        return None
    if role == "outsider":
        return world.user(party="GHA", role=DelegationRole.HEAD)
    if role in ("secretariat", "operator"):
        return world.user(platform_role=PlatformRole(role))
    if role in ("chair", "vice_chair", "facilitator"):
        return world.officer(group, Office(role))
    kinds = {
        "stakeholder": PartyKind.STAKEHOLDER,
        "observer": PartyKind.IGO,
        "observer_state": PartyKind.OBSERVER_STATE,
    }
    if role in kinds:
        world.join(group, f"X-{role}", kinds[role])
        return world.user(party=f"X-{role}", kind=kinds[role])
    return world.user(party="KEN", role=DelegationRole(role))


@pytest.mark.parametrize("role", READS)
def test_a_group_is_there_for_those_to_whom_it_is_open(app: Flask, world: World, role: str) -> None:
    for openness in OPENNESS:
        group = world.group(openness, openness=openness, members=("KEN",))
        author = world.actor(world.user(party="KEN"))
        with world.context():
            thread = services.start_thread(author, group, "A quiet word", "Only for us")
            post = queries.posts_of(thread)[0]
        browser = Browser(app, person(world, group, role))
        reads = openness in READS[role].split()
        writes = openness in WRITES.get(role, "").split()

        paths = [
            f"/groups/{openness}",
            f"/threads/{thread.id}",
            f"/posts/{post.id}/history",
            f"/posts/{post.id}/paragraph",
        ]
        answers = {path: browser.get(path, follow_redirects=True).status_code for path in paths}
        answers |= {
            path: browser.api("GET", path).status_code
            for path in (f"/groups/{openness}", f"/threads/{thread.id}/posts", f"/posts/{post.id}")
        }
        assert set(answers.values()) == {200 if reads else 404}, (openness, answers)
        assert (f"/groups/{openness}" in browser.get("/groups").text) is reads

        sent = browser.post(f"/threads/{thread.id}/posts", {"body": "Words", "id": str(uuid.uuid4())})
        begun = browser.post(
            f"/groups/{openness}/threads/new", {"title": "T", "body": "Words", "id": str(uuid.uuid4())}
        )
        refusal = 401 if role == "nobody" else 403 if reads else 404
        assert {sent.status_code, begun.status_code} == {302 if writes else refusal}, openness


@pytest.mark.parametrize("openness", OPENNESS)
def test_the_lists_of_readable_groups_agree(world: World, openness: str) -> None:
    group = world.group("support", openness=openness, members=("KEN",))
    for role in READS:
        actor = world.actor(person(world, group, role))
        with world.context():
            expected = [group.id] if openness in READS[role].split() else []
            assert queries.readable_group_ids(actor) == expected
            assert [found.id for found in queries.readable_groups(actor)] == expected
            assert [line.group.id for line in queries.group_lines(actor)] == expected


def test_who_is_taken_out_of_a_group_reads_it_no_more(app: Flask, world: World) -> None:
    group = world.group("support", openness="members", members=("KEN",))
    user = world.user(party="KEN")
    browser = Browser(app, user)
    assert browser.get("/groups/support").status_code == 200
    with world.context():
        services.remove_member(world.actor(world.chair_of(group)), group, "KEN")
    assert browser.get("/groups/support").status_code == 404
