"""What agreement adds to the room: below each paragraph, in the rail, for the chair, and how its acts read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from app.agreement import views
from app.core.rules.agreement import Level
from app.drafts.queries import version_paragraphs
from app.live.models import LiveSession
from app.live.parts import add_part, parts
from app.live.segments import is_attributed, openness_now
from app.policy import Action, Actor, GroupId, can
from app.web.pieces import macro_of
from app.web.wording import label_of, register_act, register_labels


def register() -> None:
    if beside in parts.beside:
        return
    parts.beside.append(beside)
    parts.scripts.append("js/room/agreement.js")
    parts.styles.append("css/agreement.css")
    parts.verbs[Action.MARK_INFORMALLY] = ("agree", "reopen", "flag", "package", "condition")
    parts.verbs[Action.SHOW_BRIDGING] = ("bridge", "bridge.down", "bridge.propose")
    add_part("rail", "agreement-levels", 20, rail)
    add_part("chair", "agreement-board", 40, chair)
    add_part("dialogs", "agreement-sheet", 20, dialogs)
    _say_acts()


def may(actor: Actor, session: LiveSession, action: Action) -> bool:
    return can(actor, action, GroupId(session.group_id), openness_now(session))


def reading(actor: Actor, session: LiveSession, only: str | None = None) -> views.Reading | None:
    """All of the text on the table that this reader may know, or of one paragraph; None where no text is on it."""
    if session.version is None:
        return None
    return views.Reading(actor, session.version, version_paragraphs(session.version.id), only=only)


def beside(actor: Actor, session: LiveSession) -> Mapping[str, Markup]:
    read = reading(actor, session)
    if read is None:
        return {}
    draw = drawn(actor, session)
    return {row.wid: draw(read.summary(row)) for row in read.rows}


def drawn(actor: Actor, session: LiveSession) -> Callable[[views.Summary], Markup]:
    """Draws what stands below a paragraph: on the page at first, and asked for again when something happens to it."""
    return partial(
        macro_of("agreement/_beside.html", "beside"),
        session_id=session.id,
        speaks=may_speak(actor, session),
        officer=may(actor, session, Action.MARK_INFORMALLY),
    )


def may_speak(actor: Actor, session: LiveSession) -> bool:
    """May the reader take a stance here now: a delegation, and in its name?"""
    return actor.party_id is not None and is_attributed(session) and may(actor, session, Action.TAKE_POSITION)


def rail(actor: Actor, session: LiveSession) -> str | None:
    read = reading(actor, session, only="")
    if read is None:
        return None
    return render_template("agreement/_rail.html", counts=read.counts(), draft_id=read.version.draft_id)


def chair(actor: Actor, session: LiveSession) -> str | None:
    if session.version is None or not may(actor, session, Action.SEE_BOARD):
        return None
    where: dict[str, Any] = {"draft_id": session.version.draft_id, "number": session.version.number}
    return render_template("agreement/_chair.html", url=url_for("agreement.board", **where))


def dialogs(actor: Actor, session: LiveSession) -> str | None:
    if session.version is None:
        return None
    return render_template("agreement/_dialogs.html", session_id=session.id, speaks=may_speak(actor, session))


def _say_acts() -> None:
    def marked(who: str, data: Mapping[str, Any]) -> str:
        level = label_of("level", data["level"])
        return _("%(who)s marked %(label)s: %(level)s", who=who, label=data["label"], level=level)

    register_labels("level", lambda: {str(level): views.level_label(level) for level in Level})
    register_act("agreement.marked", marked)
    register_act(
        "agreement.reopened", lambda who, d: _("%(who)s reopened %(label)s: %(reason)s", who=who, **_two(d, "reason"))
    )
    register_act(
        "agreement.flagged", lambda who, d: _("%(who)s changed a flag of %(label)s", who=who, label=d["label"])
    )
    register_act(
        "package.formed",
        lambda who, d: _("%(who)s bound %(label)s into the package %(name)s", who=who, **_two(d, "name")),
    )
    register_act(
        "package.dissolved", lambda who, d: _("%(who)s dissolved the package %(name)s", who=who, name=d["name"])
    )
    register_act(
        "condition.confirmed",
        lambda who, d: _("%(who)s looked at a condition on %(label)s", who=who, label=d["label"]),
    )
    register_act(
        "bridging.shown",
        lambda who, d: _("%(who)s put %(number)s on the screen for %(label)s", who=who, **_two(d, "number")),
    )
    register_act(
        "bridging.amended",
        lambda who, d: _("%(who)s amended %(number)s on %(label)s", who=who, **_two(d, "number")),
    )
    register_act(
        "bridging.taken_down", lambda who, d: _("%(who)s took %(number)s off the screen", who=who, number=d["number"])
    )
    register_act(
        "bridging.proposed",
        lambda who, d: _("%(who)s made %(number)s a proposal on %(label)s", who=who, **_two(d, "number")),
    )


def _two(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {"label": data["label"], name: data[name]}
