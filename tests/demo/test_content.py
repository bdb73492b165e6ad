"""The demo world's content holds together: every reference resolves, and the texts follow the manual's punctuation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.policy import DelegationRole, Office, PartyKind

CONTENT = Path(__file__).parents[2] / "app" / "demo" / "content"
DRAFTS = ("support-elements", "points-of-contact-paper")
PILLARS = {"threats", "norms", "international_law", "cbms", "capacity_building", "regular_institutional_dialogue"}
NEGOTIATED = {"preambular", "operative", "item", "numbered"}
LINK = re.compile(r"\]\((para|version|thread|session):([^)]+)\)")
LABEL = re.compile(r"\b(PP|OP)(\d+)\b(?: \(([a-z])\))?")

Json = dict[str, Any]


@cache
def load(name: str) -> Json:
    content: Json = json.loads((CONTENT / f"{name}.json").read_text(encoding="utf-8"))
    return content


def people() -> dict[str, Json]:
    return {person["email"]: person for person in load("people")["people"]}


def groups() -> dict[str, Json]:
    return {group["slug"]: group for group in load("groups")["groups"]}


def state_groups() -> dict[str, Json]:
    return {group["name"]: group for group in load("parties")["state_groups"]}


def versions() -> dict[tuple[str, str], Json]:
    return {(draft, v["id"]): v for draft in DRAFTS for v in load(f"drafts/{draft}")["versions"]}


def texts(draft: str, version: str) -> dict[str, str]:
    return {p["key"]: p["text"] for p in versions()[draft, version]["paragraphs"]}


def labels(version: Json) -> set[str]:
    """The labels of a resolution, such as PP3, OP11 and OP11 (c)."""
    found: set[str] = set()
    count = {"preambular": 0, "operative": 0, "item": 0}
    for paragraph in version["paragraphs"]:
        kind = paragraph["kind"]
        if kind not in count:
            continue
        count[kind] += 1
        if kind == "operative":
            count["item"] = 0
        number = {"preambular": f"PP{count['preambular']}", "operative": f"OP{count['operative']}"}
        found.add(number.get(kind) or f"OP{count['operative']} ({chr(96 + count['item'])})")
    return found


def contributions() -> Iterator[tuple[str, Json]]:
    """Every comment and post, with the slug of its group."""
    for session in load("sessions")["sessions"]:
        yield from ((session["group"], event) for event in session["events"] if event["type"] == "comment")
    for thread in load("threads")["threads"]:
        yield from ((thread["group"], post) for post in thread["posts"])


def bodies() -> Iterator[str]:
    yield from (contribution["body"] for _, contribution in contributions())
    yield from (version["letter"] for version in versions().values())
    yield from (group["mandate"] for group in groups().values())


# People, parties, groups


def test_the_promised_sign_ins_exist() -> None:
    negotiators = {e for e, p in people().items() if p["role"] == "negotiator" and re.fullmatch("[a-z]{3}@.+", e)}
    assert len(negotiators) >= 34
    assert all(e.split("@")[0].upper() == people()[e]["party"] for e in negotiators)
    assert {f"{name}@chapeau.example" for name in ("chair", "secretariat", "observer")} <= set(people())


def test_people_have_a_party_and_a_role_together_and_a_name_of_their_own() -> None:
    assert all((p["party"] is None) == (p["role"] is None) for p in people().values())
    assert {p["role"] for p in people().values()} <= {*DelegationRole, None}
    assert len({p["name"] for p in people().values()}) == len(load("people")["people"]) == len(people())


def test_organisations_and_groups_of_states_are_well_formed() -> None:
    assert {o["kind"] for o in load("parties")["organisations"]} <= set(PartyKind)
    sizes = {name: len(set(group["members"])) for name, group in state_groups().items()}
    assert all(sizes[name] == len(group["members"]) for name, group in state_groups().items())
    assert (sizes["African Group"], sizes["European Union and its member States"], sizes["CARICOM"]) == (54, 27, 14)


def test_groups_name_known_officers_members_and_observers() -> None:
    organisations = {o["code"] for o in load("parties")["organisations"]} | {"VAT"}
    delegations = {p["party"] for p in people().values()}
    for group in groups().values():
        assert {o["email"] for o in group["officers"]} <= set(people())
        assert {o["office"] for o in group["officers"]} <= set(Office)
        assert [o["office"] for o in group["officers"]].count("chair") == 1
        assert set(group["members"]) <= delegations
        assert set(group["observers"]) <= organisations
        assert set(group["pillars"]) <= PILLARS
        for coordinator in group["coordinators"]:
            speaker = people()[coordinator["email"]]["party"]
            assert state_groups()[coordinator["state_group"]]["coordinator"] == speaker
    chair = {"email": "chair@chapeau.example", "office": "chair"}
    assert chair in groups()["support-after-incidents"]["officers"]


# Texts


def test_the_negotiated_text_has_three_versions_in_order() -> None:
    issued = load("drafts/support-elements")["versions"]
    assert [v["label"] for v in issued] == ["Zero draft", "Rev.1", "Rev.2"]
    assert [v["issued_at"] for v in issued] == sorted(v["issued_at"] for v in issued)
    assert all(sum(p["kind"] in NEGOTIATED for p in v["paragraphs"]) >= 40 for v in issued)


@pytest.mark.parametrize("at", sorted(versions()), ids="/".join)
def test_paragraphs_are_well_formed(at: tuple[str, str]) -> None:
    version = versions()[at]
    keys = [p["key"] for p in version["paragraphs"]]
    assert len(set(keys)) == len(keys)
    assert max(map(len, keys)) <= 40
    for paragraph in version["paragraphs"]:
        assert set(paragraph["pillars"]) <= PILLARS
        assert paragraph["norm"] is None or paragraph["norm"] in set("abcdefghijk")
        assert paragraph["text"] == " ".join(paragraph["text"].split())
        assert (paragraph["kind"] == "footnote") == ("note_to" in paragraph)
        assert paragraph.get("note_to", keys[0]) in keys
    assert version["issued_by"] in people()


@pytest.mark.parametrize("at", sorted(versions()), ids="/".join)
def test_paragraphs_end_as_the_manual_says(at: tuple[str, str]) -> None:
    """Preambular paragraphs end with a comma, operative ones with a semicolon, a chapeau with a colon, the last
    with a full stop; in reports every paragraph and every list ends with a full stop."""
    body = [p for p in versions()[at]["paragraphs"] if p["kind"] not in {"heading", "footnote"}]
    for paragraph, after in zip(body, [*body[1:], None], strict=True):
        assert paragraph["text"][-1] == _expected_end(paragraph, after), paragraph["key"]


def _expected_end(paragraph: Json, after: Json | None) -> str:
    kind, next_kind = paragraph["kind"], after and after["kind"]
    if kind in {"chapeau", "preambular"}:
        return ","
    if next_kind == "item":
        return ";" if kind == "item" else ":"
    report = kind == "numbered" or next_kind == "numbered"
    return "." if report or after is None else ";"


def test_a_paragraph_keeps_its_kind_and_the_text_really_evolves() -> None:
    kinds: dict[str, str] = {}
    for version in load("drafts/support-elements")["versions"]:
        for paragraph in version["paragraphs"]:
            assert kinds.setdefault(paragraph["key"], paragraph["kind"]) == paragraph["kind"]
    zero, rev1, rev2 = (texts("support-elements", v) for v in ("zero", "rev1", "rev2"))
    for before, after in ((zero, rev1), (rev1, rev2)):
        changed = [key for key in before.keys() & after.keys() if before[key] != after[key]]
        assert len(changed) >= 10
        assert before.keys() - after.keys()
        assert after.keys() - before.keys()
    assert list(rev1).index("pp-burden") > list(rev1).index("pp-concern")
    assert list(rev2).index("pp-burden") < list(rev2).index("pp-establishment")


# Sessions


@pytest.mark.parametrize("session", load("sessions")["sessions"], ids=lambda s: s["id"])
def test_sessions_run_in_order(session: Json) -> None:
    events = session["events"]
    assert [e["at"] for e in events] == sorted(e["at"] for e in events)
    acts = [e["type"] for e in events if e["type"] not in {"comment", "focus"}]
    assert acts[:1] == ([] if session["state"] == "scheduled" else ["open"])
    assert (acts[-2:] == ["close", "publish"]) == (session["state"] == "closed")
    number, title = re.fullmatch(r"Agenda item (\d+): (.+)", session["agenda_item"]).groups()  # type: ignore[union-attr]
    assert groups()[session["group"]]["agenda_items"][int(number) - 1] == title


@pytest.mark.parametrize("session", load("sessions")["sessions"], ids=lambda s: s["id"])
def test_comments_stand_on_words_that_are_there(session: Json) -> None:
    keyed = [e for e in session["events"] if e.get("key")]
    paragraphs = texts(session["draft"], session["version"]) if session["draft"] else {}
    for event in keyed:
        assert event["key"] in paragraphs
        if event.get("quote"):
            assert paragraphs[event["key"]].count(event["quote"]) == 1, event["quote"]
    assert all(e.get("key") or not e.get("quote") for e in session["events"])


def test_the_labels_that_speakers_cite_exist() -> None:
    for session in load("sessions")["sessions"]:
        if session["draft"] == "support-elements":
            known = labels(versions()["support-elements", session["version"]])
            assert {m.group() for e in session["events"] for m in LABEL.finditer(e.get("body", ""))} <= known


def test_the_sessions_that_the_demo_needs_are_there() -> None:
    by_id = {s["id"]: s for s in load("sessions")["sessions"]}
    second, third = by_id["second-meeting"], by_id["third-meeting"]
    assert (second["state"], third["state"], third["openness"]) == ("closed", "open", "public")
    assert 45 <= sum(e["type"] == "comment" for e in second["events"]) <= 60
    assert 25 <= sum(e["type"] == "comment" for e in third["events"]) <= 35
    assert sum(e["type"] == "suspend" for e in second["events"]) == 1
    assert [e["key"] for e in third["events"] if e["type"] == "focus"][-1] == "op-assist"
    assert any(s["openness"] == "members" and s["group"] == "capacity-building-fund" for s in by_id.values())


# Threads, and what sessions and threads share


def test_threads_are_in_order_and_quote_what_came_before() -> None:
    for thread in load("threads")["threads"]:
        assert 4 <= len(thread["posts"]) <= 10
        assert [p["number"] for p in thread["posts"]] == list(range(1, len(thread["posts"]) + 1))
        times = [p["at"] for p in thread["posts"]]
        assert times == sorted(times)
        assert all(p["quotes"] is None or p["quotes"] < p["number"] for p in thread["posts"])
        assert thread["closed"] == (thread["closed_at"] is not None)
        assert thread["closed_at"] is None or thread["closed_at"] > times[-1]
        for post in thread["posts"]:
            if post["paragraph"]:
                where = post["paragraph"]
                assert where["key"] in texts(where["draft"], where["version"])
                assert post["at"] >= versions()[where["draft"], where["version"]]["issued_at"]
    assert any(t["pinned"] for t in load("threads")["threads"])
    assert any(t["closed"] for t in load("threads")["threads"])


def test_everybody_speaks_where_they_may_and_for_whom_they_may() -> None:
    for slug, contribution in contributions():
        group, author = groups()[slug], people()[contribution["by"]]
        office = {o["email"] for o in group["officers"] if o["office"] != "observer"}
        assert author["email"] in office or author["party"] in {*group["members"], "EU"}
        assert author["role"] in {"head", "negotiator", None}
        if contribution["on_behalf_of"]:
            assert state_groups()[contribution["on_behalf_of"]]["coordinator"] == author["party"]


def test_every_link_resolves() -> None:
    threads = {t["id"] for t in load("threads")["threads"]}
    sessions = {s["id"] for s in load("sessions")["sessions"]}
    links = [match.groups() for body in bodies() for match in LINK.finditer(body)]
    assert links
    for kind, target in links:
        match (kind, *target.split("/")):
            case ("para", draft, version, key):
                assert key in texts(draft, version)
            case ("version", draft, version):
                assert (draft, version) in versions()
            case ("thread", name):
                assert name in threads
            case ("session", name):
                assert name in sessions
            case other:
                pytest.fail(f"an unknown link: {other}")
