"""Blocks of a group's page that belong to features above this one: its drafts, its sessions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from app.groups.models import Group
from app.policy import Actor

Provider = Callable[[Group, Actor], str | None]
"""Rendered HTML of the block for this group and reader, or None where there is nothing to show."""


@dataclass(frozen=True, slots=True)
class Panel:
    name: str
    order: int
    provider: Provider


_panels: dict[str, Panel] = {}


def register_panel(name: str, order: int, provider: Provider) -> None:
    """Show a block on every group's page. Lower `order` stands higher. A name registered again is replaced."""
    _panels[name] = Panel(name, order, provider)


def panels_for(group: Group, actor: Actor) -> list[Markup]:
    """The blocks of a group's page, in order. Providers return markup that they rendered themselves."""
    ordered = sorted(_panels.values(), key=lambda panel: (panel.order, panel.name))
    rendered = (panel.provider(group, actor) for panel in ordered)
    return [Markup(block) for block in rendered if block]
