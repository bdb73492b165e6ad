"""The delegate in real browsers: four rooms on a telephone with a slow line, notes, colleagues, what was missed."""

from __future__ import annotations

import json
import re
import urllib.request
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.delegations import notes, seen, statements
from app.delegations.models import Seen
from app.extensions import db
from app.live import services as live
from app.live.models import LiveSession
from app.policy import DelegationRole
from app.proposals import services as proposals
from app.record import events_after, transaction
from tests.e2e.room.conftest import Meeting
from tests.e2e.room.seat import Seat, inside, until
from tests.support.axe import faults

pytestmark = pytest.mark.e2e
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SLOW = {"offline": False, "latency": 800, "downloadThroughput": 250 * 1024 / 8, "uploadThroughput": 50 * 1024 / 8}
"""As the browsers' tools have 2G: 250 kbit/s down, 50 up, 800 ms."""
HEARD = """
window.heard = [];
new MutationObserver((changes) => {
  for (const { addedNodes } of changes) for (const node of addedNodes) {
    if (node.dataset?.seq) window.heard.push([node.dataset.channel, Number(node.dataset.seq), node.dataset.type]);
  }
}).observe(document.getElementById('rooms'), { childList: true, subtree: true });
"""


def four_rooms(meeting: Meeting) -> list[int]:
    """The meeting's session and three more, all followed by Kenya."""
    group = meeting.world.group(f"rooms-{meeting.session}", members=("KEN", "BRA"))
    chair = meeting.world.chair_of(group)
    others = [meeting.world.session(group, title=f"Room {number}") for number in range(3)]
    kenya = meeting.world.actor(meeting.kenya)
    ids = [meeting.session, *(session.id for session in others)]
    with meeting.world.context():
        for number in ids:
            seen.follow(kenya, number)
    meeting.chairs = {meeting.session: meeting.chair} | dict.fromkeys(ids[1:], chair)  # type: ignore[attr-defined]
    return ids


def busy(meeting: Meeting, rooms: list[int], times: int) -> None:
    """The floor is asked for, given and ended in each room, in turns: by the server, so that it is told."""
    brazil = meeting.world.token(meeting.brazil)
    chairs = {number: meeting.world.token(meeting.chairs[number]) for number in rooms}  # type: ignore[attr-defined]
    for _time in range(times):
        for number in rooms:
            _post(meeting, brazil, f"/sessions/{number}/floor/requests")
            _post(meeting, chairs[number], f"/sessions/{number}/floor/give")
            _post(meeting, chairs[number], f"/sessions/{number}/floor/end")


def _post(meeting: Meeting, token: str, path: str) -> None:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{meeting.server.url}/api/v1{path}", b"{}", headers, method="POST")
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 200


def heard(page: Page) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for channel, seq, _type in page.evaluate("window.heard"):
        found.setdefault(channel, []).append(seq)
    return found


def test_a_delegation_of_one_follows_four_rooms_on_a_slow_telephone(meeting: Meeting) -> None:
    rooms = four_rooms(meeting)
    with meeting.seat(meeting.kenya, **PHONE) as kenya:
        network = kenya.context.new_cdp_session(kenya.page)
        network.send("Network.enable")
        network.send("Network.emulateNetworkConditions", SLOW)
        kenya.page.goto("/follow", timeout=90_000)
        expect(kenya.page.locator(".room-card")).to_have_count(4)
        expect(kenya.page.locator(".follow-line")).to_have_class(re.compile("live"), timeout=60_000)
        kenya.page.evaluate(HEARD)
        begin = kenya.page.evaluate(
            "JSON.parse(document.getElementById('follow-data').textContent).rooms.map(r => r.seqs)"
        )
        busy(meeting, rooms, 1)
        expect(kenya.page.locator(".happened li")).to_have_count(12, timeout=30_000)

        _cut(kenya)
        network.send("Network.emulateNetworkConditions", SLOW | {"offline": True})
        busy(meeting, rooms, 4)
        expect(kenya.page.locator(".happened li")).to_have_count(12)
        network.send("Network.emulateNetworkConditions", SLOW)
        kenya.down = False
        busy(meeting, rooms[:2], 1)  # while it comes back
        kenya.page.evaluate("window.dispatchEvent(new Event('online'))")
        expect(kenya.page.locator(".follow-line")).to_have_class(re.compile("live"), timeout=60_000)
        busy(meeting, rooms, 1)
        expect(kenya.page.locator(".happened li")).to_have_count(78, timeout=60_000)

        after = {channel: seq for seqs in begin for channel, seq in seqs.items()}
        for place, number in enumerate(rooms):
            channel = f"session:{number}"
            turns = 7 if place < 2 else 6
            expected = list(range(after[channel] + 1, after[channel] + 1 + 3 * turns))
            assert heard(kenya.page)[channel] == expected, channel
        assert inside(kenya.page)
        assert faults(kenya.page) == []


def test_a_lossy_and_doubling_line_changes_nothing(meeting: Meeting) -> None:
    rooms = four_rooms(meeting)
    with meeting.seat(meeting.kenya, **PHONE) as kenya:
        count = iter(range(10_000))

        def bad(frame: str) -> list[str]:
            if '42/live,["event"' not in frame:
                return [frame]
            return [[], [frame, frame], [frame]][next(count) % 3]

        kenya.incoming = bad
        kenya.page.goto("/follow")
        expect(kenya.page.locator(".follow-line")).to_have_class(re.compile("live"), timeout=20_000)
        kenya.page.evaluate(HEARD)
        busy(meeting, rooms, 5)
        kenya.incoming = lambda frame: [frame]
        busy(meeting, rooms, 1)
        expect(kenya.page.locator(".happened li")).to_have_count(72, timeout=20_000)
        for seqs in heard(kenya.page).values():
            assert seqs == list(range(seqs[0], seqs[0] + 18))


def _cut(seat: Seat) -> None:
    seat.down = True
    lines, seat._lines = seat._lines, []
    for line in lines:
        line.close(code=4000, reason="cut")
    expect(seat.page.locator(".follow-line")).not_to_have_class(re.compile("live"))


def test_a_note_reaches_the_colleague_and_nobody_else(meeting: Meeting) -> None:
    second = meeting.world.user(f"ken-expert{meeting.session}@x.example", party="KEN", role=DelegationRole.EXPERT)
    with meeting.seat(meeting.kenya, **PHONE) as kenya, meeting.seat(second) as expert:
        with meeting.seat(meeting.brazil) as brazil, meeting.seat(meeting.chair) as chair:
            for seat in (kenya, expert, brazil, chair):
                seat.enter(meeting.session)
            frames = _frames(brazil), _frames(chair)
            kenya.page.locator("#p-p1 > .words").click()  # an empty place for notes shows at the paragraph one looks at
            own = kenya.page.locator('[data-own="p1"]')
            own.locator("summary").click()
            own.locator("textarea").fill("Our red line is **upon request**.")
            own.get_by_role("button", name="Keep").click()
            expect(own.locator(".own-note strong")).to_have_text("upon request")
            theirs = expert.page.locator('[data-own="p1"]')
            expect(theirs.locator("summary")).to_contain_text("1 note", timeout=10_000)
            for seat, received in zip((brazil, chair), frames, strict=True):
                expect(seat.page.locator("body")).not_to_contain_text("red line")
                assert not any("red line" in frame or "delegation:KEN" in frame for frame in received)
            assert faults(kenya.page) == []
            assert inside(kenya.page)


def _frames(seat: Seat) -> list[str]:
    received: list[str] = []

    def keep(frame: str) -> list[str]:
        received.append(frame)
        return [frame]

    seat.incoming = keep
    return received


def test_one_sees_that_a_colleague_writes_and_others_do_not(meeting: Meeting) -> None:
    second = meeting.world.user(f"ken-second{meeting.session}@x.example", party="KEN", name="A. Okoro")
    with meeting.seat(meeting.kenya) as kenya, meeting.seat(second) as okoro, meeting.seat(meeting.brazil) as brazil:
        for seat in (kenya, okoro, brazil):
            seat.enter(meeting.session)
        received = _frames(brazil)
        for seat in (kenya, okoro):
            seat.paragraph("p2").get_by_role("link", name="Comment on OP2").click()
        okoro.page.locator(".compose textarea").press_sequentially("We think")
        expect(kenya.page.locator("[data-own-aware]")).to_contain_text("Your colleague A. Okoro is writing on OP2")
        assert not any("Okoro" in frame or '"colleague"' in frame for frame in received)


def test_one_is_warned_before_one_speaks_against_a_colleague_and_may_go_on(meeting: Meeting) -> None:
    second = meeting.world.user(f"ken-third{meeting.session}@x.example", party="KEN", name="A. Okoro")
    with meeting.world.context():
        live.take_position(meeting.world.actor(second), meeting.session, "paragraph:p1", "oppose")
    with meeting.seat(meeting.kenya, **PHONE) as kenya:
        kenya.enter(meeting.session)
        kenya.page.locator("[data-agreement=p1] a[data-sheet]").first.click()
        sheet = kenya.page.locator("#agreement-sheet")
        button = sheet.locator("button[name=stance][value=support]").first
        button.click()
        expect(sheet.locator(".own-contradiction")).to_contain_text("A. Okoro")
        assert "oppose" in _stance(meeting)
        button.click()
        expect(sheet.locator(".own-contradiction")).to_have_count(0, timeout=10_000)
        until(kenya.page, lambda: '"stance":"support"' in _stance(meeting))


def _stance(meeting: Meeting) -> str:
    with meeting.world.context():
        return events_after(f"session:{meeting.session}", 0, types=("position.taken",))[-1].body


def test_who_comes_back_reads_what_was_missed_and_jumps_to_it(meeting: Meeting) -> None:
    with meeting.seat(meeting.kenya, **PHONE) as kenya:
        kenya.enter(meeting.session)
        kenya.page.goto("/inbox")  # the beacon tells how far one saw
        kenya.page.wait_for_timeout(300)
        _long_ago(meeting)
        with meeting.world.context():
            brazil = meeting.world.actor(meeting.brazil)
            for number in range(3):
                given = {"id": f"00000000-0000-4000-8000-{meeting.session:06d}{number:06d}", "body": f"Point {number}."}
                live.comment(brazil, meeting.session, paragraph="p9", **given)
            live.move_focus(meeting.world.actor(meeting.chair), meeting.session, "p4")
        kenya.enter(meeting.session)
        away = kenya.page.locator("#away")
        expect(away.locator("summary")).to_contain_text("3 comments, the Chair moved to OP4")
        away.locator("summary").click()
        away.get_by_role("link", name="OP9").click()
        expect(kenya.paragraph("p9")).to_be_in_viewport()
        assert faults(kenya.page) == []
        assert inside(kenya.page)
        away.get_by_role("button", name="I am up to date").click()
        expect(away).to_have_count(0)


def _long_ago(meeting: Meeting) -> None:
    with meeting.world.context(), transaction():
        rows = db.session.query(Seen).filter_by(user_id=meeting.kenya.id).all()
        assert rows, "the room told how far it was seen"
        for row in rows:
            row.at -= timedelta(minutes=29)


@pytest.mark.parametrize("options", [PHONE, {"viewport": {"width": 1440, "height": 900}}], ids=["phone", "desk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_hold_wcag_and_fit(meeting: Meeting, options: dict[str, Any], scheme: str) -> None:
    kenya, second = meeting.world.actor(meeting.kenya), meeting.world.user(party="KEN", role=DelegationRole.EXPERT)
    with meeting.world.context():
        session = db.session.get_one(LiveSession, meeting.session)
        version = session.version
        assert version is not None
        note = notes.add(
            kenya, version.id, id=f"00000000-0000-4000-8000-{session.id:012d}", body="Hold.", paragraph="p1"
        )
        proposals.propose(
            meeting.world.actor(second),
            version.id,
            {"kind": "replace", "paragraph": "p1", "text": "Invites States;"},
            draft=True,
        )
        row = statements.hand_in(kenya, session.id, {"title": "Kenya on item 5", "body": "Thank you, *Chair*."})
        seen.follow(kenya, session.id)
        draft, note_id, statement = version.draft_id, note.id, row.id
    places = (
        "/inbox", "/catch-up", "/follow",
        f"/sessions/{meeting.session}/statements", f"/sessions/{meeting.session}/statements/new",
        f"/statements/{statement}", f"/drafts/{draft}/v/1/notes", f"/notes/{note_id}/edit", f"/drafts/{draft}/v/1",
        f"/drafts/{draft}/v/1/p/p1", f"/drafts/{draft}/v/1/p/p1/propose",
    )  # fmt: skip
    with meeting.seat(meeting.kenya, **options, color_scheme=scheme) as seat:
        wrong = []
        for place in places:
            answer = seat.page.goto(place)
            assert answer is not None
            assert answer.status == 200, f"{place}: {answer.text()[-2000:]}"
            wrong += [f"{place}: {fault}" for fault in faults(seat.page)]
            wrong += [] if inside(seat.page) else [f"{place}: runs over the side"]
        assert wrong == [], json.dumps(wrong, indent=1)
