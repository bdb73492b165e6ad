"""Numbers as labels print them: Latin ordinals, letters, Roman numerals."""

from __future__ import annotations

LATIN = ("bis", "ter", "quater", "quinquies", "sexies", "septies", "octies", "nonies", "decies")
"""In the order of the UN's practice; *novies* is read as *nonies*."""


def latin(number: int) -> str:
    """1 is bis, 2 is ter …; beyond decies the number itself, so that no label is ever missing."""
    return LATIN[number - 1] if number <= len(LATIN) else str(number + 1)


def letters(number: int) -> str:
    """1 is a, 26 is z, 27 is aa."""
    text = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("a") + rest) + text
    return text


def roman(number: int) -> str:
    """1 is i, 4 is iv."""
    text = ""
    for value, sign in (
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ):
        while number >= value:
            text, number = text + sign, number - value
    return text


def sub_label(level: int, number: int) -> str:
    """The number of an item: (a), then (i), then a., then i. (UN Editorial Manual)."""
    step = (level - 1) % 4
    sign = letters(number) if step in (0, 2) else roman(number)
    return f"({sign})" if step < 2 else f"{sign}."
