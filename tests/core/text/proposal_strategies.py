"""Texts with proposals on them, and bracketed texts, in five scripts."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from app.core.text import Kind, Paragraph, ParagraphId
from app.core.text.applying import Layout
from app.core.text.brackets import Attribution, Bracket, Note, Option, Run, Words
from app.core.text.proposals import ADDING, WORDING, Proposal, ProposalKind, Stance
from tests.core.text.strategies import MARKS, WORDS, any_text, texts

NAMES = [
    "US",
    "EU",
    "G77",
    "Costa Rica",
    "Kenya, on behalf of the African Group",
    "Bolivia (Plurinational State of)",
    "Iran, Islamic Republic of",
    "Россия",
    "مصر",
    "中国",
    "Côte d’Ivoire",
    "A/B - C|D; [E]",
]
VERBS = ["retain", "oppose", "support", "reserve"]
SPECIAL = ["[", "]", "{", "}", "(", ")", "\\", " | ", " / ", " – ", " - ", "|", "/", "–", "(US)", "(US: delete)", "\\["]


@st.composite
def edited(draw: st.DrawFn, text: str) -> str:
    """The text with a few of its words changed, as delegates do; or any other text."""
    if draw(st.integers(0, 9)) == 0:
        return draw(any_text)
    parts = text.split(" ")
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(parts)))
        gone = draw(st.integers(0, 2))
        pool = [word for words in WORDS.values() for word in words]
        parts[at : at + gone] = draw(st.lists(st.sampled_from(pool), max_size=2))
    return " ".join(parts)


@st.composite
def bases(draw: st.DrawFn, max_size: int = 6) -> list[Paragraph]:
    kinds = st.sampled_from([Kind.HEADING, Kind.PREAMBULAR, Kind.OPERATIVE, Kind.ITEM, Kind.ITEM, Kind.CONTINUATION])
    found = []
    for number in range(draw(st.integers(1, max_size))):
        kind = draw(kinds)
        level = draw(st.integers(1, 2)) if kind in (Kind.ITEM, Kind.HEADING) else 0
        found.append(Paragraph(ParagraphId(f"p{number}"), kind, level, draw(texts(8) | any_text)))
    return found


@st.composite
def proposals_on(draw: st.DrawFn, base: list[Paragraph], number: int) -> Proposal:
    target = draw(st.sampled_from(base))
    kind = draw(st.sampled_from(sorted(ProposalKind)))
    made = Proposal(
        f"q{number}",
        kind,
        target.id,
        names=tuple(draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True))),
        stances=tuple(
            draw(st.lists(st.builds(Stance, st.sampled_from(NAMES), st.sampled_from(VERBS)), max_size=2, unique=True))
        ),
        order=number,
    )
    if kind in WORDING:
        return replace(made, text=draw(edited(target.text)))
    if kind in ADDING:
        new_kind = draw(st.sampled_from([None, Kind.OPERATIVE, Kind.ITEM]))
        first = kind is not ProposalKind.ALTERNATIVE and draw(st.integers(0, 5)) == 0
        level = draw(st.integers(1, 2)) if new_kind is Kind.ITEM else 0
        text = draw(st.sampled_from(["", "New words.", "新"]))
        return replace(made, text=text, new_kind=new_kind, new_level=level, paragraph=None if first else target.id)
    return _rearranging(draw, made, base, target)


def _rearranging(draw: st.DrawFn, made: Proposal, base: list[Paragraph], target: Paragraph) -> Proposal:
    others = [p.id for p in base if p.id != target.id]
    if made.kind is ProposalKind.MERGE:
        gone = draw(st.lists(st.sampled_from(others), unique=True, max_size=2)) if others else []
        return replace(made, text=draw(edited(target.text)), others=tuple(gone))
    if made.kind is ProposalKind.SPLIT:
        return replace(made, parts=tuple(draw(st.lists(edited(target.text), min_size=1, max_size=3))))
    if made.kind is ProposalKind.MOVE:
        layout = Layout(base)
        start = layout.index[target.id]
        outside = [*base[:start], *base[layout.block_end(start) :]]
        return replace(made, after=draw(st.sampled_from([None, *(p.id for p in outside)])))
    return made


@st.composite
def compilable(draw: st.DrawFn) -> tuple[list[Paragraph], list[Proposal]]:
    base = draw(bases())
    return base, [draw(proposals_on(base, number)) for number in range(draw(st.integers(0, 6)))]


@st.composite
def words(draw: st.DrawFn) -> Words:
    pool = (
        [word for pool in WORDS.values() for word in pool]
        + MARKS
        + SPECIAL
        + ["(Agreed)", "Agreed", "placeholder", "US", "\\&"]
    )
    parts = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=5))
    return Words("".join(parts))


attributions = st.builds(
    Attribution,
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True).map(tuple),
    st.sampled_from(["", "", "delete", "retain", "reserve"]),
)


def runs(depth: int = 2, min_size: int = 0) -> st.SearchStrategy[tuple[Run, ...]]:
    """Bracketed text as it may be built here: no two neighbours are both words."""
    kinds = words() | st.builds(Note, st.sampled_from(["pending", "see {1}", "[a", "overlap – 4"]))
    if depth:
        options = st.lists(
            st.builds(Option, runs(depth - 1), st.lists(attributions, max_size=2).map(tuple)), min_size=1, max_size=3
        )
        kinds = kinds | st.builds(Bracket, options.map(tuple), exact=st.sampled_from([False, False, True]))
    return st.lists(kinds, min_size=min_size, max_size=4).map(apart)


def apart(found: list[Run]) -> tuple[Run, ...]:
    kept: list[Run] = []
    for run in found:
        if isinstance(run, Words) and kept and isinstance(kept[-1], Words):
            continue
        kept.append(run)
    return tuple(kept)
