"""Why a text cannot be kept, in the language of the reader: the core says it in English, by a code."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from app.core.text import TextRefused
from app.core.text.bracket_reading import DEPTH
from app.core.text.normalise import LIMIT


def text_refused(refused: TextRefused) -> str:
    """What to do about a text that is refused."""
    return refused_by(refused.code) or str(refused)


def refused_by(code: str) -> str:
    """The words for a code; empty for one that is not known here."""
    words = _WORDS.get(code)
    return words() if words else ""


_WORDS: Mapping[str, Callable[[], str]] = {
    "bidi": lambda: _("The text holds marks that turn the direction of writing. Paste it without formatting."),
    "control": lambda: _("The text holds control characters. Paste it without formatting."),
    "surrogate": lambda: _("The text holds half a character. Copy it again from its source."),
    "too_deep": lambda: _("Brackets are read up to %(number)s deep.", number=DEPTH),
    "too_large": lambda: _("The text is larger than 2 MB. Bring it in in parts."),
    "too_long": lambda: _("A text of this kind has at most %(number)s characters.", number=LIMIT),
}
CODES = frozenset(_WORDS)
