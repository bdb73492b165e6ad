"""Threads and posts: who writes, for whom, and what is refused."""

from __future__ import annotations

import json

import pytest

from app.errors import Closed, Conflict, Forbidden, Invalid, NotFound, TooLarge, Unauthenticated
from app.groups import queries, services
from app.groups.models import Group, Thread
from app.policy import PUBLIC, Actor, DelegationRole, Office
from app.record import events_after, last_seq
from tests.support.builders import World

pytestmark = pytest.mark.database


@pytest.fixture
def group(world: World) -> Group:
    return world.group("support", members=("KEN", "BRA"))


@pytest.fixture
def kenya(world: World, group: Group) -> Actor:
    world.speaks_for("KEN")
    return world.actor(world.user(party="KEN"))


@pytest.fixture
def brazil(world: World, group: Group) -> Actor:
    return world.actor(world.user(party="BRA"))


@pytest.fixture
def chair(world: World, group: Group) -> Actor:
    return world.actor(world.chair_of(group))


@pytest.fixture
def thread(world: World, group: Group, kenya: Actor) -> Thread:
    with world.context():
        return services.start_thread(kenya, group, "Points of contact", "Who answers at night?")


def test_a_thread_begins_with_its_first_post(world: World, kenya: Actor, thread: Thread) -> None:
    with world.context():
        found = queries.get_thread(kenya, thread.id)
        [first] = queries.posts_of(found)[:10]
        assert (found.posts, found.started_by, first.number) == (1, "KEN", 1)
        assert first.actor == {
            "user": str(kenya.user_id),
            "name": kenya.name,
            "delegation": "KEN",
            "on_behalf_of": None,
            "role": "delegate",
        }
        [added] = events_after(f"thread:{thread.id}", 0)
        [started] = events_after(f"group:{thread.group_id}", 0)
    assert added.type == "post.added"
    assert json.loads(added.body)["data"] == {
        "id": str(first.id),
        "number": 1,
        "body": "Who answers at night?",
        "html": "<p>Who answers at night?</p>",
        "quotes": None,
        "version": None,
        "paragraph": None,
        "label": None,
    }
    assert started.type == "thread.started"
    assert json.loads(started.body)["data"] == {"thread": str(thread.id), "title": "Points of contact"}


def test_posts_are_numbered_and_quote_each_other(world: World, thread: Thread, brazil: Actor) -> None:
    with world.context():
        second = services.post(brazil, thread, "Our **CERT** does.", quotes_id=queries.posts_of(thread)[0].id)
        assert (second.number, second.html) == (2, "<p>Our <strong>CERT</strong> does.</p>")
        event = events_after(f"thread:{thread.id}", 1)[0]
    assert json.loads(event.body)["data"]["quotes"]["number"] == 1


def test_a_quote_comes_from_the_same_thread(world: World, group: Group, thread: Thread, brazil: Actor) -> None:
    with world.context():
        other = services.start_thread(brazil, group, "Another", "Words")
        with pytest.raises(Invalid) as refused:
            services.post(brazil, thread, "So they say", quotes_id=queries.posts_of(other)[0].id)
        with pytest.raises(Invalid):
            services.post(brazil, thread, "So they say", quotes_id=10**9)
    assert refused.value.field == "quotes"


@pytest.mark.parametrize("named", ["african-group", "African Group"])
def test_a_coordinator_speaks_for_the_group_of_states(world: World, thread: Thread, kenya: Actor, named: str) -> None:
    with world.context():
        said = services.post(kenya, thread, "We are agreed.", on_behalf_of=named)
    assert said.actor["on_behalf_of"] == "African Group"
    assert said.actor["delegation"] == "KEN"


def test_nobody_else_speaks_for_it(world: World, group: Group, thread: Thread, brazil: Actor) -> None:
    person = world.user(party="KEN")
    world.officer(group, Office.VICE_CHAIR, person)
    with world.context():
        for actor in (brazil, world.actor(person)):
            with pytest.raises(Forbidden) as refused:
                services.post(actor, thread, "We are agreed.", on_behalf_of="african-group")
            assert refused.value.field == "on_behalf_of"
        assert last_seq(f"thread:{thread.id}") == 1


def test_an_officer_speaks_as_such(world: World, group: Group, thread: Thread) -> None:
    person = world.user(party="BRA")
    world.officer(group, Office.CHAIR, person)
    with world.context():
        said = services.post(world.actor(person), thread, "Order, please.")
    assert (said.actor["delegation"], said.actor["role"]) == (None, "chair")


@pytest.mark.parametrize("role", [DelegationRole.EXPERT, DelegationRole.VIEWER])
def test_experts_and_viewers_read_but_do_not_speak(
    world: World, group: Group, thread: Thread, role: DelegationRole
) -> None:
    expert = world.actor(world.user(party="KEN", role=role))
    with world.context():
        assert queries.get_thread(expert, thread.id).title == thread.title
        with pytest.raises(Forbidden):
            services.post(expert, thread, "In my view")
        with pytest.raises(Forbidden):
            services.start_thread(expert, group, "A view", "In my view")
    with world.context(), pytest.raises(Unauthenticated):
        services.post(PUBLIC, thread, "In my view")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("", Invalid),
        (" \n\t ", Invalid),
        ("\u200b\ufeff", Invalid),
        (None, Invalid),
        ("x" * 20_001, TooLarge),
        ("a\x00b", Invalid),
        ("a\x1bb", Invalid),
        ("price \u202egnp.exe", Invalid),
        ("half \ud800", Invalid),
    ],
)
def test_words_that_are_refused(
    world: World, thread: Thread, brazil: Actor, body: str, error: type[Invalid | TooLarge]
) -> None:
    with world.context():
        with pytest.raises(error) as refused:
            services.post(brazil, thread, body)
        assert refused.value.field == "body"
        assert last_seq(f"thread:{thread.id}") == 1


def test_words_are_kept_in_one_spelling(world: World, thread: Thread, brazil: Actor) -> None:
    with world.context():
        said = services.post(brazil, thread, "Cafe\u0301\r\nsecond line\r\n" + "x\r\n" * 9_000)
    assert said.body.startswith("Café\nsecond line\n")


def test_a_closed_thread_takes_no_words(world: World, thread: Thread, kenya: Actor, chair: Actor) -> None:
    with world.context():
        first = queries.posts_of(thread)[0]
        services.set_closed(chair, thread.id, True)
        with pytest.raises(Closed):
            services.post(kenya, thread, "One more thing")
        with pytest.raises(Closed):
            services.edit_post(kenya, first.id, "Other words", 1)
        services.set_closed(chair, thread.id, False)
        assert services.post(kenya, thread, "One more thing").number == 2


def test_acts_of_order_happen_once_and_are_recorded(world: World, thread: Thread, chair: Actor) -> None:
    with world.context():
        for act in (services.set_pinned, services.set_closed):
            for value in (True, True, False, False):
                act(chair, thread.id, value)
        types = [event.type for event in events_after(f"thread:{thread.id}", 1)]
    assert types == ["thread.pinned", "thread.unpinned", "thread.closed", "thread.reopened"]


def test_delegates_keep_no_order(world: World, thread: Thread, kenya: Actor) -> None:
    with world.context():
        for act in (services.set_pinned, services.set_closed):
            with pytest.raises(Forbidden):
                act(kenya, thread.id, True)


def test_pinned_threads_come_first_then_the_newest_words(
    world: World, group: Group, kenya: Actor, chair: Actor, thread: Thread
) -> None:
    with world.context():
        second = services.start_thread(kenya, group, "Second", "Words")
        third = services.start_thread(kenya, group, "Third", "Words")
        services.post(kenya, thread, "Newest")
        services.set_pinned(chair, second.id, True)
        assert [found.id for found in queries.threads_of(group)] == [second.id, thread.id, third.id]


def test_an_edit_keeps_what_was_said_before(world: World, thread: Thread, kenya: Actor) -> None:
    with world.context():
        first = queries.posts_of(thread)[0]
        edited = services.edit_post(kenya, first.id, "Who answers **by day**?", 1)
        assert (edited.revision, edited.html) == (2, "<p>Who answers <strong>by day</strong>?</p>")
        assert edited.edited_at is not None
        [before] = queries.revisions_of(edited)
        assert (before.revision, before.body) == (1, "Who answers at night?")
        event = events_after(f"thread:{thread.id}", 1)[0]
    data = json.loads(event.body)["data"]
    assert (event.type, data["number"], data["revision"], data["body"]) == (
        "post.edited",
        1,
        2,
        "Who answers **by day**?",
    )


def test_a_stale_edit_loses_nothing(world: World, thread: Thread, kenya: Actor) -> None:
    with world.context():
        first = queries.posts_of(thread)[0]
        services.edit_post(kenya, first.id, "Theirs", 1)
        with pytest.raises(Conflict) as met:
            services.edit_post(kenya, first.id, "Mine", 1)
        assert met.value.status == 412
        assert met.value.extra == {"yours": "Mine", "theirs": "Theirs", "revision": 2}
        assert services.edit_post(kenya, first.id, "Both", 2).body == "Both"


def test_an_edit_that_changes_nothing_leaves_no_trace(world: World, thread: Thread, kenya: Actor) -> None:
    with world.context():
        first = queries.posts_of(thread)[0]
        assert services.edit_post(kenya, first.id, "Who answers at night?\r\n", 1).revision == 1
        assert last_seq(f"thread:{thread.id}") == 1


def test_only_one_s_own_words_are_edited(
    world: World, thread: Thread, brazil: Actor, chair: Actor, kenya: Actor
) -> None:
    colleague = world.actor(world.user(party="KEN"))
    with world.context():
        first = queries.posts_of(thread)[0]
        for actor in (brazil, chair, colleague):
            with pytest.raises(Forbidden):
                services.edit_post(actor, first.id, "Other words", 1)
        with pytest.raises(NotFound):
            services.edit_post(kenya, 10**9, "Other words", 1)


def test_who_took_office_does_not_edit_what_was_said_for_a_delegation(world: World, group: Group) -> None:
    person = world.user(party="KEN")
    with world.context():
        thread = services.start_thread(world.actor(person), group, "Title", "For Kenya")
        first = queries.posts_of(thread)[0]
    world.officer(group, Office.CHAIR, person)
    with world.context(), pytest.raises(Forbidden):
        services.edit_post(world.actor(person), first.id, "For the Chair", 1)


def test_a_post_points_to_a_paragraph_of_an_issued_version(
    world: World, group: Group, thread: Thread, brazil: Actor
) -> None:
    version = world.version(group, "Calls upon States to cooperate;", "Decides to meet again.")
    with world.context():
        said = services.post(brazil, thread, "This one", version_id=version.id, paragraph="p2")
        assert (said.version_id, said.paragraph) == (version.id, "p2")
        place = queries.place_of(queries.get_post(brazil, said.id))
        assert place is not None
        assert place.url.endswith("/p/p2")
        by_label = services.post(
            brazil, thread, "The same", version_id=version.id, paragraph=place.label.split(", ")[1]
        )
        assert by_label.paragraph == "p2"
        data = json.loads(events_after(f"thread:{thread.id}", 1)[0].body)["data"]
    assert (data["version"], data["paragraph"], data["label"]) == (str(version.id), "p2", place.label)


def test_a_post_points_nowhere_else(world: World, group: Group, thread: Thread, brazil: Actor) -> None:
    version = world.version(group)
    elsewhere = world.version(world.group("elsewhere", openness="invited"))
    with world.context():
        for key, paragraph in ((version.id, "p99"), (elsewhere.id, "p1"), (10**9, None), (None, "p1")):
            with pytest.raises(Invalid) as refused:
                services.post(brazil, thread, "This one", version_id=key, paragraph=paragraph)
            assert refused.value.field == "paragraph"


def test_what_one_wrote_is_read(world: World, group: Group, thread: Thread, kenya: Actor, brazil: Actor) -> None:
    with world.context():
        services.post(brazil, thread, "Second")
        services.post(brazil, thread, "Third")

        def unread(actor: Actor) -> int:
            return queries.thread_lines(actor, group)[0].unread

        assert (unread(kenya), unread(brazil), unread(PUBLIC)) == (2, 0, 0)
        assert services.mark_read(kenya, thread.id, 2) == 2
        assert unread(kenya) == 1
        assert services.mark_read(kenya, thread.id, 1) == 2
        assert services.mark_read(kenya, thread.id, 99) == 3
        assert unread(kenya) == 0
        assert [line.unread for line in queries.group_lines(kenya)] == [0]


def test_the_public_marks_nothing(world: World, thread: Thread) -> None:
    with world.context(), pytest.raises(Unauthenticated):
        services.mark_read(PUBLIC, thread.id)
