"""What people may write into a text, checked where it comes in. Each function raises Invalid or TooLarge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from app.core.pillars import NORMS, PILLARS
from app.core.text import Kind, TextRefused, clean
from app.errors import Invalid, TooLarge
from app.groups.services.words import checked_text
from app.web.refusals import text_refused

LETTER_LIMIT = 20_000
DEEPEST = 6
"""The deepest level of a heading or an item."""


def words(text: Any) -> str:
    """The words of a paragraph: plain, normalised, not empty."""
    if not isinstance(text, str):
        raise Invalid(_("Write the words of the paragraph."), field="text")
    try:
        kept = clean(text)
    except TextRefused as refused:
        kind = TooLarge if refused.code == "too_long" else Invalid
        raise kind(text_refused(refused), field="text") from None
    if not kept:
        raise Invalid(_("A paragraph needs words. To take it out, delete it."), field="text")
    return kept


def line(text: Any, field: str, limit: int) -> str:
    """One line of printable words."""
    kept = " ".join(str(text or "").split())
    if not 1 <= len(kept) <= limit or not kept.isprintable():
        raise Invalid(_("Write 1 to %(number)s characters.", number=limit), field=field)
    return kept


def letter(text: str) -> str:
    """A covering note in Markdown."""
    return checked_text(text, "letter", LETTER_LIMIT, required=False)


def pillars(codes: Sequence[str]) -> list[str]:
    """The pillars in the order of the framework."""
    if set(codes) - set(PILLARS):
        raise Invalid(_("There is no pillar of this name."), field="pillars")
    return [code for code in PILLARS if code in codes]


def norm(given: str | None) -> str | None:
    if given and given not in NORMS:
        raise Invalid(_("The norms have the letters a to k."), field="norm")
    return given or None


def kind(name: str) -> Kind:
    if name not in set(Kind):
        raise Invalid(_("There is no such kind of paragraph."), field="kind")
    return Kind(name)


def level(depth: int, of: Kind | str) -> int:
    """How deep a paragraph of this kind stands: headings and items from 1, what goes on below one from 0, else 0."""
    if of in (Kind.HEADING, Kind.ITEM):
        return min(DEEPEST, max(1, depth))
    return min(DEEPEST, max(0, depth)) if of == Kind.CONTINUATION else 0
