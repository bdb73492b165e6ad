"""In which of the six languages a text is, as far as its letters and smallest words tell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from app.core.text.words import is_word, tokens

_SCRIPTS = (
    ("ar", re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")),
    ("zh", re.compile(r"[\u3400-\u9fff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
)
_SMALL = {
    code: frozenset(words.split())
    for code, words in (
        ("fr", "le la les des du et aux une dans pour sur ses leur par est"),
        ("es", "el los las del y al una en para sobre sus su por con es"),
        ("en", "the of and to in for on their by with that is its"),
    )
}
LONG = {"ar": "ara", "zh": "zho", "en": "eng", "fr": "fra", "ru": "rus", "es": "spa"}
"""ISO 639-3, as the naming convention of Akoma Ntoso asks."""


def language_of(texts: Iterable[str], default: str = "en") -> str:
    """The language of the most letters; of Latin letters, the one whose smallest words stand there most."""
    counts: Counter[str] = Counter()
    latin: list[str] = []
    for text in texts:
        for code, pattern in _SCRIPTS:
            counts[code] += len(pattern.findall(text)) * (3 if code == "zh" else 1)  # a sign says what a word says
        latin.append(text)
        counts["latin"] += sum(1 for sign in text if sign.isascii() and sign.isalpha())
    best = max(counts, key=lambda code: counts[code], default="latin")
    if best != "latin" and counts[best]:
        return best
    return _of_latin(latin, default)


def _of_latin(texts: Iterable[str], default: str) -> str:
    words = Counter(token.casefold() for text in texts for token in tokens(text) if is_word(token))
    scores = {code: sum(words[word] for word in small) for code, small in _SMALL.items()}
    best = max(scores, key=lambda code: scores[code])
    return best if scores[best] else default


def language_here(text: str, around: str) -> str:
    """The language of one paragraph in a text that is in the language `around`: another one if its script says so."""
    for code, pattern in _SCRIPTS:
        if len(pattern.findall(text)) * 2 > sum(1 for sign in text if sign.isalpha()):
            return code
    latin = sum(1 for sign in text if sign.isascii() and sign.isalpha()) * 2 > sum(1 for sign in text if sign.isalpha())
    return "en" if latin and around in ("ar", "zh", "ru") else around
