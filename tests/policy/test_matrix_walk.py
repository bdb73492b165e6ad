"""Every cell of the matrix, tried for real: over HTTP, and over the socket where the action exists there."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.policy import MATRIX, OF_NO_GROUP, OPENNESS_FORUM, Action, Forum, PlatformRole, Role, role_in
from tests.policy.walk import (
    OPENNESS,
    Place,
    decision_in,
    draft_of,
    fresh_version,
    furnish,
    new_comment,
    new_decision,
    new_proposal,
    orphan_in,
    people_in,
    proposal_in,
    session_in,
)
from tests.silence.walk import new_silence, silence_in, text_in
from tests.support.builders import World
from tests.support.clients import Browser
from tests.support.rooms import Rooms

pytestmark = pytest.mark.database

Try = Callable[[World, Place, Browser], int]
"""Tries an action as a person; gives the status of the answer."""


def _status(browser: Browser, method: str, path: str, json: Any = None, **headers: str) -> int:
    return browser.api(method, path, json, headers=headers).status_code


_number = itertools.count()

TRIES: dict[Action, Try] = {
    Action.READ_TEXT: lambda w, p, b: _status(b, "GET", f"/versions/{p.version}"),
    Action.SEE_POSITIONS: lambda w, p, b: _status(b, "GET", f"/sessions/{session_in(w, p)}/events"),
    Action.READ_RECORD: lambda w, p, b: b.get(f"/sessions/{session_in(w, p, 'published')}/record").status_code,
    Action.READ_WORKING_COPY: lambda w, p, b: _status(b, "GET", f"/versions/{p.working}"),
    Action.COMMENT: lambda w, p, b: _status(b, "POST", f"/sessions/{session_in(w, p)}/comments", new_comment()),
    Action.EDIT_WORKING_COPY: lambda w, p, b: _status(
        b, "POST", f"/versions/{p.working}/paragraphs", {"after": p.paragraph, "text": "More words;"}
    ),
    Action.ISSUE_VERSION: lambda w, p, b: _status(
        b, "POST", f"/drafts/{p.draft}/versions", {"label": f"v {uuid.uuid4().hex[:8]}"}
    ),
    Action.CONDUCT_SESSION: lambda w, p, b: _status(b, "POST", f"/sessions/{session_in(w, p, 'scheduled')}/open"),
    Action.SET_OPENNESS: lambda w, p, b: _status(
        b, "POST", f"/sessions/{session_in(w, p)}/openness", {"openness": "invited"}
    ),
    Action.PUBLISH: lambda w, p, b: _status(b, "POST", f"/sessions/{session_in(w, p, 'closed')}/publish"),
    Action.DRAFT_PROPOSAL: lambda w, p, b: _status(
        b, "POST", f"/versions/{p.version}/proposals", new_proposal(draft=True)
    ),
    Action.PROPOSE: lambda w, p, b: _status(b, "POST", f"/versions/{p.version}/proposals", new_proposal()),
    Action.TAKE_POSITION: lambda w, p, b: _status(
        b, "POST", f"/proposals/{proposal_in(w, p)}/position", {"stance": "support"}
    ),
    Action.REQUEST_FLOOR: lambda w, p, b: _status(b, "POST", f"/sessions/{session_in(w, p)}/floor/requests", {}),
    Action.POINT_OF_ORDER: lambda w, p, b: _status(
        b, "POST", f"/sessions/{session_in(w, p)}/floor/requests", {"kind": "point_of_order"}
    ),
    Action.MANAGE_FLOOR: lambda w, p, b: _status(b, "POST", f"/sessions/{session_in(w, p)}/floor/close-list", {}),
    Action.MANAGE_DISPLAYS: lambda w, p, b: _status(b, "POST", f"/sessions/{session_in(w, p)}/displays", {}),
    Action.DECIDE_FATES: lambda w, p, b: _status(
        b, "POST", f"/proposals/{proposal_in(w, p)}/fate", {"fate": "not_reflected", "reason": "No agreement."}
    ),
    Action.DECIDE: lambda w, p, b: _status(b, "POST", f"/sessions/{session_in(w, p)}/decisions", new_decision()),
    Action.VOTE: lambda w, p, b: _status(
        b, "POST", f"/decisions/{decision_in(w, p, 'vote', 'open')[1]}/acts", {"act": "vote", "choice": "yes"}
    ),
    Action.SPEAK_TO_DECISION: lambda w, p, b: _status(
        b, "POST", f"/decisions/{decision_in(w, p)[1]}/acts", {"act": "explain", "body": "We join the consensus."}
    ),
    Action.TAKE_ROLL: lambda w, p, b: _status(b, "POST", f"/sessions/{session_in(w, p)}/roll", {"present": []}),
    Action.SEE_BOARD: lambda w, p, b: _status(b, "GET", f"/versions/{p.version}/board"),
    Action.MARK_INFORMALLY: lambda w, p, b: _status(
        b, "POST", f"/versions/{fresh_version(w, p)}/agreement", {"paragraph": "p1", "level": "agreed_in_informals"}
    ),
    Action.MARK_AGREED: lambda w, p, b: _status(
        b, "POST", f"/versions/{fresh_version(w, p)}/agreement", {"paragraph": "p1", "level": "agreed_ad_ref"}
    ),
    Action.SHOW_BRIDGING: lambda w, p, b: _status(
        b, "POST", f"/versions/{fresh_version(w, p)}/bridging", {"paragraph": "p1", "text": "Urges States to meet;"}
    ),
    Action.MARK_EDITORIAL: lambda w, p, b: _status(
        b, "POST", f"/drafts/{draft_of(w, fresh_version(w, p))}/paragraphs/p1/editorial", {"note": "A hyphen."}
    ),
    Action.NOTE_INTERNALLY: lambda w, p, b: _status(
        b, "POST", f"/versions/{p.version}/notes", {"body": "Hold this.", "paragraph": "p1"}
    ),
    Action.GIVE_STATEMENT: lambda w, p, b: _status(
        b, "POST", f"/sessions/{session_in(w, p)}/statements", {"title": "Statement", "body": "Thank you, Chair."}
    ),
    Action.KEEP_ORDER: lambda w, p, b: b.post(f"/threads/{p.thread}/pin").status_code,
    Action.ATTACH_COMMENT: lambda w, p, b: _status(
        b, "POST", f"/comments/{orphan_in(w, p, b)}/attachment", {"paragraph": "p2"}
    ),
    Action.EDIT_REPORT: lambda w, p, b: (
        b.post(
            f"/groups/{p.group.slug}/reports/new", {"title": "Report", "sessions": [session_in(w, p, "closed")]}
        ).status_code
    ),
    Action.MANAGE_MEMBERS: lambda w, p, b: (
        b.post(f"/groups/{p.group.slug}/members", {"party": w.party(f"NEW{next(_number)}").code}).status_code
    ),
    Action.PREPARE_SILENCE: lambda w, p, b: _status(b, "POST", f"/versions/{text_in(w, p)}/silence", new_silence()),
    Action.OPEN_SILENCE: lambda w, p, b: _status(
        b, "POST", f"/silence/{silence_in(w, p)}/withdraw", {"reason": "The text goes back to the table."}
    ),
    Action.BREAK_SILENCE: lambda w, p, b: _status(
        b, "POST", f"/silence/{silence_in(w, p)}/break", {"paragraphs": [{"paragraph": "p1"}]}
    ),
    Action.KEEP_PRECEDENTS: lambda w, p, b: _status(b, "POST", "/precedents", new_precedent()),
}


def new_precedent() -> dict[str, str]:
    return {"source": f"A/RES/{next(_number)}", "text": "on a voluntary basis"}


OWN_ROOM = frozenset({Action.NOTE_INTERNALLY})
"""What is done in the room of one's own delegation, about a text that one may read."""


def allowed(action: Action, role: Role, openness: str) -> bool:
    if action in OF_NO_GROUP:
        return False  # whoever walks here is somebody in one group
    if action in OWN_ROOM:
        return Forum.DELEGATION in MATRIX[action][role] and allowed(Action.READ_TEXT, role, openness)
    return OPENNESS_FORUM[openness] in MATRIX[action][role]


def expected(action: Action, role: Role, openness: str) -> set[int]:
    """What the answer must be: done; hidden from who may not read; refused to who may read but not do."""
    if allowed(action, role, openness):
        return {200, 201, 302}
    if action in OF_NO_GROUP:
        return {401} if role is Role.PUBLIC else {403}
    reading = action in (Action.READ_TEXT, Action.SEE_POSITIONS, Action.READ_RECORD, Action.READ_WORKING_COPY)
    if reading or not allowed(Action.READ_TEXT, role, openness):
        # A page sends the public to sign in before it looks; what is hidden stays hidden either way.
        return (
            {404, 302}
            if role is Role.PUBLIC and action in (Action.KEEP_ORDER, Action.MANAGE_MEMBERS, Action.EDIT_REPORT)
            else {404, 401}
        )
    return {401, 302} if role is Role.PUBLIC else {403}


def test_every_action_is_tried() -> None:
    assert set(TRIES) == set(Action)


def test_what_is_of_no_group_asks_for_a_role_of_the_platform(app: Flask, world: World) -> None:
    for role in PlatformRole:
        user = world.user(platform_role=role)
        wanted = 201 if MATRIX[Action.KEEP_PRECEDENTS][role_in(world.actor(user), None)] else 403
        assert _status(Browser(app, user), "POST", "/precedents", new_precedent()) == wanted


@pytest.mark.parametrize("openness", OPENNESS)
def test_every_cell_over_http(app: Flask, world: World, openness: str) -> None:
    group = world.group(openness=openness)
    people = people_in(world, group)
    place = furnish(world, group)
    wrong = []
    for role, user in people.items():
        browser = Browser(app, user)
        for action, attempt in TRIES.items():
            status = attempt(world, place, browser)
            wanted = expected(action, role, openness)
            if status not in wanted:
                wrong.append(f"{action} as {role} in {openness}: {status}, not {sorted(wanted)}")
    assert wrong == []


SOCKET = {
    Action.SEE_POSITIONS: ("join", {"after": 0}),
    Action.COMMENT: ("comment", {"body": "Words for the record."}),
    Action.CONDUCT_SESSION: ("focus", {"paragraph": "p1"}),
    Action.PROPOSE: ("propose", new_proposal()),
    Action.TAKE_POSITION: ("position", {"stance": "support"}),
    Action.REQUEST_FLOOR: ("floor.request", {}),
    Action.POINT_OF_ORDER: ("floor.request", {"kind": "point_of_order"}),
    Action.MANAGE_FLOOR: ("floor.give", {"delegation": "KEN"}),
    Action.MANAGE_DISPLAYS: ("display.scale", {"scale": 125}),
    Action.MARK_INFORMALLY: ("flag", {"paragraph": "p1", "flag": "placement"}),
    Action.MARK_AGREED: ("agree", {"paragraph": "p2", "level": "agreed"}),
    Action.SHOW_BRIDGING: ("bridge", {"paragraph": "p1", "text": "Urges States to meet;"}),
    Action.DECIDE: ("decide", new_decision()),
    Action.VOTE: ("vote", {"choice": "abstain"}),
    Action.SPEAK_TO_DECISION: ("explain", {"body": "We join the consensus."}),
    Action.TAKE_ROLL: ("roll", {"present": []}),
    Action.NOTE_INTERNALLY: ("delegation.join", {}),
}


@pytest.mark.parametrize("openness", OPENNESS)
def test_every_cell_over_the_socket(rooms: Rooms, openness: str) -> None:
    world = rooms.world
    group = world.group(f"walk-{next(_number)}", openness=openness)
    people = people_in(world, group)
    place = furnish(world, group)
    session = session_in(world, place)
    elsewhere = {
        Action.VOTE: decision_in(world, place, "vote", "open")[0],
        Action.SPEAK_TO_DECISION: decision_in(world, place)[0],
    }
    wrong = []
    for role, user in people.items():
        if user is None:
            continue  # the public comes with a page's cookie: tests/e2e has it in a real browser
        delegate = rooms.of(user)
        for action, (command, message) in SOCKET.items():
            if action is Action.TAKE_POSITION:
                message = message | {"target": proposal_in(world, place)}
            answer = delegate.write(command, elsewhere.get(action, session), **message)
            code = "ok" if answer["ok"] else answer["error"]["code"]
            if action is Action.MARK_AGREED and code == "ok":
                assert delegate.write("reopen", session, paragraph="p2", reason="For the next one.")["ok"]
            readable = allowed(Action.READ_TEXT, role, openness)
            wanted = "ok" if allowed(action, role, openness) else "forbidden" if readable else "not_found"
            if code != wanted:
                wrong.append(f"{command} as {role} in {openness}: {code}, not {wanted}")
    assert wrong == []
