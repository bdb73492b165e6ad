"""The fan-out: how events reach a thousand clients fast, and why no client can slow the others.

As Flask-SocketIO comes, a broadcast costs a queue and a greenlet switch for each recipient, and frames the same bytes
again for each. Here a broadcast is framed once and written straight to each socket; only what the kernel does not take
at once goes to a writer greenlet, behind a bound. Past the bound the client is cut off and catches up from the log.
It stays Flask-SocketIO: an async websocket class, an Engine.IO socket, and a packet class.
"""

from __future__ import annotations

from app.live.transport.engine import emit_envelope, install, say_goodbye
from app.live.transport.packets import LivePacket

__all__ = ["LivePacket", "emit_envelope", "install", "say_goodbye"]
