"""Reads of the floor. Each is of the segment that the session is in, for those who may be in the room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.accounts.models import Party, StateGroup
from app.core.rules.speakers import Entry, Floor, Turn
from app.extensions import db
from app.floor.models import SpeakersList
from app.floor.parties import groups_spoken_for
from app.groups.queries import members_of
from app.live.acting import require_act
from app.live.models import LiveSession
from app.live.queries import require_present
from app.live.segments import channel_now, is_attributed, openness_now
from app.policy import Action, Actor, GroupId, can
from app.record import timestamp


def floor_of(session: LiveSession) -> tuple[Floor, int]:
    """The list of the present segment, and the seq of the last event in it.

    The caller has checked that the reader may be in the room. Where no names are kept, there is no list.
    """
    row = db.session.get(SpeakersList, channel_now(session)) if is_attributed(session) else None
    return (Floor.from_dict(row.state), row.seq) if row else (Floor(), 0)


def read_floor(actor: Actor, session: LiveSession) -> dict[str, Any]:
    """The floor as the API tells it. Raises NotFound where the actor may not be in the room."""
    require_present(actor, session)
    return floor_as_dict(session)


def floor_as_dict(session: LiveSession) -> dict[str, Any]:
    floor, seq = floor_of(session)
    return {
        "channel": channel_now(session),
        "seq": seq,
        "list": floor.list,
        "speaking": _turn(floor.speaking),
        "interrupted": _turn(floor.interrupted),
        "waiting": [_entry(entry) for entry in floor.waiting],
        "replies": dict(floor.replies),
        "now": timestamp(datetime.now(UTC)),
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "request": entry.request,
        "delegation": entry.delegation,
        "kind": str(entry.kind),
        "category": entry.category,
        "on_behalf_of": entry.on_behalf_of,
        "joint": list(entry.joint),
        "absent": entry.absent,
    }


def _turn(turn: Turn | None) -> dict[str, Any] | None:
    if turn is None:
        return None
    more = {"limit": turn.limit, "used": turn.used, "since": turn.since, "began": turn.began}
    return _entry(turn.entry) | more


@dataclass(frozen=True, slots=True)
class Rights:
    """What a visitor may do with the floor of a session at this moment."""

    may_ask: bool
    may_raise_point: bool
    manages: bool


def rights_of(actor: Actor, session: LiveSession) -> Rights:
    group, openness = GroupId(session.group_id), openness_now(session)
    has_voice = actor.party_code is not None and can(actor, Action.REQUEST_FLOOR, group, openness)
    point = can(actor, Action.POINT_OF_ORDER, group, openness)
    return Rights(has_voice, has_voice and point, can(actor, Action.MANAGE_FLOOR, group, openness))


def parties_for(actor: Actor, session: LiveSession) -> list[tuple[Party, list[StateGroup]]]:
    """Whom one may act for: the parties of the working group, each with the groups of States that it speaks for."""
    require_act(actor, session, Action.MANAGE_FLOOR)
    parties = members_of(session.group)
    spoken = groups_spoken_for([party.id for party in parties])
    return [(party, spoken.get(party.id, [])) for party in parties]
