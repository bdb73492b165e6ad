"""What proposed paragraphs are called: after their neighbour, with bis, ter or alt, until a version numbers anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from app.core.text.applying import Layout
from app.core.text.ordinals import latin, sub_label
from app.core.text.paragraphs import Kind, Paragraph, ParagraphId, Relation
from app.core.text.proposals import Proposal

_PREFIX = {Kind.PREAMBULAR: "PP", Kind.OPERATIVE: "OP"}


class Labels:
    """Gives each proposed paragraph a label that no other one has."""

    def __init__(self, layout: Layout, labels: Mapping[ParagraphId, str]) -> None:
        self._layout = layout
        self._labels = labels
        self._taken = set(labels.values())
        self._next: dict[tuple[str, Relation], int] = defaultdict(lambda: 1)

    def of(self, paragraph: Paragraph, proposal: Proposal) -> str:
        if paragraph.relation is Relation.ALTERNATIVE_TO and paragraph.relation_to is not None:
            return self._free(self._label(paragraph.relation_to), Relation.ALTERNATIVE_TO)
        if paragraph.relation_to is not None:
            first = self._layout.first_of(paragraph.relation_to)
            if (known := self._layout.base[self._layout.index[first]]).relation is Relation.ALTERNATIVE_TO:
                first = known.id
            return self._free(self._label(first), Relation.INSERTED_AFTER)
        label = self._own(paragraph, proposal)
        if label in self._taken:
            return self._free(label, Relation.INSERTED_AFTER)
        self._taken.add(label)
        return label

    def _own(self, paragraph: Paragraph, proposal: Proposal) -> str:
        """The label of a paragraph that no other one of its kind stands before."""
        if paragraph.kind is Kind.ITEM and proposal.paragraph is not None:
            return f"{self._label(proposal.paragraph)} {sub_label(max(1, paragraph.level), 1)}"
        number = 0 if any(p.kind is paragraph.kind for p in self._layout.base) else 1
        return f"{_PREFIX.get(paragraph.kind, '')}{number}"

    def _label(self, identity: ParagraphId) -> str:
        return self._labels.get(identity, "") or identity

    def _free(self, label: str, relation: Relation) -> str:
        while True:
            number = self._next[label, relation]
            self._next[label, relation] += 1
            if relation is Relation.ALTERNATIVE_TO:
                candidate = f"{label} alt" + (f" {number}" if number > 1 else "")
            else:
                candidate = f"{label} {latin(number)}"
            if candidate not in self._taken:
                self._taken.add(candidate)
                return candidate
