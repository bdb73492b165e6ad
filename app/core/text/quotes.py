"""Words of a paragraph that somebody means: kept with their place, found again exactly or not at all."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quote:
    """`exact` words, where they began, and up to 64 characters before and after them."""

    exact: str
    start: int = 0
    prefix: str = ""
    suffix: str = ""


def locate(text: str, quote: Quote) -> tuple[int, int] | None:
    """Where the quote stands in `text`: at its place, else where it stands once, with its context if need be.

    Never fuzzy: a near match on repetitive language is a wrong match.
    """
    if not quote.exact:
        return None
    if quote.start and text.startswith(quote.exact, quote.start):
        return quote.start, quote.start + len(quote.exact)
    places = _places(text, quote.exact)
    if len(places) > 1 and (quote.prefix or quote.suffix):
        places = [place for place in places if _fits(text, place, quote)]
    return (places[0], places[0] + len(quote.exact)) if len(places) == 1 else None


def _places(text: str, words: str) -> list[int]:
    found, at = [], text.find(words)
    while at >= 0:
        found.append(at)
        at = text.find(words, at + 1)
    return found


def _fits(text: str, place: int, quote: Quote) -> bool:
    return text[:place].endswith(quote.prefix) and text[place + len(quote.exact) :].startswith(quote.suffix)
