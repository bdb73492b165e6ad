"""Markdown to safe HTML, in one place: rendered once when something is written, sanitised last, nothing after it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import bleach
from markdown import Markdown
from markdown.blockprocessors import BlockQuoteProcessor
from markdown.extensions import Extension
from markdown.extensions.sane_lists import SaneOListProcessor, SaneUListProcessor
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

_WORDS = ("p", "br", "hr", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li", "a")
_PAGE = ("h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td")
TAGS = frozenset((*_WORDS, *_PAGE))
"""No img: a page asks no third party for anything. No id, class, style or name: a comment cannot play the page."""
ATTRIBUTES = {"a": ["href", "title", "rel"], "ol": ["start"]}
PROTOCOLS = frozenset({"http", "https", "mailto"})
LINK_REL = "nofollow noopener noreferrer ugc"
DEPTH = 12
"""Lists and quotations inside one another, at most: a line of a thousand `>` must not cost a thousand calls."""


def render(source: str) -> str:
    """The HTML of a comment, post or mandate. Raw HTML in the source is shown as text."""
    html = _markdown().convert(source)
    return sanitise(html)


def sanitise(html: str) -> str:
    """What passes here may stand in a page. What is not allowed is escaped or dropped."""
    return str(_cleaner().clean(html))


def plain(html: str) -> str:
    """The words of rendered HTML, for search, feeds and notices."""
    text = re.sub(r"<(?:br|/p|/li|/h[3-6]|/tr|/blockquote)[^>]*>", "\n", html)
    text = bleach.clean(text, tags=set(), strip=True)
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'"), ("&#39;", "'")):
        text = text.replace(entity, character)
    return re.sub(r"[ \t]*\n\s*", "\n", text.replace("&amp;", "&")).strip()


@dataclass(frozen=True, slots=True)
class Block:
    """A block of rendered HTML as words on paper. `heading` is 3 to 6, `depth` how deep in lists, `marker` its sign."""

    text: str
    heading: int = 0
    depth: int = 0
    marker: str = ""


def blocks(html: str) -> list[Block]:
    """Rendered HTML block by block, for paper. The address of a link stands behind its words."""
    reader = _Blocks()
    reader.feed(html)
    reader.close()
    reader.end()
    return reader.found


class _Blocks(HTMLParser):
    """Gathers words until a block begins or ends."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Block] = []
        self._words: list[str] = []
        self._lists: list[int | None] = []
        """The number of the last item of each list that is open; None of one without numbers."""
        self._marker, self._heading, self._link, self._in_pre = "", 0, "", False

    def end(self) -> None:
        text = "\n".join(filter(None, (" ".join(line.split()) for line in "".join(self._words).split("\n"))))
        if text:
            self.found.append(Block(text, self._heading, len(self._lists), self._marker))
            self._marker = ""
        self._words, self._heading = [], 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "br":
            self._words.append("\n")
        elif tag == "a":
            self._link = given.get("href") or ""
        elif tag in ("td", "th"):
            self._words.append(" · " if "".join(self._words).strip() else "")
        elif tag in _BLOCKS:
            self.end()
            self._in_pre = tag == "pre"
            if tag in ("ul", "ol"):
                start = given.get("start") or ""
                first = int(start) if start.isascii() and start.isdigit() and len(start) < 6 else 1
                self._lists.append(first - 1 if tag == "ol" else None)
            elif tag == "li":
                self._marker = self._next_marker()
            elif tag in _PAGE and tag[0] == "h":
                self._heading = int(tag[1])

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            if self._link and self._link.removeprefix("mailto:") not in "".join(self._words):
                self._words.append(f" ({self._link})")
            self._link = ""
        elif tag in _BLOCKS:
            self.end()
            self._in_pre = False
            if tag in ("ul", "ol") and self._lists:
                self._lists.pop()

    def handle_data(self, data: str) -> None:
        self._words.append(data if self._in_pre else data.replace("\n", " "))

    def _next_marker(self) -> str:
        if not self._lists:
            return ""
        number = self._lists[-1]
        if number is None:
            return "–"
        self._lists[-1] = number + 1
        return f"{number + 1}."


_BLOCKS = frozenset(("p", "hr", "pre", "blockquote", "ul", "ol", "li", "tr", "table", "h3", "h4", "h5", "h6"))


def _markdown() -> Markdown:
    return Markdown(
        extensions=["sane_lists", "fenced_code", "tables", "nl2br", _House()], output_format="html", tab_length=4
    )


@lru_cache(maxsize=1)
def _cleaner() -> bleach.Cleaner:
    return bleach.Cleaner(tags=TAGS, attributes=ATTRIBUTES, protocols=PROTOCOLS, strip=False, strip_comments=True)


class _House(Extension):  # type: ignore[misc]
    """Escape raw HTML, link bare addresses, keep headings below the page's own, mark links as a user's.

    No links by reference: "[Mexico]: delete" is a position, not the address of a link, and must not vanish.
    """

    def extendMarkdown(self, md: Any) -> None:
        md.preprocessors.deregister("html_block")
        for name in ("html", "image_link", "image_reference", "short_image_ref", "reference", "short_reference"):
            md.inlinePatterns.deregister(name)
        md.inlinePatterns.register(_Link(_LINK, md), "link", 160)
        for name in ("autolink", "automail"):
            md.inlinePatterns[name].ANCESTOR_EXCLUDES = ("a",)  # no link in a link: words lead to one place
        blocks = md.parser.blockprocessors
        blocks.deregister("reference")
        blocks.register(_ShallowOList(md.parser), "olist", 40)
        blocks.register(_ShallowUList(md.parser), "ulist", 30)
        blocks.register(_ShallowQuote(md.parser), "quote", 20)
        md.inlinePatterns.register(_BareLink(_BARE, md), "bare", 70)
        md.inlinePatterns.register(_Strike(r"~~(.+?)~~", md), "strike", 60)
        md.treeprocessors.register(_Tidy(md), "house", 5)


class _Shallow:
    """A block inside blocks, as far as `DEPTH`; what lies deeper is a paragraph."""

    def test(self, parent: Element, block: str) -> bool:
        return len(self.parser.state) < DEPTH and bool(super().test(parent, block))  # type: ignore[attr-defined,misc]


class _ShallowOList(_Shallow, SaneOListProcessor):  # type: ignore[misc]
    pass


class _ShallowUList(_Shallow, SaneUListProcessor):  # type: ignore[misc]
    pass


class _ShallowQuote(_Shallow, BlockQuoteProcessor):  # type: ignore[misc]
    pass


_LINK = (
    r"\[([^\[\]]{1,500})\]"
    r"\(\s{0,9}<?([^\s<>()]{1,1000}(?:\([^\s<>()]{0,200}\)[^\s<>()]{0,400})?)>?"
    r"(?:\s{1,9}[\"'][^\"'\n]{0,300}[\"'])?\s{0,9}\)"
)
"""`[words](address "title")`. Every part is bounded: twenty thousand opening brackets are read in one pass.

The title is read and dropped: the tip of a link names the host that it leads to, and nothing else.
"""


class _Link(InlineProcessor):  # type: ignore[misc]
    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:
        link = Element("a", {"href": self.unescape(m.group(2)).strip()})
        link.text = m.group(1)
        return link, m.start(0), m.end(0)


_BARE = r"(?<![\w@\"'(<])https?://[^\s<>\"')\]\x02\x03]{1,1000}(?<![.,;:!?])"
"""An address in the text. STX and ETX enclose what the library has set aside: that is no part of an address."""


class _BareLink(InlineProcessor):  # type: ignore[misc]
    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:
        link = Element("a", {"href": m.group(0)})
        link.text = m.group(0)
        return link, m.start(0), m.end(0)


class _Strike(InlineProcessor):  # type: ignore[misc]
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:
        struck = Element("del")
        struck.text = m.group(1)
        return struck, m.start(0), m.end(0)


class _Tidy(Treeprocessor):  # type: ignore[misc]
    def run(self, root: Element) -> None:
        for element in root.iter():
            if element.tag in ("h1", "h2"):
                element.tag = "h3"
            if element.tag == "a":
                self._link(element)

    def _link(self, link: Element) -> None:
        link.set("rel", LINK_REL)
        href = link.get("href", "")
        if _DECEITFUL.search(href):
            del link.attrib["href"]
            return
        host = _host(href)
        shown = "".join(link.itertext())
        if host and host not in shown:
            link.set("title", host)


_DECEITFUL = re.compile(r"[\x00-\x20\\]")
"""Browsers take a backslash for a slash and skip control characters: such an address leads elsewhere than it reads."""


def _host(href: str) -> str:
    try:
        return urlsplit(href).hostname or ""
    except ValueError:
        return ""
