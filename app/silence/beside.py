"""What silence adds to the pages below: a block on the group's page, a notice over the text, and its freeze."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import render_template
from flask_babel import gettext as _

from app.core.rules.silence import State
from app.drafts import queries as texts
from app.drafts.models import Version
from app.groups.models import Group
from app.policy import Actor
from app.silence import ending, queries, views

SHOWN = 5


def panel(group: Group, actor: Actor) -> str | None:
    """The procedures of a group: those that run, and the last ones."""
    ending.end_due()
    found = queries.silences(actor, group_id=group.id)[:SHOWN]
    if not found:
        return None
    return render_template("silence/panel.html", lines=[views.line(silence) for silence in found])


def notice(actor: Actor, version: Version) -> str:
    """Over a version: that it is under silence, how that ended, or the chair's way to put it there."""
    if not version.issued:
        return ""
    ending.end_due()
    on_draft = queries.on_draft(actor, version.draft_id)
    here = [silence for silence in on_draft if silence.version_id == version.id and silence.state != State.DISCARDED]
    newest = texts.newest_version(version.draft_id)
    busy = any(silence.state in (State.RUNNING, State.PREPARED) for silence in on_draft)
    may_start = queries.may_prepare(actor, version.draft.group) and newest is version and not busy
    if not here and not may_start:
        return ""
    return render_template(
        "silence/notice.html",
        version=version,
        lines=[views.line(silence) for silence in here],
        may_start=may_start,
        now=datetime.now(UTC),
        may_break=queries.may_break(actor, version.draft.group),
    )


def frozen(draft_id: int) -> str | None:
    """Why no version of this text is issued and no stance on it published now."""
    if queries.running_on(draft_id, datetime.now(UTC)) is None:
        return None
    return _("This text is under silence: until the deadline no word of it moves. To object, break the silence.")
