"""Silence procedures for walking the matrix: each on a text of its own, in the state that the action needs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import update

from app.accounts.models import User
from app.extensions import db
from app.policy import DelegationRole
from app.record import transaction
from app.silence import services
from tests.policy.walk import Place
from tests.support.builders import World


def new_silence(**more: Any) -> dict[str, Any]:
    return {"deadline": (datetime.now(UTC) + timedelta(hours=80)).isoformat()} | more


def text_in(world: World, place: Place) -> int:
    """A version that no other procedure holds."""
    return world.version(place.group).id


def silence_in(world: World, place: Place, state: str = "running") -> int:
    """A procedure of the group in this state: prepared or running. Its negotiators are entrusted by their heads."""
    version, chair = text_in(world, place), world.actor(world.chair_of(place.group))
    given = {"deadline": datetime.now(UTC) + timedelta(hours=80)}
    with world.context():
        with transaction():
            negotiators = User.delegation_role == DelegationRole.NEGOTIATOR
            db.session.execute(update(User).where(negotiators).values(entrusted=True))
        found = services.prepare(chair, version, given)
        if state == "running":
            services.open_silence(chair, found.id)
        return found.id
