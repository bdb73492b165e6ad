"""The pages, without JavaScript: what a person can do with a browser and plain forms."""

from __future__ import annotations

import re
import uuid
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.accounts.models import Party, User
from app.extensions import db
from app.groups import services
from app.groups.models import Group, Post, Thread
from app.policy import DelegationRole, PartyKind, PlatformRole
from tests.conftest import settings_for
from tests.support.builders import World
from tests.support.clients import Browser


@pytest.fixture
def group(world: World) -> Group:
    return world.group("support", title="Support after incidents", members=("KEN", "BRA"))


@pytest.fixture
def kenya(world: World, group: Group) -> User:
    return world.user(party="KEN")


@pytest.fixture
def thread(world: World, group: Group, kenya: User) -> Thread:
    with world.context():
        return services.start_thread(world.actor(kenya), group, "Points of contact", "Who answers at night?")


@pytest.fixture
def delegate(app: Flask, kenya: User) -> Browser:
    return Browser(app, kenya)


@pytest.fixture
def chair(app: Flask, world: World, group: Group) -> Browser:
    return Browser(app, world.chair_of(group))


def posts(world: World) -> list[Post]:
    with world.context():
        return db.session.query(Post).order_by(Post.id).all()


def test_the_secretariat_sets_up_a_group_and_fills_it(app: Flask, world: World) -> None:
    world.party("GHA", name="Ghana")
    person = world.user(name="A. Chair")
    browser = Browser(app, world.user(platform_role=PlatformRole.SECRETARIAT))
    assert browser.get("/groups/new").status_code == 200
    form = {"title": "New", "slug": "new-one", "mandate": "*Aims*", "pillars": ["norms"], "openness": "members"}
    made = browser.post("/groups/new", form)
    assert made.location == "/groups/new-one/members"
    assert browser.post("/groups/new-one/members", {"party": "GHA"}).status_code == 302
    assert browser.post("/groups/new-one/officers", {"user": person.id, "office": "chair"}).status_code == 302
    page = browser.get("/groups/new-one").text
    for words in ("Ghana", "A. Chair", "<em>Aims</em>", "Norms", "Members only"):
        assert words in page
    assert browser.post("/groups/new-one/members/GHA/remove").status_code == 302
    assert browser.post(f"/groups/new-one/officers/{person.id}/remove").status_code == 302
    assert "A. Chair" not in browser.get("/groups/new-one").text


def test_a_form_that_is_refused_keeps_what_was_typed(app: Flask, world: World, group: Group) -> None:
    browser = Browser(app, world.user(platform_role=PlatformRole.SECRETARIAT))
    again = browser.post("/groups/new", {"title": "Kept title", "slug": "support", "openness": "public"})
    assert again.status_code == 422
    assert "Kept title" in again.text
    assert 'aria-invalid="true"' in again.text
    assert browser.post("/groups/support/members", {"party": "XXX"}).status_code == 422
    assert browser.post("/groups/support/officers", {"user": "1", "office": "king"}).status_code == 422


def test_the_chair_changes_the_openness_the_secretariat_does_not(
    app: Flask, world: World, group: Group, chair: Browser
) -> None:
    said = {"title": "Support", "mandate": "", "openness": "members"}
    secretariat = Browser(app, world.user(platform_role=PlatformRole.SECRETARIAT))
    secretariat.post("/groups/support/edit", said)
    assert Browser(app).get("/groups/support").status_code == 200
    assert chair.post("/groups/support/edit", said).status_code == 302
    assert Browser(app).get("/groups/support").status_code == 404


def test_the_list_filters_by_pillar(app: Flask, world: World, group: Group, chair: Browser) -> None:
    chair.post("/groups/support/edit", {"title": "Support", "pillars": ["cbms"], "openness": "public"})
    assert "/groups/support" in Browser(app).get("/groups?pillar=cbms").text
    assert "/groups/support" not in Browser(app).get("/groups?pillar=threats").text


@pytest.mark.parametrize("path", ["/groups/new", "/groups/support/edit", "/groups/support/members"])
def test_pages_of_those_who_manage_are_theirs(delegate: Browser, group: Group, path: str) -> None:
    assert delegate.get(path).status_code == 403


@pytest.mark.parametrize("path", ["/groups/new", "/groups/support/threads/new"])
def test_who_is_not_signed_in_is_sent_to_sign_in(browser: Browser, group: Group, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in?next=")


def test_a_delegate_begins_a_thread(world: World, delegate: Browser, group: Group) -> None:
    assert delegate.get("/groups/support/threads/new").status_code == 200
    made = delegate.post("/groups/support/threads/new", {"title": "A thread", "body": "**First** words", "id": uid()})
    page = delegate.get(made.location).text
    assert "<strong>First</strong> words" in page
    assert "A thread" in delegate.get("/groups/support").text


def test_a_post_sent_twice_is_there_once(world: World, delegate: Browser, thread: Thread) -> None:
    form = {"body": "Once", "id": uid()}
    places = [delegate.post(f"/threads/{thread.id}/posts", form).location for _ in range(2)]
    assert places[0] == places[1] == f"/threads/{thread.id}?post=2#post-2"
    assert [post.body for post in posts(world)] == ["Who answers at night?", "Once"]


def test_a_post_without_words_comes_back(delegate: Browser, thread: Thread) -> None:
    again = delegate.post(f"/threads/{thread.id}/posts", {"body": "  ", "id": uid()})
    assert again.status_code == 422
    assert 'aria-invalid="true"' in again.text


def test_a_post_that_is_too_long_comes_back_whole(delegate: Browser, thread: Thread) -> None:
    words = "x" * 20_001
    again = delegate.post(f"/threads/{thread.id}/posts", {"body": words, "id": uid()})
    assert again.status_code == 413
    assert words in again.text


def test_a_quoting_post_shows_what_it_answers(delegate: Browser, thread: Thread) -> None:
    assert 'name="quotes" type="hidden" value="1"' in delegate.get(f"/threads/{thread.id}?quote=1").text
    made = delegate.post(f"/threads/{thread.id}/posts", {"body": "We do.", "quotes": "1", "id": uid()})
    assert re.search(r'class="quoted plain"[^>]*post=1[^>]*>', delegate.get(made.location).text)


def test_a_quote_of_nothing_does_no_harm(delegate: Browser, thread: Thread) -> None:
    for nonsense in ("99", "x", "-1", "1" * 30):
        assert delegate.get(f"/threads/{thread.id}?quote={nonsense}&page=x&post=y").status_code == 200


def test_a_post_is_edited_and_its_history_shown(
    world: World, delegate: Browser, browser: Browser, thread: Thread
) -> None:
    first = posts(world)[0]
    page = delegate.get(f"/posts/{first.id}/edit").text
    assert 'name="revision" type="hidden" value="1"' in page
    edited = delegate.post(f"/posts/{first.id}/edit", {"body": "Other words", "revision": "1"})
    assert edited.location == f"/threads/{thread.id}?post=1#post-1"
    history = browser.get(f"/posts/{first.id}/history").text
    assert "Other words" in history
    assert "Who answers at night?" in history


def test_a_stale_edit_shows_both_texts(world: World, delegate: Browser, thread: Thread) -> None:
    first = posts(world)[0]
    delegate.post(f"/posts/{first.id}/edit", {"body": "From one window", "revision": "1"})
    met = delegate.post(f"/posts/{first.id}/edit", {"body": "From the other", "revision": "1"})
    assert met.status_code == 412
    assert "From one window" in met.text
    assert "From the other" in met.text
    assert 'value="2"' in met.text
    assert delegate.post(f"/posts/{first.id}/edit", {"body": "Both", "revision": "2"}).status_code == 302
    assert posts(world)[0].body == "Both"


def test_the_post_of_another_is_not_edited(app: Flask, world: World, thread: Thread) -> None:
    brazil = Browser(app, world.user(party="BRA"))
    assert brazil.get(f"/posts/{posts(world)[0].id}/edit").status_code == 403
    assert brazil.post(f"/posts/{posts(world)[0].id}/edit", {"body": "x", "revision": "1"}).status_code == 403


def test_the_chair_keeps_order(chair: Browser, delegate: Browser, browser: Browser, thread: Thread) -> None:
    for act in ("pin", "close"):
        assert chair.post(f"/threads/{thread.id}/{act}").status_code == 302
    page = browser.get(f"/threads/{thread.id}").text
    assert "This thread is closed" in page
    refused = delegate.post(f"/threads/{thread.id}/posts", {"body": "Still to say", "id": uid()})
    assert refused.status_code == 409
    assert "Still to say" in refused.text
    assert re.search(r'class="error"[^>]*>This thread is closed', refused.text)
    for act in ("unpin", "reopen"):
        assert chair.post(f"/threads/{thread.id}/{act}").status_code == 302
    assert delegate.post(f"/threads/{thread.id}/close").status_code == 403
    assert chair.post(f"/threads/{thread.id}/burn").status_code == 404


def test_unread_posts_are_counted_marked_and_found(app: Flask, world: World, delegate: Browser, thread: Thread) -> None:
    brazil = Browser(app, world.user(party="BRA"))
    for number in range(3):
        brazil.post(f"/threads/{thread.id}/posts", {"body": f"Word {number}", "id": uid()})
    assert "3 new" in delegate.get("/groups/support").text
    assert "3 new" in delegate.get("/groups").text
    assert 'id="unread"' in delegate.get(f"/threads/{thread.id}").text
    sent = delegate.post(f"/threads/{thread.id}/read", {"number": "2"}, headers={"X-CSRFToken": "any"})
    assert (sent.status_code, sent.text) == (204, "")
    assert "2 new" in delegate.get("/groups/support").text
    assert delegate.post(f"/threads/{thread.id}/read").status_code == 302
    assert " new<" not in delegate.get("/groups/support").text


def test_long_threads_have_pages_and_posts_have_addresses(
    world: World, browser: Browser, kenya: User, thread: Thread
) -> None:
    with world.context():
        for number in range(2, 121):
            services.post(world.actor(kenya), thread, f"Word {number}")

    def shown(query: str) -> tuple[int, int]:
        found = [int(n) for n in re.findall(r'id="post-(\d+)"', browser.get(f"/threads/{thread.id}{query}").text)]
        assert found == list(range(found[0], found[-1] + 1))
        return found[0], found[-1]

    assert shown("") == (1, 50)
    assert shown("?page=2") == (51, 100)
    assert shown("?page=3") == shown("?page=99") == (101, 120)
    assert shown("?page=0") == (1, 50)
    assert shown("?post=50") == (1, 50)
    assert shown("?post=51") == (51, 100)
    assert shown("?post=120") == shown("?post=9999") == (101, 120)


def test_a_reader_comes_back_to_where_they_left_off(app: Flask, world: World, kenya: User, thread: Thread) -> None:
    reader = world.user(party="BRA")
    with world.context():
        for number in range(2, 71):
            services.post(world.actor(kenya), thread, f"Word {number}")
        services.mark_read(world.actor(reader), thread.id, 50)
    assert 'id="post-51"' in Browser(app, reader).get(f"/threads/{thread.id}").text


def test_hostile_words_are_shown_and_not_run(world: World, delegate: Browser, group: Group) -> None:
    hostile = '<script>alert(1)</script> [x](javascript:alert(2)) <img src=x onerror="alert(3)">'
    made = delegate.post("/groups/support/threads/new", {"title": hostile[:150], "body": hostile, "id": uid()})
    number = int(made.location.rsplit("/", 1)[1])
    delegate.post(f"/threads/{number}/posts", {"body": "So?", "quotes": "1", "id": uid()})
    for path in (
        f"/threads/{number}",
        f"/threads/{number}?quote=1",
        "/groups/support",
        f"/posts/{posts(world)[0].id}/history",
    ):
        page = delegate.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript' not in page


def test_names_are_in_the_language_of_the_page(app: Flask, world: World, group: Group, thread: Thread) -> None:
    with world.context():
        party = db.session.query(Party).filter_by(code="KEN").one()
        party.short = party.short | {"fr": "le Kenya"}
        db.session.commit()
    page = Browser(app).get("/groups/support", headers={"Accept-Language": "fr"}).text
    assert page.count("le Kenya") == 2


def test_members_stand_by_region_and_kind(app: Flask, world: World, group: Group) -> None:
    world.join(group, "OUT", PartyKind.IGO)
    with world.context():
        db.session.query(Party).filter_by(code="KEN").one().region = "african"
        db.session.commit()
    page = Browser(app).get("/groups/support").text
    heads = re.findall(r"<summary><bdi>([^<]+)</bdi>", page)
    assert heads == ["African States", "Member States", "Intergovernmental organizations"]


def test_a_post_leads_to_its_paragraph(world: World, delegate: Browser, group: Group, thread: Thread) -> None:
    version = world.version(group)
    form = {"body": "On this", "version": str(version.id), "paragraph": "p2", "id": uid()}
    page = delegate.get(delegate.post(f"/threads/{thread.id}/posts", form).location).text
    assert f"/drafts/{version.draft_id}/v/1/p/p2" in page
    leads = delegate.get(f"/posts/{posts(world)[-1].id}/paragraph")
    assert leads.location == f"/drafts/{version.draft_id}/v/1/p/p2"
    wrong = delegate.post(f"/threads/{thread.id}/posts", form | {"paragraph": "OP99", "id": uid()})
    assert wrong.status_code == 422
    assert "On this" in wrong.text


def test_experts_see_no_form(app: Flask, world: World, thread: Thread) -> None:
    expert = Browser(app, world.user(party="KEN", role=DelegationRole.EXPERT))
    page = expert.get(f"/threads/{thread.id}").text
    assert 'id="reply"' not in page
    assert expert.post(f"/threads/{thread.id}/posts", {"body": "Words", "id": uid()}).status_code == 403


def test_a_coordinator_chooses_for_whom_to_write(app: Flask, world: World, group: Group, thread: Thread) -> None:
    world.speaks_for("KEN")
    coordinator = Browser(app, world.user(party="KEN"))
    assert 'value="african-group"' in coordinator.get(f"/threads/{thread.id}").text
    form = {"body": "Together", "on_behalf_of": "african-group", "id": uid()}
    assert "African Group" in coordinator.get(coordinator.post(f"/threads/{thread.id}/posts", form).location).text


def test_an_officer_of_the_group_is_named_by_office(chair: Browser, thread: Thread) -> None:
    page = chair.get(chair.post(f"/threads/{thread.id}/posts", {"body": "Order", "id": uid()}).location).text
    assert re.search(r"<bdi>Chair</bdi>", page)


def test_posting_is_limited_by_person(
    database_url: str, tmp_path: Path, world: World, kenya: User, thread: Thread
) -> None:
    settings = settings_for(database_url, tmp_path, ratelimit_enabled=True)
    limited = create_app(settings, TESTING=True, WTF_CSRF_ENABLED=False)
    eager, patient = Browser(limited, kenya), Browser(limited, world.user(party="BRA"))
    form = {"body": ""}  # refused by the form: counted all the same
    statuses = [eager.post(f"/threads/{thread.id}/posts", form).status_code for _ in range(31)]
    assert statuses == [422] * 30 + [429]
    assert patient.post(f"/threads/{thread.id}/posts", form).status_code == 422


def uid() -> str:
    return str(uuid.uuid4())
