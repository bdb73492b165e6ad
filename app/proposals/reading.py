"""A version read closely: who wrote what, and which paragraph became which."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.core.rules import proposals as rules
from app.core.text import ParagraphId
from app.core.text.concordance import Correspondence, concordance
from app.core.text.proposals import Proposal
from app.core.text.provenance import Stretch, provenance
from app.drafts import queries as texts
from app.drafts.models import Version, VersionParagraph
from app.drafts.queries import Pair
from app.drafts.views import as_paragraph
from app.extensions import db
from app.policy import Actor
from app.proposals import queries
from app.proposals.models import ProposalRow
from app.proposals.views import as_proposal


def provenance_of(actor: Actor, version: Version, locale: str) -> dict[str, tuple[Stretch, ...]]:
    """Paragraph to its stretches: since which version each word stands there, and through whose proposal it came.

    Proposals that the actor may not see leave no name.
    """
    line = texts.draft_line(actor, version.draft_id)
    upto = [v for v in line.versions if v.number <= version.number] if version.issued else list(line.versions)
    chain = upto if version.issued else [*upto, version]
    paragraphs = {v.id: [as_paragraph(row) for row in texts.version_paragraphs(v.id)] for v in chain}
    credited = _credited(actor, [v.id for v in chain], locale)
    found = provenance([(v.label, paragraphs[v.id]) for v in chain], {v.label: credited.get(v.id, ()) for v in chain})
    return {str(wid): tuple(stretches) for wid, stretches in found.items()}


def _credited(actor: Actor, versions: list[int], locale: str) -> dict[int, list[Proposal]]:
    """The proposals that each version reflects, in whole or in part, with the words that they asked for."""
    names = queries.names_in(locale)
    rows = db.session.scalars(
        queries.with_all().where(ProposalRow.fate_version_id.in_(versions), ProposalRow.state.in_(rules.IN_THE_TEXT))
    )
    credited: dict[int, list[Proposal]] = {}
    for row in rows:
        if queries.may_see(actor, row) and row.fate_version_id is not None:
            credited.setdefault(row.fate_version_id, []).append(as_proposal(row, names))
    return credited


def provenance_as_data(actor: Actor, version: Version, locale: str) -> list[dict[str, Any]]:
    found = provenance_of(actor, version, locale)
    rows = db.session.scalars(
        select(VersionParagraph).where(VersionParagraph.version_id == version.id).order_by(VersionParagraph.position)
    )
    return [
        {
            "id": row.wid,
            "label": row.label,
            "stretches": [
                {"text": stretch.text, "since": stretch.since, "by": list(stretch.by)}
                for stretch in found.get(row.wid, ())
            ],
        }
        for row in rows
    ]


def concordance_of(pair: Pair) -> tuple[Correspondence, ...]:
    """Every paragraph of both versions, splits and merges included."""
    old, new = list(pair.old_rows.values()), list(pair.new_rows.values())
    return tuple(
        concordance(
            [as_paragraph(row) for row in old if not row.deleted],
            [as_paragraph(row) for row in new if not row.deleted],
            {ParagraphId(row.wid): row.label for row in old},
            {ParagraphId(row.wid): row.label for row in new},
        )
    )
