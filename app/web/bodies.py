"""How large the body of a request may be: a few megabytes, and a whole Word file with its pictures where one comes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

FILES = 21 * 2**20
"""Bytes: the largest file that is read (20 MB), and the form around it. Below what the server reads at all."""
View = TypeVar("View", bound=Callable[..., Any])
_MARK = "takes_files"


def init_app(app: Flask) -> None:
    app.before_request(raise_limit)


def takes_files(view: View) -> View:
    """Let a view be sent a file. The innermost decorator: the others carry the mark on."""
    setattr(view, _MARK, True)
    return view


def raise_limit() -> None:
    """Before anything reads the body."""
    if getattr(current_app.view_functions.get(request.endpoint or ""), _MARK, False):
        request.max_content_length = FILES
