"""What features above the room add to it: panels, scripts, verbs, facts. Without any, the room is whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from app.live.models import LiveSession
from app.policy import Action, Actor

PLACES = ("strip", "chair", "paper", "rail", "talk", "me", "dialogs")
"""strip: a line under the bar, for all. chair: in the chair's bar. paper: above the text. rail: below the outline.
talk: above the box to write in. me: in the menu of the visitor. dialogs: at the end of the page."""

Render = Callable[[Actor, LiveSession], str | None]
Position = Callable[[Actor, int, str, Any, Mapping[str, Any]], int]
"""Takes a stance in a session: the actor, its id, the target, the code, and note, condition and on_behalf_of.
Gives the event's seq."""


@dataclass(frozen=True, slots=True)
class Part:
    place: str
    name: str
    order: int
    render: Render


@dataclass(slots=True)
class RoomParts:
    parts: dict[str, Part] = field(default_factory=dict)
    scripts: list[str] = field(default_factory=list)
    """Modules below static/js/, loaded after the room's own. They find the room in `room/hub.js`."""
    styles: list[str] = field(default_factory=list)
    """Sheets below static/css/."""
    verbs: dict[Action, tuple[str, ...]] = field(default_factory=dict)
    """Commands of the socket that an action of the policy allows: `you.can`."""
    facts: list[Callable[[LiveSession], Mapping[str, Any]]] = field(default_factory=list)
    """Members of the session as the API and the socket tell it. Nothing that only some may know."""
    beside: list[Callable[[Actor, LiveSession], Mapping[str, Markup]]] = field(default_factory=list)
    """Paragraph to what stands below its words in the room."""
    position_targets: dict[str, Position] = field(default_factory=dict)
    """What stands before the colon of a stance's target, to who takes it: `paragraph:WID`. Others are proposals."""
    record_parts: list[Render] = field(default_factory=list)
    """Sections of the record of a closed session, for a reader who may read it."""


parts = RoomParts()


def add_part(place: str, name: str, order: int, render: Render) -> None:
    """Show what `render` gives in the room. A name added again is replaced. Lower `order` stands first."""
    if place not in PLACES:
        raise ValueError(place)
    parts.parts[name] = Part(place, name, order, render)


def parts_of(actor: Actor, session: LiveSession) -> dict[str, Markup]:
    """Place to the markup of its parts, which their renderers made themselves."""
    found = {place: Markup("") for place in PLACES}
    for part in sorted(parts.parts.values(), key=lambda part: (part.order, part.name)):
        if rendered := part.render(actor, session):
            found[part.place] += Markup(rendered)
    return found


def beside_of(actor: Actor, session: LiveSession) -> dict[str, Markup]:
    found: dict[str, Markup] = {}
    for provider in parts.beside:
        for wid, markup in provider(actor, session).items():
            found[wid] = found.get(wid, Markup("")) + markup
    return found


def record_of(actor: Actor, session: LiveSession) -> Markup:
    return Markup("".join(rendered for render in parts.record_parts if (rendered := render(actor, session))))
