"""What stands over a text: what holds it as it is for a while, and notices above its versions.

A feature above texts registers functions here, such as a silence procedure during which no word may move.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from markupsafe import Markup

from app.drafts.models import Version
from app.errors import Closed
from app.policy import Actor


@dataclass(slots=True)
class Standing:
    freezes: list[Callable[[int], str | None]] = field(default_factory=list)
    """Draft to why it is frozen now, in words for a person; None where it is not."""
    notices: list[Callable[[Actor, Version], str]] = field(default_factory=list)
    """What stands above a version for this reader: markup that the provider rendered itself."""


standing = Standing()


def require_unfrozen(draft_id: int) -> None:
    """Raise Closed while something holds the text: no version is issued, no stance on it published."""
    for why in standing.freezes:
        if reason := why(draft_id):
            raise Closed(reason)


def notices_on(actor: Actor, version: Version) -> Markup:
    return Markup("".join(render(actor, version) for render in standing.notices))
