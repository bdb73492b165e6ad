"""The played session: the same for the same seed, believable, and its audit finds what must not be."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from app.core.text import Quote, locate
from app.demo.loader import load
from app.demo.play import script
from app.demo.play.audit import Findings, _look_at_sockets
from app.demo.play.player import Played
from app.demo.play.script import Cue
from app.demo.play.seat import Seat
from app.demo.play.stage import Stage, bank, new_stage
from app.errors import Invalid, NotFound

KEYS = ("pp-burden", "op-law-ihl", "op-norms-territory", "op-attribution", "op-definition", "op-assist", "op-register",
        "op-cb-private", "op-review")  # fmt: skip
CODES = ("KEN", "USA", "CHE", "RUS", "EST", "MEX", "CHN", "IRN", "NLD", "FJI", "JAM", "BGD", "ZMB", "SEN", "ICRC")


def stage() -> Stage:
    """A room of which only the script is asked."""
    tokens = dict.fromkeys(("chair", "facilitator", "secretariat", "observer", *CODES), "")
    words = {key: (key, f"The words of {key}, to offer assistance on mutually agreed terms;") for key in KEYS}
    return Stage(1, "committee", 1, False, words, tokens, CODES[:-1])


def cues(seed: int) -> list[Cue]:
    return [cue for step in script.script_of(stage(), seed) for cue in step.cues]


def test_the_same_seed_plays_the_same_session() -> None:
    assert cues(7) == cues(7)
    assert cues(7) != cues(8)


def test_nobody_says_the_same_twice() -> None:
    bodies = [cue.said["body"] for cue in cues(7) if cue.verb == "comment" and not cue.refused]
    assert len(bodies) > 40
    assert len(set(bodies)) == len(bodies)


def test_it_has_all_that_a_session_has() -> None:
    verbs = {cue.verb for cue in cues(7)}
    assert {"open", "roll", "focus", "comment", "propose", "position", "agree", "mode", "bridge", "suspend", "resume",
            "floor.request", "floor.give", "floor.resume", "floor.end", "list.announce_closing", "list.close", "decide",
            "explain", "gavel", "dissociate", "close"} <= verbs  # fmt: skip


def test_what_is_quoted_and_changed_stands_in_the_text(app: Flask) -> None:
    """Of sixty delegations, and each quotation finds its words."""
    with app.app_context():
        with pytest.raises(NotFound, match="demo load"):
            new_stage(60, 1)
        load()
        with pytest.raises(Invalid):
            new_stage(9, 1)
        room = new_stage(60, 1)
    assert len(room.delegations) == 60
    assert len(room.states) == 58
    content = bank()
    topics = [*content["topics"], content["assist"], *content["after_lunch"]]
    for topic in topics:
        words = room.paragraphs[topic["key"]][1]
        for said in topic["say"]:
            assert "quote" not in said or locate(words, Quote(exact=said["quote"])), said
        for said in [*topic.get("proposals", ()), *([topic["proposal"]] if "proposal" in topic else [])]:
            assert said["change"][0] in words, said


# --- The audit


def event(seq: int, channel: str = "session:1") -> dict[str, Any]:
    return {"channel": channel, "seq": seq, "hash": f"{channel}/{seq}"}


def audited(*outside: dict[str, Any], **kept: dict[int, str]) -> Findings:
    """What the audit finds when the observer heard these events and knows these."""
    room = Stage(1, "committee", 1, False, {}, {"chair": "", "observer": "", "KEN": ""}, ("KEN",))
    seats = {name: Seat(name, "http://x", 1, "") for name in ("chair", "facilitator", "secretariat", "observer", "KEN")}
    log, closed = [event(1), event(2)], [event(1, "session:1:members")]
    for name, seat in seats.items():
        for one in [*log, *closed] if name != "observer" else outside:
            seat._count(one)
    seats["observer"].kept.update(kept)
    found = Findings()
    _look_at_sockets(found, Played(room, seats), log, closed)
    return found


def test_the_audit_is_content_when_all_is_well() -> None:
    assert audited(event(1), event(2)).faults == []


@pytest.mark.parametrize(
    ("heard", "what"),
    [
        ([event(1)], "1 events lost"),
        ([event(1), event(2), event(2)], "1 events doubled"),
        ([event(2), event(1)], "events disordered"),
        ([event(1), event(2), event(1, "session:1:members")], "events leaked"),
        ([event(1), event(2) | {"hash": "another"}], "1 events lost"),
    ],
)
def test_the_audit_finds_what_must_not_be(heard: list[dict[str, Any]], what: str) -> None:
    assert any(what in fault for fault in audited(*heard).faults)
