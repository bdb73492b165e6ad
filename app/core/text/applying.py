"""The text as one proposal would have it, and where a proposed paragraph stands in a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.core.text.paragraphs import Kind, Paragraph, ParagraphId, Relation
from app.core.text.proposals import ADDING, WORDING, Proposal, ProposalKind

_BELOW = frozenset({Kind.ITEM, Kind.CONTINUATION})
"""Kinds that stand under a numbered paragraph and go where it goes."""
_HOSTS = _BELOW | {Kind.PREAMBULAR, Kind.OPERATIVE, Kind.PARAGRAPH, Kind.CHAPEAU, Kind.PLACEHOLDER}


def apply_proposal(base: Sequence[Paragraph], proposal: Proposal) -> tuple[Paragraph, ...]:
    """The text as this one proposal would have it (law 1). Raises ValueError for a paragraph that is not in `base`."""
    layout = Layout(base)
    layout.check(proposal)
    if proposal.kind in WORDING:
        return tuple(layout.with_text(proposal.paragraph, proposal.text))
    if proposal.kind in ADDING:
        place = layout.place_of(proposal)
        return (*base[:place], layout.added(proposal), *base[place:])
    return _rearranged(layout, proposal)


def _rearranged(layout: Layout, proposal: Proposal) -> tuple[Paragraph, ...]:
    base, identity = layout.base, proposal.paragraph
    assert identity is not None
    if proposal.kind is ProposalKind.SUPPRESS:
        return tuple(p for p in base if p.id != identity)
    if proposal.kind is ProposalKind.MOVE:
        return layout.moved(identity, proposal.after)
    if proposal.kind is ProposalKind.MERGE:
        gone = frozenset(proposal.others)
        return tuple(p for p in layout.with_text(identity, proposal.text) if p.id not in gone)
    if proposal.kind is ProposalKind.SPLIT and proposal.parts:
        place = layout.index[identity] + 1
        changed = layout.with_text(identity, proposal.parts[0])
        return (*changed[:place], *layout.parted(proposal), *changed[place:])
    return tuple(base)


def new_id(proposal: str, number: int = 1) -> ParagraphId:
    """The identity of a paragraph that a proposal brings; the parts of a split are counted from 2."""
    return ParagraphId(f"new-{proposal}" + (f"-{number}" if number > 1 else ""))


class Layout:
    """A base, with its paragraphs found by identity and in their blocks: a paragraph and what stands below it."""

    def __init__(self, base: Sequence[Paragraph]) -> None:
        self.base = base
        self.index = {paragraph.id: place for place, paragraph in enumerate(base)}

    def check(self, proposal: Proposal) -> None:
        """Raises ValueError for a paragraph that is not there, or for one that is to stand behind its own part."""
        named = [
            identity for identity in (proposal.paragraph, proposal.after, *proposal.others) if identity is not None
        ]
        if missing := [identity for identity in named if identity not in self.index]:
            raise ValueError(f"The text has no paragraph {', '.join(missing)}.")
        if proposal.paragraph is None and not (
            proposal.kind in ADDING and proposal.kind is not ProposalKind.ALTERNATIVE
        ):
            raise ValueError("The proposal does not say which paragraph it is about.")
        if proposal.kind is ProposalKind.MERGE and proposal.paragraph in proposal.others:
            raise ValueError("A paragraph cannot be merged with itself.")
        if proposal.kind is ProposalKind.MOVE and proposal.after is not None:
            assert proposal.paragraph is not None
            start = self.index[proposal.paragraph]
            if start <= self.index[proposal.after] < self.block_end(start):
                raise ValueError("A paragraph cannot be moved behind itself.")

    def with_text(self, identity: ParagraphId | None, text: str) -> list[Paragraph]:
        changed = list(self.base)
        if identity is not None:
            place = self.index[identity]
            changed[place] = replace(changed[place], text=text)
        return changed

    def block_end(self, start: int) -> int:
        """One past the last paragraph that stands below the one at `start`: its items and what continues it."""
        end = start + 1
        while end < len(self.base) and is_below(self.base[end], self.base[start]):
            end += 1
        return end

    def moved(self, identity: ParagraphId, after: ParagraphId | None) -> tuple[Paragraph, ...]:
        """The text with a paragraph, and what stands below it, behind another one and what stands below that."""
        start = self.index[identity]
        end = self.block_end(start)
        block = self.base[start:end]
        if after is None:
            return (*block, *self.base[:start], *self.base[end:])
        rest = Layout([*self.base[:start], *self.base[end:]])
        place = rest.index[after]
        place = place + 1 if is_below(block[0], rest.base[place]) else rest.block_end(place)
        return (*rest.base[:place], *block, *rest.base[place:])

    def place_of(self, proposal: Proposal) -> int:
        """Where a proposed paragraph comes in: after its neighbour, what is below that, and its earlier bis and alt."""
        if proposal.paragraph is None:
            return 0
        start = self.index[proposal.paragraph]
        end = self.block_end(start)
        if is_below(self.added(proposal), self.base[start]):
            return end
        related = [Relation.ALTERNATIVE_TO]
        if proposal.kind is not ProposalKind.ALTERNATIVE:
            related.append(Relation.INSERTED_AFTER)
        first = self.first_of(proposal.paragraph)
        while end < len(self.base) and self.base[end].relation in related and self.first_of(self.base[end].id) == first:
            end = self.block_end(end)
        return end

    def first_of(self, identity: ParagraphId) -> ParagraphId:
        """The paragraph after which a row of bis and ter is named."""
        seen = {identity}
        while True:
            related = self.base[self.index[identity]].relation_to
            if related is None or related not in self.index or related in seen:
                return identity
            seen.add(related)
            identity = related

    def added(self, proposal: Proposal) -> Paragraph:
        """The paragraph that a proposal brings: of the kind it says, or like its neighbour."""
        place = 0 if proposal.paragraph is None else self.index[proposal.paragraph]
        neighbour = self.base[place] if self.base else None
        if proposal.new_kind is not None or neighbour is None:
            made = Paragraph(
                new_id(proposal.id), proposal.new_kind or Kind.PARAGRAPH, proposal.new_level, proposal.text
            )
        else:
            made = Paragraph(new_id(proposal.id), neighbour.kind, neighbour.level, proposal.text)
        if proposal.kind is ProposalKind.ALTERNATIVE:
            return replace(made, relation=Relation.ALTERNATIVE_TO, relation_to=proposal.paragraph)
        if proposal.paragraph is None or (named := self._like(made, place)) is None:
            return made
        return replace(made, relation=Relation.INSERTED_AFTER, relation_to=named)

    def _like(self, made: Paragraph, place: int) -> ParagraphId | None:
        """After which paragraph a new one is named: its neighbour, or the nearest one of its own kind before it."""
        neighbour = self.base[place]
        if made.kind == neighbour.kind and made.level == neighbour.level:
            return neighbour.id
        below = is_below(made, neighbour)
        candidates = range(self.block_end(place) - 1, place, -1) if below else range(place, -1, -1)
        like = (self.base[i] for i in candidates)
        return next((p.id for p in like if p.kind == made.kind and p.level == made.level), None)

    def parted(self, proposal: Proposal) -> tuple[Paragraph, ...]:
        """The paragraphs that a split adds behind the one that keeps the identity."""
        assert proposal.paragraph is not None
        whole = self.base[self.index[proposal.paragraph]]
        return tuple(
            Paragraph(new_id(proposal.id, number), whole.kind, whole.level, text, "", Relation.INSERTED_AFTER, whole.id)
            for number, text in enumerate(proposal.parts[1:], 2)
        )


def is_below(paragraph: Paragraph, host: Paragraph) -> bool:
    """May the one be a part of the other, by kind and level?"""
    if paragraph.kind not in _BELOW or host.kind not in _HOSTS:
        return False
    return host.kind not in _BELOW or paragraph.level > host.level
