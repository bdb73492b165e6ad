"""Brackets as pages and programs are told of them: pieces of words, who holds what under its proper name, questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _

from app.accounts.reference import name as proper_name
from app.core.text import CHOICES, Attribution, ParagraphBrackets, ParagraphId, Question, TextBrackets
from app.core.text.bracket_laying import Marked
from app.core.text.bracket_pieces import Piece
from app.core.text.bracket_structure import Ask
from app.drafts.brackets import ON_BEHALF, code_of
from app.drafts.models import VersionParagraph
from app.drafts.views import Holder, Over, ParagraphView, Shown, view
from app.web.locale import current_language


def shown_pieces(text: str, found: ParagraphBrackets, opening: int = 0, option: int = 0) -> tuple[Shown, ...]:
    """The pieces of a paragraph. `opening` and `option` are lengths in characters that are set apart."""
    border, style = (option, "b") if option else (opening, "em")
    return tuple(_shown(piece, text[a:b], style if b <= border else "") for piece, a, b in _parted(found, border))


def _parted(found: ParagraphBrackets, border: int) -> Iterable[tuple[Piece, int, int]]:
    for piece in found.pieces:
        if piece.start < border < piece.end:
            yield piece, piece.start, border
            yield piece, border, piece.end
        else:
            yield piece, piece.start, piece.end


def _shown(piece: Piece, text: str, style: str = "") -> Shown:
    return Shown(str(piece.kind), text, piece.level, piece.other, style, tuple(holders(piece.said)))


def shown_part(part: Marked) -> Shown:
    """A part of a compiled paragraph. Names that a proposal cuts in two are words."""
    if part.piece is None:
        return Shown("words", part.text)
    is_whole = len(part.text) == part.piece.end - part.piece.start
    return _shown(part.piece if is_whole else replace(part.piece, said=()), part.text)


def holders(said: Sequence[Attribution]) -> Iterable[Holder]:
    for one in said:
        for printed in one.names:
            yield Holder(printed, proper(printed), one.verb)


def proper(printed: str) -> str:
    """The name that the United Nations uses, in the reader's language; as printed where nobody is known by it."""
    speaker, behalf, group = printed.partition(ON_BEHALF)
    code, group_code = code_of(speaker), code_of(group) if behalf else None
    who = proper_name(code, current_language()) if code else speaker.rstrip(", ")
    if not behalf:
        return who
    spoken_for = proper_name(group_code, current_language()) if group_code else group
    return _("%(who)s, on behalf of: %(group)s", who=who, group=spoken_for)


def places(found: TextBrackets, rows: Sequence[VersionParagraph]) -> dict[str, tuple[Over, ...]]:
    """Paragraph to the brackets over several paragraphs that it is part of."""
    labels = {row.wid: row.label for row in rows}
    ends: dict[int, list[ParagraphId]] = {}
    for identity, one in found.paragraphs.items():
        for bracket in one.brackets:
            if bracket.state != "closed":
                ends.setdefault(bracket.number, []).append(identity)
    return {
        identity: tuple(
            Over(
                bracket.state,
                ends[bracket.number][0],
                labels.get(ends[bracket.number][0], ""),
                ends[bracket.number][-1],
                labels.get(ends[bracket.number][-1], ""),
            )
            for bracket in one.brackets
            if bracket.state != "closed"
        )
        for identity, one in found.paragraphs.items()
    }


def views(rows: Sequence[VersionParagraph], found: TextBrackets) -> list[ParagraphView]:
    """The paragraphs of a version as templates show them, with their brackets."""
    over = places(found, rows)
    return [_view(row, found.paragraphs[ParagraphId(row.wid)], over.get(row.wid, ())) for row in rows]


def _view(row: VersionParagraph, here: ParagraphBrackets, over: tuple[Over, ...]) -> ParagraphView:
    plain = view(row)
    if not here.bracketed and not any(piece.kind != "words" for piece in here.pieces):
        return plain
    return replace(
        plain,
        pieces=shown_pieces(row.text, here, plain.opening, plain.option),
        bracketed=here.bracketed,
        unclosed=here.unclosed,
        over=over,
    )


# --- For programs --------------------------------------------------------------------------------------------------


def as_dict(found: ParagraphBrackets) -> dict[str, Any]:
    """What the API says of a paragraph's brackets. Places count characters (code points) of its `text`."""
    return {
        "bracketed": found.bracketed,
        "has_alternatives": found.has_alternatives,
        "holders": [_name(name) for name in found.holders],
        "unclosed": found.unclosed,
        "brackets": [
            {
                "number": bracket.number,
                "level": bracket.level,
                "state": bracket.state,
                "start": bracket.start,
                "end": bracket.end,
                "options": [[_said(said) for said in option] for option in bracket.options],
            }
            for bracket in found.brackets
        ],
    }


def _said(said: Attribution) -> dict[str, Any]:
    return {"wants": said.verb or "propose", "names": [_name(name) for name in said.names]}


def _name(printed: str) -> dict[str, str | None]:
    return {"printed": printed, "code": code_of(printed)}


def summary(found: TextBrackets) -> dict[str, Any]:
    """How a text was understood, and what is asked."""
    return {
        "brackets": found.pairs,
        "alternatives": found.alternatives,
        "over_paragraphs": found.over_paragraphs,
        "bracketed_paragraphs": sum(one.bracketed for one in found.paragraphs.values()),
        "unclosed_paragraphs": list(found.unclosed),
        "names": [_name(name) for name in found.holders],
        "questions": [
            {
                "key": question.key,
                "ask": str(question.ask),
                "paragraph": question.paragraph,
                "until": question.until,
                "quote": question.quote,
                "choices": list(CHOICES[question.ask]),
                "answer": question.answer,
                "taken": question.taken,
            }
            for question in found.questions
        ],
    }


# --- Questions -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on a page."""

    key: str
    paragraph: str
    label: str
    words: str
    quote: str
    choices: tuple[tuple[str, str], ...]
    taken: str
    answered: bool


def asked(found: TextBrackets, labels: Mapping[str, str]) -> list[tuple[str, list[Asked]]]:
    """The questions by what they ask, those over several paragraphs first."""
    by_kind: list[tuple[str, list[Asked]]] = []
    for ask in (Ask.SPAN, Ask.ADJACENT, Ask.NAME):
        here = [_asked(question, labels) for question in found.questions if question.ask is ask]
        if here:
            by_kind.append((str(ask), here))
    return by_kind


def _asked(question: Question, labels: Mapping[str, str]) -> Asked:
    label = labels.get(question.paragraph, "")
    until = labels.get(question.until or "", "")
    return Asked(
        question.key,
        question.paragraph,
        f"{label} – {until}" if until else label,
        _words(question, label, until),
        question.quote,
        tuple((choice, _choice(choice)) for choice in CHOICES[question.ask]),
        question.taken,
        question.answer is not None,
    )


def _words(question: Question, label: str, until: str) -> str:
    if question.ask is Ask.SPAN:
        return _("Is it one bracket, opened in %(first)s and closed in %(last)s?", first=label, last=until)
    if question.ask is Ask.NAME:
        return _("Is this the name of somebody who holds the bracket?")
    return _("Are these two brackets alternatives?")


def _choice(choice: str) -> str:
    return {
        "two": _("Two choices, each on its own"),
        "alternatives": _("Alternatives: one or the other"),
        "one": _("One bracket over these paragraphs"),
        "alone": _("Two signs without a partner"),
        "words": _("No, words of the text"),
        "name": _("Yes, a name"),
    }[choice]
