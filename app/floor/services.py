"""The commands of the floor: ask for it, withdraw, give it, end it, order the list, close it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.core.rules.rulesets import RuleSet
from app.core.rules.speakers import (
    LEVELS,
    Act,
    Asked,
    Entry,
    Floor,
    FloorRules,
    Kind,
    Refused,
    Said,
    Who,
    decide,
    evolve,
)
from app.errors import Closed, Forbidden, Invalid
from app.extensions import db, upsert
from app.floor.models import SpeakersList
from app.floor.parties import Voice, category_of, voice_of_actor, voice_of_party
from app.floor.refusals import refusal
from app.groups.queries import ruleset_of
from app.live.acting import append_act, held_session, require_act, require_not_over, require_open
from app.live.models import LiveSession
from app.live.segments import channel_now, is_attributed, openness_now
from app.policy import Action, Actor, GroupId, PartyKind, can
from app.record import Envelope, Transaction, transaction
from app.web.numbers import whole

CAPABILITY = {Kind.RIGHT_OF_REPLY: "right_of_reply", Kind.POINT_OF_ORDER: "point_of_order"}
"""What the rules of the body must grant a party that is no member State."""
STATEMENT_LIMIT = 2 * 60 * 60
"""Seconds that a chair may give to one statement, at most."""


def request_floor(
    actor: Actor,
    session_id: int,
    *,
    kind: Any = None,
    on_behalf_of: Any = None,
    joint: Any = (),
    level: Any = None,
) -> int:
    """Ask for the floor for one's delegation, for a group of States, or jointly. Returns the event's seq."""
    with transaction() as tx:
        session = held_session(session_id)
        asked_kind = _kind(kind)
        rules = ruleset_of(session.group)
        _require_may_ask(actor, session, asked_kind, rules)
        if not actor.party_code:
            raise Forbidden(_("Only a delegation asks for the floor. An officer speaks from the podium."))
        voice = voice_of_actor(actor, session, on_behalf_of, joint)
        entry = _new_entry(voice, asked_kind, level)
        return _act(tx, actor, session, Act.REQUEST, Who.DELEGATE, Asked(delegation=actor.party_code, entry=entry))


def request_for(
    actor: Actor,
    session_id: int,
    delegation: Any,
    *,
    kind: Any = None,
    on_behalf_of: Any = None,
    joint: Any = (),
    level: Any = None,
) -> int:
    """Put a delegation on the list for it: when its device failed, or it raised its plate. Returns the event's seq."""
    with transaction() as tx:
        session = held_session(session_id)
        _require_manager(actor, session)
        voice = voice_of_party(session, delegation, on_behalf_of, joint)
        entry = _new_entry(voice, _kind(kind), level)
        return _act(tx, actor, session, Act.REQUEST, Who.CHAIR, Asked(entry=entry))


def withdraw(actor: Actor, session_id: int, *, request: Any = None, delegation: Any = None) -> int:
    """Take an entry off the list: a delegation its own, whoever manages the list anybody's."""
    with transaction() as tx:
        session = held_session(session_id)
        if _manages(actor, session) and (request or delegation):
            _require_manager(actor, session)
            asked = Asked(request=_text(request), delegation=_text(delegation))
            return _act(tx, actor, session, Act.WITHDRAW, Who.CHAIR, asked)
        require_act(actor, session, Action.REQUEST_FLOOR)
        _require_list(session)
        if delegation and delegation != actor.party_code:
            raise Forbidden(_("A delegation withdraws its own request."), field="delegation")
        asked = Asked(request=_text(request), delegation=actor.party_code or "")
        return _act(tx, actor, session, Act.WITHDRAW, Who.DELEGATE, asked)


def give(actor: Actor, session_id: int, *, delegation: Any = None, request: Any = None, limit: Any = None) -> int:
    """Give the floor to the next, or to whom the chair names, on the list or not. Returns the event's seq."""
    with transaction() as tx:
        session = held_session(session_id)
        _require_manager(actor, session)
        require_open(session)
        asked = Asked(
            request=_text(request),
            delegation=_text(delegation),
            entry=_unlisted(session, delegation, Kind.GENERAL),
            limit=_seconds(limit),
        )
        return _act(tx, actor, session, Act.GIVE, Who.CHAIR, asked)


def interrupt(actor: Actor, session_id: int, *, delegation: Any = None) -> int:
    """Stop who speaks: for the point of order that waits, for that of `delegation`, or by the chair's own will."""
    with transaction() as tx:
        session = held_session(session_id)
        _require_manager(actor, session)
        require_open(session)
        asked = Asked(delegation=_text(delegation), entry=_unlisted(session, delegation, Kind.POINT_OF_ORDER))
        return _act(tx, actor, session, Act.INTERRUPT, Who.CHAIR, asked)


def manage(
    actor: Actor,
    session_id: int,
    act: Act,
    *,
    request: Any = None,
    delegation: Any = None,
    other: Any = None,
    to: Any = None,
) -> int:
    """Every other act of whoever manages the list: resume, end, move, swap, absent, close, open, announce."""
    with transaction() as tx:
        session = held_session(session_id)
        _require_manager(actor, session)
        if act is Act.RESUME:
            require_open(session)
        if act in (Act.MOVE, Act.SWAP, Act.ABSENT) and not (request or delegation):
            raise Invalid(_("Say which delegation."), field="delegation")
        asked = Asked(
            request=_text(request),
            delegation=_text(delegation),
            other=_text(other),
            to=_place(to) if act is Act.MOVE else None,
        )
        return _act(tx, actor, session, act, Who.CHAIR, asked)


# --- What each act does alike --------------------------------------------------------------------------------------


def _act(tx: Transaction, actor: Actor, session: LiveSession, act: Act, who: Who, asked: Asked) -> int:
    """Decide, record, fold. The list is held until the commit: two acts never see the same one."""
    row = held_list(session, channel_now(session))
    floor = Floor.from_dict(row.state)
    rules = FloorRules.of(ruleset_of(session.group))
    try:
        said = decide(floor, rules, act, who, asked, tx.now)
    except Refused as refused:
        raise refusal(refused.why, act) from None
    return record(row, (append_act(tx, actor, session, event.type, event.data) for event in said), said)


def record(row: SpeakersList, envelopes: Iterable[Envelope], said: Iterable[Said]) -> int:
    """Fold events that were just recorded into the row. Returns the last one's seq."""
    floor = Floor.from_dict(row.state)
    for envelope, event in zip(envelopes, said, strict=True):
        floor = evolve(floor, event.type, event.data, envelope.at)
        row.seq = envelope.seq
    row.state = floor.as_dict()
    return row.seq


def held_list(session: LiveSession, channel: str) -> SpeakersList:
    """The list of a channel, made when it is not there, held until the commit."""
    upsert(SpeakersList, {"channel": channel, "session_id": session.id, "state": Floor().as_dict(), "seq": 0})
    query = select(SpeakersList).where(SpeakersList.channel == channel).with_for_update(key_share=True)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def _require_may_ask(actor: Actor, session: LiveSession, kind: Kind, rules: RuleSet) -> None:
    """By the matrix, and for a party that is no member State by what the body's rules grant it."""
    require_act(actor, session, Action.REQUEST_FLOOR)
    _require_list(session)
    if kind is Kind.POINT_OF_ORDER:
        require_open(session)
    if actor.party_kind in (None, PartyKind.MEMBER_STATE):
        if kind is Kind.POINT_OF_ORDER:
            require_act(actor, session, Action.POINT_OF_ORDER)
    elif kind is not Kind.GENERAL:
        granted = rules.capabilities_of(str(actor.party_kind), actor.party_code or "")
        if CAPABILITY.get(kind) not in granted:
            raise Forbidden(_("The rules of this body do not give your delegation this right."), field="kind")


def _manages(actor: Actor, session: LiveSession) -> bool:
    return can(actor, Action.MANAGE_FLOOR, GroupId(session.group_id), openness_now(session))


def _require_manager(actor: Actor, session: LiveSession) -> None:
    require_act(actor, session, Action.MANAGE_FLOOR)
    _require_list(session)


def _require_list(session: LiveSession) -> None:
    """A list opens with the announcement of the session, so that delegations can inscribe before it."""
    require_not_over(session)
    if not is_attributed(session):
        raise Closed(_("No names are kept in this segment, so no speakers’ list is: raise your plate."))


def _new_entry(voice: Voice, kind: Kind, level: Any) -> Entry:
    if level not in (None, "", *LEVELS):
        raise Invalid(_("Choose one of: %(words)s.", words=", ".join(LEVELS)), field="level")
    return Entry(
        request=str(uuid.uuid4()),
        delegation=voice.delegation,
        kind=kind,
        category=category_of(voice),
        on_behalf_of=voice.on_behalf_of,
        joint=voice.joint,
        level=level or LEVELS[-1],
    )


def _unlisted(session: LiveSession, delegation: Any, kind: Kind) -> Entry | None:
    """The entry of a delegation that the chair names although it is not on the list."""
    return _new_entry(voice_of_party(session, delegation, None, ()), kind, None) if delegation else None


def _kind(kind: Any) -> Kind:
    if kind in (None, ""):
        return Kind.GENERAL
    if kind not in list(Kind):
        raise Invalid(_("Choose one of: %(words)s.", words=", ".join(Kind)), field="kind")
    return Kind(kind)


def _text(value: Any) -> str | None:
    return str(value)[:60] if value not in (None, "") else None


def _place(value: Any) -> int:
    place = whole(value, most=999_999)
    if place is None:
        raise Invalid(_("Say which place: 0 is the first."), field="to")
    return place


def _seconds(value: Any) -> int | None:
    if value in (None, ""):
        return None
    seconds = whole(value, most=STATEMENT_LIMIT)
    if not seconds:
        raise Invalid(_("Give the limit in seconds, up to two hours."), field="limit")
    return seconds


MANAGED: Mapping[str, Act] = {
    "floor.end": Act.END,
    "floor.resume": Act.RESUME,
    "floor.move": Act.MOVE,
    "floor.swap": Act.SWAP,
    "floor.absent": Act.ABSENT,
    "list.announce_closing": Act.ANNOUNCE_CLOSING,
    "list.close": Act.CLOSE,
    "list.open": Act.OPEN,
}
"""The commands that `manage` carries out."""
