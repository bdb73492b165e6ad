"""Quorum: how many member States are present, and how many it takes. Parties are counted, never persons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.accounts.models import Member, Party
from app.decisions.models import Roll
from app.extensions import db
from app.groups.queries import ruleset_of
from app.live.models import LiveSession
from app.live.presence import presence
from app.live.segments import channel_now
from app.policy import PartyKind


@dataclass(frozen=True, slots=True)
class Count:
    """`present` of `members`; `to_open` and `to_decide` say how many it takes."""

    present: int
    members: int
    to_open: int
    to_decide: int

    @property
    def may_open(self) -> bool:
        return self.present >= self.to_open

    @property
    def may_decide(self) -> bool:
        return self.present >= self.to_decide

    def as_dict(self) -> dict[str, Any]:
        """As it is kept with a decision."""
        return {
            "present": self.present,
            "members": self.members,
            "needed": self.to_decide,
            "met": self.may_decide,
        }


def voters(group_id: int) -> list[str]:
    """The member States of a group, which vote and count for the quorum, in English alphabetical order."""
    parties = db.session.scalars(
        select(Party)
        .join(Member, Member.party_id == Party.id)
        .where(Member.group_id == group_id, Party.kind == PartyKind.MEMBER_STATE)
    )
    return [party.code for party in sorted(parties, key=lambda party: party.short["en"].casefold())]


def present_now(session: LiveSession) -> set[str]:
    """The member States present: those with somebody in the room, and those that the roll found there."""
    roll = db.session.get(Roll, channel_now(session))
    here = {*presence.present(session.channel), *(roll.present if roll else ())}
    return here & set(voters(session.group_id))


def count_now(session: LiveSession) -> Count:
    members = len(voters(session.group_id))
    rules = ruleset_of(session.group).quorum
    return Count(len(present_now(session)), members, rules.needed("open", members), rules.needed("decide", members))
