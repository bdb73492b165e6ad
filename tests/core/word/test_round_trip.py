"""What is written is read again: texts, authors, labels, comments, in five scripts."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.text import Kind, Paragraph, ParagraphId, Style, compare, labels
from app.core.text.compiling import compile_text
from app.core.text.proposals import Proposal, ProposalKind, Stance
from app.core.word import (
    NOTICE,
    Author,
    ChangeKind,
    ReadDocx,
    WordComment,
    WordDocument,
    WordParagraph,
    WordRun,
    from_comparison,
    from_compilation,
    from_text,
    read_docx,
    write_docx,
)
from tests.core.text.strategies import documents, texts

AT = datetime(2026, 7, 17, 18, 40, tzinfo=UTC)
NAMES = ("Mexico", "Égypte", "Российская Федерация", "مصر", "中国", "भारत", 'A & <B> "C"')
authors = st.builds(Author, st.sampled_from(NAMES), st.sampled_from([AT, None]))


@st.composite
def runs(draw: st.DrawFn) -> WordRun:
    author = draw(authors)
    return WordRun(draw(texts(5)), draw(st.sampled_from(["", "insert", "delete"])), author.name, author.at)


@st.composite
def paragraphs(draw: st.DrawFn) -> WordParagraph:
    kind = draw(st.sampled_from(list(Kind)))
    level = draw(st.integers(1, 6)) if kind in (Kind.HEADING, Kind.ITEM) else 0
    whole = draw(st.none() | authors)
    added = draw(st.booleans())
    return WordParagraph(
        kind,
        level,
        draw(st.sampled_from(["", "PP1", "OP12 bis (a)"])),
        draw(st.lists(runs(), max_size=5)),
        [WordComment(draw(st.sampled_from(NAMES)), AT, "one\ntwo")] if draw(st.booleans()) else [],
        added_by=whole if added else None,
        removed_by=None if added else whole,
        id=f"0f8fad5b-d9cd-469f-a165-7086772895{draw(st.integers(10, 99))}",
    )


def written(*paragraphs: WordParagraph, title: str = "") -> ReadDocx:
    return read_docx(write_docx(WordDocument(title, "GM-2026-P1/TG1/D3", "v0.4", NOTICE, paragraphs)))


def before(paragraph: WordParagraph) -> str:
    return "" if paragraph.added_by else "".join(r.text for r in paragraph.runs if r.change != "insert")


def after(paragraph: WordParagraph) -> str:
    return "" if paragraph.removed_by else "".join(r.text for r in paragraph.runs if r.change != "delete")


@given(st.lists(paragraphs(), max_size=6))
@settings(max_examples=60, deadline=None)
def test_both_texts_come_back(made: list[WordParagraph]) -> None:
    read = written(*made)
    assert [p.text_before for p in read.paragraphs if p.in_before] == [before(p) for p in made if not p.added_by]
    assert [p.text_after for p in read.paragraphs if p.in_after] == [after(p) for p in made if not p.removed_by]
    assert not read.findings


@given(st.lists(paragraphs(), max_size=6))
@settings(max_examples=60, deadline=None)
def test_paragraphs_keep_what_they_are(made: list[WordParagraph]) -> None:
    read = written(*made)
    assert [(p.kind, p.level, p.label, p.id) for p in read.paragraphs] == [
        (p.kind, p.level, p.label, p.id) for p in made
    ]
    assert [[(c.author, c.at, c.text) for c in p.comments] for p in read.paragraphs] == [
        [(c.author, c.at, c.text) for c in p.comments] for p in made
    ]


@given(paragraphs())
@settings(max_examples=60, deadline=None)
def test_every_changed_word_has_its_author(made: WordParagraph) -> None:
    changes = written(made).paragraphs[0].changes
    for run in made.runs:
        if run.text and run.change:
            assert any(
                run.text in c.text and c.author in (run.author, (made.added_by or Author("")).name) for c in changes
            )
    for author in filter(None, (made.added_by, made.removed_by)):
        assert (author.name, author.at) in {(c.author, c.at) for c in changes}


@given(paragraphs().filter(lambda p: not (p.added_by or p.removed_by)))
@settings(max_examples=60, deadline=None)
def test_changes_applied_to_the_text_before_give_the_text_after(made: WordParagraph) -> None:
    read = written(made).paragraphs[0]
    parts, at = [], 0
    for change in read.changes:
        parts.append(read.text_before[at : change.start])
        at = change.start
        if change.kind is ChangeKind.DELETE:
            assert read.text_before.startswith(change.text, at)
            at += len(change.text)
        else:
            parts.append(change.text)
    assert "".join(parts) + read.text_before[at:] == read.text_after


def test_the_same_text_gives_the_same_bytes() -> None:
    made = WordDocument("T", "id", "v1", NOTICE, [WordParagraph(Kind.OPERATIVE, 0, "OP1", [WordRun("Decides;")])])
    assert write_docx(made) == write_docx(made)


def test_a_file_says_what_it_was_made_of() -> None:
    read = written(WordParagraph(Kind.OPERATIVE, 0, "OP1", [WordRun("Decides;")]), title="Norms & rules")
    assert (read.title, read.platform_id, read.label) == ("Norms & rules", "GM-2026-P1/TG1/D3", "v0.4")
    assert [p.text_after for p in read.paragraphs] == ["Decides;"]


def test_a_comment_is_on_its_words() -> None:
    runs = [WordRun("States "), WordRun("should", comments=("c",)), WordRun(" act.")]
    comments = [WordComment("Kenya", AT, "shall", "c"), WordComment("Fiji", AT, "all of it")]
    read = written(WordParagraph(Kind.OPERATIVE, 0, "OP1", runs, comments)).paragraphs[0]
    assert [(c.author, c.quote) for c in read.comments] == [("Kenya", "should"), ("Fiji", "States should act.")]


def test_signs_that_xml_cannot_hold_do_not_break_the_file() -> None:
    read = written(
        WordParagraph(Kind.OPERATIVE, 0, "\x00", [WordRun("a\x00b\ud800c\tд\nе\ufffe", "insert", "\x01", AT)])
    )
    assert read.paragraphs[0].text_after == "a\ufffdb\ufffdc\tд\nе\ufffd"


@given(documents(8), documents(8))
@settings(max_examples=40, deadline=None)
def test_a_comparison_reads_as_both_versions(old: list[Paragraph], new: list[Paragraph]) -> None:
    names = labels(old, Style.RESOLUTION), labels(new, Style.RESOLUTION)
    rows = compare(old, new, *names).rows
    read = written(*from_comparison(rows, names[1], "Chair", AT)).paragraphs
    assert [p.text_after for p in read if p.in_after] == [p.text for p in new]
    assert sorted(p.text_before for p in read if p.in_before) == sorted(p.text for p in old)


def test_a_clean_text_has_no_changes() -> None:
    text = [
        Paragraph(ParagraphId("a"), Kind.OPERATIVE, 0, "Decides;"),
        Paragraph(ParagraphId("b"), Kind.ITEM, 1, "To act."),
    ]
    read = written(*from_text(text, labels(text, Style.RESOLUTION))).paragraphs
    assert [(p.label, p.text_before, p.text_after, p.changes) for p in read] == [
        ("OP1", "Decides;", "Decides;", ()),
        ("OP1 (a)", "To act.", "To act.", ()),
    ]


BASE = [
    Paragraph(ParagraphId("a"), Kind.OPERATIVE, 0, "States should take reasonable measures."),
    Paragraph(ParagraphId("b"), Kind.OPERATIVE, 0, "States should report."),
]


def compiled(*proposals: Proposal) -> list[WordParagraph]:
    return from_compilation(compile_text(BASE, labels(BASE, Style.RESOLUTION), proposals), AT)


def replacing(identity: str, name: str, text: str, *others: str, stances: tuple[Stance, ...] = ()) -> Proposal:
    return Proposal(
        identity, ProposalKind.REPLACE, ParagraphId("a"), text, (name, *others), stances, order=int(identity)
    )


def test_a_proposal_is_tracked_under_its_lead_sponsor() -> None:
    read = written(*compiled(replacing("1", "Mexico", "States should take appropriate measures.", "Chile"))).paragraphs[
        0
    ]
    assert [(c.kind, c.author, c.text) for c in read.changes] == [
        (ChangeKind.DELETE, "Mexico", "reasonable"),
        (ChangeKind.INSERT, "Mexico", "appropriate"),
    ]
    assert [c.text for c in read.comments] == ["Mexico, Chile"]


def test_alternatives_share_one_deletion_and_carry_their_names() -> None:
    read = written(
        *compiled(
            replacing("1", "Mexico", "States should take appropriate measures."),
            replacing("2", "Kenya", "States should take feasible measures.", stances=(Stance("Norway", "retain"),)),
        )
    ).paragraphs[0]
    assert [c.text for c in read.changes if c.kind is ChangeKind.DELETE] == ["reasonable"]
    assert read.text_after == "States should take appropriate (Mexico) feasible (Kenya) measures."
    assert {c.author for c in read.changes if c.kind is ChangeKind.INSERT} == {"Mexico", "Kenya"}
    assert [(c.author, c.text) for c in read.comments] == [("Norway", "Norway: retain")]


def test_whole_paragraphs_come_and_go_under_their_names() -> None:
    read = written(
        *compiled(
            Proposal("1", ProposalKind.SUPPRESS, ParagraphId("b"), names=("Brazil",), order=1),
            Proposal(
                "2", ProposalKind.NEW_PARAGRAPH, ParagraphId("b"), "New.", ("Fiji",), new_kind=Kind.OPERATIVE, order=2
            ),
        )
    ).paragraphs
    assert [(p.text_after, p.in_before, p.in_after, p.changes[-1].author if p.changes else "") for p in read] == [
        (BASE[0].text, True, True, ""),
        ("", True, False, "Brazil"),
        ("New.", False, True, "Fiji"),
    ]


@given(st.lists(st.tuples(st.sampled_from(NAMES), texts(8)), max_size=4), texts(8))
@settings(max_examples=60, deadline=None)
def test_a_compilation_with_all_changes_rejected_is_the_base(wanted: list[tuple[str, str]], text: str) -> None:
    base = [Paragraph(ParagraphId("a"), Kind.OPERATIVE, 0, text)]
    proposals = [
        Proposal(str(n), ProposalKind.REPLACE, ParagraphId("a"), words, (name,), order=n)
        for n, (name, words) in enumerate(wanted)
    ]
    made = from_compilation(compile_text(base, {}, proposals), AT)
    read = written(*made).paragraphs[0]
    assert read.text_before == text
    if len(wanted) == 1:
        assert read.text_after == wanted[0][1]
