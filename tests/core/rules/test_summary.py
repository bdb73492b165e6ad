"""What took place in a session is computed from its log alone."""

from __future__ import annotations

from typing import Any

from app.core.rules.summary import summarise

KENYA = {"delegation": "KEN"}
CHAIR = {"delegation": None, "role": "chair"}


def event(minute: int, type_: str, actor: dict[str, Any] = CHAIR, **data: Any) -> dict[str, Any]:
    return {"type": type_, "at": f"2026-11-24T10:{minute:02}:00.000000Z", "actor": actor, "data": data}


def turn(minute: int, party: str, request: str) -> list[dict[str, Any]]:
    said = {"request": request, "delegation": party, "kind": "general", "on_behalf_of": None, "joint": []}
    return [
        event(minute, "floor.given", **said, limit=480),
        event(minute + 2, "floor.ended", request=request, delegation=party, seconds=120.0, limit=480),
    ]


def test_a_morning_in_a_conference_room() -> None:
    op1 = [{"paragraph": "p1", "label": "OP1"}]
    log = [
        event(0, "session.scheduled", title="3rd meeting", agenda_item="Item 5", openness="public"),
        event(1, "session.opened"),
        *turn(2, "BRA", "r1"),
        event(5, "comment.added", KENYA, paragraph="p1", label="OP1"),
        event(6, "comment.added", KENYA, paragraph=None, label=None),
        event(7, "proposal.added", KENYA, paragraph="p1", label="OP1", number="P4"),
        event(8, "session.suspended"),
        event(20, "session.resumed"),
        event(21, "session.mode", mode="informal", openness="members", attribution="on_record"),
        event(30, "session.mode", mode="formal", openness="public", attribution="on_record"),
        event(31, "decision.proposed", decision="d1", kind="consensus", target="text", label="OP1", words="So."),
        event(32, "vote.announced", decision="d1", tally={"yes": 92, "no": 52, "abstain": 24, "not_voting": 0}),
        event(32, "decision.adopted", decision="d1"),
        event(33, "dissociation.made", KENYA, decision="d1", paragraphs=op1),
        event(34, "agreement.marked", level="agreed", paragraphs=op1),
        event(35, "session.closed"),
    ]
    found = summarise(log)
    assert (found.title, found.agenda_item) == ("3rd meeting", "Item 5")
    assert [(s.began[14:16], (s.ended or "")[14:16]) for s in found.sittings] == [("01", "08"), ("20", "35")]
    assert [(s.openness, (s.ended or "")[14:16]) for s in found.segments] == [("members", "30"), ("public", "35")]
    assert [(s.delegation, s.seconds) for s in found.speeches] == [("BRA", 120.0)]
    assert found.parties == {"BRA", "KEN"}
    said = [(place.label, place.comments, place.proposals) for place in found.spoken]
    assert said == [("OP1", 1, ["P4"]), ("", 1, [])]
    decided = found.decisions["d1"]
    assert (decided.outcome, decided.kind, decided.tally["yes"]) == ("adopted", "vote", 92)
    assert decided.dissociated == [("KEN", ("OP1",))]
    assert [(marked.label, marked.level) for marked in found.levels] == [("OP1", "agreed")]


def test_a_session_that_still_sits_has_no_end() -> None:
    found = summarise([event(1, "session.opened"), turn(2, "BRA", "r1")[0]])
    assert found.sittings[0].ended is None
    assert found.speeches[0].ended is None


def test_a_segment_is_closed_by_what_was_announced_at_that_time() -> None:
    def segment(minute: int, openness: str) -> dict[str, Any]:
        return event(minute, "session.mode", mode="formal", openness=openness, attribution="on_record")

    log = [
        event(0, "session.scheduled", title="3rd meeting", agenda_item="", openness="members"),
        event(1, "session.opened"),
        segment(2, "members"),
        event(3, "session.openness", openness="public", before="members"),
        segment(3, "public"),
        segment(4, "observers"),
        event(5, "session.openness", openness="observers", before="public"),
        segment(5, "observers"),
        event(6, "session.closed"),
    ]
    found = summarise(log)
    assert [s.began[14:16] for s in found.segments] == ["02", "03", "04", "05"]
    assert [s.closed for s in found.segments] == [False, False, True, False]
    assert [(s.openness, (s.ended or "")[14:16]) for s in found.closed_segments] == [("observers", "05")]
