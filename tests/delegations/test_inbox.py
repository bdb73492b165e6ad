"""The inbox, what was missed, and several rooms: each told what is theirs, and never of a closed room."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.accounts.models import User
from app.decisions import services as decisions
from app.delegations import inbox
from app.delegations.models import Seen
from app.drafts import services as drafts
from app.drafts.queries import draft_line
from app.extensions import db
from app.floor import services as floor
from app.groups.services import update_group
from app.live import services as live
from app.live.models import LiveSession
from app.proposals import services as proposals
from app.record import last_seq, transaction
from tests.delegations.conftest import Room, new_id

pytestmark = pytest.mark.database


def kinds(room: Room, user: User) -> list[str]:
    answer = room.as_(user).api("GET", "/inbox").json
    assert answer is not None
    return [item["kind"] for item in answer["items"]]


def propose(room: Room, user: User, **more: Any) -> str:
    given = {"kind": "replace", "paragraph": "p1", "text": "Urges States to cooperate;"}
    with room.world.context():
        return proposals.propose(room.world.actor(user), room.version.id, given, **more).id


def test_a_draft_waits_for_who_may_release_it_and_for_nobody_else(room: Room) -> None:
    propose(room, room.expert, draft=True)
    assert kinds(room, room.kenya) == ["release"]
    for user in (room.expert, room.viewer, room.brazil, room.chair, room.secretary, room.operator):
        assert kinds(room, user) == []


def test_new_words_ask_for_the_stance_again_in_one_tap(room: Room) -> None:
    proposal = propose(room, room.brazil)
    with room.world.context():
        proposals.take_position(room.world.actor(room.kenya), proposal, "support")
        given = {"kind": "replace", "paragraph": "p1", "text": "Requests States to cooperate;"}
        proposals.revise(room.world.actor(room.brazil), proposal, given, 1)
    assert kinds(room, room.kenya) == ["stale"]
    assert kinds(room, room.viewer) == ["stale"]
    kenya, viewer = room.world.actor(room.kenya), room.world.actor(room.viewer)
    with room.app.test_request_context():
        (item,) = inbox.items(kenya)
        (seen_by_viewer,) = inbox.items(viewer)
    assert seen_by_viewer.act is None
    assert item.act is not None
    room.as_(room.kenya).post(item.act[0], data=item.act[1])
    assert kinds(room, room.kenya) == []


def test_what_became_of_a_proposal_and_a_new_version_that_meets_it(room: Room) -> None:
    told, clash = propose(room, room.kenya), propose(room, room.kenya)
    chair = room.world.actor(room.chair)
    with room.world.context():
        proposals.decide(chair, told, "not_reflected", "No agreement.")
        working = draft_line(chair, room.version.draft_id).working
        assert working is not None
        drafts.edit_paragraph(chair, working.id, "p1", "Demands that States cooperate;", 1)
        drafts.issue_version(chair, room.version.draft_id, label="Rev.1", fates={clash: {"fate": "open"}})
    found = kinds(room, room.kenya)
    assert sorted(found) == ["clash", "fate"]
    assert kinds(room, room.brazil) == []


def test_the_turn_comes_first_and_goes_when_it_is_over(room: Room) -> None:
    propose(room, room.expert, draft=True)
    chair, session = room.world.actor(room.chair), room.session.id
    with room.world.context():
        floor.request_floor(room.world.actor(room.kenya), session)
    assert kinds(room, room.kenya) == ["turn", "release"]
    assert kinds(room, room.brazil) == []
    with room.world.context():
        floor.give(chair, session)
    assert kinds(room, room.kenya) == ["release"]


def test_an_open_vote_is_there_until_the_ballot_is_cast(room: Room) -> None:
    chair, decision = room.world.actor(room.chair), new_id()
    head = room.world.user(party="KEN", role=room.kenya.delegation_role, entrusted=True)
    given = {"id": decision, "kind": "vote", "target": "text", "words": "Adopts the text."}
    with room.world.context():
        update_group(chair, room.group, title="Group", mandate="", pillars=[], ruleset="first-committee-1")
        decisions.propose(chair, room.session.id, given)
        decisions.open_vote(chair, room.session.id, decision)
    assert kinds(room, head) == ["vote"]
    assert kinds(room, room.kenya) == []  # not entrusted with the vote
    with room.world.context():
        decisions.vote(room.world.actor(head), room.session.id, "yes", decision)
    assert kinds(room, head) == []


def test_who_names_us_is_told_by_whole_names(room: Room) -> None:
    room.world.party("NER", name="Niger")
    room.world.party("NGA", name="Nigeria")
    for code in ("NER", "NGA"):
        room.world.join(room.group, code)
    niger, nigeria = room.world.user(party="NER"), room.world.user(party="NGA")
    with room.world.context():
        live.comment(room.world.actor(room.brazil), room.session.id, id=new_id(), body="We agree with Nigeria.")
    assert kinds(room, nigeria) == ["mention"]
    assert kinds(room, niger) == []
    assert kinds(room, room.stranger) == []


def test_a_mention_behind_a_closed_door_is_told_to_those_who_were_there(room: Room) -> None:
    chair = room.world.actor(room.chair)
    with room.world.context():
        live.set_mode(chair, room.session.id, openness="invited")
        live.comment(room.world.actor(room.brazil), room.session.id, id=new_id(), body="What does @KEN say?")
    assert kinds(room, room.kenya) == ["mention"]
    assert kinds(room, room.expert) == []
    assert kinds(room, room.viewer) == []


def test_a_session_begins_within_the_hour(room: Room) -> None:
    soon = room.world.session(room.group, state="scheduled", title="Soon")
    with room.world.context(), transaction():
        db.session.get_one(LiveSession, soon.id).starts_at = datetime.now(UTC) + timedelta(minutes=30)
    assert kinds(room, room.kenya) == ["begins"]
    with room.world.context(), transaction():
        db.session.get_one(LiveSession, soon.id).starts_at = datetime.now(UTC) + timedelta(minutes=90)
    assert kinds(room, room.kenya) == []


def test_reading_and_putting_away_is_each_persons_own(room: Room) -> None:
    proposal = propose(room, room.expert, draft=True)
    second = room.world.user(party="KEN")
    key = f"release:{proposal}:1"
    answer = room.as_(room.kenya).api("POST", "/inbox/marks", {"keys": [key]})
    assert answer.json == {"unread": 0}
    assert kinds(room, room.kenya) == ["release"]
    room.as_(room.kenya).post("/inbox/dismiss", data={"key": key})
    assert kinds(room, room.kenya) == []
    assert kinds(room, second) == ["release"]


# --- What was missed -----------------------------------------------------------------------------------------------


def look_away(room: Room, user: User, minutes: int = 30) -> None:
    seqs = {}
    with room.world.context():
        seqs = {room.session.channel: last_seq(room.session.channel)}
    answer = room.as_(user).post(f"/sessions/{room.session.id}/seen", data={"seqs": json.dumps(seqs), "quiet": "1"})
    assert answer.status_code == 204
    with room.world.context(), transaction():
        for row in db.session.query(Seen).filter_by(user_id=user.id):
            row.at -= timedelta(minutes=minutes)


def test_the_digest_counts_what_happened_by_paragraph(room: Room) -> None:
    own = propose(room, room.kenya)
    look_away(room, room.kenya)
    with room.world.context():
        brazil = room.world.actor(room.brazil)
        for paragraph in ("p1", "p1", "p2"):
            live.comment(brazil, room.session.id, id=new_id(), body="A point.", paragraph=paragraph)
        live.take_position(brazil, room.session.id, own, "oppose")
        live.move_focus(room.world.actor(room.chair), room.session.id, "p2")
    answer = room.as_(room.kenya).api("GET", "/catch-up").json
    assert answer is not None
    (digest,) = answer["items"]
    assert (digest["comments"], digest["stances_on_own"], digest["events"]) == (3, 1, 5)
    page = room.as_(room.kenya).get(f"/sessions/{room.session.id}").text
    assert "You were away from" in page
    assert "3 comments, the Chair moved to OP2" in page
    look_away(room, room.kenya)
    assert "You were away from" not in room.as_(room.kenya).get(f"/sessions/{room.session.id}").text


def test_what_says_nothing_to_a_reader_is_no_absence(room: Room) -> None:
    theirs = propose(room, room.brazil)
    look_away(room, room.kenya)
    with room.world.context():
        floor.request_floor(room.world.actor(room.brazil), room.session.id)
    kenya = room.as_(room.kenya)
    assert "You were away from" not in kenya.get(f"/sessions/{room.session.id}").text
    assert "Nothing new" in kenya.get("/catch-up").text
    with room.world.context():
        live.take_position(room.world.actor(room.kenya), room.session.id, theirs, "support")
    assert "</span> <b>1 stance</b>" in kenya.get(f"/sessions/{room.session.id}").text


def test_no_digest_tells_of_a_closed_segment_that_one_may_not_hear(room: Room) -> None:
    for user in (room.kenya, room.viewer):
        look_away(room, user)
    chair = room.world.actor(room.chair)
    with room.world.context():
        live.set_mode(chair, room.session.id, openness="invited")
        live.comment(room.world.actor(room.brazil), room.session.id, id=new_id(), body="Between us.", paragraph="p1")
        live.set_mode(chair, room.session.id, openness="public")

    def comments(user: User) -> int:
        answer = room.as_(user).api("GET", "/catch-up").json
        assert answer is not None
        return int(answer["items"][0]["comments"])

    assert comments(room.kenya) == 1
    assert comments(room.viewer) == 0


def test_seen_goes_neither_backwards_nor_past_the_log_nor_into_other_channels(room: Room) -> None:
    channel = room.session.channel
    with room.world.context():
        head = last_seq(channel)
    for said in ({channel: 10_000}, {channel: 1}, {"delegation:BRA:1": 5}, {f"{channel}:invited": 5}):
        room.as_(room.viewer).api("POST", f"/sessions/{room.session.id}/seen", {"seqs": said})
    with room.world.context():
        rows = {row.channel: row.seq for row in db.session.query(Seen).filter_by(user_id=room.viewer.id)}
    assert rows == {channel: head}


def test_six_rooms_are_as_many_as_one_can_follow(room: Room) -> None:
    sessions = [room.world.session(room.group, title=f"Room {number}").id for number in range(7)]
    for session in sessions:
        room.as_(room.kenya).post(f"/sessions/{session}/follow")
    page = room.as_(room.kenya).get("/follow").text
    assert page.count('class="card room-card') == 6
    assert "Room 6" not in page
    room.as_(room.kenya).post(f"/sessions/{sessions[0]}/unfollow")
    room.as_(room.kenya).post(f"/sessions/{sessions[6]}/follow")
    assert "Room 6" in room.as_(room.kenya).get("/follow").text


def test_a_card_of_a_closed_segment_says_no_more_than_that(room: Room) -> None:
    chair = room.world.actor(room.chair)
    room.as_(room.viewer).post(f"/sessions/{room.session.id}/follow")
    before = room.as_(room.viewer).get("/follow").text
    assert "Speaks" in before
    with room.world.context():
        live.set_mode(chair, room.session.id, openness="invited")
        live.move_focus(chair, room.session.id, "p2")
    page = room.as_(room.viewer).get("/follow").text
    assert "A closed segment is on" in page
    assert "OP2" not in page
