"""What the floor adds to the room: the strip under the bar, with the list and the acts."""

from __future__ import annotations

import uuid
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from app.core.rules.rulesets import RuleSet
from app.core.rules.sessions import OVER, State
from app.core.rules.speakers import Kind
from app.floor import queries
from app.groups.queries import members_of, ruleset_of
from app.live.models import LiveSession
from app.live.parts import add_part, parts
from app.live.segments import is_attributed
from app.policy import Action, Actor, PartyKind

VERBS = {
    Action.REQUEST_FLOOR: ("floor.request", "floor.withdraw"),
    Action.MANAGE_FLOOR: (
        "floor.give", "floor.end", "floor.interrupt", "floor.resume", "floor.for", "floor.move", "floor.swap",
        "floor.absent", "list.announce_closing", "list.close", "list.open",
    ),
}  # fmt: skip


def register() -> None:
    add_part("strip", "floor", 10, strip)
    for action, verbs in VERBS.items():
        parts.verbs[action] = verbs
    if "js/room/floor.js" not in parts.scripts:
        parts.scripts.append("js/room/floor.js")
        parts.styles.append("css/floor.css")


def kind_labels() -> dict[str, str]:
    return {
        Kind.GENERAL: _("Statement"),
        Kind.POINT_OF_ORDER: _("Point of order"),
        Kind.RIGHT_OF_REPLY: _("Right of reply"),
        Kind.EXPLANATION: _("Explanation of position"),
    }


def kinds_for(actor: Actor, rights: queries.Rights, rules: RuleSet) -> list[str]:
    """What this delegation may ask the floor for."""
    if actor.party_kind is PartyKind.MEMBER_STATE:
        return [kind for kind in Kind if kind is not Kind.POINT_OF_ORDER or rights.may_raise_point]
    granted = rules.capabilities_of(str(actor.party_kind), actor.party_code or "")
    return [kind for kind in Kind if kind is Kind.GENERAL or str(kind) in granted]


def strip(actor: Actor, session: LiveSession) -> str | None:
    """The floor for this visitor; nothing where no names are kept, or where the session is over."""
    if session.state in OVER or not is_attributed(session):
        return None
    rights = queries.rights_of(actor, session)
    floor = queries.floor_as_dict(session)
    members = (
        sorted(members_of(session.group), key=lambda party: party.code) if rights.manages or rights.may_ask else []
    )
    return render_template(
        "floor/strip.html",
        floor=floor,
        rights=rights,
        own=[(place, e) for place, e in enumerate(floor["waiting"], 1) if e["delegation"] == actor.party_code],
        session_id=session.id,
        is_open=session.state == State.OPEN,
        kinds=kind_labels(),
        own_kinds=kinds_for(actor, rights, ruleset_of(session.group)),
        delegation=actor.party_code,
        speaks_for=actor.speaks_for,
        members=members,
        groups=_groups(actor, session) if rights.manages else [],
        url=lambda verb: url_for("floor.act", session_id=session.id, verb=verb),
        new_id=lambda: str(uuid.uuid4()),
    )


def _groups(actor: Actor, session: LiveSession) -> list[Any]:
    found = {group.code: group for _party, groups in queries.parties_for(actor, session) for group in groups}
    return [found[code] for code in sorted(found)]
