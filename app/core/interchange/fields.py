"""Members of what somebody sent, each checked as it is read. A refusal names the member and what it must be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NoReturn

from app.core.interchange.model import InterchangeRefused
from app.core.text.normalise import LIMIT, TextRefused, clean, clean_message

MANY = 20_000
"""Things in one list."""
_IDENTITY = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")


WHY = {
    "known": "is not one that is known here",
    "list": "must be a list of at most {most}",
    "text": "must be a text of at most {most} characters",
    "empty": "must not be empty",
    "kept": "holds what cannot be kept: {refusal}",
    "texts": "must be a list of texts",
    "number": "must be a whole number from 0 to {most}",
    "flag": "must be true or false",
    "choice": "must be one of {choices}",
    "identity": "must be a letter and at most 39 letters, digits, - or _",
    "moment": "must be a moment in RFC 3339",
}
"""What is wrong with a member, by its code."""


def refuse(code: str, message: str, **said: str | int) -> NoReturn:
    raise InterchangeRefused(code, message, **said)


class Fields:
    """An object of the file at a place that `where` names."""

    def __init__(self, given: Any, where: str) -> None:
        if not isinstance(given, dict):
            refuse("shape", f"{where} must be an object.", where=where)
        self._given: dict[str, Any] = given
        self._where = where

    def bad(self, name: str, why: str = "known", **said: str | int) -> NoReturn:
        """Refuse a member. `why` is a code of WHY, `said` what its words are made of."""
        message = f'{self._where}: "{name}" {WHY[why].format(**said).rstrip(".")}.'
        refuse("member", message, where=self._where, member=name, why=why, **said)

    def raw(self, name: str) -> Any:
        return self._given.get(name)

    def each(self, name: str) -> Iterator[Fields]:
        """The objects of a list; none where there is no such member."""
        found = self._given.get(name) or []
        if not isinstance(found, list) or len(found) > MANY:
            self.bad(name, "list", most=MANY)
        for number, one in enumerate(found, 1):
            yield Fields(one, f"{name} {number}" if self._where == "the file" else f"{self._where}, {name} {number}")

    def inner(self, name: str) -> Fields | None:
        found = self._given.get(name)
        return None if found is None else Fields(found, f"{self._where}, {name}")

    def text(self, name: str, limit: int, default: str = "") -> str:
        """A text as it is, without control characters."""
        found = self._given.get(name)
        found = default if found is None else found
        if not isinstance(found, str) or len(found) > limit:
            self.bad(name, "text", most=limit)
        self._check(found, name)
        return found

    def line(self, name: str, limit: int, default: str = "") -> str:
        """One line; spaces count once."""
        return self.clean(self.text(name, limit, default), name)

    def name(self, name: str) -> str:
        found = self.line(name, 200)
        return found or self.bad(name, "empty")

    def maybe(self, name: str, limit: int) -> str | None:
        return self.line(name, limit) or None

    def words(self, name: str) -> str:
        """The words of a paragraph."""
        return self.line(name, LIMIT)

    def message(self, name: str) -> str:
        """A longer text, lines kept."""
        found = self.text(name, LIMIT)
        try:
            return clean_message(found)
        except TextRefused as refused:
            self.bad(name, "kept", refusal=str(refused), refused=refused.code)

    def clean(self, text: str, name: str) -> str:
        try:
            return clean(text)
        except TextRefused as refused:
            self.bad(name, "kept", refusal=str(refused), refused=refused.code)

    def strings(self, name: str, limit: int | None) -> tuple[str, ...]:
        found = self._given.get(name) or []
        if not isinstance(found, list) or not all(
            isinstance(one, str) and len(one) <= (limit or LIMIT) for one in found
        ):
            self.bad(name, "texts")
        return tuple(self.clean(one, name) for one in found[:MANY])

    def number(self, name: str, most: int, default: int = 0) -> int:
        found = self._given.get(name)
        found = default if found is None else found
        if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= most:
            self.bad(name, "number", most=most)
        return found

    def flag(self, name: str) -> bool:
        found = self._given.get(name) or False
        if not isinstance(found, bool):
            self.bad(name, "flag")
        return found

    def choice(self, name: str, known: Iterable[str], default: str | None = None) -> str:
        found = self._given.get(name, default)
        if not isinstance(found, str) or found not in set(known):
            self.bad(name, "choice", choices=", ".join(known))
        return found

    def identity(self, name: str) -> str:
        found = self._given.get(name)
        if not isinstance(found, str) or not _IDENTITY.fullmatch(found):
            self.bad(name, "identity")
        return found

    def moment(self, name: str) -> str | None:
        """A moment as it was written, where it is one."""
        found = self._given.get(name)
        if found is None:
            return None
        try:
            datetime.fromisoformat(found)
        except (ValueError, TypeError):
            self.bad(name, "moment")
        return str(found)

    def _check(self, text: str, name: str) -> None:
        try:
            clean_message(text)
        except TextRefused as refused:
            self.bad(name, "kept", refusal=str(refused), refused=refused.code)
