"""Decisions over the wire: the contract's `decide`, sent twice; a vote as the room hears it."""

from __future__ import annotations

import uuid

from tests.decisions.meeting import Meeting
from tests.support.rooms import Rooms


def test_a_vote_as_the_room_hears_it(rooms: Rooms) -> None:
    world = rooms.world
    meeting = Meeting(world, ["XKE", "XME"])  # the server knows all States already
    chair, kenya = rooms.of(world.chair_of(meeting.group)), rooms.of(world.user(party="XKE", entrusted=True))
    mexico = rooms.of(world.user(party="XME"))
    session = meeting.session.id
    kenya.join(session)

    given = {"id": str(uuid.uuid4()), "kind": "vote", "target": "text", "words": "Adopts the text."}
    first = chair.write("decide", session, **given)
    assert first == chair.write("decide", session, **given)
    assert first["ok"] is True
    assert kenya.write("decide", session, **given | {"id": str(uuid.uuid4())})["error"]["code"] == "forbidden"

    assert chair.write("vote.open", session)["ok"]
    assert kenya.write("vote", session, choice="yes")["ok"]
    assert kenya.write("vote", session, choice="maybe")["error"] == {
        "code": "invalid",
        "message": "Choose one of: yes, no, abstain, not_voting.",
        "field": "choice",
    }
    assert mexico.write("vote", session, choice="no")["error"]["code"] == "forbidden"  # not entrusted by the head
    assert chair.write("vote.close", session)["ok"]
    assert kenya.write("vote", session, choice="no")["error"]["code"] == "closed"
    assert chair.write("vote.announce", session)["ok"]

    heard = [(event["type"], event["data"]) for event in kenya.wait_for(7)][:6]
    assert [type_ for type_, _data in heard] == [
        "decision.proposed",
        "vote.opened",
        "ballot.cast",
        "vote.closed",
        "vote.announced",
        "decision.adopted",
    ]
    assert "choice" not in heard[2][1]
    assert heard[4][1]["ballots"] == {"XKE": "yes"}
