"""Every process keeps watch: it sleeps until the next deadline, and looks every few seconds for a new one."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from flask import Flask

from app.extensions import db, socketio
from app.silence import ending, watch

log = logging.getLogger(__name__)

LONGEST = 5.0
SHORTEST = 0.02


def start(app: Flask) -> None:
    """Keep watch from now on, beside the requests of this process."""
    socketio.start_background_task(_keep_watch, app)


def _keep_watch(app: Flask) -> None:
    while True:
        wait = LONGEST
        try:
            with app.app_context():
                wait = turn(datetime.now(UTC))
                db.session.remove()
        except Exception:
            log.exception("the watch over silence procedures failed; trying again")
        socketio.sleep(wait)


def turn(now: datetime) -> float:
    """Notice an outage, end what is due. Returns the seconds until the next turn."""
    watch.beat(now)
    ending.end_due(now)
    due = ending.next_due()
    if due is None:
        return LONGEST
    return min(LONGEST, max(SHORTEST, (due - datetime.now(UTC)).total_seconds()))
