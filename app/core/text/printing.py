"""Bracketed text as people read it: in the house dialect, and as it was printed at Rio+20 and in ECOSOC.

house    [offer | provide – Kenya, on behalf of the African Group; Brazil], [on a voluntary basis – delete: Fiji]
rio      [changing unsustainable - EU, G77 retain / promoting sustainable - US]
ecosoc   [and commitments] (G77) (EU, CANZ, Russia, US: delete)

A bracket with a `style` is printed as its source had it, in every dialect. A backslash stands before a sign that is
part of the words; `\\&` is nothing, and only keeps two brackets apart; `[\\!` opens an exact bracket.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from app.core.text.brackets import Attribution, Bracket, CompiledParagraph, Note, Option, Run, Words

DIALECTS = ("house", "rio", "ecosoc")
ESCAPED = "\\[]{}()|/-‐‑–—;:,"
"""Signs that a backslash makes part of the words."""
JOINT = "\\&"
EXACT = "\\!"
PLACE = "…"
"""Stands in a bracket's style where the words of an option stand."""

_ALWAYS = re.compile(r"[\\\[\]{}]")
_ALSO_INSIDE = re.compile(r"[\\\[\]{}]|(?:^|(?<=\s))[|/\-‐‑–—]")
_SAYS = re.compile(r"\((?=[^()]*:|\s*(?:agreed|pending)\b)", re.IGNORECASE)
_PARENTHESIS_FIRST = re.compile(r"^(\s*)\(")
_IN_NAME = re.compile(r"[\\\[\]{}|;:]|(?:^|(?<=\s))[/\-‐‑–—]|,(?! on behalf of \S)")
_IN_VERB = re.compile(r"[\\\[\]{}|;:]|(?:^|(?<=\s))[/\-‐‑–—]")
_PAIRED = re.compile(r"[^()]*(?:\([^()]*\)[^()]*)*")
AGREED = re.compile(r"agreed(?: ad ref(?:erendum|\.)?)?", re.IGNORECASE)
PLACEHOLDER = re.compile(r"\s*placeholder\b", re.IGNORECASE)
"""Words of a bracket that is no bracket but a remark on the paragraph."""


def printed(compiled: CompiledParagraph | Sequence[Run], dialect: str = "house") -> str:
    """The bracketed text in one of the DIALECTS. What was read is printed as it stood. Raises ValueError."""
    if dialect not in DIALECTS:
        raise ValueError(f"There is no dialect {dialect}.")
    runs = with_whole(compiled) if isinstance(compiled, CompiledParagraph) else compiled
    return _runs(runs, dialect, inside=False)


def with_whole(compiled: CompiledParagraph) -> tuple[Run, ...]:
    """The runs, within a bracket of their own if something is said of the whole paragraph.

    Who retains the whole is not named again if each of the brackets in it says so.
    """
    said = tuple(a for a in compiled.whole if a.verb != "retain" or not _is_said_inside(a, compiled.runs))
    return (Bracket((Option(compiled.runs, said),)),) if said else compiled.runs


def _is_said_inside(attribution: Attribution, runs: Sequence[Run]) -> bool:
    retained = {
        name
        for run in runs
        if isinstance(run, Bracket)
        for option in run.options
        for said in option.attributions
        if said.verb == "retain"
        for name in said.names
    }
    return retained.issuperset(attribution.names)


def unstyled(runs: Sequence[Run]) -> tuple[Run, ...]:
    """The same structure without the spelling of its source, so that it can be printed in another dialect."""
    found: list[Run] = []
    for run in runs:
        if isinstance(run, Words):
            found.append(Words(run.text))
        elif isinstance(run, Note):
            found.append(replace(run, source=""))
        else:
            options = tuple(replace(option, runs=unstyled(option.runs)) for option in run.options)
            found.append(replace(run, options=options, style=""))
    return tuple(found)


def _runs(runs: Sequence[Run], dialect: str, inside: bool) -> str:
    parts = []
    before: Run | None = None
    for run in runs:
        if isinstance(run, Words):
            parts.append(run.source or words_printed(run.text, inside, before))
        elif isinstance(run, Note):
            parts.append(run.source or note_printed(run))
        else:
            parts.append(JOINT if needs_joint(before, run) else "")
            parts.append(_bracket(run, dialect))
        before = run
    return "".join(parts)


def _bracket(bracket: Bracket, dialect: str) -> str:
    around = styled(bracket.style) if bracket.style else frame(bracket, dialect)
    parts = [around[0]]
    for option, behind in zip(bracket.options, around[1:], strict=True):
        parts.append(_runs(option.runs, dialect, inside=True))
        parts.append(behind)
    return "".join(parts)


def words_printed(text: str, inside: bool, before: Run | None) -> str:
    """Words with a backslash before each sign that would be read as more than that, where it stands."""
    shown = (_ALSO_INSIDE if inside else _ALWAYS).sub(_escaped, text)
    shown = _SAYS.sub(_escaped, shown)
    if isinstance(before, Bracket) and not is_named(before):
        shown = _PARENTHESIS_FIRST.sub(r"\1\\(", shown)
    return shown


def note_printed(note: Note) -> str:
    opening, closing = (note.style or "{}")[0], (note.style or "{}")[-1]
    return opening + re.sub(r"[\\\[\]{}()]", _escaped, note.text) + closing


def needs_joint(before: Run | None, bracket: Bracket) -> bool:
    """Would these two brackets be read as alternatives, because neither has a name in it?"""
    if not isinstance(before, Bracket) or before.style or bracket.style:
        return False
    return not is_named(before) and not is_named(bracket)


def is_named(bracket: Bracket) -> bool:
    return any(option.attributions for option in bracket.options)


def frame(bracket: Bracket, dialect: str = "house") -> list[str]:
    """All that stands around the options: before the first, between them, behind the last."""
    opening = "[" + (EXACT if bracket.exact else "") + (JOINT if _looks_like_a_remark(bracket) else "")
    if dialect == "ecosoc":
        return _ecosoc(bracket, opening)
    say, between = (_rio, " / ") if dialect == "rio" else (_house, " | ")
    said = [say(option.attributions) for option in bracket.options]
    return [opening, *(text + between for text in said[:-1]), said[-1] + "]"]


def _looks_like_a_remark(bracket: Bracket) -> bool:
    first = bracket.options[0].runs[:1]
    if not first or not isinstance(first[0], Words):
        return False
    text = first[0].text
    return bool(PLACEHOLDER.match(text)) or bool(AGREED.fullmatch(text) and len(bracket.options) == 1)


def _house(attributions: Sequence[Attribution]) -> str:
    parts = []
    verbless = False
    for number, said in enumerate(attributions):
        parts.append(" – " if number == 0 or (verbless and not said.verb) else "; ")
        names = [name_printed(name) for name in said.names]
        parts.append(f"{verb_printed(said.verb)}: {', '.join(names)}" if said.verb else "; ".join(names))
        verbless = not said.verb
    return "".join(parts)


def _rio(attributions: Sequence[Attribution]) -> str:
    said = [
        ", ".join(name_printed(name) for name in a.names) + (f" {verb_printed(a.verb)}" if a.verb else "")
        for a in attributions
    ]
    return f" - {'; '.join(said)}" if said else ""


def _ecosoc(bracket: Bracket, opening: str) -> list[str]:
    said = [_behind(option.attributions) for option in bracket.options]
    if len(said) == 1 and not bracket.options[0].runs and said[0]:
        return ["", "".join(said[0])]
    if all(parts == said[0] for parts in said):
        return [opening, *[" / "] * (len(said) - 1), "]" + "".join(f" {part}" for part in said[0])]
    closed = ["]" + "".join(f" {part}" for part in parts) for parts in said]
    return [opening, *(text + "[" for text in closed[:-1]), closed[-1]]


def _behind(attributions: Sequence[Attribution]) -> list[str]:
    return [
        "(" + ", ".join(name_printed(name) for name in a.names) + (f": {verb_printed(a.verb)}" if a.verb else "") + ")"
        for a in attributions
    ]


def name_printed(name: str) -> str:
    """A name with a backslash before signs that would end it; commas stay before "on behalf of"."""
    return _with_parentheses(_IN_NAME.sub(_escaped, name))


def verb_printed(verb: str) -> str:
    return _with_parentheses(_IN_VERB.sub(_escaped, verb))


def _with_parentheses(text: str) -> str:
    """Parentheses stand as they are if each closes, and none within another."""
    return text if _PAIRED.fullmatch(text) else re.sub(r"[()]", _escaped, text)


def style_of(around: Sequence[str]) -> str:
    """What stands around the options, as a bracket's `style`."""
    return PLACE.join(part.replace("\\", "\\\\").replace(PLACE, "\\" + PLACE) for part in around)


def styled(style: str) -> list[str]:
    """What `style_of` put together."""
    parts = [""]
    for sign in re.findall(r"\\.|[^\\]", style, re.DOTALL):
        if sign == PLACE:
            parts.append("")
        else:
            parts[-1] += sign[-1]
    return parts


def _escaped(found: re.Match[str]) -> str:
    return "\\" + found[0]
