"""What is asked of the text on the table: the proposals on a paragraph, woven into its words, below them in the room.

The words themselves stay plain above: comments are made on them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import render_template
from markupsafe import Markup

from app.core.text.brackets import CompiledParagraph
from app.live.models import LiveSession
from app.live.parts import parts
from app.live.segments import focus_now, openness_now
from app.policy import Action, Actor, GroupId, can
from app.proposals.pages import Bracketed


def register() -> None:
    if beside in parts.beside:
        return
    parts.beside.insert(0, beside)
    parts.scripts.append("js/room/asked.js")
    parts.styles.append("css/proposals.css")


def beside(actor: Actor, session: LiveSession) -> Mapping[str, Markup]:
    """Paragraph to what is asked of it, and of new ones behind it. Only of proposals that the actor may see."""
    if session.version is None:
        return {}
    page = Bracketed(actor, session.version, {})
    chooses = _chooses(actor, session)
    return {wid: _render(session, page, wid, asked, chooses) for wid, asked in _by_place(page).items()}


def of(actor: Actor, session: LiveSession, wid: str) -> Markup:
    """What is asked of one paragraph now; empty where nothing is."""
    if session.version is None:
        return Markup("")
    page = Bracketed(actor, session.version, {})
    asked = _by_place(page).get(wid)
    return _render(session, page, wid, asked, _chooses(actor, session)) if asked else Markup("")


def _chooses(actor: Actor, session: LiveSession) -> bool:
    """May the actor put one proposal before the room?"""
    return can(actor, Action.CONDUCT_SESSION, GroupId(session.group_id), openness_now(session))


def _by_place(page: Bracketed) -> dict[str, list[CompiledParagraph]]:
    found: dict[str, list[CompiledParagraph]] = {}
    for compiled in page.paragraphs:
        if compiled.proposals:
            found.setdefault(page.place(compiled), []).append(compiled)
    return found


def _render(
    session: LiveSession, page: Bracketed, wid: str, asked: Sequence[CompiledParagraph], chooses: bool
) -> Markup:
    shown = {"session": session, "page": page, "wid": wid, "asked": asked, "open": wid == focus_now(session)}
    ids = dict.fromkeys(id_ for compiled in asked for id_ in compiled.proposals if id_ in page.briefs)
    choice = [(id_, page.briefs[id_].number) for id_ in ids] if chooses else []
    return Markup(render_template("live/_asked.html", **shown, choice=choice))
