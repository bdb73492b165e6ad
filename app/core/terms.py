"""Words as the search index knows them: one folding for every script and every database."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f\u3040-\u30ff"
_RUN = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
_IS_HAN = re.compile(rf"[{_HAN}]")
_ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ؤ": "و", "ئ": "ي", "ة": "ه", "ـ": None})
TERM_LIMIT = 64
"""Characters of one term; a longer run is no word, and is cut."""


def fold(text: str) -> str:
    """Case, accents and vowel marks folded away: "États" and "etats" are one word, as are أمن and امن."""
    # Twice: a letter in a circle or a square is a capital once it is taken out of it.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.casefold()).casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_ARABIC)


def terms(text: str) -> list[str]:
    """The terms of a text, in order. Chinese has no spaces: a run becomes its pairs, and its last character."""
    found: list[str] = []
    for run in _RUN.findall(fold(text)):
        if _IS_HAN.match(run):
            found.extend(run[i : i + 2] for i in range(len(run)))
        else:
            found.append(run[:TERM_LIMIT])
    return found


@dataclass(frozen=True, slots=True)
class Part:
    """Terms that must stand one after the other. `prefix`: the last one may go on."""

    terms: tuple[str, ...]
    prefix: bool = False


def parse_query(query: str, limit: int = 12) -> tuple[Part, ...]:
    """What a person typed, as parts that must all occur: "quoted words" stay together, the last word may go on."""
    parts: list[Part] = []
    pieces = re.findall(r'"([^"]*)"|(\S+)', query)
    for number, (quoted, word) in enumerate(pieces):
        last = number == len(pieces) - 1 and not quoted
        parts.extend(_parts(quoted or word, bool(quoted), last))
    return tuple(parts[:limit])


def _parts(piece: str, quoted: bool, last: bool) -> list[Part]:
    if quoted:
        found = terms(piece)
        return [Part(tuple(_pairs(found)))] if found else []
    result = []
    runs = _RUN.findall(fold(piece))
    for number, run in enumerate(runs):
        if _IS_HAN.match(run):
            pairs = tuple(run[i : i + 2] for i in range(len(run) - 1)) or (run,)
            result.append(Part(pairs, prefix=len(run) == 1))
        else:
            result.append(Part((run[:TERM_LIMIT],), prefix=last and number == len(runs) - 1 and len(run) > 1))
    return result


def _pairs(found: list[str]) -> list[str]:
    """A quoted Chinese run ends with a pair: its single last character would be one term too many."""
    if len(found) > 1 and len(found[-1]) == 1 and _IS_HAN.match(found[-1]):
        return found[:-1]
    return found


def highlight(text: str, query: tuple[Part, ...], width: int = 220) -> list[tuple[str, bool]]:
    """A piece of `text` around the first hit, as (words, is a hit) in order."""
    wanted = {term: part.prefix for part in query for term in part.terms}
    spans = [m.span() for m in _RUN.finditer(text) if _hits(fold(m.group()), wanted)]
    begin = max(0, (spans[0][0] if spans else 0) - width // 3)
    begin = text.find(" ", begin) + 1 if begin and text.find(" ", begin, begin + 30) >= 0 else begin
    end = min(len(text), begin + width)
    pieces: list[tuple[str, bool]] = [("… ", False)] if begin else []
    at = begin
    for start, stop in spans:
        if start < at or stop > end:
            continue
        pieces += [(text[at:start], False), (text[start:stop], True)]
        at = stop
    pieces.append((text[at:end] + (" …" if end < len(text) else ""), False))
    return [piece for piece in pieces if piece[0]]


def _hits(run: str, wanted: dict[str, bool]) -> bool:
    if _IS_HAN.match(run):
        return any(run[i : i + 2] in wanted for i in range(len(run)))
    return run in wanted or any(prefix and run.startswith(term) for term, prefix in wanted.items())
