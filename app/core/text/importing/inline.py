"""Markup inside a line: taken away where it is markup, left where it is text. Words always stay."""

from __future__ import annotations

import re
from collections.abc import Mapping

_STRONG = re.compile(r"(?<![*\w])\*\*(?=\S)([^*]+?)(?<=\S)\*\*(?![*\w])|(?<![\w_])__(?=\S)([^_]+?)(?<=\S)__(?![\w_])")
_EMPHASIS = re.compile(r"(?<![*\w\\])\*(?=\S)([^*]+?)(?<=\S)\*(?![*\w])|(?<![\w_\\])_(?=\S)([^_]+?)(?<=\S)_(?![\w_])")
_CODE = re.compile(r"(?<![`\\])`([^`]+)`(?!`)")
_LINK = re.compile(r"(?<!!)\[([^\[\]]*)\]\(\s*(<[^<>]*>|[^\s()]+)(?:\s+\"([^\"]*)\")?\s*\)")
_IMAGE = re.compile(r"!\[([^\[\]]*)\]\(\s*([^\s()]+)\s*\)")
_REFERENCE = re.compile(r"\[([^\[\]]+)\]\[([^\[\]]+)\]")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>~-])")
_SIGN = re.compile(r"[\\`*]|(?<!\w)_|_(?!\w)|(?<=\])\(|(?<=\s)#(?=#*$)")
_BEGINNING = re.compile(
    r"[>|]|#(?=#{0,5}(?:\s|$))|<(?=[a-zA-Z/!])|~(?=~~)|[-+](?=\s)|-(?=-+\s*$)|\[(?=[^\]]*\]:)|\{(?=:)"
)
_ADDRESS = re.compile(r"^<?(?:[a-z][a-z0-9+.-]*:|#|/|\.|www\.|[\w.-]+\.\w+/)", re.IGNORECASE)


def strip_markup(text: str, references: Mapping[str, str]) -> str:
    """The words of a Markdown text. Square brackets are negotiation, unless they are a link with an address."""
    text = _IMAGE.sub(r"\1 (\2)", text)
    text = _LINK.sub(_link, text)
    text = _REFERENCE.sub(lambda m: _reference(m, references), text)
    text = _CODE.sub(r"\1", text)
    text = _STRONG.sub(_inner, text)
    text = _EMPHASIS.sub(_inner, text)
    text = _STRONG.sub(_inner, text)
    return _ESCAPE.sub(r"\1", text)


def escaped(text: str, alone: bool = True) -> str:
    """A paragraph's words so that they read in again as they are; `alone`: nothing stands before them on their line."""
    shown = _SIGN.sub(lambda found: "\\" + found[0], text)
    return "\\" + shown if alone and _BEGINNING.match(shown) else shown


def _inner(match: re.Match[str]) -> str:
    return match.group(1) if match.group(1) is not None else match.group(2)


def _link(match: re.Match[str]) -> str:
    """A link keeps its words and its address. [words](Mexico) is an attribution."""
    words, target, title = match.groups()
    if not _ADDRESS.match(target):
        return match.group()
    target = target.strip("<>")
    said = f"{words} ({target})"
    return f"{said} {title}" if title else said


def _reference(match: re.Match[str], references: Mapping[str, str]) -> str:
    words, name = match.groups()
    return f"{words} ({name})" if name.casefold() in references else match.group()
