"""What the chair's desk is told of the proposals that a meeting decided on. What follows from it the chair says."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.rules.decisions import State
from app.core.rules.sessions import is_wider
from app.decisions.models import DecisionRow
from app.decisions.queries import decided_on
from app.decisions.views import state_label, tally_line
from app.proposals.desk import Outcome
from app.proposals.models import ProposalRow
from app.proposals.queries import openness_of


def outcomes(proposals: Sequence[ProposalRow]) -> dict[str, Outcome]:
    """Proposal to how it was decided, of those that were decided on in the words that they have now."""
    decided = decided_on([row.id for row in proposals])
    pairs = [(row, decided[row.id]) for row in proposals if row.id in decided]
    return {row.id: _outcome(row, decision) for row, decision in pairs if _stands(row, decision)}


def _stands(row: ProposalRow, decision: DecisionRow) -> bool:
    """Were its words not revised since? Words that were only carried to a newer version are the same words."""
    at = decision.decided_at
    return at is not None and all(wording.at <= at for wording in row.wordings if wording.cause != "carried")


def _outcome(row: ProposalRow, decision: DecisionRow) -> Outcome:
    """The reason that its sponsors would read names the decision only where all who read the proposal heard it:

    what was decided behind a closed door is announced in an open meeting first (rule 61).
    """
    words = state_label(decision)
    if decision.tally:
        words = f"{words}: {tally_line(decision.tally)}"
    heard = decision.openness or decision.session.openness
    told = not is_wider(openness_of(row), heard)
    return Outcome(words, decision.state == State.REJECTED, words if told else "")
