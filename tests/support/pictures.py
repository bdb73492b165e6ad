"""Pictures of a played session, for the documents and for looking at: chair, delegate, observer, projector.

    python -m tests.support.pictures DIRECTORY

Each is taken at 1440 and at 390 pixels; some in the dark, one in Arabic. The PNG files are as the browser makes them:
`pngquant --quality 70-95` before one is committed.
"""

from __future__ import annotations

import argparse
import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.browser import launch_options
from tests.support.playing import Playing
from tests.support.server import LiveServer

WIDE: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True,
                         "device_scale_factor": 2}  # fmt: skip
SCREEN: dict[str, Any] = {"viewport": {"width": 1920, "height": 1080}}
DARK: dict[str, Any] = {"color_scheme": "dark"}
ARABIC: dict[str, Any] = {"locale": "ar"}


@dataclass(frozen=True)
class Eye:
    """Somebody who looks: the name of the picture, the account, and how their browser is."""

    name: str
    email: str | None
    options: dict[str, Any]
    at: tuple[str, ...]
    """The marks of the script at which a picture is taken."""


EYES = (
    Eye("chair", "chair", WIDE, ("speaking", "closed", "bridging", "proposed", "decided")),
    Eye("chair-phone", "chair", PHONE, ("speaking", "bridging", "proposed")),
    Eye("delegate", "che", WIDE, ("speaking", "proposals", "bridging", "decided")),
    Eye("delegate-phone", "bra", PHONE, ("speaking", "bridging", "decided")),
    Eye("delegate-dark", "mex", WIDE | DARK, ("bridging",)),
    Eye("delegate-phone-dark", "sgp", PHONE | DARK, ("speaking",)),
    Eye("delegate-arabic", "egy", WIDE | ARABIC, ("bridging",)),
    Eye("delegate-phone-arabic", "jor", PHONE | ARABIC, ("bridging",)),
    Eye("observer", "observer", WIDE, ("speaking", "closed", "decided")),
    Eye("observer-phone", "observer", PHONE, ("closed", "decided")),
    Eye("projector", None, SCREEN, ("speaking", "point of order", "closed", "proposals", "bridging", "decided")),
    Eye("projector-phone", None, PHONE, ("speaking",)),
)


@contextlib.contextmanager
def played_site(place: Path, **environment: str) -> Iterator[LiveServer]:
    """A served site with the demo world, for a session to be played on."""
    with LiveServer(f"sqlite:///{place / 'played.sqlite3'}", place, CHAPEAU_DEMO="1", **environment) as server:
        yield server


def sign_in(page: Page, email: str) -> Page:
    page.goto("/sign-in")
    page.fill("#email", f"{email}@chapeau.example")
    page.fill("#password", "chapeau-demo")
    page.click("form.form button.primary")
    page.wait_for_selector(".site summary .avatar")
    return page


def open_display(chair: Page, screen: Page, session: int) -> None:
    """The chair makes a code, and the projector is opened with it."""
    chair.goto(f"/sessions/{session}/displays")
    chair.locator("form:has(button.primary) button.primary").first.click()
    screen.goto("/display")
    screen.locator("input[name=code]").fill(chair.locator(".new-code .code").inner_text())
    screen.locator("form button.primary").click()
    screen.wait_for_selector(".stage")


def take(chromium: Browser, server: LiveServer, instance: Path, out: Path, *options: str) -> None:
    pages: dict[str, Page] = {}
    with Playing(server, instance, *options) as playing:
        session = playing.session
        playing.to("open")
        for eye in EYES:
            page = chromium.new_context(base_url=server.url, **eye.options).new_page()
            if eye.email:
                sign_in(page, eye.email).goto(f"/sessions/{session}")
            else:
                chair = sign_in(chromium.new_context(base_url=server.url).new_page(), "chair")
                open_display(chair, page, session)
            pages[eye.name] = page
        some = next(iter(pages.values()))
        for mark in ("speaking", "point of order", "proposals", "closed", "bridging", "proposed", "decided"):
            playing.go_on()
            playing.to(mark, some)
            some.wait_for_timeout(1500)
            for eye in (eye for eye in EYES if mark in eye.at):
                pages[eye.name].screenshot(path=out / f"{eye.name}-{mark.replace(' ', '-')}.png")
        playing.go_on()
        playing.finish(some)
        print("\n".join(playing.said))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--minutes", default="1")
    given = parser.parse_args()
    given.directory.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as kept, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(**launch_options())
        with played_site(Path(kept)) as server:
            take(chromium, server, Path(kept), given.directory, "--minutes", given.minutes)
        chromium.close()


if __name__ == "__main__":
    main()
