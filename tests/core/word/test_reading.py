"""Files as Word, LibreOffice and people make them: every word, in both texts, with who changed it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.core.text import Kind
from app.core.word import ChangeKind, ReadParagraph, read_docx
from tests.core.word.files import OFFICE, docx, p, package, part, r, relationships, tracked

AT = datetime(2026, 7, 17, 18, 40, tzinfo=UTC)


def read(body: str, **parts: str) -> tuple[ReadParagraph, ...]:
    return read_docx(docx(body, **parts)).paragraphs


def both(body: str) -> list[tuple[str | None, str | None]]:
    return [(x.text_before if x.in_before else None, x.text_after if x.in_after else None) for x in read(body)]


def mark(*changes: str) -> str:
    return f"<w:rPr>{''.join(changes)}</w:rPr>"


def deletion(author: str, text: str) -> str:
    return tracked("del", author, r(text, "delText"))


INS, DEL = tracked("ins", "A"), tracked("del", "B")


def test_words_inserted_and_deleted() -> None:
    (found,) = read(p(r("States ") + deletion("Mexico", "should") + tracked("ins", "Kenya", r("shall")) + r(" act.")))
    assert (found.text_before, found.text_after) == ("States should act.", "States shall act.")
    assert [(c.kind, c.author, c.at, c.start, c.text) for c in found.changes] == [
        (ChangeKind.DELETE, "Mexico", AT, 7, "should"),
        (ChangeKind.INSERT, "Kenya", AT, 13, "shall"),
    ]


def test_words_that_somebody_inserted_and_another_deleted_are_in_neither_text() -> None:
    (found,) = read(p(r("a") + tracked("ins", "A", deletion("B", "x"))))
    assert (found.text_before, found.text_after) == ("a", "a")
    assert [(c.kind, c.author, c.text) for c in found.changes] == [(ChangeKind.WITHDRAWN, "A", "x")]


def test_moved_words() -> None:
    body = p(tracked("moveFrom", "A", r("x "))) + p(r("y ") + tracked("moveTo", "A", r("x ")))
    assert both(body) == [("x ", ""), ("y ", "y x ")]
    assert [c.kind for x in read(body) for c in x.changes] == [ChangeKind.MOVED_AWAY, ChangeKind.MOVED_HERE]


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        (p(tracked("ins", "A", r("new")), mark(INS)) + p(r("old")), [(None, "new"), ("old", "old")]),
        (p(deletion("A", "gone"), mark(DEL)) + p(r("old")), [("gone", None), ("old", "old")]),
        (p(r("a"), mark(INS)) + p(r("b")), [("ab", "a"), (None, "b")]),
        (p(r("a"), mark(DEL)) + p(r("b")), [("a", "ab"), ("b", None)]),
        (p(r("a"), mark(INS)) + p(tracked("ins", "A", r("new"))), [("a", "a"), (None, "new")]),
        (p(deletion("A", "gone"), mark(DEL)), [("gone", None)]),
        (p("") + p(r("a")), [("", ""), ("a", "a")]),
    ],
    ids=["new", "deleted", "split", "joined", "new by pressing enter at the end", "the last deleted", "empty"],
)
def test_paragraphs_come_and_go(body: str, texts: list[tuple[str | None, str | None]]) -> None:
    assert both(body) == texts


def test_cells_of_tables_are_paragraphs_in_order_and_never_joined() -> None:
    def row(*cells: str, properties: str = "") -> str:
        return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(f'<w:tc>{cell}</w:tc>' for cell in cells)}</w:tr>"

    table = row(p(r("a"), mark(DEL)), p(r("b"))) + row(p(r("c")), p(r("d")), properties=INS)
    found = read_docx(docx(f"<w:tbl>{table}</w:tbl>" + p(r("e"))))
    assert [(x.text_after, x.in_before, x.place) for x in found.paragraphs] == [
        ("a", True, "table"),
        ("b", True, "table"),
        ("c", False, "table"),
        ("d", False, "table"),
        ("e", True, ""),
    ]
    assert [f.code for f in found.findings] == ["table"]


def test_footnotes_are_kept_at_the_end() -> None:
    notes = f'<w:footnote w:id="0" w:type="separator">{p(r("-"))}</w:footnote>'
    notes += f'<w:footnote w:id="2">{p(r("See 75/240."))}</w:footnote>'
    found = read_docx(docx(p(r("a") + '<w:r><w:footnoteReference w:id="2"/></w:r>'), footnotes=notes))
    assert [(x.text_after, x.kind, x.place) for x in found.paragraphs] == [
        ("a", None, ""),
        ("See 75/240.", Kind.FOOTNOTE, "footnote"),
    ]
    assert [(f.code, f.paragraph) for f in found.findings] == [("footnote", 1)]


def noted(identity: int) -> str:
    return f'<w:r><w:footnoteReference w:id="{identity}"/></w:r>'


def test_a_footnote_goes_and_comes_with_its_sign_and_stands_in_its_order() -> None:
    notes = "".join(f'<w:footnote w:id="{n}">{p(r(f"note {n}"))}</w:footnote>' for n in (1, 2, 3, 4, 4))
    moved = tracked("moveFrom", "Fiji", noted(1)), tracked("moveTo", "Fiji", noted(1))
    body = moved[0] + noted(3) + tracked("del", "Fiji", noted(2)) + tracked("ins", "Peru", noted(4)) + moved[1]
    found = read_docx(docx(p(r("a") + body), footnotes=notes)).paragraphs[1:]
    assert [(x.text_before, x.text_after) for x in found] == [
        ("note 1", "note 1"),
        ("note 3", "note 3"),
        ("note 2", ""),
        ("", "note 4"),
        ("", "note 4"),
    ]
    assert [x.changes[0].author for x in found if x.changes] == ["Fiji", "Peru", "Peru"]


def test_links_keep_their_words_and_tell_where_they_lead() -> None:
    link = p(r("see ") + f'<w:hyperlink r:id="L">{r("here")}</w:hyperlink>')
    data = package(
        {
            "word/document.xml": part("document", f"<w:body>{link}</w:body>"),
            "word/_rels/document.xml.rels": relationships(("L", f"{OFFICE}/hyperlink", "!https://un.org/")),
        }
    )
    found = read_docx(data)
    assert found.paragraphs[0].text_after == "see here"
    assert [(f.code, f.message) for f in found.findings] == [("link", "A link leads to https://un.org/")]


def test_a_link_in_a_footnote_leads_where_the_footnotes_say() -> None:
    link = p(f'<w:hyperlink r:id="L">{r("here")}</w:hyperlink>')
    names = ("L", f"{OFFICE}/hyperlink", "!https://un.org/"), ("f", f"{OFFICE}/footnotes", "footnotes.xml")
    data = package(
        {
            "word/document.xml": part("document", f"<w:body>{link}</w:body>"),
            "word/_rels/document.xml.rels": relationships(*names),
            "word/footnotes.xml": part("footnotes", f'<w:footnote w:id="2">{link}</w:footnote>'),
            "word/_rels/footnotes.xml.rels": relationships(("L", f"{OFFICE}/hyperlink", "!https://who.int/")),
        }
    )
    assert [(f.about, f.paragraph) for f in read_docx(data).findings] == [
        ("https://un.org/", 1),
        ("https://who.int/", 2),
    ]


def test_fields_keep_what_they_show() -> None:
    field = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF x</w:instrText></w:r>'
    simple = f'<w:fldSimple w:instr="REF y">{r("4")}</w:fldSimple>'
    assert read(p(r("para ") + field + r("12") + " " + simple))[0].text_after == "para 124"


def test_text_boxes_stand_behind_their_paragraph_once() -> None:
    box = f"<w:txbxContent>{p(r('inside'))}</w:txbxContent>"
    drawing = (
        f"<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    found = read(p(r("a") + drawing + r("b")) + p(r("c")))
    assert [(x.text_after, x.place) for x in found] == [("ab", ""), ("inside", "text box"), ("c", "")]


def test_a_paragraph_is_never_joined_to_a_box_or_a_cell_that_stands_behind_it() -> None:
    gone = mark(tracked("del", "Fiji"))
    box = f"<w:r><w:pict><v:textbox><w:txbxContent>{p(r('box'))}</w:txbxContent></v:textbox></w:pict></w:r>"
    assert both(p(r("a") + box, gone) + p(r("b"))) == [("a", "ab"), ("box", "box"), ("b", None)]
    table = f"<w:tbl><w:tr><w:tc>{p(r('cell'))}</w:tc></w:tr></w:tbl>"
    assert both(p(r("a"), gone) + table + p(r("b"))) == [("a", "a"), ("cell", "cell"), ("b", "b")]


BOLD = "<w:r><w:rPr><w:b/><w:rPrChange w:id='1' w:author='A'><w:rPr/></w:rPrChange></w:rPr><w:t>a</w:t></w:r>"


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        (p(tracked("del", "A", "<w:r><w:drawing/></w:r>")), {}),
        (p(BOLD), {}),
        (p(r("a")), {"comments": tracked("comment", "A", p(r("Nowhere")))}),
        (p(r("a")), {"header": p(deletion("A", "In the margin"))}),
        (p(r("a")), {"footnotes": f'<w:footnote w:id="2">{p(tracked("ins", "A", r("b")))}</w:footnote>'}),
    ],
)
def test_a_file_is_marked_wherever_the_mark_stands(body: str, parts: dict[str, str]) -> None:
    assert read_docx(docx(body, **parts)).marked


def test_a_clean_file_is_not_marked() -> None:
    assert not read_docx(docx(p(r("a")), comments="", header=p(r("b")))).marked


def test_content_controls_breaks_and_signs() -> None:
    inner = p(r("a") + "<w:r><w:tab/><w:t>b</w:t><w:br/><w:noBreakHyphen/></w:r>")
    body = f"<w:sdt><w:sdtPr/><w:sdtContent>{inner}</w:sdtContent></w:sdt>"
    assert read(body)[0].text_after == "a\tb\n\u2011"


def test_a_page_that_ends_within_a_paragraph_parts_its_words() -> None:
    page = '<w:r><w:br w:type="page"/></w:r>'
    assert [x.text_after for x in read(p(page + r("a") + page + r("b")))] == ["a\nb"]


def test_rows_in_alternate_content_are_read_once() -> None:
    rows = "".join(f"<mc:{name}><w:tr><w:tc>{p(r('a'))}</w:tc></w:tr></mc:{name}>" for name in ("Choice", "Fallback"))
    found = read(f"<w:tbl><mc:AlternateContent>{rows}</mc:AlternateContent></w:tbl>")
    assert [x.text_after for x in found] == ["a"]


def test_comments_with_their_words() -> None:
    body = p(r("a ") + '<w:commentRangeStart w:id="5"/>' + r("b")) + p(
        r("c") + '<w:commentRangeEnd w:id="5"/><w:r><w:commentReference w:id="5"/></w:r>'
    )
    said = tracked("comment", "Fiji", p(r("Why?"))).replace('w:id="1"', 'w:id="5"')
    lost = tracked("comment", "Peru", p(r("Lost"))).replace('w:id="1"', 'w:id="6"')
    found = read_docx(docx(body, comments=said + lost))
    (comment,) = found.paragraphs[0].comments
    assert (comment.author, comment.at, comment.text, comment.quote) == ("Fiji", AT, "Why?", "b\nc")
    assert [f.message for f in found.findings] == ["A comment of Peru stands nowhere in the text: Lost"]


def test_a_comment_on_paragraphs_that_go_keeps_their_words() -> None:
    begin, end = '<w:commentRangeStart w:id="1"/>', '<w:commentRangeEnd w:id="1"/>'
    body = p(begin + deletion("Fiji", "a"), mark(tracked("del", "Fiji"))) + p(deletion("Fiji", "b") + end) + p(r("c"))
    found = read(body, comments=tracked("comment", "Fiji", p(r("Why?"))))
    assert [comment.quote for x in found for comment in x.comments] == ["a\nb"]


def test_numbers_that_word_counts() -> None:
    def level(depth: int, form: str, text: str) -> str:
        return (
            f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        )

    levels = level(0, "decimal", "%1.") + level(1, "lowerLetter", "(%2)") + level(2, "lowerRoman", "(%3)")
    numbering = f'<w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum>'
    numbering += '<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>'

    def item(depth: int, changes: str = "", inner: str = r("x")) -> str:
        return p(inner, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="3"/></w:numPr>{changes}')

    new = item(0, mark(INS), tracked("ins", "A", r("new")))
    found = read(item(0) + item(1) + item(1) + item(2) + new + item(0) + item(1), numbering=numbering)
    assert [x.label for x in found] == ["1.", "(a)", "(b)", "(i)", "2.", "2.", "(a)"]
    assert [x.level for x in found] == [0, 1, 1, 2, 0, 0, 1]


def test_lists_that_take_their_levels_from_a_style_and_those_that_change_one() -> None:
    def level(depth: int, form: str, text: str, more: str = "", start: int = 1) -> str:
        inner = f'<w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{text}"/>'
        return f'<w:lvl w:ilvl="{depth}">{inner}</w:lvl>'

    def listed(identity: int, inner: str) -> str:
        return f'<w:abstractNum w:abstractNumId="{identity}">{inner}</w:abstractNum>'

    def num(identity: int, abstract: int, inner: str = "") -> str:
        return f'<w:num w:numId="{identity}"><w:abstractNumId w:val="{abstract}"/>{inner}</w:num>'

    own = f'<w:lvlOverride w:ilvl="0">{level(0, "upperRoman", "%1)", start=4)}</w:lvlOverride>'
    legal = level(0, "upperRoman", "%1.") + level(1, "decimal", "%1.%2", "<w:isLgl/>")
    numbering = listed(1, '<w:numStyleLink w:val="S"/>')
    numbering += listed(2, '<w:styleLink w:val="S"/>' + level(0, "lowerLetter", "(%1)")) + listed(3, legal)
    numbering += num(1, 1) + num(2, 2, own) + num(3, 3)

    def item(identity: int, depth: int = 0) -> str:
        return p(r("x"), f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{identity}"/></w:numPr>')

    found = read(item(1) + item(1) + item(2) + item(2) + item(3) + item(3) + item(3, 1), numbering=numbering)
    assert [x.label for x in found] == ["(a)", "(b)", "IV)", "V)", "I.", "II.", "2.1"]


def test_headings_by_the_name_of_their_style_in_any_language() -> None:
    styles = (
        '<w:style w:styleId="Titre2"><w:name w:val="heading 2"/></w:style>'
        '<w:style w:styleId="Mine"><w:name w:val="Mine"/><w:basedOn w:val="Titre2"/></w:style>'
    )
    found = read(p(r("a"), '<w:pStyle w:val="Titre2"/>') + p(r("b"), '<w:pStyle w:val="Mine"/>'), styles=styles)
    assert [(x.style, x.kind, x.level) for x in found] == [("heading 2", Kind.HEADING, 2), ("Mine", Kind.HEADING, 2)]


def test_styles_that_go_in_a_circle() -> None:
    styles = "".join(
        f'<w:style w:styleId="{a}"><w:name w:val="{a}"/><w:basedOn w:val="{b}"/></w:style>' for a, b in ("xy", "yx")
    )
    assert read(p(r("a"), '<w:pStyle w:val="x"/>'), styles=styles)[0].style == "x"


def test_strict_files_are_read() -> None:
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    data = package({"word/document.xml": f'<d xmlns="{strict}"><body><p><r><t>ha</t></r></p></body></d>'})
    assert read_docx(data).paragraphs[0].text_after == "ha"


LIBREOFFICE = """
<w:p><w:pPr><w:pStyle w:val="OP"/><w:rPr></w:rPr></w:pPr>
<w:bookmarkStart w:id="0" w:name="ch_a"/><w:r><w:rPr><w:rStyle w:val="ParagraphLabel"/></w:rPr><w:t>OP1</w:t></w:r>
<w:r><w:rPr><w:rStyle w:val="ParagraphLabel"/></w:rPr><w:tab/></w:r>
<w:r><w:rPr><w:i/><w:iCs/></w:rPr><w:t xml:space="preserve">Calls upon</w:t></w:r>
<w:ins w:id="0" w:author="Kenya" w:date="2026-07-17T18:40:00Z"><w:r><w:t xml:space="preserve"> all</w:t></w:r></w:ins>
<w:r><w:t xml:space="preserve"> States to take </w:t></w:r>
<w:del w:id="1" w:author="Kenya" w:date="2026-07-17T18:40:00Z"><w:r><w:delText>reasonable</w:delText></w:r></w:del>
<w:ins w:id="2" w:author="Kenya" w:date="2026-07-17T18:40:00Z"><w:r><w:t>feasible</w:t></w:r></w:ins>
<w:r><w:t xml:space="preserve"> measures;</w:t></w:r><w:bookmarkEnd w:id="0"/></w:p>
<w:p><w:pPr><w:pStyle w:val="OP"/><w:rPr>
<w:del w:id="3" w:author="Brazil" w:date="2026-07-17T18:40:00Z"></w:del></w:rPr>
</w:pPr><w:del w:id="4" w:author="Brazil" w:date="2026-07-17T18:40:00Z">
<w:r><w:delText>To report.</w:delText></w:r></w:del></w:p>
<w:p><w:pPr><w:pStyle w:val="DocumentEnd"/></w:pPr><w:r></w:r></w:p>
"""


def test_a_file_that_libreoffice_saved_again() -> None:
    first, second = read(LIBREOFFICE)
    assert first.text_before == "Calls upon States to take reasonable measures;"
    assert first.text_after == "Calls upon all States to take feasible measures;"
    assert (first.label, first.id, first.kind) == ("OP1", "a", Kind.OPERATIVE)
    assert (second.text_before, second.in_after, second.changes[0].author) == ("To report.", False, "Brazil")
