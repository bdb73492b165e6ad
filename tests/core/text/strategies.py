"""Texts in five scripts, as delegates write them, and small documents."""

from __future__ import annotations

from hypothesis import strategies as st

from app.core.text import Kind, Paragraph, ParagraphId

WORDS = {
    "latin": ["States", "should", "offer", "assistance", "l’État", "cyber", "naïve", "don’t", "1.5", "ICT"],
    "cyrillic": ["Государства", "должны", "оказывать", "помощь", "ё", "информация"],
    "arabic": ["الدول", "مَسْؤُولَة", "عن", "المساعدة", "فى"],
    "han": ["各国", "应当", "提供", "援助", "责任"],
    "devanagari": ["राज्यों", "को", "सहायता", "क्षि", "प्रदान"],
}
MARKS = [" ", ", ", "; ", "-", " (", ") ", " [", "] ", "][", "“", "”", ".", "\u00a0", "e\u0301"]


@st.composite
def texts(draw: st.DrawFn, max_words: int = 14) -> str:
    """A sentence of one script, or a mixture."""
    scripts = draw(st.lists(st.sampled_from(sorted(WORDS)), min_size=1, max_size=2))
    pool = [word for script in scripts for word in WORDS[script]]
    parts = draw(st.lists(st.tuples(st.sampled_from(pool), st.sampled_from(MARKS)), max_size=max_words))
    return "".join(word + mark for word, mark in parts)


any_text = texts() | st.text(st.characters(codec="utf-8"), max_size=60)


@st.composite
def documents(draw: st.DrawFn, max_size: int = 12) -> list[Paragraph]:
    """Paragraphs with identities, of all kinds that carry numbers."""
    kinds = st.sampled_from([Kind.PREAMBULAR, Kind.OPERATIVE, Kind.ITEM, Kind.HEADING, Kind.PARAGRAPH, Kind.FOOTNOTE])
    size = draw(st.integers(0, max_size))
    made = []
    for number in range(size):
        kind = draw(kinds)
        level = draw(st.integers(1, 3)) if kind in (Kind.ITEM, Kind.HEADING) else 0
        made.append(Paragraph(ParagraphId(f"p{number}"), kind, level, draw(texts(6))))
    return made
