"""Statements: handed in under embargo, published when they are delivered, corrected by another one beside them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, select

from app.accounts.models import Party
from app.core.markup import render
from app.core.rules.sessions import State
from app.core.rules.speakers import Kind
from app.delegations.files import Handed, opened
from app.delegations.models import Statement, StatementFile
from app.delegations.rights import channel_of as delegation_channel
from app.delegations.rights import is_of_delegation, not_found
from app.errors import Closed, Conflict, Forbidden, Invalid
from app.extensions import db
from app.groups.services.words import OFFICERS, checked_line, checked_text, signed
from app.live.acting import held_session, require_act, require_names
from app.live.models import LiveSession
from app.live.queries import may_hear as may_hear_segment
from app.live.queries import may_know, may_read, require_present
from app.live.segments import channel_now, channel_of, is_attributed, openness_now, openness_of_channel
from app.policy import Action, Actor, GroupId, Role, can, role_in
from app.record import Envelope, Transaction, on_append, transaction
from app.web.locale import CODES

WORDS_LIMIT = 60_000
DELIVERIES = ("check_against_delivery", "as_delivered")


def hand_in(
    actor: Actor, session_id: int, given: Mapping[str, Any], file: tuple[str, bytes] | None = None
) -> Statement:
    """Hand in a statement: typed words, or a file by name and content. Nobody else reads it until it is published.

    `given`: title, body, delivery, language, agenda_item?, on_behalf_of?, for_interpreters?, when_spoken?, corrects?.
    Raises NotFound, Forbidden, Closed, Invalid, TooLarge.
    """
    handed = opened(*file) if file else None
    with transaction() as tx:
        session = held_session(session_id)
        require_act(actor, session, Action.GIVE_STATEMENT)
        corrected = _corrected(actor, session, given.get("corrects"))
        _require_takes(session, correction=corrected is not None)
        if actor.party_id is None:
            raise Forbidden(_("Only a delegation gives statements."))
        statement = _new(tx, actor, session, given, handed)
        if corrected is not None:
            statement.corrects_id, statement.openness = corrected.id, corrected.openness
        db.session.add(statement)
        db.session.flush()
        if handed and handed.type:
            db.session.add(StatementFile(statement_id=statement.id, content=handed.content))
        if is_of_delegation(actor, session.group_id):
            assert actor.party_code is not None
            room = delegation_channel(actor.party_code, session.group_id)
            tx.append(room, "statement.handed_in", statement.actor, _said(statement) | {"session": str(session.id)})
        return statement


def publish(actor: Actor, statement_id: str) -> Statement:
    """Let all read it to whom its segment is open. The delegation's own act; raises Conflict the second time.

    While the session is not closed it is done in the room, and where names are kept: the event bears one.
    """
    with transaction() as tx:
        statement = get(actor, statement_id)
        session = held_session(statement.session_id)
        _hold(statement)
        if session.state != State.CLOSED:
            require_present(actor, session)
        _require_own(actor, statement)
        if statement.published_at is not None:
            raise Conflict(_("This statement is published already."))
        _require_takes(session, correction=statement.corrects_id is not None)
        _publish(tx, session, statement)
        return statement


def withdraw(actor: Actor, statement_id: str) -> None:
    """Take back a statement that nobody else has read. What is published stays."""
    with transaction():
        statement = get(actor, statement_id)
        _hold(statement)
        _require_own(actor, statement)
        if statement.published_at is not None:
            raise Closed(_("What is published stays. Hand in a correction: it stands beside this one."))
        file = db.session.get(StatementFile, statement.id)
        if file is not None:
            db.session.delete(file)
            db.session.flush()
        db.session.delete(statement)


def follow_the_floor() -> None:
    """Publish what waits for the delegation's turn when its turn ends."""
    on_append("floor.ended", _spoken)


def _spoken(envelope: Envelope) -> None:
    """Inside the transaction that ends the turn: of several statements, the one that was handed in first.

    Where the turn ends because the names are switched off, it waits on: the event would bear one.
    """
    kind, number = envelope.channel.split(":")[:2]
    said = json.loads(envelope.body)["data"]
    if kind != "session" or said["kind"] != Kind.GENERAL:
        return
    # What was handed in behind a door is delivered behind it: a turn in the open is not the one it waits for.
    waiting = (
        select(Statement)
        .join(Party, Party.id == Statement.party_id)
        .where(
            Party.code == said["delegation"],
            Statement.session_id == int(number),
            Statement.openness == openness_of_channel(envelope.channel),
            Statement.when_spoken,
            Statement.published_at.is_(None),
        )
        .order_by(Statement.created_at, Statement.id)
    )
    with transaction() as tx:
        statement = db.session.scalars(_locked(waiting)).first()
        if statement is not None and is_attributed(statement.session):
            _publish(tx, statement.session, statement)


def _hold(statement: Statement) -> None:
    """Until the commit: of those who publish and withdraw it at once, the second meets what the first did."""
    if db.session.scalar(_locked(select(Statement).where(Statement.id == statement.id))) is None:
        raise not_found()


def _locked(query: Select[Any]) -> Select[Any]:
    return query.with_for_update(key_share=True, of=Statement).execution_options(populate_existing=True)


def _publish(tx: Transaction, session: LiveSession, statement: Statement) -> None:
    statement.published_at = tx.now
    tx.append(channel_of(session, statement.openness), "statement.published", statement.actor, _said(statement))


# --- Reads ---------------------------------------------------------------------------------------------------------


def may_see(actor: Actor, statement: Statement) -> bool:
    """Published: whoever may read its segment. Before: its delegation, and the secretariat where it is let."""
    session = statement.session
    if statement.published_at is not None:
        return may_read(actor, session) and may_hear_segment(actor, session, statement.openness)
    if not may_know(actor, session):
        return False
    if is_own(actor, statement):
        return True
    return statement.for_interpreters and role_in(actor, GroupId(session.group_id)) is Role.SECRETARIAT


def is_own(actor: Actor, statement: Statement) -> bool:
    """Is the actor of its delegation, and in no office of the group?"""
    officer = role_in(actor, GroupId(statement.session.group_id)) in OFFICERS
    return actor.party_id is not None and statement.party_id == actor.party_id and not officer


def may_publish(actor: Actor, statement: Statement) -> bool:
    session = statement.session
    rights = can(actor, Action.GIVE_STATEMENT, GroupId(session.group_id), openness_now(session))
    return is_own(actor, statement) and rights


def may_give(actor: Actor, session: LiveSession) -> bool:
    """May the actor hand in a statement in this session now? The caller has checked that they may be in the room."""
    rights = can(actor, Action.GIVE_STATEMENT, GroupId(session.group_id), openness_now(session))
    return actor.party_id is not None and rights and is_attributed(session) and not session.published_at


def get(actor: Actor, statement_id: str) -> Statement:
    """Raises NotFound."""
    statement = db.session.get(Statement, str(statement_id)[:16])
    if statement is None or not may_see(actor, statement):
        raise not_found()
    return statement


def of_session(actor: Actor, session: LiveSession) -> list[Statement]:
    """The statements of a session that the actor may read: those delivered in their order, then what waits."""
    rows = db.session.scalars(select(Statement).where(Statement.session_id == session.id))
    found = [row for row in rows if may_see(actor, row)]
    return sorted(found, key=lambda row: (row.published_at is None, row.published_at or row.created_at, row.id))


def corrections_of(actor: Actor, statement: Statement) -> list[Statement]:
    query = select(Statement).where(Statement.corrects_id == statement.id).order_by(Statement.created_at)
    return [row for row in db.session.scalars(query) if may_see(actor, row)]


def file_of(statement: Statement) -> bytes:
    """Raises NotFound where it was typed. The caller has checked that the statement may be read."""
    kept = db.session.get(StatementFile, statement.id)
    if kept is None:
        raise not_found()
    return kept.content


# --- What is checked -----------------------------------------------------------------------------------------------


def _new(
    tx: Transaction, actor: Actor, session: LiveSession, given: Mapping[str, Any], handed: Handed | None
) -> Statement:
    assert actor.party_id is not None
    words = (handed.words if handed else "") or str(given.get("body") or "")
    body = checked_text(words, "body", WORDS_LIMIT, required=not (handed and handed.type == "pdf"))
    content = handed.content if handed and handed.type else body.encode()
    behalf = given.get("on_behalf_of") or None
    agenda = str(given.get("agenda_item") or session.agenda_item or "")
    return Statement(
        session_id=session.id,
        party_id=actor.party_id,
        openness=openness_of_channel(channel_now(session)),
        title=checked_line(given.get("title"), "title"),
        agenda_item=checked_line(agenda, "agenda_item") if agenda else "",
        delivery=_one_of(given.get("delivery") or DELIVERIES[0], DELIVERIES, "delivery"),
        language=_one_of(given.get("language") or "en", CODES, "language"),
        on_behalf_of=signed(actor, session.group_id, behalf)["on_behalf_of"],
        body=body,
        html=render(body) if body else "",
        file_name=handed.name if handed and handed.type else "",
        file_type=handed.type if handed else "",
        sha256=hashlib.sha256(content).hexdigest(),
        for_interpreters=bool(given.get("for_interpreters")),
        when_spoken=bool(given.get("when_spoken")),
        actor=signed(actor, session.group_id, behalf),
        created_at=tx.now,
    )


def _corrected(actor: Actor, session: LiveSession, identity: Any) -> Statement | None:
    if not identity:
        return None
    found = get(actor, str(identity))
    if found.session_id != session.id or found.published_at is None:
        raise Invalid(_("Only a published statement of this session is corrected."), field="corrects")
    _require_own(actor, found)
    return found


def _require_takes(session: LiveSession, *, correction: bool) -> None:
    if session.state != State.CLOSED:
        require_names(session)
    if session.published_at and not correction:
        raise Closed(_("The record of this session is published: a statement of it can only be corrected."))


def _require_own(actor: Actor, statement: Statement) -> None:
    if not may_publish(actor, statement):
        raise Forbidden(_("Only who speaks for the delegation publishes, corrects or takes back its statement."))


def _one_of(word: Any, known: tuple[str, ...], field: str) -> str:
    if word not in known:
        raise Invalid(_("Choose one of: %(words)s.", words=", ".join(known)), field=field)
    return str(word)


def _said(statement: Statement) -> dict[str, Any]:
    return {
        "statement": statement.id,
        "title": statement.title,
        "agenda_item": statement.agenda_item,
        "delivery": statement.delivery,
        "language": statement.language,
        "corrects": statement.corrects_id,
        "sha256": statement.sha256,
    }
