"""All proposals on a base as one bracketed text, and each of them read out of it again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.core.text.applying import Layout, new_id
from app.core.text.brackets import Act, Attribution, Compilation, CompiledParagraph, Run
from app.core.text.labelling import Labels
from app.core.text.paragraphs import Paragraph, ParagraphId
from app.core.text.proposals import ADDING, WORDING, Proposal, ProposalKind
from app.core.text.weaving import Wording, attributed, reading, woven

__all__ = ["Compiler", "compile_text", "project", "reading"]

_ACTS = frozenset({ProposalKind.SUPPRESS, ProposalKind.MOVE, ProposalKind.MERGE})


class Compiler:
    """Compiles a text again and again while proposals come and go: what did not change in between is woven once."""

    def __init__(self) -> None:
        self._woven: dict[Hashable, tuple[Run, ...]] = {}

    def compile(
        self, base: Sequence[Paragraph], labels: Mapping[ParagraphId, str], proposals: Sequence[Proposal]
    ) -> Compilation:
        """As `compile_text` does."""
        desk = _Desk(Layout(base), labels, known=self._woven)
        for proposal in sorted(proposals, key=lambda p: (p.order, p.id)):
            desk.take(proposal)
        compilation = Compilation(tuple(desk.paragraphs()), tuple(desk.acts))
        self._woven = desk.used
        return compilation


def compile_text(
    base: Sequence[Paragraph], labels: Mapping[ParagraphId, str], proposals: Sequence[Proposal]
) -> Compilation:
    """The base with all that is proposed on it, in brackets with names (laws 2 and 3).

    Options of a bracket stand in an order of their own, not in that of coming; names, and proposed paragraphs with
    their bis and alt, in that of `order`. Raises ValueError for a paragraph that is not in `base`.
    """
    return Compiler().compile(base, labels, proposals)


def project(compilation: Compilation, proposal_id: str | None, base: Sequence[Paragraph]) -> tuple[Paragraph, ...]:
    """The text that one proposal wants, out of the compilation (law 3); with None, the base."""
    acts = [act for act in compilation.acts if act.proposal == proposal_id]
    gone = {identity for act in acts for identity in _gone(act)}
    found = []
    for compiled in compilation:
        if compiled.added:
            if proposal_id in compiled.proposals:
                found.append(_as_added(compiled, proposal_id))
        elif compiled.paragraph.id not in gone:
            found.append(replace(compiled.paragraph, text=reading(compiled.runs, proposal_id)))
    for act in acts:
        if act.kind is ProposalKind.MOVE:
            return Layout(found).moved(act.paragraph, act.after)
    return tuple(found)


def _gone(act: Act) -> tuple[ParagraphId, ...]:
    return (act.paragraph,) if act.kind is ProposalKind.SUPPRESS else act.others


def _as_added(compiled: CompiledParagraph, proposal_id: str | None) -> Paragraph:
    """Sponsors of the same new paragraph each know it under the name of their own proposal."""
    assert proposal_id is not None
    text = reading(compiled.runs, proposal_id)
    if len(compiled.proposals) == 1:
        return replace(compiled.paragraph, text=text)
    return replace(compiled.paragraph, id=new_id(proposal_id), text=text)


@dataclass
class _Desk:
    """Where the proposals are laid out beside their paragraphs before the text is written."""

    layout: Layout
    labels: Mapping[ParagraphId, str]
    touching: dict[ParagraphId, list[Proposal]] = field(default_factory=lambda: defaultdict(list))
    added: dict[int, dict[tuple[object, ...], list[Proposal]]] = field(default_factory=lambda: defaultdict(dict))
    splits: dict[int, list[Proposal]] = field(default_factory=lambda: defaultdict(list))
    acts: list[Act] = field(default_factory=list)
    known: Mapping[Hashable, tuple[Run, ...]] = field(default_factory=dict)
    """What was woven before: by the words of the base and all that is said of them."""
    used: dict[Hashable, tuple[Run, ...]] = field(default_factory=dict)

    def take(self, proposal: Proposal) -> None:
        self.layout.check(proposal)
        if proposal.kind in ADDING:
            key = (proposal.kind, proposal.paragraph, proposal.text, proposal.new_kind, proposal.new_level)
            self.added[self.layout.place_of(proposal)].setdefault(key, []).append(proposal)
            return
        assert proposal.paragraph is not None
        for identity in (proposal.paragraph, *proposal.others):
            if proposal not in self.touching[identity][-1:]:
                self.touching[identity].append(proposal)
        if proposal.kind in _ACTS:
            others = proposal.others if proposal.kind is ProposalKind.MERGE else ()
            self.acts.append(Act(proposal.id, proposal.kind, proposal.paragraph, proposal.after, others))
        if proposal.kind is ProposalKind.SPLIT:
            self.splits[self.layout.index[proposal.paragraph] + 1].append(proposal)

    def paragraphs(self) -> list[CompiledParagraph]:
        names = Labels(self.layout, self.labels)
        found: list[CompiledParagraph] = []
        for place in range(len(self.layout.base) + 1):
            for split in self.splits.get(place, ()):
                found.extend(self._parts(split, names))
            groups = self.added.get(place, {}).values()
            for group in sorted(groups, key=lambda group: self._rank(group[0])):
                found.append(self._added(group, names))
            if place < len(self.layout.base):
                found.append(self._standing(self.layout.base[place]))
        return found

    def _rank(self, proposal: Proposal) -> tuple[int, int, int, str]:
        """Deeper ones first, for they belong to what stands above; then alternatives, then those that come after."""
        kind = proposal.kind is not ProposalKind.ALTERNATIVE
        return (-self.layout.added(proposal).level, int(kind), proposal.order, proposal.id)

    def _standing(self, paragraph: Paragraph) -> CompiledParagraph:
        proposals = self.touching.get(paragraph.id, [])
        wordings = [
            Wording(p, text) for p in proposals if p.paragraph == paragraph.id and (text := _text_of(p)) is not None
        ]
        keepers = [p for p in proposals if p.kind is ProposalKind.RETAIN]
        return CompiledParagraph(
            paragraph,
            self.labels.get(paragraph.id, ""),
            self._woven(paragraph.text, wordings, keepers),
            proposals=tuple(p.id for p in proposals),
            whole=self._whole(paragraph.id, proposals),
        )

    def _woven(self, base: str, wordings: list[Wording], keepers: list[Proposal]) -> tuple[Run, ...]:
        key = (base, tuple(wordings), tuple(keepers))
        runs = self.known.get(key)
        self.used[key] = runs = woven(base, wordings, keepers) if runs is None else runs
        return runs

    def _whole(self, identity: ParagraphId, proposals: Sequence[Proposal]) -> tuple[Attribution, ...]:
        said = [(self._verb(p, identity), p) for p in proposals if p.kind not in WORDING]
        return attributed(said, against="retain")

    def _verb(self, proposal: Proposal, identity: ParagraphId) -> str:
        if proposal.kind is ProposalKind.SUPPRESS:
            return "delete"
        if proposal.kind is ProposalKind.MOVE:
            return f"move after {self._label(proposal.after)}" if proposal.after is not None else "move first"
        if proposal.kind is ProposalKind.MERGE and proposal.paragraph is not None:
            if identity != proposal.paragraph:
                return f"merge into {self._label(proposal.paragraph)}"
            return f"merge with {', '.join(map(self._label, proposal.others))}" if proposal.others else "merge"
        return str(proposal.kind)

    def _label(self, identity: ParagraphId) -> str:
        return self.labels.get(identity, "") or identity

    def _added(self, group: Sequence[Proposal], names: Labels) -> CompiledParagraph:
        paragraph = self.layout.added(group[0])
        return CompiledParagraph(
            paragraph,
            names.of(paragraph, group[0]),
            woven(paragraph.text, (), ()),
            added=True,
            proposals=tuple(p.id for p in group),
            whole=attributed([("", p) for p in group], against="delete"),
        )

    def _parts(self, split: Proposal, names: Labels) -> list[CompiledParagraph]:
        whole = attributed([(str(split.kind), split)], against="retain")
        return [
            CompiledParagraph(
                part, names.of(part, split), woven(part.text, (), ()), added=True, proposals=(split.id,), whole=whole
            )
            for part in self.layout.parted(split)
        ]


def _text_of(proposal: Proposal) -> str | None:
    """The words that a proposal wants for its paragraph, if it wants other words."""
    if proposal.kind in WORDING or proposal.kind is ProposalKind.MERGE:
        return proposal.text
    if proposal.kind is ProposalKind.SPLIT and proposal.parts:
        return proposal.parts[0]
    return None
