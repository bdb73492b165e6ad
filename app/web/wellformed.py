"""What no text may hold is refused at the edge, once: halves of surrogate pairs and NUL, which no database keeps."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask, request
from flask_babel import gettext as _

from app.errors import Invalid, NotFound

_UNWRITABLE = re.compile(r"[\x00\ud800-\udfff]")
DEEPEST = 40
"""Levels of a message. The protocol's deepest has four."""


def init_app(app: Flask) -> None:
    app.before_request(check_address)
    app.before_request(check_json)


def check_address() -> None:
    """Nothing has a NUL in its name; in what is asked beside it or sent with a form, the field is to blame."""
    if "\x00" in request.path:
        raise NotFound(_("There is nothing at this address."))
    for name, said in (*request.args.items(multi=True), *request.form.items(multi=True)):
        refuse_unwritable(name)
        refuse_unwritable(said, name)


def check_json() -> None:
    """Refuse a JSON body that cannot be kept, before anything reads it."""
    if not request.is_json:
        return
    try:
        body = request.get_json(silent=True)
    except RecursionError:
        raise Invalid(_("This message is nested too deeply.")) from None
    refuse_unwritable(body)


def refuse_unwritable(value: Any, field: str | None = None, depth: int = 0) -> None:
    """Raises Invalid, naming the member at the top that is to blame."""
    if depth > DEEPEST:
        raise Invalid(_("This message is nested too deeply."), field=field)
    if isinstance(value, str):
        if _UNWRITABLE.search(value):
            raise Invalid(
                _("This holds characters that no text can hold. Take them out, and send it again."), field=field
            )
    elif isinstance(value, dict):
        for name, member in value.items():
            refuse_unwritable(name, field, depth + 1)
            refuse_unwritable(member, field or name, depth + 1)
    elif isinstance(value, list):
        for member in value:
            refuse_unwritable(member, field, depth + 1)
