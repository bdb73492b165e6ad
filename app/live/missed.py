"""Notices that an event was committed of which no word came: its process died, or the queue lost it.

The bus carries word of every event to every process. One that stands in the log and was not told of for two looks was
missed, and with it perhaps that rights ended; then the rooms look for themselves.
"""

from __future__ import annotations

import logging

from flask import Flask
from sqlalchemy import func, select

from app.extensions import db, socketio
from app.record import TOPIC_EVENT, bus
from app.record.models import EventRow

log = logging.getLogger(__name__)

EVERY = 4.0
"""Seconds between two looks."""
Key = tuple[str, int]
"""Channel and seq."""


class Missed:
    """Compares what was told with what is written. A process that stands alone needs none."""

    def __init__(self) -> None:
        self._looks = 0
        self._told: dict[Key, int] = {}
        """What the bus told of, and at which look."""
        self._doubted: set[Key] = set()
        self._floors: list[int] = []
        """The last ids of the log at the last two looks. Ids come out of order, by less than the time between them."""

    def hear(self, _topic: str, text: str) -> None:
        channel, number, _envelope = text.split(" ", 2)
        self._told[channel, int(number)] = self._looks

    def look(self) -> bool:
        """Was something missed? Each is said once."""
        if not self._floors:
            self._floors = [db.session.scalar(select(func.max(EventRow.id))) or 0] * 2
            return False
        query = select(EventRow.id, EventRow.channel, EventRow.seq).where(EventRow.id > self._floors[0])
        rows = db.session.execute(query).all()
        untold = {(row.channel, row.seq) for row in rows} - self._told.keys()
        missed = untold & self._doubted
        self._doubted = untold - missed
        self._looks += 1
        self._told = {key: at for key, at in self._told.items() if at > self._looks - 4}
        self._told |= dict.fromkeys(missed, self._looks)
        self._floors = [self._floors[1], max([self._floors[1], *(row.id for row in rows)])]
        return bool(missed)


def watch(app: Flask) -> None:
    """Look from time to time, beside the requests of this process."""
    missed = Missed()
    bus.listen(TOPIC_EVENT, missed.hear)

    def keep_looking() -> None:
        while True:
            try:
                with app.app_context():
                    lost = missed.look()
                    db.session.remove()
                if lost:
                    log.warning("an event was committed of which no word came: looking at all rooms")
                    bus.again()
            except Exception:
                log.exception("missed events could not be looked for")
            socketio.sleep(EVERY)

    socketio.start_background_task(keep_looking)
