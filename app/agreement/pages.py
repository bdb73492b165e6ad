"""What agreement adds to the pages of texts: the map as a way of reading, levels beside paragraphs, the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from app.agreement import carrying, queries, views
from app.drafts.extras import Way, extras
from app.drafts.models import Draft, Version, VersionParagraph
from app.drafts.queries import version_paragraphs
from app.policy import Action, Actor, GroupId, can


def register(app: Flask) -> None:
    app.jinja_env.globals.update(level_label=views.level_label, level_mark=lambda level: views.MARKS[level])
    app.jinja_env.globals.update(level_tone=lambda level: views.TONES[level], stance_letter=views.letter)
    if ways in extras.ways:
        return
    extras.ways.append(ways)
    extras.asides.append(asides)
    extras.paragraph_parts.append(paragraph_part)
    extras.desk_asides.append(desk_asides)


def ways(actor: Actor, version: Version) -> list[Way]:
    group = version.draft.group
    if not version.issued or not can(actor, Action.SEE_POSITIONS, GroupId(group.id), group.openness):
        return []
    where: dict[str, Any] = {"draft_id": version.draft_id, "number": version.number}
    found = []
    if can(actor, Action.SEE_BOARD, GroupId(group.id), group.openness):
        found.append(Way("board", _("Who stands where"), url_for("agreement.board", **where)))
    return [*found, Way("stocktaking", _("Stocktaking"), url_for("agreement.stock", draft_id=version.draft_id))]


def asides(actor: Actor, version: Version) -> Mapping[str, Markup]:
    """How far each paragraph of the newest version is agreed, for those who may know it."""
    if not version.issued or not _is_newest(version):
        return {}
    board = queries.board_of(version.draft_id, queries.open_to(actor, version.draft.group))
    return {
        wid: Markup(render_template("agreement/_aside.html", standing=standing, why=views.why(standing)))
        for wid, standing in board.items()
    }


def _is_newest(version: Version) -> bool:
    return all(other.number <= version.number for other in version.draft.versions if other.issued)


def paragraph_part(actor: Actor, version: Version, row: VersionParagraph) -> str:
    group = version.draft.group
    if not version.issued or not can(actor, Action.SEE_POSITIONS, GroupId(group.id), group.openness):
        return ""
    if not queries.negotiable([row]):
        return ""
    summary = views.Reading(actor, version, version_paragraphs(version.id), only=row.wid).summary(row)
    return render_template(
        "agreement/_part.html",
        p=summary,
        history=views.history(actor, version, row.wid),
        url=url_for(
            "agreement.paragraph", draft_id=version.draft_id, number=version.number, reference=row.slug or row.wid
        ),
    )


def desk_asides(actor: Actor, draft: Draft, working: Version) -> Mapping[str, Markup]:
    """At the desk: what the edits so far would reopen when the next version is issued."""
    if working.based_on_id is None:
        return {}
    old = {row.wid: row for row in version_paragraphs(working.based_on_id)}
    new = {row.wid: row for row in version_paragraphs(working.id) if not row.deleted}
    board = queries.board_of(draft.id, queries.open_to(actor, draft.group))
    marks = carrying.valid_marks(draft.id, old, new)
    kept = {wid: row for wid, row in new.items() if wid not in marks} | {wid: old[wid] for wid in marks}
    causes = carrying.would_reopen(board, old, kept)
    said = queries.all_said(draft.id, queries.open_to(actor, draft.group))
    stale = {wid for wid in new if wid in old and f"paragraph:{wid}" in said and old[wid].text != new[wid].text}
    may_mark = can(actor, Action.MARK_EDITORIAL, GroupId(draft.group_id), draft.group.openness)
    return {
        wid: Markup(
            render_template(
                "agreement/_desk.html",
                wid=wid,
                label=(new.get(wid) or old[wid]).label,
                draft=draft,
                standing=queries.standing_of(board, wid),
                cause=causes.get(wid, ""),
                stale=wid in stale,
                mark=marks.get(wid),
                may_mark=may_mark and wid in new and wid in old and old[wid].text != new[wid].text,
            )
        )
        for wid in {*causes, *marks, *stale}
    }
