"""How much the proposals on a version add to a file of it."""

from __future__ import annotations

from sqlalchemy import func, select

from app.drafts.interchange import sources
from app.drafts.models import Version
from app.extensions import db
from app.proposals.models import ProposalRow, Wording

EACH = 300
"""Characters of what stands around a proposal: who stands behind it, since when, what others say of it."""


def register() -> None:
    if amount not in sources.amounts:
        sources.amounts.append(amount)


def amount(version: Version) -> int:
    on = select(Wording.proposal_id).where(Wording.version_id == version.id)
    length = func.length(ProposalRow.text) + func.length(ProposalRow.rationale) + EACH
    return int(db.session.scalar(select(func.sum(length)).where(ProposalRow.id.in_(on))) or 0)
