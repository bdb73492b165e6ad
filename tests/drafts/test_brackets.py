"""Brackets of an imported text: shown as structure, asked about, followed through edits; never a word moved."""

from __future__ import annotations

import json
import re

import pytest

from app.core.text import project
from app.core.word.model import WordRefused
from app.drafts import brackets, queries, services, told
from app.drafts.models import Version
from app.drafts.views import as_paragraph
from app.errors import Forbidden, Invalid
from app.extensions import db
from app.policy import Office
from app.proposals.queries import compiled
from app.record import events_after
from tests.core.text.test_bracket_reading import REAL, real  # noqa: F401  (a fixture)
from tests.support.builders import World
from tests.support.clients import Browser
from tests.support.queries import count_queries

pytestmark = pytest.mark.database

SOURCE = """# A text

1. Parties [shall] [should] act [soon – Ruritania] and [offer | give - US; G77 delete].

2. [To this end, they

3. do [one [or two]] things. – EU]

4. And this is [never closed.
"""


class Desk:
    """A chair with a text that came in with brackets."""

    def __init__(self, world: World, source: str = SOURCE, format: str = "markdown") -> None:
        self.world = world
        self.group = world.group("group", members=("KEN",))
        self.user = world.chair_of(self.group)
        self.chair = world.actor(self.user)
        self.browser = Browser(world.app, self.user)
        with world.context():
            draft, working = services.import_draft(self.chair, self.group, "A text", format, source)
            self.draft, self.working, self.channel = draft.id, working.id, draft.desk_channel

    def found(self) -> brackets.TextBrackets:
        with self.world.context():
            return brackets.brackets_of(db.session.get_one(Version, self.working))

    def wids(self) -> list[str]:
        with self.world.context():
            return [row.wid for row in queries.version_paragraphs(self.working)]

    def texts(self) -> list[str]:
        with self.world.context():
            return [row.text for row in queries.version_paragraphs(self.working)]

    def key(self, ask: str) -> str:
        return next(q.key for q in self.found().questions if q.ask == ask)

    def answer(self, **answers: str) -> brackets.TextBrackets:
        with self.world.context():
            return brackets.answer(self.chair, self.draft, {self.key(ask): choice for ask, choice in answers.items()})

    def issue(self) -> Version:
        with self.world.context():
            return services.issue_version(self.chair, self.draft)


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


def test_what_came_in_is_understood_and_what_is_not_is_asked(desk: Desk) -> None:
    found = desk.found()
    assert (found.pairs, found.alternatives, found.over_paragraphs) == (7, 1, 1)
    assert found.holders == ("US", "G77", "EU")
    assert sorted(str(q.ask) for q in found.questions) == ["adjacent", "name", "span"]
    assert list(found.unclosed) == [desk.wids()[4]]


def test_answers_are_kept_in_the_record_and_change_no_word(desk: Desk) -> None:
    before = desk.texts()
    found = desk.answer(adjacent="alternatives", name="name")
    assert found.alternatives == 2
    assert "Ruritania" in found.holders
    assert desk.found() == found
    assert desk.texts() == before
    with desk.world.context():
        (event,) = events_after(desk.channel, 0, types=[brackets.ANSWERED])
        said = json.loads(event.body)["data"]["answers"]
    assert {(one["ask"], one["answer"]) for one in said} == {("adjacent", "alternatives"), ("name", "name")}
    assert "[shall] [should]" in {one["quote"] for one in said}


def test_the_last_answer_holds_and_the_same_answer_again_leaves_no_trace(desk: Desk) -> None:
    desk.answer(adjacent="alternatives")
    desk.answer(adjacent="alternatives")
    assert desk.answer(adjacent="two").alternatives == 1
    with desk.world.context():
        assert len(events_after(desk.channel, 0, types=[brackets.ANSWERED])) == 2


def test_brackets_follow_an_edit_and_an_answer_holds_while_its_words_stand(desk: Desk) -> None:
    desk.answer(adjacent="alternatives")
    _title, first, *_rest = desk.wids()

    def edit(text: str, revision: int) -> brackets.TextBrackets:
        with desk.world.context():
            services.edit_paragraph(desk.chair, desk.working, first, text, revision)
        return desk.found()

    assert edit("The Parties [shall] [should] act.", 1).alternatives == 1
    assert edit("The Parties [shall] [ought to] act.", 2).alternatives == 0
    assert edit("The Parties act.", 3).paragraphs[first].bracketed is False  # type: ignore[index]


def test_the_brackets_of_an_issued_version_are_those_of_its_words(desk: Desk) -> None:
    desk.answer(adjacent="alternatives")
    issued = desk.issue()
    with desk.world.context():
        before = brackets.brackets_of(db.session.get_one(Version, issued.id))
        services.delete_paragraph(desk.chair, desk.working, desk.wids()[2])
        after = brackets.brackets_of(db.session.get_one(Version, issued.id))
    assert before == after
    assert before.alternatives == 2


@pytest.mark.parametrize("answers", [{"adjacent-0000000000000000": "two"}, "wrong choice"])
def test_what_cannot_be_answered_is_refused(desk: Desk, answers) -> None:
    if isinstance(answers, str):
        answers = {desk.key("adjacent"): "perhaps"}
    with desk.world.context(), pytest.raises(Invalid):
        brackets.answer(desk.chair, desk.draft, answers)


def test_only_who_holds_the_pen_answers(desk: Desk) -> None:
    head = desk.world.user(party="KEN")
    key = desk.key("adjacent")
    with desk.world.context(), pytest.raises(Forbidden):
        brackets.answer(desk.world.actor(head), desk.draft, {key: "two"})
    assert Browser(desk.world.app, head).post(f"/drafts/{desk.draft}/report", {key: "two"}).status_code == 404
    assert Browser(desk.world.app, head).api("GET", f"/drafts/{desk.draft}/brackets").status_code == 404


# --- Pages ---------------------------------------------------------------------------------------------------------


def test_the_report_counts_names_flags_and_asks(desk: Desk) -> None:
    page = desk.browser.get(f"/drafts/{desk.draft}/report").get_data(as_text=True)
    figures = dict(re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", page))
    assert figures == {
        "brackets": "7",
        "places with alternatives": "1",
        "over several paragraphs": "1",
        "names recognised": "3",
        "paragraphs that do not close": "3",
    }
    assert "United States of America" in page
    assert "Ruritania" in page
    assert page.count('class="question"') == 3
    answered = desk.browser.post(f"/drafts/{desk.draft}/report", {desk.key("adjacent"): "alternatives"})
    assert answered.status_code == 302
    assert desk.found().alternatives == 2


def test_one_answer_for_all_brackets_side_by_side(world: World) -> None:
    desk = Desk(world, "1. [a] [b] and [c] [d].\n\n2. [e] [f] x [g] [h].")
    desk.browser.post(f"/drafts/{desk.draft}/report", {"all": "alternatives"})
    assert desk.found().alternatives == 4


def test_a_refused_answer_keeps_the_others_on_the_page(desk: Desk) -> None:
    answer = desk.browser.post(
        f"/drafts/{desk.draft}/report", {desk.key("adjacent"): "alternatives", "name-0123456789abcdef": "name"}
    )
    assert answer.status_code == 422
    assert re.search(r'value="alternatives" checked', answer.get_data(as_text=True))


def test_pages_show_brackets_as_structure(desk: Desk) -> None:
    desk.issue()
    reader = Browser(desk.world.app)
    page = reader.get(f"/drafts/{desk.draft}/v/1").get_data(as_text=True)
    assert 'data-level="2"' in page
    assert "bracket opens, level 2:" in page
    assert 'title="United States of America; Group of 77 and China: delete"' in page
    assert page.count("in-bracket") == 2
    assert "bracket goes on to" in page
    assert "closes the bracket of" in page
    assert page.count("unclosed bracket</span>") >= 1
    one = reader.get(f"/drafts/{desk.draft}/v/1/p/{desk.wids()[3]}").get_data(as_text=True)
    assert "European Union" in one
    assert "closes the bracket of" in one


def test_the_bracketed_view_counts_brackets_of_the_words_as_open_and_by_delegation(desk: Desk) -> None:
    desk.issue()

    def shown(query: str) -> list[str]:
        page = Browser(desk.world.app).get(f"/drafts/{desk.draft}/v/1/bracketed{query}").get_data(as_text=True)
        return re.findall(r'<section class="paragraph[^"]*" id="p-(\w+)"', page)

    wids = desk.wids()
    assert shown("") == wids
    assert shown("?show=open") == wids[1:]
    assert shown("?party=USA") == [wids[1]]
    assert shown("?show=open&party=EU") == [wids[3]]


def test_pages_read_brackets_in_a_fixed_number_of_statements(world: World) -> None:
    few = Desk(world)
    few.issue()
    with world.context():
        draft, _working = services.import_draft(
            few.chair, few.group, "Long", "markdown", "\n\n".join(f"{n}. [a – US] [b] [c" for n in range(1, 60))
        )
        services.issue_version(few.chair, draft.id)
        other = draft.id
    counts = []
    for number in (few.draft, other):
        with count_queries(world.app) as statements:
            assert Browser(world.app).get(f"/drafts/{number}/v/1").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]


# --- Programs ------------------------------------------------------------------------------------------------------


def test_the_api_tells_and_takes_answers(desk: Desk) -> None:
    token = {"Authorization": f"Bearer {desk.world.token(desk.user)}"}
    made = desk.browser.api(
        "POST",
        f"/groups/{desk.group.slug}/drafts",
        {"title": "Again", "format": "markdown", "source": SOURCE},
        headers=token,
    ).get_json()
    assert made["brackets"]["brackets"] == 7
    assert {q["ask"] for q in made["brackets"]["questions"]} == {"adjacent", "span", "name"}
    key = next(q["key"] for q in made["brackets"]["questions"] if q["ask"] == "adjacent")
    url = f"/drafts/{made['id']}/brackets"
    answered = desk.browser.api("POST", url, {"answers": {key: "alternatives"}}, headers=token).get_json()
    assert answered == desk.browser.api("GET", url, headers=token).get_json()
    assert answered["alternatives"] == 2
    paragraphs = desk.browser.api("GET", f"/versions/{made['version']}", headers=token).get_json()["paragraphs"]
    _title, first, opens, closes, stray = paragraphs
    assert first["has_alternatives"]
    assert [(b["state"], b["level"]) for b in closes["brackets"]] == [("closing", 1), ("closed", 2), ("closed", 3)]
    assert opens["brackets"][0]["number"] == closes["brackets"][0]["number"]
    assert closes["holders"] == [{"printed": "EU", "code": "EU"}]
    assert stray["unclosed"] == 1
    assert stray["bracketed"]
    at = first["brackets"][-1]
    assert first["text"][at["start"] : at["end"]] == "[offer | give - US; G77 delete]"
    wants = [(said["wants"], [n["code"] for n in said["names"]]) for said in at["options"][-1]]
    assert wants == [("propose", ["USA"]), ("delete", ["g77-and-china"])]


# --- A real text ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("real")
def test_a_real_text_goes_in_with_17_unclosed_paragraphs_reported_and_comes_out_the_same(world: World) -> None:
    source = REAL.read_text(encoding="utf-8")
    desk = Desk(world, source)
    page = desk.browser.get(f"/drafts/{desk.draft}/report").get_data(as_text=True)
    assert "<dt>paragraphs that do not close</dt><dd>17</dd>" in page
    assert desk.found().over_paragraphs == 6
    desk.browser.post(f"/drafts/{desk.draft}/report", {"all": "alternatives"})
    desk.issue()
    out = Browser(world.app).get(f"/drafts/{desk.draft}/v/1.md?view=text").get_data(as_text=True)
    with world.context():
        draft, _working = services.import_draft(desk.chair, desk.group, "Again", "markdown", out)
        again = [row.text for row in queries.version_paragraphs(_working.id)]
        assert sum(finding["code"] == "brackets" for finding in draft.import_report) == 17
    assert again == desk.texts()
    shown = Browser(world.app).get(f"/drafts/{desk.draft}/v/1").get_data(as_text=True)
    assert shown.count('class="br stray"') == 5


# --- Refusals ------------------------------------------------------------------------------------------------------


def test_every_refusal_of_a_word_file_has_words_in_the_readers_language() -> None:
    from pathlib import Path

    import app.core.word as word

    raised = set()
    for module in Path(word.__file__).parent.glob("*.py"):
        raised |= set(re.findall(r'WordRefused\(\s*"(\w+)"', module.read_text(encoding="utf-8")))
    assert raised
    assert raised == told.CODES


def test_a_refused_word_file_says_so_in_the_language_of_the_reader(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = WordRefused("macros", "in English")
    monkeypatch.setattr(told, "_", lambda words, **_values: f"«{words}»")
    assert told.refused_words(refused.code, str(refused)).startswith("«The file holds macros.")
    assert told.refused_words("new", "as it is") == "as it is"
    finding = {"code": "brackets", "message": "The brackets do not match: 2 opened, 1 closed."}
    assert told.finding_words(finding).startswith("«")


def test_an_officer_of_another_group_has_no_pen_here(desk: Desk) -> None:
    other = desk.world.group("other")
    user = desk.world.officer(other, Office.CHAIR)
    key = desk.key("adjacent")
    with desk.world.context(), pytest.raises(Forbidden):
        brackets.answer(desk.world.actor(user), desk.draft, {key: "two"})


# --- Proposals on such words ---------------------------------------------------------------------------------------


def test_words_proposed_without_the_brackets_are_a_plain_change_and_lose_nothing(desk: Desk) -> None:
    desk.issue()
    head = desk.world.user(party="KEN")
    first, page = desk.wids()[1], f"/drafts/{desk.draft}/v/1"
    text = next(text for text in desk.texts() if "[shall]" in text)
    wanted = text.replace("[shall] [should] act", "should act")
    browser = Browser(desk.world.app, head)
    sent = browser.post(f"{page}/p/{first}/propose", {"kind": "replace", "text": wanted, "way": "release"})
    assert sent.status_code == 302
    with desk.world.context():
        version = db.session.get_one(Version, db.session.query(Version.id).filter_by(number=1).scalar())
        made = compiled(desk.world.actor(head), version)
        base = [as_paragraph(row) for row in made.rows]
        (proposal,) = made.proposals
        assert [p.text for p in project(made.compilation, None, base)] == [p.text for p in base]
        assert [p.text for p in project(made.compilation, proposal, base)] == [
            wanted if p.id == first else p.text for p in base
        ]
    shown = browser.get(f"{page}/bracketed").get_data(as_text=True)
    assert "<bdi>Ken</bdi>" in shown
    assert 'title="United States of America; Group of 77 and China: delete"' in shown
