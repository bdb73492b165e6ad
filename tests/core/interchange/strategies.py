"""Texts with proposals and comments, in five scripts, full of the signs of Markdown."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from app.core.interchange import (
    Asked,
    CommentRecord,
    Document,
    Entry,
    PastWording,
    Position,
    ProposalRecord,
    Sponsor,
    arranged,
)
from app.core.text import Style, TextRefused, clean, clean_message, labels
from app.core.text.proposals import Proposal
from app.core.text.quotes import Quote
from tests.core.text.proposal_strategies import NAMES, bases, proposals_on
from tests.core.text.strategies import WORDS, any_text

SIGNS = ["*", "_", "**", "`", "#", "# ", "> ", "- ", "+ ", "1. ", "[^1]: ", "[a](b)", "[a]: b", "<!-- x -->", "<b>"]
SIGNS += [
    "&amp;",
    "&#35;",
    "\\",
    "\\*",
    "~~",
    "```",
    "---",
    "===",
    "| a |",
    "![i](u)",
    "--",
    "> > ",
    "_Why:_",
    "[",
    "]",
]
POOL = [word for pool in WORDS.values() for word in pool] + SIGNS


def kept(text: str, by=clean) -> str:
    """The words as the platform keeps them; none where it would refuse them."""
    try:
        return by(text)
    except TextRefused:
        return ""


words = st.lists(st.sampled_from(POOL), max_size=8).flatmap(
    lambda parts: st.sampled_from([" ".join(parts), "".join(parts)])
).map(kept) | any_text.map(kept)
messages = st.lists(st.sampled_from([*POOL, "\n", "\n\n", "    "]), min_size=1, max_size=8).map(
    lambda parts: kept(" ".join(parts), clean_message)
)
moments = st.sampled_from([None, "2026-11-23T11:05:02.123456Z", "2026-11-24T00:00:00.000000Z"])
names = st.sampled_from([kept(name) for name in NAMES]) | words.filter(bool).map(lambda text: text[:50].strip() or "x")
sponsors = st.builds(Sponsor, names, st.sampled_from([None, "KEN"]), st.none() | names, moments)
positions = st.builds(
    Position, names, st.sampled_from(["support", "oppose"]), st.sampled_from([None, "BRA"]), st.none() | names,
    words, st.booleans(), st.sampled_from(["", "support"]),
)  # fmt: skip


def asked_by(proposal: Proposal) -> Asked:
    return Asked(
        proposal.kind, proposal.paragraph, kept(proposal.text), proposal.after, proposal.others,
        tuple(kept(part) for part in proposal.parts), proposal.new_kind, proposal.new_level,
    )  # fmt: skip


@st.composite
def documents(draw: st.DrawFn) -> Document:
    base = [
        replace(p, text=draw(words), marker=draw(st.sampled_from(["", "", "1.", "*", "(a)"]))) for p in draw(bases())
    ]
    named = labels(base, Style.RESOLUTION)
    entries = tuple(
        Entry(p, named[p.id], draw(st.sampled_from([(), ("norms",)])), draw(st.sampled_from([None, "a"]))) for p in base
    )
    proposals = [
        ProposalRecord(
            id=f"q{place}", number=f"P{place}", asked=asked_by(draw(proposals_on(base, place))), made_on="Zero draft",
            released_at=draw(moments), revision=draw(st.integers(1, 3)), rationale=draw(messages),
            conditions=draw(words),
            sponsors=tuple(draw(st.lists(sponsors, min_size=1, max_size=3))),
            positions=tuple(draw(st.lists(positions, max_size=2))), recorded=draw(st.booleans()),
            wordings=(PastWording(1, "Zero draft", "made", asked_by(draw(proposals_on(base, place)))),),
        )
        for place in range(draw(st.integers(0, 3)))
    ]  # fmt: skip
    quotes = st.none() | st.builds(Quote, words.filter(bool), st.integers(0, 9), words.map(lambda t: t[:64]))
    comments = [
        CommentRecord(
            f"c{place}", draw(messages), draw(names), draw(st.sampled_from([None, *(p.id for p in base)])),
            draw(quotes), draw(st.sampled_from([None, "KEN"])), draw(st.none() | names), "delegate", draw(moments),
        )
        for place in range(draw(st.integers(0, 3)))
    ]  # fmt: skip
    return arranged(
        Document(
            title=draw(words.filter(bool)), style=Style.RESOLUTION, platform_id="CHP-2026-G-D1", label="Rev.1",
            notice="Working text", entries=entries, issued_at=draw(moments), sha256="ab" * 32,
            proposals=tuple(proposals), comments=tuple(comments),
        )
    )  # fmt: skip
