"""What decisions add to the room and to the record, and what they keep from happening while a vote goes on."""

from __future__ import annotations

from flask import render_template
from flask_babel import gettext as _

from app.core.rules.sessions import State
from app.core.rules.speakers import Kind
from app.decisions import queries, views
from app.decisions.outcomes import outcomes
from app.decisions.services import vote_goes_on
from app.drafts.standing import standing
from app.errors import Closed
from app.live.models import LiveSession
from app.live.parts import add_part, parts
from app.policy import Actor
from app.proposals import desk
from app.record import Envelope, on_append

INTERRUPTIONS = (
    "session.suspended",
    "session.closed",
    "session.mode",
    "session.openness",
    "version.tabled",
    "floor.given",
)
"""What waits until the result of a vote is announced (rule 128). A point of order on how the vote is conducted does
not: it is given the floor."""
CHANGES = ("proposal.revised", "proposal.withdrawn", "proposal.merged")
"""What waits while a proposal is voted on: its sponsor may take it back until the voting begins (rule 122)."""


def register() -> None:
    add_part("strip", "decisions.strip", 30, _strip)
    add_part("chair", "decisions.chair", 30, _chair)
    add_part("me", "decisions.me", 30, _me)
    add_part("dialogs", "decisions.dialogs", 30, _dialogs)
    parts.verbs.update(views.COMMANDS)
    for script, listing in (("js/room/decisions.js", parts.scripts), ("css/decisions.css", parts.styles)):
        if script not in listing:
            listing.append(script)
    if _record not in parts.record_parts:
        parts.record_parts.append(_record)
    if queries.is_voted_on not in standing.holds:
        standing.holds.append(queries.is_voted_on)
    if outcomes not in desk.outcomes:
        desk.outcomes.append(outcomes)
    for type_ in INTERRUPTIONS:
        on_append(type_, _refuse_interruption)
    for type_ in CHANGES:
        on_append(type_, _refuse_change)


def _refuse_interruption(event: Envelope) -> None:
    if event.type == "floor.given" and event.as_dict()["data"].get("kind") == Kind.POINT_OF_ORDER:
        return
    if vote_goes_on(int(event.channel.split(":")[1])):
        raise Closed(_("The voting has begun: nothing interrupts it until the result is announced."))


def _refuse_change(event: Envelope) -> None:
    if queries.is_put_to_vote(event.as_dict()["data"]["proposal"]):
        raise Closed(_("The voting on this proposal has begun: it stays as it is until the result is announced."))


def _strip(actor: Actor, session: LiveSession) -> str:
    return render_template("decisions/_room.html", session_id=session.id, inner=views.strip(actor, session))


def _chair(actor: Actor, session: LiveSession) -> str | None:
    form = views.decide_form(actor, session)
    if not form["decides"] or session.state not in (State.OPEN, State.SUSPENDED):
        return None
    return render_template("decisions/_chair.html", **form)


def _me(actor: Actor, session: LiveSession) -> str:
    return render_template("decisions/_me.html", session_id=session.id)


def _dialogs(actor: Actor, session: LiveSession) -> str | None:
    form = views.decide_form(actor, session)
    if not form["decides"] and not form["takes_roll"]:
        return render_template("decisions/_confirm.html")
    return render_template("decisions/_confirm.html") + render_template("decisions/_dialogs.html", **form)


def _record(actor: Actor, session: LiveSession) -> str | None:
    rows = queries.decisions_of(actor, session)
    if not rows:
        return None
    return render_template("decisions/_record.html", cards=[views.card(actor, session, row) for row in rows])
