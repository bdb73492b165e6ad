"""Lines of a source and what begins them: headings, numbers, bullets, notes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.core.text.ordinals import LATIN

LATIN_WORDS = "|".join((*LATIN, "novies"))
_NUMBER = rf"\d{{1,3}}(?:\s?\.?\s?(?:{LATIN_WORDS}))?(?:\s?alt\.?(?:\s?\d)?)?"
_SIGN = rf"(?:[A-Za-z]|[ivxlIVXL]{{1,6}}|\d{{1,2}})(?:\s(?:{LATIN_WORDS}))?"

MARKER = re.compile(
    rf"""^(?P<marker>
        (?:PP|OP|Pp|Op)\s?{_NUMBER}\.?(?=[\s:])          # PP2 bis, OP6alt
      | {_NUMBER}[.)](?=\s|$)                            # 1.  3bis.  2.bis.  1)
      | \d{{1,3}}(?:\.\d{{1,3}}){{1,4}}\.?(?=\s)         # 1.2.3
      | \({_SIGN}\)                                      # (a) (iv) (1) (d) ter
      | (?:[a-zA-Z]|[ivx]{{2,5}})(?:\s(?:{LATIN_WORDS}))?[.)](?=\s)   # a.  b bis.  iv.
      )(?P<gap>\s*)""",
    re.VERBOSE,
)
BULLET = re.compile(r"^(?P<marker>[-*+•‣◦–—▪●])(?P<gap>[ \t]+)(?=\S)")
HEADING = re.compile(r"^(?P<signs>#{1,6})[ \t]+(?P<text>.*?)(?:[ \t]+#+)?[ \t]*$")
UNDERLINE = re.compile(r"^(=+|-{3,})\s*$")
RULE = re.compile(r"^\s*([-*_])(?:\s*\1){2,}\s*$")
FOOTNOTE = re.compile(r"^\[\^(?P<marker>[^\]\s]{1,20})\]:[ \t]*")
DEFINITION = re.compile(r"^\[(?P<name>[^\]^][^\]]*)\]:\s+(?P<target>\S+.*)$")
DIRECTIVE = re.compile(r"^(?:[*-]\s+TOC\s*|\{:.*\}\s*)$")
FENCE = re.compile(r"^(`{3,}|~{3,})")
TABLE = re.compile(r"^\|.*\|\s*$")
HTML = re.compile(r"^<(?:!--|/?[a-zA-Z][a-zA-Z0-9-]*(?:\s[^<>]*)?/?>)")
SECTION = re.compile(r"^(?:[IVXL]{1,6}|[A-Z])\.\s+(?=[A-Z\u00c0-\u024f])[^.;]{2,90}$")
ARTICLE = re.compile(
    rf"^(?:Article|Artículo|Статья|ARTICLE|Annex|ANNEX|Chapter|CHAPTER|Section|SECTION|Part|PART)"
    rf"\s+(?:[IVXL]+|\d+|[A-Z])(?:\s?(?:{LATIN_WORDS}))?(?:\s*[:.–—-]?\s*\S.{{0,80}})?$"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line: its number from 1, its indentation in columns, its words without it."""

    number: int
    indent: int
    text: str

    @property
    def blank(self) -> bool:
        return not self.text


def split(source: str) -> list[Line]:
    """The lines of a source. A tab goes to the next fourth column."""
    lines = []
    for number, raw in enumerate(source.split("\n"), 1):
        expanded = raw.expandtabs(4)
        words = expanded.strip()
        lines.append(Line(number, len(expanded) - len(expanded.lstrip()) if words else 0, words))
    return lines


def is_shouted(text: str) -> bool:
    """A heading in capitals, as plain texts have them: short, with letters, none of them small, not a sentence."""
    letters = [c for c in text if c.isalpha()]
    cased = [c for c in letters if c.lower() != c.upper()]
    return len(cased) >= 3 and len(text) <= 90 and all(c.isupper() for c in cased) and text[-1] not in ".;,:"
