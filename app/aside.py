"""Slow work beside the loop that serves the live rooms."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


def aside(work: Callable[..., T], *arguments: Any) -> T:
    """Do `work` in a native thread where gevent serves, and wait for it while the rooms go on.

    For pure work only: what it calls must touch neither the database nor anything else that belongs to the loop.
    What it raises is raised here.
    """
    if "gevent.monkey" not in sys.modules:
        return work(*arguments)
    import gevent

    result, error = gevent.get_hub().threadpool.apply(_caught, (work, arguments))
    if error is not None:
        raise error
    done: T = result
    return done


def _caught(work: Callable[..., T], arguments: tuple[Any, ...]) -> tuple[T | None, Exception | None]:
    """The pool prints what is raised in it; a refused file is no fault of the server, and its log stays quiet."""
    try:
        return work(*arguments), None
    except Exception as error:
        return None, error
