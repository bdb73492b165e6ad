"""Words quoted from a paragraph: what people send, checked against the text, and what the record keeps, read again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from app.core.text import Quote, locate
from app.errors import Invalid

LIMIT = 2_000
AROUND = 32
"""Characters kept before and after a quotation."""


def checked_quote(text: str, given: Any) -> dict[str, Any]:
    """The quotation with its place and what stands around it. Raises Invalid unless it stands in `text`, exactly.

    `given` is {exact, start?, prefix?, suffix?}. White space at the ends and line breaks in `exact` come from
    copying, and count for nothing.
    """
    exact = given.get("exact") if isinstance(given, Mapping) else None
    if not isinstance(exact, str) or not 0 < len(exact.strip()) <= LIMIT:
        raise Invalid(_("Quote at least one word and at most %(number)s characters.", number=LIMIT), field="quote")
    for words in dict.fromkeys((exact, exact.strip(), " ".join(exact.split()))):
        if (place := locate(text, as_quote({**given, "exact": words}))) is not None:
            begin, end = place
            around = {"prefix": text[max(0, begin - AROUND) : begin], "suffix": text[end : end + AROUND]}
            return {"exact": words, "start": begin, **around}
    if " ".join(exact.split()) in text:
        raise Invalid(_("These words stand there more than once. Quote a few more of them."), field="quote")
    raise Invalid(_("These words do not stand in that paragraph. Quote them exactly as they are."), field="quote")


def as_quote(said: Mapping[str, Any] | None) -> Quote:
    """The quotation of a comment or an attachment; one of no words where the whole paragraph is meant."""
    said = said or {}
    start = said.get("start")
    place = start if isinstance(start, int) and not isinstance(start, bool) and start >= 0 else 0
    around = {side: str(said.get(side) or "")[:64] for side in ("prefix", "suffix")}
    return Quote(exact=str(said.get("exact") or ""), start=place, **around)
