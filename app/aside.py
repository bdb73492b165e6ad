"""Slow work beside the loop that serves the live rooms."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


def aside(work: Callable[..., T], *arguments: Any) -> T:
    """Do `work` in a native thread where gevent serves, and wait for it while the rooms go on.

    For pure work only: what it calls must touch neither the database nor anything else that belongs to the loop.
    """
    if "gevent.monkey" not in sys.modules:
        return work(*arguments)
    import gevent

    result: T = gevent.get_hub().threadpool.apply(work, arguments)
    return result
