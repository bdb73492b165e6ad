"""Names and verbs as bracketed texts print them, read back: "EU, G77 retain", "EU, US: delete", "delete: Fiji"."""

from __future__ import annotations

import re
from collections.abc import Container

from app.core.text.brackets import Attribution
from app.core.text.escapes import Escaped

VERBS = (
    "no change in position",
    "placement tbd",
    "placement",
    "delete",
    "retain",
    "reserve",
    "reflect",
    "support",
    "add",
    "bracket",
)
"""Those that stand behind a name without a colon (domain brief §12c)."""
_ON_BEHALF = re.compile(r"(.+?),? on behalf of [^,;:]+")
_WITH_SUPPORT = re.compile(r" with (?:the )?supports? of ")
_COMMAS_IN_NAME = 4
"""A name as people print it has no more."""


class Names:
    """Who may be named: what the caller knows as a party or as another name for one."""

    def __init__(self, parties: Container[str]) -> None:
        self._parties = parties

    def said(self, text: str, escaped: Escaped) -> tuple[Attribution, ...] | None:
        """All that is said in a text, parted by semicolons; None if it is not all names and verbs."""
        found: list[Attribution] = []
        for part in text.strip().removesuffix(".").split(";"):
            said = self._one(part.strip(), escaped)
            if said is None:
                return self._at_length(text.strip(), escaped)
            if found and not found[-1].verb and not said.verb:
                found[-1] = Attribution((*found[-1].names, *said.names))
            else:
                found.append(said)
        return tuple(found)

    def _at_length(self, text: str, escaped: Escaped) -> tuple[Attribution, ...] | None:
        """Names, and behind a colon what they want, in a sentence that may have semicolons of its own."""
        before, _colon, behind = text.partition(":")
        names = self.listed(before, escaped) if behind.strip() else ()
        return (Attribution(names, escaped.plain(behind.strip())),) if names else None

    def _one(self, text: str, escaped: Escaped) -> Attribution | None:
        before, colon, behind = text.partition(":")
        if colon:
            return self._with_colon(before.strip(), behind.strip(), escaped)
        if names := self.listed(text, escaped):
            return Attribution(names)
        for verb in VERBS:
            if text.endswith(f" {verb}") and (names := self.listed(text.removesuffix(f" {verb}"), escaped)):
                return Attribution(names, verb)
        return None

    def _with_colon(self, before: str, behind: str, escaped: Escaped) -> Attribution | None:
        if behind and (names := self.listed(before, escaped)):
            return Attribution(names, escaped.plain(behind))
        if before and (names := self.listed(behind, escaped)):
            return Attribution(names, escaped.plain(before))
        if not behind and before in VERBS:
            return Attribution((), before)
        return None

    def listed(self, text: str, escaped: Escaped) -> tuple[str, ...]:
        """Names parted by commas, where names may have commas themselves; empty if one of them is not known."""
        parts = _WITH_SUPPORT.sub(", ", text).split(",")
        found = []
        at = 0
        while at < len(parts):
            for end in range(min(len(parts), at + _COMMAS_IN_NAME), at, -1):
                if self._knows(",".join(parts[at:end]).strip(), escaped):
                    found.append(escaped.plain(",".join(parts[at:end])).strip())
                    at = end
                    break
            else:
                return ()
        return tuple(found)

    def _knows(self, masked: str, escaped: Escaped) -> bool:
        """Is it a name that is known, or one with the group for which it speaks?"""
        if masked and escaped.plain(masked) in self._parties:
            return True
        speaker = _ON_BEHALF.fullmatch(masked)
        return speaker is not None and escaped.plain(speaker[1]) in self._parties
