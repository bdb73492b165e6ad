"""What stands over a text: what holds it as it is for a while, and notices above its versions.

A feature above texts registers functions here, such as a silence procedure during which no word may move.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select

from app.drafts.models import Version
from app.errors import Closed
from app.extensions import db
from app.policy import Actor


@dataclass(slots=True)
class Standing:
    freezes: list[Callable[[int], str | None]] = field(default_factory=list)
    """Draft to why it is frozen now, in words for a person; None where it is not."""
    holds: list[Callable[[int], bool]] = field(default_factory=list)
    """Draft to whether a vote goes on that needs its newest version to stay the newest, while all else goes on."""
    notices: list[Callable[[Actor, Version], str]] = field(default_factory=list)
    """What stands above a version for this reader: markup that the provider rendered itself."""


standing = Standing()


def require_unfrozen(draft_id: int) -> None:
    """Raise Closed while something holds the text: no version is issued, no stance on it published."""
    for why in standing.freezes:
        if reason := why(draft_id):
            raise Closed(reason)


def require_issuable(draft_id: int) -> None:
    """Raise Closed while no next version of the text may be issued."""
    require_unfrozen(draft_id)
    if any(holds(draft_id) for holds in standing.holds):
        raise Closed(_("A vote on this text goes on. The next version can be issued once the result is announced."))


def hold_issues(draft_id: int) -> None:
    """Nothing is issued until the commit: the working copy's row is what an issue waits for."""
    desk = select(Version.id).where(Version.draft_id == draft_id, Version.state == "working")
    db.session.scalars(desk.with_for_update(key_share=True)).all()


def notices_on(actor: Actor, version: Version) -> Markup:
    return Markup("".join(render(actor, version) for render in standing.notices))
