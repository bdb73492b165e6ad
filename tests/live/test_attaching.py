"""A comment whose words are gone is attached again by hand, by who may, to words that stand there or to a paragraph."""

from __future__ import annotations

import re
import uuid

import pytest

from app.core.word import read_docx
from app.drafts import queries as texts
from app.errors import Closed, Conflict, Forbidden, Invalid, NotFound
from app.live import attaching, beside, services
from app.live.models import Comment
from app.policy import PUBLIC, Actor, Office
from app.record import events_after
from app.record.cli import faults_of
from tests.live.test_remarks import WORDS, Room
from tests.support.builders import World
from tests.support.clients import Browser

pytestmark = pytest.mark.database
GONE = "Invites States to cooperate, upon request, on mutually agreed terms;"


class Meeting(Room):
    """A room where Kenya said something of words that the next version lost."""

    def __init__(self, world: World, openness: str = "public") -> None:
        super().__init__(world, openness)
        world.join(self.group, "BRA")
        self.kenyan, self.brazilian = world.user(party="KEN"), world.user(party="BRA")
        self.brazil = world.actor(self.brazilian)
        self.say("offer assistance")
        self.second = self.issue(GONE)

    @property
    def id(self) -> str:
        (comment,) = self.comments()
        return comment.id

    def comments(self) -> list[Comment]:
        with self.world.context():
            from app.extensions import db

            return list(db.session.query(Comment).filter_by(session_id=self.session))

    def attach(self, who: Actor, paragraph: str, exact: str | None, **more: object) -> None:
        with self.world.context():
            attaching.attach(who, self.id, paragraph, {"exact": exact} if exact else None, **more)  # type: ignore[arg-type]

    def path(self, number: int, tail: str = "") -> str:
        return f"/drafts/{self.version.draft_id}/v/{number}{tail}"


@pytest.fixture
def meeting(world: World) -> Meeting:
    return Meeting(world)


def test_its_delegation_attaches_it_to_words_and_it_follows_them_from_there(meeting: Meeting) -> None:
    meeting.attach(meeting.kenya, "p2", "assistance again")
    assert meeting.remarks(meeting.second) == []
    (remark,) = meeting.remarks(meeting.second, wid="p2")
    assert remark.place is not None
    assert "Decides to offer assistance again."[slice(*remark.place)] == "assistance again"
    assert remark.original == "offer assistance"
    with meeting.world.context():
        working = texts.draft_line(meeting.chair, meeting.version.draft_id).working
        from app.drafts import services as drafts

        row = next(row for row in texts.version_paragraphs(working.id) if row.wid == "p2")
        drafts.edit_paragraph(meeting.chair, working.id, "p2", "Decides to give full assistance again.", row.revision)
        third = drafts.issue_version(meeting.chair, meeting.version.draft_id).id
    (moved,) = meeting.remarks(third, wid="p2")
    assert moved.place is not None
    assert "Decides to give full assistance again."[slice(*moved.place)] == "assistance again"


def test_earlier_versions_read_as_they_were(meeting: Meeting) -> None:
    meeting.attach(meeting.chair, "p2", "assistance again")
    (remark,) = meeting.remarks(meeting.version.id)
    assert remark.place is not None
    assert WORDS[slice(*remark.place)] == "offer assistance"
    assert meeting.remarks(meeting.version.id, wid="p2") == []


def test_it_is_attached_to_a_whole_paragraph_and_is_no_orphan_there(meeting: Meeting) -> None:
    meeting.attach(meeting.chair, "OP1", None)
    (remark,) = meeting.remarks(meeting.second)
    assert (remark.lost, remark.place, remark.how) == (False, None, "")
    page = Browser(meeting.world.app).get(meeting.path(2, "/p/p1")).text
    assert "Made on the words" in page
    assert "offer assistance" in page
    assert "these words are gone" not in page


def test_it_is_one_event_beside_the_meeting_and_the_record_of_the_meeting_stays(meeting: Meeting) -> None:
    with meeting.world.context():
        services.conduct(meeting.chair, meeting.session, "close")
        services.publish(meeting.chair, meeting.session)
        before = events_after(f"session:{meeting.session}", 0)
    meeting.attach(meeting.kenya, "p1", "cooperate")
    with meeting.world.context():
        assert events_after(f"session:{meeting.session}", 0) == before
        (event,) = events_after(f"remarks:{meeting.session}", 0)
        said = event.as_dict()
        assert (said["type"], said["actor"]["delegation"]) == ("comment.attached", "KEN")
        assert said["data"]["was"]["quote"]["exact"] == "offer assistance"
        assert list(faults_of(f"remarks:{meeting.session}")) == []


def test_another_delegation_does_not_and_neither_does_the_public(meeting: Meeting) -> None:
    for who, refusal in ((meeting.brazil, Forbidden), (PUBLIC, Exception)):
        with pytest.raises(refusal):
            meeting.attach(who, "p1", None)
    assert meeting.remarks(meeting.second)[0].lost
    brazil = Browser(meeting.world.app, meeting.brazilian)
    assert "Attach it again" not in brazil.get(meeting.path(2, "/p/p1")).text
    assert brazil.get(f"/comments/{meeting.id}/attach").status_code == 403
    assert Browser(meeting.world.app).get(f"/comments/{meeting.id}/attach").status_code in (302, 401, 403)


def test_the_secretariat_of_the_group_does(meeting: Meeting) -> None:
    office = meeting.world.officer(meeting.group, Office.SECRETARIAT)
    meeting.attach(meeting.world.actor(office), "p1", "cooperate")
    assert not meeting.remarks(meeting.second)[0].lost


@pytest.mark.parametrize("exact", ["offer assistance", "Cooperate", "co operate", "   "])
def test_only_an_exact_quotation_is_taken(meeting: Meeting, exact: str) -> None:
    with pytest.raises(Invalid):
        meeting.attach(meeting.chair, "p1", exact)
    assert meeting.remarks(meeting.second)[0].lost


def test_white_space_of_a_copy_counts_for_nothing_and_an_ambiguous_quotation_is_refused(meeting: Meeting) -> None:
    with pytest.raises(Invalid, match="more than once"):
        meeting.attach(meeting.chair, "p1", "ate")
    meeting.attach(meeting.chair, "p1", " mutually\n agreed ")
    (remark,) = meeting.remarks(meeting.second)
    assert remark.quoted == "mutually agreed"


def test_a_comment_that_stands_on_its_words_is_left_there(world: World) -> None:
    room = Room(world)
    room.say("on mutually agreed terms")
    room.say(None)
    room.issue(GONE)
    with world.context():
        from app.extensions import db

        ids = [comment.id for comment in db.session.query(Comment)]
        for id_ in ids:
            with pytest.raises(Closed):
                attaching.attach(room.chair, id_, "p2", None)


def test_who_looked_at_an_older_version_looks_again(meeting: Meeting) -> None:
    with pytest.raises(Conflict):
        meeting.attach(meeting.chair, "p1", None, version_id=meeting.version.id)
    with pytest.raises(Invalid):
        meeting.attach(meeting.chair, "nowhere", None)


def test_what_was_said_in_a_closed_session_stays_with_its_readers(world: World) -> None:
    meeting = Meeting(world, openness="members")
    meeting.attach(meeting.kenya, "p2", "assistance again")
    with pytest.raises(NotFound):
        meeting.attach(PUBLIC, "p2", None)
    reader = Browser(world.app)
    for path in (meeting.path(2, "/p/p2"), meeting.path(2, "/comments"), meeting.path(2)):
        page = reader.get(path).text
        assert "On this." not in page
        assert "/comments" not in page.replace(meeting.path(2, "/comments"), "") or path.endswith("/comments")
    assert reader.get(f"/comments/{meeting.id}/attach").status_code == 404
    assert reader.api("GET", f"/versions/{meeting.second}/comments").json["items"] == []
    with world.context():
        assert len(beside.all_remarks(meeting.brazil, texts.get_version(meeting.chair, meeting.second))) == 1


def test_the_page_works_without_scripts_and_keeps_what_was_typed(meeting: Meeting) -> None:
    kenya = Browser(meeting.world.app, meeting.kenyan)
    path = f"/comments/{meeting.id}/attach"
    assert path in kenya.get(meeting.path(2, "/comments")).text
    page = kenya.get(path).text
    assert "offer assistance" in page  # the suggestion: the same words stand in the second paragraph
    assert "Attach it there" in page
    form = {"version": str(meeting.second), "paragraph": "p1", "words": "no such words", "way": "words"}
    refused = kenya.post(path, form)
    assert refused.status_code == 422
    assert "no such words" in refused.text
    assert re.search(r'<option value="p1" selected', refused.text)
    done = kenya.post(path, form | {"words": "cooperate"})
    assert done.status_code == 302
    assert f"#r-{meeting.id}" in done.headers["Location"]
    assert '<mark class="anchor">cooperate</mark>' in kenya.get(done.headers["Location"]).text


def test_a_comment_whose_paragraph_is_gone_is_on_the_page_of_the_text(meeting: Meeting) -> None:
    from app.drafts import services as drafts

    with meeting.world.context():
        working = texts.draft_line(meeting.chair, meeting.version.draft_id).working
        drafts.delete_paragraph(meeting.chair, working.id, "p1")
        drafts.issue_version(meeting.chair, meeting.version.draft_id)
    page = Browser(meeting.world.app).get(meeting.path(3, "/comments")).text
    assert "Without a place in this version" in page
    assert "On this." in page


def test_the_api_attaches_and_tells_where_comments_stand(meeting: Meeting) -> None:
    kenya = Browser(meeting.world.app, meeting.kenyan)
    path = f"/comments/{meeting.id}/attachment"
    assert kenya.api("POST", path, {"paragraph": "p1", "quote": {"exact": "nothing of it"}}).status_code == 422
    made = kenya.api("POST", path, {"paragraph": "p1", "quote": {"exact": "cooperate"}})
    assert made.status_code == 201
    assert made.json["quote"]["start"] == GONE.index("cooperate")
    (item,) = Browser(meeting.world.app).api("GET", f"/versions/{meeting.second}/comments").json["items"]
    assert (item["orphan"], item["how"]) == (False, "exact")
    assert GONE[item["start"] : item["end"]] == "cooperate"
    assert item["original"]["exact"] == "offer assistance"
    assert item["attached"][0]["actor"]["delegation"] == "KEN"


def test_comments_go_out_as_word_comments_on_their_words(meeting: Meeting) -> None:
    with meeting.world.context():
        services.table_version(meeting.chair, meeting.session, meeting.second)
        services.comment(
            meeting.kenya,
            meeting.session,
            id=str(uuid.uuid4()),
            body="Keep these.",
            paragraph="p1",
            quote={"exact": "mutually agreed"},
        )
    reader = Browser(meeting.world.app)
    for path in (meeting.path(2, "/comments.docx"), f"/sessions/{meeting.session}/comments.docx"):
        found = read_docx(reader.get(path).data)
        said = {comment.text: comment.quote for p in found.paragraphs for comment in p.comments}
        assert said["Keep these."] == "mutually agreed"
        assert any("On words that are gone" in text and "On this." in text for text in said)
        assert found.paragraphs[0].text_before == GONE
    assert "comments.docx" in reader.get(meeting.path(2, "/bracketed")).text
    assert "comments.docx" in reader.get(f"/sessions/{meeting.session}").text
