"""Addresses that a request names and that we send a person on to."""

from __future__ import annotations

from urllib.parse import urlsplit


def own_address(target: str) -> str | None:
    """A path of this site, or None: an address from outside never decides where a form leads."""
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    if any(ord(character) < 32 for character in target):
        return None
    return target
