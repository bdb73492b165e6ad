"""The sessions of a group, on its page."""

from __future__ import annotations

from flask import render_template

from app.groups.models import Group
from app.live import queries, views
from app.policy import Action, Actor, GroupId, can


def render(group: Group, actor: Actor) -> str:
    return render_template(
        "live/panel.html",
        group=group,
        sessions=[views.session_view(session) for session in queries.sessions(actor, group_id=group.id)],
        may_announce=can(actor, Action.CONDUCT_SESSION, GroupId(group.id), group.openness),
    )
