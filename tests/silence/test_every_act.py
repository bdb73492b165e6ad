"""Every act, in every state, by everybody: what the table does not allow does not happen and leaves no trace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.core.rules import silence as rules
from app.core.rules.silence import SETTLING, Act, State, Who
from app.errors import DomainError
from app.policy import Actor
from app.record import last_seq, transaction
from app.silence import breaks, services
from tests.silence.conftest import HOURS_72, OPENED, SECOND, Table

pytestmark = pytest.mark.database
DEADLINE = OPENED + HOURS_72
AFTER = DEADLINE + timedelta(hours=1)
PLAN = {"deadline": DEADLINE}

Do = Callable[[Actor, int], Any]
ACTS: dict[Act, Do] = {
    Act.REVISE: lambda actor, id_: services.revise(actor, id_, PLAN | {"message": "Other words."}),
    Act.DISCARD: services.discard,
    Act.OPEN: services.open_silence,
    Act.EXTEND: lambda actor, id_: services.extend(actor, id_, DEADLINE + HOURS_72, "More time."),
    Act.BREAK: lambda actor, id_: breaks.break_silence(actor, id_, {}),
    Act.WITHDRAW_BREAK: breaks.withdraw_break,
    Act.TELL: services.tell,
    Act.WITHDRAW: lambda actor, id_: services.withdraw(actor, id_, "Back to the table."),
    Act.VOID: lambda actor, id_: services.void(actor, id_, "A defect."),
    Act.PUBLISH: lambda actor, id_: services.publish(actor, id_, "It was broken."),
    Act.CONFIRM: lambda actor, id_: services.confirm(actor, id_, "It was not broken."),
    Act.FORMALISE: lambda actor, id_: services.formalise(actor, id_, None, "Noted in the 4th meeting."),
    Act.CONSULT: services.consult,
    Act.CLOSE: lambda actor, id_: services.close(actor, id_, "No agreement."),
}
PEOPLE = {
    "chair": {Who.CHAIR, Who.SECRETARIAT},
    "secretariat": {Who.SECRETARIAT},
    "facilitator": set(),
    "brazil": {Who.PARTY},
    "kenya's expert": set(),
    "nobody": set(),
}


class Undo(Exception):
    """Takes back what was tried."""


def reach(table: Table, state: State) -> int:
    """A procedure on a text of its own in this state; where it was broken, Brazil broke it."""
    with table.world.context():
        table.version = table.world.version(table.group)
    chair = table.as_("chair")
    with table.at(OPENED):
        id_ = services.prepare(chair, table.version.id, PLAN).id
        if state is State.DISCARDED:
            services.discard(chair, id_)
        if state in (State.PREPARED, State.DISCARDED):
            return id_
        services.open_silence(chair, id_)
    if state not in (State.UNBROKEN, State.CONFIRMED, State.FORMALISED):
        table.object("brazil", id_, OPENED + SECOND, "p1")
    if state is State.RUNNING:
        return id_
    if state in (State.WITHDRAWN, State.VOID):
        with table.at(OPENED + 2 * SECOND):
            ACTS[Act.WITHDRAW if state is State.WITHDRAWN else Act.VOID](chair, id_)
        return id_
    table.clock(DEADLINE + SETTLING)
    with table.at(AFTER):
        for act in LATER.get(state, ()):
            ACTS[act](chair, id_)
        if state is State.SUCCEEDED:
            plan = {"deadline": AFTER + HOURS_72, "predecessor": id_}
            services.open_silence(chair, services.prepare(chair, table.version.id, plan).id)
    return id_


LATER = {
    State.CONFIRMED: (Act.CONFIRM,),
    State.FORMALISED: (Act.CONFIRM, Act.FORMALISE),
    State.CONSULTING: (Act.CONSULT,),
    State.CLOSED: (Act.CLOSE,),
}


@pytest.mark.parametrize("state", list(State))
def test_every_act_by_everybody(table: Table, state: State) -> None:
    id_ = reach(table, state)
    now = {State.PREPARED: OPENED, State.RUNNING: OPENED + 3 * SECOND}.get(state, AFTER)
    wrong = []
    with table.at(now):
        channels = (f"silence:{id_}", f"silence:{id_}:chair")
        before = [last_seq(channel) for channel in channels]
        for name, allowed in PEOPLE.items():
            actor = table.as_(name) if name != "nobody" else Actor()
            for act, do in ACTS.items():
                possible = rules.possible(state, act) or (act is Act.BREAK and rules.possible(state, Act.OBJECT_LATE))
                wanted = possible and rules.WHO[act] in allowed
                if happens(do, actor, id_) is not wanted:
                    wrong.append(f"{act} by {name}: {'refused' if wanted else 'done'}")
        assert [last_seq(channel) for channel in channels] == before
    assert wrong == []


def happens(do: Do, actor: Actor, silence: int) -> bool:
    try:
        with transaction():
            do(actor, silence)
            raise Undo
    except Undo:
        return True
    except DomainError:
        return False
