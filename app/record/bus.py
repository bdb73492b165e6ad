"""Tells the rest of the house, and the other processes, that events were committed.

The bus carries hints, the log is the truth: a listener that misses a hint reads the log. In one process a hint
goes straight to the listeners; with a Redis or Valkey server it goes through a channel there to every process.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

log = logging.getLogger(__name__)

Listener = Callable[[str, str], None]
"""Called with a topic and a text."""

TOPIC_EVENT = "event"
TOPIC_RIGHTS = "rights"
TOPIC_PRESENCE = "presence"
TOPIC_AGAIN = "again"
"""Told in this process alone: messages of others may have passed it by."""
REDIS_CHANNEL = "chapeau:bus"


class Bus:
    """Publish to every process; deliver to the listeners of this one."""

    def __init__(self) -> None:
        self._listeners: dict[str, list[Listener]] = {}
        # One delivery at a time: a change of rights has emptied the rooms before the next event is sent into them.
        self._one_at_a_time = threading.RLock()
        self._redis: Any = None

    def listen(self, topic: str, listener: Listener) -> None:
        """Call `listener(topic, text)` for each message of `topic`, in this process."""
        if listener not in self._listeners.setdefault(topic, []):
            self._listeners[topic].append(listener)

    def publish(self, topic: str, text: str) -> None:
        """Send to every process, this one included. A queue that is down never undoes what was committed."""
        if self._redis is None:
            self._deliver(topic, text)
            return
        try:
            self._redis.publish(REDIS_CHANNEL, json.dumps([topic, text]))
        except Exception:
            log.exception("the message queue is down: delivering in this process only")
            self._deliver(topic, text)

    def connect(self, redis_client: Any) -> None:
        """Carry messages over `redis_client` from now on. Call `pump` in a greenlet to receive them."""
        self._redis = redis_client

    def again(self) -> None:
        """Have the listeners look for themselves: messages of others may have been lost on the way here."""
        self._deliver(TOPIC_AGAIN, "")

    def pump(self) -> None:
        """Receive for ever. Reconnects after a fault, as the library does unasked; then what was missed is looked for.

        The sequence in each message would heal the events, but nothing in the next message tells of changed rights.
        """
        while True:
            try:
                with self._redis.pubsub() as subscription:
                    subscription.subscribe(REDIS_CHANNEL)
                    for message in subscription.listen():
                        if message["type"] == "subscribe":
                            self.again()
                        else:
                            self._deliver(*json.loads(message["data"]))
            except Exception:
                log.exception("the message queue was lost; trying again in a second")
                time.sleep(1)

    def _deliver(self, topic: str, text: str) -> None:
        with self._one_at_a_time:
            for listener in self._listeners.get(topic, []):
                try:
                    listener(topic, text)
                except Exception:
                    log.exception("a listener of %s failed", topic)


bus = Bus()
