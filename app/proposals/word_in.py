"""A Word file from a capital, after a look at it: changes become drafts of the delegation, comments its comments.

Outside a session, comments on a text live in the discussions of its group: a post about the paragraph, with the words
quoted. One thread a version takes them all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, takewhile

from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app.drafts.models import Version, VersionParagraph
from app.errors import Invalid, TooLarge
from app.extensions import db
from app.groups.models import Thread
from app.groups.services import discussion, words
from app.policy import Action, Actor, GroupId, can
from app.proposals import services
from app.proposals.word_files import READ, Asked, Reading, Said, label_of, ops_of
from app.record import transaction

LIMIT = 500
"""Changes, or comments, that are kept at once."""


@dataclass(frozen=True, slots=True)
class Kept:
    proposals: int
    comments: int


def may_say(actor: Actor, version: Version) -> bool:
    """May the actor comment in the delegation's name? An expert writes drafts only."""
    group = version.draft.group
    return can(actor, Action.COMMENT, GroupId(group.id), group.openness)


def keep(actor: Actor, version: Version, form: MultiDict[str, str]) -> Kept:
    """Keep the chosen changes and say the chosen comments: all of them, or none."""
    changes = form.getlist("take")
    comments = form.getlist("say") if form.get("comments") == "say" else []
    if max(len(changes), len(comments)) > LIMIT:
        raise TooLarge(
            _("At most %(number)s changes and as many comments are kept at once. Choose fewer.", number=LIMIT),
            field="take",
        )
    if not changes and not comments:
        raise Invalid(_("Choose at least one change or comment."), field="take")
    with transaction():
        for number in changes:
            given = {
                "kind": form.get(f"kind-{number}", ""),
                "paragraph": form.get(f"paragraph-{number}") or None,
                "text": form.get(f"text-{number}", ""),
                "rationale": form.get(f"why-{number}", ""),
            }
            services.propose(actor, version.id, given, draft=True)
        for number in comments:
            _say(actor, version, form.get(f"on-{number}"), _body(form, number))
    return Kept(len(changes), len(comments))


def again(form: MultiDict[str, str], rows: Sequence[VersionParagraph]) -> Reading:
    """What the file said, from the form that could not be kept: nobody chooses the file twice."""
    by_wid = {row.wid: row for row in rows}
    asked, said = [], []
    for number in _numbers(form, "kind"):
        place = form.get(f"paragraph-{number}", "")
        row = by_wid.get(place)
        kind, text = form[f"kind-{number}"], form.get(f"text-{number}", "")
        if kind in READ and (row is not None or not place):
            asked.append(Asked(kind, row.wid if row else None, label_of(row), text, ops_of(kind, row, text), ()))
    for number in _numbers(form, "said"):
        row = by_wid.get(form.get(f"on-{number}", ""))
        if row is not None:
            words_, author = form.get(f"words-{number}", ""), form.get(f"author-{number}", "")
            said.append(Said(row.wid, row.label, words_, author, form[f"said-{number}"]))
    return Reading(tuple(asked), tuple(said), (), ())


def _numbers(form: MultiDict[str, str], name: str) -> Iterator[int]:
    return takewhile(lambda number: f"{name}-{number}" in form, count())


def _body(form: MultiDict[str, str], number: str) -> str:
    """The quoted words, the comment, and the author that the file names where the person keeps it."""
    said = words.checked_text(form.get(f"said-{number}", ""), "said", words.POST_LIMIT)
    quoted = " ".join(form.get(f"words-{number}", "").split())
    author = " ".join(form.get(f"author-{number}", "").split()) if form.get("authors") else ""
    parts = (f"> {quoted}" if quoted else "", said, _("Word author: %(name)s", name=author) if author else "")
    return "\n\n".join(part for part in parts if part)


def _say(actor: Actor, version: Version, paragraph: str | None, body: str) -> None:
    title = f"{version.draft.title[:150]} · {version.label}"
    query = select(Thread).where(
        Thread.group_id == version.draft.group_id, Thread.title == title, Thread.closed.is_(False)
    )
    thread = db.session.scalars(query.order_by(Thread.id).limit(1)).first()
    if thread is None:
        discussion.start_thread(actor, version.draft.group, title, body, version_id=version.id, paragraph=paragraph)
    else:
        discussion.post(actor, thread, body, version_id=version.id, paragraph=paragraph)
