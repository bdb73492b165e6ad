"""Acceptance scenarios 3 and 4 of the domain brief."""

from __future__ import annotations

import pytest

from app.agreement import services
from app.core.rules.agreement import Level
from app.errors import Invalid
from app.policy import Office
from tests.agreement.conftest import Room

pytestmark = pytest.mark.database


def test_agreed_in_informals_pending_one_delegation_whose_condition_is_met(room: Room) -> None:
    """Scenario 3: agreed in informals "pending Iran"; a condition; when it is met it is suggested, and confirmed."""
    facilitator = room.officer(Office.FACILITATOR)
    for code in ("KEN", "BRA", "NOR"):
        room.say(code, "support")
    room.say("IRN", "conditional", condition="OP3", note="As part of the package on points of contact.")

    with pytest.raises(Invalid) as refused:
        room.mark("agreed_in_informals", who=facilitator)
    assert refused.value.field == "reason"
    room.mark("agreed_in_informals", who=facilitator, reason="Pending only one delegation.")
    room.do(services.flag, facilitator, "p2", "pending", detail="Iran")

    told = room.summary()
    assert (told.level, told.why, told.flags) == (
        "agreed in informals",
        "Pending only one delegation.",
        [("pending", "pending", "Iran")],
    )
    assert (told.blocking, told.hard, told.suggestions) == ("Irn", True, [])
    assert [dict(one) for one in room.standing().blocking] == [
        {"holder": "IRN", "stance": "conditional", "block": "hard", "for": 1}
    ]

    room.mark("agreed_in_informals", "p3", who=facilitator)
    suggested = room.summary(reader=facilitator).suggestions
    assert [(one.name, one.label, one.met) for one in suggested] == [("Irn", "OP3", False)]
    assert room.summary().hard, "the software suggests: until a person confirms, it stands in the way"
    assert room.summary(reader=room.as_("KEN")).suggestions == []

    room.do(services.confirm_condition, facilitator, "paragraph:p2", "IRN")
    assert (room.summary().blocking, room.summary().hard) == ("", False)
    room.do(services.reopen, facilitator, "p3", "A delegation has asked for it.")
    assert room.summary().hard, "what was promised for OP3 is in the way again when OP3 is open again"


def test_one_word_of_an_ad_ref_paragraph_changes(room: Room) -> None:
    """Scenario 4: an ad-ref paragraph; one word is edited; stances go stale, and it is reopened with the reason."""
    room.say("KEN", "support")
    room.say("NOR", "can_live")
    room.mark("agreed_ad_ref")
    room.mark("agreed_ad_ref", "p1")
    room.edit("p2", "Invites States to provide assistance, upon request, to a State affected by a major incident;")
    room.issue()

    standing = room.standing()
    assert (standing.level, standing.reopened, standing.reason) == (Level.OPEN, True, "offer → provide")
    told = room.summary()
    assert [(line.code, line.count) for line in told.lines] == [("support", 0), ("can_live", 0)]
    assert all(stale for line in told.lines for _name, _note, _condition, stale in line.who)
    own = room.summary(reader=room.as_("KEN")).own
    assert own is not None
    assert (own.code, own.stale) == ("support", True)
    assert room.standing("p1").level == Level.AGREED_AD_REF, "the same words keep their agreement"

    room.say("KEN", "oppose")
    own = room.summary(reader=room.as_("KEN")).own
    assert own is not None
    assert (own.code, own.stale) == ("oppose", False)
    assert room.from_the_log() == room.from_the_rows()
