"""The commands on texts: bring one in, work on its working copy, issue it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from flask_babel import gettext as _
from sqlalchemy import Select, func, select

from app.aside import aside
from app.core.interchange import Document, InterchangeRefused
from app.core.text import Imported, Kind, Paragraph, Relation, Style, TextRefused, read
from app.drafts import inputs, interchange, ordering
from app.drafts.freezing import fingerprint, text_of
from app.drafts.models import ISSUED, Draft, Version, VersionParagraph
from app.drafts.standing import require_issuable
from app.drafts.told import file_refused
from app.errors import Closed, Conflict, Invalid, NotFound, TooLarge
from app.extensions import db
from app.groups.models import Group
from app.policy import Action, Actor, GroupId, envelope_actor, require, role_in
from app.record import Transaction, once, transaction
from app.web.refusals import text_refused

TITLE_LIMIT = 300
PARAGRAPH_LIMIT = 5_000
"""Paragraphs of one text. Negotiations have had 500; beyond this it is no text but a mistake."""
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
WORKING_COPY = "Working copy"

Tags = Mapping[str, tuple[list[str], str | None]]
"""Paragraph to its pillars and norm."""
Progress = Callable[[int, int], None]


def new_wid() -> str:
    """A new paragraph identity: `p` and ten characters that no eye confuses."""
    return "p" + "".join(secrets.choice(ALPHABET) for _number in range(10))


# --- Bringing texts in ---------------------------------------------------------------------------------------------


def import_draft(
    actor: Actor,
    group: Group,
    title: str,
    format: str,
    source: str,
    progress: Progress = lambda done, total: None,
    *,
    key: str | None = None,
) -> tuple[Draft, Version]:
    """Bring a text in as a new draft with a working copy. What did not parse is in `draft.import_report`.

    `progress` is called from another thread: it must do no more than take a note. With `key`, a UUID, the import
    takes effect once, however often it is tried.
    """
    require(actor, Action.EDIT_WORKING_COPY, GroupId(group.id), group.openness, what=_("This group"))
    document = _opened(format, source)
    if document is not None:
        imported = Imported(document.paragraphs, (), document.style)
    else:
        imported = _read(format, source, progress)
    report = [{"line": f.line, "code": f.code, "message": f.message, "severity": f.severity} for f in imported.report]

    def create() -> tuple[int, dict[str, Any]]:
        entries = document.entries if document else ()
        tags = {str(entry.paragraph.id): (list(entry.pillars), entry.norm) for entry in entries}
        with transaction() as tx:
            draft, _working = create_draft(
                actor, group, title, imported.style, imported.paragraphs, tags, report=report
            )
            if document is not None:
                interchange.keep(tx, actor, draft, document)
        return 201, {"draft": draft.id}

    _status, made = once(actor.key, key, "drafts.import", [title, format], create) if key else create()
    draft = db.session.get_one(Draft, made["draft"])
    return draft, db.session.scalars(_working_of(draft.id)).one()


def _opened(format: str, source: str) -> Document | None:
    """The document that an export brings back; None for a text that is to be read. Raises Invalid or TooLarge."""
    if not isinstance(source, str):
        return None
    try:
        document = aside(interchange.opened, format, source, new_wid)
    except InterchangeRefused as refused:
        kind = TooLarge if refused.code == "too_large" else Invalid
        raise kind(_("This file is not read: %(why)s", why=file_refused(refused)), field="source") from None
    if document is not None and not document.entries:
        raise Invalid(_("There are no words in this text."), field="source")
    return document


def _read(format: str, source: str, progress: Progress) -> Imported:
    if format not in ("markdown", "text"):
        raise Invalid(_("The format must be markdown, text or json."), field="format")
    if not isinstance(source, str) or not source.strip():
        raise Invalid(_("Paste a text, or choose a file."), field="source")
    try:
        imported = aside(read, source, format, new_wid, progress)
    except TextRefused as refused:
        kind = TooLarge if refused.code == "too_large" else Invalid
        place = _(" (line %(line)s)", line=refused.line) if refused.line else ""
        raise kind(text_refused(refused) + place, field="source", line=refused.line) from None
    if not imported.paragraphs:
        raise Invalid(_("There are no words in this text."), field="source")
    return imported


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
            title=inputs.line(title, "title", TITLE_LIMIT),
            style=Style(style),
            platform_id=f"new {uuid4()}",
            created_at=tx.now,
            import_report=report or [],
        )
        working = Version(draft=draft, number=0, state="working", label=WORKING_COPY, changed_at=tx.now)
        db.session.add_all([draft, working])
        db.session.flush()
        draft.platform_id = _platform_id(draft, tx.now.year)
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


# --- The working copy ----------------------------------------------------------------------------------------------


def edit_paragraph(
    actor: Actor,
    version_id: int,
    wid: str,
    text: str,
    revision: int,
    *,
    pillars: Sequence[str] | None = None,
    norm: str | None = None,
    kind: str | None = None,
    level: int | None = None,
) -> VersionParagraph:
    """Change the words of a paragraph of the working copy; with `pillars` also its tags, with `kind` what it is.

    `revision` is the one that the edit is based on. When somebody else was faster: Conflict (412) with `yours`,
    `theirs` and the present `revision`, and nothing is lost. An edit that changes nothing leaves no trace.
    """
    wanted: dict[str, Any] = {"text": inputs.words(text)}
    if pillars is not None:
        wanted |= {"pillars": inputs.pillars(pillars), "norm": inputs.norm(norm)}
    if kind is not None:
        wanted |= {"kind": inputs.kind(kind), "level": level}
    with transaction() as tx:
        draft, working = _desk_of(actor, version_id)
        row = _row(working, wid)
        if row.revision != revision:
            raise _stale(row, wanted["text"])
        if row.deleted:
            raise Closed(_("This paragraph is deleted. Restore it before you change it."))
        if kind is not None:
            wanted["level"] = inputs.level(row.level if level is None else level, wanted["kind"])
        before = {name: getattr(row, name) for name in wanted}
        changed = [name for name in wanted if (before[name] or None) != (wanted[name] or None)]
        if not changed:
            return row
        for name in changed:
            setattr(row, name, wanted[name])
        if "kind" in changed or "level" in changed:
            _relabel(working)
        _touch(tx, actor, working, row)
        data: dict[str, Any] = {"paragraph": wid, "revision": row.revision}
        if "text" in changed:
            data |= {"before": before["text"], "after": row.text}
        data |= {name: wanted[name] for name in changed if name != "text"}
        type_ = "paragraph.edited" if {"text", "kind", "level"} & set(changed) else "paragraph.tagged"
        _append(tx, actor, draft, draft.desk_channel, type_, data)
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
    cut: bool = False,
) -> VersionParagraph:
    """A new paragraph after another one and its items (it gets bis, ter …), or beside it as an alternative (alt).

    With `after` None it comes first. Its kind and level are those of its neighbour unless said. What is `cut` off a
    paragraph is of its kind and stands right behind it: the items follow the last part.
    """
    words = inputs.words(text)
    with transaction() as tx:
        draft, working = _desk_of(actor, version_id)
        rows = list(working.paragraphs)
        if len(rows) >= PARAGRAPH_LIMIT:
            raise TooLarge(_("A text has at most %(number)s paragraphs.", number=PARAGRAPH_LIMIT))
        neighbour = _row(working, after) if after else None
        row = VersionParagraph(
            wid=new_wid(), text=words, position=0, pillars=[], revision=1, edited_at=tx.now, edited_by=actor.name
        )
        row.deleted = False
        if cut and neighbour is not None:
            kind, level = neighbour.kind, neighbour.level
        place = _place(rows, neighbour, row, relation, kind, level, draft.style)
        if cut and neighbour is not None:
            place = rows.index(neighbour) + 1
        rows.insert(place, row)
        _order(working, rows)
        _relabel(working)
        db.session.flush()
        working.changed_at = tx.now
        data = {
            "paragraph": row.wid,
            "after": after,
            "relation": relation,
            "kind": row.kind,
            "level": row.level,
            "text": words,
        }
        _append(tx, actor, draft, draft.desk_channel, "paragraph.inserted", data)
        return row


def _place(
    rows: list[VersionParagraph],
    neighbour: VersionParagraph | None,
    row: VersionParagraph,
    relation: str,
    kind: str | None,
    level: int | None,
    style: str,
) -> int:
    """Say what the new row is and how it stands to its neighbour. Returns its place."""
    if neighbour is None:
        row.kind = inputs.kind(kind or (Kind.OPERATIVE if style == Style.RESOLUTION else Kind.PARAGRAPH))
        row.level = inputs.level(level or 0, row.kind)
        return 0
    row.kind = inputs.kind(kind) if kind else ordering.kind_after(rows, neighbour, style)
    same = row.kind == neighbour.kind
    row.level = inputs.level(level if level is not None else neighbour.level if same else 0, row.kind)
    row.relation = Relation(relation)
    ordering.relate(rows, neighbour, row)
    return ordering.place_after(rows, neighbour, row)


def delete_paragraph(actor: Actor, version_id: int, wid: str) -> VersionParagraph:
    """Mark a paragraph as deleted. It keeps its slot, and may be restored, until the next version is issued."""
    return _set_deleted(actor, version_id, wid, True)


def restore_paragraph(actor: Actor, version_id: int, wid: str) -> VersionParagraph:
    return _set_deleted(actor, version_id, wid, False)


def move_paragraph(actor: Actor, version_id: int, wid: str, after: str | None) -> VersionParagraph:
    """Put a paragraph, with the items below it, after another one and that one's items; or first."""
    return _rearrange(
        actor,
        version_id,
        wid,
        lambda working, row: ordering.moved(working.paragraphs, row, _row(working, after) if after else None),
    )


def step_paragraph(actor: Actor, version_id: int, wid: str, step: int) -> VersionParagraph:
    """Move a paragraph, with the items below it, one place up (-1) or down (1)."""
    return _rearrange(
        actor, version_id, wid, lambda working, row: ordering.stepped(working.paragraphs, row, 1 if step > 0 else -1)
    )


def _rearrange(
    actor: Actor,
    version_id: int,
    wid: str,
    arrange: Callable[[Version, VersionParagraph], list[VersionParagraph]],
) -> VersionParagraph:
    with transaction() as tx:
        draft, working = _desk_of(actor, version_id)
        row = _row(working, wid)
        rows = arrange(working, row)
        if rows == list(working.paragraphs):
            return row
        _order(working, rows)
        _relabel(working)
        _touch(tx, actor, working, row)
        place = rows.index(row)
        data = {"paragraph": wid, "after": rows[place - 1].wid if place else None}
        _append(tx, actor, draft, draft.desk_channel, "paragraph.moved", data)
        return row


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


# --- Issuing -------------------------------------------------------------------------------------------------------


Issued = Callable[[Transaction, Actor, Version, Mapping[str, Any]], None]
"""What else happens in the act of issuing: gets the new version, and what the chair said of the proposals."""
_with_issue: list[Issued] = []


def with_issue(act: Issued) -> None:
    """Do `act` inside every issue, in the same transaction."""
    if act not in _with_issue:
        _with_issue.append(act)


def issue_version(
    actor: Actor,
    draft_id: int,
    *,
    label: str | None = None,
    letter: str = "",
    fates: Mapping[str, Any] | None = None,
) -> Version:
    """Freeze the working copy as the next version: numbered anew, hashed, dated. The chair's act.

    Deleted paragraphs are left out. The working copy goes on from what was issued. `fates` is for what lives on top
    of texts, such as proposals.
    """
    with transaction() as tx:
        draft, working = _desk(actor, draft_id, Action.ISSUE_VERSION)
        require_issuable(draft.id)
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
            letter=inputs.letter(letter),
            issued_at=tx.now,
            issued_by=actor.name,
            changed_at=tx.now,
            paragraph_count=len(rows),
        )
        _settle(working, rows)
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
        for act in _with_issue:
            act(tx, actor, issued, fates or {})
        return issued


def adopt_version(actor: Actor, version_id: int, decision: str) -> None:
    """Mark an issued version as adopted by a decision. The body's act: whoever decides has asked the policy for it."""
    with transaction() as tx:
        version = db.session.scalar(
            select(Version).where(Version.id == version_id).with_for_update(key_share=True, of=Version)
        )
        if version is None or not version.issued:
            raise Closed(_("A text is adopted as it was issued."))
        if version.state == "adopted":
            return
        version.state = "adopted"
        data = {"version": str(version.id), "number": version.number, "label": version.label, "decision": decision}
        _append(tx, actor, version.draft, version.draft.channel, "version.adopted", data)


def _settle(working: Version, rows: list[VersionParagraph]) -> None:
    """What the issue makes of the working copy: deleted ones go, insertions are numbered like all others."""
    for row in list(working.paragraphs):
        if row.deleted:
            working.paragraphs.remove(row)
    names = ordering.names_when_issued(rows, working.draft.style)
    ordering.settle(rows)
    _order(working, rows)
    for row in rows:
        row.label, row.slug = names[row.wid]


def _copy(row: VersionParagraph) -> VersionParagraph:
    same = ("wid", "position", "kind", "level", "text", "marker", "relation", "relation_to", "label", "slug", "norm")
    return VersionParagraph(
        **{name: getattr(row, name) for name in same}, pillars=list(row.pillars or []), revision=row.revision
    )


# --- Below the commands --------------------------------------------------------------------------------------------


def _working_of(draft_id: int) -> Select[Version]:
    return select(Version).where(Version.draft_id == draft_id, Version.state == "working")


def _desk(actor: Actor, draft_id: int, action: Action = Action.EDIT_WORKING_COPY) -> tuple[Draft, Version]:
    """A draft and its working copy, held until the commit. Raises NotFound or Forbidden."""
    draft = db.session.get(Draft, draft_id)
    if draft is None:
        raise NotFound(_("This text was not found, or is not open to you."))
    require(actor, action, GroupId(draft.group_id), draft.group.openness, what=_("This text"))
    return draft, db.session.scalars(_working_of(draft.id).with_for_update(key_share=True, of=Version)).one()


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
                pillars=inputs.pillars(pillars),
                norm=inputs.norm(norm),
            )
        )
    _relabel(working)
    db.session.flush()


def _order(working: Version, rows: Sequence[VersionParagraph]) -> None:
    for position, row in enumerate(rows):
        row.position = position
        if row.version is None:
            working.paragraphs.append(row)
    working.paragraphs.sort(key=lambda row: row.position)


def _relabel(working: Version) -> None:
    """Labels of the working copy: what is out keeps its number, what is new gets bis or alt."""
    query = select(VersionParagraph).where(VersionParagraph.version_id == working.based_on_id)
    base = db.session.scalars(query.order_by(VersionParagraph.position)).all() if working.based_on_id else []
    names = ordering.names_at_the_desk(working.paragraphs, base, working.draft.style)
    for row in working.paragraphs:
        row.label, row.slug = names[row.wid]
    working.paragraph_count = len(working.paragraphs)


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


def _append(tx: Transaction, actor: Actor, draft: Draft, channel: str, type_: str, data: dict[str, Any]) -> None:
    tx.append(channel, type_, envelope_actor(actor, role_in(actor, GroupId(draft.group_id))), data)


def _next_number(draft_id: int) -> int:
    return (db.session.scalar(select(func.max(Version.number)).where(Version.draft_id == draft_id)) or 0) + 1


def next_label(number: int) -> str:
    """How the version of this number is called unless the chair calls it otherwise, in the chair's language."""
    return _("Zero draft") if number == 1 else f"Rev.{number - 1}"


def _version_label(draft_id: int, label: str | None, number: int) -> str:
    """No two versions of a draft share a label."""
    chosen = inputs.line(label, "label", 60) if label else next_label(number)
    taken = db.session.scalars(select(Version.label).where(Version.draft_id == draft_id, Version.state.in_(ISSUED)))
    if chosen in set(taken):
        raise Conflict(_("There is a version called %(label)s already.", label=chosen), field="label")
    return chosen


def _platform_id(draft: Draft, year: int) -> str:
    """How the text is cited: never like a United Nations symbol."""
    short = "".join(part[0] for part in draft.group.slug.split("-") if part)[:6].upper()
    return f"CHP-{year}-{short}-D{draft.id}"
