"""The pages of proposals over HTTP: the filters of the bracketed view, and the form that issues a version."""

from __future__ import annotations

import json
import re

import pytest

from app.drafts import queries as texts
from app.drafts import services as drafts
from app.proposals import language, queries, services
from app.record import events_after
from tests.proposals.conftest import WORDS, Table
from tests.support.builders import World
from tests.support.clients import Browser

pytestmark = pytest.mark.database
PROVIDE = WORDS[1].replace("offer", "provide")
INCIDENT = WORDS[1].replace("cyberattack", "ICT incident")
THREE = WORDS[0].replace("two", "three")


def undecided(page: str) -> tuple[int, int]:
    """How many the bar says are undecided, and decided."""
    numbers = [re.search(rf'data-slot="{name}">(\d+)<', page) for name in ("undecided", "decided")]
    return tuple(int(number[1]) for number in numbers if number)  # type: ignore[return-value]


def line(page: str, id_: str) -> str:
    """The markup of one proposal in the table of fates."""
    return page.split(f'id="fate-of-{id_}"')[1].split("</details>")[0]


@pytest.fixture
def desk(table: Table) -> tuple[Browser, str]:
    return Browser(table.world.app, table.world.chair_of(table.group)), f"/drafts/{table.draft}/issue"


def tag(table: Table, wid: str, **tags: object) -> None:
    """Give a paragraph its tags at the desk, and issue."""
    with table.world.context():
        working = texts.draft_line(table.chair, table.draft).working
        row = next(row for row in texts.version_paragraphs(working.id) if row.wid == wid)
        drafts.edit_paragraph(table.chair, working.id, wid, row.text, row.revision, **tags)
    table.issue()


def test_the_bracketed_view_is_narrowed_by_norm_and_pillar_together(table: Table) -> None:
    tag(table, "p1", pillars=["norms"], norm="h")
    tag(table, "p2", pillars=["norms"])
    reader = Browser(table.world.app)
    address = f"/drafts/{table.draft}/v/3/bracketed"
    assert 'name="norm"' in reader.get(address).text
    narrowed = reader.get(f"{address}?pillar=norms&norm=h").text
    assert WORDS[0] in narrowed
    assert WORDS[1] not in narrowed
    assert f'href="{address}?pillar=norms"' in narrowed
    assert WORDS[1] in reader.get(f"{address}?pillar=norms").text
    assert "Nothing matches this choice." in reader.get(f"{address}?norm=a").text


def test_what_the_words_reflect_is_folded_and_what_needs_a_look_is_open(table: Table, desk) -> None:
    chair, address = desk
    taken, asked = table.propose("KEN", PROVIDE), table.propose("BRA", THREE, paragraph="p1")
    table.edit("p2", PROVIDE)
    page = chair.get(address).text
    assert undecided(page) == (2, 0)
    assert not re.match(r"[^<]* open>", line(page, taken))
    assert re.match(r"[^<]* open>", line(page, asked))
    assert re.search(r'value="reflected"[^>]* checked', line(page, taken))
    assert re.search(r'value="bracket"[^>]* checked', line(page, asked))
    assert page.index('id="on-p1"') < page.index('id="on-p2"')


def test_a_group_is_confirmed_as_the_form_says_and_nothing_typed_is_lost(table: Table, desk) -> None:
    chair, address = desk
    first, second = table.propose("KEN", PROVIDE), table.propose("BRA", INCIDENT)
    other = table.propose("CHE", THREE, paragraph="p1")
    form = {
        "keep": "p2",
        "letter": "A long covering note.",
        f"fate-{first}": "not_reflected",
        f"reason-{first}": "No agreement.",
        f"fate-{second}": "bracket",
        f"fate-{other}": "not_reflected",
        f"reason-{other}": "Half a rea",
    }
    answer = chair.post(address, form)
    assert answer.status_code == 200
    assert "A long covering note." in answer.text
    assert "Half a rea" in line(answer.text, other)
    assert (table.read(first).planned, table.read(first).planned_reason) == ("not_reflected", "No agreement.")
    assert table.read(second).planned == "bracket"
    assert table.read(other).planned is None
    assert undecided(chair.get(address).text) == (1, 2)
    with table.world.context():
        events = events_after(f"desk:{table.draft}", 0, types=("proposal.planned",))
    assert len(events) == 2


def test_all_are_confirmed_at_once_but_what_lacks_its_reason(table: Table, desk) -> None:
    chair, address = desk
    first, second = table.propose("KEN", PROVIDE), table.propose("BRA", THREE, paragraph="p1")
    form = {"keep": "all", f"fate-{first}": "not_reflected", f"reason-{first}": " ", f"fate-{second}": "overtaken"}
    page = chair.post(address, form).text
    assert table.read(first).planned is None
    assert table.read(second).planned == "overtaken"
    assert undecided(page) == (1, 1)


def test_a_refused_issue_keeps_every_choice_and_says_where_a_reason_is_missing(table: Table, desk) -> None:
    chair, address = desk
    first, second = table.propose("KEN", PROVIDE), table.propose("BRA", THREE, paragraph="p1")
    form = {
        "letter": "A note.",
        f"fate-{first}": "not_reflected",
        f"reason-{first}": "",
        f"fate-{second}": "overtaken",
        f"reason-{second}": "Typed with care.",
    }
    answer = chair.post(address, form)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in line(answer.text, first)
    assert re.match(r"[^<]* open>", line(answer.text, first))
    assert re.search(r'value="overtaken"[^>]* checked', line(answer.text, second))
    assert "Typed with care." in line(answer.text, second)
    assert "A note." in answer.text
    assert table.read(first).state == "live"
    form[f"reason-{first}"] = "No agreement."
    assert chair.post(address, form).status_code == 302
    assert (table.read(first).state, table.read(first).fate_reason) == ("not_reflected", "No agreement.")


def test_only_who_issues_keeps_a_plan_through_the_form(table: Table, desk) -> None:
    _chair, address = desk
    id_ = table.propose("KEN", PROVIDE)
    kenya = Browser(table.world.app, table.world.user(party="KEN"))
    assert kenya.post(address, {"keep": "all", f"fate-{id_}": "reflected"}).status_code == 404
    assert table.read(id_).planned is None


def test_only_mine_shows_no_business_of_others(table: Table) -> None:
    """What waits for another delegation is not mine; what waits for me is."""
    address = f"/drafts/{table.draft}/v/2/bracketed?show=mine"
    waits = table.propose("KEN", INCIDENT)
    table.edit("p2", WORDS[1].replace("cyberattack", "malicious ICT act"))
    table.issue(fates={waits: {"fate": "bracket"}})
    pages = {code: Browser(table.world.app, table.world.user(party=code)).get(address).text for code in ("KEN", "BRA")}
    assert "malicious ICT act" in pages["KEN"]
    assert "malicious ICT act" not in pages["BRA"]
    everything = Browser(table.world.app).get(f"/drafts/{table.draft}/v/2/bracketed").text
    assert "1 proposal: who wants what, and why" in everything


def test_a_recorded_proposal_for_the_words_that_stand_there_comes_to_the_desk(world: World) -> None:
    group = world.group("recorded", members=("KEN",))
    chair = world.chair_of(group)
    asked = {"kind": "replace", "paragraph": "a1", "sponsors": [{"name": "Kenya", "party": "KEN"}]}
    source = {
        "schema": "chapeau.text/1",
        "title": "Recorded",
        "paragraphs": [{"id": "a1", "kind": "operative", "text": "Decides to meet."}],
        "proposals": [
            asked | {"id": str(n), "number": f"P{n}", "text": t} for n, t in ((1, "Decides to meet."), (2, ""))
        ],
    }
    with world.context():
        draft, _working = drafts.import_draft(world.actor(chair), group, "Recorded", "json", json.dumps(source))
        drafts.issue_version(world.actor(chair), draft.id)
        address = f"/drafts/{draft.id}/desk/proposals/a1"
    page = Browser(world.app, chair).get(address)
    assert page.status_code == 200
    assert "the paragraph as a whole" in page.text


def test_a_refused_stance_keeps_its_note(table: Table) -> None:
    """Beside its form where the page has it; on the page of the error where nobody may speak any more."""
    id_ = table.propose("KEN", PROVIDE)
    norway = Browser(table.world.app, table.world.user(party="NOR"))
    typed = {"stance": "sing", "note": "A long thought"}
    page = norway.post(f"/proposals/{id_}/position", typed)
    assert page.status_code == 422
    assert 'name="note" maxlength="400" dir="auto" value="A long thought"' in page.text
    assert "A stance is one of" in page.text
    table.do(services.withdraw, table.as_("KEN"), id_)
    page = norway.post(f"/proposals/{id_}/position", typed | {"stance": "oppose"})
    assert page.status_code == 409
    assert "A long thought" in page.text


def test_a_refused_plan_keeps_its_reason(table: Table, desk) -> None:
    pen, _address = desk
    id_ = table.propose("KEN", PROVIDE)
    page = pen.post(f"/proposals/{id_}/plan", {"fate": "sung", "reason": "Since nobody spoke for it"})
    assert page.status_code == 422
    assert 'value="Since nobody spoke for it"' in page.text
    assert "A fate is one of" in page.text
    table.do(services.withdraw, table.as_("KEN"), id_)
    page = pen.post(f"/proposals/{id_}/plan", {"fate": "not_reflected", "reason": "Since nobody spoke for it"})
    assert page.status_code == 409
    assert "Since nobody spoke for it" in page.text


def test_a_passage_of_agreed_language_is_chosen_or_pasted(table: Table) -> None:
    with table.world.context():
        secretariat = table.world.actor(table.world.user(platform_role="secretariat"))
        passage = language.keep(secretariat, "A/RES/70/237", "Invites States to assist one another, upon request;").id
    kenya = Browser(table.world.app, table.world.user(party="KEN"))
    address = f"/drafts/{table.draft}/v/1/p/p2/propose"
    assert "A/RES/70/237: Invites States" in kenya.get(address).text
    asked = {"kind": "revert", "text": WORDS[1], "precedent": str(passage)}
    assert "verbatim" in kenya.post(address, asked | {"way": "preview"}).text
    kenya.post(address, asked | {"way": "release"})
    with table.world.context():
        row = queries.live_on(table.chair, texts.get_version(table.chair, table.version))[0]
        assert (row.kind, row.text) == ("revert", "Invites States to assist one another, upon request;")
    refused = kenya.post(address, asked | {"precedent": "99", "way": "release"})
    assert refused.status_code == 422
    assert "There is no such passage." in refused.text
    assert kenya.post(address, asked | {"text": PROVIDE, "kind": "replace", "way": "release"}).status_code == 302


def test_the_language_of_who_clicks_goes_into_no_text(table: Table, desk) -> None:
    pen, _address = desk
    french = {"Accept-Language": "fr"}
    place = table.propose("KEN", kind="placeholder")
    pen.post(f"/proposals/{place}/take", {}, headers=french)
    pen.post(f"/drafts/{table.draft}/desk/proposals/p2/bridge", {"text": PROVIDE}, headers=french)
    with table.world.context():
        working = texts.draft_line(table.chair, table.draft).working
        assert "[placeholder]" in [row.text for row in texts.version_paragraphs(working.id)]
        row = next(
            one for one in queries.live_on(table.chair, texts.get_version(table.chair, table.version)) if one.text
        )
        assert row.rationale == "Bridging text, without prejudice to the position of any delegation."
    page = Browser(table.world.app).get(f"/proposals/{row.id}", headers=french).text
    assert row.rationale not in page


def test_a_paragraph_too_long_for_the_check_of_agreed_language_opens_all_the_same(world: World) -> None:
    long = "Calls upon States " + "to act well, " * 2_000 + "now;"
    table = Table(world, long, *WORDS)
    longer = long.replace("now;", "without delay;")
    id_ = table.propose("KEN", longer, paragraph="p1", kind="revert")
    chair = Browser(world.app, world.chair_of(table.group))
    assert chair.get(f"/drafts/{table.draft}/desk/proposals/p1").status_code == 200
    assert Browser(world.app).get(f"/proposals/{id_}").status_code == 200
    form = {"kind": "replace", "text": longer, "way": "preview"}
    seen = Browser(world.app, world.user(party="BRA")).post(f"/drafts/{table.draft}/v/1/p/p1/propose", form)
    assert seen.status_code == 200


def test_what_is_to_stand_first_lies_at_the_first_desk(table: Table, desk: tuple[Browser, str]) -> None:
    chair, _issue = desk
    id_ = table.propose("KEN", "Recalling its resolutions,", kind="new_paragraph", paragraph=None)
    assert chair.get(f"/drafts/{table.draft}/desk/proposals").location.endswith("/p1")
    page = chair.get(f"/drafts/{table.draft}/desk/proposals/p1").text
    assert f"/proposals/{id_}/take" in page
    refused = chair.post(f"/proposals/{id_}/plan", {"fate": "sing", "reason": "It is late."})
    assert "It is late." in refused.text
    chair.post(f"/proposals/{id_}/take")
    with table.world.context():
        working = texts.draft_line(table.chair, table.draft).working
        assert texts.version_paragraphs(working.id)[0].text == "Recalling its resolutions,"


@pytest.mark.parametrize("target", ["/\t/elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "//["])
def test_an_act_leads_to_no_other_site(table: Table, target: str) -> None:
    id_ = table.propose("KEN", PROVIDE)
    norway = Browser(table.world.app, table.world.user(party="NOR"))
    assert norway.post(f"/proposals/{id_}/cosponsor", {"next": target}).location == f"/proposals/{id_}"
    assert norway.post("/theme", {"next": target}).location == "/"


def test_a_word_form_that_asks_for_what_no_file_asks_is_refused(table: Table) -> None:
    form = {"way": "keep", "take": "0", "kind-0": "sing", "text-0": "Louder", "paragraph-0": "p1"}
    answer = Browser(table.world.app, table.world.user(party="KEN")).post(f"/drafts/{table.draft}/v/1/word", form)
    assert answer.status_code == 422


def test_no_fate_is_given_to_words_that_the_chair_did_not_see(table: Table, desk: tuple[Browser, str]) -> None:
    chair, address = desk
    id_ = table.propose("KEN", PROVIDE)
    table.edit("p2", PROVIDE)
    sent = {f"fate-{id_}": "reflected", f"revision-{id_}": "1"}
    table.do(services.revise, table.as_("KEN"), id_, {"text": INCIDENT}, 1)
    refused = chair.post(address, sent)
    assert refused.status_code == 422
    assert "P1: The words that this question was about have changed." in refused.text
    assert table.read(id_).state == "live"
    shown = line(refused.text, id_)
    assert f'name="revision-{id_}" value="2"' in shown
    assert not re.search(r'value="reflected"[^>]* checked', shown)
