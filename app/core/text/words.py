"""Words of every script: what a person would point at as one word. The tokens, joined, are the text."""

from __future__ import annotations

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


def tokens(text: str) -> list[str]:
    """Words, runs of white space, and single marks, in order. Never splits a grapheme."""
    found: list[str] = _TOKEN.findall(text)
    return found


def is_word(token: str) -> bool:
    return bool(token) and (token[0].isalnum() or token[0] == "_")
