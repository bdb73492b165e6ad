"""A row that may be there already: written, changed, or left as it is, and said which."""

from __future__ import annotations

import pytest

from app.delegations.models import InboxMark
from app.extensions import db, upsert
from app.record import transaction
from tests.support.builders import NOW, World

pytestmark = pytest.mark.database


def test_a_row_that_is_there_is_changed_or_left_alone(world: World) -> None:
    user = world.user(party="KEN").id
    row = {"user_id": user, "key": "a", "read_at": NOW}

    def kept() -> str:
        return db.session.execute(db.select(InboxMark.key).where(InboxMark.user_id == user)).scalar_one()

    with world.context():
        with transaction():
            assert upsert(InboxMark, row)
            assert not upsert(InboxMark, row), "it was there, and is as it was"
        with transaction():
            assert upsert(InboxMark, row, key=("user_id", "key"), change={"key": "b"})
        assert kept() == "b"
        with transaction():
            again = row | {"key": "b"}
            assert upsert(InboxMark, again, key=("user_id", "key"), change=lambda new: {"key": new.key + "c"})
        assert kept() == "bc"
