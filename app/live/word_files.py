"""What was said of a text as Word comments, on the words that it was about, in the compilation of its proposals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import Response
from flask_babel import gettext as _

from app.core.text import Kind
from app.core.word import Spoken, WordComment, WordParagraph, WordRun, with_comments
from app.drafts import word_files
from app.drafts.models import Version
from app.drafts.queries import version_paragraphs
from app.live.beside import Remark, all_remarks
from app.policy import Actor
from app.proposals.queries import tracked
from app.web.viewer import speaker_name, state_group_name


def commented(actor: Actor, version: Version, locale: str, session_id: int | None = None) -> Response:
    """The version with its open proposals tracked and the comments that the actor may read; of one session, if said."""
    remarks = all_remarks(actor, version, session_id)
    paragraphs = _with_remarks(tracked(actor, version, locale), remarks, version)
    commented_on = _("with comments")
    return word_files.answer(version.draft, f"{version.label} {commented_on}", paragraphs)


def _with_remarks(
    paragraphs: Sequence[WordParagraph], remarks: Sequence[Remark], version: Version
) -> list[WordParagraph]:
    """What stands on no paragraph of the version is said at the end: no comment is left out."""
    words = {row.wid: row.text for row in version_paragraphs(version.id)}
    by_place: dict[str, list[Spoken]] = {}
    for remark in remarks:
        by_place.setdefault(remark.paragraph or "", []).append(_spoken(remark))
    made = []
    for paragraph in paragraphs:
        said = by_place.pop(paragraph.id, []) if paragraph.id in words else []
        # Where brackets touch, the words before all changes may not be those of the version: then it is about all.
        exact = "".join(run.text for run in paragraph.runs if run.change != "insert") == words.get(paragraph.id)
        made.append(with_comments(paragraph, said if exact else [replace(one, start=0, end=0) for one in said]))
    if rest := [one for said in by_place.values() for one in said]:
        made.append(with_comments(_end(), rest))
    return made


def _end() -> WordParagraph:
    return WordParagraph(Kind.NOTE, 0, "", (WordRun(_("On the text as a whole, or on paragraphs that are gone")),))


def _spoken(remark: Remark) -> Spoken:
    comment = remark.comment
    behalf = comment.actor.get("on_behalf_of")
    lines = [comment.body]
    if remark.lost and remark.quoted:
        lines.insert(0, _("On words that are gone: “%(words)s”", words=remark.quoted))
    if behalf:
        lines.append(_("On behalf of %(group)s", group=state_group_name(behalf)))
    begin, end = remark.place or (0, 0)
    return Spoken(WordComment(speaker_name(comment.actor), comment.created_at, "\n".join(lines)), begin, end)
