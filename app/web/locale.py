"""Which language and time zone a page speaks."""

from __future__ import annotations

from flask import has_request_context, request, session
from flask_babel import get_locale as babel_locale
from flask_login import current_user

LANGUAGES: tuple[tuple[str, str], ...] = (
    ("ar", "عربي"),
    ("zh", "中文"),
    ("en", "English"),
    ("fr", "Français"),
    ("ru", "Русский"),
    ("es", "Español"),
)
"""The six official languages, in the order and under the names that the United Nations uses on its sites."""

CODES = tuple(code for code, _name in LANGUAGES)
RIGHT_TO_LEFT = frozenset({"ar"})


def select_locale() -> str:
    """The person's choice in this browser, else in their account, else what the browser asks for."""
    if not has_request_context():
        return "en"
    chosen = session.get("locale")
    if chosen in CODES:
        return str(chosen)
    kept = getattr(current_user, "locale", None)
    if kept in CODES:
        return str(kept)
    return request.accept_languages.best_match(CODES, default="en") or "en"


def select_timezone() -> str:
    if not has_request_context():
        return "UTC"
    return getattr(current_user, "timezone", None) or session.get("timezone") or "UTC"


def current_language() -> str:
    """The code of the language of this page."""
    locale = babel_locale()
    return locale.language if locale else "en"


def text_direction() -> str:
    return "rtl" if current_language() in RIGHT_TO_LEFT else "ltr"
