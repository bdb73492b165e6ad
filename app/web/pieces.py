"""Pieces of a page that it holds by the hundred."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app
from markupsafe import Markup


def macro_of(template: str, name: str) -> Callable[..., Markup]:
    """A macro of a template, in the context of this request.

    The context is made once, and not anew for each piece as `render_template` does. It is not kept for the next
    request either: what a template sets at its beginning may be in the reader's language.
    """
    context: dict[str, Any] = {}
    current_app.update_template_context(context)
    macro: Callable[..., Markup] = getattr(current_app.jinja_env.get_template(template).make_module(context), name)
    return macro
