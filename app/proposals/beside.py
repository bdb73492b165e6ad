"""What proposals add to the pages of texts: ways of reading, what a paragraph reflects, the fates at the issue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from app.core.rules import proposals as rules
from app.drafts.extras import Way, extras
from app.drafts.models import Version
from app.extensions import db
from app.policy import Actor
from app.proposals import issuing, pages, queries
from app.proposals.models import ProposalRow

REFLECTED = (rules.State.REFLECTED, rules.State.PARTLY_REFLECTED)
LEFT = (rules.State.NOT_REFLECTED, rules.State.OVERTAKEN)


def register() -> None:
    if ways in extras.ways:
        return
    extras.ways.append(ways)
    extras.asides.append(asides)
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
                reflected=[card for card in here if card.row.state in REFLECTED],
                left=[card for card in here if card.row.state in LEFT],
                open=counts.get(str(wid), 0),
                version=version,
                wid=wid,
            )
        )
    return found


def trimmed(ops: list[dict[str, str]], keep: int = 40) -> list[dict[str, str]]:
    """A change with only a few of the equal words around it: for cards."""
    found = []
    for place, op in enumerate(ops):
        text = op["text"]
        if op["kind"] == "equal" and len(text) > 2 * keep:
            head = text[:keep].rsplit(" ", 1)[0] + " … " if place else "… "
            tail = text[-keep:].split(" ", 1)[-1] if place < len(ops) - 1 else ""
            text = head + tail
        found.append({"kind": op["kind"], "text": text})
    return found
