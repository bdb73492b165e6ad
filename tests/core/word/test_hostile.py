"""Files that wish us ill are refused with a reason, quickly, and without eating the memory."""

from __future__ import annotations

import contextlib
import io
import resource
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.word import WordRefused, read_docx
from tests.core.word.files import OFFICE, docx, p, package, part, r, relationships, tracked, zipped

DOCUMENT = "word/document.xml"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
BOMB = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "ha">{LAUGHS}]>'
OUTSIDE = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
MACRO_MAIN = "application/vnd.ms-word.document.macroEnabled.main+xml"


def related(kind: str, target: str, source: str = "document") -> bytes:
    return package(
        {
            DOCUMENT: part("document", f"<w:body>{p(r('a'))}</w:body>"),
            f"word/_rels/{source}.xml.rels": relationships(("x", f"{OFFICE}/{kind}", target)),
        }
    )


def document(xml: str | bytes, **more: bytes) -> bytes:
    return package({DOCUMENT: xml, **more})


def flagged_as_encrypted() -> bytes:
    data = bytearray(docx(p(r("a"))))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 1)
    return bytes(data)


def lying_about_its_size() -> bytes:
    """A document of a hundred megabytes that says it is one of a thousand bytes."""
    data = bytearray(package({DOCUMENT: b"<a>" + b" " * 100_000_000}))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        if data[at + 46 :].startswith(DOCUMENT.encode()):
            data[at + 24 : at + 28] = struct.pack("<I", 1_000)
        at = data.find(b"PK\x01\x02", at + 1)
    return bytes(data)


def with_method(method: int) -> bytes:
    out = io.BytesIO(docx(p(r("a"))))
    with zipfile.ZipFile(out, "a", method) as made:
        made.writestr("word/extra.xml", "<a/>")
    return out.getvalue()


def twice_the_same_part() -> bytes:
    out = io.BytesIO(docx(p(r("a"))))
    with zipfile.ZipFile(out, "a") as made:
        made.writestr("Word/Document.xml", "<a/>")
    return out.getvalue()


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "entity bomb": (lambda: document(BOMB + part("document", "<w:body>&l11;</w:body>")), "dtd"),
    "entity bomb in UTF-16": (lambda: document((BOMB + part("document", "&l11;")).encode("utf-16")), "dtd"),
    "external entity": (lambda: document(OUTSIDE + part("document", "&x;")), "dtd"),
    "DTD in the comments": (lambda: docx(p(r("a")), comments="") and related_comments(OUTSIDE), "dtd"),
    "DTD in the content types": (lambda: zipped({"[Content_Types].xml": BOMB + "<a/>"}), "dtd"),
    "DTD in relationships": (lambda: package({"_rels/.rels": BOMB + "<a/>"}), "dtd"),
    "other encoding": (lambda: document('<?xml version="1.0" encoding="UTF-7"?><a/>'), "encoding"),
    "bytes of no encoding": (lambda: document(b"<a>\xff\xfe\xff</a>"), "encoding"),
    "one part that unpacks to much": (lambda: document("<a>" + " " * 30_000_000 + "</a>"), "bomb"),
    "many parts that unpack to much": (lambda: package({f"p{n}.bin": bytes(999_999) for n in range(300)}), "bomb"),
    "many parts": (lambda: package({f"p{n}": "" for n in range(20_000)}), "too_many_parts"),
    "many tags": (lambda: document(part("document", "<w:body>" + "<w:p/>" * 700_000 + "</w:body>")), "any"),
    "many paragraphs": (lambda: zipped_plainly(docx("<w:p/>" * 590_000)), "too_complex"),
    "many attributes": (lambda: document("<a " + " ".join(f'a{n}="1"' for n in range(610_000)) + "/>"), "too_complex"),
    "deep nesting": (lambda: docx("<w:sdt>" * 200 + "</w:sdt>" * 200), "too_deep"),
    "very deep nesting": (lambda: docx("<w:sdt>" * 90_000 + "</w:sdt>" * 90_000), "any"),
    "very deep nesting in relationships": (lambda: package({"_rels/.rels": "<a>" * 90_000}), "any"),
    "path upwards": (lambda: package({"../../etc/passwd": "x"}), "path"),
    "absolute path": (lambda: package({"/etc/passwd": "x"}), "path"),
    "backslashes": (lambda: package({"word\\..\\..\\x": "x"}), "path"),
    "drive": (lambda: package({"C:/x": "x"}), "path"),
    "one name twice": (twice_the_same_part, "path"),
    "macros": (lambda: package({DOCUMENT: part("document", ""), "word/vbaProject.bin": "x"}), "macros"),
    "docm": (lambda: docx(p(r("a")), main_type=MACRO_MAIN), "macros"),
    "macros under another name": (lambda: related("vbaProject", "x.bin"), "macros"),
    "attached template": (lambda: related("attachedTemplate", "!http://evil.example/a.dotm", "settings"), "template"),
    "picture from elsewhere": (lambda: related("image", "!http://evil.example/a.png"), "external"),
    "frame from elsewhere": (lambda: related("frame", "!http://evil.example/"), "external"),
    "OLE object": (lambda: related("oleObject", "embeddings/o.bin"), "embedded"),
    "linked OLE object": (lambda: related("oleObject", "!file://evil/x"), "embedded"),
    "embedded file": (lambda: package({DOCUMENT: part("document", ""), "word/embeddings/a.bin": "x"}), "embedded"),
    "ActiveX": (lambda: package({DOCUMENT: part("document", ""), "word/activeX/a.xml": "<a/>"}), "embedded"),
    "HTML inside": (lambda: related("aFChunk", "a.html"), "embedded"),
    "HTML inside, without a relationship": (lambda: docx("<w:altChunk/>"), "embedded"),
    "old or encrypted": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5_000), "old_format"),
    "encrypted": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + bytes(5_000),
        "encrypted",
    ),
    "encrypted zip": (flagged_as_encrypted, "encrypted"),
    "odd compression": (lambda: with_method(zipfile.ZIP_LZMA), "broken"),
    "no zip": (lambda: b"%PDF-1.7 hello", "not_zip"),
    "nothing": (lambda: b"", "not_zip"),
    "beginning of a zip": (lambda: docx(p(r("a")))[:-30], "broken"),
    "zip behind something else": (lambda: b"#!/bin/sh\n" + docx(p(r("a"))), "not_zip"),
    "some other zip": (lambda: zipped({"a.txt": "x"}), "not_word"),
    "no document": (lambda: package({"word/other.xml": "<a/>"}), "no_document"),
    "document without a body": (lambda: document("<a/>"), "no_document"),
    "broken XML": (lambda: document("<a><b></a>"), "broken"),
    "empty part": (lambda: document(""), "broken"),
    "too large": (lambda: b"PK\x03\x04" + bytes(20_000_000), "too_large"),
    "many comments": (
        lambda: docx(p("".join(f'<w:commentRangeStart w:id="{n}"/>' for n in range(21_000)))),
        "too_complex",
    ),
}


def related_comments(doctype: str) -> bytes:
    return package(
        {
            DOCUMENT: part("document", f"<w:body>{p(r('a'))}</w:body>"),
            "word/_rels/document.xml.rels": relationships(("x", f"{OFFICE}/comments", "comments.xml")),
            "word/comments.xml": doctype + part("comments", ""),
        }
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_in_time_and_space(name: str) -> None:
    make, code = HOSTILE[name]
    data = make()
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    with pytest.raises(WordRefused) as refused:
        read_docx(data)
    assert time.process_time() - begun < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # kilobytes
    assert refused.value.code == code or (
        code == "any" and refused.value.code in ("too_complex", "too_deep", "broken", "bomb")
    )
    assert str(refused.value).endswith(".")


def test_a_part_is_never_unpacked_beyond_what_it_says() -> None:
    data = lying_about_its_size()
    tracemalloc.start()
    try:
        with pytest.raises(WordRefused) as refused:
            read_docx(data)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
    assert refused.value.code == "broken"


@pytest.mark.parametrize(
    "body",
    [
        p(r("a ")) * 19_000,
        p("".join(tracked("ins", f"A{n}", r("a")) for n in range(30_000))),
        p(r("a"), f"<w:rPr>{tracked('ins', 'A')}</w:rPr>") * 19_000,
        "".join(p(f'<w:commentRangeStart w:id="{n}"/>' + r("a")) for n in range(9_000)),
        "<w:tbl><w:tr><w:tc>" * 30 + p(r("a")) + "</w:tc></w:tr></w:tbl>" * 30,
        p(r("a" * 9_000_000)),
    ],
    ids=["paragraphs", "changes", "one chain of joined paragraphs", "comments that never end", "tables", "long word"],
)
def test_what_is_large_but_honest_is_read_in_time(body: str) -> None:
    data = zipped_plainly(docx(body))
    begun = time.process_time()
    assert read_docx(data).paragraphs
    assert time.process_time() - begun < 5


def zipped_plainly(data: bytes) -> bytes:
    """The same file without compression: what repeats itself looks like a bomb."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as made:
        for info in old.infolist():
            made.writestr(info.filename, old.read(info))
    return out.getvalue()


GOOD = docx(p(tracked("ins", "A", r("a")) + r("b")), comments="", styles="", numbering="")


@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=8))
@settings(max_examples=200, deadline=None)
def test_a_damaged_file_is_read_or_refused(wounds: list[tuple[int, int]]) -> None:
    data = bytearray(GOOD)
    for place, byte in wounds:
        data[place] = byte
    with contextlib.suppress(WordRefused):
        read_docx(bytes(data))


TAGS = st.sampled_from(
    [
        *(
            "p",
            "r",
            "t",
            "ins",
            "del",
            "moveFrom",
            "moveTo",
            "tbl",
            "tr",
            "tc",
            "sdt",
            "hyperlink",
            "br",
            "sym",
            "numPr",
        ),
        *("commentRangeStart", "commentReference", "pPr", "rPr", "txbxContent", "drawing", "AlternateContent"),
    ]
)


@st.composite
def wild(draw: st.DrawFn, depth: int = 4) -> str:
    inner = "".join(draw(st.lists(wild(depth - 1), max_size=3))) if depth else draw(st.sampled_from(["", "ha", "各国"]))
    attributes = draw(st.sampled_from(["", 'w:id="0"', 'w:val="9"', 'w:char="D800"', 'w:char="zz"', 'w:date="x"']))
    tag = draw(TAGS)
    return f"<w:{tag} {attributes}>{inner}</w:{tag}>"


@given(st.lists(wild(), max_size=4), wild(), wild())
@settings(max_examples=200, deadline=None)
def test_elements_in_any_disorder_are_survived(body: list[str], comments: str, numbering: str) -> None:
    read_docx(docx("".join(body), comments=comments, numbering=numbering, styles=numbering))
