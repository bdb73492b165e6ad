"""What is asked of the text on the table: the proposals on a paragraph, woven into its words, below them in the room.

The words themselves stay plain above: comments are made on them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from markupsafe import Markup

from app.core.text.brackets import CompiledParagraph
from app.drafts.models import Version
from app.live.models import LiveSession
from app.live.parts import parts
from app.live.queries import proposal_in_focus
from app.live.segments import focus_now, openness_now
from app.policy import Action, Actor, GroupId, can
from app.proposals.drawing import Pen
from app.proposals.pages import Bracketed, cards
from app.web.pieces import macro_of

AT_ONCE = 40
"""Paragraphs whose brackets the page of the room brings with it. Where more are asked of, a folded block is drawn when
somebody opens it: all of two thousand proposals would be six times the rest of the page."""


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
    drawn = _Drawing(actor, session, session.version)
    places = drawn.by_place()
    if len(places) <= AT_ONCE:
        return {wid: drawn.of(wid, asked) for wid, asked in places.items()}
    return {
        wid: drawn.of(wid, asked) if drawn.is_open(wid) else drawn.later(wid, asked) for wid, asked in places.items()
    }


def of(actor: Actor, session: LiveSession, wid: str) -> Markup:
    """What is asked of one paragraph now; empty where nothing is."""
    if session.version is None:
        return Markup("")
    drawn = _Drawing(actor, session, session.version)
    asked = drawn.by_place().get(wid)
    return drawn.of(wid, asked) if asked else Markup("")


class _Drawing:
    """Draws what is asked of the paragraphs of one room for one reader."""

    def __init__(self, actor: Actor, session: LiveSession, version: Version) -> None:
        self._actor = actor
        self._page = Bracketed(actor, version, {})
        self._focus = focus_now(session)
        chooses = can(actor, Action.CONDUCT_SESSION, GroupId(session.group_id), openness_now(session))
        self._choice = self._page.briefs if chooses else {}
        self._named = proposal_in_focus(actor, session)
        macro = macro_of("live/_asked.html", "asked_of")
        self._macro = partial(macro, session=session, page=self._page, pen=Pen())
        self._folded = partial(macro_of("live/_asked.html", "asked_later"), session=session)

    def by_place(self) -> dict[str, list[CompiledParagraph]]:
        found: dict[str, list[CompiledParagraph]] = {}
        for compiled in self._page.paragraphs:
            if compiled.proposals:
                found.setdefault(self._page.place(compiled), []).append(compiled)
        return found

    def is_open(self, wid: str) -> bool:
        """Is it open to read when the page comes?"""
        return wid == self._focus

    def later(self, wid: str, asked: Sequence[CompiledParagraph]) -> Markup:
        """The block folded, and empty until it is opened."""
        return self._folded(wid=wid, asked=asked)

    def of(self, wid: str, asked: Sequence[CompiledParagraph]) -> Markup:
        ids = dict.fromkeys(id_ for compiled in asked for id_ in compiled.proposals)
        choice = [self._choice[id_] for id_ in ids if id_ in self._choice]
        named = cards(self._actor, [self._named])[0] if self._named and self._named.id in ids else None
        return self._macro(wid=wid, asked=asked, open=self.is_open(wid), choice=choice, named=named)
