"""The commands of decisions over the socket. Each names the session, and carries the `id` of the write."""

from __future__ import annotations

from typing import Any

from app.decisions.acts import COMMANDS, Do
from app.live.commands import command, once_in_session
from app.live.rooms import Visitor
from app.policy import Actor


def _register(verb: str, do: Do) -> None:
    @command(verb, writes=True)
    def handler(actor: Actor, visitor: Visitor, message: dict[str, Any]) -> dict[str, Any]:
        return once_in_session(actor, message, verb, lambda session: do(actor, session, message))


for _verb, _do in COMMANDS.items():
    _register(_verb, _do)
