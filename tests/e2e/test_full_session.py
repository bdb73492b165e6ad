"""Sixty delegations play a full session while four browsers look on: chair, delegate's phone, observer, projector."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.room.test_floor import faults, inside
from tests.support.pictures import PHONE, SCREEN, WIDE, open_display, played_site, sign_in
from tests.support.playing import Playing

pytestmark = pytest.mark.e2e


@dataclass
class Eyes:
    chair: Page
    delegate: Page
    observer: Page
    projector: Page
    broken: list[str]

    @property
    def all(self) -> tuple[Page, ...]:
        return (self.chair, self.delegate, self.observer, self.projector)


@pytest.fixture
def playing(tmp_path: Path) -> Iterator[tuple[Playing, str]]:
    with played_site(tmp_path) as server, Playing(server, tmp_path, "--seed", "7", "--minutes", "0.1") as played:
        yield played, server.url


def look(chromium: Browser, url: str, session: int) -> Eyes:
    pages = [chromium.new_context(base_url=url, **options).new_page() for options in (WIDE, PHONE, WIDE, SCREEN)]
    eyes = Eyes(*pages, broken=[])
    for page in pages:
        page.on("pageerror", lambda error: eyes.broken.append(str(error)))
    for page, who in zip(pages[:3], ("chair", "bra", "observer"), strict=True):
        sign_in(page, who)
    open_display(eyes.chair, eyes.projector, session)
    for page in pages[:3]:
        page.goto(f"/sessions/{session}")
        expect(page.locator(".conn")).to_have_class(re.compile(r"\blive\b"), timeout=20_000)
    return eyes


def test_a_full_session_and_what_each_sees_of_it(chromium: Browser, playing: tuple[Playing, str]) -> None:
    play, url = playing
    session = play.session
    play.to("open")
    eyes = look(chromium, url, session)

    play.go_on()
    play.to("speaking", eyes.chair)
    for page in (eyes.chair, eyes.delegate, eyes.observer):
        expect(page.locator(".speaker")).to_contain_text("India", timeout=15_000)
    expect(eyes.projector.locator(".stage-speaker")).to_contain_text("India", timeout=15_000)
    expect(eyes.observer.locator(".behind")).to_be_hidden()  # who reads at the end stays there, however much comes

    play.go_on()
    play.to("closed", eyes.chair)
    expect(eyes.chair.locator(".feed")).to_contain_text("We are among members", timeout=15_000)
    expect(eyes.observer.get_by_text("closed segment").first).to_be_visible(timeout=15_000)
    expect(eyes.projector.locator(".stage")).to_contain_text("The meeting is closed", timeout=15_000)
    for page in (eyes.observer, eyes.projector):
        assert "among members" not in page.content()

    play.go_on()
    play.to("bridging", eyes.chair)
    expect(eyes.observer.locator(".conn")).to_have_class(re.compile(r"\blive\b"), timeout=20_000)
    for page in (eyes.chair, eyes.delegate, eyes.observer):
        expect(page.locator(".bridging")).to_contain_text("promptly", timeout=15_000)
    expect(eyes.projector.locator(".stage-bridging")).to_contain_text("promptly", timeout=15_000)

    play.go_on()
    play.to("decided", eyes.chair)
    for page in (eyes.chair, eyes.delegate, eyes.observer):
        expect(page.locator(".decision-now")).to_contain_text("Adopted without a vote", timeout=15_000)
        expect(page.locator(".decision-now")).to_contain_text("Dissociates itself from OP9")
    expect(eyes.projector.locator(".stage")).to_contain_text("The Committee adopts", timeout=15_000)
    for page in eyes.all:
        assert faults(page) == []
        assert inside(page)

    play.go_on()
    assert play.finish(eyes.chair) == 0, "\n".join(play.said)
    assert any("0, 0, 0, 0" in line for line in play.said)
    for page in (eyes.chair, eyes.delegate, eyes.observer):
        expect(page.locator("body")).to_contain_text("closed", timeout=15_000)
    assert "among members" not in eyes.observer.content()
    assert eyes.broken == []
