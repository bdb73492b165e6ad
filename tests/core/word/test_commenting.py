"""Comments on words of tracked paragraphs: the words and the changes stay, the quoted words carry the comment."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.core.text import Kind
from app.core.word import Spoken, WordComment, WordParagraph, WordRun, with_comments

SAID = WordComment("Kenya", None, "Why?")
RUNS = st.lists(
    st.builds(WordRun, st.text("ab cé", min_size=1, max_size=6), st.sampled_from(["", "insert", "delete"])), max_size=6
)


def text(runs, *changes: str) -> str:
    return "".join(run.text for run in runs if run.change in changes)


@given(RUNS, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=4))
def test_quoted_words_carry_their_comment_and_nothing_else_changes(runs, spans) -> None:
    paragraph = WordParagraph(Kind.OPERATIVE, 0, "OP1", tuple(runs))
    made = with_comments(paragraph, [Spoken(SAID, begin, end) for begin, end in spans])
    for changes in (("",), ("", "delete"), ("", "insert")):
        assert text(made.runs, *changes) == text(runs, *changes)
    assert len(made.comments) == len(spans)
    before = text(runs, "", "delete")
    for comment, (begin, end) in zip(made.comments, spans, strict=True):
        carried = "".join(run.text for run in made.runs if comment.id and comment.id in run.comments)
        assert carried == (before[begin:end] if begin < end else "")
