"""What proposals add to the pages of texts: ways of reading, what a paragraph reflects, the fates at the issue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.core.rules import proposals as rules
from app.drafts.extras import Way, extras
from app.drafts.models import Version, VersionParagraph
from app.extensions import db
from app.groups.models import Post
from app.policy import Actor
from app.proposals import issuing, pages, queries
from app.proposals.models import ProposalRow

LEFT = (rules.State.NOT_REFLECTED, rules.State.OVERTAKEN)
WRITTEN = 50
"""Posts beside a paragraph. Who reads the text reads the discussions of its group."""


def register() -> None:
    if ways in extras.ways:
        return
    extras.ways.append(ways)
    extras.asides.append(asides)
    extras.paragraph_parts.append(written)
    extras.issue_forms.append(issuing.part)
    extras.issue_keepers.append(issuing.keep)
    extras.issue_readers.append(issuing.read_fates)


def ways(actor: Actor, version: Version) -> list[Way]:
    if not version.issued:
        return []
    where: dict[str, Any] = {"draft_id": version.draft_id, "number": version.number}
    return [
        Way("bracketed", _("Bracketed"), url_for("proposals.bracketed", **where)),
        Way("provenance", _("Who wrote what"), url_for("proposals.provenance", **where)),
    ]


def asides(actor: Actor, version: Version) -> Mapping[str, Markup]:
    """Paragraph to what it reflects of the proposals that this version ended, and how many are open on it."""
    query = queries.with_all().where(ProposalRow.fate_version_id == version.id)
    ended = [row for row in db.session.scalars(query) if row.paragraph and queries.may_see(actor, row)]
    counts = queries.counts_on(actor, version)
    cards = pages.cards(actor, ended)
    found = {}
    for wid in {*counts, *(row.paragraph for row in ended)}:
        here = [card for card in cards if card.row.paragraph == wid]
        found[str(wid)] = Markup(
            render_template(
                "proposals/_origin.html",
                reflected=[card for card in here if card.row.state in rules.IN_THE_TEXT],
                left=[card for card in here if card.row.state in LEFT],
                open=counts.get(str(wid), 0),
                version=version,
                wid=wid,
            )
        )
    return found


def written(actor: Actor, version: Version, row: VersionParagraph) -> str:
    """What was written of a paragraph in the discussions of its group, in any version: the newest, oldest first."""
    query = (
        select(Post)
        .options(joinedload(Post.thread))
        .join(Version, Version.id == Post.version_id)
        .where(Version.draft_id == version.draft_id, Post.paragraph == row.wid)
        .order_by(Post.created_at.desc(), Post.id.desc())
        .limit(WRITTEN)
    )
    posts = list(db.session.scalars(query))[::-1]
    return render_template("proposals/_written.html", posts=posts) if posts else ""
