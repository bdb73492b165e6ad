"""Versions as files over HTTP: whole, only what the reader may see, and back again without anybody's voice forged."""

from __future__ import annotations

import io
import json
import os
import re
import time
import uuid
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree
from pypdf import PdfReader
from sqlalchemy import select

from app import create_app
from app.accounts.models import Member, User
from app.core.interchange import Document, from_json, from_markdown, to_json
from app.core.word import NOTICE, write_docx
from app.drafts import exports, word_files
from app.drafts.interchange import sources
from app.drafts.queries import version_by_id
from app.extensions import db
from app.jobs.services import Task
from app.live import services as live
from app.policy import DelegationRole, Office
from app.proposals import queries, services
from app.proposals.models import ProposalRow
from app.record import transaction
from app.record.models import EventRow
from tests.conftest import settings_for
from tests.core.interchange.strategies import documents
from tests.proposals.conftest import WORDS, Table
from tests.support.clients import Browser

pytestmark = pytest.mark.database
PROVIDE = WORDS[1].replace("offer", "provide")
FORMS = ("md", "txt", "json", "pdf", "docx", "akn.xml")


def chair(table: Table) -> User:
    return table.world.chair_of(table.group)


def read(browser: Browser, version: int | str, form: str = "json", **query: str):
    answer = browser.get(f"/api/v1/versions/{version}.{form}", query_string=query)
    assert answer.status_code == 200, answer.text
    return answer


def bring(browser: Browser, table: Table, source: str, format: str = "json") -> dict:
    body = {"title": "Brought back", "format": format, "source": source}
    answer = browser.api("POST", f"/groups/{table.group.slug}/drafts", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json


@pytest.fixture
def told(table: Table) -> Table:
    """A version with proposals, stances and a comment on words."""
    table.world.speaks_for("KEN")
    first = table.propose(
        "KEN", PROVIDE, rationale="*Provide* binds more.", conditions="if funded", on_behalf_of="African Group"
    )
    table.propose("CHE", kind="suppress", paragraph="p1")
    table.propose("BRA", "Requests the *Secretary-General* to report;", kind="new_paragraph", paragraph="p3")
    table.do(services.cosponsor, table.as_("BRA"), first)
    table.do(services.take_position, table.as_("FJI"), first, "support", note="Gladly")
    with table.world.context():
        session = table.world.session(table.group, version=version_by_id(table.version))
        said = {"id": "0190f000-0000-7000-8000-000000000001", "body": "Upon *whose* request?"}
        live.comment(table.as_("NOR"), session.id, **said, paragraph="p2", quote={"exact": "upon request"})
    return table


def test_json_holds_the_text_the_proposals_the_names_and_the_comments(told: Table) -> None:
    found = read(Browser(told.world.app), told.version).json
    assert found["schema"] == "chapeau.text/1"
    assert found["notice"] == NOTICE
    assert found["platform_id"].startswith("CHP-")
    assert [(p["id"], p["kind"], p["label"], p["text"]) for p in found["paragraphs"]] == [
        (f"p{n}", "operative", f"OP{n}", text) for n, text in enumerate(WORDS, 1)
    ]
    by_kind = {p["kind"]: p for p in found["proposals"]}
    assert set(by_kind) == {"replace", "suppress", "new_paragraph"}
    asked = by_kind["replace"]
    assert (asked["text"], asked["rationale"], asked["conditions"]) == (PROVIDE, "*Provide* binds more.", "if funded")
    sponsors = [(s["party"], s["on_behalf_of"], s["lead"]) for s in asked["sponsors"]]
    assert sponsors == [("KEN", "African Group", True), ("BRA", None, False)]
    assert [(p["party"], p["stance"], p["note"]) for p in asked["positions"]] == [("FJI", "support", "Gladly")]
    assert [(w["version"], w["text"]) for w in asked["wordings"]] == [("Zero draft", PROVIDE)]
    comment = found["comments"][0]
    assert (comment["paragraph"], comment["quote"]["exact"], comment["party"]) == ("p2", "upon request", "NOR")
    assert "P. Person" not in json.dumps(found)


def test_every_form_is_there_for_who_may_read_and_for_nobody_else(world) -> None:
    closed = Table(world, openness="members", slug="closed")
    ken, outsider = Browser(world.app, world.user(party="KEN")), Browser(world.app, world.user(party="PER"))
    for form in FORMS:
        read(ken, closed.version, form)
        for other in (outsider, Browser(world.app)):
            assert other.get(f"/api/v1/versions/{closed.version}.{form}").status_code == 404
            assert other.get(f"/drafts/{closed.draft}/v/1.{form}").status_code == 404
        assert ken.get(f"/drafts/{closed.draft}/v/1.{form}").status_code == 200


def test_what_one_may_not_see_is_in_no_file(told: Table) -> None:
    told.propose("KEN", WORDS[2].replace("review", "SECRET-DRAFT"), paragraph="p3", draft=True)
    told.propose("KEN", WORDS[2].replace("review", "BEHIND-DOORS"), paragraph="p3", openness="members")
    public, ken = Browser(told.world.app), Browser(told.world.app, told.world.user(party="KEN"))
    for form in ("json", "md", "akn.xml"):
        assert "BEHIND-DOORS" not in read(public, told.version, form, view="compilation").text
        assert "SECRET-DRAFT" not in read(ken, told.version, form, view="compilation").text
        assert "BEHIND-DOORS" in read(ken, told.version, form, view="compilation").text


def test_what_a_delegation_wrote_before_it_released_stays_inside(table: Table) -> None:
    id_ = table.propose("KEN", WORDS[1].replace("offer", "FIRST-THOUGHT"), draft=True)
    table.do(services.revise, table.as_("KEN"), id_, {"text": PROVIDE}, 1)
    table.do(services.release, table.as_("KEN"), id_)
    found = read(Browser(table.world.app), table.version)
    assert "FIRST-THOUGHT" not in found.text
    assert [w["text"] for w in found.json["proposals"][0]["wordings"]] == [PROVIDE]


def content(whole: dict) -> dict:
    """What must come back: the text, the proposals, the names, the comments; not which draft they stand in."""
    for record in whole["proposals"] + whole["comments"]:
        record.pop("recorded")
    return {name: whole[name] for name in ("style", "paragraphs", "proposals", "comments")}


@pytest.mark.parametrize(("form", "format"), [("json", "json"), ("md", "markdown")])
def test_what_left_comes_back(told: Table, form: str, format: str) -> None:
    pen = Browser(told.world.app, chair(told))
    left = read(pen, told.version, form).text
    made = bring(pen, told, left, format)
    assert made["report"] == []
    assert content(read(pen, made["version"]).json) == content(read(pen, told.version).json)
    again = read(pen, made["version"], form).text
    back = [from_json(one) if form == "json" else from_markdown(one, str) for one in (left, again)]
    assert back[1].entries == back[0].entries


def test_a_file_of_many_megabytes_comes_back_too(told: Table) -> None:
    """A draft may have ten thousand comments; no event of the record is as large as its file."""
    pen = Browser(told.world.app, chair(told))
    whole = read(pen, told.version).json
    one, asked = whole["comments"][0], whole["proposals"][0]
    whole["comments"] = [
        one | {"id": f"0190f000-0000-7000-8000-{number:012}", "body": f"{number}" + " word" * 200}
        for number in range(5_000)
    ]
    whole["proposals"] += [
        asked | {"id": f"0190f000-0000-7000-9000-{number:012}", "number": f"P{number + 10}"} for number in range(600)
    ]
    source = json.dumps(whole)
    assert len(source) > 5 * 2**20
    made = bring(pen, told, source)
    waiting = read(pen, made["version"]).json
    issued = read(pen, pen.api("POST", f"/drafts/{made['id']}/versions", json={}).json["id"]).json
    for found in (waiting, issued):
        assert {comment["body"] for comment in found["comments"]} == {comment["body"] for comment in whole["comments"]}
        assert len(found["proposals"]) == len(whole["proposals"])
    with told.world.context():
        assert max(len(row.body) for row in db.session.scalars(select(EventRow))) < 2**20


def test_once_issued_what_came_in_stands_as_recorded_and_forges_nobody(told: Table) -> None:
    pen = Browser(told.world.app, chair(told))
    made = bring(pen, told, read(pen, told.version).text)
    assert Browser(told.world.app).get(f"/api/v1/versions/{made['version']}.json").status_code == 404
    issued = pen.api("POST", f"/drafts/{made['id']}/versions", json={}).json["id"]
    found = read(Browser(told.world.app), issued).json
    old = read(Browser(told.world.app), told.version).json
    assert all(record["recorded"] for record in found["proposals"] + found["comments"])
    for name in ("text", "rationale", "conditions", "sponsors", "positions", "made_on", "released_at"):
        assert [p[name] for p in found["proposals"]] == [p[name] for p in old["proposals"]]
    assert [c["body"] for c in found["comments"]] == [c["body"] for c in old["comments"]]
    compiled = Browser(told.world.app).api("GET", f"/versions/{issued}/compilation?dialect=house").json
    assert "provide – African Group; Bra; support: Fji" in compiled["paragraphs"][1]["printed"]
    with told.world.context():
        assert queries.proposals_of(told.as_("KEN"), draft_id=int(made["id"])) == []
    kenya = Browser(told.world.app, told.world.user(party="KEN", role=DelegationRole.HEAD))
    recorded = next(p["id"] for p in found["proposals"] if p["kind"] == "replace")
    for verb, browser in (("withdraw", kenya), ("withdraw", pen)):
        assert browser.api("POST", f"/proposals/{recorded}/{verb}", json={}).status_code == 403
    page = kenya.get(f"/proposals/{recorded}")
    assert "As recorded in an imported text" in page.text
    remark = kenya.get(f"/drafts/{made['id']}/v/1/p/p2").text
    assert "Comments recorded in the imported text" in remark
    assert "<em>whose</em> request?" in remark


def test_a_recorded_proposal_lives_on_into_the_next_version_and_may_be_taken_up(told: Table) -> None:
    pen = Browser(told.world.app, chair(told))
    made = bring(pen, told, read(pen, told.version).text)
    issued = pen.api("POST", f"/drafts/{made['id']}/versions", json={}).json["id"]
    recorded = next(p["id"] for p in read(pen, issued).json["proposals"] if p["kind"] == "replace")
    told.do(services.cosponsor, told.as_("NOR"), recorded)
    second = pen.api("POST", f"/drafts/{made['id']}/versions", json={}).json["id"]
    found = next(p for p in read(pen, second).json["proposals"] if p["id"] == recorded)
    assert [s["party"] for s in found["sponsors"]] == ["KEN", "BRA", "NOR"]
    assert found["text"] == PROVIDE


def test_only_who_holds_the_pen_brings_a_text_in(told: Table) -> None:
    source = read(Browser(told.world.app), told.version).text
    body = {"title": "Forged", "format": "json", "source": source}
    kenya = Browser(told.world.app, told.world.user(party="KEN"))
    assert kenya.api("POST", f"/groups/{told.group.slug}/drafts", json=body).status_code == 403
    secretary = told.world.officer(told.group, Office.SECRETARIAT)
    assert (
        Browser(told.world.app, secretary).api("POST", f"/groups/{told.group.slug}/drafts", json=body).status_code
        == 201
    )


def test_a_file_that_is_not_read_says_why_and_is_kept_on_the_page(table: Table) -> None:
    pen = Browser(table.world.app, chair(table))
    body = {"title": "X", "format": "json", "source": '{"schema": "chapeau.text/1", "paragraphs": [{"id": "p1"}]}'}
    refused = pen.api("POST", f"/groups/{table.group.slug}/drafts", json=body)
    assert (refused.status_code, refused.json["field"]) == (422, "source")
    assert "paragraphs 1" in refused.json["detail"]
    page = pen.post(f"/groups/{table.group.slug}/drafts/new", body)
    assert page.status_code == 422
    assert "chapeau.text/1" in page.text


def test_whatever_a_file_holds_comes_in_is_issued_and_leaves_in_every_form(table: Table) -> None:
    pen = Browser(table.world.app, chair(table))

    @given(document=documents())
    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
    def there_and_back(document: Document) -> None:
        made = bring(pen, table, to_json(document))
        for _version in range(2):
            issued = pen.api("POST", f"/drafts/{made['id']}/versions", json={})
            assert issued.status_code == 201, issued.text
            for form in FORMS:
                read(pen, issued.json["id"], form, view="compilation" if form in ("pdf", "akn.xml") else "")
        found = read(pen, issued.json["id"]).json
        assert len(found["proposals"]) <= len(document.proposals)  # what the text says already is reflected
        assert pen.get(f"/drafts/{made['id']}/v/1/bracketed").status_code == 200

    there_and_back()


def test_the_page_of_a_version_leads_to_every_form(table: Table) -> None:
    page = Browser(table.world.app).get(f"/drafts/{table.draft}/v/1").text
    for form in FORMS:
        assert f'href="/drafts/{table.draft}/v/1.{form}"' in page
    assert f'href="/drafts/{table.draft}/v/1.pdf?view=compilation"' in page


def test_the_pdf_says_who_wants_what_when_asked(told: Table) -> None:
    reader = Browser(told.world.app)
    for view, named in (("", False), ("compilation", True)):
        pdf = PdfReader(io.BytesIO(read(reader, told.version, "pdf", view=view).data))
        shown = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
        assert NOTICE in shown
        assert ("African Group; Bra" in shown) is named


def test_a_view_that_there_is_not_is_refused(table: Table) -> None:
    assert Browser(table.world.app).get(f"/api/v1/versions/{table.version}.pdf?view=x").status_code == 422
    assert Browser(table.world.app).get(f"/drafts/{table.draft}/v/1.pdf?view=x").status_code == 422


def test_the_xml_keeps_the_identity_of_each_paragraph(table: Table) -> None:
    root = etree.fromstring(read(Browser(table.world.app), table.version, "akn.xml").data)
    assert [found.get("wId") for found in root.iter() if found.get("wId")] == ["p1", "p2", "p3"]


def done(browser: Browser, address: str) -> dict:
    for _try in range(100):
        job = browser.get(address).json
        if job["state"] in ("done", "failed"):
            return job
        time.sleep(0.05)
    raise AssertionError("the job did not end")


def test_a_long_export_is_a_job_whose_file_is_for_its_owner_while_they_may_read(
    world, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = Table(world, openness="members", slug="closed")
    monkeypatch.setattr(exports, "LONG", 10)
    kenya = world.user(party="KEN")
    ken, brazil = Browser(world.app, kenya), Browser(world.app, world.user(party="BRA"))
    started = ken.get(f"/api/v1/versions/{table.version}.pdf")
    assert started.status_code == 202
    assert started.headers["Location"] == started.json["url"]
    job = done(ken, started.json["url"])
    assert job["state"] == "done", job
    address = job["result"]["url"]
    assert ken.get(address).data.startswith(b"%PDF")
    assert brazil.get(started.json["url"]).status_code == 404
    assert brazil.get(address).status_code == 404
    assert Browser(world.app).get(address).status_code == 404
    assert ken.get("/api/v1/exports/..%2F..%2Fchapeau.db").status_code == 404
    with world.context():
        with transaction():
            db.session.query(Member).filter_by(group_id=table.group.id, party_id=kenya.party_id).delete()
    assert ken.get(address).status_code == 404


def kept_for(table: Table, user: User) -> str:
    """The address of the file that a job made for this person."""
    arguments = {"version": table.version, "form": "json", "view": "", "language": "en"}
    with table.world.context():
        return exports.run(Task("one", user.id, arguments, lambda done, total, step: None))["url"]


def test_a_kept_export_goes_with_the_right_to_what_it_holds(table: Table) -> None:
    """The text is open to all; a proposal in the file was open to members only."""
    table.propose("KEN", PROVIDE.replace("provide", "lend"), openness="members")
    brazil = table.world.user(party="BRA")
    browser, address = Browser(table.world.app, brazil), kept_for(table, brazil)
    assert "lend" in browser.get(address).text
    with table.world.context(), transaction():
        db.session.query(Member).filter_by(group_id=table.group.id, party_id=brazil.party_id).delete()
    assert "lend" not in read(browser, table.version).text
    assert browser.get(address).status_code == 404


def test_a_kept_export_goes_when_a_proposal_in_it_is_closed(table: Table) -> None:
    id_ = table.propose("KEN", PROVIDE)
    somebody = table.world.user(name="Somebody")
    browser, address = Browser(table.world.app, somebody), kept_for(table, somebody)
    table.propose("CHE", kind="suppress", paragraph="p1")
    assert browser.get(address).status_code == 200  # what came later is not in the file, and hides nothing of it
    with table.world.context(), transaction():
        db.session.get_one(ProposalRow, id_).openness = "members"
    assert browser.get(address).status_code == 404


def test_two_sweeps_at_once_do_not_meet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("old", "older", "new"):
        (tmp_path / name).write_text("")
    for name in ("old", "older"):
        os.utime(tmp_path / name, (0, 0))
    listed = list(tmp_path.iterdir())
    monkeypatch.setattr(Path, "iterdir", lambda _folder: iter(listed))
    (tmp_path / "older").unlink()
    exports._sweep(tmp_path)
    assert sorted(os.listdir(tmp_path)) == ["new"]


def test_on_the_pages_a_long_export_shows_its_progress(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "LONG", 10)
    pen = Browser(table.world.app, chair(table))
    waiting = pen.get(f"/drafts/{table.draft}/v/1.pdf")
    assert waiting.status_code == 302
    done(pen, f"/api/v1{waiting.headers['Location']}")
    file = pen.get(pen.get(waiting.headers["Location"]).headers["Location"])
    assert file.data.startswith(b"%PDF")
    assert Browser(table.world.app).get(f"/drafts/{table.draft}/v/1.pdf").status_code == 200  # nobody waits as nobody


def test_who_is_nobody_gets_one_long_file_at_a_time(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "LONG", 10)
    nobody, address = Browser(table.world.app), f"/api/v1/versions/{table.version}.pdf"
    refused = []

    def written(*_said: object) -> bytes:
        refused.append(Browser(table.world.app).get(address))
        return b"%PDF"

    monkeypatch.setattr(exports, "_written", written)
    assert nobody.get(address).data == b"%PDF"
    assert [(one.status_code, one.headers["Retry-After"]) for one in refused] == [(429, "5")]
    monkeypatch.setattr(exports, "_written", lambda *_said: b"%PDF again")
    assert nobody.get(address).data == b"%PDF again"


def test_proposals_and_comments_make_a_file_long(told: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    with told.world.context():
        version = version_by_id(told.version)
        monkeypatch.setattr(exports, "LONG", sum(map(len, WORDS)))
        forms = [exports.Wanted(*form) for form in (("json",), ("pdf",), ("md",), ("txt",), ("md", "text"))]
        reader = told.world.actor(None)
        assert [exports.is_long(reader, version, what) for what in forms] == [True, True, True, False, False]
        for amount in sources.amounts:
            assert amount(reader, version) > 0


def test_what_was_said_behind_a_door_makes_no_file_long_outside(told: Table) -> None:
    """Whether a file comes at once or as a job would tell that something is there."""
    outside, member = told.world.actor(None), told.as_("KEN")
    with told.world.context():
        version = version_by_id(told.version)
        before = [amount(outside, version) for amount in sources.amounts]
        session = told.world.session(told.group, version=version)
        live.set_mode(told.chair, session.id, openness="members")
        live.comment(member, session.id, id=str(uuid.uuid4()), body="Behind the door.", paragraph="p1")
        live.propose(member, session.id, {"kind": "replace", "paragraph": "p1", "text": "Decides in secret;"})
        assert [amount(outside, version) for amount in sources.amounts] == before
        inside = [amount(member, version) for amount in sources.amounts]
        assert all(more > seen for more, seen in zip(inside, before, strict=True))


def test_a_word_file_is_written_beside_the_loop(told: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    told.edit("p2", PROVIDE)
    told.issue()
    beside = []
    monkeypatch.setattr(word_files, "aside", lambda work, *said: (beside.append(work), work(*said))[1])
    paths = ("v/1.docx", "v/1/bracketed.docx", "v/1/comments.docx", "compare.docx")
    for path in paths:
        assert Browser(told.world.app).get(f"/drafts/{told.draft}/{path}").status_code == 200
    assert beside == [write_docx] * len(paths)


def test_files_are_not_made_without_end(database_url: str, tmp_path: Path) -> None:
    """Every address of a file that takes work to make is limited."""
    app = create_app(settings_for(database_url, tmp_path, ratelimit_enabled=True), TESTING=True)
    files = [rule for rule in app.url_map.iter_rules() if rule.rule.endswith((".docx", ".pdf", ".akn.xml", ":form>"))]
    assert len(files) >= 9
    for rule in files:
        path = re.sub(r"<[^>]+>", "1", re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule))
        answers = [Browser(app).get(path).status_code for _time in range(61)]
        assert answers[0] == 404, path
        assert answers[-1] == 429, path
