"""A person in the room, in a real browser, whose line the test can cut, drop frames from, or double."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, Locator, Page, Route, WebSocketRoute, expect

from app.accounts.models import User

Frame = Callable[[str], list[str]]
"""What reaches the page instead of a frame from the server."""


class Seat:
    """One page of one person. Use it as a context manager; leaving it checks that no script failed."""

    def __init__(self, chromium: Browser, url: str, cookie: str | None, **options: Any) -> None:
        self.url = url
        options.setdefault("viewport", {"width": 1440, "height": 900})
        self.context = chromium.new_context(base_url=url, **options)
        if cookie:
            self.context.add_cookies([{"name": "chapeau", "value": cookie, "url": url}])
        self.page: Page = self.context.new_page()
        self.failures: list[str] = []
        self.page.on("pageerror", lambda error: self.failures.append(str(error)))
        # `mute` loses what the page sends; `down` is no line at all.
        self.incoming: Frame = lambda frame: [frame]
        self.outgoing: list[str] = []
        self.down = False
        self.mute = False
        self._lines: list[WebSocketRoute] = []
        self.page.route_web_socket(re.compile(r"^wss?://[^/]+/socket\.io/"), self._wire)
        self.page.route(re.compile(r"^https?://[^/]+/socket\.io/"), self._long_poll)

    def __enter__(self) -> Seat:
        return self

    def __exit__(self, kind: object, *_error: object) -> None:
        self.context.close()
        if kind is None:
            assert self.failures == [], self.failures

    def enter(self, session: int, status: str = "live") -> Seat:
        self.page.goto(f"/sessions/{session}")
        self.is_(status)
        return self

    # --- The line

    def cut(self) -> None:
        """Lose the line, and refuse new ones until `mend`."""
        self.down = True
        lines, self._lines = self._lines, []
        for line in lines:
            line.close(code=4000, reason="cut")
        self.is_("reconnecting")

    def mend(self) -> None:
        self.down = False
        self.page.evaluate("window.dispatchEvent(new Event('online'))")
        self.is_("live")

    def is_(self, status: str) -> None:
        expect(self.page.locator(".conn")).to_have_class(re.compile(rf"\b{status}\b"), timeout=15_000)

    def _wire(self, line: WebSocketRoute) -> None:
        if self.down:
            line.close(code=4000, reason="down")
            return
        server = line.connect_to_server()
        self._lines.append(line)
        line.on_message(lambda frame: self._sent(server, frame))
        server.on_message(lambda frame: [line.send(text) for text in self.incoming(str(frame))])

    def _sent(self, server: WebSocketRoute, frame: str | bytes) -> None:
        self.outgoing.append(str(frame))
        if not self.mute:
            server.send(frame)

    def _long_poll(self, route: Route) -> None:
        route.abort() if self.down else route.continue_()

    # --- What a person does and sees

    def write(self, words: str) -> None:
        self.page.fill(".compose textarea", words)

    def say(self, words: str) -> None:
        self.write(words)
        self.page.press(".compose textarea", "Control+Enter")

    def everything(self) -> None:
        """Turn to the talk of the whole session."""
        self.page.click("#tab-all")

    def card(self, words: str) -> Locator:
        return self.page.locator(".feed > li", has_text=words)

    def sees(self, words: str, times: int = 1) -> None:
        """The recorded comment stands in the feed so many times, and none of it is on its way any more."""
        expect(self.card(words)).to_have_count(times, timeout=10_000)
        if times:
            expect(self.card(words).locator(".pending")).to_have_count(0, timeout=10_000)

    def order(self) -> list[int]:
        """The numbers of the recorded events in the feed, from top to bottom."""
        return self.page.locator(".feed > li[data-seq]").evaluate_all("items => items.map(i => Number(i.dataset.seq))")

    def paragraph(self, identity: str) -> Locator:
        return self.page.locator(f'.para[data-paragraph="{identity}"]')


def event_of(frame: str) -> dict[str, Any] | None:
    """The envelope in a frame of the namespace, or None."""
    if not frame.startswith('42/live,["event"'):
        return None
    envelope: dict[str, Any] = json.loads(frame.removeprefix("42/live,"))[1]
    return envelope


def is_ack(frame: str) -> bool:
    return frame.startswith("43/live,")


def sign_in_cookie(app: Flask, user: User) -> str:
    """The cookie that the sign-in page sets."""
    with app.test_client() as client:
        with client.session_transaction() as session:
            session["_user_id"] = user.session_stamp
            session["_fresh"] = True
        cookie = client.get_cookie("chapeau")
    assert cookie is not None
    return cookie.value


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Wait a few seconds for it."""
    for _try in range(80):
        if holds():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not come to hold")


def inside(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"))
