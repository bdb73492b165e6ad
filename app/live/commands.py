"""The one decorator that every socket handler carries: identity, limits, one unit of work, errors as acks."""

from __future__ import annotations

import functools
import logging
import time
from collections.abc import Callable
from typing import Any

from flask import current_app, request
from flask_babel import gettext as _
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from app.errors import DomainError, Forbidden, Invalid, NotFound, RateLimited, TooLarge, Unavailable
from app.extensions import db, socketio
from app.live.acting import once_in, words_of
from app.live.channels import place_of
from app.live.rooms import Visitor, rooms
from app.policy import Actor
from app.web.wellformed import refuse_unwritable

log = logging.getLogger(__name__)

NAMESPACE = "/live"
READS = parse("600/minute")
WRITES = parse("90/minute")

Handler = Callable[[Actor, Visitor, dict[str, Any]], dict[str, Any]]
handlers: dict[str, Handler] = {}
"""Every command of the namespace. A test fails on a handler that is registered otherwise."""


def command(name: str, *, writes: bool = False) -> Callable[[Handler], Handler]:
    """Register a handler for `name`. It gets the actor with rights read fresh, the visitor and the message.

    What it returns is acked with `ok`; a DomainError becomes `{"ok": false, "error": …}`; so does a crash, whose
    details stay in the log.
    """

    def register(handler: Handler) -> Handler:
        @functools.wraps(handler)
        def guarded(message: Any = None, *_more: Any) -> dict[str, Any]:
            try:
                return {"ok": True, **_run(handler, message, writes)}
            except DomainError as error:
                return {"ok": False, "error": error.as_dict()}
            except Exception:
                log.exception("the command %s failed", name)
                return {"ok": False, "error": Unavailable(_("Something broke on our side. Send it again.")).as_dict()}
            finally:
                db.session.remove()

        handlers[name] = handler
        socketio.on_event(name, guarded, namespace=NAMESPACE)
        return handler

    return register


def _run(handler: Handler, message: Any, writes: bool) -> dict[str, Any]:
    visitor = rooms.visitor(request.sid)  # type: ignore[attr-defined]
    if visitor is None:
        raise Forbidden(_("This connection has ended. Connect again."))
    if not isinstance(message, dict):
        raise Invalid(_("A command carries one object."))
    if len(message) > 20:
        raise TooLarge(_("That is too large."))
    refuse_unwritable(message)
    _require_own_room(visitor, message)
    actor = visitor.who()
    visitor.user_key, visitor.delegation = actor.key, actor.party_code
    _limit(actor, visitor, writes)
    return handler(actor, visitor, message)


def _require_own_room(visitor: Visitor, message: dict[str, Any]) -> None:
    """A display looks into one session, whatever else of its group it could read."""
    if visitor.only and ("thread" in message or str(message.get("session", visitor.only)) != visitor.only):
        raise NotFound(_("This session was not found, or is not open to you."))


def _limit(actor: Actor, visitor: Visitor, writes: bool) -> None:
    if not current_app.config["RATELIMIT_ENABLED"]:
        return
    limit = WRITES if writes else READS
    who = actor.key if actor.signed_in else f"socket:{visitor.sid}"
    wait = _counter(current_app.config["RATELIMIT_STORAGE_URI"]).hit(limit, who)
    if wait is not None:
        raise RateLimited(
            _("That was too often. What you wrote is kept; it is sent again in a moment."), retry_after=wait
        )


class Counter:
    """Counts commands where all processes count them; while that store is away, in this process alone."""

    AWAY = 10.0
    """Seconds until a store that failed is asked again: one that hangs is not waited for with every command."""

    def __init__(self, shared: Storage) -> None:
        self._shared, self._own = FixedWindowRateLimiter(shared), FixedWindowRateLimiter(MemoryStorage())
        self._faults = shared.base_exceptions
        self._away_until = 0.0

    def hit(self, limit: RateLimitItem, who: str) -> int | None:
        """Count one command. Returns the seconds to wait when it was one too many."""
        if time.monotonic() >= self._away_until:
            try:
                return self._hit(self._shared, limit, who)
            except self._faults:
                log.warning("the store of rate limits is away: counting in this process", exc_info=True)
                self._away_until = time.monotonic() + self.AWAY
        return self._hit(self._own, limit, who)

    @staticmethod
    def _hit(limiter: FixedWindowRateLimiter, limit: RateLimitItem, who: str) -> int | None:
        if limiter.hit(limit, "live", who):
            return None
        return max(1, int(limiter.get_window_stats(limit, "live", who).reset_time - time.time()))


@functools.lru_cache(maxsize=4)
def _counter(uri: str) -> Counter:
    storage = storage_from_string(uri)
    assert isinstance(storage, Storage)
    return Counter(storage)


def once_in_session(actor: Actor, message: dict[str, Any], verb: str, do: Callable[[int], int]) -> dict[str, Any]:
    """Run `do(session id)`, which gives an event's seq, once for the message's `id`: sent twice, answered alike."""
    place = place_of(actor, {"session": message.get("session")})
    session = int(place.channel.split(":")[1])
    key = str(message.get("id"))
    _status, answer = once_in(
        actor, session, key, f"live.{verb}", words_of(message), lambda: (200, {"seq": do(session)})
    )
    return answer
