"""Words of every script: what a person would point at as one word. The tokens, joined, are the text."""

from __future__ import annotations

import re

import regex

_TOKEN = regex.compile(
    r"""
      [\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]\p{M}*   # scripts without spaces: a character
    | [\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_--[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]]
        |[\u200c\u200d]
        |(?<=\p{L}\p{M}*)['’\u05f3\u00b7](?=\p{L})       # doesn't, l’État, but not the quote after a word
        |(?<=\p{N})[.,](?=\p{N})                          # 1.5
      )*
    | \s+
    | \X                                                   # anything else, one grapheme at a time
    """,
    regex.VERBOSE | regex.V1,
)

_SIMPLE = re.compile("[\t\n -~\xa0-\xac\xae-\xb1\xb4-\xb8\xba\xbb\xbf-\u024f\u0400-\u0482\u048a-\u052f\u2010-\u2027]*")
"""Latin and Cyrillic with their marks, where every character is a grapheme: cut the same by a quicker pattern."""
_WORD = r"\w+(?:['’·.,](?:(?<=[^\W\d_]['’·])(?=[^\W\d_])|(?<=\d[.,])(?=\d))\w+)*"
_SIMPLE_WORD = re.compile(_WORD)
_SIMPLE_TOKEN = re.compile(rf" (?!\s)|{_WORD}|\s+|.", re.DOTALL)


def tokens(text: str) -> list[str]:
    """Words, runs of white space, and single marks, in order. Never splits a grapheme."""
    simple = (text.isascii() and text.isprintable()) or _SIMPLE.fullmatch(text)
    found: list[str] = _SIMPLE_TOKEN.findall(text) if simple else _TOKEN.findall(text)
    return found


def words(text: str) -> list[str]:
    """The words alone, as they are compared: without marks and spaces, whatever their case."""
    if text.isascii():
        found: list[str] = _SIMPLE_WORD.findall(text.lower())
        return found
    return [token.casefold() for token in tokens(text) if is_word(token)]


def is_word(token: str) -> bool:
    return bool(token) and (token[0].isalnum() or token[0] == "_")
