"""The site as a program or a browser sees it: the API by token, pages by the demo sign-in. It only looks."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from typing import Any

from lxml import html

from app.demo.loader import PASSWORD

PATIENCE = 60


def api(url: str, path: str, token: str) -> dict[str, Any]:
    """What the API answers to a GET."""
    request = urllib.request.Request(f"{_base(url)}/api/v1{path}", headers={"Authorization": f"Bearer {token}"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
        found: dict[str, Any] = json.load(answer)
        return found


class Reader:
    """Reads pages, signed in as somebody of the demo world."""

    def __init__(self, url: str, email: str) -> None:
        self._url = _base(url)
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(cookies)
        token = self.page("/sign-in").xpath("//input[@name='csrf_token']/@value")[0]
        form = {"email": email, "password": PASSWORD, "csrf_token": token}
        self.page("/sign-in", urllib.parse.urlencode(form).encode())

    def page(self, path: str, data: bytes | None = None) -> Any:
        """The page as a tree."""
        request = urllib.request.Request(self._url + path, data, {"Accept-Language": "en", "Referer": self._url})  # noqa: S310
        with self._opener.open(request, timeout=PATIENCE) as answer:
            return html.fromstring(answer.read())


def _base(url: str) -> str:
    """Only the web is read."""
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"{url} is no address of a site.")
    return url.rstrip("/")
