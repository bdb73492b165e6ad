"""Signs behind a backslash, put out of sight while a bracketed text is read."""

from __future__ import annotations

import re
from itertools import chain

from app.core.text.printing import ESCAPED

_PAIR = re.compile(r"\\([" + re.escape(ESCAPED) + r"&!])")


class Escaped:
    """A text whose escaped signs nobody can mistake: each pair is two characters that stand nowhere else in it.

    So all places in `masked` are places in the text.
    """

    def __init__(self, text: str) -> None:
        free = (chr(code) for code in chain(range(0xE000, 0xF8FF), range(0xF0000, 0x10FFFD)) if chr(code) not in text)
        self._first = next(free)
        self._signs = {sign: next(free) for sign in ESCAPED + "&!"}
        self._back = {code: "" if sign in "&!" else sign for sign, code in self._signs.items()}
        self._any = re.compile(f"{self._first}(.)")
        self.joint = self._first + self._signs["&"]
        self.exact = self._first + self._signs["!"]
        self.masked = _PAIR.sub(lambda pair: self._first + self._signs[pair[1]], text)

    def plain(self, masked: str) -> str:
        """The words that are meant."""
        if self._first not in masked:
            return masked
        return self._any.sub(lambda pair: self._back[pair[1]], masked)
