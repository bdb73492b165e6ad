"""Word files made by hand, small enough to be read here: honest ones, and those that wish us ill."""

from __future__ import annotations

import io
import zipfile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def relationships(*related: tuple[str, str, str]) -> str:
    """(id, type, target); a target that begins with ! leaves the file."""
    lines = "".join(
        f'<Relationship Id="{i}" Type="{kind}" Target="{target.lstrip("!")}"'
        + (' TargetMode="External"/>' if target.startswith("!") else "/>")
        for i, kind, target in related
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'


def part(name: str, inner: str) -> str:
    spaces = (
        f'xmlns:w="{W}" xmlns:r="{OFFICE}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
        'xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    return f"<w:{name} {spaces}>{inner}</w:{name}>"


def docx(body: str = "", *, main_type: str = _MAIN, **parts: str) -> bytes:
    """A file with this body; `comments`, `styles`, `numbering`, `footnotes` … are the insides of further parts."""
    related = [(name, f"{OFFICE}/{name}", f"{name}.xml") for name in parts]
    files: dict[str, str | bytes] = {
        "word/document.xml": part("document", f"<w:body>{body}</w:body>"),
        "word/_rels/document.xml.rels": relationships(*related),
    }
    files |= {f"word/{name}.xml": part(name, inner) for name, inner in parts.items()}
    return package(files, main_type=main_type)


def package(files: dict[str, str | bytes], main_type: str = _MAIN) -> bytes:
    whole: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="{main_type}"/></Types>',
        "_rels/.rels": relationships(("a", f"{OFFICE}/officeDocument", "word/document.xml")),
    }
    return zipped({**whole, **files})


def zipped(files: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return out.getvalue()


def p(inner: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def r(text: str, kind: str = "t") -> str:
    return f'<w:r><w:{kind} xml:space="preserve">{text}</w:{kind}></w:r>'


def tracked(name: str, author: str, inner: str = "") -> str:
    return f'<w:{name} w:id="1" w:author="{author}" w:date="2026-07-17T18:40:00Z">{inner}</w:{name}>'
