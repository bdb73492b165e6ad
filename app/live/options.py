"""How the Socket.IO server is set up: limits, transports, origins."""

from __future__ import annotations

import sys
from typing import Any

from app.live.commands import NAMESPACE
from app.live.transport import LivePacket
from config import Settings

PAYLOAD_LIMIT = 1024 * 1024
"""Bytes of one message from a client. What is too long for its field, but below this, is answered as too large;
what is above closes the line."""


def socket_options(settings: Settings) -> dict[str, Any]:
    """Arguments of SocketIO.init_app.

    `cors_allowed_origins` stays None: python-engineio then lets in the page's own origin only (an empty list would
    switch the check off). Rooms across processes are fed by our own bus, so there is no message queue here.
    `async_handlers` is off: the commands of one client run one after the other, so that their acks keep their order
    and a client that floods waits for itself.
    """
    options: dict[str, Any] = {
        "cors_allowed_origins": None,
        "async_mode": "gevent" if _patched() else "threading",
        "manage_session": False,
        "namespaces": [NAMESPACE],
        "serializer": LivePacket,
        "async_handlers": False,
        "max_http_buffer_size": PAYLOAD_LIMIT,
        "ping_interval": 20,
        "ping_timeout": 20,
        "http_compression": False,
        "cookie": None,
    }
    if settings.processes > 1:
        options["transports"] = ["websocket"]  # a long poll would not find its process again
    return options


def _patched() -> bool:
    monkey = sys.modules.get("gevent.monkey")
    return monkey is not None and monkey.is_module_patched("socket")
