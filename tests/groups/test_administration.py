"""Setting up groups, changing them, their members and officers."""

from __future__ import annotations

import pytest

from app.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge, Unauthenticated
from app.groups import queries, services
from app.groups.models import Group
from app.policy import PUBLIC, Actor, Office, PlatformRole
from app.record import TOPIC_RIGHTS, bus, events_after
from tests.support.builders import World


@pytest.fixture
def secretariat(world: World) -> Actor:
    return world.actor(world.user(platform_role=PlatformRole.SECRETARIAT))


@pytest.fixture
def group(world: World) -> Group:
    return world.group("support", members=("KEN", "BRA"))


@pytest.fixture
def chair(world: World, group: Group) -> Actor:
    return world.actor(world.chair_of(group))


def test_the_secretariat_sets_up_a_group(world: World, secretariat: Actor) -> None:
    with world.context():
        made = services.create_group(
            secretariat, "support", "  Support   after incidents ", "members", "**Bold** aims", ["norms", "threats"]
        )
        assert (made.title, made.openness) == ("Support after incidents", "members")
        assert made.pillars == ["threats", "norms"]
        assert "<strong>Bold</strong>" in made.mandate_html
        [event] = events_after(f"group:{made.id}", 0)
        assert event.type == "group.created"
        assert event.as_dict()["data"]["slug"] == "support"
        assert event.as_dict()["actor"]["role"] == "secretariat"


@pytest.mark.parametrize("slug", ["", "A", "new", "-a", "a-", "a--b", "a b", "a" * 81, "ä", "a\n"])
def test_an_address_that_cannot_be_one(world: World, secretariat: Actor, slug: str) -> None:
    with world.context(), pytest.raises(Invalid) as refused:
        services.create_group(secretariat, slug, "Title", "public")
    assert refused.value.field == "slug"


def test_an_address_is_given_once(world: World, secretariat: Actor, group: Group) -> None:
    with world.context(), pytest.raises(Conflict):
        services.create_group(secretariat, "support", "Title", "public")


def test_a_chair_sets_up_no_group(world: World, chair: Actor) -> None:
    with world.context(), pytest.raises(Forbidden):
        services.create_group(chair, "another", "Title", "public")
    with world.context(), pytest.raises(Unauthenticated):
        services.create_group(PUBLIC, "another", "Title", "public")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "\u202egnp"}, "title"),
        ({"mandate": "a\x00b"}, "mandate"),
        ({"pillars": ["peace"]}, "pillars"),
        ({"openness": "secret"}, "openness"),
        ({"ruleset": "acclamation"}, "ruleset"),
    ],
)
def test_what_a_group_cannot_say(
    world: World, chair: Actor, group: Group, changed: dict[str, object], field: str
) -> None:
    said = {"title": "Title", "mandate": "", "pillars": [], "openness": "public"} | changed
    with world.context(), pytest.raises(Invalid) as refused:
        services.update_group(chair, group, **said)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_a_mandate_that_is_too_long(world: World, chair: Actor, group: Group) -> None:
    with world.context(), pytest.raises(TooLarge):
        services.update_group(chair, group, title="Title", mandate="x" * 20_001, pillars=[])


def test_the_secretariat_changes_the_words_but_not_the_openness(world: World, secretariat: Actor, group: Group) -> None:
    with world.context():
        services.update_group(secretariat, group, title="New", mandate="", pillars=[], openness="public")
        with pytest.raises(Forbidden):
            services.update_group(secretariat, group, title="Newer", mandate="", pillars=[], openness="members")
    with world.context():
        assert queries.get_group(secretariat, "support").title == "New"
        assert [event.type for event in events_after(f"group:{group.id}", 0)] == ["group.updated"]


def test_the_rules_of_procedure_are_chosen_and_the_record_says_so(world: World, chair: Actor, group: Group) -> None:
    with world.context():
        assert queries.ruleset_of(group).voting_enabled is False
        changed = services.update_group(
            chair, group, title=group.title, mandate="", pillars=[], ruleset="first-committee-1"
        )
        assert queries.ruleset_of(changed).voting_enabled is True
        [event] = events_after(f"group:{group.id}", 0)
    assert (event.type, event.as_dict()["data"]["ruleset"]) == ("group.updated", "first-committee-1")


def test_the_chair_changes_the_openness_and_rooms_are_told(world: World, chair: Actor, group: Group) -> None:
    told: list[str] = []
    bus.listen(TOPIC_RIGHTS, lambda _topic, whose: told.append(whose))
    with world.context():
        services.update_group(chair, group, title=group.title, mandate="", pillars=[], openness="members")
        [event] = events_after(f"group:{group.id}", 0)
    assert event.as_dict()["data"] == {"openness": "members", "before": "public"}
    assert told == [f"group:{group.id}"]


def test_a_member_comes_and_goes(world: World, chair: Actor, group: Group) -> None:
    world.party("GHA")
    ghana = world.user(party="GHA")
    with world.context():
        services.add_member(chair, group, "GHA")
    assert group.id in world.actor(ghana).member_of
    with world.context():
        with pytest.raises(Conflict):
            services.add_member(chair, group, "GHA")
        services.remove_member(chair, group, "GHA")
        with pytest.raises(NotFound):
            services.remove_member(chair, group, "GHA")
        types = [event.type for event in events_after(f"group:{group.id}", 0)]
    assert group.id not in world.actor(ghana).member_of
    assert types == ["group.member_added", "group.member_removed"]


def test_an_officer_is_set_changed_and_unset(world: World, chair: Actor, group: Group) -> None:
    person = world.user()
    with world.context():
        services.set_officer(chair, group, person.id, "facilitator")
        services.set_officer(chair, group, person.id, "vice_chair")
    assert world.actor(person).offices == {group.id: Office.VICE_CHAIR}
    with world.context():
        services.unset_officer(chair, group, person.id)
        with pytest.raises(NotFound):
            services.unset_officer(chair, group, person.id)
    assert world.actor(person).offices == {}


@pytest.mark.parametrize("office", ["king", "", "CHAIR"])
def test_an_office_that_there_is_not(world: World, chair: Actor, group: Group, office: str) -> None:
    person = world.user()
    with world.context(), pytest.raises(Invalid) as refused:
        services.set_officer(chair, group, person.id, office)
    assert refused.value.field == "office"


def test_delegates_manage_nothing(world: World, group: Group) -> None:
    kenya = world.actor(world.user(party="KEN"))
    with world.context():
        for attempt in (
            lambda: services.add_member(kenya, group, "BRA"),
            lambda: services.remove_member(kenya, group, "BRA"),
            lambda: services.set_officer(kenya, group, kenya.user_id or 0, "chair"),
            lambda: services.unset_officer(kenya, group, kenya.user_id or 0),
            lambda: services.update_group(kenya, group, title="Mine", mandate="", pillars=[]),
        ):
            with pytest.raises(Forbidden):
                attempt()


def test_who_may_not_read_a_group_is_not_told_that_it_exists(world: World) -> None:
    closed = world.group("closed", openness="members", members=("KEN",))
    ghana = world.actor(world.user(party="GHA"))
    with world.context():
        for attempt in (
            lambda: queries.get_group(ghana, "closed"),
            lambda: services.add_member(ghana, closed, "GHA"),
            lambda: services.start_thread(ghana, closed, "Title", "Words"),
        ):
            with pytest.raises(NotFound):
                attempt()
