"""Proposals as programs meet them: the contract's calls, from one delegation's token to the next version."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask

from tests.support.builders import World
from tests.support.clients import Browser

pytestmark = pytest.mark.database
BASE = "Invites States to offer assistance;"
PROVIDE = BASE.replace("offer", "provide")


@pytest.fixture
def seats(app: Flask, world: World):
    group = world.group("table", members=("KEN", "BRA"))
    version = world.version(group, BASE, "Decides to meet again.")
    people = {code: Browser(app, world.user(party=code)) for code in ("KEN", "BRA")}
    return {"version": version, "chair": Browser(app, world.chair_of(group)), "public": Browser(app), **people}


def propose(seats, who: str = "KEN", **more):
    body = {"kind": "replace", "paragraph": "op-1", "text": PROVIDE, "rationale": "**Plainly.**"} | more
    return seats[who].api("POST", f"/versions/{seats['version'].id}/proposals", body)


def test_a_proposal_and_its_compilation(seats) -> None:
    answer = propose(seats)
    assert answer.status_code == 201
    made = answer.json
    assert (made["state"], made["number"], made["label"], made["paragraph"]) == ("live", "P1", "OP1", "p1")
    assert made["rationale_html"] == "<p><strong>Plainly.</strong></p>"
    for dialect, printed in (
        ("house", "Invites States to [offer | provide – Ken] assistance;"),
        ("rio", "Invites States to [offer / provide - Ken] assistance;"),
    ):
        path = f"/versions/{seats['version'].id}/compilation?dialect={dialect}"
        found = seats["public"].api("GET", path).json["paragraphs"]
        assert found[0]["printed"] == printed
        assert found[1]["printed"] == "Decides to meet again."
    options = found[0]["runs"][1]["options"]
    assert [option["proposals"] for option in options] == [[], [made["id"]]]


def test_a_write_with_a_key_takes_effect_once(seats) -> None:
    key = str(uuid.uuid4())
    body = {"kind": "replace", "paragraph": "p1", "text": PROVIDE}
    path = f"/versions/{seats['version'].id}/proposals"
    first, second = (seats["KEN"].api("POST", path, body, headers={"Idempotency-Key": key}) for _ in range(2))
    assert first.json == second.json
    assert len(seats["public"].api("GET", path).json["items"]) == 1


def test_a_stale_revision_gets_both_texts(seats) -> None:
    made = propose(seats).json
    path = f"/proposals/{made['id']}"
    tag = seats["KEN"].api("GET", path).headers["ETag"]
    assert seats["KEN"].api("PUT", path, {"text": "Urges States;"}, headers={"If-Match": tag}).status_code == 200
    stale = seats["KEN"].api("PUT", path, {"text": "Begs States;"}, headers={"If-Match": tag})
    assert (stale.status_code, stale.json["code"]) == (412, "conflict")
    assert (stale.json["yours"], stale.json["theirs"]) == ("Begs States;", "Urges States;")


def test_the_version_tells_each_sponsor_the_fate(seats) -> None:
    one, two = propose(seats).json, propose(seats, "BRA", kind="suppress", paragraph="p2", text="").json
    version = seats["version"]
    fates = {
        one["id"]: {"fate": "not_reflected", "reason": "Not yet."},
        two["id"]: {"fate": "bracket"},
    }
    issued = seats["chair"].api("POST", f"/drafts/{version.draft_id}/versions", {"fates": fates})
    assert issued.status_code == 201
    (mine,) = seats["KEN"].api("GET", f"/drafts/{version.draft_id}/proposals/mine").json["items"]
    assert mine["fate"] == {"state": "not_reflected", "reason": "Not yet.", "version": issued.json["id"]}
    (theirs,) = seats["BRA"].api("GET", f"/drafts/{version.draft_id}/proposals/mine").json["items"]
    assert (theirs["state"], theirs["base"], theirs["verdict"]) == ("live", issued.json["id"], "clean")


def test_a_fate_for_what_is_not_open_is_refused_and_nothing_is_issued(seats) -> None:
    path = f"/drafts/{seats['version'].draft_id}/versions"
    refused = seats["chair"].api("POST", path, {"fates": {"nothing": {"fate": "reflected"}}})
    assert (refused.status_code, refused.json["field"]) == (422, "fates")
    assert len(seats["public"].api("GET", path).json["items"]) == 1


def test_drafts_show_to_nobody_else(seats) -> None:
    made = propose(seats, draft=True).json
    path = f"/versions/{seats['version'].id}/proposals"
    assert [item["id"] for item in seats["KEN"].api("GET", path).json["items"]] == [made["id"]]
    for other in ("BRA", "chair", "public"):
        assert seats[other].api("GET", path).json == {"items": [], "next": None}
        assert seats[other].api("GET", f"/proposals/{made['id']}").status_code == 404


def test_agreed_language_is_kept_by_the_secretariat(app: Flask, world: World, seats) -> None:
    secretariat = Browser(app, world.user(platform_role="secretariat"))
    passage = {"source": "Report, paragraph 5", "text": "upon the request of the affected State"}
    assert seats["chair"].api("POST", "/precedents", passage).status_code == 403
    assert secretariat.api("POST", "/precedents", passage).status_code == 201
    found = seats["public"].api("POST", "/precedents/check", {"text": "upon the request of the affected State"})
    assert [item["verbatim"] for item in found.json["items"]] == [True]
    near = seats["public"].api("POST", "/precedents/check", {"text": "on request of the affected State"}).json["items"]
    assert [item["verbatim"] for item in near] == [False]


def test_provenance_and_concordance(seats) -> None:
    made = propose(seats).json
    version = seats["version"]
    working = seats["chair"].api("GET", f"/drafts/{version.draft_id}").json["working_copy"]
    path = f"/versions/{working}/paragraphs/p1"
    tag = seats["chair"].api("GET", path).headers["ETag"]
    seats["chair"].api("PUT", path, {"text": PROVIDE}, headers={"If-Match": tag})
    issued = seats["chair"].api("POST", f"/drafts/{version.draft_id}/versions", {}).json
    assert seats["KEN"].api("GET", f"/proposals/{made['id']}").json["state"] == "reflected"
    words = seats["public"].api("GET", f"/versions/{issued['id']}/provenance").json["paragraphs"][0]["stretches"]
    assert "".join(stretch["text"] for stretch in words) == PROVIDE
    assert [(s["text"].strip(), s["by"]) for s in words if s["by"]] == [("provide", ["Ken"])]
    items = seats["public"].api("GET", f"/drafts/{version.draft_id}/concordance").json["items"]
    assert [(item["from"], item["to"]) for item in items] == [(["OP1"], ["OP1"]), (["OP2"], ["OP2"])]
