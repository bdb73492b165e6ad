"""One Chromium for all browser tests of a worker. Where none can be had, they are named as a part that did not run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect, sync_playwright

from tests.support import browser, parts

# A loaded machine is slow, and what is slow is not wrong: what waits for a state of the page waits this long.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    try:
        options = browser.launch_options()
    except browser.NoBrowserError as reason:
        parts.skip("browser tests", str(reason))
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(**options)
        yield running
        running.close()
