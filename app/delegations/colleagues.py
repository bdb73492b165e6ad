"""Which colleague is at which paragraph now. Told within a delegation alone, never recorded, forgotten in a moment."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

from flask import Flask

from app.delegations.rights import is_of_delegation
from app.extensions import db, socketio
from app.live.commands import NAMESPACE
from app.live.models import LiveSession
from app.live.queries import may_be_present
from app.live.rooms import rooms
from app.policy import Actor
from app.record import bus

TOPIC = "colleagues"
FORGET = 30.0
"""Seconds after which who said nothing more is not there. Pages say it again every ten."""
DOINGS = ("writing", "looking", "away")


@dataclass(frozen=True, slots=True)
class At:
    """A person in the room of their delegation: in which session, at which paragraph, doing what."""

    user: str
    name: str
    session: int
    paragraph: str | None
    doing: str

    def as_dict(self) -> dict[str, Any]:
        return {
            "user": self.user,
            "name": self.name,
            "session": str(self.session),
            "paragraph": self.paragraph,
            "doing": self.doing,
        }


class Colleagues:
    """What each process heard, by channel and socket."""

    def __init__(self) -> None:
        self._app: Flask | None = None
        self._at: dict[str, dict[str, tuple[float, At]]] = {}

    def wire(self, app: Flask) -> None:
        self._app = app
        bus.listen(TOPIC, self.heard)

    def say(self, channel: str, sid: str, at: At) -> None:
        bus.publish(TOPIC, json.dumps([channel, sid, at.user, at.name, at.session, at.paragraph, at.doing]))

    def heard(self, _topic: str, text: str) -> None:
        channel, sid, *rest = json.loads(text)
        at = At(*rest)
        here = self._at.setdefault(channel, {})
        if at.doing == "away":
            here.pop(sid, None)
        else:
            here[sid] = (time.monotonic(), at)
        self._forget(channel)
        assert self._app is not None
        with self._app.app_context():
            self._tell(channel, sid, at)
            db.session.remove()

    def present(self, actor: Actor, channel: str) -> list[At]:
        """Colleagues of the actor who are there now, in sessions in which the actor may be too."""
        self._forget(channel)
        others = [at for _when, at in self._at.get(channel, {}).values() if at.user != str(actor.user_id)]
        return [at for at in others if _may_know(actor, at)]

    def _tell(self, channel: str, sid: str, at: At) -> None:
        """To each colleague's socket by itself: a viewer is not told of a room in which they may not be."""
        for visitor in rooms.members(channel):
            if visitor.sid != sid and _may_know(visitor.who(), at):
                socketio.emit("colleague", at.as_dict(), to=visitor.sid, namespace=NAMESPACE)

    def _forget(self, channel: str) -> None:
        limit = time.monotonic() - FORGET
        here = self._at.get(channel, {})
        for sid in [sid for sid, (when, _who) in here.items() if when < limit]:
            del here[sid]
        if not here:
            self._at.pop(channel, None)


def _may_know(actor: Actor, at: At) -> bool:
    session = db.session.get(LiveSession, at.session)
    return session is not None and is_of_delegation(actor, session.group_id) and may_be_present(actor, session)


colleagues = Colleagues()
