"""The brackets of a version: read from its words, from who is known at the United Nations, and from what was answered.

They are derived, so they follow each edit and no table can disagree with the words. What the words do not say, whoever
holds the pen answers; answers stand in the record of the desk, keyed by paragraph and words.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from app.accounts.reference import resolve_alias
from app.aside import aside
from app.core.text import CHOICES, ParagraphId, Question, TextBrackets, bracket_structure
from app.drafts.models import Draft, Version, VersionParagraph
from app.drafts.queries import version_paragraphs
from app.drafts.views import as_paragraph
from app.errors import Invalid, NotFound
from app.extensions import db
from app.policy import Action, Actor, GroupId, envelope_actor, require, role_in
from app.record import events_of, transaction

ANSWERED = "brackets.answered"
"""In the channel of the desk: what was answered, with the words that were asked about."""
KEPT = 32
ASIDE = 50_000
"""Characters of a text that is read beside the loop."""
ON_BEHALF = " on behalf of "


def code_of(name: str) -> str | None:
    """The code of the party or group that is called so; of who speaks for a group, the speaker's."""
    return resolve_alias(name.partition(ON_BEHALF)[0].rstrip(", "))


class _Known:
    """Every name and alias of the reference table, in six languages."""

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and resolve_alias(name) is not None


_known = _Known()
_kept: OrderedDict[tuple[Any, ...], TextBrackets] = OrderedDict()


def brackets_of(version: Version, rows: Sequence[VersionParagraph] | None = None) -> TextBrackets:
    """The brackets of all paragraphs. The caller has checked that the version may be read; `rows` are all of its rows.

    Kept by the words and the answers, so an edit is never shown with the brackets of other words.
    """
    rows = version_paragraphs(version.id) if rows is None else rows
    answers = answers_on(version.draft)
    words = tuple((row.wid, row.kind, row.level, row.deleted, row.text) for row in rows)
    key = (words, tuple(sorted(answers.items())))
    if key not in _kept:
        paragraphs = [as_paragraph(row) for row in rows]
        is_long = sum(len(row.text) for row in rows) > ASIDE
        read = (bracket_structure, paragraphs, _known, answers)
        _kept[key] = aside(*read) if is_long else bracket_structure(paragraphs, _known, answers)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(key)
    return _kept[key]


def answers_on(draft: Draft) -> dict[str, str]:
    """Key of a question to what was answered last."""
    events = events_of([draft.desk_channel], [ANSWERED])
    said = [each for event in events for each in json.loads(event.body)["data"]["answers"]]
    return {each["key"]: each["answer"] for each in said}


def answer(actor: Actor, draft_id: int, answers: Mapping[str, str]) -> TextBrackets:
    """Answer questions about the brackets of the working copy: key to choice. No word changes.

    Raises Invalid for a choice that is not offered, or a question that the words do not raise any more.
    """
    with transaction() as tx:
        draft, working = _desk(actor, draft_id)
        asked = {question.key: question for question in brackets_of(working).questions}
        said = [_said(asked.get(key), choice) for key, choice in answers.items()]
        new = [one for one in said if one["answer"] != asked[one["key"]].answer]
        if new:
            by = envelope_actor(actor, role_in(actor, GroupId(draft.group_id)))
            tx.append(draft.desk_channel, ANSWERED, by, {"answers": new})
    return brackets_of(working)


def _desk(actor: Actor, draft_id: int) -> tuple[Draft, Version]:
    draft = db.session.get(Draft, draft_id)
    if draft is None:
        raise NotFound(_("This text was not found, or is not open to you."))
    require(actor, Action.EDIT_WORKING_COPY, GroupId(draft.group_id), draft.group.openness, what=_("This text"))
    return draft, next(version for version in draft.versions if not version.issued)


def _said(question: Question | None, choice: str) -> dict[str, str]:
    if question is None:
        raise Invalid(_("The words that this question was about have changed. Reload the page."), field="answers")
    if choice not in CHOICES[question.ask]:
        raise Invalid(_("Choose one of the answers."), field="answers")
    return {
        "key": question.key,
        "ask": str(question.ask),
        "paragraph": question.paragraph,
        "quote": question.quote,
        "answer": choice,
    }


def holding(found: TextBrackets) -> dict[ParagraphId, frozenset[str]]:
    """Paragraph to the codes of those who hold a bracket in it, or say something of one."""
    return {
        identity: frozenset(code for name in one.holders if (code := code_of(name)))
        for identity, one in found.paragraphs.items()
        if one.holders
    }
