"""The line to the room in a real browser: cut, mended, lossy, doubling. Nothing said is lost, missed or shown twice."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.e2e.room.conftest import Meeting
from tests.e2e.room.seat import event_of, is_ack, sign_in_cookie

pytestmark = pytest.mark.e2e


def test_a_comment_is_seen_by_all_once(meeting: Meeting) -> None:
    with meeting.seat(meeting.kenya) as kenya, meeting.seat(meeting.brazil) as brazil:
        kenya.enter(meeting.session)
        brazil.enter(meeting.session)
        kenya.say("Kenya supports the text.")
        brazil.sees("Kenya supports the text.")
        kenya.sees("Kenya supports the text.")
        expect(brazil.card("Kenya supports the text.").locator("[data-slot=delegation]")).to_have_text("Kenya")


def test_a_cut_line_keeps_the_text_and_what_is_typed_and_sends_it_once(meeting: Meeting) -> None:
    with meeting.seat(meeting.kenya) as kenya, meeting.seat(meeting.brazil) as brazil:
        kenya.enter(meeting.session)
        brazil.enter(meeting.session)
        kenya.cut()
        kenya.say("Said while the line was down.")
        kenya.write("Still being written")
        expect(kenya.card("Said while").locator(".state")).to_contain_text("waiting for the line")
        expect(kenya.page.locator(".conn")).to_contain_text("reconnecting… 1 unsent")
        expect(kenya.page.locator(".paper")).to_contain_text("Invites States")
        for number in range(3):
            brazil.say(f"Brazil says {number}.")
            brazil.sees(f"Brazil says {number}.")
        kenya.mend()
        brazil.sees("Said while the line was down.")
        for number in range(3):
            kenya.sees(f"Brazil says {number}.")
        kenya.sees("Said while the line was down.")
        expect(kenya.page.locator(".compose textarea")).to_have_value("Still being written")
        assert kenya.order() == sorted(set(kenya.order()))
        assert kenya.order() == brazil.order()


def test_a_lost_answer_does_not_double_the_comment(meeting: Meeting) -> None:
    with meeting.seat(meeting.kenya) as kenya, meeting.seat(meeting.brazil) as brazil:
        kenya.enter(meeting.session)
        brazil.enter(meeting.session)
        kenya.incoming = lambda frame: [] if is_ack(frame) or event_of(frame) else [frame]
        kenya.say("The answer to this is lost.")
        brazil.sees("The answer to this is lost.")
        expect(kenya.card("The answer").locator(".pending")).to_have_count(1)
        kenya.cut()
        kenya.incoming = lambda frame: [frame]
        kenya.mend()
        kenya.sees("The answer to this is lost.")
        brazil.say("The end.")
        kenya.sees("The end.")
        brazil.sees("The answer to this is lost.")
        assert kenya.order() == brazil.order()


def test_what_never_arrived_goes_again_with_the_same_id(meeting: Meeting) -> None:
    with meeting.seat(meeting.kenya) as kenya:
        kenya.enter(meeting.session)
        kenya.mute = True
        kenya.say("Twice on the wire.")
        expect(kenya.card("Twice on").locator(".state")).to_have_text("sending…")
        kenya.cut()
        kenya.mute = False
        kenya.mend()
        kenya.sees("Twice on the wire.")
        sent = [json.loads(frame[frame.index("[") :])[1]["id"] for frame in kenya.outgoing if '"comment"' in frame]
        assert len(sent) == 2
        assert len(set(sent)) == 1


def test_a_missing_event_is_asked_for_and_shown_in_its_place(meeting: Meeting) -> None:
    with meeting.seat(meeting.kenya) as kenya, meeting.seat(meeting.brazil) as brazil:
        kenya.enter(meeting.session)
        brazil.enter(meeting.session)
        dropped: list[int] = []

        def lossy(frame: str) -> list[str]:
            event = event_of(frame)
            if event and "lost" in event["data"].get("body", "") and not dropped:
                dropped.append(event["seq"])
                return []
            return [frame]

        kenya.incoming = lossy
        brazil.say("This one is lost on the way.")
        brazil.sees("This one is lost on the way.")
        brazil.say("This one comes.")
        kenya.sees("This one comes.")
        kenya.sees("This one is lost on the way.")
        assert dropped
        assert kenya.order() == brazil.order()


def test_events_that_come_twice_and_out_of_order_are_shown_once_in_order(meeting: Meeting) -> None:
    with meeting.seat(meeting.kenya) as kenya, meeting.seat(meeting.brazil) as brazil:
        kenya.enter(meeting.session)
        brazil.enter(meeting.session)
        held: list[str] = []

        def shuffling(frame: str) -> list[str]:
            if not event_of(frame):
                return [frame]
            held.append(frame)
            return [held.pop(), *held, *held, frame] if len(held) == 2 else []

        kenya.incoming = shuffling
        for words in ("First.", "Second."):
            brazil.say(words)
            brazil.sees(words)
        kenya.sees("First.")
        kenya.sees("Second.")
        assert kenya.order() == brazil.order()


def test_what_could_not_be_sent_is_sent_by_the_next_page(meeting: Meeting) -> None:
    with meeting.seat(meeting.kenya) as kenya, meeting.seat(meeting.brazil) as brazil:
        brazil.enter(meeting.session)
        kenya.enter(meeting.session)
        kenya.cut()
        kenya.say("Written before the browser closed.")
        kenya.write("And a draft.")
        kenya.page.close()
        page = kenya.context.new_page()
        page.goto(f"/sessions/{meeting.session}")
        brazil.sees("Written before the browser closed.")
        expect(page.locator(".compose textarea")).to_have_value("And a draft.")
        expect(page.locator(".feed .pending")).to_have_count(0)


def test_the_page_works_where_no_socket_can_be_had(meeting: Meeting) -> None:
    with meeting.seat(meeting.kenya) as kenya, meeting.seat(meeting.brazil) as brazil:
        kenya.down = True
        kenya.enter(meeting.session, status="polling")
        brazil.enter(meeting.session)
        brazil.say("Can you hear us?")
        kenya.sees("Can you hear us?")
        kenya.say("We hear you over plain HTTP.")
        brazil.sees("We hear you over plain HTTP.")
        kenya.sees("We hear you over plain HTTP.")
        kenya.mend()
        assert kenya.order() == brazil.order()


def test_another_persons_words_are_not_sent_from_a_shared_browser(meeting: Meeting) -> None:
    with meeting.seat(meeting.kenya) as kenya:
        kenya.enter(meeting.session)
        kenya.cut()
        kenya.say("Kenya's own words.")
        expect(kenya.card("own words")).to_have_count(1)
        cookie = sign_in_cookie(meeting.app, meeting.brazil)
        kenya.context.add_cookies([{"name": "chapeau", "value": cookie, "url": kenya.url}])
        kenya.down = False
        kenya.enter(meeting.session)
        expect(kenya.page.locator(".acting b")).to_have_text("Brazil")
        kenya.sees("own words", times=0)
