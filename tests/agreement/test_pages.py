"""The pages and the edges: forms, the socket, the map and its size, stocktaking and what was published of it."""

from __future__ import annotations

import itertools
import time

import pytest
from flask import Flask
from flask_babel import force_locale

from app.agreement import boards, plot, queries, services, views
from app.core.rules.agreement import Level
from app.core.rules.proposals import Code
from app.drafts import queries as texts
from app.extensions import db
from app.policy import PartyKind
from tests.agreement.conftest import WORDS, Room
from tests.support.builders import NOW, World
from tests.support.clients import Browser

pytestmark = pytest.mark.database


def browser_of(app: Flask, room: Room, code: str) -> Browser:
    return Browser(app, room.world.user(party=code))


def test_a_stance_and_a_level_go_by_form_too(app: Flask, room: Room) -> None:
    kenya, chair = browser_of(app, room, "KEN"), Browser(app, room.world.chair_of(room.group))
    acts = f"/sessions/{room.session}/acts"
    sent = kenya.post(f"{acts}/position", {"target": "paragraph:p2", "paragraph": "p2", "stance": "oppose"})
    assert sent.headers["Location"].endswith(f"/sessions/{room.session}#p-p2")
    refused = chair.post(f"{acts}/agree", {"paragraph": "p2", "level": "agreed", "reason": ""})
    assert refused.status_code == 422
    assert "Somebody stands in the way" in refused.get_data(as_text=True)
    kept = chair.post(f"{acts}/reopen", {"paragraph": "p2", "reason": "Words that took a while to write."})
    assert kept.status_code == 409
    assert "Words that took a while to write." in kept.get_data(as_text=True), "what was typed is not lost"
    assert chair.post(f"{acts}/agree", {"paragraph": "p2", "level": "agreed", "reason": "So be it."}).status_code == 302
    beside = kenya.get(f"/sessions/{room.session}/agreement/p2?part=beside").get_data(as_text=True)
    assert "So be it." in beside
    assert 'data-stance-own="oppose"' in beside
    assert Browser(app).post(f"{acts}/agree", {"paragraph": "p2", "level": "open"}).status_code in (401, 302)
    assert chair.post(f"{acts}/nonsense", {}).status_code == 404


def test_between_sessions_the_same_acts_are_done_on_the_text(app: Flask, room: Room) -> None:
    kenya, chair = browser_of(app, room, "KEN"), Browser(app, room.world.chair_of(room.group))
    acts = f"/drafts/{room.draft}/v/1/acts"
    assert (
        kenya.post(f"{acts}/position", {"target": "paragraph:p1", "paragraph": "p1", "stance": "support"}).status_code
        == 302
    )
    offered = chair.get(f"/drafts/{room.draft}/v/1/p/op-1/stances").get_data(as_text=True)
    assert 'value="agreed_ad_ref"' in offered
    assert 'value="agreed"' not in offered, "agreed for good in a formal meeting only"
    assert chair.post(f"{acts}/agree", {"paragraph": "p1", "level": "agreed_ad_ref"}).status_code == 302
    assert kenya.post(f"{acts}/agree", {"paragraph": "p1", "level": "open"}).status_code == 403
    page = kenya.get(f"/drafts/{room.draft}/v/1/p/op-1").get_data(as_text=True)
    assert "agreed ad referendum" in page
    assert "Ken" in page


def test_the_desk_says_what_an_edit_would_reopen(app: Flask, room: Room) -> None:
    chair = Browser(app, room.world.chair_of(room.group))
    room.mark("agreed_ad_ref")
    room.say("KEN", "support", "paragraph:p1")
    desk = f"/drafts/{room.draft}/desk"
    assert "desk-agreement" not in chair.get(desk).get_data(as_text=True)
    room.edit("p2", WORDS[1].replace("offer", "provide"))
    page = chair.get(desk).get_data(as_text=True)
    assert "OP2 is agreed ad referendum. Other words reopen it" in page
    assert page.count("desk-agreement") == 1
    room.edit("p1", WORDS[0].replace("two", "three"))
    assert "go stale when the version is issued" in chair.get(desk).get_data(as_text=True)


def test_the_map_is_for_those_who_conduct(app: Flask, room: Room) -> None:
    page = f"/drafts/{room.draft}/v/1/stances"
    assert browser_of(app, room, "KEN").get(page).status_code == 403
    assert Browser(app).get(page).status_code in (302, 401)
    room.say("KEN", "oppose")
    room.say("BRA", "support")
    shown = Browser(app, room.world.chair_of(room.group)).get(page).get_data(as_text=True)
    assert '<td role="cell" class="s-oppose">X</td>' in shown
    assert '<th scope="row" role="rowheader">' in shown
    assert "%" not in shown.split("<main")[1].split("</main>")[0], "no share is computed"


def test_five_hundred_paragraphs_by_two_hundred_delegations(app: Flask, world: World) -> None:
    """It stays a page: its 100,000 cells cost little more than their markup."""
    group = world.group("large", members=())

    version = world.version(group, *[f"Recommends measure number {n};" for n in range(500)])
    codes = [f"S{n:03}" for n in range(200)]
    with world.context():
        from app.accounts.models import Member, Party
        from app.agreement.models import WordStance
        from app.core.rules.proposals import Code
        from app.core.rules.stances import wording_of
        from app.record import transaction

        with transaction():
            for code in codes:
                names = {"en": f"State {code}"}
                db.session.add(Party(code=code, kind=PartyKind.MEMBER_STATE, short=names, formal=names, region="weog"))
            db.session.flush()
            ids = {party.code: party.id for party in db.session.query(Party)}
            for code in codes:
                db.session.add(Member(group_id=group.id, party_id=ids[code], joined_at=NOW))
            stances = [*Code]
            rows = texts.version_paragraphs(version.id)
            db.session.execute(
                WordStance.__table__.insert(),
                [
                    {
                        "draft_id": version.draft_id,
                        "target": f"paragraph:{row.wid}",
                        "openness": "",
                        "holder": code,
                        "party_id": ids[code],
                        "code": stances[(place + number) % len(stances)],
                        "note": "",
                        "met": False,
                        "view": False,
                        "wording": wording_of(row.text),
                        "version_id": version.id,
                        "at": NOW,
                    }
                    for number, row in enumerate(rows)
                    for place, code in enumerate(codes[: 200 if number < 100 else 20])
                ],
            )
    browser = Browser(app, world.chair_of(group))
    browser.get(f"/drafts/{version.draft_id}/v/1")  # templates are compiled
    began = time.perf_counter()
    page = browser.get(f"/drafts/{version.draft_id}/v/1/stances?show=all")
    took = time.perf_counter() - began
    body = page.get_data(as_text=True)
    assert 120 * 200 <= body.count("<td") < 121 * 200
    assert "from=120" in body
    assert len(body) < 3_000_000
    assert took < 20, f"{took:.1f} s"


def test_the_page_is_narrowed_by_group_and_by_what_is_in_the_way(room: Room) -> None:
    room.world.speaks_for("KEN")
    room.say("KEN", "oppose")
    room.say("BRA", "support", "paragraph:p1")
    with room.world.context(), room.world.app.test_request_context():
        line = texts.draft_line(room.chair, room.draft)
        version = texts.get_version(room.chair, room.version)

        def page(**wanted: str) -> boards.Page:
            return boards.Page(room.chair, line, version, wanted)

        assert (page().total, page().spoken, page().blocked) == (4, 2, 1)
        assert [row.summary.label for row in page(show="blocked").rows] == ["OP2"]
        assert [row.summary.label for row in page(show="spoken").rows] == ["OP1", "OP2"]
        assert page(group="african-group").columns == ["KEN"]
        assert [(bar.code, bar.count) for bar in page().rows[1].bars] == [("oppose", 1)]


def test_the_map_of_an_earlier_version_is_who_stood_where_on_its_words(app: Flask, room: Room) -> None:
    room.say("KEN", "oppose")
    room.say("BRA", "support", "paragraph:p1")
    room.say("NOR", "conditional", "paragraph:p1", note="If money is found.")
    room.mark("agreed_ad_ref", reason="Kenya is asked.")
    first, base = room.version, f"/versions/{room.version}"
    room.edit("p2", WORDS[1].replace("offer", "provide"))
    room.issue()
    room.say("KEN", "support")
    room.say("BRA", None, "paragraph:p1")
    room.say("NOR", "support", "paragraph:p1")
    room.say("IRN", "oppose", "paragraph:p1")

    chair = Browser(app, room.world.chair_of(room.group))
    stands = {row["id"]: row for row in chair.api("GET", f"{base}/board").json["paragraphs"]}
    cell = {"via": None, "stale": False, "conflict": []}
    assert stands["p2"]["stands"] == {"KEN": {"stance": "oppose", **cell}}
    assert stands["p2"]["level"] == "agreed_ad_ref"
    assert {code: at["stance"] for code, at in stands["p1"]["stands"].items()} == {
        "BRA": "support",
        "NOR": "conditional",
    }
    page = chair.get(f"/drafts/{room.draft}/v/1/stances").get_data(as_text=True)
    assert "who stood where on the words of this one" in page
    assert '<td role="cell" class="s-oppose">X</td>' in page
    today = {row["id"]: row for row in chair.api("GET", f"/versions/{room.version}/board").json["paragraphs"]}
    assert (today["p2"]["stands"]["KEN"]["stance"], today["p2"]["level"]) == ("support", "open")
    assert set(today["p1"]["stands"]) == {"NOR", "IRN"}
    sheet = chair.get(f"/drafts/{room.draft}/v/1/p/op-2/stances").get_data(as_text=True)
    assert "What stands here is as of now" in sheet
    with room.world.context():
        [norway] = [
            one for one in queries.stood(texts.get_version(room.chair, first), ("",))[1]["paragraph:p1"] if one.note
        ]
        assert (norway.holder, norway.note) == ("NOR", "If money is found.")


def test_the_log_and_the_rows_draw_the_same_map(room: Room) -> None:
    """Of the newest version the rows tell, of an earlier one the log: they must not differ at the moment of issue."""
    room.say("KEN", "oppose")
    room.say("BRA", "conditional", "paragraph:p1", condition="OP2")
    room.mark("agreed_ad_ref", reason="Kenya is asked.")
    room.do(services.confirm_condition, room.chair, "paragraph:p1", "BRA")
    room.closed()
    room.say("KEN", "support")
    room.say("NOR", "concern", "paragraph:p1")
    room.closed("public")
    room.say("NOR", None, "paragraph:p1")
    words = ("", "members")

    def map_of(version_id: int) -> object:
        with room.world.context():
            board, said = queries.stood(texts.get_version(room.chair, version_id), words)
            return dict(board), {
                target: sorted(here, key=lambda one: one.holder) for target, here in said.items() if here
            }

    first, before = room.version, map_of(room.version)
    room.issue()
    assert room.version != first
    room.say("KEN", "oppose", "paragraph:p3")
    assert map_of(first) == before


def test_the_legend_uses_the_letters_of_the_cells(app: Flask, room: Room) -> None:
    room.say("KEN", "oppose")
    chair = Browser(app, room.world.chair_of(room.group))
    page = chair.get(f"/drafts/{room.draft}/v/1/stances", headers={"Accept-Language": "fr"}).get_data(as_text=True)
    with room.world.context(), app.test_request_context(), force_locale("fr"):
        letters = {code: views.letter(code) for code in Code}
    for code, letter in letters.items():
        assert f'<span class="letter s-{code}" aria-hidden="true">{letter}</span>' in page
    assert f'<span class="letter framed" aria-hidden="true">{letters[Code.SUPPORT]}</span>' in page
    assert f'<td role="cell" class="s-oppose">{letters[Code.OPPOSE]}</td>' in page


def test_stocktaking_is_computed_from_the_log_and_published_as_it_stood(app: Flask, room: Room) -> None:
    room.mark("agreed_in_informals", "p1")
    room.mark("agreed_ad_ref", "p1")
    room.mark("agreed_ad_ref", "p2")
    room.edit("p2", WORDS[1].replace("offer", "provide"))
    room.issue()
    kenya, chair = browser_of(app, room, "KEN"), Browser(app, room.world.chair_of(room.group))
    told = kenya.api("GET", f"/drafts/{room.draft}/stocktaking").json
    assert told["levels"] == {
        "open": 3, "bracketed": 0, "agreed_in_informals": 0, "agreed_ad_ref": 1, "agreed": 0, "adopted": 0,
    }  # fmt: skip
    steps = [(step["version"], step["levels"]["open"], step["levels"]["agreed_ad_ref"]) for step in told["steps"]]
    assert steps == [
        ("Zero draft", 4, 0),
        ("Zero draft", 3, 0),
        ("Zero draft", 3, 1),
        ("Zero draft", 2, 2),
        ("Rev.1", 3, 1),
    ]
    assert kenya.post(f"/drafts/{room.draft}/stocktaking").status_code == 403
    assert chair.post(f"/drafts/{room.draft}/stocktaking").status_code == 302
    room.mark("agreed_ad_ref", "p3")
    page = Browser(app).get(f"/drafts/{room.draft}/stocktaking/1").get_data(as_text=True)
    with room.world.context():
        row = queries.get_stocktaking(room.chair, room.draft, 1)
        assert row.content["levels"]["agreed_ad_ref"] == 1
        assert row.sha256 in page
    live = kenya.get(f"/drafts/{room.draft}/stocktaking").get_data(as_text=True)
    assert '<polygon class="band agreed_ad_ref"' in live
    assert "<title" in live.split("<svg")[1]


def test_the_plot_is_steps_and_its_names_do_not_overlap() -> None:
    def step(at: str, **levels: int) -> dict[str, object]:
        return {"at": f"2026-11-{at}T00:00:00.000000Z", "version": "Rev.1", "levels": dict.fromkeys(Level, 0) | levels}

    assert plot.drawn([step("01", open=4)]) is None
    drawn = plot.drawn([step("01", open=100), step("02", open=97, bracketed=1, agreed=1, agreed_ad_ref=1)])
    assert drawn is not None
    assert [band.level for band in drawn.bands] == ["agreed", "agreed_ad_ref", "bracketed", "open"]
    places = [band.label_y for band in drawn.bands if band.label_y is not None]
    assert all(lower - higher >= plot.LINE for lower, higher in itertools.pairwise(places))
    assert all(len(band.points.split()) == 8 for band in drawn.bands), "two steps: four corners there, four back"


def test_programs_read_and_write_the_same(app: Flask, room: Room) -> None:
    kenya, chair = browser_of(app, room, "KEN"), Browser(app, room.world.chair_of(room.group))
    base = f"/versions/{room.version}"
    assert kenya.api("POST", f"{base}/stances", {"target": "paragraph:OP2", "stance": "oppose"}).status_code == 200
    assert kenya.api("GET", f"{base}/stances").json["items"][0]["stance"] == "oppose"
    assert chair.api("POST", f"{base}/agreement", {"paragraph": "OP2", "level": "agreed"}).status_code == 409
    body = {"paragraph": "OP2", "level": "agreed", "session": str(room.session)}
    refused = chair.api("POST", f"{base}/agreement", body)
    assert (refused.status_code, refused.json["field"], refused.json["blocking"][0]["holder"]) == (422, "reason", "KEN")
    body = {"paragraph": "OP2", "level": "agreed_ad_ref", "reason": "Pending Kenya.", "session": str(room.session)}
    assert chair.api("POST", f"{base}/agreement", body).json["type"] == "agreement.marked"
    row = next(one for one in kenya.api("GET", f"{base}/agreement").json["paragraphs"] if one["label"] == "OP2")
    assert (row["level"], row["reason"], row["blocking"][0]["stance"]) == ("agreed_ad_ref", "Pending Kenya.", "oppose")
    board = chair.api("GET", f"{base}/board").json
    assert board["paragraphs"][1]["stands"]["KEN"] == {"stance": "oppose", "via": None, "stale": False, "conflict": []}
    shown = chair.api("POST", f"{base}/bridging", {"paragraph": "OP2", "text": "Invites States to help;"}).json
    bridging = shown["data"]["bridging"]
    assert chair.api("POST", f"/bridging/{bridging}/amend", {"text": "Invites States to act;"}).status_code == 200
    assert len(kenya.api("GET", f"{base}/bridging").json["items"][0]["wordings"]) == 2
