"""Notes of a delegation: its people share them, and nobody else gets a byte."""

from __future__ import annotations

import re

import pytest

from app.accounts.models import User
from app.drafts import services as drafts
from app.drafts.queries import draft_line
from app.policy import DelegationRole, Office
from app.proposals import services as proposals
from app.record import events_after
from tests.delegations.conftest import Room, new_id

pytestmark = pytest.mark.database
SECRET = "Our red line is the second clause."


def places(room: Room) -> list[str]:
    v, s, d = room.version, room.session, room.version.draft_id
    return [
        f"/sessions/{s.id}", f"/sessions/{s.id}/statements",
        f"/api/v1/sessions/{s.id}", f"/api/v1/sessions/{s.id}/events",
        f"/api/v1/versions/{v.id}", f"/api/v1/versions/{v.id}/compilation", f"/api/v1/drafts/{d}/versions",
        f"/drafts/{d}/v/1", f"/drafts/{d}/v/1/p/p1", f"/drafts/{d}/v/1/bracketed", f"/drafts/{d}/v/1/comments",
        f"/drafts/{d}/v/1/p/p1/proposals", f"/api/v1/versions/{v.id}.md", f"/api/v1/versions/{v.id}.json",
        f"/api/v1/versions/{v.id}.akn.xml", f"/groups/{room.group.slug}", "/search?q=red+line", "/api/v1/search?q=red",
        "/", "/texts", "/sessions", "/inbox", "/catch-up", "/follow", "/api/v1/inbox", "/api/v1/catch-up",
        f"/drafts/{d}/desk", f"/api/v1/versions/{v.id}/proposals",
    ]  # fmt: skip


def pages(room: Room, user: User | None) -> dict[str, str]:
    """What each place answers, but for what changes with each answer."""
    browser = room.as_(user)
    found = {}
    for place in places(room):
        answer = browser.get(place)
        text = answer.get_data(as_text=True) if answer.mimetype != "application/pdf" else ""
        text = re.sub(r'[0-9a-f]{8}-[0-9a-f-]{27}|"now": ?"[^"]+"|value="[^"]{40,}"|content="[^"]{40,}"', "", text)
        text = re.sub(r"\d\d:\d\d(:\d\d(\.\d+)?)?", "", text)
        found[place] = f"{answer.status_code} {text}"
    return found


def test_a_delegation_shares_its_notes_and_nobody_else_reads_a_byte(room: Room) -> None:
    before = {index: pages(room, user) for index, user in enumerate(room.others)}
    note = room.note(room.expert)
    with room.world.context():
        draft = {"kind": "suppress", "paragraph": "p1"}
        made = proposals.propose(room.world.actor(room.expert), room.version.id, draft, draft=True).id
    for index, user in enumerate(room.others):
        assert pages(room, user) == before[index], user and user.name
    for user in (room.kenya, room.expert, room.viewer):
        assert SECRET in room.as_(user).get(f"/sessions/{room.session.id}").text
        assert SECRET in room.as_(user).get(f"/drafts/{room.version.draft_id}/v/1/notes").text
    for user in room.others:
        browser = room.as_(user)
        assert browser.get(f"/notes/{note['id']}/edit").status_code == 404
        assert browser.api("GET", f"/notes/{note['id']}").status_code in (401, 404)
        assert browser.api("GET", f"/versions/{room.version.id}/notes").status_code in (401, 403, 200)
        assert SECRET not in browser.api("GET", f"/versions/{room.version.id}/notes").text
        own = browser.get(f"/sessions/{room.session.id}/own/p1")  # Brazil has one too, with nothing in it
        assert (own.status_code == 200) == (user is room.brazil)
        assert SECRET not in own.text
        assert made not in own.text
        assert browser.get(f"/proposals/{made}").status_code == 404


def test_a_delegate_who_takes_an_office_keeps_out(room: Room) -> None:
    note = room.note(room.kenya)
    room.world.officer(room.group, Office.FACILITATOR, room.kenya)
    assert room.as_(room.kenya).get(f"/notes/{note['id']}/edit").status_code == 404
    assert SECRET not in room.as_(room.kenya).get(f"/sessions/{room.session.id}").text


def test_a_stale_edit_shows_both_texts_and_loses_neither(room: Room) -> None:
    note = room.note(room.kenya)
    path = f"/notes/{note['id']}"
    first = room.as_(room.expert).api("PATCH", path, {"body": "The expert's words."}, headers={"If-Match": '"1"'})
    assert first.status_code == 200
    stale = room.as_(room.kenya).api("PATCH", path, {"body": "The negotiator's."}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert stale.json is not None
    assert (stale.json["yours"], stale.json["theirs"]) == ("The negotiator's.", "The expert's words.")
    page = room.as_(room.kenya).post(f"/notes/{note['id']}/edit", data={"body": "The negotiator's.", "revision": "1"})
    assert page.status_code == 412
    assert "The negotiator&#39;s." in page.text
    assert "The expert" in page.text


def test_a_note_follows_its_paragraph_and_says_when_the_words_changed(room: Room) -> None:
    room.note(room.kenya)
    chair = room.world.actor(room.chair)
    with room.world.context():
        working = draft_line(chair, room.version.draft_id).working
        assert working is not None
        drafts.edit_paragraph(chair, working.id, "p1", "Urges States to cooperate more;", 1)
        drafts.issue_version(chair, room.version.draft_id, label="Rev.1")
    page = room.as_(room.kenya).get(f"/drafts/{room.version.draft_id}/v/2/notes").text
    assert SECRET in page
    assert "the words changed since" in page
    assert "the words changed since" not in room.as_(room.kenya).get(f"/drafts/{room.version.draft_id}/v/1/notes").text


def test_the_events_are_in_the_delegations_own_channel_alone(room: Room) -> None:
    note = room.note(room.kenya)
    room.as_(room.viewer).post(f"/notes/{note['id']}/remove")
    with room.world.context():
        events = events_after(f"delegation:KEN:{room.group.id}", 0)
        assert [event.type for event in events] == ["note.added", "note.removed"]
        assert not any("note" in event.type for event in events_after(room.session.channel, 0))
    assert room.as_(room.kenya).get(f"/notes/{note['id']}/edit").status_code == 404


def test_the_same_note_sent_twice_is_written_once(room: Room) -> None:
    key = new_id()
    said = {"id": key, "body": "Once.", "paragraph": "p1"}
    for _time in range(2):
        room.as_(room.kenya).post(f"/versions/{room.version.id}/notes", data=said)
    listed = room.as_(room.kenya).api("GET", f"/versions/{room.version.id}/notes").json
    assert listed is not None
    assert len(listed["items"]) == 1


def test_what_cannot_be_kept_comes_back_with_its_words(room: Room) -> None:
    said = {"id": new_id(), "body": "x" * 10_001, "paragraph": "p1"}
    answer = room.as_(room.kenya).post(f"/versions/{room.version.id}/notes", data=said)
    assert answer.status_code == 413
    assert "x" * 10_001 in answer.text


@pytest.mark.parametrize("elsewhere", ["//evil.example", "/\t/evil.example", "/\\evil.example", "https://evil.example"])
def test_a_note_leads_back_and_never_elsewhere(room: Room, elsewhere: str) -> None:
    url, own = f"/versions/{room.version.id}/notes", f"/drafts/{room.version.draft_id}/v/1/notes"
    for wanted, where in (("/sessions/1#p1", "/sessions/1#p1"), (elsewhere, own)):
        answer = room.as_(room.kenya).post(
            url, data={"id": new_id(), "body": "Ours.", "paragraph": "p1", "next": wanted}
        )
        assert answer.headers["Location"] == where


def test_markup_of_a_note_is_sanitised(room: Room) -> None:
    room.note(room.kenya, "<script>alert(1)</script> **strong** [x](javascript:alert(1))")
    page = room.as_(room.expert).get(f"/drafts/{room.version.draft_id}/v/1/notes").text
    assert "<script>alert(1)" not in page
    assert "javascript:alert" not in page
    assert "<strong>strong</strong>" in page


def test_only_who_may_read_the_text_keeps_notes_on_it(room: Room) -> None:
    """A viewer is not in an invited room; nor has the delegation's role changed by a wrong address."""
    closed = room.world.group("small", openness="invited", members=("KEN",))
    version = room.world.version(closed)
    answers = {
        user.delegation_role: room.as_(user).api("POST", f"/versions/{version.id}/notes", {"body": "x"}).status_code
        for user in (room.kenya, room.expert, room.viewer)
    }
    assert answers == {DelegationRole.NEGOTIATOR: 201, DelegationRole.EXPERT: 404, DelegationRole.VIEWER: 404}
