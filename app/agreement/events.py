"""The socket's commands: stances on words, levels, flags, packages, bridging text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.agreement import services
from app.agreement.tables import Table, in_session
from app.errors import Invalid
from app.live.commands import command, once_in_session
from app.live.parts import parts
from app.live.rooms import Visitor
from app.policy import Action, Actor
from app.record import Envelope, transaction
from app.web.numbers import whole

POSITIONS = ("paragraph", "text", "bridging")


def register() -> None:
    for name in POSITIONS:
        parts.position_targets[name] = take_position


def take_position(actor: Actor, session_id: int, target: str, stance: Any, more: Mapping[str, Any]) -> int:
    """A stance from the floor, on a paragraph's words, a bridging text or the whole text."""
    with transaction():
        table = in_session(actor, session_id, Action.TAKE_POSITION)
        return services.take(
            actor,
            table,
            target,
            stance,
            note=more.get("note") or "",
            condition=more.get("condition"),
            on_behalf_of=more.get("on_behalf_of"),
        ).seq


Do = Callable[[Actor, Table, Mapping[str, Any]], Envelope]


def is_on(value: Any) -> bool:
    """A switch as JSON or a form says it."""
    return value not in (False, None, "", "0", "false")


def many(value: Any, field: str) -> list[str]:
    """A list of words: as JSON, or as a form's line with commas."""
    found = [word.strip() for word in value.split(",")] if isinstance(value, str) else value
    if not isinstance(found, list | tuple) or len(found) > 500 or not all(isinstance(one, str) for one in found):
        raise Invalid("Send a list of words.", field=field)
    return [one for one in found if one]


def _package(actor: Actor, table: Table, given: Mapping[str, Any]) -> Envelope:
    if is_on(given.get("dissolve")):
        return services.dissolve_package(actor, table, given.get("name"))
    return services.form_package(actor, table, given.get("name"), many(given.get("paragraphs") or [], "paragraphs"))


def _bridge(actor: Actor, table: Table, given: Mapping[str, Any]) -> Envelope:
    if given.get("bridging"):
        revision = given.get("revision")
        if revision is not None and not isinstance(revision, int):
            revision = number if (number := whole(revision)) is not None else -1
        return services.amend(actor, table, given["bridging"], given.get("text"), revision=revision)
    return services.show(actor, table, given.get("paragraph"), given.get("text"))


ACTS: dict[str, tuple[Action, Do]] = {
    "agree": (
        Action.READ_TEXT,
        lambda actor, table, given: services.mark(
            actor,
            table,
            given.get("paragraph"),
            given.get("level"),
            reason=given.get("reason") or "",
            holders=many(given.get("holders") or [], "holders"),
        ),
    ),
    "reopen": (
        Action.MARK_INFORMALLY,
        lambda actor, table, given: services.reopen(actor, table, given.get("paragraph"), given.get("reason")),
    ),
    "flag": (
        Action.MARK_INFORMALLY,
        lambda actor, table, given: services.flag(
            actor,
            table,
            given.get("paragraph"),
            given.get("flag"),
            on=is_on(given.get("on", True)),
            detail=given.get("detail") or "",
        ),
    ),
    "package": (Action.MARK_INFORMALLY, _package),
    "condition": (
        Action.MARK_INFORMALLY,
        lambda actor, table, given: services.confirm_condition(
            actor, table, given.get("target"), str(given.get("holder")), met=is_on(given.get("met", True))
        ),
    ),
    "bridge": (Action.SHOW_BRIDGING, _bridge),
    "bridge.down": (
        Action.SHOW_BRIDGING,
        lambda actor, table, given: services.take_down(
            actor, table, given.get("bridging"), again=is_on(given.get("again", False))
        ),
    ),
    "bridge.propose": (
        Action.SHOW_BRIDGING,
        lambda actor, table, given: services.propose_bridging(actor, table, given.get("bridging")),
    ),
}
"""Commands of officers: what the policy asks at the door, and the act. `agree` asks further inside: the holder of a
bracket lifts it too, and only the chair agrees ad referendum."""


def act(actor: Actor, verb: str, session_id: int, given: Mapping[str, Any]) -> int:
    """Do one of ACTS in a session. Returns the event's seq."""
    action, do = ACTS[verb]
    with transaction():
        return do(actor, in_session(actor, session_id, action), given).seq


def _command(verb: str) -> None:
    @command(verb, writes=True)
    def handler(actor: Actor, visitor: Visitor, message: dict[str, Any]) -> dict[str, Any]:
        return once_in_session(actor, message, verb, lambda session: act(actor, verb, session, message))


for _verb in ACTS:
    _command(_verb)
