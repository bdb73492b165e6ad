"""Numbers as requests write them: plain digits, and never more than a database's integer holds."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**31 - 1
"""PostgreSQL refuses a larger one in a query, where SQLite finds nothing."""


def whole(text: Any, most: int = LARGEST) -> int | None:
    """The number from 0 to `most` that `text` writes in plain digits; None where it is none."""
    said = "" if isinstance(text, bool) else str(text)
    if not said.isascii() or not said.isdigit() or len(said) > 15:
        return None
    number = int(said)
    return number if number <= most else None


class Identity(IntegerConverter):
    """`<int:…>` in an address: a number that no row can have leads nowhere, as one that no row has."""

    regex = r"[0-9]{1,10}"

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=LARGEST)


def init_app(app: Flask) -> None:
    """Before any route is registered: each keeps the converter that it is made with."""
    app.url_map.converters["int"] = Identity
