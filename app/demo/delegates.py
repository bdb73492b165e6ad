"""What the delegates of the demo world keep for themselves: notes, drafts, statements, the rooms that they follow."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from app.delegations import notes, seen, statements
from app.drafts.models import Version
from app.live import services as live
from app.live.models import LiveSession
from app.policy import Actor
from app.proposals import services as proposals
from app.record import as_of

NAMES = uuid.UUID("5d3b7c1e-0d0e-4a0f-9a55-3f6f2f4f7a10")
ActorOf = Callable[[str], Actor]


@contextmanager
def _ago(content: Mapping[str, Any]) -> Iterator[None]:
    with as_of(datetime.now(UTC) - timedelta(minutes=content["minutes"])):
        yield


def load(
    content: Mapping[str, Any],
    actor: ActorOf,
    versions: Mapping[tuple[str, str], Version],
    sessions: Mapping[str, LiveSession],
    paragraph_id: Callable[[str, str], str],
) -> None:
    """Play what the delegates did beside the room, through the commands that they would use."""
    for note in sorted(content["notes"], key=lambda note: -note["minutes"]):
        wid = paragraph_id(note["draft"], note["key"]) if note["key"] else None
        version = versions[note["draft"], note["version"]]
        with _ago(note):
            id_ = str(uuid.uuid5(NAMES, note["id"]))
            notes.add(actor(note["by"]), version.id, id=id_, body=note["body"], paragraph=wid)
    for draft in content["drafts"]:
        given = dict(draft["given"])
        given["paragraph"] = paragraph_id(draft["draft"], given.pop("key"))
        with _ago(draft):
            proposals.propose(actor(draft["by"]), versions[draft["draft"], draft["version"]].id, given, draft=True)
    for number, said in enumerate(content["mentions"]):
        session = sessions[said["session"]]
        wid = paragraph_id("support-elements", said["key"])
        with _ago(said):
            id_ = str(uuid.uuid5(NAMES, f"mention/{number}"))
            live.comment(actor(said["by"]), session.id, id=id_, body=said["body"], paragraph=wid)
    _load_statements(content["statements"], actor, sessions)
    _load_rooms(content, actor, sessions)


def _load_statements(content: list[dict[str, Any]], actor: ActorOf, sessions: Mapping[str, LiveSession]) -> None:
    for given in content:
        who = actor(given["by"])
        with _ago(given):
            row = statements.hand_in(who, sessions[given["session"]].id, {"language": "en"} | given)
            if given["publish"]:
                statements.publish(who, row.id)


def _load_rooms(content: Mapping[str, Any], actor: ActorOf, sessions: Mapping[str, LiveSession]) -> None:
    for email, followed in content["follows"].items():
        for name in followed:
            seen.follow(actor(email), sessions[name].id)
    for looked in content["seen"]:
        session = sessions[looked["session"]]
        with _ago(looked):
            seen.note_seen(actor(looked["by"]), session.id, {session.channel: looked["events"]})
