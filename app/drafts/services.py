"""The commands on texts: bring one in, work on its working copy, issue it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.core.pillars import NORMS, PILLARS
from app.core.text import (
    Kind,
    Paragraph,
    ParagraphId,
    Relation,
    Style,
    TextRefused,
    clean,
    labels,
    read,
    slugs,
)
from app.drafts.freezing import fingerprint, text_of
from app.drafts.models import Draft, Version, VersionParagraph
from app.drafts.views import as_paragraph
from app.errors import Closed, Conflict, Invalid, NotFound, TooLarge
from app.extensions import db
from app.groups.models import Group
from app.policy import Action, Actor, GroupId, envelope_actor, require, role_in
from app.record import Transaction, transaction

TITLE_LIMIT = 300
LETTER_LIMIT = 20_000
PARAGRAPH_LIMIT = 5_000
"""Paragraphs of one text. Negotiations have had 500; beyond this it is no text but a mistake."""
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"

Tags = Mapping[str, tuple[list[str], str | None]]
"""Paragraph to its pillars and norm."""
Progress = Callable[[int, int], None]


def new_wid() -> str:
    """A new paragraph identity: `p` and ten characters that no eye confuses."""
    return "p" + "".join(secrets.choice(ALPHABET) for _number in range(10))


def import_draft(
    actor: Actor,
    group: Group,
    title: str,
    format: str,
    source: str,
    progress: Progress = lambda done, total: None,
) -> tuple[Draft, Version]:
    """Bring a text in as a new draft with a working copy. What did not parse is in `draft.import_report`."""
    require(actor, Action.EDIT_WORKING_COPY, GroupId(group.id), group.openness, what=_("This group"))
    if format not in ("markdown", "text"):
        raise Invalid(_("The format must be markdown or text."), field="format")
    if not isinstance(source, str) or not source.strip():
        raise Invalid(_("Paste a text, or choose a file."), field="source")
    try:
        imported = read(source, format, new_wid, progress)
    except TextRefused as refused:
        kind = TooLarge if refused.code == "too_large" else Invalid
        place = _(" (line %(line)s)", line=refused.line) if refused.line else ""
        raise kind(f"{refused}{place}", field="source", line=refused.line) from None
    if not imported.paragraphs:
        raise Invalid(_("There are no words in this text."), field="source")
    report = [{"line": f.line, "code": f.code, "message": f.message, "severity": f.severity} for f in imported.report]
    return create_draft(actor, group, title, imported.style, imported.paragraphs, report=report)


def create_draft(
    actor: Actor,
    group: Group,
    title: str,
    style: str,
    paragraphs: Sequence[Paragraph],
    tags: Tags | None = None,
    *,
    report: list[dict[str, Any]] | None = None,
) -> tuple[Draft, Version]:
    """A new draft with these paragraphs as its working copy."""
    with transaction() as tx:
        group = db.session.get_one(Group, group.id)
        require(actor, Action.EDIT_WORKING_COPY, GroupId(group.id), group.openness, what=_("This group"))
        draft = Draft(
            group=group,
            title=_line(title, "title", TITLE_LIMIT),
            style=Style(style),
            platform_id=_platform_id(group, tx.now.year),
            created_at=tx.now,
            import_report=report or [],
        )
        working = Version(draft=draft, number=0, state="working", label=_("Working copy"), changed_at=tx.now)
        db.session.add_all([draft, working])
        db.session.flush()
        _fill(working, paragraphs, tags or {})
        data = {"title": draft.title, "style": draft.style, "platform_id": draft.platform_id}
        _append(tx, actor, draft, draft.desk_channel, "draft.created", {**data, "paragraphs": len(paragraphs)})
        return draft, working


def replace_working_copy(
    actor: Actor, draft_id: int, paragraphs: Sequence[Paragraph], tags: Tags | None = None
) -> Version:
    """Put other paragraphs in the place of the working copy's. Those with the same identity are the same ones."""
    with transaction() as tx:
        draft, working = _desk(actor, draft_id)
        working.paragraphs.clear()
        db.session.flush()
        _fill(working, paragraphs, tags or {})
        working.changed_at = tx.now
        said = [[p.id, str(p.kind), p.level, p.text] for p in paragraphs]
        _append(tx, actor, draft, draft.desk_channel, "copy.replaced", {"paragraphs": said})
        return working


def edit_paragraph(
    actor: Actor,
    version_id: int,
    wid: str,
    text: str,
    revision: int,
    *,
    pillars: Sequence[str] | None = None,
    norm: str | None = None,
) -> VersionParagraph:
    """Change the words, and with `pillars` the tags, of a paragraph of the working copy.

    `revision` is the one that the edit is based on. When somebody else was faster: Conflict (412) with `yours`,
    `theirs` and the present `revision`, and nothing is lost.
    """
    words = _words(text)
    with transaction() as tx:
        draft, working = _desk_of(actor, version_id)
        row = _row(working, wid)
        if row.revision != revision:
            raise _stale(row, words)
        before = row.text
        row.text = words
        if pillars is not None:
            row.pillars, row.norm = _checked_pillars(pillars), _checked_norm(norm)
        _touch(tx, actor, working, row)
        data = {"paragraph": wid, "before": before, "after": words, "revision": row.revision}
        _append(tx, actor, draft, draft.desk_channel, "paragraph.edited", data)
        return row


def insert_paragraph(
    actor: Actor,
    version_id: int,
    after: str | None,
    text: str,
    *,
    relation: str = Relation.INSERTED_AFTER,
    kind: str | None = None,
    level: int | None = None,
) -> VersionParagraph:
    """A new paragraph after another one (it gets bis, ter …) or beside it as an alternative (alt).

    With `after` None it comes first. Its kind and level are those of its neighbour unless said.
    """
    words = _words(text)
    with transaction() as tx:
        draft, working = _desk_of(actor, version_id)
        rows = list(working.paragraphs)
        if len(rows) >= PARAGRAPH_LIMIT:
            raise TooLarge(_("A text has at most %(number)s paragraphs.", number=PARAGRAPH_LIMIT))
        neighbour = _row(working, after) if after else None
        place = rows.index(neighbour) + 1 if neighbour else 0
        row = VersionParagraph(
            wid=new_wid(),
            kind=Kind(kind) if kind else (neighbour.kind if neighbour else Kind.PARAGRAPH),
            level=level if level is not None else (neighbour.level if neighbour else 0),
            text=words,
            relation=Relation(relation) if neighbour else None,
            relation_to=neighbour.wid if neighbour else None,
            position=0,
            pillars=[],
            edited_at=tx.now,
            edited_by=actor.name,
        )
        db.session.add(row)
        rows.insert(place, row)
        with db.session.no_autoflush:
            _order(working, rows)
        _relabel(working)
        working.changed_at = tx.now
        data = {"paragraph": row.wid, "after": after, "relation": row.relation, "text": words, "kind": row.kind}
        _append(tx, actor, draft, draft.desk_channel, "paragraph.inserted", data)
        return row


def delete_paragraph(actor: Actor, version_id: int, wid: str) -> VersionParagraph:
    """Mark a paragraph as deleted. It keeps its slot, and may be restored, until the next version is issued."""
    return _set_deleted(actor, version_id, wid, True)


def restore_paragraph(actor: Actor, version_id: int, wid: str) -> VersionParagraph:
    return _set_deleted(actor, version_id, wid, False)


def move_paragraph(actor: Actor, version_id: int, wid: str, after: str | None) -> VersionParagraph:
    """Put a paragraph after another one, or first. Its items do not follow by themselves."""
    with transaction() as tx:
        draft, working = _desk_of(actor, version_id)
        row = _row(working, wid)
        rows = [other for other in working.paragraphs if other is not row]
        place = rows.index(_row(working, after)) + 1 if after and after != wid else 0
        if after == wid:
            return row
        rows.insert(place, row)
        _order(working, rows)
        _relabel(working)
        _touch(tx, actor, working, row)
        _append(tx, actor, draft, draft.desk_channel, "paragraph.moved", {"paragraph": wid, "after": after})
        return row


def issue_version(actor: Actor, draft_id: int, *, label: str | None = None, letter: str = "") -> Version:
    """Freeze the working copy as the next version: numbered anew, hashed, dated. The chair's act.

    Deleted paragraphs are left out. The working copy goes on from what was issued.
    """
    with transaction() as tx:
        draft, working = _desk(actor, draft_id, Action.ISSUE_VERSION)
        rows = [row for row in working.paragraphs if not row.deleted]
        if not rows:
            raise Invalid(_("There is nothing to issue: the working copy has no paragraphs."))
        number = _next_number(draft.id)
        issued = Version(
            draft=draft,
            number=number,
            state="issued",
            label=_version_label(draft.id, label, number),
            based_on_id=working.based_on_id,
            letter=_letter(letter),
            issued_at=tx.now,
            issued_by=actor.name,
            changed_at=tx.now,
            paragraph_count=len(rows),
        )
        _settle(working, rows, Style(draft.style))
        copies = [_copy(row) for row in rows]
        text = text_of(draft.platform_id, issued.label, copies)
        issued.sha256 = fingerprint(text)
        issued.paragraphs = copies
        db.session.add(issued)
        db.session.flush()
        working.based_on_id, working.changed_at = issued.id, tx.now
        working.paragraph_count = len(rows)
        data = {"version": str(issued.id), "number": number, "sha256": issued.sha256, "letter": issued.letter}
        _append(tx, actor, draft, draft.channel, "version.issued", data | text)
        return issued


# --- The working copy ----------------------------------------------------------------------------------------------


def _desk(actor: Actor, draft_id: int, action: Action = Action.EDIT_WORKING_COPY) -> tuple[Draft, Version]:
    """A draft and its working copy, held until the commit. Raises NotFound or Forbidden."""
    draft = db.session.get(Draft, draft_id)
    missing = _("This text was not found, or is not open to you.")
    if draft is None:
        raise NotFound(missing)
    require(actor, action, GroupId(draft.group_id), draft.group.openness, what=_("This text"))
    working = db.session.scalars(
        select(Version).where(Version.draft_id == draft.id, Version.state == "working").with_for_update(of=Version)
    ).one()
    return draft, working


def _desk_of(actor: Actor, version_id: int) -> tuple[Draft, Version]:
    """The same, by the id of the working copy. An issued version is Closed to edits."""
    version = db.session.get(Version, version_id)
    if version is None:
        raise NotFound(_("This text was not found, or is not open to you."))
    draft, working = _desk(actor, version.draft_id)
    if version.issued:
        raise Closed(_("An issued version never changes. Work on the working copy, and issue the next version."))
    return draft, working


def _row(working: Version, wid: str | None) -> VersionParagraph:
    for row in working.paragraphs:
        if row.wid == wid:
            return row
    raise NotFound(_("The working copy has no such paragraph."))


def _fill(working: Version, paragraphs: Sequence[Paragraph], tags: Tags) -> None:
    if len(paragraphs) > PARAGRAPH_LIMIT:
        raise TooLarge(_("A text has at most %(number)s paragraphs.", number=PARAGRAPH_LIMIT))
    for position, paragraph in enumerate(paragraphs):
        pillars, norm = tags.get(paragraph.id, ([], None))
        working.paragraphs.append(
            VersionParagraph(
                wid=paragraph.id,
                position=position,
                kind=paragraph.kind,
                level=paragraph.level,
                text=paragraph.text,
                marker=paragraph.marker[:80],
                relation=paragraph.relation,
                relation_to=paragraph.relation_to,
                deleted=paragraph.deleted,
                pillars=_checked_pillars(pillars),
                norm=_checked_norm(norm),
            )
        )
    _relabel(working)
    db.session.flush()


def _order(working: Version, rows: list[VersionParagraph]) -> None:
    for position, row in enumerate(rows):
        row.position = position
        if row.version is None:
            row.version = working
    working.paragraphs.sort(key=lambda row: row.position)


def _relabel(working: Version) -> None:
    """Labels of the working copy: what stands keeps its number, what is new gets bis or alt."""
    rows = sorted(working.paragraphs, key=lambda row: row.position)
    found = labels([as_paragraph(row) for row in rows], working.draft.style)
    parts = slugs(found)
    for row in rows:
        row.label, row.slug = found[ParagraphId(row.wid)], parts[ParagraphId(row.wid)]
    working.paragraph_count = len(rows)


def _settle(working: Version, rows: list[VersionParagraph], style: Style) -> None:
    """What the issue makes of the working copy: deleted ones go, insertions are numbered like all others."""
    for row in list(working.paragraphs):
        if row.deleted:
            working.paragraphs.remove(row)
    for row in rows:
        if row.relation == Relation.INSERTED_AFTER:
            row.relation = row.relation_to = None
    _order(working, rows)
    found = labels([as_paragraph(row) for row in rows], style)
    parts = slugs(found)
    for row in rows:
        row.label, row.slug = found[ParagraphId(row.wid)], parts[ParagraphId(row.wid)]


def _copy(row: VersionParagraph) -> VersionParagraph:
    same = ("wid", "position", "kind", "level", "text", "marker", "relation", "relation_to", "label", "slug", "norm")
    return VersionParagraph(
        **{name: getattr(row, name) for name in same}, pillars=list(row.pillars or []), revision=row.revision
    )


def _set_deleted(actor: Actor, version_id: int, wid: str, deleted: bool) -> VersionParagraph:
    with transaction() as tx:
        draft, working = _desk_of(actor, version_id)
        row = _row(working, wid)
        if row.deleted is not deleted:
            row.deleted = deleted
            _touch(tx, actor, working, row)
            type_ = "paragraph.deleted" if deleted else "paragraph.restored"
            _append(tx, actor, draft, draft.desk_channel, type_, {"paragraph": wid})
        return row


def _touch(tx: Transaction, actor: Actor, working: Version, row: VersionParagraph) -> None:
    row.revision += 1
    row.edited_at, row.edited_by = tx.now, actor.name
    working.changed_at = tx.now


def _stale(row: VersionParagraph, words: str) -> Conflict:
    return Conflict(
        _(
            "%(name)s changed this paragraph while you were writing. Both texts are here: choose or join them.",
            name=row.edited_by or "?",
        ),
        status=412,
        yours=words,
        theirs=row.text,
        revision=row.revision,
    )


# --- Checks --------------------------------------------------------------------------------------------------------


def _append(tx: Transaction, actor: Actor, draft: Draft, channel: str, type_: str, data: dict[str, Any]) -> None:
    tx.append(channel, type_, envelope_actor(actor, role_in(actor, GroupId(draft.group_id))), data)


def _words(text: Any) -> str:
    if not isinstance(text, str):
        raise Invalid(_("Write the words of the paragraph."), field="text")
    try:
        words = clean(text)
    except TextRefused as refused:
        kind = TooLarge if refused.code == "too_large" else Invalid
        raise kind(str(refused), field="text") from None
    if not words:
        raise Invalid(_("A paragraph needs words. To take it out, delete it."), field="text")
    return words


def _line(text: Any, field: str, limit: int) -> str:
    line = " ".join(str(text or "").split())
    if not 1 <= len(line) <= limit or not line.isprintable():
        raise Invalid(_("Write 1 to %(number)s characters.", number=limit), field=field)
    return line


def _letter(letter: str) -> str:
    if len(letter) > LETTER_LIMIT:
        raise TooLarge(_("The covering note has at most %(number)s characters.", number=LETTER_LIMIT), field="letter")
    return letter.strip()


def _checked_pillars(pillars: Sequence[str]) -> list[str]:
    unknown = set(pillars) - set(PILLARS)
    if unknown:
        raise Invalid(_("There is no pillar of this name."), field="pillars")
    return [code for code in PILLARS if code in pillars]


def _checked_norm(norm: str | None) -> str | None:
    if norm and norm not in NORMS:
        raise Invalid(_("The norms have the letters a to k."), field="norm")
    return norm or None


def _next_number(draft_id: int) -> int:
    return (db.session.scalar(select(func.max(Version.number)).where(Version.draft_id == draft_id)) or 0) + 1


def _version_label(draft_id: int, label: str | None, number: int) -> str:
    """Zero draft, Rev.1, Rev.2 … unless the chair calls it otherwise. No two versions of a draft share a label."""
    chosen = _line(label, "label", 60) if label else ("Zero draft" if number == 1 else f"Rev.{number - 1}")
    taken = db.session.scalars(select(Version.label).where(Version.draft_id == draft_id, Version.state == "issued"))
    if chosen in set(taken):
        raise Conflict(_("There is a version called %(label)s already.", label=chosen), field="label")
    return chosen


def _platform_id(group: Group, year: int) -> str:
    """How the text is cited: never like a United Nations symbol."""
    number = (db.session.scalar(select(func.max(Draft.id))) or 0) + 1
    short = "".join(part[0] for part in group.slug.split("-") if part)[:6].upper()
    return f"CHP-{year}-{short}-D{number}"
