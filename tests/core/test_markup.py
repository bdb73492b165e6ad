"""Markdown to safe HTML. nh3, another sanitiser with another parser, is the oracle: it finds nothing left to remove."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.markup import ATTRIBUTES, LINK_REL, PROTOCOLS, TAGS, blocks, plain, render, sanitise

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt:alert(1))",
    "[click](java\tscript:alert(1))",
    "[click](java&#115;cript:alert(1))",
    "[click](&#x6A;avascript:alert(1))",
    "[click](javascript&colon;alert(1))",
    "[click](\x01javascript:alert(1))",
    "[click](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[click](vbscript:msgbox(1))",
    '[click](//evil.example/a"onmouseover=alert(1))',
    '[click](https://a.example "title" onclick="alert(1)")',
    "[a]: javascript:alert(1)\n\n[a]",
    "<javascript:alert(1)>",
    '<https://a.example/"onclick=alert(1)>',
    "![x](https://tracker.example/pixel.png)",
    "![x][a]\n\n[a]: https://tracker.example/pixel.png",
    "`<script>alert(1)</script>`",
    "```html onload=alert(1)\n<script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```',
    '<a href="https://a.example" onclick="alert(1)">x</a>',
    '<a href="https://a.example" style="position:fixed" id="composer" class="button" name="csrf">x</a>',
    'https://a.example/"onmouseover="alert(1)',
    "https://a.example/'onmouseover='alert(1)",
    "| a |\n| --- |\n| <script>alert(1)</script> |",
    "# <img src=x onerror=alert(1)>",
    "<!-- <script> --> x <!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "**<script>**alert(1)**</script>**",
    "\x02script\x03 wzxhzdk:0 klzzwxh:0001 \x02klzzwxh:0000\x03",
    "<base href=//evil.example/><meta http-equiv=refresh content=0;url=//evil.example>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<input autofocus onfocus=alert(1)><button formaction=javascript:alert(1)>x",
    "~~<b onmouseover=alert(1)>x</b>~~",
]
ALLOWED = {tag: set(names) for tag, names in ATTRIBUTES.items()}


def oracle(html: str) -> str:
    """What nh3 leaves of `html` under the same rules."""
    return nh3.clean(
        html, tags=set(TAGS), attributes=ALLOWED, url_schemes=set(PROTOCOLS), link_rel=None, strip_comments=True
    )


class Shape(HTMLParser):
    """Tags, attributes and words of a piece of HTML, so that two spellings of one thing are equal."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[tuple[str, object]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, sorted(attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.seen.append(("/" + tag, None))

    def handle_data(self, data: str) -> None:
        if self.seen and self.seen[-1][0] == "text":
            data = f"{self.seen.pop()[1]}{data}"
        self.seen.append(("text", data))


def shape(html: str) -> list[tuple[str, object]]:
    return [piece for piece in Shape(html).seen if piece[0] != "text" or str(piece[1]).strip()]


def without_idle_links(pieces: list[tuple[str, object]], judged: list[tuple[str, object]]) -> list[tuple[str, object]]:
    """`pieces` without those addresses that the oracle dropped because they lead nowhere, such as `http://|`."""
    kept = []
    for (tag, attributes), (_tag, left) in zip(pieces, judged, strict=False):
        if tag == "a":
            address = dict(attributes).get("href", "")  # type: ignore[call-overload]
            if "href" not in dict(left or []) and re.match(r"https?://", address, re.IGNORECASE):  # type: ignore[call-overload]
                attributes = [pair for pair in attributes if pair[0] != "href"]  # type: ignore[attr-defined]
        kept.append((tag, attributes))
    return kept + pieces[len(judged) :]


def assert_untouched(html: str) -> None:
    """The oracle finds nothing to remove."""
    pieces, judged = shape(html), shape(oracle(html))
    assert judged == without_idle_links(pieces, judged), html


def assert_safe(source: str) -> None:
    html = render(source)
    assert_untouched(html)
    for tag, attributes in Shape(html).seen:
        if tag.startswith("/") or tag == "text":
            continue
        assert tag in TAGS
        names = {name for name, _value in attributes}  # type: ignore[attr-defined]
        assert names <= ALLOWED.get(tag, set())


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_markdown_is_harmless(source: str) -> None:
    assert_safe(source)
    assert_safe(f"> {source}\n\n1. {source}\n   * {source}")


fragments = st.one_of(
    st.sampled_from(HOSTILE),
    st.sampled_from(
        ["\n\n", "\n", " ", "* ", "1. ", "> ", "```\n", "`", "**", "_", "~~", "[", "](", ")", "<", ">", '"', "'", "&",
         "&#", ";", "|", "| --- |\n", "# ", "\\", "[a]: ", "://", "javascript:", "http://", "<a href=", "<!--", "-->"]
    ),
    st.text(max_size=12),
)  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(st.lists(fragments, max_size=12).map("".join))
def test_whatever_is_written_the_oracle_finds_nothing_to_remove(source: str) -> None:
    assert_safe(source)


@settings(max_examples=100, deadline=None)
@given(st.lists(fragments, max_size=8).map("".join))
def test_html_that_comes_from_elsewhere_is_made_harmless_too(html: str) -> None:
    assert_untouched(sanitise(html))


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=60))
def test_every_link_is_marked_as_a_user_s(words: str) -> None:
    html = render(f"{words} [x](https://a.example/) <https://b.example/> https://c.example/")
    for link in re.findall(r"<a [^>]*>", html):
        assert f'rel="{LINK_REL}"' in link


def test_raw_html_is_shown_as_it_was_written() -> None:
    assert "&lt;b&gt;bold&lt;/b&gt;" in render("<b>bold</b>")


def test_a_link_into_the_platform_stays() -> None:
    assert 'href="/drafts/1/v/2/p/pab12"' in render("[OP4](/drafts/1/v/2/p/pab12)")


def test_a_link_that_shows_another_host_names_its_own() -> None:
    assert 'title="evil.example"' in render("[https://un.example](https://evil.example/x)")


def test_an_address_that_browsers_read_otherwise_is_no_link() -> None:
    assert "href" not in render("[https://un.example](https://evil.example\\\\@un.example)")


def test_a_name_in_brackets_is_no_address_of_a_link() -> None:
    assert plain(render("[Mexico]: delete\n\n[Mexico] said so")) == "[Mexico]: delete\n[Mexico] said so"


DEEP = ["[" * 20_000, "[a](" * 5_000, "[a]" * 6_000, "> " * 9_000, "1. " * 6_000, "* " * 9_000, "*_" * 9_000]


@pytest.mark.parametrize("source", DEEP)
def test_no_text_costs_more_than_it_says(source: str) -> None:
    began = time.process_time()
    words = plain(render(source))
    assert time.process_time() - began < 5
    assert words or source.startswith(("> ", "* ", "1. "))


def test_an_image_becomes_no_request() -> None:
    assert "<img" not in render("![x](https://tracker.example/pixel.png)")


def test_headings_stay_below_those_of_the_page() -> None:
    html = render("# One\n\n## Two\n\n### Three")
    assert "<h1" not in html
    assert "<h2" not in html
    assert html.count("<h3>") == 3


def test_plain_gives_the_words_back() -> None:
    assert plain(render('*A* & **B** <c>\n\nsecond "line"')) == 'A & B <c>\nsecond "line"'


def test_blocks_for_paper_keep_numbers_headings_and_addresses() -> None:
    source = (
        "# Next steps\n\nI ask for two things,\n*soon*:\n\n3. words;\n4. money & time.\n\n- and [a room](https://un.org/r)\n"
        "    - a big one\n\n> quoted\n\nhttps://un.org"
    )
    assert [(b.heading, b.depth, b.marker, b.text) for b in blocks(render(source))] == [
        (3, 0, "", "Next steps"),
        (0, 0, "", "I ask for two things,\nsoon:"),
        (0, 1, "3.", "words;"),
        (0, 1, "4.", "money & time."),
        (0, 1, "–", "and a room (https://un.org/r)"),
        (0, 2, "–", "a big one"),
        (0, 0, "", "quoted"),
        (0, 0, "", "https://un.org"),
    ]
    assert blocks(render("```\none\n  two\n```"))[0].text == "one\ntwo"
    assert blocks(render("| a | b |\n|---|---|\n| 1 | <script> |"))[1].text == "1 · <script>"
