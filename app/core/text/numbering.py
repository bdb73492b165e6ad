"""Labels: what a paragraph is called in one version. Computed from kinds, order and relations, never typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.core.text.ordinals import latin, sub_label
from app.core.text.paragraphs import Kind, Paragraph, ParagraphId, Relation, Style

_ARTICLE = re.compile(r"^\W*(?:article|artículo|статья|المادة)\s+(\d+\s*(?:bis|ter|quater)?)", re.IGNORECASE)


def labels(paragraphs: Sequence[Paragraph], style: Style | str) -> dict[ParagraphId, str]:
    """Each paragraph's label, unique in this text.

    A paragraph that was inserted after another one keeps that one's number with bis, ter …; an alternative gets alt;
    a deleted one keeps its slot. So nothing is renumbered inside a round.
    """
    counter = _Counter(Style(style))
    found: dict[ParagraphId, str] = {}
    taken: set[str] = set()
    for paragraph in paragraphs:
        label = counter.label(paragraph, found)
        found[paragraph.id] = label = _unique(label, taken)
        taken.add(label)
    return found


def slug(label: str) -> str:
    """The label as a part of an address: "OP4 bis (a)" is op-4-bis-a."""
    apart = re.sub(r"(?<=[^\W\d_])(?=\d)", "-", label.casefold())
    return re.sub(r"[^\w]+", "-", apart).strip("-") or "p"


def slugs(labels_: dict[ParagraphId, str]) -> dict[ParagraphId, str]:
    """The slugs of a version's labels, unique as the labels are."""
    found: dict[ParagraphId, str] = {}
    taken: set[str] = set()
    for identity, label in labels_.items():
        part, number = slug(label), 2
        while part in taken:
            part, number = f"{slug(label)}-{number}", number + 1
        found[identity] = part
        taken.add(part)
    return found


def _unique(label: str, taken: set[str]) -> str:
    number, candidate = 2, label
    while candidate in taken:
        candidate, number = f"{label} [{number}]", number + 1
    return candidate


@dataclass
class _Counter:
    """Walks a text from its beginning and counts what has numbers."""

    style: Style
    preambular: int = 0
    operative: int = 0
    numbered: int = 0
    headings: list[int] = field(default_factory=list)
    footnotes: int = 0
    notes: int = 0
    titles: int = 0
    chapeaux: int = 0
    article: str = ""
    continued: int = 0
    host: str = ""
    """The label of the last numbered paragraph at the top: items stand under it."""
    items: list[int] = field(default_factory=list)
    inserted: dict[ParagraphId, int] = field(default_factory=dict)
    alternatives: dict[ParagraphId, int] = field(default_factory=dict)
    base: dict[ParagraphId, ParagraphId] = field(default_factory=dict)

    def label(self, paragraph: Paragraph, found: dict[ParagraphId, str]) -> str:
        related = paragraph.relation_to
        is_related = paragraph.relation is not None and related in found
        label = self._related(paragraph, found) if is_related else self._own(paragraph)
        if paragraph.kind in (Kind.PREAMBULAR, Kind.OPERATIVE, Kind.PARAGRAPH, Kind.CHAPEAU, Kind.PLACEHOLDER):
            self.host, self.items, self.continued = label, [], 0
        return label

    def _related(self, paragraph: Paragraph, found: dict[ParagraphId, str]) -> str:
        """bis and ter count from the first of the row, also when each was inserted after the one before it."""
        assert paragraph.relation_to is not None
        first = self.base.get(paragraph.relation_to, paragraph.relation_to)
        if paragraph.relation is Relation.INSERTED_AFTER:
            self.base[paragraph.id] = first
            self.inserted[first] = self.inserted.get(first, 0) + 1
            return f"{found[first]} {latin(self.inserted[first])}"
        number = self.alternatives[paragraph.relation_to] = self.alternatives.get(paragraph.relation_to, 0) + 1
        return f"{found[paragraph.relation_to]} alt" + (f" {number}" if number > 1 else "")

    def _own(self, paragraph: Paragraph) -> str:
        kind = paragraph.kind
        if kind is Kind.ITEM:
            return self._item(max(1, paragraph.level))
        if kind is Kind.CONTINUATION:
            self.continued += 1
            return f"{self.host} ¶{self.continued}".strip()
        if kind is Kind.PREAMBULAR:
            self.preambular += 1
            return f"PP{self.preambular}"
        if kind is Kind.OPERATIVE or (kind in (Kind.PARAGRAPH, Kind.PLACEHOLDER) and self.style is Style.RESOLUTION):
            self.operative += 1
            return f"OP{self.operative}"
        if kind in (Kind.PARAGRAPH, Kind.PLACEHOLDER):
            self.numbered += 1
            return f"{self.article}.{self.numbered}" if self.article else str(self.numbered)
        if kind is Kind.HEADING:
            return self._heading(paragraph)
        return self._rest(kind)

    def _item(self, level: int) -> str:
        self.items = [*self.items[:level], *([0] * (level - len(self.items)))]
        self.items[level - 1] += 1
        path = " ".join(sub_label(depth, number or 1) for depth, number in enumerate(self.items, 1))
        return f"{self.host} {path}".strip()

    def _heading(self, paragraph: Paragraph) -> str:
        level = max(1, paragraph.level)
        self.headings = [*self.headings[:level], *([0] * (level - len(self.headings)))]
        self.headings[level - 1] += 1
        self.host, self.items, self.continued = "", [], 0
        article = _ARTICLE.match(paragraph.text) if self.style is Style.ARTICLES else None
        if article:
            self.article, self.numbered = f"Art. {' '.join(article.group(1).split())}", 0
            self.host = self.article
            return self.article
        path = ".".join(str(number or 1) for number in self.headings)
        if self.style is Style.ARTICLES:
            # A part that is no article counts anew under its own number.
            self.article, self.numbered = f"§ {path}", 0
            self.host = self.article
        return f"§ {path}"

    def _rest(self, kind: Kind) -> str:
        if kind is Kind.FOOTNOTE:
            self.footnotes += 1
            return f"fn {self.footnotes}"
        if kind is Kind.NOTE:
            self.notes += 1
            return f"Note {self.notes}"
        if kind is Kind.TITLE:
            self.titles += 1
            return "Title" if self.titles == 1 else f"Title {self.titles}"
        self.chapeaux += 1
        return "Chapeau" if self.chapeaux == 1 else f"Chapeau {self.chapeaux}"
