"""The next meetings of a group, on its page: as a link to its programme."""

from __future__ import annotations

from flask import render_template

from app.groups.models import Group
from app.policy import Actor


def render(group: Group, actor: Actor) -> str:
    return render_template("programme/panel.html", group=group)
