"""How much the proposals on a version add to a file of it."""

from __future__ import annotations

from app.drafts.interchange import sources
from app.drafts.models import Version
from app.policy import Actor
from app.proposals.queries import open_on

EACH = 300
"""Characters of what stands around a proposal: who stands behind it, since when, what others say of it."""


def register() -> None:
    if amount not in sources.amounts:
        sources.amounts.append(amount)


def amount(actor: Actor, version: Version) -> int:
    """About how many characters the proposals that the actor may see add to a file of a version."""
    return sum(len(row.text or "") + len(row.rationale) + EACH for row in open_on(actor, version))
