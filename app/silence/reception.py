"""When the server had a request: a deadline is judged by that, whatever the request waits for afterwards."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import g, request

from app.silence import ending


def note() -> None:
    """Before each request about silence: keep the moment, then end what is due.

    The body is read to its end first: who sends half a request before the deadline has not said anything by then. The
    moment comes before the look at what is due, which may wait for others. Whoever comes after a deadline finds the
    procedure ended, though every process slept through it.
    """
    request.get_data()
    g.received = datetime.now(UTC)
    ending.end_due()


def received() -> datetime:
    """When the server had this request whole."""
    moment: datetime = g.received
    return moment
