"""The look of a text in Word: names of styles, by which it is known again when it comes back."""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.core.text.paragraphs import Kind
from app.core.word.xml import Element, w

LABEL = "ParagraphLabel"
TITLE_LINE = "DocumentTitle"
HEADER = "WorkingHeader"
FOOTER = "WorkingFooter"
END = "DocumentEnd"
"""An empty last paragraph. The mark of the very last one cannot be tracked away, so it must not be one of the text."""
COMMENT = "CommentWords"

_NAMES = {
    Kind.TITLE: "Title",
    Kind.HEADING: "Heading",
    Kind.PREAMBULAR: "PP",
    Kind.OPERATIVE: "OP",
    Kind.PARAGRAPH: "Numbered",
    Kind.CONTINUATION: "Continued",
    Kind.ITEM: "Item",
    Kind.CHAPEAU: "Chapeau",
    Kind.FOOTNOTE: "FootnoteWords",
    Kind.NOTE: "EditorialNote",
    Kind.PLACEHOLDER: "Placeholder",
}
_KINDS = {name.lower(): kind for kind, name in _NAMES.items()}
_LABELLED = frozenset({Kind.PREAMBULAR, Kind.OPERATIVE, Kind.PARAGRAPH, Kind.ITEM, Kind.CONTINUATION, Kind.PLACEHOLDER})
_HANGING = 1134
"""Twips (2 cm): "OP12 bis" fits before the words."""
_STEP = 567
LEVELS = 9


def style_of(kind: Kind, level: int) -> str:
    """The id, which is also the name, of the style of such a paragraph."""
    depth = min(max(level, 1 if kind is Kind.HEADING else 0), LEVELS)
    return f"{_NAMES[kind]}{depth or ''}"


def kind_of(style: str) -> tuple[Kind | None, int]:
    """Kind and level of a style's name, in files from here and for the titles and headings of all others."""
    found = re.fullmatch(r"([a-z]+)([1-9])?", style.replace(" ", "").lower())
    if found is None:
        return None, 0
    name, level = found.group(1), int(found.group(2) or 0)
    if name in ("footnotetext", "endnotetext"):
        return Kind.FOOTNOTE, 0
    kind = _KINDS.get(name)
    return (kind, level) if kind is not None else (None, 0)


def stylesheet(used: Iterable[tuple[Kind, int]], language: str) -> Element:
    """styles.xml with what every file has and one style for each kind and level that this one uses."""
    sheet = w("styles", None, _defaults(language), _normal())
    sheet.append(_style("character", LABEL, None, w("rPr", None, w("b", {"val": "0"}), w("i", {"val": "0"}))))
    sheet.append(_style("paragraph", TITLE_LINE, _ppr(w("spacing", {"before": "240", "after": "240"})), _bold(28)))
    sheet.append(_style("paragraph", HEADER, _ppr(_tabs(("right", 9638))), _size(18)))
    sheet.append(_style("paragraph", FOOTER, _ppr(w("jc", {"val": "center"})), _size(18)))
    sheet.append(_style("paragraph", END, _ppr(w("spacing", {"after": "0", "line": "240"})), _size(4)))
    sheet.append(_style("paragraph", COMMENT, _ppr(w("spacing", {"after": "0"})), _size(20)))
    for style, (kind, level) in sorted({style_of(k, n): (k, n) for k, n in used}.items()):
        sheet.append(_style("paragraph", style, _shape(kind, level), _letters(kind, level), _outline_name(style)))
    return sheet


def _defaults(language: str) -> Element:
    fonts = w("rFonts", dict.fromkeys(("ascii", "hAnsi", "cs"), "Times New Roman") | {"eastAsia": "SimSun"})
    lang = w("lang", {"val": language, "eastAsia": "zh-CN", "bidi": "ar"})
    run = w("rPr", None, fonts, *_size(22), lang)
    spacing = w("spacing", {"after": "120", "line": "264", "lineRule": "auto"})
    return w("docDefaults", None, w("rPrDefault", None, run), w("pPrDefault", None, w("pPr", None, spacing)))


def _normal() -> Element:
    return w("style", {"type": "paragraph", "default": "1", "styleId": "Normal"}, w("name", {"val": "Normal"}))


def _style(kind: str, name: str, paragraph: Element | None, run: Element, shown: str = "") -> Element:
    made = w("style", {"type": kind, "styleId": name}, w("name", {"val": shown or name}))
    if kind == "paragraph":
        made.append(w("basedOn", {"val": "Normal"}))
    made.append(w("qFormat"))
    if paragraph is not None:
        made.append(paragraph)
    made.append(run)
    return made


def _outline_name(style: str) -> str:
    """Word knows its own headings by their English names, with a space; so the pane of navigation lists them."""
    return re.sub(r"^Heading([1-9])$", r"heading \1", style)


def _shape(kind: Kind, level: int) -> Element:
    if kind is Kind.HEADING:
        depth = str(min(max(level, 1), LEVELS) - 1)
        return _ppr(w("keepNext"), w("spacing", {"before": "240", "after": "120"}), w("outlineLvl", {"val": depth}))
    if kind is Kind.TITLE:
        return _ppr(w("keepNext"), w("spacing", {"before": "240", "after": "240"}))
    if kind in _LABELLED:
        start = str(_HANGING + _STEP * min(max(level, 0), LEVELS))
        hanging = {"hanging": str(_HANGING)}
        return _ppr(w("ind", {"left": start, **hanging}))
    return _ppr(w("spacing", {"after": "120"}))


def _letters(kind: Kind, level: int) -> Element:
    if kind is Kind.TITLE:
        return _bold(28)
    if kind is Kind.HEADING:
        return _bold(26 if level <= 1 else 24 if level == 2 else 22)
    if kind is Kind.FOOTNOTE:
        return _size(18)
    if kind in (Kind.NOTE, Kind.PLACEHOLDER):
        return w("rPr", None, w("i"), w("iCs"))
    return w("rPr")


def _ppr(*children: Element) -> Element:
    return w("pPr", None, *children)


def _tabs(*stops: tuple[str, int]) -> Element:
    return w("tabs", None, *(w("tab", {"val": kind, "pos": str(place)}) for kind, place in stops))


def _bold(half_points: int) -> Element:
    return w("rPr", None, w("b"), w("bCs"), *_size(half_points))


def _size(half_points: int) -> Element:
    return w("rPr", None, w("sz", {"val": str(half_points)}), w("szCs", {"val": str(half_points)}))
