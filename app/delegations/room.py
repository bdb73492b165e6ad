"""What the delegate finds in the room: notes and colleagues at each paragraph, what was missed, the ways out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from app.agreement.queries import negotiable
from app.core.rules.sessions import State
from app.delegations import catchup, seen, statements
from app.delegations.note_pages import beside as own_block
from app.delegations.notes import notes_on
from app.delegations.rights import is_of_delegation
from app.drafts.queries import version_paragraphs
from app.live.models import LiveSession
from app.live.parts import add_part, parts
from app.live.queries import may_be_present
from app.policy import Actor
from app.web.wording import register_act


def register() -> None:
    if beside in parts.beside:
        return
    parts.beside.append(beside)
    parts.scripts.append("js/room/delegation.js")
    parts.styles.append("css/delegations.css")
    parts.record_parts.append(record)
    add_part("strip", "away", 90, away)
    add_part("talk", "own-delegation", 20, talk)
    add_part("me", "own-pages", 10, me)
    register_act("statement.published", _published)


def beside(actor: Actor, session: LiveSession) -> Mapping[str, Markup]:
    """Paragraph to what is there for the actor's own delegation. Nobody else gets a byte of it."""
    version = session.version
    if version is None or not is_of_delegation(actor, session.group_id):
        return {}
    shown: dict[str, list[Any]] = {}
    for note in notes_on(actor, version):
        shown.setdefault(note.note.paragraph or "", []).append(note)
    rows = negotiable(version_paragraphs(version.id))
    return {row.wid: Markup(own_block(actor, session, version, row, shown.get(row.wid, []))) for row in rows}


def away(actor: Actor, session: LiveSession) -> str | None:
    """That they were away, and what happened: for those who were here before."""
    if not actor.signed_in:
        return None
    found = catchup.missed(actor, session, datetime.now(UTC))
    if not found.away or found.since is None:
        return None
    return render_template("delegations/_away.html", missed=found)


def talk(actor: Actor, session: LiveSession) -> str | None:
    """The words of the script, for whom there is something to say; the public has neither notes nor an inbox."""
    if not actor.signed_in:
        return None
    return render_template(
        "delegations/_talk.html",
        seen_url=url_for("delegations.note_seen", session_id=session.id),
        away_url=url_for("delegations.away", session_id=session.id),
    )


def me(actor: Actor, session: LiveSession) -> str | None:
    if not actor.signed_in:
        return None
    version = session.version
    notes = version is not None and is_of_delegation(actor, session.group_id)
    return render_template(
        "delegations/_me.html",
        session_id=session.id,
        follows=seen.follows(actor, session),
        notes_url=url_for("notes.text", draft_id=version.draft_id, number=version.number) if version and notes else "",
        may_give=session.state != State.CLOSED
        and may_be_present(actor, session)
        and statements.may_give(actor, session),
    )


def record(actor: Actor, session: LiveSession) -> str | None:
    """The statements that this reader may read, in the record of a closed session."""
    found = [row for row in statements.of_session(actor, session) if row.published_at is not None]
    if not found:
        return None
    return render_template("delegations/_record.html", session_id=session.id, statements=found)


def _published(who: str, data: Mapping[str, Any]) -> str:
    if data["corrects"] and data["corrects"] != "{corrects}":
        return _("%(who)s published a correction: %(title)s", who=who, title=data["title"])
    return _("%(who)s published a statement: %(title)s", who=who, title=data["title"])
