"""Every act of decisions by its name, as the socket, the API and the forms call it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.decisions import services, statements
from app.policy import Actor

Do = Callable[[Actor, int, Mapping[str, Any]], int]
"""Takes the actor, the session's id and what was said; gives the seq of the event."""

ACTS: dict[str, Do] = {
    "object": lambda actor, session, said: services.object_(actor, session, said.get("decision"), said.get("words")),
    "object.withdraw": lambda actor, session, said: services.relent(actor, session, said.get("decision")),
    "gavel": lambda actor, session, said: services.gavel(actor, session, said.get("decision")),
    "vote.call": lambda actor, session, said: services.put_to_vote(
        actor, session, said.get("decision"), said.get("majority")
    ),
    "vote.open": lambda actor, session, said: services.open_vote(actor, session, said.get("decision")),
    "vote": lambda actor, session, said: services.vote(actor, session, said.get("choice"), said.get("decision")),
    "vote.close": lambda actor, session, said: services.close_vote(actor, session, said.get("decision")),
    "vote.announce": lambda actor, session, said: services.announce(actor, session, said.get("decision")),
    "decision.withdraw": lambda actor, session, said: services.withdraw(actor, session, said.get("decision")),
    "explain": statements.explain,
    "dissociate": statements.dissociate,
    "intent": statements.note_intent,
}
"""The acts on a decision."""

COMMANDS: dict[str, Do] = {
    "roll": lambda actor, session, said: services.take_roll(actor, session, said.get("present")),
    "decide": services.propose,
    **ACTS,
}
