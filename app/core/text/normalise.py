"""The words of one paragraph or message as they are kept: NFC, no hidden characters, no surprises."""

from __future__ import annotations

import re
import unicodedata

LIMIT = 100_000
"""Characters of one paragraph edited by a person."""

_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE = frozenset("\u200b\u2060\ufeff\u00ad\u180e")
"""Zero-width space, word joiner, byte order mark, soft hyphen: dropped. The joiners that scripts need stay."""
_MARKS = frozenset("\u200e\u200f")


class TextRefused(ValueError):
    """A text that cannot be kept. `code` is for programs, the message tells a person what to do."""

    def __init__(self, code: str, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.code = code
        self.line = line


def clean(text: str) -> str:
    """The words of a paragraph: one line, NFC. Raises TextRefused."""
    return re.sub(r"\s+", " ", clean_message(text)).strip()


def clean_message(text: str) -> str:
    """The words of a message, lines kept. Raises TextRefused for what could deceive or break."""
    if len(text) > LIMIT:
        raise TextRefused("too_long", f"A text of this kind has at most {LIMIT} characters.")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n")
    for place, character in enumerate(text):
        if refusal := _refusal(character):
            line = text.count("\n", 0, place) + 1
            raise TextRefused(*refusal, line)
    return unicodedata.normalize("NFC", visible(text)).strip()


def visible(text: str) -> str:
    """Without what nobody sees: soft hyphens, marks of direction, spaces of no width."""
    return "".join(c for c in text if c not in _INVISIBLE and c not in _MARKS)


def clean_source(text: str) -> tuple[str, list[int]]:
    """A whole source, and the lines where invisible characters were left out. Raises TextRefused with the line."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n")
    if text.isascii() and not any(c in text for c in _ASCII_CONTROLS):
        return text, []
    hidden: list[int] = []
    kept = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.isascii() or any(c in line for c in _ASCII_CONTROLS):
            for character in line:
                if refusal := _refusal(character):
                    raise TextRefused(*refusal, number)
            shown = visible(line)
            if shown != line:
                hidden.append(number)
            line = shown.replace("\x85", " ")
        kept.append(line)
    return unicodedata.normalize("NFC", "\n".join(kept)), hidden


_ASCII_CONTROLS = frozenset(chr(code) for code in (*range(9), *range(14, 32), 127))


def _refusal(character: str) -> tuple[str, str] | None:
    if character >= " " and character < "\x7f":
        return None
    if "\ud800" <= character <= "\udfff":
        return "surrogate", "The text holds half a character. Copy it again from its source."
    if character in _BIDI:
        return "bidi", "The text holds marks that turn the direction of writing. Paste it without formatting."
    if character not in "\n\t\x85" and unicodedata.category(character) == "Cc":
        return "control", "The text holds control characters. Paste it without formatting."
    return None
