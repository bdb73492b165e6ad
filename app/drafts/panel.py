"""The texts of a group, on its page."""

from __future__ import annotations

from flask import render_template

from app.drafts import queries
from app.groups.models import Group
from app.policy import Action, Actor, GroupId, can


def render(group: Group, actor: Actor) -> str:
    return render_template(
        "drafts/panel.html",
        group=group,
        lines=queries.drafts_of(actor, group),
        may_draft=can(actor, Action.EDIT_WORKING_COPY, GroupId(group.id), group.openness),
    )
