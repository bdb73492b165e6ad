"""Agreed language: passages that the secretariat keeps, and the check of words against them."""

from __future__ import annotations

from flask_babel import gettext as _

from app.core.text.precedents import Match, check_agreed_language
from app.core.text.precedents import Precedent as Passage
from app.drafts import inputs
from app.errors import Forbidden, NotFound
from app.extensions import db
from app.groups.services import words
from app.policy import Action, Actor, Forum, Role, can, envelope_actor
from app.proposals import queries
from app.proposals.models import Precedent
from app.record import transaction

SOURCE_LIMIT = 200
PASSAGE_LIMIT = 20_000
CHANNEL = "precedents"


def keep(actor: Actor, source: str, text: str) -> Precedent:
    """Keep a passage of agreed language, with its source. The secretariat's act."""
    with transaction() as tx:
        _require_keeper(actor)
        precedent = Precedent(
            source=words.checked_line(source, "source", SOURCE_LIMIT),
            text=inputs.words(words.checked_text(text, "text", PASSAGE_LIMIT)),
            added_by=actor.name,
            added_at=tx.now,
        )
        db.session.add(precedent)
        db.session.flush()
        data = {"precedent": str(precedent.id), "source": precedent.source, "text": precedent.text}
        tx.append(CHANNEL, "precedent.kept", envelope_actor(actor, Role.SECRETARIAT), data)
        return precedent


def drop(actor: Actor, precedent_id: int) -> None:
    """Take a passage out of the checks. The record keeps it."""
    with transaction() as tx:
        _require_keeper(actor)
        precedent = db.session.get(Precedent, precedent_id)
        if precedent is None or precedent.withdrawn_at is not None:
            raise NotFound(_("There is no such passage."))
        precedent.withdrawn_at = tx.now
        data = {"precedent": str(precedent.id)}
        tx.append(CHANNEL, "precedent.dropped", envelope_actor(actor, Role.SECRETARIAT), data)


def _require_keeper(actor: Actor) -> None:
    if not may_keep(actor):
        raise Forbidden(_("The secretariat keeps the agreed language."))


def may_keep(actor: Actor) -> bool:
    return can(actor, Action.KEEP_PRECEDENTS, None, Forum.PUBLIC)


def check(text: str) -> list[tuple[Precedent, Match]]:
    """The precedents that these words come from or come near to, best first."""
    checked = words.checked_text(text, "text", PASSAGE_LIMIT)
    rows = {str(row.id): row for row in queries.precedents()}
    passages = [Passage(id=key, source=row.source, text=row.text) for key, row in rows.items()]
    return [(rows[match.precedent], match) for match in check_agreed_language(checked, passages)]


def beside(text: str) -> list[tuple[Precedent, Match]]:
    """The same, of words that a page shows: the page opens too where they are none, or too long for the check."""
    return check(text) if text.strip() and len(text) <= PASSAGE_LIMIT else []
