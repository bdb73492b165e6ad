"""Statements: under embargo until they are delivered, then as open as their segment; corrected, never changed."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest

from app.accounts.models import User
from app.core.text import Kind, Paragraph, ParagraphId
from app.core.word import WordDocument, from_text, write_docx
from app.delegations import statements
from app.delegations.models import Statement
from app.errors import Conflict, DomainError
from app.extensions import db
from app.floor import services as floor
from app.live import services as live
from app.live.models import LiveSession
from app.policy import PartyKind
from app.record import events_after
from tests.core.word.files import docx, p, r
from tests.delegations.conftest import Room
from tests.support.racing import at_once

pytestmark = pytest.mark.database
WORDS = "Thank you, Chair. Kenya speaks on the second clause."


def hand_in(room: Room, user: User | None = None, **more: Any) -> str:
    said = {"title": "Kenya on item 5", "body": WORDS} | more
    answer = room.as_(user or room.kenya).api("POST", f"/sessions/{room.session.id}/statements", said)
    assert answer.status_code == 201, answer.text
    assert answer.json is not None
    return str(answer.json["id"])


def upload(room: Room, name: str, content: bytes, **more: str) -> Any:
    data = {"title": "Kenya on item 5", "delivery": "as_delivered", "language": "en"} | more
    return room.as_(room.kenya).post(
        f"/sessions/{room.session.id}/statements/new",
        data=data | {"file": (io.BytesIO(content), name)},
        content_type="multipart/form-data",
    )


def word_file() -> bytes:
    paragraphs = [Paragraph(id=ParagraphId("a"), kind=Kind.PARAGRAPH, level=0, text=WORDS)]
    return write_docx(WordDocument("Statement", "", "", "", from_text(paragraphs, {})))


def readers(room: Room, statement: str) -> set[str]:
    people = {
        "kenya": room.kenya, "viewer": room.viewer, "brazil": room.brazil, "chair": room.chair,
        "secretary": room.secretary, "operator": room.operator, "public": None,
    }  # fmt: skip
    return {name for name, user in people.items() if room.as_(user).get(f"/statements/{statement}").status_code == 200}


def test_nobody_else_reads_it_before_it_is_published(room: Room) -> None:
    alone, lent = hand_in(room), hand_in(room, for_interpreters=True)
    assert readers(room, alone) == {"kenya", "viewer"}
    assert readers(room, lent) == {"kenya", "viewer", "secretary"}
    for user in (room.brazil, room.chair, None):
        assert "Kenya on item 5" not in room.as_(user).get(f"/sessions/{room.session.id}/statements").text
    with room.world.context():
        assert not events_after(room.session.channel, 0, types=("statement.published", "statement.handed_in"))


def test_published_it_is_as_open_as_its_session_and_stays(room: Room) -> None:
    statement = hand_in(room)
    assert room.as_(room.brazil).api("POST", f"/statements/{statement}/publish").status_code == 404
    assert room.as_(room.viewer).api("POST", f"/statements/{statement}/publish").status_code == 403
    assert room.as_(room.kenya).api("POST", f"/statements/{statement}/publish").status_code == 200
    assert readers(room, statement) >= {"kenya", "brazil", "chair", "public"}
    room.as_(room.kenya).post(f"/statements/{statement}/withdraw")
    assert WORDS in room.as_(None).get(f"/statements/{statement}").text


def test_it_is_published_when_the_turn_ends(room: Room) -> None:
    waits, other = hand_in(room, when_spoken=True), hand_in(room, title="Not yet")
    chair, kenya = room.world.actor(room.chair), room.world.actor(room.kenya)
    with room.world.context():
        floor.request_floor(kenya, room.session.id)
        floor.give(chair, room.session.id)
    assert "brazil" not in readers(room, waits)
    with room.world.context():
        floor.manage(chair, room.session.id, floor.MANAGED["floor.end"])
        types = [event.type for event in events_after(room.session.channel, 0)]
    assert types[-2:] == ["floor.ended", "statement.published"]
    assert "brazil" in readers(room, waits)
    assert "brazil" not in readers(room, other)


def test_what_is_delivered_behind_a_closed_door_stays_there(room: Room) -> None:
    chair = room.world.actor(room.chair)
    with room.world.context():
        live.set_mode(chair, room.session.id, openness="members")
    statement = hand_in(room)
    room.as_(room.kenya).api("POST", f"/statements/{statement}/publish")
    assert readers(room, statement) == {"kenya", "viewer", "brazil", "chair", "secretary"}
    with room.world.context():
        live.set_mode(chair, room.session.id, openness="public")
    assert "public" not in readers(room, statement)
    assert "Kenya on item 5" not in room.as_(None).get(f"/sessions/{room.session.id}/statements").text
    with room.world.context():
        assert not events_after(room.session.channel, 0, types=("statement.published",))


def test_a_correction_stands_beside_and_changes_nothing(room: Room) -> None:
    statement = hand_in(room)
    room.as_(room.kenya).api("POST", f"/statements/{statement}/publish")
    chair = room.world.actor(room.chair)
    with room.world.context():
        live.conduct(chair, room.session.id, "close")
        live.publish(chair, room.session.id)
    late = room.as_(room.kenya).api(
        "POST", f"/sessions/{room.session.id}/statements", {"title": "Late", "body": "Too late."}
    )
    assert late.status_code == 409
    correction = hand_in(room, corrects=statement, body="Kenya speaks on the third clause.")
    room.as_(room.kenya).api("POST", f"/statements/{correction}/publish")
    page = room.as_(None).get(f"/statements/{statement}").text
    assert WORDS in page
    assert f"/statements/{correction}" in page


def test_a_pdf_is_kept_as_it_came_and_never_shown_inline(room: Room) -> None:
    content = b"%PDF-1.7\n/JavaScript (app.alert(1))\n%%EOF"
    made = upload(room, 'our "secret"\r\n../stätement.html', content)
    assert made.status_code == 302
    answer = room.as_(room.kenya).get(made.headers["Location"] + "/file")
    assert answer.data == content
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.mimetype == "application/pdf"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "\n" not in answer.headers["Content-Disposition"]


def test_a_word_file_gives_its_words(room: Room) -> None:
    made = upload(room, "statement.docx", word_file())
    assert made.status_code == 302, made.text[-3000:]
    assert WORDS in room.as_(room.kenya).get(made.headers["Location"]).text


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.pdf", b"\x7fELF\x02\x01"),
        ("x.docx", b"PK\x03\x04 no zip"),
        ("x.txt", b""),
        ("x.pdf", b"a" * (2 * 2**20 + 1)),
    ],
)
def test_what_is_none_of_these_is_refused_and_what_was_typed_stays(room: Room, name: str, content: bytes) -> None:
    refused = upload(room, name, content, body="What I typed.")
    assert refused.status_code in (413, 422)
    assert "What I typed." in refused.text


def test_a_web_page_that_says_it_is_a_pdf_is_only_words(room: Room) -> None:
    made = upload(room, "x.pdf", b"<html><script>alert(1)</script></html>")
    page = room.as_(room.kenya).get(made.headers["Location"])
    assert "<script>alert" not in page.text
    assert room.as_(room.kenya).get(made.headers["Location"] + "/file").status_code == 404


def test_a_word_file_with_tracked_changes_is_refused(room: Room) -> None:
    clean = zipfile.ZipFile(io.BytesIO(word_file()))
    dirty = io.BytesIO()
    with zipfile.ZipFile(dirty, "w") as package:
        for item in clean.namelist():
            part = clean.read(item)
            if item == "word/document.xml":
                tracked = (
                    b'<w:p><w:ins w:id="9" w:author="Capital"><w:r><w:t>Do not say this.</w:t></w:r></w:ins></w:p>'
                )
                part = part.replace(b"</w:p>", b"</w:p>" + tracked, 1)
            package.writestr(item, part)
    refused = upload(room, "statement.docx", dirty.getvalue())
    assert refused.status_code == 422
    assert "tracked changes" in refused.text


def test_a_word_file_with_a_comment_that_stands_nowhere_is_refused_too(room: Room) -> None:
    said = '<w:comment w:id="0" w:author="Capital"><w:p><w:r><w:t>Do not say this.</w:t></w:r></w:p></w:comment>'
    refused = upload(room, "statement.docx", docx(p(r("Thank you.")), comments=said))
    assert refused.status_code == 422
    assert "tracked changes" in refused.text


def test_the_same_form_sent_twice_hands_in_one(room: Room) -> None:
    address = f"/sessions/{room.session.id}/statements/new"
    kenya = room.as_(room.kenya)
    identity = re.search(r'name="id" value="([^"]+)"', kenya.get(address).text)
    assert identity is not None
    said = {"id": identity.group(1), "title": "Once", "body": WORDS, "delivery": "as_delivered", "language": "en"}
    first, second = (kenya.post(address, said | {"now": "1"}) for _again in range(2))
    assert first.status_code == second.status_code == 302
    assert first.headers["Location"] == second.headers["Location"]
    other = kenya.post(address, said | {"body": "Other words."})
    assert other.status_code == 409
    assert "Other words." in other.text
    assert identity.group(1) not in other.text
    with room.world.context():
        session = db.session.get_one(LiveSession, room.session.id)
        assert len(statements.of_session(room.world.actor(room.kenya), session)) == 1
        assert len(events_after(room.session.channel, 0, types=("statement.published",))) == 1


@pytest.mark.parametrize("kind", ["general", "right_of_reply", "explanation"])
def test_only_a_statement_delivers_a_statement(room: Room, kind: str) -> None:
    waits = hand_in(room, when_spoken=True)
    chair, kenya = room.world.actor(room.chair), room.world.actor(room.kenya)
    with room.world.context():
        floor.request_floor(kenya, room.session.id, kind=kind)
        floor.give(chair, room.session.id)
        floor.manage(chair, room.session.id, floor.MANAGED["floor.end"])
    assert ("public" in readers(room, waits)) is (kind == "general")


def test_what_waits_behind_a_door_is_not_delivered_in_the_open(room: Room) -> None:
    chair = room.world.actor(room.chair)
    with room.world.context():
        live.set_mode(chair, room.session.id, openness="members")
    waits = hand_in(room, when_spoken=True)
    for openness in ("public", "members"):
        with room.world.context():
            live.set_mode(chair, room.session.id, openness=openness)
            floor.give(chair, room.session.id, delegation="KEN")
            floor.manage(chair, room.session.id, floor.MANAGED["floor.end"])
        assert "public" not in readers(room, waits)
        assert ("brazil" in readers(room, waits)) is (openness == "members")


def test_a_turn_that_ends_because_names_are_switched_off_publishes_none(room: Room) -> None:
    waits, chair = hand_in(room, when_spoken=True), room.world.actor(room.chair)
    with room.world.context():
        floor.give(chair, room.session.id, delegation="KEN")
        live.set_mode(chair, room.session.id, attribution="not_for_attribution")
        assert events_after(room.session.channel, 0)[-1].type == "floor.ended"
    assert "brazil" not in readers(room, waits)
    with room.world.context():
        live.set_mode(chair, room.session.id, attribution="on_record")
        floor.give(chair, room.session.id, delegation="KEN")
        floor.manage(chair, room.session.id, floor.MANAGED["floor.end"])
    assert "brazil" in readers(room, waits)


def test_no_name_is_published_where_no_names_are_kept(room: Room) -> None:
    statement, chair, kenya = hand_in(room), room.world.actor(room.chair), room.as_(room.kenya)
    with room.world.context():
        live.set_mode(chair, room.session.id, attribution="not_for_attribution")
    assert kenya.api("POST", f"/statements/{statement}/publish").status_code == 409
    with room.world.context():
        assert not events_after(room.session.channel, 0, types=("statement.published",))
        live.conduct(chair, room.session.id, "close")
    assert kenya.api("POST", f"/statements/{statement}/publish").status_code == 200


def test_it_is_published_from_inside_the_room(room: Room) -> None:
    room.world.join(room.group, "VAT", PartyKind.OBSERVER_STATE)
    observer = room.world.user(party="VAT")
    statement, chair = hand_in(room, observer), room.world.actor(room.chair)
    with room.world.context():
        live.set_mode(chair, room.session.id, openness="members")
    refused = room.as_(observer).api("POST", f"/statements/{statement}/publish")
    assert refused.status_code == 404
    assert "closed segment" in refused.text
    with room.world.context():
        live.set_mode(chair, room.session.id, openness="public")
    assert room.as_(observer).api("POST", f"/statements/{statement}/publish").status_code == 200


def test_published_at_once_by_several_it_is_published_once(room: Room) -> None:
    numbers = [hand_in(room) for _number in range(4)]
    actor = room.world.actor(room.kenya)
    for number in numbers:
        outcomes = at_once(room.app, [lambda number=number: statements.publish(actor, number)] * 3)
        assert sorted(map(type, outcomes), key=str) == sorted([Conflict, Conflict, Statement], key=str)
    with room.world.context():
        assert len(events_after(room.session.channel, 0, types=("statement.published",))) == len(numbers)


def test_what_is_taken_back_is_not_published_at_the_same_time(room: Room) -> None:
    actor = room.world.actor(room.kenya)
    for number in [hand_in(room) for _number in range(4)]:
        outcomes = at_once(
            room.app,
            [lambda n=number: statements.publish(actor, n), lambda n=number: statements.withdraw(actor, n)],
        )
        assert sum(isinstance(outcome, DomainError) for outcome in outcomes) == 1, outcomes


def test_a_file_that_is_too_large_costs_no_word(room: Room) -> None:
    refused = upload(room, "large.pdf", b"%PDF-1.7 " + bytes(6 * 2**20), body="What we typed beside it.")
    assert refused.status_code == 413
    assert "A statement has at most 2 MB." in refused.text
    assert "What we typed beside it." in refused.text
