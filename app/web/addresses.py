"""Addresses that a request names and that we send a person on to."""

from __future__ import annotations


def own_address(target: str) -> str | None:
    """A path of this site, or None: an address from outside never decides where a form leads."""
    if not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    # Browsers leave out tabs and line ends: "/", a tab and "/" lead to another site.
    if any(ord(character) < 32 for character in target):
        return None
    return target
