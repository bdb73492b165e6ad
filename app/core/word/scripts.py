"""What Word must be told of each piece of text: its direction, its language, and which of a font's faces it takes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from app.core.word.xml import Element, w

_RTL = frozenset({"R", "AL", "AN"})
_LANGUAGES = (
    (re.compile(r"[\u0590-\u05ff]"), "he-IL"),
    (re.compile(r"[\u0600-\u08ff\ufb50-\ufdff\ufe70-\ufefc]"), "ar"),
    (re.compile(r"[\u0900-\u097f]"), "hi-IN"),
    (re.compile(r"[\u0400-\u052f]"), "ru-RU"),
    (re.compile(r"[\u3040-\u30ff]"), "ja-JP"),
    (re.compile(r"[\uac00-\ud7af]"), "ko-KR"),
    (re.compile(r"[\u2e80-\u9fff\U00020000-\U0003ffff]"), "zh-CN"),
)
_EAST_ASIAN = ("ja-JP", "ko-KR", "zh-CN")
_COMPLEX = ("he-IL", "ar", "hi-IN")


def is_rtl(text: str) -> bool:
    """Does the first letter with a direction run from right to left?"""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction == "L":
            return False
        if direction in _RTL:
            return True
    return False


def pieces(text: str, rtl: bool) -> Iterator[tuple[str, bool]]:
    """The text cut where its direction turns. Spaces and marks between two directions go with the paragraph's."""
    begin, at, current = 0, 0, None
    last_strong = 0
    for at, character in enumerate(text):
        direction = unicodedata.bidirectional(character)
        strong = True if direction in _RTL else False if direction == "L" else None
        if strong is None:
            continue
        if current is not None and strong is not current:
            cut = last_strong + 1 if current is not rtl else at
            yield text[begin:cut], current
            begin = cut
        current, last_strong = strong, at
    if begin < len(text):
        yield text[begin:], rtl if current is None else current


def run_properties(text: str, rtl: bool) -> list[Element]:
    """The last properties of a run, in the order that the schema asks for: rtl, cs, lang."""
    language = next((tag for pattern, tag in _LANGUAGES if pattern.search(text)), "")
    found = []
    if rtl:
        found.append(w("rtl"))
    elif language == "hi-IN":
        found.append(w("cs"))
    if language:
        key = "bidi" if language in _COMPLEX else "eastAsia" if language in _EAST_ASIAN else "val"
        found.append(w("lang", {key: language}))
    return found


def hint(text: str) -> list[Element]:
    """Quotation marks beside Chinese take the Chinese face."""
    tag = next((tag for pattern, tag in _LANGUAGES if pattern.search(text)), "")
    return [w("rFonts", {"hint": "eastAsia"})] if tag in _EAST_ASIAN else []
